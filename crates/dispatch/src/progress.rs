//! The helpers begin, the helpers finish.

use domain::{AssignmentState, EventKind, Gig, GigAction, GigId, NetworkId, Reason, Refusal, Timestamp, WriteContext};
use jiff::SignedDuration;
use store::Document;

use crate::assign::Assigned;
use crate::claim::update_assignment;
use crate::history::Entry;
use crate::roster::gather::holders;
use crate::{Dispatch, Error, load};

/// How long before its agreed start a gig may begin: whoever comes early comes on the same day.
const EARLY: SignedDuration = SignedDuration::from_hours(12);

/// One step of a gig that its helpers take together.
struct Step {
    action: GigAction,
    from: AssignmentState,
    to: AssignmentState,
    event: EventKind,
    /// How long before the agreed start it may be taken.
    lead: SignedDuration,
}

impl Dispatch {
    /// The helpers of a filled gig began.
    ///
    /// # Errors
    /// `GIG_STATE_ILLEGAL` unless filled, `TOO_EARLY` more than twelve hours before the agreed start, `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn start(&self, ctx: &WriteContext, network: &NetworkId, id: &GigId) -> Result<Assigned, Error> {
        let step = Step {
            action: GigAction::Start,
            from: AssignmentState::Accepted,
            to: AssignmentState::Started,
            event: EventKind::GigStarted,
            lead: EARLY,
        };
        self.step(ctx, network, id, step).await
    }

    /// The helpers of a gig in progress finished.
    ///
    /// # Errors
    /// `GIG_STATE_ILLEGAL` unless in progress, `TOO_EARLY` before the agreed start, `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn complete(&self, ctx: &WriteContext, network: &NetworkId, id: &GigId) -> Result<Assigned, Error> {
        let step = Step {
            action: GigAction::Complete,
            from: AssignmentState::Started,
            to: AssignmentState::Completed,
            event: EventKind::GigCompleted,
            lead: SignedDuration::ZERO,
        };
        self.step(ctx, network, id, step).await
    }

    async fn step(&self, ctx: &WriteContext, network: &NetworkId, id: &GigId, step: Step) -> Result<Assigned, Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let mut gig = load::gig_locked(&mut tx, &ctx.scope, network, id).await?;
        let mut assignments = holders(&mut tx, network, id).await?;
        if let Some(volunteer) = ctx.scope.volunteer()
            && !assignments.iter().any(|assignment| assignment.volunteer == *volunteer)
        {
            return Err(load::no_gig(network, id).into());
        }
        tx.must_be_as_read(ctx, &gig).await?;
        let state = load::after(&gig, step.action)?;
        not_too_early(&gig, step.lead, ctx.now)?;
        gig.state = state;
        for assignment in &mut assignments {
            assignment.state = step.to;
            assignment.update_time = ctx.now;
            update_assignment(&mut tx, assignment, step.from).await?;
        }
        Entry::new(step.event, gig.name()).write(&mut tx, ctx, network).await?;
        load::store_gig(&mut tx, &mut gig, ctx.now).await?;
        let name = gig.full_name();
        let done = Assigned { gig, assignments };
        tx.finish(ctx, &name, &done).await?;
        Ok(done)
    }
}

/// What lies days ahead has not begun, and is not done.
fn not_too_early(gig: &Gig, lead: SignedDuration, now: Timestamp) -> Result<(), Refusal> {
    let Some(start) = gig.start else { return Ok(()) };
    let from = start.checked_sub(lead).unwrap_or(start);
    if now >= from {
        return Ok(());
    }
    let detail = format!("the gig is agreed for {start}: it may be noted from {from} on");
    let refusal = Refusal::new(Reason::TooEarly, detail).with("gig", &gig.id).with("state", gig.state);
    Err(refusal.with("start", start).with("from", from))
}
