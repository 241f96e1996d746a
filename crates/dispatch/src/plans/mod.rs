//! Plans (suunnitelmat): the rematch of a period, shown before it is applied.
//!
//! A plan is stored as it begins to be solved, solved on a blocking thread, judged by the independent referee, and only then
//! ready. Applying it compares what it was made from with what is there: any difference aborts, and nothing is changed.

mod apply;
mod ask;
mod create;
mod discard;
mod outcome;
mod read;
mod running;
mod solve;
mod stopwatch;
mod tiles;
mod watch;

pub use apply::{AppliedPlan, Applying};
pub use create::{CreatedPlan, NewPlan, PlanInput};
pub use running::PlanProgress;
pub use tiles::{Division, TileWorker};
pub use watch::PlanWatch;

pub(crate) use running::Solves;

use domain::plan::PlanState;
use domain::{NetworkId, Plan, PlanId, Reason, Refusal, WriteContext};
use store::Tx;

use crate::Error;

/// Time a solve may take when the caller says nothing, in milliseconds.
pub const BUDGET_DEFAULT_MS: u64 = 10_000;
/// Most time a solve may take, in milliseconds.
pub const BUDGET_MAX_MS: u64 = 600_000;
/// Longest period of a plan, in days.
pub const PERIOD_DAYS_MAX: i64 = 62;

/// A plan for a write: locked, and as the caller had read it.
async fn opened(tx: &mut Tx, ctx: &WriteContext, network: &NetworkId, id: &PlanId) -> Result<Plan, Error> {
    let stored = tx.get_locked::<Plan>(network, id).await?.ok_or_else(|| no_plan(network, id))?;
    tx.must_be_as_read(ctx, &stored).await?;
    Ok(stored)
}

fn no_plan(network: &NetworkId, id: &PlanId) -> Refusal {
    Refusal::not_found("plan", format!("networks/{network}/plans/{id}"))
}

fn not_ready(plan: &Plan) -> Refusal {
    let state = plan.state.code();
    let detail = match plan.state {
        PlanState::Solving => "the plan is still being solved".to_owned(),
        _ => format!("the plan is {state}"),
    };
    Refusal::new(Reason::PlanNotReady, detail).with("state", state).with("plan", &plan.id)
}
