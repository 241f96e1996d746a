//! The referee on weeks of one or two people, worked out by hand: each rule at its edge, a second or a gig to either side.
//!
//! Nothing here is planned: what the referee says must not depend on what the planner would do.

mod figures;
mod gigs;
mod ruler;
mod trips;

use matching::plan::{Assignment, Hours, Plan, Seat, Status};
use matching::snapshot::{GigRow, HeldSkill, Point, Promise, PromiseState, SlotRow, Snapshot, Span, VolunteerRow};
use matching::verify;

/// One hour.
const H: i64 = 3600;
/// The centre of Kouvola, where the volunteer lives.
const CENTRE: Point = Point { lat: 60.868, lon: 26.704 };
/// Koria, where the gig is.
const KORIA: Point = Point { lat: 60.845, lon: 26.597 };
/// By car from one to the other.
const WAY: i64 = 847;

/// A driver in the centre, free from 8 to 16.
fn driver(id: &str) -> VolunteerRow {
    VolunteerRow {
        id: id.into(),
        home: Some(CENTRE),
        speed_dkmh: 350,
        max_travel_s: 1800,
        skills: vec![HeldSkill::lasting("car")],
        languages: vec!["fi".into(), "sv".into()],
        kinds: vec!["shopping".into()],
        windows: vec![Span::new(8 * H, 16 * H)],
        max_gigs_day: 2,
        max_gigs_week: 3,
        ..VolunteerRow::default()
    }
}

/// Shopping by car in Koria, an hour between 9 and 13.
fn shopping(id: &str) -> GigRow {
    GigRow {
        id: id.into(),
        kind: "shopping".into(),
        seeker: Some("s".into()),
        place: Some(KORIA),
        duration_s: H,
        windows: vec![Span::new(9 * H, 13 * H)],
        slots: vec![SlotRow { skills: vec!["car".into()] }],
        languages_any: vec!["fi".into(), "ru".into()],
        ..GigRow::default()
    }
}

/// A call of so many seconds at any time.
fn call(id: &str, duration_s: i64) -> GigRow {
    GigRow { id: id.into(), place: None, duration_s, windows: vec![Span::new(-1000 * H, 1000 * H)], ..shopping(id) }
}

/// The same for two helpers.
fn for_two(gig: GigRow) -> GigRow {
    GigRow { slots: vec![SlotRow::default(), SlotRow::default()], ..gig }
}

/// Two weeks of these people and gigs.
fn week(volunteers: Vec<VolunteerRow>, gigs: Vec<GigRow>) -> Snapshot {
    Snapshot {
        volunteers,
        gigs,
        day_starts: (0..14).map(|day| day * 24 * H).collect(),
        week_starts: vec![0, 7 * 24 * H],
        ..Snapshot::default()
    }
}

fn promise(gig: &str, volunteer: &str, start: i64) -> Promise {
    Promise { gig: gig.into(), slot: 0, volunteer: volunteer.into(), start, state: PromiseState::Accepted }
}

/// A gig at a time, with helpers from the first slot on.
fn at(gig: &str, start: i64, helpers: &[&str]) -> Assignment {
    let seat = |(slot, id): (usize, &&str)| Seat { slot, volunteer: (*id).into(), promised: None };
    Assignment { gig: gig.into(), start, seats: helpers.iter().enumerate().map(seat).collect() }
}

/// A plan that claims these figures and that nothing is better.
fn claimed(assignments: Vec<Assignment>, weight: u64, gigs_filled: usize, travel_s: i64) -> Plan {
    let objective = weight as i64 * 20_000 - travel_s;
    Plan {
        assignments,
        status: Status::Optimal,
        weight,
        bound_weight: weight,
        objective,
        bound: objective,
        travel_s,
        bonus: 0,
        gigs_filled,
        stages: Vec::new(),
        seed: 0,
        digest: 0,
        hours: Hours::default(),
    }
}

/// A plan that claims what the referee counts, so that only rules are judged.
fn plan(snapshot: &Snapshot, assignments: Vec<Assignment>) -> Plan {
    let tally = verify::tally(snapshot, &claimed(assignments.clone(), 0, 0, 0));
    claimed(assignments, tally.weight, tally.gigs_filled, tally.travel_s)
}

/// The codes of what is broken, in order.
fn codes(snapshot: &Snapshot, assignments: Vec<Assignment>) -> Vec<&'static str> {
    verify::check(snapshot, &plan(snapshot, assignments)).into_iter().map(|breach| breach.code).collect()
}

/// What is broken where the driver does the shopping at nine.
fn pair_codes(volunteer: VolunteerRow, gig: GigRow) -> Vec<&'static str> {
    codes(&week(vec![volunteer], vec![gig]), vec![at("g", 9 * H, &["v"])])
}
