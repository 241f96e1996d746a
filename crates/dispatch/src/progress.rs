//! The helpers begin, the helpers finish.

use domain::{AssignmentState, EventKind, GigAction, GigId, NetworkId, WriteContext};
use store::Document;

use crate::assign::Assigned;
use crate::claim::update_assignment;
use crate::history::Entry;
use crate::roster::gather::holders;
use crate::{Dispatch, Error, load};

/// One step of a gig that its helpers take together.
struct Step {
    action: GigAction,
    from: AssignmentState,
    to: AssignmentState,
    event: EventKind,
}

impl Dispatch {
    /// The helpers of a filled gig began.
    ///
    /// # Errors
    /// `GIG_STATE_ILLEGAL` unless filled, `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn start(&self, ctx: &WriteContext, network: &NetworkId, id: &GigId) -> Result<Assigned, Error> {
        let step = Step {
            action: GigAction::Start,
            from: AssignmentState::Accepted,
            to: AssignmentState::Started,
            event: EventKind::GigStarted,
        };
        self.step(ctx, network, id, step).await
    }

    /// The helpers of a gig in progress finished.
    ///
    /// # Errors
    /// `GIG_STATE_ILLEGAL` unless in progress, `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn complete(&self, ctx: &WriteContext, network: &NetworkId, id: &GigId) -> Result<Assigned, Error> {
        let step = Step {
            action: GigAction::Complete,
            from: AssignmentState::Started,
            to: AssignmentState::Completed,
            event: EventKind::GigCompleted,
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
        gig.state = load::after(&gig, step.action)?;
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
