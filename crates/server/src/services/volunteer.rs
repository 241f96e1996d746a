//! Volunteers.

use domain::{Volunteer, VolunteerId, volunteer::Standing};
use proto::registry::v1 as wire;
use proto::registry::v1::volunteer_service_server::VolunteerService;
use tonic::{Request, Response, Status, Streaming};

use super::Services;
use super::handle::unary;
use super::importing::{self, Told};
use super::standard::{self, standard};
use crate::convert::request::{Write, version};
use crate::convert::{Noun as _, name, text, time};

standard! {
    Volunteer, volunteer, volunteers, volunteer_id;
    get wire::GetVolunteerRequest => GetVolunteerResponse; list wire::ListVolunteersRequest => ListVolunteersResponse;
    create wire::CreateVolunteerRequest => CreateVolunteerResponse; update wire::UpdateVolunteerRequest => UpdateVolunteerResponse;
    delete wire::DeleteVolunteerRequest => DeleteVolunteerResponse; parent parent;
}

#[tonic::async_trait]
impl VolunteerService for Services {
    async fn get_volunteer(
        &self,
        request: Request<wire::GetVolunteerRequest>,
    ) -> Result<Response<wire::GetVolunteerResponse>, Status> {
        standard::get::<Volunteer, _>(self, request).await
    }

    async fn list_volunteers(
        &self,
        request: Request<wire::ListVolunteersRequest>,
    ) -> Result<Response<wire::ListVolunteersResponse>, Status> {
        standard::list::<Volunteer, _>(self, request).await
    }

    async fn create_volunteer(
        &self,
        request: Request<wire::CreateVolunteerRequest>,
    ) -> Result<Response<wire::CreateVolunteerResponse>, Status> {
        standard::create::<Volunteer, _>(self, request).await
    }

    async fn update_volunteer(
        &self,
        request: Request<wire::UpdateVolunteerRequest>,
    ) -> Result<Response<wire::UpdateVolunteerResponse>, Status> {
        standard::update::<Volunteer, _>(self, request).await
    }

    async fn delete_volunteer(
        &self,
        request: Request<wire::DeleteVolunteerRequest>,
    ) -> Result<Response<wire::DeleteVolunteerResponse>, Status> {
        standard::delete::<Volunteer, _>(self, request).await
    }

    async fn pause_volunteer(
        &self,
        request: Request<wire::PauseVolunteerRequest>,
    ) -> Result<Response<wire::PauseVolunteerResponse>, Status> {
        let volunteer = stand(self, request, Standing::Paused).await?;
        Ok(Response::new(wire::PauseVolunteerResponse { volunteer: Some(volunteer) }))
    }

    async fn suspend_volunteer(
        &self,
        request: Request<wire::SuspendVolunteerRequest>,
    ) -> Result<Response<wire::SuspendVolunteerResponse>, Status> {
        let volunteer = stand(self, request, Standing::Suspended).await?;
        Ok(Response::new(wire::SuspendVolunteerResponse { volunteer: Some(volunteer) }))
    }

    async fn reinstate_volunteer(
        &self,
        request: Request<wire::ReinstateVolunteerRequest>,
    ) -> Result<Response<wire::ReinstateVolunteerResponse>, Status> {
        let volunteer = stand(self, request, Standing::Active).await?;
        Ok(Response::new(wire::ReinstateVolunteerResponse { volunteer: Some(volunteer) }))
    }

    async fn issue_calendar(
        &self,
        request: Request<wire::IssueCalendarRequest>,
    ) -> Result<Response<wire::IssueCalendarResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("name", name::resource::<VolunteerId>(&request.name));
            let named = check.finish(named)?;
            let ctx = call.write(request.key(), request.validate_only());
            let issued = rooms.notification.issue_calendar(&ctx, &named.network, &named.id).await?;
            // An address that was not stored opens nothing: it is not told.
            let uri = if ctx.validate_only { String::new() } else { issued.uri };
            Ok(wire::IssueCalendarResponse { uri, create_time: Some(time::of(issued.create_time)) })
        })
        .await
    }

    async fn revoke_calendar(
        &self,
        request: Request<wire::RevokeCalendarRequest>,
    ) -> Result<Response<wire::RevokeCalendarResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("name", name::resource::<VolunteerId>(&request.name));
            let named = check.finish(named)?;
            let ctx = call.write(request.key(), request.validate_only());
            rooms.notification.revoke_calendar(&ctx, &named.network, &named.id).await?;
            Ok(wire::RevokeCalendarResponse {})
        })
        .await
    }

    type ImportVolunteersStream = Told<wire::ImportVolunteersResponse>;

    async fn import_volunteers(
        &self,
        request: Request<Streaming<wire::ImportVolunteersRequest>>,
    ) -> Result<Response<Self::ImportVolunteersStream>, Status> {
        importing::import(self, request, |rooms, ctx, network, sheet, progress| async move {
            let outcome = rooms.registry.import_volunteers(&ctx, &network, &sheet, progress).await?;
            Ok(outcome)
        })
        .await
    }
}

/// A request that changes whether a volunteer takes part.
trait Stand: Write + proto::Validate + 'static {
    fn name(&self) -> &str;
    fn etag(&self) -> &str;
    fn reason(&self) -> &str;
}

macro_rules! stands {
    ($($message:ty),*) => {$(
        impl Stand for $message {
            fn name(&self) -> &str { &self.name }
            fn etag(&self) -> &str { &self.etag }
            fn reason(&self) -> &str { &self.reason }
        }
    )*};
}

stands!(wire::PauseVolunteerRequest, wire::SuspendVolunteerRequest, wire::ReinstateVolunteerRequest);

async fn stand<Req: Stand>(
    services: &Services,
    request: Request<Req>,
    standing: Standing,
) -> Result<wire::Volunteer, Status> {
    let answer = unary(services, request, move |rooms, call, request, mut check| async move {
        let named = check.take("name", name::resource::<VolunteerId>(request.name()));
        let reason = text::optional_name(&mut check, "reason", request.reason());
        let named = check.finish(named)?;
        let ctx = call.write(request.key(), request.validate_only()).if_version(version(request.etag()));
        let stored = rooms.registry.set_standing(&ctx, &named.network, &named.id, standing, reason).await?;
        Ok(stored.show(standard::view_one::<Volunteer>(&call)))
    });
    Ok(answer.await?.into_inner())
}
