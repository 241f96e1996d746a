//! Seekers.

use domain::Seeker;
use proto::registry::v1 as wire;
use proto::registry::v1::seeker_service_server::SeekerService;
use tonic::{Request, Response, Status, Streaming};

use super::Services;
use super::importing::{self, Told};
use super::standard::{self, standard};

standard! {
    Seeker, seeker, seekers, seeker_id;
    get wire::GetSeekerRequest => GetSeekerResponse; list wire::ListSeekersRequest => ListSeekersResponse;
    create wire::CreateSeekerRequest => CreateSeekerResponse; update wire::UpdateSeekerRequest => UpdateSeekerResponse;
    delete wire::DeleteSeekerRequest => DeleteSeekerResponse; parent parent;
}

#[tonic::async_trait]
impl SeekerService for Services {
    async fn get_seeker(
        &self,
        request: Request<wire::GetSeekerRequest>,
    ) -> Result<Response<wire::GetSeekerResponse>, Status> {
        standard::get::<Seeker, _>(self, request).await
    }

    async fn list_seekers(
        &self,
        request: Request<wire::ListSeekersRequest>,
    ) -> Result<Response<wire::ListSeekersResponse>, Status> {
        standard::list::<Seeker, _>(self, request).await
    }

    async fn create_seeker(
        &self,
        request: Request<wire::CreateSeekerRequest>,
    ) -> Result<Response<wire::CreateSeekerResponse>, Status> {
        standard::create::<Seeker, _>(self, request).await
    }

    async fn update_seeker(
        &self,
        request: Request<wire::UpdateSeekerRequest>,
    ) -> Result<Response<wire::UpdateSeekerResponse>, Status> {
        standard::update::<Seeker, _>(self, request).await
    }

    async fn delete_seeker(
        &self,
        request: Request<wire::DeleteSeekerRequest>,
    ) -> Result<Response<wire::DeleteSeekerResponse>, Status> {
        standard::delete::<Seeker, _>(self, request).await
    }

    type ImportSeekersStream = Told<wire::ImportSeekersResponse>;

    async fn import_seekers(
        &self,
        request: Request<Streaming<wire::ImportSeekersRequest>>,
    ) -> Result<Response<Self::ImportSeekersStream>, Status> {
        importing::import(self, request, |rooms, ctx, network, sheet, progress| async move {
            let outcome = rooms.registry.import_seekers(&ctx, &network, &sheet, progress).await?;
            Ok(outcome)
        })
        .await
    }
}
