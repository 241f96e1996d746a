//! A plan is put away: its solve ends early, or its result is never applied.

use domain::plan::PlanState;
use domain::{EventKind, NetworkId, Plan, PlanId, WriteContext};
use store::Document;

use super::{not_ready, opened};
use crate::history::Entry;
use crate::{Dispatch, Error, load};

impl Dispatch {
    /// Discards a plan that is not applied.
    ///
    /// # Errors
    /// `PLAN_NOT_READY` if it is applied or discarded, `ETAG_MISMATCH`, `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn discard_plan(&self, ctx: &WriteContext, network: &NetworkId, id: &PlanId) -> Result<Plan, Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let stored = opened(&mut tx, ctx, network, id).await?;
        if matches!(stored.state, PlanState::Applied | PlanState::Discarded) {
            return Err(not_ready(&stored).into());
        }
        let from = stored.meta.version;
        let plan = Plan { state: PlanState::Discarded, meta: stored.meta.changed(ctx.now), ..stored };
        if !tx.update(&plan, from).await? {
            return Err(load::changed_meanwhile().into());
        }
        Entry::new(EventKind::PlanDiscarded, plan.name()).write(&mut tx, ctx, network).await?;
        tx.finish(ctx, &plan.full_name(), &plan).await?;
        if !ctx.validate_only {
            self.solves.cancel(network, id);
        }
        Ok(plan)
    }
}
