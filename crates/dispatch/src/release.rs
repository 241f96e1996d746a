//! A helper gives a slot back, or a coordinator lets them go: the gig looks for helpers again and is more urgent than before.

use domain::{
    Assignment, AssignmentId, AssignmentState, EventKind, Gig, GigAction, GigState, Name, NetworkId, Reason, Refusal,
    WriteContext,
};
use store::{Document, Tx};

use crate::assign::Assigned;
use crate::claim::update_assignment;
use crate::history::Entry;
use crate::offers::stand_by;
use crate::roster::gather::holders;
use crate::{Dispatch, Error, asking, load};

impl Dispatch {
    /// Releases a held or accepted assignment: a volunteer's cancellation if the caller is one, else the caller's own decision, of which
    /// the volunteer is told and which is not held against them, but no plan chooses them for this gig again. The gig is open again; the
    /// other helper of a two-slot gig falls back to held and the agreed start stays; without any helper left the start is free again.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE_ILLEGAL` once begun or ended, `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn release(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        id: &AssignmentId,
        reason: Option<Name>,
    ) -> Result<Assigned, Error> {
        self.free(ctx, network, id, reason, ctx.scope.volunteer().is_some()).await
    }

    /// The same for a volunteer who has told the caller that they cannot come: it is their cancellation.
    ///
    /// # Errors
    /// As [`Dispatch::release`].
    pub async fn give_back(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        id: &AssignmentId,
        reason: Option<Name>,
    ) -> Result<Assigned, Error> {
        self.free(ctx, network, id, reason, true).await
    }

    async fn free(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        id: &AssignmentId,
        reason: Option<Name>,
        is_given_back: bool,
    ) -> Result<Assigned, Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let seen = load::assignment(&mut tx, &ctx.scope, network, id).await?;
        let mut gig = load::gig_locked(&mut tx, &ctx.scope, network, &seen.gig)
            .await
            .map_err(|error| hidden(error, load::no_assignment(network, id)))?;
        tx.must_be_as_read(ctx, &gig).await?;
        let held = holders(&mut tx, network, &gig.id).await?;
        let Some(leaving) = held.iter().find(|assignment| assignment.id == *id) else {
            return Err(illegal(&seen).into());
        };
        let how = Leaving { is_given_back, ..Leaving::new(leaving, reason) };
        let done = release_one(&mut tx, ctx, &mut gig, how, &held).await?;
        if !is_given_back {
            gig.note_let_go(&leaving.volunteer);
        }
        stand_by::ask(&mut tx, ctx, &mut gig, leaving, &self.roads).await?;
        asking::resume(&mut tx, ctx, &gig).await?;
        load::store_gig(&mut tx, &mut gig, ctx.now).await?;
        let done = Assigned { gig, assignments: done };
        tx.finish(ctx, &format!("networks/{network}/assignments/{id}"), &done).await?;
        self.bell.ring();
        Ok(done)
    }
}

/// An assignment of a gig that the caller does not reach looks missing.
fn hidden(error: Error, missing: Refusal) -> Error {
    match error {
        Error::Refused(refusal) if refusal.reason == Reason::ResourceNotFound => missing.into(),
        other => other,
    }
}

/// Who leaves a slot, and how.
#[derive(Debug, Clone)]
pub(crate) struct Leaving<'a> {
    pub(crate) assignment: &'a Assignment,
    /// Why, in task words.
    pub(crate) reason: Option<Name>,
    /// By the volunteer, or for them: they are not asked for the gig again.
    pub(crate) is_given_back: bool,
    /// It is told by an event of the caller's, and counts as no reopening: a yes is taken back in its minutes of grace, or a plan moves
    /// the gig.
    pub(crate) is_quiet: bool,
}

impl<'a> Leaving<'a> {
    /// A slot that is free again, and told so.
    pub(crate) fn new(assignment: &'a Assignment, reason: Option<Name>) -> Self {
        Self { assignment, reason, is_given_back: false, is_quiet: false }
    }
}

/// Releases one of the holders and settles the gig and the other helper. The gig is changed, not yet stored.
pub(crate) async fn release_one(
    tx: &mut Tx,
    ctx: &WriteContext,
    gig: &mut Gig,
    how: Leaving<'_>,
    held: &[Assignment],
) -> Result<Vec<Assignment>, Error> {
    let Leaving { assignment: leaving, reason, is_given_back, is_quiet } = how;
    if !matches!(leaving.state, AssignmentState::Held | AssignmentState::Accepted) {
        return Err(illegal(leaving).into());
    }
    if is_given_back {
        gig.note_no(&leaving.volunteer, None);
    }
    let given_back = Assignment { is_given_back, ..leaving.clone() };
    let mut assignments = vec![released(tx, ctx, &given_back, reason.clone()).await?];
    for other in held.iter().filter(|other| other.id != leaving.id) {
        let mut other = other.clone();
        if other.state == AssignmentState::Accepted {
            other.state = AssignmentState::Held;
            other.update_time = ctx.now;
            update_assignment(tx, &other, AssignmentState::Accepted).await?;
        }
        assignments.push(other);
    }
    if gig.state == GigState::Filled {
        gig.state = load::after(gig, GigAction::Release)?;
    }
    if assignments.len() == 1 {
        gig.start = None;
    }
    assignments.sort_by_key(|assignment| assignment.slot);
    if is_quiet {
        return Ok(assignments);
    }
    gig.reopened += 1;
    let why = reason.map(String::from).unwrap_or_default();
    Entry::new(EventKind::GigReopened, gig.name())
        .because(why)
        .about(leaving)
        .with("from", leaving.state.code())
        .with("given_back", is_given_back)
        .write(tx, ctx, &gig.network)
        .await?;
    Ok(assignments)
}

/// Writes an assignment as released.
pub(crate) async fn released(
    tx: &mut Tx,
    ctx: &WriteContext,
    assignment: &Assignment,
    reason: Option<Name>,
) -> Result<Assignment, Error> {
    let mut released = assignment.clone();
    released.state = AssignmentState::Released;
    released.release_reason = reason;
    released.update_time = ctx.now;
    update_assignment(tx, &released, assignment.state).await?;
    Ok(released)
}

pub(crate) fn illegal(assignment: &Assignment) -> Refusal {
    let state = assignment.state.code();
    Refusal::new(Reason::AssignmentStateIllegal, format!("the assignment is {state} and not in a state for this"))
        .with("state", state)
        .with("assignment", &assignment.id)
}
