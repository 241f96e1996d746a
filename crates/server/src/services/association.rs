//! Associations.

use domain::Association;
use proto::registry::v1 as wire;
use proto::registry::v1::association_service_server::AssociationService;
use tonic::{Request, Response, Status};

use super::Services;
use super::standard::{self, standard};

standard! {
    Association, association, associations, association_id;
    get wire::GetAssociationRequest => GetAssociationResponse; list wire::ListAssociationsRequest => ListAssociationsResponse;
    create wire::CreateAssociationRequest => CreateAssociationResponse; update wire::UpdateAssociationRequest => UpdateAssociationResponse;
    delete wire::DeleteAssociationRequest => DeleteAssociationResponse; parent parent;
}

#[tonic::async_trait]
impl AssociationService for Services {
    async fn get_association(
        &self,
        request: Request<wire::GetAssociationRequest>,
    ) -> Result<Response<wire::GetAssociationResponse>, Status> {
        standard::get::<Association, _>(self, request).await
    }

    async fn list_associations(
        &self,
        request: Request<wire::ListAssociationsRequest>,
    ) -> Result<Response<wire::ListAssociationsResponse>, Status> {
        standard::list::<Association, _>(self, request).await
    }

    async fn create_association(
        &self,
        request: Request<wire::CreateAssociationRequest>,
    ) -> Result<Response<wire::CreateAssociationResponse>, Status> {
        standard::create::<Association, _>(self, request).await
    }

    async fn update_association(
        &self,
        request: Request<wire::UpdateAssociationRequest>,
    ) -> Result<Response<wire::UpdateAssociationResponse>, Status> {
        standard::update::<Association, _>(self, request).await
    }

    async fn delete_association(
        &self,
        request: Request<wire::DeleteAssociationRequest>,
    ) -> Result<Response<wire::DeleteAssociationResponse>, Status> {
        standard::delete::<Association, _>(self, request).await
    }
}
