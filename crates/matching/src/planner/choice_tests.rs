//! The choice among plans by integer program is the best there is, and what does not hold together is left out of a draft.

use std::time::Duration;

use super::{
    SolveOptions, choice,
    cuts::Cuts,
    limits::Limits,
    live::Live,
    lp::{Column, Lp},
    mip::{self, Choice},
    parts::{Goal, Parts},
    prices::Prices,
    pricing::Query,
    scene::{Scene, rich},
    solve,
    trips::Trips,
};
use crate::{plan::Status, problem::Problem, score};

/// Every plan of every window.
fn every_plan(parts: &Parts<'_>) -> Trips {
    let mut trips = Trips::new(parts.problem.windows.len());
    let limits = Limits::none(parts);
    let prices = Prices::new(parts, &Cuts::new(parts.rows), &limits, &[]);
    let query =
        Query { parts, goal: Goal::Points, prices: &prices, limits: &limits, trips: &trips, is_in: &[], most: 1 };
    let best: Vec<i64> = query.ask(None).into_iter().map(|offer| offer.best).collect();
    let found = query.list(&best, 1 << 48).expect("few");
    Live::new(parts, found, &best, &mut trips);
    trips
}

#[test]
fn the_choice_among_all_plans_is_the_best_plan() {
    for seed in 0..24 {
        let mut problem = Problem::compile(&rich(seed, 5, 10)).expect("sound");
        if seed % 4 < 2 {
            score::apply_pair_bonuses(&mut problem);
        }
        let options = SolveOptions { budget: Duration::from_secs(60), ..SolveOptions::default() };
        let best = solve(&problem, &options, &|| Duration::ZERO, &mut |_| {});
        assert_eq!(best.status, Status::Optimal, "seed {seed}");
        let scene = Scene::new(problem);
        let parts = scene.parts();
        let trips = every_plan(&parts);
        let plans: Vec<usize> = (0..trips.len()).collect();
        let chosen = mip::choose(&parts, &trips, &plans, &Choice::default(), 0.0, Duration::from_secs(60), 0);
        let draft = choice::to_draft(&parts, &trips, &chosen.expect("there is a choice"));
        let worth = draft.settle(&scene.problem, &scene.caps).expect("it can be done").0;
        assert_eq!(worth.objective(), best.objective, "seed {seed}");
    }
}

#[test]
fn of_two_plans_beyond_a_cap_one_is_left_out() {
    let mut beyond = 0;
    for seed in (0..24).step_by(2) {
        let scene = Scene::new(Problem::compile(&rich(seed, 5, 10)).expect("sound"));
        let parts = scene.parts();
        let trips = every_plan(&parts);
        for a in 0..trips.len() {
            for b in a + 1..trips.len() {
                let (one, other) = (trips.get(a), trips.get(b));
                let is_shared = |cap: &&u32| {
                    let cap = &scene.caps.all[**cap as usize];
                    let count = one.tickets.len() + other.tickets.len();
                    cap.windows.contains(&(other.window as u32)) && count > cap.room as usize
                };
                let is_single = |&ticket: &u32| scene.tickets.is_single(ticket as usize);
                let is_beyond = one.window != other.window
                    && scene.caps.of_window[one.window].iter().any(|cap| is_shared(&cap))
                    && one.tickets.iter().chain(other.tickets).all(is_single);
                if is_beyond {
                    let draft = choice::to_draft(&parts, &trips, &Choice { plans: vec![a, b], meetings: Vec::new() });
                    assert!(draft.settle(&scene.problem, &scene.caps).is_some(), "seed {seed}: {one:?} {other:?}");
                    assert!(draft.of_window[other.window].is_empty());
                    beyond += 1;
                }
            }
        }
    }
    assert!(beyond > 10, "{beyond}");
}

#[test]
fn a_column_that_is_fixed_stays_where_it_is() {
    let column = |worth: f64| Column { worth, most: 1.0, entries: vec![(0, 1.0)] };
    let mut lp = Lp::new(&[(0.0, 1.0)], &[column(3.0), column(5.0)], 0).expect("a program");
    let mut solved = || lp.solve(Duration::from_secs(9), false, &|| Duration::ZERO).expect("an answer").values;
    assert_eq!(solved(), [0.0, 1.0]);
    lp.fix(0, 1.0);
    assert_eq!(lp.solve(Duration::from_secs(9), false, &|| Duration::ZERO).expect("an answer").values, [1.0, 0.0]);
}
