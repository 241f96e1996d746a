//! When a search stops, what it says of that, and what it still does where there is no time for a proof.

use std::{cell::Cell, time::Duration};

use super::{SolveOptions, solve, tests::week};
use crate::{
    plan::{Plan, Status},
    problem::Problem,
};

/// A second for every look at the clock; whether the budget was used up in the end.
fn run(problem: &Problem, budget: u64, enough_gap: f64) -> (Plan, bool) {
    let asked = Cell::new(0);
    let elapsed = || {
        asked.set(asked.get() + 1);
        Duration::from_secs(asked.get())
    };
    let budget = Duration::from_secs(budget);
    let options = SolveOptions { budget, enough_gap, ..SolveOptions::default() };
    let plan = solve(problem, &options, &elapsed, &mut |_| {});
    (plan, Duration::from_secs(asked.get()) >= budget)
}

fn names(plan: &Plan) -> Vec<&'static str> {
    plan.stages.iter().map(|stage| stage.name).collect()
}

/// Seconds that a search took.
fn taken(plan: &Plan) -> u64 {
    plan.stages.last().map_or(0, |stage| stage.elapsed_ms / 1_000)
}

/// Seed, volunteers and gigs.
const WEEKS: [(u64, usize, usize); 2] = [(101, 20, 30), (105, 24, 36)];
/// More than is ever needed.
const FOREVER: u64 = 100_000;

#[test]
fn a_search_that_ran_out_of_time_says_so_and_makes_a_choice_if_there_is_time_for_that() {
    let (mut chosen, mut better, mut proven) = (0, 0, 0);
    for (seed, volunteers, gigs) in WEEKS {
        let problem = Problem::compile(&week(seed, volunteers, gigs, seed % 3 == 0)).expect("sound");
        let (all, _) = run(&problem, FOREVER, 0.0);
        assert_eq!((all.status, names(&all).contains(&"choice")), (Status::Optimal, false), "seed {seed}");
        for budget in (1..taken(&all) * 2).step_by(3) {
            let (plan, is_over) = run(&problem, budget, 0.0);
            let of = format!("seed {seed}, budget {budget}: {:?}, {:?}", plan.status, plan.stages);
            assert_ne!(plan.status, Status::Gap, "{of}");
            assert!(plan.stages.iter().all(|stage| stage.bound.is_some()), "{of}");
            let choice = plan.stages.iter().position(|stage| stage.name == "choice");
            if plan.status == Status::Budget && names(&plan).contains(&"cuts") && !is_over {
                assert!(choice.is_some(), "{of}");
            }
            if let Some(at) = choice {
                chosen += 1;
                better += usize::from(plan.stages[at].objective > plan.stages[at - 1].objective);
            }
            proven += usize::from(plan.status == Status::Optimal);
        }
    }
    assert!(chosen > 5 && better > 0 && proven > 5, "{chosen} choices, {better} of them better, {proven} proven");
}

#[test]
fn a_search_that_has_come_close_enough_ended_by_itself() {
    for (seed, volunteers, gigs) in WEEKS {
        let problem = Problem::compile(&week(seed, volunteers, gigs, seed % 3 == 0)).expect("sound");
        let (all, _) = run(&problem, FOREVER, 0.03);
        assert_eq!((all.status, names(&all).contains(&"choice")), (Status::Gap, false), "seed {seed}");
        for budget in taken(&all)..taken(&all) * 2 {
            let (plan, is_over) = run(&problem, budget, 0.03);
            let steps =
                |plan: &Plan| plan.stages.iter().map(|stage| (stage.objective, stage.bound)).collect::<Vec<_>>();
            if steps(&plan) == steps(&all) && !is_over {
                assert_eq!(plan.status, Status::Gap, "seed {seed}, budget {budget}");
            }
        }
    }
}
