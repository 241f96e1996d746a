//! A volunteer and a gig that suit each other, for the tests of the rules to spoil one thing at a time.

use crate::{
    problem::Problem,
    snapshot::{GigRow, HeldSkill, Point, SlotRow, Snapshot, Span, VolunteerRow},
};

/// One hour.
pub(crate) const H: i64 = 3600;
/// The centre of Kouvola.
pub(crate) const CENTRE: Point = Point { lat: 60.868, lon: 26.704 };
/// Koria, 8 km along the way from the centre.
pub(crate) const KORIA: Point = Point { lat: 60.845, lon: 26.597 };

/// A driver at home in the centre, free from 8 to 16 on the first day.
pub(crate) fn volunteer() -> VolunteerRow {
    VolunteerRow {
        id: "v".into(),
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

/// Shopping by car in Koria, an hour between 9 and 13 on the first day.
pub(crate) fn gig() -> GigRow {
    GigRow {
        id: "g".into(),
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

/// A snapshot of one week with these rows.
pub(crate) fn snapshot(volunteers: Vec<VolunteerRow>, gigs: Vec<GigRow>) -> Snapshot {
    Snapshot {
        volunteers,
        gigs,
        day_starts: (0..8).map(|day| day * 24 * H).collect(),
        week_starts: vec![0, 7 * 24 * H],
        ..Snapshot::default()
    }
}

/// The compiled problem of one volunteer and one gig.
pub(crate) fn compiled(snapshot: &Snapshot) -> Problem {
    Problem::compile(snapshot).expect("the rows are sound")
}

pub(crate) fn problem(volunteer: VolunteerRow, gig: GigRow) -> Problem {
    compiled(&snapshot(vec![volunteer], vec![gig]))
}
