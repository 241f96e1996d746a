//! Plans, read.

use domain::plan::PlanState;
use domain::{NetworkId, Plan, PlanId, Scope};
use store::{Filter, Page, PageRequest, Tx};

use super::no_plan;
use crate::{Dispatch, Error};

impl Dispatch {
    /// One plan; while it is being solved here, with its progress.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn get_plan(&self, scope: &Scope, network: &NetworkId, id: &PlanId) -> Result<Plan, Error> {
        scope.admit(network)?;
        let mut tx = self.db.read().await?;
        let plan = stored(&mut tx, network, id).await?;
        Ok(self.with_progress(plan))
    }

    /// One page of plans, the newest first, in some states or all. The page goes on after a plan.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND` for a foreign network, or the store's.
    pub async fn list_plans(
        &self,
        scope: &Scope,
        network: &NetworkId,
        states: &[PlanState],
        page: &PageRequest,
    ) -> Result<Page<Plan>, Error> {
        scope.admit(network)?;
        let filter = states.iter().fold(Filter::any(), |filter, state| filter.state(state.code()));
        let mut plans = self.db.read().await?.all::<Plan>(network, &filter).await?;
        plans.sort_by(|a, b| (b.meta.create_time, &b.id).cmp(&(a.meta.create_time, &a.id)));
        let after = page.after.as_deref().and_then(|id| plans.iter().position(|plan| plan.id.as_str() == id));
        let mut items = plans.split_off(after.map_or(0, |at| at + 1));
        let rows = usize::try_from(page.rows()).unwrap_or(usize::MAX);
        let more = items.len() > rows;
        items.truncate(rows);
        let next = items.last().filter(|_| more).map(|plan| plan.id.to_string());
        Ok(Page { items: items.into_iter().map(|plan| self.with_progress(plan)).collect(), next })
    }

    fn with_progress(&self, mut plan: Plan) -> Plan {
        if plan.state == PlanState::Solving
            && let Some(progress) = self.solves.progress(&plan.network, &plan.id)
        {
            plan.progress_permille = progress.borrow().permille;
        }
        plan
    }
}

pub(super) async fn stored(tx: &mut Tx, network: &NetworkId, id: &PlanId) -> Result<Plan, Error> {
    Ok(tx.get::<Plan>(network, id).await?.ok_or_else(|| no_plan(network, id))?)
}
