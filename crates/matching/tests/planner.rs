//! What every plan must be, on hundreds of made-up weeks: as good as trying everything where that is possible, never worse
//! than greedy, never above its bound, the same for the same input, and accepted by the referee.

#[allow(dead_code, reason = "the oracle is shared with other tests")]
mod oracle;
mod weeks;

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use matching::{
    plan::{Plan, Status},
    planner::{self, SolveOptions},
    problem::{CompileOptions, Problem},
    score,
    snapshot::{Promise, PromiseState, Snapshot, Span},
    verify,
};
use oracle::Oracle;
use weeks::{Dice, H, SMALL, Shape, week, with_promises};

/// A week small enough to try everything.
const TINY: Shape = Shape { volunteers: 3, gigs: 5, days: 2, two: 25, escorts: 20 };
/// Weeks per property.
const CASES: u64 = 60;

fn solve_with(snapshot: &Snapshot, options: &SolveOptions<'_>) -> Plan {
    solve_problem_with(&Problem::compile(snapshot).expect("the week is sound"), options)
}

#[expect(clippy::disallowed_methods, reason = "a test is an edge: the budget is measured on the real clock")]
fn solve_problem_with(problem: &Problem, options: &SolveOptions<'_>) -> Plan {
    let began = Instant::now();
    planner::solve(problem, options, &|| began.elapsed(), &mut |_| {})
}

fn solve_problem(problem: &Problem) -> Plan {
    solve_problem_with(problem, &SolveOptions { budget: Duration::from_secs(20), ..SolveOptions::default() })
}

fn solve(snapshot: &Snapshot) -> Plan {
    solve_with(snapshot, &SolveOptions { budget: Duration::from_secs(600), ..SolveOptions::default() })
}

fn greedy(snapshot: &Snapshot) -> Plan {
    solve_with(snapshot, &SolveOptions { greedy_only: true, ..SolveOptions::default() })
}

#[test]
fn plan_equals_the_best_of_all_plans_on_tiny_weeks() {
    for seed in 0..2_000 {
        let snapshot = week(TINY, seed);
        let plan = solve(&snapshot);
        assert_eq!(plan.status, Status::Optimal, "seed {seed}: {plan:?}");
        assert_eq!(plan.objective, Oracle::best(&snapshot), "seed {seed}");
        assert_eq!(verify::check(&snapshot, &plan), [], "seed {seed}");
    }
}

#[test]
fn fair_shares_equal_the_best_of_all_plans_on_tiny_weeks() {
    /// A newcomer's gig, and what each gig costs for every one before it in the week, in seconds of travel.
    const NEWCOMER_S: i64 = 600;
    const STEP_S: i64 = 180;
    let mut spread = 0;
    for seed in 0..400 {
        let mut snapshot = week(TINY, seed);
        snapshot.volunteers.iter_mut().for_each(|row| row.familiar.clear());
        let mut problem = Problem::compile(&snapshot).expect("the week is sound");
        score::apply_pair_bonuses(&mut problem);
        let plan = solve_problem(&problem);
        assert_eq!(plan.status, Status::Optimal, "seed {seed}: {plan:?}");
        assert_eq!(plan.objective, Oracle::best_shared(&snapshot, NEWCOMER_S, STEP_S), "seed {seed}");
        assert_eq!(verify::check(&snapshot, &plan), [], "seed {seed}");
        let seats: i64 = plan.assignments.iter().map(|assignment| assignment.seats.len() as i64).sum();
        spread += i64::from(plan.bonus < seats * NEWCOMER_S);
    }
    assert!(spread > 40, "second gigs are too rare to say anything: {spread}");
}

#[test]
fn small_weeks_are_proven_and_stand_between_greedy_and_bound() {
    for seed in 0..CASES {
        let snapshot = week(SMALL, seed);
        let (quick, plan) = (greedy(&snapshot), solve(&snapshot));
        assert_eq!(plan.status, Status::Optimal, "seed {seed}: gap {}", plan.gap());
        assert!(quick.objective <= plan.objective && plan.objective <= plan.bound, "seed {seed}");
        assert!(plan.bound <= quick.bound && plan.weight <= plan.bound_weight, "seed {seed}");
        for plan in [quick, plan] {
            assert_eq!(verify::check(&snapshot, &plan), [], "seed {seed}");
        }
    }
}

#[test]
fn order_of_the_input_never_matters() {
    for seed in 0..CASES {
        let snapshot = with_promises(week(SMALL, seed), seed);
        let mut other = snapshot.clone();
        let mut dice = Dice::new(seed);
        dice.shuffle(&mut other.volunteers);
        dice.shuffle(&mut other.gigs);
        dice.shuffle(&mut other.promises);
        other.gigs.iter_mut().for_each(|gig| dice.shuffle(&mut gig.windows));
        other.volunteers.iter_mut().for_each(|row| dice.shuffle(&mut row.windows));
        let (a, b) = (solve(&snapshot), solve(&other));
        assert_eq!((a.digest, &a.assignments), (b.digest, &b.assignments), "seed {seed}");
    }
}

#[test]
fn one_and_two_threads_make_the_same_plan() {
    for seed in 0..CASES {
        let snapshot = week(SMALL, seed);
        let with = |threads| {
            solve_with(
                &snapshot,
                &SolveOptions { threads, budget: Duration::from_secs(600), ..SolveOptions::default() },
            )
        };
        let (a, b) = (with(1), with(2));
        assert_eq!((a.digest, a.objective, a.bound), (b.digest, b.objective, b.bound), "seed {seed}");
    }
}

#[test]
fn promises_are_kept_whatever_they_cost() {
    for seed in 0..CASES {
        let snapshot = with_promises(week(SMALL, seed), seed);
        let plan = solve(&snapshot);
        assert_eq!(verify::check(&snapshot, &plan), [], "seed {seed}");
        for promise in &snapshot.promises {
            let kept = plan.assignment(&promise.gig).expect("promised gigs are in the plan");
            assert_eq!(kept.start, promise.start, "seed {seed}");
            assert!(
                kept.seats.iter().any(|seat| seat.slot == promise.slot && seat.volunteer == promise.volunteer),
                "seed {seed}"
            );
        }
        assert!(plan.objective <= plan.bound && greedy(&snapshot).objective <= plan.objective, "seed {seed}");
    }
}

#[test]
fn only_promises_under_way_stay_where_moving_is_allowed() {
    for seed in 0..CASES {
        let snapshot = with_promises(week(SMALL, seed), seed);
        let problem = Problem::compile_with(
            &snapshot,
            CompileOptions { allow_moving_promises: true, ..CompileOptions::default() },
        )
        .expect("sound");
        let plan = planner::solve(&problem, &SolveOptions::default(), &|| Duration::ZERO, &mut |_| {});
        let breaches = verify::check_moved(&snapshot, &plan);
        assert_eq!(breaches, [], "seed {seed}");
    }
}

#[test]
fn promise_that_fits_no_window_any_more_is_kept_and_its_time_is_left_alone() {
    let mut snapshot = week(SMALL, 3);
    let (gig, volunteer) = (snapshot.gigs[0].id.clone(), snapshot.volunteers[0].id.clone());
    let window = snapshot.volunteers[0].windows[0];
    snapshot.promises =
        vec![Promise { gig: gig.clone(), slot: 0, volunteer, start: window.end - 600, state: PromiseState::Told }];
    let plan = solve(&snapshot);
    assert_eq!(verify::check(&snapshot, &plan), []);
    assert!(plan.assignment(&gig).is_some());
}

#[test]
fn one_more_volunteer_never_makes_the_best_plan_worse() {
    for seed in 0..CASES {
        let mut snapshot = week(SMALL, seed);
        let mut extra = week(SMALL, seed + 1_000).volunteers.remove(0);
        extra.id = "newcomer".into();
        let before = solve(&snapshot);
        snapshot.volunteers.push(extra);
        let after = solve(&snapshot);
        assert_eq!((before.status, after.status), (Status::Optimal, Status::Optimal), "seed {seed}");
        assert!(before.objective <= after.objective, "seed {seed}");
    }
}

#[test]
fn wider_windows_and_higher_caps_never_make_the_best_plan_worse() {
    for seed in 0..CASES {
        let snapshot = week(SMALL, seed);
        let before = solve(&snapshot);
        let mut wider = snapshot.clone();
        for row in &mut wider.volunteers {
            row.windows.iter_mut().for_each(|span| *span = Span::new(span.start - H / 2, span.end + H / 2));
            row.max_gigs_day += 1;
            row.max_gigs_week += 1;
            row.max_travel_s += 600;
        }
        let after = solve(&wider);
        assert_eq!(after.status, Status::Optimal, "seed {seed}");
        assert!(before.objective <= after.objective, "seed {seed}: {} and {}", before.objective, after.objective);
    }
}

#[test]
fn shifting_a_week_changes_nothing_else() {
    for seed in 0..10 {
        let snapshot = week(SMALL, seed);
        let mut later = snapshot.clone();
        let by = 7 * 24 * H;
        let shift =
            |spans: &mut Vec<Span>| spans.iter_mut().for_each(|span| *span = Span::new(span.start + by, span.end + by));
        for row in &mut later.volunteers {
            shift(&mut row.windows);
            row.skills.iter_mut().for_each(|held| held.valid_until = held.valid_until.map(|until| until + by));
        }
        for gig in &mut later.gigs {
            shift(&mut gig.windows);
            gig.agreed_start = gig.agreed_start.map(|start| start + by);
        }
        later.day_starts.iter_mut().for_each(|start| *start += by);
        later.week_starts.iter_mut().for_each(|start| *start += by);
        assert_eq!(solve(&snapshot).objective, solve(&later).objective, "seed {seed}");
    }
}

#[test]
fn weeks_with_nothing_in_them_are_optimal_at_once() {
    for shape in
        [Shape { gigs: 0, ..SMALL }, Shape { volunteers: 0, ..SMALL }, Shape { gigs: 0, volunteers: 0, ..SMALL }]
    {
        let snapshot = week(shape, 1);
        let plan = solve(&snapshot);
        assert_eq!((plan.status, plan.weight, plan.bound_weight, plan.objective), (Status::Optimal, 0, 0, 0));
    }
}

#[test]
fn run_without_time_returns_the_greedy_plan_and_says_so() {
    let snapshot = week(SMALL, 5);
    let plan = solve_with(&snapshot, &SolveOptions { budget: Duration::ZERO, ..SolveOptions::default() });
    let quick = greedy(&snapshot);
    assert_eq!((plan.status, plan.digest), (Status::Greedy, quick.digest));
    assert_eq!(verify::check(&snapshot, &plan), []);
}

#[test]
fn cancelled_run_returns_what_it_has() {
    let snapshot = week(Shape { volunteers: 40, gigs: 60, ..SMALL }, 2);
    let asked = Cell::new(0);
    let is_cancelled = || {
        asked.set(asked.get() + 1);
        asked.get() > 3
    };
    let plan = solve_with(&snapshot, &SolveOptions { is_cancelled: &is_cancelled, ..SolveOptions::default() });
    assert_ne!(plan.status, Status::Optimal);
    assert!(greedy(&snapshot).objective <= plan.objective && plan.objective <= plan.bound);
    assert_eq!(verify::check(&snapshot, &plan), []);
}

#[test]
fn progress_tells_steps_that_only_get_better() {
    let problem = Problem::compile(&week(SMALL, 8)).expect("sound");
    let mut told = Vec::new();
    planner::solve(&problem, &SolveOptions::default(), &|| Duration::ZERO, &mut |progress| told.push(progress));
    assert_eq!(told[0].stage, "greedy");
    for pair in told.windows(2) {
        assert!(pair[0].objective <= pair[1].objective && pair[1].bound <= pair[0].bound, "{pair:?}");
    }
}
