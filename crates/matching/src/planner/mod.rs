//! The batch: the best plan for all open gigs of a period within a budget, with a proven bound.
//!
//! The steps: a greedy plan; the linear relaxation by column generation (`master`), where every window is searched for the plans
//! that the prices of the moment call for (`pricing`, `hunt`), with a bound of our own in whole numbers (`bound`); a large one is
//! solved nearly before that (`approach`); a dive for a good plan (`dive`) in a program of what is left (`residual`); cuts; then all
//! plans that could still matter (`branch`) until the bound is met or the budget is used, and at last a choice by integer program
//! (`mip`). What is too large for one program is divided by place (`divide`): tiles are priced, their plans balanced as a whole
//! (`balance`, `pool`), bounded (`stitch`), rounded and planned tile by tile, by other processes too if there are any (`task`). What
//! HiGHS answers is never believed: every draft is rebuilt from its edges, and every bound is computed here.

mod alone;
mod approach;
#[cfg(test)]
mod approach_tests;
mod asking;
mod balance;
mod book;
mod bound;
#[cfg(test)]
mod bound_tests;
mod branch;
mod calls;
mod caps;
mod chances;
mod choice;
#[cfg(test)]
mod choice_tests;
mod clock;
mod cuts;
mod distances;
mod dive;
#[cfg(test)]
mod dive_tests;
mod divide;
#[cfg(test)]
mod divided_tests;
mod doubt;
mod draft;
#[cfg(test)]
mod draft_tests;
mod greedy;
mod hours;
#[cfg(test)]
mod hours_tests;
mod hunt;
#[cfg(test)]
mod hunt_tests;
mod interest;
mod limits;
mod live;
mod lp;
mod master;
#[cfg(test)]
mod master_tests;
mod menus;
mod mip;
mod parts;
mod pool;
#[cfg(test)]
mod pool_tests;
mod prices;
mod pricing;
#[cfg(test)]
mod pricing_tests;
#[cfg(test)]
mod record_tests;
mod residual;
mod rows;
#[cfg(test)]
mod scene;
mod search;
#[cfg(test)]
mod search_tests;
mod single;
mod stitch;
#[cfg(test)]
mod stitch_tests;
mod taken;
mod task;
#[cfg(test)]
mod tests;
mod tickets;
mod tile;
#[cfg(test)]
mod tile_tests;
mod tiling;
mod trips;
mod wants;
mod wish;
mod workers;

use std::time::Duration;

use crate::{plan::Plan, problem::Problem};
use caps::Caps;
use greedy::Greedy;
use search::Search;

pub use task::{TileAnswer, TileLock, TilePair, TileRunner, TileTask, run_tile};

/// About how many volunteers live in a tile, where nobody says otherwise.
pub const TILE_VOLUNTEERS: usize = 1_000;

/// How to search.
#[derive(Clone)]
pub struct SolveOptions<'a> {
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
    /// About how many volunteers live in a tile, where a problem is divided.
    pub tile_volunteers: usize,
    /// Who else plans tiles; the plan is the same with them and without.
    pub tiles: Option<&'a dyn TileRunner>,
    /// Whether to say what people's hours are worth, too: [`Plan::hours`]. The plan is the same with it and without.
    pub worth_of_hours: bool,
    /// Asked between steps: whether to stop now and return the best plan so far.
    pub is_cancelled: &'a dyn Fn() -> bool,
}

impl Default for SolveOptions<'_> {
    fn default() -> Self {
        Self {
            budget: Duration::from_secs(10),
            seed: 0,
            threads: 1,
            enough_gap: 0.0,
            greedy_only: false,
            tile_volunteers: TILE_VOLUNTEERS,
            tiles: None,
            worth_of_hours: false,
            is_cancelled: &|| false,
        }
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
pub fn solve(
    problem: &Problem,
    options: &SolveOptions<'_>,
    elapsed: &dyn Fn() -> Duration,
    progress: &mut dyn FnMut(Progress),
) -> Plan {
    let caps = Caps::new(problem);
    let mut plan = if problem.divided.is_some() {
        divide::solve(problem, &caps, options, elapsed, progress)
    } else {
        let mut search = Search::new(problem, &caps, options, elapsed, progress);
        search.greedy(Greedy::new(problem, &caps).fill());
        if !options.greedy_only {
            search.run();
        }
        search.into_plan()
    };
    caps.allow_for_midnight(problem, &mut plan);
    plan
}
