//! Random people and requests around the middle of the town: some fit together, many do not.

use proto::dispatch::v1::Gig;
use proto::registry::v1::volunteer::TravelMode;
use proto::registry::v1::{Availability, Volunteer};
use proto::r#type::v1::Place;

use crate::calendar::Week;
use crate::town::{self, kind};
use crate::weeks::Dice;

/// Seekers of the town: `s0`, `s1`, ...
pub const SEEKERS: usize = 12;
/// Volunteers at the beginning.
pub const VOLUNTEERS_AT_FIRST: usize = 25;
/// Kinds that are asked for.
const KINDS: [&str; 4] = ["household", "shopping", "call", "escort"];

/// A point within three kilometres.
fn place(dice: &mut Dice) -> Place {
    town::place(dice.between(-3_000, 3_000), dice.between(-3_000, 3_000))
}

/// Somebody.
#[must_use]
pub fn volunteer(dice: &mut Dice) -> Volunteer {
    let weekly = (1..=7)
        .filter_map(|day| {
            let from = dice.between(16, 26) as i32 * 30;
            let to = from + dice.between(8, 20) as i32 * 30;
            dice.percent(70).then(|| town::weekly(day, from, to.min(22 * 60)))
        })
        .collect();
    let week = dice.pick(&[1, 2, 3, 5, 8]);
    let mut kinds: Vec<String> = KINDS.iter().filter(|_| dice.percent(65)).map(|id| kind(id)).collect();
    kinds.push(kind("shopping"));
    kinds.sort();
    kinds.dedup();
    Volunteer {
        home: Some(place(dice)),
        travel_mode: dice.pick(&[TravelMode::Walk, TravelMode::Bike, TravelMode::Car]).into(),
        travel_limit_minutes: dice.between(10, 60) as i32,
        accepted_kinds: kinds,
        languages: dice
            .pick(&[&["fi"][..], &["fi"], &["fi", "sv"], &["sv"], &["ru", "fi"]])
            .iter()
            .map(|&l| l.into())
            .collect(),
        availability: Some(Availability { weekly, ..Availability::default() }),
        max_gigs_per_day: Some(dice.between(1, 3).min(i64::from(week)) as i32),
        max_gigs_per_week: Some(week),
        ..town::volunteer("Aino Testinen")
    }
}

/// The same, able to do one thing more, and the field that changed. The etag stays: nobody's change is undone.
#[must_use]
pub fn more_able(mut volunteer: Volunteer, dice: &mut Dice) -> (Volunteer, &'static str) {
    let path = match dice.between(1, 5) {
        1 => {
            volunteer.max_gigs_per_week = Some((volunteer.max_gigs_per_week.unwrap_or(1) + 1).min(50));
            "max_gigs_per_week"
        }
        2 => {
            volunteer.travel_limit_minutes = (volunteer.travel_limit_minutes + 5).min(240);
            "travel_limit_minutes"
        }
        3 => {
            volunteer.accepted_kinds.push(kind(dice.pick(&KINDS)));
            volunteer.accepted_kinds.sort();
            volunteer.accepted_kinds.dedup();
            "accepted_kinds"
        }
        4 => {
            volunteer.languages.push(dice.pick(&["fi", "sv", "ru"]).to_owned());
            volunteer.languages.sort();
            volunteer.languages.dedup();
            "languages"
        }
        _ => {
            let faster = match volunteer.travel_mode() {
                TravelMode::Walk => TravelMode::Bike,
                _ => TravelMode::Car,
            };
            volunteer.travel_mode = faster.into();
            "travel_mode"
        }
    };
    (volunteer, path)
}

/// A request.
#[must_use]
pub fn gig(dice: &mut Dice, week: Week) -> Gig {
    let kind_id = dice.pick(&KINDS);
    let seeker = format!("s{}", dice.between(0, SEEKERS as i64 - 1));
    let minutes = dice.between(6, 24) * 5;
    let first_day = dice.between(0, 6);
    let mut windows = Vec::new();
    for day in [first_day, first_day + dice.between(1, 2)].into_iter().take(dice.between(1, 2) as usize) {
        let from = dice.between(16, 32) * 30;
        windows.push(week.window(day, from, from + minutes + dice.between(0, 10) * 30));
    }
    let languages: Vec<String> =
        dice.pick(&[&["fi"][..], &["fi"], &["fi", "sv"], &["sv"], &["ru"]]).iter().map(|&l| l.into()).collect();
    let gig = Gig {
        windows,
        duration: Some(prost_types::Duration { seconds: minutes * 60, nanos: 0 }),
        place: (kind_id != "call").then(|| place(dice)),
        destination: (kind_id == "escort" && dice.percent(50)).then(|| place(dice)),
        priority: dice.between(1, 5) as i32,
        languages,
        ..town::gig(kind_id, &seeker, week.whole())
    };
    if dice.percent(25) { town::for_two(gig) } else { gig }
}
