//! The quick way against the proven best: bounds that are true and near, dives that can be done and are good.

use std::{cell::Cell, time::Duration};

use super::{
    Caps, Progress, SolveOptions, approach::Approach, clock::Clock, draft::Draft, greedy::Greedy, master::Master,
    menus::Menus, parts::Parts, rows::Rows, solve, tests::week, tickets::Tickets, workers::Workers,
};
use crate::{
    plan::{Status, WEIGHT_POINTS},
    problem::Problem,
    verify,
};

/// What the quick way comes to: its bounds of points and of weight, and the points of its plan.
#[derive(Debug, PartialEq)]
struct Outcome {
    bound: i64,
    bound_weight: i64,
    objective: i64,
}

/// Does something with the parts of a problem and a program that knows no plans yet.
pub(super) fn in_parts<T>(problem: &Problem, threads: usize, then: impl FnOnce(&Parts<'_>, &mut Master<'_>) -> T) -> T {
    let caps = Caps::new(problem);
    let tickets = Tickets::new(problem);
    let (menus, rows) = (Menus::new(problem), Rows::new(problem, &tickets, &caps));
    let workers = Workers::new(threads);
    let empty = Draft::new(problem);
    let standing = empty.settle(problem, &caps).expect("nothing can always be done").0;
    let parts = Parts {
        problem,
        caps: &caps,
        tickets: &tickets,
        menus: &menus,
        rows: &rows,
        workers: &workers,
        fixed: standing.objective(),
        fixed_weight: standing.weight,
    };
    let mut master = Master::new(parts, &empty, 0).expect("a program");
    then(&parts, &mut master)
}

fn quick(problem: &Problem, threads: usize) -> Outcome {
    in_parts(problem, threads, |parts, master| {
        let clock = Clock { elapsed: &|| Duration::ZERO, deadline: Duration::from_secs(600), is_cancelled: &|| false };
        let mut approach = Approach::new(parts);
        let near = approach.run(parts, master, &clock).expect("there is time");
        let draft = master.dive(approach.shares(), &near.prices, 0, &clock).expect("a program");
        let draft = Greedy::from_draft(problem, parts.caps, draft).fill();
        let objective = draft.settle(problem, parts.caps).expect("what a dive finds can be done").0.objective();
        let bound_weight = approach.weigh(parts, master, &|_| false, &clock).expect("there is time");
        Outcome { bound: near.bound.points(), bound_weight, objective }
    })
}

#[test]
fn quick_way_is_bounded_truly_and_ends_near_the_best() {
    let (mut loose, mut lost, mut best) = (0, 0, 0);
    for seed in 0..12 {
        let mut problem = Problem::compile(&week(seed, 30, 40, seed % 3 == 0)).expect("sound");
        if seed % 2 == 0 {
            // Every gig of a week costs more than the one before.
            problem.week_step_s = 180;
        }
        // Fair shares are not always proven to the end.
        let options = SolveOptions { enough_gap: 0.001, ..SolveOptions::default() };
        let proven = solve(&problem, &options, &|| Duration::ZERO, &mut |_| {});
        let quick_way = quick(&problem, 1);
        assert!(quick_way.objective <= proven.bound && proven.objective <= quick_way.bound, "seed {seed}");
        assert!(proven.weight as i64 * WEIGHT_POINTS <= quick_way.bound_weight, "seed {seed}");
        assert_eq!(quick(&problem, 2), quick_way, "seed {seed}");
        loose += quick_way.bound - proven.objective;
        lost += proven.objective - quick_way.objective;
        best += proven.objective;
    }
    assert!(loose * 100 <= best, "{loose} above {best}");
    assert!(lost * 100 <= best, "{lost} below {best}");
}

#[test]
fn large_week_goes_the_quick_way() {
    let snapshot = week(5, 120, 700, false);
    let problem = Problem::compile(&snapshot).expect("sound");
    let plan = |threads: usize, enough_gap: f64| {
        let budget = Duration::from_secs(600);
        let options = SolveOptions { threads, enough_gap, budget, ..SolveOptions::default() };
        let plan = solve(&problem, &options, &|| Duration::ZERO, &mut |_| {});
        assert_eq!(verify::check(&snapshot, &plan), []);
        assert!(plan.gap() <= enough_gap, "gap {}", plan.gap());
        assert_eq!(plan.bound_weight, plan.weight, "nobody can cover more");
        let stages: Vec<&str> = plan.stages.iter().map(|stage| stage.name).collect();
        (plan.digest, plan.bound, plan.status, stages)
    };
    let enough = plan(1, 0.01);
    assert_eq!((enough.2, &enough.3[..]), (Status::Gap, &["greedy", "menus", "approach", "dive", "weight"][..]));
    assert_eq!(plan(2, 0.01), enough);
}

/// The steps of a search that is called off once the whole is relaxed.
fn steps(problem: &Problem) -> Vec<&'static str> {
    let is_relaxed = Cell::new(false);
    let is_cancelled = || is_relaxed.get();
    let options =
        SolveOptions { budget: Duration::from_secs(600), is_cancelled: &is_cancelled, ..SolveOptions::default() };
    let mut seen = |progress: Progress| is_relaxed.set(progress.stage == "relaxation" || is_relaxed.get());
    let plan = solve(problem, &options, &|| Duration::ZERO, &mut seen);
    plan.stages.iter().map(|stage| stage.name).filter(|name| *name != "weight").collect()
}

#[test]
fn the_larger_a_week_the_sooner_it_dives_and_only_once() {
    for (volunteers, gigs, expected) in [
        (40, 60, &["greedy", "menus", "relaxation", "cuts"][..]),
        (120, 300, &["greedy", "menus", "relaxation", "dive", "cuts"][..]),
        (120, 700, &["greedy", "menus", "approach", "dive", "relaxation", "cuts"][..]),
    ] {
        let problem = Problem::compile(&week(5, volunteers, gigs, false)).expect("sound");
        assert_eq!(steps(&problem), expected, "{gigs} gigs");
    }
}
