//! A plan watched while it is being solved: first as it is, then at every step, last as it ended.

use std::time::Duration;

use domain::plan::PlanState;
use domain::{NetworkId, Plan, PlanId, Scope};
use tokio::sync::watch;

use super::running::PlanProgress;
use crate::{Dispatch, Error};

/// How often a solve of another process is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A plan that is being watched.
#[derive(Debug)]
pub struct PlanWatch {
    dispatch: Dispatch,
    scope: Scope,
    network: NetworkId,
    id: PlanId,
    progress: Option<watch::Receiver<PlanProgress>>,
    last: Option<Plan>,
    step: PlanProgress,
}

impl Dispatch {
    /// Watches a plan from now on.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn watch_plan(&self, scope: &Scope, network: &NetworkId, id: &PlanId) -> Result<PlanWatch, Error> {
        // The progress first: a solve that ends in between is then noticed by its end.
        let progress = self.solves.progress(network, id);
        self.get_plan(scope, network, id).await?;
        Ok(PlanWatch {
            dispatch: self.clone(),
            scope: scope.clone(),
            network: network.clone(),
            id: id.clone(),
            progress,
            last: None,
            step: PlanProgress::default(),
        })
    }
}

impl PlanWatch {
    /// The step that the solve was at when [`PlanWatch::next`] last answered.
    #[must_use]
    pub fn progress(&self) -> PlanProgress {
        self.step
    }

    /// The plan as it is now, then whenever it has come further; nothing after it was seen ended.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND` if it is deleted meanwhile, or the store's.
    pub async fn next(&mut self) -> Result<Option<Plan>, Error> {
        let plan = match &self.last {
            None => self.read().await?,
            Some(last) if last.state != PlanState::Solving => return Ok(None),
            Some(last) => {
                let last = last.clone();
                self.further(last).await?
            }
        };
        self.last = Some(plan.clone());
        Ok(Some(plan))
    }

    async fn further(&mut self, last: Plan) -> Result<Plan, Error> {
        match &mut self.progress {
            Some(progress) => {
                if progress.changed().await.is_ok() {
                    self.step = *progress.borrow_and_update();
                    return Ok(Plan { progress_permille: self.step.permille, ..last });
                }
                self.progress = None;
                self.read().await
            }
            None => {
                tokio::time::sleep(LOOK_EVERY).await;
                self.read().await
            }
        }
    }

    async fn read(&self) -> Result<Plan, Error> {
        self.dispatch.get_plan(&self.scope, &self.network, &self.id).await
    }
}
