//! The batch: the best plan for all open gigs of a period within a budget, with a proven bound.

mod caps;
mod draft;
mod greedy;

use std::time::Duration;

use crate::{
    plan::{Plan, Stage, Status},
    problem::Problem,
};
use caps::Caps;
use draft::Draft;
use greedy::Greedy;

/// How to search.
#[derive(Debug, Clone, PartialEq)]
pub struct SolveOptions {
    /// Time the search may take; it returns the best plan it has then.
    pub budget: Duration,
    /// The search is deterministic; the seed decides between plans of equal worth.
    pub seed: u64,
    /// Threads to use; the plan is the same whatever the number.
    pub threads: usize,
    /// The search ends once the gap is at most this share.
    pub enough_gap: f64,
    /// Only the quick plan.
    pub greedy_only: bool,
}

impl Default for SolveOptions {
    fn default() -> Self {
        Self { budget: Duration::from_secs(10), seed: 0, threads: 1, enough_gap: 0.0, greedy_only: false }
    }
}

/// What a running search tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Name of the step that has just ended.
    pub stage: &'static str,
    /// Objective of the best plan so far.
    pub objective: i64,
    /// Weight of the best plan so far.
    pub weight: u64,
    /// Best bound on the objective so far.
    pub bound: i64,
}

/// Finds the best plan for the open gigs of a problem.
///
/// `elapsed` tells the time since the start; `progress` is called after every step.
pub fn solve(problem: &Problem, options: &SolveOptions, elapsed: &dyn Fn() -> Duration, progress: &mut dyn FnMut(Progress)) -> Plan {
    let caps = Caps::new(problem);
    let empty = || Draft::new(problem).into_plan(problem, &caps, options.seed).expect("keeping only what stands breaks nothing new");
    let draft = Greedy::new(problem, &caps).fill();
    let mut plan = draft.into_plan(problem, &caps, options.seed).unwrap_or_else(empty);
    plan.bound_weight = problem.total_weight();
    plan.bound = problem.total_weight() as i64 * crate::plan::WEIGHT_POINTS;
    plan.status = Status::Greedy;
    plan.stages.push(Stage { name: "greedy", objective: plan.objective, bound: Some(plan.bound), elapsed_ms: elapsed().as_millis() as u64 });
    progress(Progress { stage: "greedy", objective: plan.objective, weight: plan.weight, bound: plan.bound });
    plan
}
