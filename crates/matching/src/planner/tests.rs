//! What only the inside can test: the search of a window against trying everything, and a divided problem against the whole.

use std::time::Duration;

use super::{SolveOptions, TileAnswer, TilePair, TileRunner, TileTask, hunt::Hunt, parts::SCALE, run_tile, solve};
use crate::{
    eligibility::cases::{CENTRE, H, snapshot},
    plan::{Plan, Status},
    problem::Problem,
    snapshot::{GigRow, Point, Promise, PromiseState, SlotRow, Snapshot, Span, VolunteerRow},
    tour::Round,
    verify,
};

/// Even numbers, the same on every machine.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, from: i64, to: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        from + ((self.0 >> 33) as i64).rem_euclid(to - from + 1)
    }

    fn point(&mut self) -> Point {
        Point {
            lat: CENTRE.lat + self.roll(-900, 900) as f64 / 10_000.0,
            lon: CENTRE.lon + self.roll(-1_800, 1_800) as f64 / 10_000.0,
        }
    }
}

pub(super) fn week(seed: u64, volunteers: usize, gigs: usize, escorts: bool) -> Snapshot {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1);
    let volunteer = |n: usize, dice: &mut Dice| VolunteerRow {
        id: format!("v{n:03}"),
        home: Some(dice.point()),
        speed_dkmh: [45, 140, 350][dice.roll(0, 2) as usize],
        max_travel_s: dice.roll(6, 12) * 300,
        kinds: vec!["visit".into()],
        windows: (0..3)
            .map(|day| {
                let start = day * 24 * H + dice.roll(32, 44) * 900;
                Span::new(start, start + dice.roll(8, 20) * 900)
            })
            .collect(),
        max_gigs_day: dice.roll(1, 3) as u32,
        max_gigs_week: dice.roll(1, 4) as u32,
        ..VolunteerRow::default()
    };
    let gig = |n: usize, dice: &mut Dice| {
        let start = dice.roll(0, 2) * 24 * H + dice.roll(32, 56) * 900;
        let duration_s = dice.roll(1, 5) * 900;
        GigRow {
            id: format!("g{n:03}"),
            kind: "visit".into(),
            place: (dice.roll(0, 3) > 0).then(|| dice.point()),
            destination: (escorts && dice.roll(0, 3) == 0).then(|| dice.point()),
            duration_s,
            windows: vec![Span::new(start, start + duration_s + dice.roll(0, 8) * 900)],
            slots: vec![SlotRow::default(); if dice.roll(0, 6) == 0 { 2 } else { 1 }],
            weight: 1 << dice.roll(0, 4),
            ..GigRow::default()
        }
    };
    let volunteers = (0..volunteers).map(|n| volunteer(n, &mut dice)).collect();
    let gigs = (0..gigs).map(|n| gig(n, &mut dice)).collect();
    snapshot(volunteers, gigs)
}

/// A week some of whose gigs are promised as a quick plan has them.
pub(super) fn promised(mut week: Snapshot, dice: &mut Dice) -> Snapshot {
    let problem = Problem::compile(&week).expect("sound");
    let options = SolveOptions { greedy_only: true, ..SolveOptions::default() };
    let plan = solve(&problem, &options, &|| Duration::ZERO, &mut |_| {});
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

#[test]
fn search_of_a_window_finds_what_trying_every_set_finds() {
    let mut compared = 0;
    for seed in 0..120 {
        let problem = Problem::compile(&week(seed, 2, 7, seed % 3 == 0)).expect("sound");
        let mut dice = Dice(seed + 77);
        for window in 0..problem.windows.len() {
            let edges: Vec<u32> = problem.edges.of_window.range(window).map(|edge| edge as u32).collect();
            let round = Round::with_edges(&problem, window, edges.into_iter());
            let count = round.items.len();
            if count == 0 || count > 9 {
                continue;
            }
            let mut rewards: Vec<i64> = (0..count).map(|_| dice.roll(-400, 4_000) * SCALE).collect();
            rewards.sort_unstable_by(|a, b| b.cmp(a));
            let room = dice.roll(1, 4) as usize;
            let mut best = 0;
            for mask in 1_usize..1 << count {
                let items: Vec<u16> = (0..count).filter(|item| mask >> item & 1 == 1).map(|item| item as u16).collect();
                let is_twice = items
                    .iter()
                    .any(|&a| items.iter().any(|&b| a < b && round.same_gig(usize::from(a), usize::from(b))));
                if items.len() > room || is_twice {
                    continue;
                }
                if let Some(tour) = round.best_order(&items) {
                    let reward: i64 = items.iter().map(|&item| rewards[usize::from(item)]).sum();
                    best = best.max(reward - tour.travel_s * SCALE);
                }
            }
            let hunt = Hunt { round: &round, rewards: &rewards, second: SCALE, room, most: 100_000 };
            let mut found = 0;
            let missed = hunt.run(0, &mut |_, _, gain| {
                found = gain.max(found);
                found
            });
            assert_eq!((found, missed), (best, None), "seed {seed}, window {window}");
            compared += 1;
        }
    }
    assert!(compared > 200, "{compared}");
}

fn planned(problem: &Problem, threads: usize, greedy_only: bool) -> Plan {
    let options = SolveOptions { threads, greedy_only, budget: Duration::from_secs(60), ..SolveOptions::default() };
    solve(problem, &options, &|| Duration::ZERO, &mut |_| {})
}

#[test]
fn divided_problem_is_planned_soundly_and_bounded_truly() {
    for seed in 0..12 {
        let snapshot = week(seed, 60, 70, seed % 3 == 0);
        let mut problem = Problem::compile(&snapshot).expect("sound");
        let whole = planned(&problem, 1, false);
        assert_eq!(whole.status, Status::Optimal, "seed {seed}");
        problem.divided = Some(1_700_000);
        let quick = planned(&problem, 1, true);
        let (one, two) = (planned(&problem, 1, false), planned(&problem, 2, false));
        assert_eq!((one.digest, one.bound), (two.digest, two.bound), "seed {seed}");
        for plan in [&quick, &one] {
            assert_eq!(verify::check(&snapshot, plan), [], "seed {seed}");
            assert!(plan.objective <= whole.objective && whole.objective <= plan.bound, "seed {seed}");
        }
        assert!(quick.objective <= one.objective, "seed {seed}");
        let loose = one.bound - whole.objective;
        assert!(loose * 20 <= whole.objective, "seed {seed}: {loose} above {}", whole.objective);
        let lost = whole.objective - one.objective;
        assert!(lost * 10 <= whole.objective, "seed {seed}: {lost} of {}", whole.objective);
    }
}

#[test]
fn divided_problem_without_time_has_the_quick_plan() {
    let snapshot = week(3, 60, 70, false);
    let mut problem = Problem::compile(&snapshot).expect("sound");
    problem.divided = Some(1_700_000);
    let options = SolveOptions { budget: Duration::ZERO, ..SolveOptions::default() };
    let plan = solve(&problem, &options, &|| Duration::ZERO, &mut |_| {});
    assert_eq!((plan.status, plan.digest), (Status::Greedy, planned(&problem, 1, true).digest));
    assert!(plan.weight > 0);
}

/// Another process: it compiles rows of its own, answers so many tasks of a batch, and what it answers may be bent.
struct Elsewhere<'b> {
    problem: Problem,
    answered: usize,
    bend: &'b dyn Fn(&mut TileAnswer),
    asked: std::cell::Cell<usize>,
}

impl TileRunner for Elsewhere<'_> {
    fn width(&self) -> usize {
        3
    }

    fn run(&self, _: &Problem, tasks: &[TileTask], _: &dyn Fn() -> bool) -> Vec<Option<TileAnswer>> {
        self.asked.set(self.asked.get() + tasks.len());
        let answer = |task: &TileTask| {
            let mut answer = run_tile(&self.problem, task, &|| false).expect("the rows are known");
            (self.bend)(&mut answer);
            Some(answer)
        };
        tasks.iter().take(self.answered).map(answer).collect()
    }
}

fn elsewhere<'b>(snapshot: &Snapshot, answered: usize, bend: &'b dyn Fn(&mut TileAnswer)) -> Elsewhere<'b> {
    let problem = Problem::compile(snapshot).expect("sound");
    Elsewhere { problem, answered, bend, asked: std::cell::Cell::default() }
}

fn shared(problem: &Problem, others: &Elsewhere<'_>) -> Plan {
    let options = SolveOptions {
        tiles: Some(others),
        tile_volunteers: 15,
        budget: Duration::from_secs(60),
        ..SolveOptions::default()
    };
    solve(problem, &options, &|| Duration::ZERO, &mut |_| {})
}

/// A week of four tiles and its plan by one process.
fn four_tiles(seed: u64) -> (Snapshot, Problem, Plan) {
    let snapshot = week(seed, 60, 70, seed.is_multiple_of(3));
    let mut problem = Problem::compile(&snapshot).expect("sound");
    problem.divided = Some(1);
    let options = SolveOptions { tile_volunteers: 15, budget: Duration::from_secs(60), ..SolveOptions::default() };
    let plan = solve(&problem, &options, &|| Duration::ZERO, &mut |_| {});
    (snapshot, problem, plan)
}

#[test]
fn tiles_planned_elsewhere_give_the_same_plan() {
    for seed in 0..4 {
        let (mut snapshot, problem, alone) = four_tiles(seed);
        // Rows that came since have other numbers there.
        snapshot.volunteers.push(VolunteerRow { id: "a new one".into(), ..snapshot.volunteers[0].clone() });
        snapshot.gigs.push(GigRow { id: "a new one".into(), ..snapshot.gigs[0].clone() });
        for answered in [1, 3] {
            let others = elsewhere(&snapshot, answered, &|_| ());
            let plan = shared(&problem, &others);
            assert_eq!(others.asked.get(), 8, "four tiles in each turn of plans");
            assert_eq!((plan.digest, plan.bound), (alone.digest, alone.bound), "seed {seed}");
        }
    }
}

#[test]
fn answers_that_cannot_be_are_not_believed() {
    let (snapshot, problem, alone) = four_tiles(1);
    let nobody = TilePair { gig: 0, volunteer: 999, window: 0, need: 0, meeting: None };
    let bends: [&dyn Fn(&mut TileAnswer); 6] = [
        &|answer| answer.held.clear(),
        &|answer| answer.held.push(nobody),
        &|answer| answer.held.extend(answer.held.first().copied()),
        &|answer| answer.held.iter_mut().for_each(|pair| pair.window += 1),
        &|answer| answer.held.iter_mut().for_each(|pair| pair.need += 1),
        &|answer| answer.held.iter_mut().for_each(|pair| pair.meeting = Some(0)),
    ];
    for (number, bend) in bends.into_iter().enumerate() {
        let plan = shared(&problem, &elsewhere(&snapshot, 3, bend));
        assert_eq!((plan.digest, plan.bound), (alone.digest, alone.bound), "bend {number}");
    }
}

/// Somebody who finds every tile good as it is.
pub(super) struct Content;

impl TileRunner for Content {
    fn width(&self) -> usize {
        64
    }

    fn run(&self, _: &Problem, tasks: &[TileTask], _: &dyn Fn() -> bool) -> Vec<Option<TileAnswer>> {
        tasks.iter().map(|task| Some(TileAnswer { held: task.held.clone() })).collect()
    }
}

#[test]
fn answers_that_can_be_are_taken_and_the_bound_stays_true() {
    let mut worse = 0;
    for seed in 0..4 {
        let (snapshot, problem, alone) = four_tiles(seed);
        let options = SolveOptions {
            tiles: Some(&Content),
            tile_volunteers: 15,
            budget: Duration::from_secs(60),
            ..SolveOptions::default()
        };
        let plan = solve(&problem, &options, &|| Duration::ZERO, &mut |_| {});
        assert_eq!(verify::check(&snapshot, &plan), [], "seed {seed}");
        assert!(plan.bound >= alone.objective, "seed {seed}");
        // What was planned before they were asked is not thrown away.
        assert!(plan.stages.iter().all(|stage| stage.objective <= plan.objective), "seed {seed}");
        worse += usize::from(plan.objective < alone.objective);
    }
    assert!(worse > 0, "nobody's answer was taken");
}

#[test]
fn a_tile_of_unknown_rows_or_one_cancelled_has_no_answer() {
    let (_, problem, _) = four_tiles(2);
    let tile = |volunteers: &[&str]| TileTask {
        volunteers: volunteers.iter().map(|&id| id.to_owned()).collect(),
        gigs: vec!["g001".into(), "g002".into()],
        ..TileTask::default()
    };
    assert!(run_tile(&problem, &tile(&["v001", "v002"]), &|| false).is_some());
    assert!(run_tile(&problem, &tile(&["v001", "v002"]), &|| true).is_none());
    for strange in [["v001", "v999"], ["v002", "v001"], ["v001", "v001"]] {
        assert!(run_tile(&problem, &tile(&strange), &|| false).is_none(), "{strange:?}");
    }
}
