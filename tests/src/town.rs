//! People and requests of a small synthetic town, valid as they are: a test states only what it is about.

use proto::dispatch::v1::{Gig, Slot};
use proto::registry::v1::volunteer::TravelMode;
use proto::registry::v1::{Availability, ContactPreferences, Network, Seeker, Volunteer, WeeklyWindow};
use proto::r#type::v1 as wire;

/// The network of the tests.
pub const NETWORK: &str = "networks/kouvola";
/// The middle of the town.
pub const MIDDLE: (f64, f64) = (60.868, 26.704);
/// Kinds of a new network's catalogue that need no skill and no age.
pub const PLAIN_KINDS: [&str; 3] = ["household", "shopping", "call"];

/// The resource name of a kind.
#[must_use]
pub fn kind(id: &str) -> String {
    format!("{NETWORK}/kinds/{id}")
}

/// The resource name of a skill.
#[must_use]
pub fn skill(id: &str) -> String {
    format!("{NETWORK}/skills/{id}")
}

/// The resource name of a volunteer.
#[must_use]
pub fn volunteer_name(id: &str) -> String {
    format!("{NETWORK}/volunteers/{id}")
}

/// The resource name of a seeker.
#[must_use]
pub fn seeker_name(id: &str) -> String {
    format!("{NETWORK}/seekers/{id}")
}

/// The resource name of a gig.
#[must_use]
pub fn gig_name(id: &str) -> String {
    format!("{NETWORK}/gigs/{id}")
}

/// The network itself.
#[must_use]
pub fn network() -> Network {
    Network { title: "Kouvolan vapaaehtoisverkosto".to_owned(), city: "Kouvola".to_owned(), ..Network::default() }
}

/// A point, in metres east and north of the middle.
#[must_use]
pub fn place(east_m: i64, north_m: i64) -> wire::Place {
    let metre = 180.0 / (std::f64::consts::PI * 6_371_000.0);
    let latitude = MIDDLE.0 + north_m as f64 * metre;
    let longitude = MIDDLE.1 + east_m as f64 * metre / MIDDLE.0.to_radians().cos();
    wire::Place {
        coordinates: Some(wire::Coordinates { latitude, longitude }),
        postal_code: "45100".to_owned(),
        ..wire::Place::default()
    }
}

/// Hours of one weekday, 1 for Monday, in minutes after midnight.
#[must_use]
pub fn weekly(weekday: i32, from: i32, to: i32) -> WeeklyWindow {
    let time = |minute: i32| Some(wire::TimeOfDay { hours: minute / 60, minutes: minute % 60 });
    WeeklyWindow { weekday, start_time: time(from), end_time: time(to), ..WeeklyWindow::default() }
}

/// Somebody who lives in the middle, drives, speaks Finnish, accepts the plain kinds, and is there every day from 8 to 20.
#[must_use]
pub fn volunteer(name: &str) -> Volunteer {
    Volunteer {
        display_name: name.to_owned(),
        home: Some(place(0, 0)),
        travel_mode: TravelMode::Car.into(),
        travel_limit_minutes: 60,
        accepted_kinds: PLAIN_KINDS.iter().map(|id| kind(id)).collect(),
        languages: vec!["fi".to_owned()],
        availability: Some(Availability {
            weekly: (1..=7).map(|day| weekly(day, 8 * 60, 20 * 60)).collect(),
            ..Availability::default()
        }),
        max_gigs_per_day: Some(10),
        max_gigs_per_week: Some(50),
        birth_year: Some(1960),
        contact: Some(ContactPreferences {
            channels: vec![wire::Channel::Sms.into()],
            weekly_budget: Some(50),
            ..ContactPreferences::default()
        }),
        ..Volunteer::default()
    }
}

/// Somebody who lives a kilometre from the middle and speaks Finnish.
#[must_use]
pub fn seeker(name: &str) -> Seeker {
    Seeker {
        display_name: name.to_owned(),
        home: Some(place(1_000, 0)),
        languages: vec!["fi".to_owned()],
        ..Seeker::default()
    }
}

/// One helper, one hour, somewhere in a window.
#[must_use]
pub fn gig(kind_id: &str, seeker_id: &str, window: wire::TimeWindow) -> Gig {
    Gig {
        kind: kind(kind_id),
        seeker: seeker_name(seeker_id),
        windows: vec![window],
        duration: Some(prost_types::Duration { seconds: 3_600, nanos: 0 }),
        priority: 3,
        ..Gig::default()
    }
}

/// The same for two helpers.
#[must_use]
pub fn for_two(gig: Gig) -> Gig {
    Gig { slots: vec![Slot::default(), Slot::default()], ..gig }
}
