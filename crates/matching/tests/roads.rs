//! Times of roads instead of straight lines: whatever a table says, plans are as good as trying everything, the referee reads it too, and
//! nobody is missed.

#[allow(dead_code, reason = "other tests ask it more")]
mod oracle;
#[path = "roads/mod.rs"]
mod roads;
mod weeks;

use std::sync::Arc;
use std::time::{Duration, Instant};

use matching::eligibility::check;
use matching::plan::{Plan, Status};
use matching::planner::{self, SolveOptions};
use matching::problem::Problem;
use matching::snapshot::{GigRow, HeldSkill, Point, SlotRow, Snapshot, Span, VolunteerRow};
use matching::travel::{Bounds, Entry, Spot, Table, blocks};
use matching::verify;
use oracle::Oracle;
use weeks::{Dice, H, SMALL, Shape, week, with_promises};

/// A week small enough to try everything, order by order.
const TINY: Shape = Shape { volunteers: 3, gigs: 4, days: 2, two: 20, escorts: 20 };

#[expect(clippy::disallowed_methods, reason = "a test is an edge: the budget is measured on the real clock")]
fn solve(snapshot: &Snapshot) -> Plan {
    let problem = Problem::compile(snapshot).expect("the week is sound");
    let began = Instant::now();
    let options = SolveOptions { budget: Duration::from_secs(20), ..SolveOptions::default() };
    planner::solve(&problem, &options, &|| began.elapsed(), &mut |_| {})
}

/// Much to do in little time: trips of several gigs, in which it matters over which way somebody goes.
fn crowded(seed: u64) -> Snapshot {
    let mut dice = Dice::new(seed);
    let mut snapshot = week(Shape { volunteers: 2, gigs: 5, days: 1, two: 20, escorts: 10 }, seed);
    for row in &mut snapshot.volunteers {
        row.windows = vec![Span::new(9 * H, 9 * H + dice.roll(6, 12) * 900)];
        row.kinds = ["errand", "call", "escort"].map(String::from).to_vec();
        row.skills = ["car", "first_aid"].map(HeldSkill::lasting).to_vec();
        (row.max_gigs_day, row.max_gigs_week) = (4, 4);
        (row.speed_dkmh, row.max_travel_s) = (350, 3_600);
    }
    for row in &mut snapshot.gigs {
        row.duration_s = 300 * dice.roll(1, 4);
        let start = 9 * H + dice.roll(0, 4) * 900;
        row.windows = vec![Span::new(start, start + row.duration_s + dice.roll(4, 12) * 900)];
        row.agreed_start = None;
    }
    snapshot
}

#[test]
fn plan_equals_the_best_of_all_plans_on_any_roads() {
    let mut changed = 0;
    let weeks = (0..200).map(|seed| (seed, week(TINY, seed))).chain((1_000..1_400).map(|seed| (seed, crowded(seed))));
    for (seed, straight) in weeks {
        let snapshot = Snapshot { table: Some(roads::table(&straight, seed)), ..straight.clone() };
        let plan = solve(&snapshot);
        assert_eq!(plan.status, Status::Optimal, "seed {seed}: {plan:?}");
        assert_eq!(plan.objective, Oracle::best(&snapshot), "seed {seed}");
        assert_eq!(verify::check(&snapshot, &plan), [], "seed {seed}");
        changed += usize::from(!verify::check(&straight, &plan).is_empty());
    }
    assert!(changed > 200, "the roads hardly matter: {changed}");
}

#[test]
fn what_is_asked_for_is_all_that_a_plan_hangs_on() {
    for seed in 0..40 {
        let week = with_promises(week(SMALL, seed), seed);
        let whole = roads::table(&week, seed);
        let asked = roads::only(&whole, &blocks(&week, &roads::bounds()));
        assert!(asked.len() <= whole.len());
        let with = |table: &Arc<Table>| Snapshot { table: Some(Arc::clone(table)), ..week.clone() };
        let (all, part) = (solve(&with(&whole)), solve(&with(&asked)));
        assert_eq!((all.digest, all.travel_s, all.bound), (part.digest, part.travel_s, part.bound), "seed {seed}");
        assert_eq!(verify::check(&with(&whole), &part), [], "seed {seed}");
        assert!(all.objective <= all.bound && all.weight <= all.bound_weight, "seed {seed}");
    }
}

/// A driver at the centre of Kouvola, free for a day, with a limit of half an hour.
fn driver() -> VolunteerRow {
    VolunteerRow {
        id: "v".into(),
        home: Some(CENTRE),
        speed_dkmh: 350,
        max_travel_s: 1_800,
        skills: vec![HeldSkill::lasting("car")],
        languages: vec!["fi".into()],
        kinds: vec!["shopping".into()],
        windows: vec![Span::new(8 * H, 16 * H)],
        max_gigs_day: 3,
        max_gigs_week: 3,
        ..VolunteerRow::default()
    }
}

fn gig(id: &str, place: Point) -> GigRow {
    GigRow {
        id: id.into(),
        kind: "shopping".into(),
        place: Some(place),
        duration_s: H,
        windows: vec![Span::new(9 * H, 13 * H)],
        slots: vec![SlotRow::default()],
        ..GigRow::default()
    }
}

const CENTRE: Point = Point { lat: 60.868, lon: 26.704 };
const KORIA: Point = Point { lat: 60.845, lon: 26.597 };
/// 32 km north of the centre: 42 km along the way, 72 minutes at 35 km/h.
const NORTH: Point = Point { lat: 61.156, lon: 26.704 };

fn town(gigs: Vec<GigRow>, times: &[(Point, Point, Option<u32>)]) -> Snapshot {
    let bounds = Bounds::new(10, &[(350, 1_200)]).expect("a resolution");
    let cell = |point: Point| bounds.cell(Spot::from(point)).expect("a cell");
    let entries = times
        .iter()
        .map(|&(from, to, seconds)| Entry { speed_dkmh: 350, from: cell(from), to: cell(to), seconds })
        .collect();
    Snapshot {
        volunteers: vec![driver()],
        gigs,
        day_starts: vec![0, 24 * H],
        week_starts: vec![0],
        table: Some(Arc::new(Table::new(bounds.clone(), entries))),
        ..Snapshot::default()
    }
}

#[test]
fn nobody_is_sent_where_no_way_leads() {
    for (there, back) in [(None, Some(600)), (Some(600), None), (None, None)] {
        let snapshot = town(vec![gig("g", KORIA)], &[(CENTRE, KORIA, there), (KORIA, CENTRE, back)]);
        let plan = solve(&snapshot);
        assert_eq!((plan.gigs_filled, plan.bound_weight), (0, 0), "{there:?} {back:?}");
        let straight = Snapshot { table: None, ..snapshot.clone() };
        let sent = solve(&straight);
        assert_eq!(sent.gigs_filled, 1, "on the straight line it can be done");
        assert!(!verify::check(&snapshot, &sent).is_empty(), "the referee reads the roads: {there:?} {back:?}");
    }
}

#[test]
fn a_way_back_over_another_gig_is_found_where_the_direct_one_does_not_exist() {
    let near = Point { lat: 60.850, lon: 26.620 };
    let times = [
        (CENTRE, KORIA, Some(600)),
        (KORIA, CENTRE, None),
        (KORIA, near, Some(120)),
        (near, CENTRE, Some(500)),
        (CENTRE, near, None),
        (near, KORIA, None),
    ];
    let snapshot = town(vec![gig("a", KORIA), gig("b", near)], &times);
    // The other gig's place is in reach of nobody's home: only the first may be asked for, and it leads nowhere.
    assert_eq!(solve(&snapshot).gigs_filled, 0);
    let mut open = times;
    open[4].2 = Some(900);
    let snapshot = town(vec![gig("a", KORIA), gig("b", near)], &open);
    let plan = solve(&snapshot);
    assert_eq!((plan.gigs_filled, plan.travel_s), (2, 600 + 120 + 500));
    assert_eq!(verify::check(&snapshot, &plan), []);
}

#[test]
fn a_road_that_is_quicker_than_the_line_reaches_further() {
    let times = [(CENTRE, NORTH, Some(1_500)), (NORTH, CENTRE, Some(1_700))];
    let snapshot = town(vec![gig("g", NORTH)], &times);
    let problem = Problem::compile(&snapshot).expect("sound");
    assert!(check(&problem, 0, 0, 0).is_empty());
    let plan = solve(&snapshot);
    assert_eq!((plan.gigs_filled, plan.travel_s), (1, 3_200), "there and back are not the same");
    assert_eq!(verify::check(&snapshot, &plan), []);
    assert_eq!(solve(&Snapshot { table: None, ..snapshot }).gigs_filled, 0, "72 minutes are over the limit");
}
