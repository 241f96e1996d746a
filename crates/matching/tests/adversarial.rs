//! Weeks made to trip a planner up: windows of no length, midnight, clock changes, everybody in one place, nobody moving, one order that
//! works, helpers who cannot meet. What must come out is known beforehand.

use std::time::Duration;

use matching::plan::{Plan, Status};
use matching::planner::{self, SolveOptions};
use matching::problem::Problem;
use matching::snapshot::{GigRow, Point, SlotRow, Snapshot, Span, VolunteerRow};
use matching::verify;

const H: i64 = 3600;
const CENTRE: Point = Point { lat: 60.868, lon: 26.704 };
const KORIA: Point = Point { lat: 60.845, lon: 26.597 };
/// By car from the centre to Koria.
const WAY: i64 = 847;

fn driver(id: &str, from: i64, until: i64) -> VolunteerRow {
    VolunteerRow {
        id: id.into(),
        home: Some(CENTRE),
        speed_dkmh: 350,
        max_travel_s: 7_200,
        kinds: vec!["visit".into()],
        windows: vec![Span::new(from, until)],
        max_gigs_day: 9,
        max_gigs_week: 9,
        ..VolunteerRow::default()
    }
}

fn visit(id: &str, place: Option<Point>, from: i64, until: i64) -> GigRow {
    GigRow {
        id: id.into(),
        kind: "visit".into(),
        place,
        duration_s: H,
        windows: vec![Span::new(from, until)],
        ..GigRow::default()
    }
}

fn for_two(gig: GigRow) -> GigRow {
    GigRow { slots: vec![SlotRow::default(); 2], ..gig }
}

fn week(volunteers: Vec<VolunteerRow>, gigs: Vec<GigRow>) -> Snapshot {
    let day_starts = (-1..8).map(|day| day * 24 * H).collect();
    Snapshot { volunteers, gigs, day_starts, week_starts: vec![-24 * H], ..Snapshot::default() }
}

/// The proven best plan.
fn best(snapshot: &Snapshot) -> Plan {
    let problem = Problem::compile(snapshot).expect("the week is sound");
    let plan = planner::solve(&problem, &SolveOptions::default(), &|| Duration::ZERO, &mut |_| {});
    assert_eq!(verify::check(snapshot, &plan), []);
    assert_eq!((plan.status, plan.bound, plan.bound_weight), (Status::Optimal, plan.objective, plan.weight));
    plan
}

/// The gigs of the proven best plan.
fn filled(volunteers: Vec<VolunteerRow>, gigs: Vec<GigRow>) -> Vec<String> {
    best(&week(volunteers, gigs)).assignments.into_iter().map(|assignment| assignment.gig).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn windows_of_no_length_hold_nothing() {
    let day = || driver("v", 8 * H, 16 * H);
    let call = |from, until| visit("c", None, from, until);
    assert_eq!(filled(vec![driver("v", 9 * H, 9 * H)], vec![call(8 * H, 12 * H)]), NONE);
    assert_eq!(filled(vec![day()], vec![call(9 * H, 9 * H + H - 1)]), NONE);
    assert_eq!(filled(vec![day()], vec![call(9 * H, 10 * H)]), ["c"]);
    assert_eq!(filled(vec![driver("v", 9 * H, 10 * H)], vec![call(9 * H, 10 * H)]), ["c"]);
    let many = VolunteerRow { windows: vec![Span::new(9 * H, 9 * H); 5], ..day() };
    assert_eq!(filled(vec![many], vec![call(8 * H, 12 * H)]), NONE);
    assert_eq!(filled(vec![VolunteerRow { windows: vec![], ..day() }], vec![call(8 * H, 12 * H)]), NONE);
}

#[test]
fn a_window_is_enough_to_the_second() {
    let koria = || visit("k", Some(KORIA), 9 * H, 10 * H);
    assert_eq!(filled(vec![driver("v", 9 * H - WAY, 10 * H + WAY)], vec![koria()]), ["k"]);
    assert_eq!(filled(vec![driver("v", 9 * H - WAY + 1, 10 * H + WAY)], vec![koria()]), NONE);
    assert_eq!(filled(vec![driver("v", 9 * H - WAY, 10 * H + WAY - 1)], vec![koria()]), NONE);
}

#[test]
fn midnight_begins_another_day() {
    let day = |from: i64, until: i64| Span::new(from, until);
    let nights =
        VolunteerRow { max_gigs_day: 1, windows: vec![day(20 * H, 24 * H), day(24 * H, 28 * H)], ..driver("v", 0, 0) };
    let calls = || vec![visit("a", None, 22 * H, 24 * H), visit("b", None, 24 * H, 26 * H)];
    assert_eq!(filled(vec![nights.clone()], calls()), ["a", "b"], "one before midnight and one after");
    let late = vec![visit("a", None, 21 * H, 22 * H), visit("b", None, 23 * H, 24 * H)];
    assert_eq!(filled(vec![nights], late).len(), 1, "both before midnight");
    let before_time = vec![visit("a", None, -3 * H, -H), visit("b", None, 2 * H, 4 * H)];
    let around_nothing =
        VolunteerRow { max_gigs_day: 1, windows: vec![day(-5 * H, 0), day(0, 5 * H)], ..driver("v", 0, 0) };
    assert_eq!(filled(vec![around_nothing], before_time), ["a", "b"]);
}

#[test]
fn a_window_across_midnight_breaks_no_cap_and_hides_no_better_plan() {
    let calls = || vec![visit("a", None, 22 * H, 24 * H), visit("b", None, 24 * H, 26 * H)];
    for (cap, fewest) in [(1, 1), (2, 2)] {
        let night = VolunteerRow { max_gigs_day: cap, ..driver("v", 22 * H, 27 * H) };
        let snapshot = week(vec![night], calls());
        let problem = Problem::compile(&snapshot).expect("sound");
        let plan = planner::solve(&problem, &SolveOptions::default(), &|| Duration::ZERO, &mut |_| {});
        assert_eq!(verify::check(&snapshot, &plan), []);
        assert!(plan.gigs_filled >= fewest, "{plan:?}");
        // Both can be done, on two days: whoever finds one must not say that it is best.
        assert!(plan.bound_weight >= 2 && plan.bound >= 40_000, "{plan:?}");
        assert_eq!(plan.status == Status::Optimal, plan.bound == plan.objective);
    }
}

#[test]
fn a_day_of_23_or_25_hours_has_one_cap() {
    let gigs =
        || vec![visit("a", None, 21 * H, 22 * H), visit("b", None, 23 * H, 24 * H), visit("c", None, 24 * H, 25 * H)];
    let with = |day_starts: Vec<i64>, midnight: i64| {
        let windows = vec![Span::new(0, midnight), Span::new(midnight, 47 * H)];
        let always = VolunteerRow { max_gigs_day: 1, windows, ..driver("v", 0, 0) };
        best(&Snapshot { day_starts, ..week(vec![always], gigs()) }).gigs_filled
    };
    assert_eq!(with(vec![0, 24 * H, 48 * H], 24 * H), 2, "a or b, and c");
    assert_eq!(with(vec![0, 23 * H, 47 * H], 23 * H), 2, "a, and b or c");
    assert_eq!(with(vec![0, 25 * H, 49 * H], 25 * H), 1, "all on one long day");
    assert_eq!(with(vec![], 24 * H), 1, "without days all is one");
}

#[test]
fn in_one_place_only_time_matters() {
    let gigs: Vec<GigRow> = (0..12).map(|n| visit(&format!("g{n:02}"), Some(CENTRE), 8 * H, 12 * H)).collect();
    let plan = best(&week(vec![driver("v", 8 * H, 12 * H), driver("w", 8 * H, 12 * H)], gigs));
    assert_eq!((plan.gigs_filled, plan.travel_s), (8, 0));
}

#[test]
fn who_cannot_move_does_what_is_at_home() {
    let still = VolunteerRow { speed_dkmh: 0, ..driver("v", 8 * H, 16 * H) };
    let gigs = vec![
        visit("away", Some(KORIA), 8 * H, 16 * H),
        visit("call", None, 8 * H, 16 * H),
        visit("here", Some(CENTRE), 8 * H, 16 * H),
        GigRow { destination: Some(KORIA), ..visit("leave", Some(CENTRE), 8 * H, 16 * H) },
    ];
    assert_eq!(filled(vec![still], gigs), ["call", "here"]);
}

#[test]
fn nothing_is_taken_by_who_wants_nothing() {
    let gigs = || vec![visit("a", None, 8 * H, 16 * H)];
    assert_eq!(filled(vec![VolunteerRow { max_gigs_day: 0, ..driver("v", 8 * H, 16 * H) }], gigs()), NONE);
    assert_eq!(filled(vec![VolunteerRow { max_gigs_week: 0, ..driver("v", 8 * H, 16 * H) }], gigs()), NONE);
}

#[test]
fn four_gigs_are_done_in_the_one_order_that_works() {
    // d and a in Koria, b and c at home: each must be reached from the one before it to the second.
    let starts =
        [("d", KORIA, WAY), ("b", CENTRE, H + 2 * WAY), ("c", CENTRE, 2 * H + 2 * WAY), ("a", KORIA, 3 * H + 3 * WAY)];
    let gigs = |spare: i64| -> Vec<GigRow> {
        let gig =
            |&(id, place, start): &(&str, Point, i64)| visit(id, Some(place), 8 * H + start - spare, 9 * H + start);
        starts.iter().map(gig).collect()
    };
    let end = 12 * H + 4 * WAY;
    for spare in [0, 600, 2 * H] {
        let plan = best(&week(vec![driver("v", 8 * H, end)], gigs(spare)));
        assert_eq!((plan.gigs_filled, plan.travel_s), (4, 4 * WAY), "{spare} s to spare");
        let begins: Vec<(&str, i64)> =
            plan.assignments.iter().map(|one| (one.gig.as_str(), one.start - 8 * H)).collect();
        assert_eq!(begins, [("a", starts[3].2), ("b", starts[1].2), ("c", starts[2].2), ("d", starts[0].2)]);
        assert_eq!(filled(vec![driver("v", 8 * H, end - 1)], gigs(spare)).len(), 3, "a second less");
    }
}

#[test]
fn helpers_who_cannot_meet_leave_the_gig_open() {
    let gig = |from, until| for_two(visit("g", Some(KORIA), from, until));
    let day = |id: &str| driver(id, 8 * H, 16 * H);
    assert_eq!(filled(vec![day("v"), day("w")], vec![gig(9 * H, 12 * H)]), ["g"]);
    assert_eq!(filled(vec![day("v")], vec![gig(9 * H, 12 * H)]), NONE, "nobody is two");
    let too_far = VolunteerRow { max_travel_s: WAY - 1, ..day("w") };
    assert_eq!(filled(vec![day("v"), too_far], vec![gig(9 * H, 12 * H)]), NONE);
    let far_away = VolunteerRow { home: Some(Point { lat: 65.01, lon: 25.47 }), ..day("w") };
    assert_eq!(filled(vec![day("v"), far_away], vec![gig(9 * H, 12 * H)]), NONE);
    // Both could, at no common time.
    let (morning, noon) = (driver("v", 8 * H, 11 * H), driver("w", 11 * H, 15 * H));
    assert_eq!(filled(vec![morning, noon], vec![gig(8 * H, 15 * H)]), NONE);
    // An agreed time is the only one, on the grid of quarter hours or not.
    let agreed = GigRow { agreed_start: Some(9 * H + 7), ..gig(9 * H, 12 * H) };
    let plan = best(&week(vec![day("v"), day("w")], vec![agreed]));
    assert_eq!(plan.assignments[0].start, 9 * H + 7);
}

#[test]
fn an_agreed_time_outside_all_windows_is_kept() {
    let agreed = GigRow { agreed_start: Some(14 * H), ..visit("g", Some(KORIA), 9 * H, 10 * H) };
    let plan = best(&week(vec![driver("v", 8 * H, 16 * H)], vec![agreed]));
    assert_eq!(plan.assignments[0].start, 14 * H);
}

#[test]
fn the_ends_of_the_earth_are_places() {
    let poles = [Point { lat: 90.0, lon: 0.0 }, Point { lat: -90.0, lon: 180.0 }, Point { lat: 0.0, lon: -180.0 }];
    let gigs =
        poles.iter().enumerate().map(|(n, &place)| visit(&format!("g{n}"), Some(place), 8 * H, 16 * H)).collect();
    let at_a_pole = |id: &str, lon| VolunteerRow { home: Some(Point { lat: 90.0, lon }), ..driver(id, 8 * H, 16 * H) };
    // At the pole every longitude is the same place.
    assert_eq!(filled(vec![at_a_pole("v", 0.0), at_a_pole("w", 123.0)], gigs), ["g0"]);
    let either_side = visit("line", Some(Point { lat: 0.0, lon: -180.0 }), 8 * H, 16 * H);
    let islander = VolunteerRow { home: Some(Point { lat: 0.0, lon: 180.0 }), ..driver("v", 8 * H, 16 * H) };
    assert_eq!(filled(vec![islander], vec![either_side]), ["line"], "the date line is no wall");
}

#[test]
fn a_heavy_gig_is_preferred_to_many_light_ones_that_weigh_less_and_not_to_more() {
    let light =
        |count: usize| (0..count).map(|n| visit(&format!("l{n}"), None, (8 + n as i64) * H, (9 + n as i64) * H));
    let heavy = |weight| GigRow { weight, duration_s: 4 * H, ..visit("heavy", None, 8 * H, 12 * H) };
    let one = || vec![driver("v", 8 * H, 12 * H)];
    assert_eq!(filled(one(), light(4).chain([heavy(8)]).collect()), ["heavy"]);
    assert_eq!(filled(one(), light(4).chain([heavy(2)]).collect()), ["l0", "l1", "l2", "l3"]);
}
