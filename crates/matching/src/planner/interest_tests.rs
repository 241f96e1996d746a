//! What the sieve leaves out gains nothing: every window's best plan is as good without it.

use super::{
    super::{
        SolveOptions,
        caps::Caps,
        limits::Limits,
        menus::Menus,
        parts::{Goal, Parts, SCALE},
        prices::Prices,
        pricing::Query,
        rows::Rows,
        solve,
        tests::{Dice, week},
        tickets::{NONE, Tickets},
        trips::Trips,
        workers::Workers,
    },
    Asked, Interest,
};
use crate::{
    plan::WEIGHT_POINTS,
    problem::{Part, Problem},
    snapshot::{Promise, PromiseState, Snapshot},
};

/// A week some of whose gigs are promised as a quick plan has them.
fn promised(mut week: Snapshot, dice: &mut Dice) -> Snapshot {
    let problem = Problem::compile(&week).expect("sound");
    let options = SolveOptions { greedy_only: true, ..SolveOptions::default() };
    let plan = solve(&problem, &options, &|| std::time::Duration::ZERO, &mut |_| {});
    for assignment in plan.assignments.iter().filter(|_| dice.roll(0, 3) == 0) {
        week.promises.extend(assignment.seats.iter().map(|seat| Promise {
            gig: assignment.gig.clone(),
            slot: seat.slot,
            volunteer: seat.volunteer.clone(),
            start: assignment.start,
            state: PromiseState::Told,
        }));
    }
    week
}

/// The best gain of every window at what is left of each gig.
fn best(problem: &Problem, caps: &Caps, left: &[i64], of_cap: &[i64]) -> Vec<i64> {
    let tickets = Tickets::new(problem);
    let (menus, rows, workers) = (Menus::lean(problem), Rows::default(), Workers::here());
    let parts = Parts {
        problem,
        caps,
        tickets: &tickets,
        menus: &menus,
        rows: &rows,
        workers: &workers,
        fixed: 0,
        fixed_weight: 0,
    };
    let cost = |_: usize, ticket: usize| {
        let gig = tickets.gig[ticket] as usize;
        let weight = if tickets.meeting[ticket] == NONE { i64::from(problem.weight(gig)) } else { 0 };
        weight * WEIGHT_POINTS * SCALE - left[gig]
    };
    let prices = Prices::of_tickets(&parts, &cost, of_cap);
    let (limits, trips) = (Limits::none(&parts), Trips::new(problem.windows.len()));
    let query = Query {
        parts: &parts,
        goal: Goal::Points,
        prices: &prices,
        limits: &limits,
        trips: &trips,
        is_in: &[],
        most: 1,
    };
    (0..problem.windows.len()).map(|window| query.of_window(window).best).collect()
}

#[test]
fn what_the_sieve_leaves_out_gains_nothing() {
    let (mut all, mut kept, mut gains) = (0, 0, 0);
    for seed in 0..90 {
        let mut dice = Dice(seed + 5);
        let rows = week(seed, 12, 30, seed % 3 == 0);
        let rows = if seed % 2 == 0 { promised(rows, &mut dice) } else { rows };
        let mut part = Part::whole(&Problem::compile(&rows).expect("sound"));
        let problem = part.problem.clone();
        let caps = Caps::new(&problem);
        // Mostly little is left; now and then very much.
        let mut rewards = Vec::new();
        for _ in 0..problem.gig_count() {
            let most = [600, 2_500, 20_000][dice.roll(0, 9).saturating_sub(7).max(0) as usize];
            rewards.push(dice.roll(-300, most) * SCALE);
        }
        let of_cap: Vec<i64> = caps.all.iter().map(|_| dice.roll(-4, 2).max(0) * 100 * SCALE).collect();
        let toll = |window: usize| caps.of_window[window].iter().map(|&cap| of_cap[cap as usize]).sum::<i64>();
        let tolls: Vec<i64> = (0..problem.volunteer_count())
            .map(|volunteer| problem.windows.of(volunteer).map(toll).min().unwrap_or(0))
            .collect();
        let is_escort: Vec<bool> = problem.gigs.destination.iter().map(Option::is_some).collect();
        let is_one = vec![false; problem.volunteer_count()];
        let asked = Asked { rewards: &rewards, tolls: &tolls, is_escort: &is_escort, is_one: &is_one };
        let edges = part.edges(&Interest::new(&part, &caps, asked));
        (all, kept) = (all + problem.edges.len(), kept + edges.len());
        part.problem.replace_edges(edges);
        let (with, without) = (best(&part.problem, &caps, &rewards, &of_cap), best(&problem, &caps, &rewards, &of_cap));
        assert_eq!(with, without, "seed {seed}");
        gains += without.iter().filter(|&&gain| gain > 0).count();
    }
    assert!(gains > 500, "only {gains} windows gain anything");
    assert!(kept * 3 < all * 2, "the sieve keeps {kept} of {all}");
}
