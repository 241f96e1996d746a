//! A rematch from the outside: asked for, followed to its end, applied.

use proto::dispatch::v1 as dispatch;
use proto::dispatch::v1::plan::State;
use proto::r#type::v1::TimeWindow;
use tonic::{Response, Status};

use crate::desk::Desk;
use crate::refused::granted;
use crate::town::NETWORK;
use crate::town_desk::request_id;

impl Desk {
    /// Asks for a plan, or hears why not.
    ///
    /// # Errors
    /// The status.
    pub async fn try_plan(
        &self,
        period: TimeWindow,
        allow_moving_promises: bool,
        budget_ms: i32,
    ) -> Result<Response<dispatch::CreatePlanResponse>, Status> {
        let plan = dispatch::Plan {
            period: Some(period),
            budget: Some(prost_types::Duration {
                seconds: i64::from(budget_ms / 1000),
                nanos: budget_ms % 1000 * 1_000_000,
            }),
            allow_moving_promises,
            ..Default::default()
        };
        let request = dispatch::CreatePlanRequest {
            parent: NETWORK.to_owned(),
            plan: Some(plan),
            request_id: request_id(),
            ..Default::default()
        };
        self.matching.clone().create_plan(request).await
    }

    /// Asks for a plan and follows it to its end. Answers the plan and how many words of progress came before.
    ///
    /// # Panics
    /// If refused, or if the stream ends without the plan.
    pub async fn plan(&self, period: TimeWindow) -> (dispatch::Plan, usize) {
        let created = granted(self.try_plan(period, false, 5_000).await).plan.expect("a plan");
        assert_eq!(created.state(), State::Solving, "a new plan is being solved");
        self.watch(&created.name).await.expect("a plan that is told to its end")
    }

    /// Follows a plan to its end. Answers the plan and how many words of progress came before.
    ///
    /// # Errors
    /// The status.
    ///
    /// # Panics
    /// If the stream ends without the plan, or goes on after it.
    pub async fn watch(&self, name: &str) -> Result<(dispatch::Plan, usize), Status> {
        let request = dispatch::WatchPlanRequest { name: name.to_owned() };
        let mut told = self.matching.clone().watch_plan(request).await?.into_inner();
        let (mut steps, mut last) = (0, None);
        while let Some(message) = told.message().await? {
            assert!(last.is_none(), "the plan is the last word");
            match (message.progress, message.plan) {
                (Some(_), None) => steps += 1,
                (_, plan) => last = plan,
            }
        }
        Ok((last.expect("the plan at the end"), steps))
    }

    /// Applies a plan under a key.
    ///
    /// # Errors
    /// The status.
    pub async fn apply(&self, name: &str, request_id: &str) -> Result<Response<dispatch::ApplyPlanResponse>, Status> {
        let request = dispatch::ApplyPlanRequest {
            name: name.to_owned(),
            request_id: request_id.to_owned(),
            ..Default::default()
        };
        self.matching.clone().apply_plan(request).await
    }

    /// Discards a plan.
    ///
    /// # Errors
    /// The status.
    pub async fn discard(&self, name: &str) -> Result<Response<dispatch::DiscardPlanResponse>, Status> {
        let request =
            dispatch::DiscardPlanRequest { name: name.to_owned(), request_id: request_id(), ..Default::default() };
        self.matching.clone().discard_plan(request).await
    }
}
