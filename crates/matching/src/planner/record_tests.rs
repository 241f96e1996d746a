//! What the search has reached it reaches again: as good a plan, as close a bound, in no more steps. No clock is asked, so the
//! figures are the same on every machine; a change that reaches more writes them anew.

use std::{cell::Cell, time::Duration};

use super::{SolveOptions, solve, tests::week};
use crate::{problem::Problem, score, verify};

/// What was reached in a week.
struct Record {
    seed: u64,
    volunteers: usize,
    gigs: usize,
    objective: i64,
    bound: i64,
    /// How often the search looked at the clock: before and after each program, those too that only try a decision.
    steps: u32,
}

const fn record(seed: u64, volunteers: usize, gigs: usize, objective: i64, bound: i64, steps: u32) -> Record {
    Record { seed, volunteers, gigs, objective, bound, steps }
}

/// Proven optimal: no other objective can be right.
const PROVEN: [Record; 7] = [
    record(100, 40, 60, 6_641_911, 6_641_911, 131),
    record(102, 40, 60, 6_176_051, 6_176_051, 42),
    record(103, 40, 60, 7_051_798, 7_051_798, 64),
    record(104, 40, 60, 6_179_631, 6_179_631, 46),
    record(105, 40, 60, 7_236_366, 7_236_366, 185),
    // Parts of these are hard to close, and there is much to choose from.
    record(405, 14, 80, 6_460_380, 6_460_380, 214),
    record(439, 20, 60, 6_959_964, 6_959_964, 301),
];
/// Few people with much to choose from; the search may stop at a gap of 0.05 %. The last with soft terms.
const BUSY: [Record; 3] = [
    record(200, 12, 90, 6_052_663, 6_054_595, 29),
    record(201, 12, 90, 5_406_214, 5_406_214, 25),
    record(202, 12, 90, 6_506_930, 6_506_930, 21),
];
/// In tiles.
const DIVIDED: [Record; 3] = [
    record(300, 60, 70, 8_036_232, 8_315_455, 65),
    record(301, 60, 70, 8_710_291, 8_829_131, 65),
    record(302, 60, 70, 6_791_016, 6_792_109, 64),
];

/// Solves a week and holds it against its record.
fn must_be_reached(known: &Record, options: &SolveOptions<'_>, prepare: impl Fn(&mut Problem)) {
    let snapshot = week(known.seed, known.volunteers, known.gigs, known.seed.is_multiple_of(3));
    let mut problem = Problem::compile(&snapshot).expect("sound");
    prepare(&mut problem);
    let steps = Cell::new(0);
    let elapsed = || {
        steps.set(steps.get() + 1);
        Duration::ZERO
    };
    let plan = solve(&problem, options, &elapsed, &mut |_| {});
    let reached = (plan.objective, plan.bound, steps.get());
    let of = format!("seed {}: {reached:?}, {:?}", known.seed, plan.status);
    assert_eq!(verify::check(&snapshot, &plan), [], "{of}");
    // Of two right answers a hair apart in the objective the other may be found; not below it by more, and never above the bound.
    let hair = known.objective / 2_000;
    assert!(plan.objective <= plan.bound && known.objective <= plan.bound, "a bound that is not true, {of}");
    assert!(plan.objective <= known.bound, "better than the bound that was proven, {of}");
    if known.objective == known.bound {
        assert_eq!((plan.objective, plan.bound), (known.objective, known.bound), "{of}");
    }
    assert!(plan.objective + hair >= known.objective && plan.bound <= known.bound + hair, "{of}");
    assert!(steps.get() * 10 <= known.steps * 13, "{of}");
}

#[test]
fn small_weeks_are_proven_in_as_many_steps() {
    let options = SolveOptions { budget: Duration::from_secs(60), ..SolveOptions::default() };
    PROVEN.iter().for_each(|known| must_be_reached(known, &options, |_| ()));
}

#[test]
fn busy_weeks_come_as_close_in_as_many_steps() {
    let options = SolveOptions { budget: Duration::from_secs(60), enough_gap: 0.0005, ..SolveOptions::default() };
    for known in &BUSY {
        must_be_reached(known, &options, |problem| {
            if known.seed == 202 {
                score::apply_pair_bonuses(problem);
            }
        });
    }
}

#[test]
fn divided_weeks_come_as_close_in_as_many_steps() {
    let options = SolveOptions { budget: Duration::from_secs(60), tile_volunteers: 15, ..SolveOptions::default() };
    DIVIDED.iter().for_each(|known| must_be_reached(known, &options, |problem| problem.divided = Some(1)));
}
