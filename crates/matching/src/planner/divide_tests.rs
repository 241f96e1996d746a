//! What a divided search keeps, throws away and looks at last.

use super::*;
use crate::planner::{
    book::Held,
    scene::rich,
    tests::{Content, Dice, promised, week},
    tickets::Tickets,
};

/// Does something with a division of a problem that has not begun.
fn with<R>(problem: &Problem, act: impl FnOnce(&mut Division<'_, '_>) -> R) -> R {
    let (caps, workers) = (Caps::new(problem), Workers::here());
    let options = SolveOptions { budget: Duration::from_secs(60), ..SolveOptions::default() };
    let (elapsed, mut progress) = (|| Duration::ZERO, |_: Progress| {});
    act(&mut Division {
        problem,
        caps: &caps,
        options: &options,
        elapsed: &elapsed,
        progress: &mut progress,
        workers: &workers,
        active: (0..problem.volunteer_count() as u32).collect(),
        tiles: 4,
        book: Book::new(problem),
        other: None,
        idle_s: 0,
        cost: 0,
        stitch: Stitch::new(problem, &caps),
        wanted: Vec::new(),
        bound: stitch::trivial(problem),
        bound_weight: problem.total_weight(),
        stages: Vec::new(),
        hours: Hours::default(),
    })
}

#[test]
fn a_book_that_cannot_be_done_is_worth_less_than_any_other() {
    let problem = Problem::compile(&week(4, 60, 70, false)).expect("sound");
    // Somebody is at all gigs at once.
    let window = (0..problem.windows.len()).max_by_key(|&window| problem.edges.of_window.range(window).len());
    let window = window.expect("there are windows");
    let plan =
        |problem: &Problem, caps: &Caps, start: &Draft| tile::improve(problem, caps, start, 0, Depth::Plan, &|| false);
    with(&problem, |division| {
        assert!(division.pass(1, Turn::Plans, &plan));
        assert!(division.objective() > 0);
        for edge in problem.edges.of_window.range(window) {
            let held = Held { window: window as u32, need: problem.edges.need[edge], meeting: None };
            division.book.of_gig[problem.edges.gig[edge] as usize] = vec![held];
        }
        assert!(division.pass(1, Turn::Plans, &plan));
        assert!(division.objective() < i64::MIN / 4, "{}", division.objective());
    });
}

#[test]
fn what_nobody_can_do_is_in_no_bound() {
    let mut lost = 0;
    for seed in [1, 2, 4, 5] {
        let problem = Problem::compile(&rich(seed, 4, 30)).expect("sound");
        let tickets = Tickets::new(&problem);
        let can_be_done = |gig: usize| tickets.of_gig(gig).iter().any(|&ticket| tickets.is_alive[ticket as usize]);
        let dead: Vec<bool> =
            (0..problem.gig_count()).map(|gig| !problem.gigs.needs.row(gig).is_empty() && !can_be_done(gig)).collect();
        let weight: u64 = (0..dead.len()).filter(|&gig| dead[gig]).map(|gig| u64::from(problem.weight(gig))).sum();
        with(&problem, |division| {
            division.bury();
            assert_eq!(division.stitch.dead, dead, "seed {seed}");
            assert_eq!(division.bound_weight, problem.total_weight() - weight);
            assert_eq!(division.bound, stitch::trivial(&problem) - weight as i64 * WEIGHT_POINTS);
        });
        lost += weight;
    }
    assert!(lost > 50, "{lost}");
}

#[test]
fn what_is_still_open_is_offered_to_everybody_at_last() {
    let problem = Problem::compile(&week(5, 40, 50, true)).expect("sound");
    let quick = Greedy::new(&problem, &Caps::new(&problem)).fill();
    let quick = quick.settle(&problem, &Caps::new(&problem)).expect("can be done").0;
    with(&problem, |division| {
        let finished = |status: Status| division.finish(&division.book, status).expect("nothing can be done");
        assert_eq!(finished(Status::Gap).objective, quick.objective());
        assert_eq!(finished(Status::Greedy).objective, 0);
    });
}

/// Steps of a quick plan, and the plan.
fn quick(problem: &Problem) -> (Vec<Stage>, Plan) {
    let budget = Duration::from_secs(60);
    let options = SolveOptions { greedy_only: true, budget, tile_volunteers: 10, ..SolveOptions::default() };
    let plan = crate::planner::solve(problem, &options, &|| Duration::ZERO, &mut |_| {});
    (plan.stages.clone(), plan)
}

#[test]
fn the_quick_plan_is_worth_what_its_step_says_whoever_is_paused() {
    let (mut ways, mut stray) = (0, 0);
    for seed in 0..6 {
        let mut rows = promised(week(seed, 40, 60, seed % 2 == 0), &mut Dice(seed + 3));
        for (n, row) in rows.volunteers.iter_mut().enumerate() {
            if n % 3 == 0 {
                row.standing = crate::snapshot::Standing::Paused;
            }
            if n % 9 == 0 {
                // What they said yes to lies in no window any more.
                row.windows.clear();
            }
        }
        let mut problem = Problem::compile(&rows).expect("sound");
        if seed % 2 == 0 {
            crate::score::apply_pair_bonuses(&mut problem);
        }
        problem.divided = Some(1);
        let (stages, plan) = quick(&problem);
        assert_eq!(stages.iter().map(|stage| stage.objective).collect::<Vec<_>>(), [plan.objective], "seed {seed}");
        ways += promised_travel_s(&problem, |volunteer| volunteer % 3 == 0);
        stray += fixed_travel_s(&problem);
    }
    assert!(ways > 1_000 && stray > 1_000, "{ways} {stray}");
}

#[test]
fn gigs_promised_to_the_full_stay_in_the_bound() {
    use crate::{
        eligibility::cases::{H, snapshot, volunteer},
        snapshot::{GigRow, Promise, PromiseState, SlotRow, Snapshot, Span, VolunteerRow},
    };
    let row = |n: usize| VolunteerRow { id: format!("v{n}"), skills: Vec::new(), max_gigs_week: 9, ..volunteer() };
    let call = |n: usize| GigRow {
        id: format!("c{n}"),
        kind: "shopping".into(),
        weight: 2,
        windows: vec![Span::new((9 + n as i64) * H, (10 + n as i64) * H)],
        // One for two helpers, who might not find a time.
        slots: vec![SlotRow::default(); 1 + usize::from(n == 0)],
        ..GigRow::default()
    };
    let promises =
        vec![Promise { gig: "c1".into(), slot: 0, volunteer: "v2".into(), start: 10 * H, state: PromiseState::Told }];
    let rows = Snapshot { promises, ..snapshot((0..6).map(row).collect(), (0..5).map(call).collect()) };
    let mut problem = Problem::compile(&rows).expect("sound");
    problem.divided = Some(1);
    let options = SolveOptions { budget: Duration::from_secs(60), tile_volunteers: 2, ..SolveOptions::default() };
    let plan = crate::planner::solve(&problem, &options, &|| Duration::ZERO, &mut |_| {});
    assert_eq!((plan.status, plan.objective, plan.weight), (Status::Optimal, 10 * WEIGHT_POINTS, 10));
    assert!(plan.stages.len() > 2);
    for stage in &plan.stages {
        assert!(stage.bound.is_some_and(|bound| bound >= plan.objective), "{stage:?}");
    }
}

#[test]
fn gigs_of_two_sorts_of_helpers_are_planned_in_tiles_as_in_the_whole() {
    let (mut whole_pairs, mut pairs) = (0, 0);
    for seed in 0..4 {
        let rows = rich(2 * seed, 24, 30);
        let mut problem = Problem::compile(&rows).expect("sound");
        let solved = |problem: &Problem| {
            let budget = Duration::from_secs(60);
            let options = SolveOptions { budget, tile_volunteers: 8, enough_gap: 0.005, ..SolveOptions::default() };
            crate::planner::solve(problem, &options, &|| Duration::ZERO, &mut |_| {})
        };
        let count = |plan: &Plan| plan.assignments.iter().filter(|one| one.seats.len() == 2).count();
        let whole = solved(&problem);
        problem.divided = Some(1);
        let plan = solved(&problem);
        assert_eq!(crate::verify::check(&rows, &plan), [], "seed {seed}");
        assert!(plan.objective <= whole.bound && whole.objective <= plan.bound, "seed {seed}");
        (whole_pairs, pairs) = (whole_pairs + count(&whole), pairs + count(&plan));
    }
    assert!(whole_pairs > 20 && pairs * 10 >= whole_pairs * 8, "{pairs} of {whole_pairs}");
}

#[test]
fn a_search_that_ended_for_lack_of_time_says_so_and_no_other() {
    let mut problem = Problem::compile(&week(301, 24, 30, false)).expect("sound");
    problem.divided = Some(1);
    let run = |budget: u64, tile_volunteers: usize, enough_gap: f64| {
        let asked = std::cell::Cell::new(0);
        let elapsed = || {
            asked.set(asked.get() + 1);
            Duration::from_secs(asked.get())
        };
        let budget = Duration::from_secs(budget);
        let options = SolveOptions { budget, tile_volunteers, enough_gap, ..SolveOptions::default() };
        let plan = crate::planner::solve(&problem, &options, &elapsed, &mut |_| {});
        (plan, Duration::from_secs(asked.get()) >= budget)
    };
    // Several tiles, and one that is good enough at once.
    for (tile_volunteers, enough_gap) in [(10, 0.0), (100, 1.0)] {
        let (all, _) = run(10_000, tile_volunteers, enough_gap);
        assert_eq!((all.status, all.objective < all.bound), (Status::Gap, true));
        let steps = all.stages.last().map_or(0, |stage| stage.elapsed_ms / 1_000);
        let mut gaps = 0;
        for budget in 1..steps + 5 {
            let (plan, is_over) = run(budget, tile_volunteers, enough_gap);
            let is_priced = plan.stages.iter().any(|stage| stage.name == "prices");
            assert!(plan.status != Status::Gap || (is_priced && !is_over), "{budget}: {:?}", plan.stages);
            gaps += usize::from(plan.status == Status::Gap);
        }
        assert!(gaps > 0 && steps > 12, "{gaps} of {steps}");
    }
}

#[test]
fn what_the_tiles_had_is_kept_where_nobody_does_better() {
    let mut kept = 0;
    for seed in 0..12 {
        let mut problem = Problem::compile(&rich(2 * seed, 24, 40)).expect("sound");
        problem.divided = Some(1);
        let budget = Duration::from_secs(60);
        let options = SolveOptions { budget, tile_volunteers: 6, tiles: Some(&Content), ..SolveOptions::default() };
        let plan = crate::planner::solve(&problem, &options, &|| Duration::ZERO, &mut |_| {});
        let (first, last) = (plan.stages[1].objective, plan.stages.last().map_or(0, |stage| stage.objective));
        assert!(plan.objective >= first && plan.objective >= last, "seed {seed}: {:?}", plan.stages);
        kept += usize::from(first == last);
    }
    assert!(kept > 0, "{kept}");
}
