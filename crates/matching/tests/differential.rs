//! The planner against other ways to the same plan: a program of every round trip, and one of pairs of gigs. They have nothing in common
//! with it but the solver, and take their rules and times from the oracle.

mod models;
#[allow(dead_code, reason = "the oracle is shared with other tests")]
mod oracle;
mod size;
#[allow(dead_code, reason = "the made-up weeks are shared with other tests")]
mod weeks;

use std::time::Duration;

use matching::plan::{Plan, Status};
use matching::planner::{self, SolveOptions};
use matching::problem::Problem;
use matching::snapshot::Snapshot;
use matching::verify;
use weeks::{Shape, week};

/// A small town over a week.
const TOWN: Shape = Shape { volunteers: 120, gigs: 150, days: 7, two: 15, escorts: 15 };
/// Enough for pairs to matter, few enough for a program of them.
const PAIRS: Shape = Shape { volunteers: 20, gigs: 30, days: 3, two: 15, escorts: 15 };

fn solved(snapshot: &Snapshot) -> Plan {
    let problem = Problem::compile(snapshot).expect("the week is sound");
    let plan = planner::solve(&problem, &SolveOptions::default(), &|| Duration::ZERO, &mut |_| {});
    assert_eq!(verify::check(snapshot, &plan), []);
    plan
}

#[test]
fn a_town_is_planned_as_well_as_by_every_trip_there_is() {
    for seed in 0..size::pick(2, 20) {
        let snapshot = week(TOWN, seed);
        let plan = solved(&snapshot);
        let (best, trips) = models::by_every_trip(&snapshot);
        assert!(trips > 1_000, "seed {seed}: {trips} trips are too few to choose among");
        assert!(best <= plan.bound, "seed {seed}: {best} is above the bound {}", plan.bound);
        assert_eq!((plan.status, plan.objective), (Status::Optimal, best), "seed {seed}, {trips} trips");
    }
}

#[test]
fn two_gigs_a_day_are_planned_as_well_as_by_pairs() {
    for seed in 0..size::pick(15, 150) {
        let mut snapshot = week(PAIRS, seed);
        for row in &mut snapshot.volunteers {
            row.max_gigs_day = row.max_gigs_day.min(2);
        }
        let plan = solved(&snapshot);
        let best = models::by_pairs(&snapshot);
        assert_eq!((plan.status, plan.objective), (Status::Optimal, best), "seed {seed}");
    }
}
