//! One tile: its plan made better, and what its gigs and people's time are worth. The work is bounded by counts, not by a
//! clock, so that a tile comes out the same on every machine.

use std::time::Duration;

use super::{
    caps::Caps,
    clock::Clock,
    draft::Draft,
    greedy::Greedy,
    master::Master,
    menus::Menus,
    parts::{Goal, Parts, SCALE},
    pool::Task,
    rows::Rows,
    tickets::{NONE, Tickets},
    workers::Workers,
};
use crate::problem::Problem;

/// Most rounds of adding plans.
const ROUNDS: usize = 14;
/// HiGHS gives up on one program after this long; that is far beyond what a tile needs.
const LIMIT: Duration = Duration::from_secs(60);
/// A plan this close to its bound, as one part in so many, is good enough.
const ENOUGH: i64 = 20_000;

/// Plans that lose less than this against the prices, in points, are told of.
const NEAR: i64 = 2_000;

/// Scaled prices of a tile.
#[derive(Debug, Clone, Default)]
pub(super) struct Tolls {
    /// By gig of the tile.
    pub(super) of_gig: Vec<i64>,
    /// By cap of the tile.
    pub(super) of_cap: Vec<i64>,
    /// The plans that compete at these prices.
    pub(super) plans: Vec<TilePlan>,
}

/// A plan of one window of a tile.
#[derive(Debug, Clone)]
pub(super) struct TilePlan {
    pub(super) window: u32,
    /// Needs and meetings of the tile.
    pub(super) tasks: Vec<Task>,
    /// Points without the weight of gigs whose helpers must meet.
    pub(super) value: i64,
    /// How much of it the program of the tile takes.
    pub(super) share: f64,
    /// Scaled price of the window.
    pub(super) price: i64,
}

/// The quick plan of a tile from a start that can be done.
pub(super) fn fill(problem: &Problem, caps: &Caps, start: Draft) -> Draft {
    Greedy::from_draft(problem, caps, start).fill()
}

/// The best draft of a tile so far.
struct Best<'p> {
    problem: &'p Problem,
    caps: &'p Caps,
    draft: Draft,
    objective: i64,
}

impl Best<'_> {
    fn offer(&mut self, draft: Draft) {
        let worth = draft.settle(self.problem, self.caps).map(|(worth, _)| worth.objective());
        if let Some(objective) = worth.filter(|&objective| objective > self.objective) {
            (self.objective, self.draft) = (objective, draft);
        }
    }
}

/// How far a tile is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// For its prices.
    Prices,
    /// For its plan.
    Plan,
}

/// The start or a better draft, and the prices if they were asked for; nothing if the start cannot be done. Once cancelled it ends
/// soon, with what it has.
pub(super) fn improve(
    problem: &Problem,
    caps: &Caps,
    start: &Draft,
    seed: u64,
    depth: Depth,
    is_cancelled: &dyn Fn() -> bool,
) -> Option<(Draft, Option<Tolls>)> {
    let objective = start.settle(problem, caps)?.0.objective();
    let mut best = Best { problem, caps, draft: start.clone(), objective };
    best.offer(fill(problem, caps, start.clone()));
    let tickets = Tickets::new(problem);
    let (menus, rows) = (Menus::new(problem), Rows::new(problem, &tickets, caps));
    let workers = Workers::here();
    let standing = Draft::new(problem).settle(problem, caps)?.0;
    let parts = Parts {
        problem,
        caps,
        tickets: &tickets,
        menus: &menus,
        rows: &rows,
        workers: &workers,
        fixed: standing.objective(),
        fixed_weight: standing.weight,
    };
    let clock = Clock { elapsed: &|| Duration::ZERO, deadline: LIMIT, is_cancelled };
    let tolls = search(&parts, &mut best, seed, depth, &clock);
    Some((best.draft, tolls))
}

fn search(parts: &Parts<'_>, best: &mut Best<'_>, seed: u64, depth: Depth, clock: &Clock<'_>) -> Option<Tolls> {
    let mut master = Master::new(*parts, &best.draft, seed)?;
    let relaxed = master.solve_in(ROUNDS, Goal::Points, None, clock, &|_| false)?;
    let (bound, prices) = relaxed.bound?;
    best.offer(fill(best.problem, best.caps, master.draft(&relaxed.answer)));
    if depth == Depth::Plan
        && bound.points() - best.objective > bound.points() / ENOUGH
        && let Some(draft) = master.dive(&master.shares(&relaxed.answer), &prices, seed, clock)
    {
        best.offer(fill(best.problem, best.caps, draft));
    }
    let price = |&row: &u32| if row == NONE { 0 } else { prices.of_row[row as usize] };
    let mut plans = Vec::new();
    if depth == Depth::Plan {
        return None;
    }
    for (position, number) in master.plans().enumerate() {
        let trip = master.trips().get(number);
        let own = price(&parts.rows.of_window[trip.window]);
        let share = master.values(&relaxed.answer).get(position).copied().unwrap_or(0.0);
        if share > 1e-6 || prices.gain(parts, Goal::Points, trip) - own > -NEAR * SCALE {
            let task = |&ticket: &u32| {
                let ticket = ticket as usize;
                (parts.problem.edges.need[parts.tickets.edge[ticket] as usize], parts.tickets.meeting[ticket])
            };
            let tasks = trip.tickets.iter().map(task).collect();
            plans.push(TilePlan { window: trip.window as u32, tasks, value: trip.value, share, price: own });
        }
    }
    Some(Tolls {
        plans,
        of_gig: parts.rows.of_gig.iter().map(price).collect(),
        of_cap: parts.rows.of_cap.iter().map(price).collect(),
    })
}
