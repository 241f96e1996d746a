//! What hours are worth, on made-up weeks that are solved again without them: never more than the week loses, and mostly all of it.

#[allow(dead_code, reason = "the weeks are shared with other tests")]
mod weeks;

use std::time::Duration;

use matching::demand::{Demanded, demands};
use matching::plan::{Plan, Status, WEIGHT_POINTS};
use matching::planner::{self, SolveOptions};
use matching::problem::{CompileOptions, Problem};
use matching::score;
use matching::snapshot::{GigRow, Point, Promise, PromiseState, Snapshot, Span, VolunteerRow};
use weeks::{H, SMALL, Shape, week};

const CASES: u64 = 60;

fn solve(problem: &Problem, worth_of_hours: bool) -> Plan {
    let options = SolveOptions { budget: Duration::from_secs(600), worth_of_hours, ..SolveOptions::default() };
    planner::solve(problem, &options, &|| Duration::ZERO, &mut |_| {})
}

fn compiled(snapshot: &Snapshot, is_fair: bool) -> Problem {
    let mut problem = Problem::compile(snapshot).expect("the week is sound");
    if is_fair {
        score::apply_pair_bonuses(&mut problem);
    }
    problem
}

/// The week where somebody has promised a whole window to a gig from outside.
fn without(snapshot: &Snapshot, one: &Demanded) -> Snapshot {
    let mut snapshot = snapshot.clone();
    snapshot.gigs.push(GigRow {
        id: "elsewhere".into(),
        kind: "elsewhere".into(),
        duration_s: one.window.end - one.window.start,
        windows: vec![one.window],
        ..GigRow::default()
    });
    snapshot.promises.push(Promise {
        gig: "elsewhere".into(),
        slot: 0,
        volunteer: one.volunteer.clone(),
        start: one.window.start,
        state: PromiseState::Started,
    });
    snapshot
}

fn weight(snapshot: &Snapshot, gig: &str) -> i64 {
    snapshot.gigs.iter().find(|row| row.id == gig).map_or(0, |row| row.weight.into())
}

#[test]
fn no_hours_are_worth_more_than_the_week_loses_without_them() {
    let (mut worths, mut losses, mut count, mut free) = (0, 0, 0, 0_usize);
    for seed in 0..CASES {
        let snapshot = week(SMALL, seed);
        let is_fair = seed % 3 == 0;
        let problem = compiled(&snapshot, is_fair);
        let (plan, quiet) = (solve(&problem, true), solve(&problem, false));
        assert_eq!((plan.digest, plan.objective, plan.bound), (quiet.digest, quiet.objective, quiet.bound));
        assert_eq!((plan.status, quiet.hours.windows.len()), (Status::Optimal, 0), "seed {seed}");
        let gap = plan.hours.bound - plan.objective;
        assert!(gap >= 0, "seed {seed}");
        let seats = plan.assignments.iter().map(|assignment| assignment.seats.len()).sum::<usize>();
        let wanted = demands(&problem, &plan);
        free += seats - wanted.iter().map(|one| one.demand.gigs.len()).sum::<usize>();
        for one in wanted {
            let without = without(&snapshot, &one);
            let other = solve(&compiled(&without, is_fair), false);
            assert_eq!(other.status, Status::Optimal, "seed {seed}");
            let most: i64 = one.demand.gigs.iter().map(|(gig, _)| weight(&snapshot, gig) * WEIGHT_POINTS).sum();
            let loss = plan.objective - (other.objective - WEIGHT_POINTS);
            let worth = i64::from(one.demand.worth_s);
            assert!(is_fair || worth.max(loss) <= most, "seed {seed}: {one:?}, {loss}");
            assert!(worth <= loss + gap, "seed {seed}: {one:?} and {loss} with a gap of {gap}");
            (worths, losses, count) = (worths + worth, losses + loss, count + 1);
        }
    }
    assert!(count > 300 && free > 50, "too easy: {count} windows are wanted, {free} seats are anybody's");
    assert!(worths * 10 > losses * 9, "the prices see {worths} of {losses}");
}

/// One who drives and speaks Arabic, one who drives, and an escort that asks for both.
fn town(speakers: usize) -> Snapshot {
    let mut snapshot = week(Shape { volunteers: 3, gigs: 0, days: 1, two: 0, escorts: 0 }, 1);
    for (at, row) in snapshot.volunteers.iter_mut().enumerate() {
        let home = Point { lat: 60.868, lon: 26.704 + 0.01 * at as f64 };
        *row = VolunteerRow {
            id: row.id.clone(),
            home: Some(home),
            speed_dkmh: 350,
            kinds: vec!["escort".into()],
            languages: vec![if at < speakers { "ar" } else { "fi" }.into()],
            windows: vec![Span::new(8 * H, 16 * H)],
            ..VolunteerRow::default()
        };
    }
    snapshot.gigs.push(GigRow {
        id: "escort".into(),
        kind: "escort".into(),
        place: Some(Point { lat: 60.845, lon: 26.597 }),
        duration_s: 2 * H,
        windows: vec![Span::new(9 * H, 13 * H)],
        languages_any: vec!["ar".into()],
        weight: 4,
        ..GigRow::default()
    });
    snapshot
}

#[test]
fn the_only_one_is_worth_the_gig_and_one_of_two_the_difference() {
    let wanted = |speakers: usize| {
        let problem = compiled(&town(speakers), false);
        demands(&problem, &solve(&problem, true))
    };
    let [one] = &wanted(1)[..] else { panic!("one is wanted") };
    let gigs = &one.demand.gigs;
    assert_eq!((one.volunteer.as_str(), gigs.len(), gigs[0].0.as_str()), ("v00", 1, "escort"));
    let way_s = gigs[0].1 - one.demand.hours.start;
    assert_eq!(one.demand.hours.end, gigs[0].1 + 2 * H + way_s);
    assert_eq!(i64::from(one.demand.worth_s), 4 * WEIGHT_POINTS - 2 * way_s);
    let [nearer] = &wanted(2)[..] else { panic!("the nearer one is wanted") };
    assert_eq!(nearer.volunteer, "v00");
    assert!((1..600).contains(&nearer.demand.worth_s), "{nearer:?}");
}

#[test]
fn divided_weeks_price_hours_as_well() {
    let shape = Shape { volunteers: 40, gigs: 80, days: 4, ..SMALL };
    let (mut worths, mut most) = (0, 0);
    for seed in 0..2 {
        let snapshot = week(shape, seed);
        let options = CompileOptions { whole_edges_max: 0, ..CompileOptions::default() };
        let problem = Problem::compile_with(&snapshot, options).expect("the week is sound");
        assert!(problem.is_divided());
        let plan = solve(&problem, true);
        let quiet = solve(&problem, false);
        assert_eq!((plan.digest, quiet.hours.windows.len()), (quiet.digest, 0), "seed {seed}");
        assert_eq!(plan.hours.bound, plan.bound, "the hours are those of the least bound, seed {seed}");
        let gap = plan.hours.bound - plan.objective;
        let wanted = demands(&problem, &plan);
        for one in wanted.iter().step_by(8) {
            let other = Problem::compile(&without(&snapshot, one)).expect("sound");
            let loss = plan.objective - (solve(&other, false).objective - WEIGHT_POINTS);
            assert!(i64::from(one.demand.worth_s) <= loss + gap + 1, "seed {seed}: {one:?}, {loss}, {gap}");
        }
        worths += wanted.iter().map(|one| i64::from(one.demand.worth_s)).sum::<i64>();
        let gigs = wanted.iter().flat_map(|one| &one.demand.gigs);
        most += gigs.map(|(gig, _)| weight(&snapshot, gig) * WEIGHT_POINTS).sum::<i64>();
    }
    assert!(worths * 4 > most, "the prices see {worths} of at most {most}");
}
