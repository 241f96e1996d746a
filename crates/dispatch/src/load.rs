//! Loading what a caller named, within what the caller may reach: foreign and missing answer alike.

use domain::{
    Assignment, AssignmentId, Gig, GigAction, GigId, GigState, NetworkId, Reason, Refusal, Role, Scope, Timestamp,
    Volunteer, VolunteerId,
};
use store::Tx;

use crate::Error;
use crate::roster::live::Live;

/// "No such gig", whether it is missing or another's.
pub(crate) fn no_gig(network: &NetworkId, id: &GigId) -> Refusal {
    Refusal::not_found("gig", format!("networks/{network}/gigs/{id}"))
}

/// "No such volunteer", whether missing or another's.
pub(crate) fn no_volunteer(network: &NetworkId, id: &VolunteerId) -> Refusal {
    Refusal::not_found("volunteer", format!("networks/{network}/volunteers/{id}"))
}

/// "No such assignment", whether missing or another's.
pub(crate) fn no_assignment(network: &NetworkId, id: &AssignmentId) -> Refusal {
    Refusal::not_found("assignment", format!("networks/{network}/assignments/{id}"))
}

/// Whether a caller reaches a gig: a coordinator those of their association; a volunteer is judged by assignment or board.
pub(crate) fn reaches_gig(scope: &Scope, gig: &Gig) -> bool {
    scope.role() == Role::Volunteer || scope.reaches(gig.association.as_ref())
}

/// Whether a caller reaches a volunteer: a volunteer themselves, a coordinator those of their association.
pub(crate) fn reaches_volunteer(scope: &Scope, volunteer: &Volunteer) -> bool {
    match scope.role() {
        Role::Volunteer => scope.volunteer() == Some(&volunteer.id),
        _ => scope.reaches(volunteer.association.as_ref()),
    }
}

/// A gig, read only.
pub(crate) async fn gig(tx: &mut Tx, scope: &Scope, network: &NetworkId, id: &GigId) -> Result<Gig, Error> {
    let gig = tx.get::<Gig>(network, id).await?.filter(|gig| reaches_gig(scope, gig));
    Ok(gig.ok_or_else(|| no_gig(network, id))?)
}

/// A gig, locked until the end of the transaction.
pub(crate) async fn gig_locked(tx: &mut Tx, scope: &Scope, network: &NetworkId, id: &GigId) -> Result<Gig, Error> {
    let gig = tx.get_locked::<Gig>(network, id).await?.filter(|gig| reaches_gig(scope, gig));
    Ok(gig.ok_or_else(|| no_gig(network, id))?)
}

/// A volunteer, read only.
pub(crate) async fn volunteer(
    tx: &mut Tx,
    scope: &Scope,
    network: &NetworkId,
    id: &VolunteerId,
) -> Result<Volunteer, Error> {
    let found = tx.get::<Volunteer>(network, id).await?.filter(|volunteer| reaches_volunteer(scope, volunteer));
    Ok(found.ok_or_else(|| no_volunteer(network, id))?)
}

/// A volunteer as the live roster has them.
pub(crate) fn volunteer_in<'l>(
    live: &'l Live,
    scope: &Scope,
    network: &NetworkId,
    id: &VolunteerId,
) -> Result<&'l Volunteer, Refusal> {
    let found = live.volunteer(id).filter(|volunteer| reaches_volunteer(scope, volunteer));
    found.map(AsRef::as_ref).ok_or_else(|| no_volunteer(network, id))
}

/// An assignment, read only.
pub(crate) async fn assignment(
    tx: &mut Tx,
    scope: &Scope,
    network: &NetworkId,
    id: &AssignmentId,
) -> Result<Assignment, Error> {
    let found = tx.assignment(network, id).await?;
    let own =
        |assignment: &Assignment| scope.role() != Role::Volunteer || scope.volunteer() == Some(&assignment.volunteer);
    Ok(found.filter(own).ok_or_else(|| no_assignment(network, id))?)
}

/// The state after an action.
pub(crate) fn after(gig: &Gig, action: GigAction) -> Result<GigState, Refusal> {
    gig.state.after(action).map_err(|_| illegal(gig))
}

/// The gig is not in a state for what was asked.
pub(crate) fn illegal(gig: &Gig) -> Refusal {
    Refusal::new(Reason::GigStateIllegal, format!("the gig is {} and not in a state for this", gig.state))
        .with("state", gig.state)
        .with("gig", &gig.id)
}

/// Stores a changed gig: one version up, at the time of the call.
pub(crate) async fn store_gig(tx: &mut Tx, gig: &mut Gig, now: Timestamp) -> Result<(), Error> {
    let from = gig.meta.version;
    gig.meta = gig.meta.changed(now);
    if tx.update(gig, from).await? { Ok(()) } else { Err(changed_meanwhile().with("gig", &gig.id).into()) }
}

/// A row changed between reading and writing it.
pub(crate) fn changed_meanwhile() -> Refusal {
    Refusal::new(Reason::EtagMismatch, "somebody changed the resource at the same time: read it again")
}
