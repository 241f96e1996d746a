//! Gigs: asked for, changed, filled, given back, called off, begun and completed.

use dispatch::gigs::NewGig;
use dispatch::{Assigned, Seat};
use domain::{
    AssignmentId, AssignmentState, Gig, GigId, NetworkId, Reason, Refusal, Violations, VolunteerId, WriteContext,
};
use proto::dispatch::v1 as wire;
use proto::dispatch::v1::gig_service_server::GigService;
use store::AssignmentFilter;
use tonic::{Request, Response, Status, Streaming};

use super::both_rounds;
use super::handle::unary;
use super::importing::{self, Told};
use super::standard::{self, filtered, merged, on_the_wire, pick};
use super::{Rooms, Services};
use crate::convert::gig::{self, with_assignments};
use crate::convert::request::{Paged as _, Write as _, version};
use crate::convert::{Check, Named, Noun as _, View, event, filter, name, text, time, window};
use crate::edge::Call;
use crate::status::Failure;

/// How often an update without an etag is tried again when somebody was faster.
const UPDATE_TRIES: usize = 5;

#[tonic::async_trait]
impl GigService for Services {
    async fn get_gig(&self, request: Request<wire::GetGigRequest>) -> Result<Response<wire::GetGigResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("name", name::resource::<GigId>(&request.name));
            let named = check.finish(named)?;
            let found = rooms.dispatch.get_gig(&call.scope, &named.network, &named.id).await?;
            let gig = whole(&rooms, &call, &found).await?;
            Ok(wire::GetGigResponse { gig: Some(gig) })
        })
        .await
    }

    async fn list_gigs(
        &self,
        request: Request<wire::ListGigsRequest>,
    ) -> Result<Response<wire::ListGigsResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let network = check.take("parent", name::network(&request.parent));
            let picked = network.as_ref().and_then(|network| pick::<Gig>(&request.filter, network, &mut check));
            let period = window::optional(&mut check, "period", request.period.as_ref());
            let (network, (terms, mut filter)) = check.finish(network.zip(picked))?;
            if let Some(period) = period {
                filter = filter.between(period.start(), period.end());
            }
            let (binding, page) = request.page(call.method)?;
            let (dispatch, scope, network, filter) = (&rooms.dispatch, &call.scope, &network, &gig::filter(filter));
            let fetch = |page| async move { dispatch.list_gigs(scope, network, filter, &page).await };
            let found = filtered(page, &terms, fetch).await?;
            let view = View::many(call.personal_data);
            let mut tx = rooms.db.read().await?;
            let mut gigs = Vec::with_capacity(found.items.len());
            for gig in &found.items {
                let assignments = tx.assignments_of_gig(network, &gig.id).await?;
                gigs.push(with_assignments(gig, &assignments, view));
            }
            Ok(wire::ListGigsResponse { gigs, next_page_token: binding.token(found.next.as_deref()) })
        })
        .await
    }

    async fn create_gig(
        &self,
        request: Request<wire::CreateGigRequest>,
    ) -> Result<Response<wire::CreateGigResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let network = check.take("parent", name::network(&request.parent));
            let id = standard::chosen_id::<GigId>(&mut check, "gig_id", &request.gig_id);
            let given = check.required("gig", request.gig.as_ref());
            let new = given
                .zip(network.as_ref())
                .and_then(|(given, network)| gig::read_new(given, network, None, &mut check));
            let ctx = call.write(request.key(), request.validate_only());
            let dispatch = &rooms.dispatch;
            let create = async |ctx: &WriteContext, new: NewGig| {
                dispatch.create_gig(ctx, new).await.map_err(|error| on_the_wire::<Gig>(error.into()))
            };
            let new = new.map(|new| NewGig { id, ..new });
            let new = both_rounds::checked(check, new, &ctx, create).await?;
            let stored = create(&ctx, new).await?;
            Ok(wire::CreateGigResponse { gig: Some(stored.show(View::one(call.personal_data))) })
        })
        .await
    }

    async fn update_gig(
        &self,
        request: Request<wire::UpdateGigRequest>,
    ) -> Result<Response<wire::UpdateGigResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let given = check.required("gig", request.gig.as_ref());
            let named = given.and_then(|given| check.take("gig.name", name::resource::<GigId>(&given.name)));
            let (given, named) = check.finish(given.zip(named))?;
            let done = update(&rooms, &call, &request, given, &named).await?;
            Ok(wire::UpdateGigResponse { gig: Some(shown(&done, &call)) })
        })
        .await
    }

    async fn assign_volunteer(
        &self,
        request: Request<wire::AssignVolunteerRequest>,
    ) -> Result<Response<wire::AssignVolunteerResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("name", name::resource::<GigId>(&request.name));
            let start = time::optional(&mut check, "start_time", request.start_time.as_ref());
            let reason = text::optional_name(&mut check, "reason", &request.reason);
            let seats = named.as_ref().and_then(|named| seats(&mut check, &request.assignments, &named.network));
            let (named, seats) = check.finish(named.zip(seats))?;
            let ctx = call.write(request.key(), request.validate_only()).if_version(version(&request.etag));
            let done = {
                let (network, id) = (&named.network, &named.id);
                let done = rooms.dispatch.assign_volunteer(&ctx, network, id, start, &seats, reason.as_ref()).await;
                done.map_err(|error| seats_as(error.into(), |at, rest| format!("assignments{at}{rest}")))?
            };
            Ok(wire::AssignVolunteerResponse { gig: Some(shown(&done, &call)) })
        })
        .await
    }

    async fn claim_gig(
        &self,
        request: Request<wire::ClaimGigRequest>,
    ) -> Result<Response<wire::ClaimGigResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("name", name::resource::<GigId>(&request.name));
            let reference = |named: &Named<GigId>| name::reference::<VolunteerId>(&request.volunteer, &named.network);
            let volunteer = named.as_ref().and_then(|named| check.take("volunteer", reference(named)));
            let start = time::optional(&mut check, "start_time", request.start_time.as_ref());
            let slot = request.slot.map(|slot| u8::try_from(slot).map_err(|_| "must be 0 or 1")).transpose();
            let slot = check.take("slot", slot).flatten();
            let (named, volunteer) = check.finish(named.zip(volunteer))?;
            let ctx = call.write(request.key(), request.validate_only()).if_version(version(&request.etag));
            let done = rooms.dispatch.claim_gig(&ctx, &named.network, &named.id, &volunteer, slot, start).await;
            let done = done.map_err(|error| seats_as(error.into(), |_, _| "slot".to_owned()))?;
            let taken = done.assignments.iter().find(|assignment| assignment.volunteer == volunteer);
            Ok(wire::ClaimGigResponse { gig: Some(shown(&done, &call)), assignment: taken.map(gig::assignment) })
        })
        .await
    }

    async fn release_assignment(
        &self,
        request: Request<wire::ReleaseAssignmentRequest>,
    ) -> Result<Response<wire::ReleaseAssignmentResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("name", name::resource::<AssignmentId>(&request.name));
            let reason = text::optional_name(&mut check, "reason", &request.reason);
            let named = check.finish(named)?;
            let ctx = call.write(request.key(), request.validate_only()).if_version(version(&request.etag));
            let done = if request.given_back {
                rooms.dispatch.give_back(&ctx, &named.network, &named.id, reason).await?
            } else {
                rooms.dispatch.release(&ctx, &named.network, &named.id, reason).await?
            };
            let released = done.assignments.iter().find(|assignment| assignment.id == named.id);
            Ok(wire::ReleaseAssignmentResponse {
                assignment: released.map(gig::assignment),
                gig: Some(shown(&done, &call)),
            })
        })
        .await
    }

    async fn cancel_gig(
        &self,
        request: Request<wire::CancelGigRequest>,
    ) -> Result<Response<wire::CancelGigResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("name", name::resource::<GigId>(&request.name));
            let reason = text::optional_name(&mut check, "reason", &request.reason);
            let named = check.finish(named)?;
            let ctx = call.write(request.key(), request.validate_only()).if_version(version(&request.etag));
            let done = rooms.dispatch.cancel(&ctx, &named.network, &named.id, reason).await?;
            Ok(wire::CancelGigResponse { gig: Some(shown(&done, &call)) })
        })
        .await
    }

    async fn start_gig(
        &self,
        request: Request<wire::StartGigRequest>,
    ) -> Result<Response<wire::StartGigResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("name", name::resource::<GigId>(&request.name));
            let named = check.finish(named)?;
            let ctx = call.write(request.key(), request.validate_only()).if_version(version(&request.etag));
            let done = rooms.dispatch.start(&ctx, &named.network, &named.id).await?;
            Ok(wire::StartGigResponse { gig: Some(shown(&done, &call)) })
        })
        .await
    }

    async fn complete_gig(
        &self,
        request: Request<wire::CompleteGigRequest>,
    ) -> Result<Response<wire::CompleteGigResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("name", name::resource::<GigId>(&request.name));
            let named = check.finish(named)?;
            let ctx = call.write(request.key(), request.validate_only()).if_version(version(&request.etag));
            let done = rooms.dispatch.complete(&ctx, &named.network, &named.id).await?;
            Ok(wire::CompleteGigResponse { gig: Some(shown(&done, &call)) })
        })
        .await
    }

    async fn list_assignments(
        &self,
        request: Request<wire::ListAssignmentsRequest>,
    ) -> Result<Response<wire::ListAssignmentsResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let network = check.take("parent", name::network(&request.parent));
            let period = window::optional(&mut check, "period", request.period.as_ref());
            let picked = network.as_ref().and_then(|network| assignment_filter(&mut check, &request.filter, network));
            let (network, mut filter) = check.finish(network.zip(picked))?;
            filter.from = period.map(|period| period.start());
            filter.to = period.map(|period| period.end());
            let (binding, page) = request.page(call.method)?;
            let found = rooms.dispatch.list_assignments(&call.scope, &network, &filter, &page).await?;
            Ok(wire::ListAssignmentsResponse {
                assignments: found.items.iter().map(gig::assignment).collect(),
                next_page_token: binding.token(found.next.as_deref()),
            })
        })
        .await
    }

    async fn list_gig_events(
        &self,
        request: Request<wire::ListGigEventsRequest>,
    ) -> Result<Response<wire::ListGigEventsResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("parent", name::resource::<GigId>(&request.parent));
            let named = check.finish(named)?;
            let (binding, page) = request.page(call.method)?;
            let found = rooms.dispatch.gig_events(&call.scope, &named.network, &named.id, &page).await?;
            Ok(wire::ListGigEventsResponse {
                events: found.items.iter().map(event::of).collect(),
                next_page_token: binding.token(found.next.as_deref()),
            })
        })
        .await
    }

    type ImportGigsStream = Told<wire::ImportGigsResponse>;

    async fn import_gigs(
        &self,
        request: Request<Streaming<wire::ImportGigsRequest>>,
    ) -> Result<Response<Self::ImportGigsStream>, Status> {
        importing::import(self, request, |rooms, ctx, network, sheet, progress| async move {
            Ok(rooms.dispatch.import_gigs(&ctx, &network, &sheet, progress).await?)
        })
        .await
    }
}

/// A gig with its assignments as they stand.
async fn whole(rooms: &Rooms, call: &Call, gig: &Gig) -> Result<wire::Gig, Failure> {
    let mut tx = rooms.db.read().await?;
    let assignments = tx.assignments_of_gig(&gig.network, &gig.id).await?;
    Ok(with_assignments(gig, &assignments, View::one(call.personal_data)))
}

/// A gig with its assignments, as an action left them.
fn shown(done: &Assigned, call: &Call) -> wire::Gig {
    with_assignments(&done.gig, &done.assignments, View::one(call.personal_data))
}

/// Changes a gig by its mask: from the version the caller read, or from the newest, again and again while others are faster.
async fn update(
    rooms: &Rooms,
    call: &Call,
    request: &wire::UpdateGigRequest,
    given: &wire::Gig,
    named: &Named<GigId>,
) -> Result<Assigned, Failure> {
    let ctx = call.write(request.key(), request.validate_only());
    let asked = version(&given.etag);
    let mut tries = 0;
    loop {
        tries += 1;
        let stored = rooms.dispatch.get_gig(&call.scope, &named.network, &named.id).await?;
        let changed = merged(&stored, given, request.update_mask.as_ref(), named.id.clone(), call.now)?;
        let ctx = ctx.clone().if_version(asked.or(Some(stored.meta.version)));
        match rooms.dispatch.update_gig(&ctx, changed).await {
            Err(dispatch::Error::Refused(refusal))
                if refusal.reason == Reason::EtagMismatch && asked.is_none() && tries < UPDATE_TRIES => {}
            done => return done.map_err(|error| on_the_wire::<Gig>(error.into())),
        }
    }
}

/// A failure with the fields of `seats[0].slot` named as the request names them.
fn seats_as(failure: Failure, named: impl Fn(&str, &str) -> String) -> Failure {
    let Failure::Refused(refusal) = failure else { return failure };
    if refusal.violations.is_empty() {
        return refusal.into();
    }
    let mut violations = Violations::new();
    for violation in refusal.violations.as_slice() {
        let field = match violation.field.strip_prefix("seats") {
            Some(below) => {
                let (at, rest) = below.split_at(below.find('.').unwrap_or(below.len()));
                named(at, rest)
            }
            None => violation.field.clone(),
        };
        violations.add(field, &violation.description);
    }
    Refusal { metadata: refusal.metadata, ..Refusal::fields(violations) }.into()
}

fn seats(check: &mut Check, given: &[wire::SlotAssignment], network: &NetworkId) -> Option<Vec<Seat>> {
    given
        .iter()
        .enumerate()
        .map(|(index, seat)| {
            let volunteer =
                check.take(format!("assignments[{index}].volunteer"), name::reference(&seat.volunteer, network));
            let slot = u8::try_from(seat.slot).map_err(|_| "must be 0 or 1");
            let slot = check.take(format!("assignments[{index}].slot"), slot);
            Some(Seat { slot: slot?, volunteer: volunteer? })
        })
        .collect()
}

fn assignment_filter(check: &mut Check, text: &str, network: &NetworkId) -> Option<AssignmentFilter> {
    let states = [
        AssignmentState::Held,
        AssignmentState::Accepted,
        AssignmentState::Started,
        AssignmentState::Completed,
        AssignmentState::Released,
    ];
    let codes = states.map(AssignmentState::code);
    let mut wanted = AssignmentFilter::default();
    for term in &check.take("filter", filter::terms(text))? {
        let read = match term.field.as_str() {
            "gig" => term.reference(network).map(|gig| wanted.gig = Some(gig)),
            "volunteer" => term.reference(network).map(|volunteer| wanted.volunteer = Some(volunteer)),
            "state" => term.choice(&codes).map(|code| {
                wanted.state = states.into_iter().find(|state| state.code() == code);
            }),
            _ => Err(term.unknown()),
        };
        check.take("filter", read)?;
    }
    Some(wanted)
}
