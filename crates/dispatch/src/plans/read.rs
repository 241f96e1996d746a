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

    /// One page of plans, by id (made by time, so the oldest first), in some states or all.
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
        let mut tx = self.db.read().await?;
        Ok(tx.list::<Plan>(network, &filter, page).await?.map(|plan| self.with_progress(plan)))
    }

    fn with_progress(&self, mut plan: Plan) -> Plan {
        if plan.state == PlanState::Solving
            && let Some(progress) = self.solves.progress(&plan.network, &plan.id)
        {
            plan.progress_permille = *progress.borrow();
        }
        plan
    }
}

pub(super) async fn stored(tx: &mut Tx, network: &NetworkId, id: &PlanId) -> Result<Plan, Error> {
    Ok(tx.get::<Plan>(network, id).await?.ok_or_else(|| no_plan(network, id))?)
}
