//! The nation of the benches as stored documents: the same people and gigs, moved to the Monday after today.

use domain::availability::DaySpan;
use domain::skill::HeldSkill;
use domain::volunteer::{Caps, TravelMode};
use domain::{
    Availability, Coordinates, Gig, LanguageTag, MinuteOfDay, Name, NetworkId, Place, Precision, Sensitive, Slot,
    TimeWindow, Timestamp, Volunteer, WeeklyWindow, zone,
};
use jiff::Span as Length;
use jiff::civil::Weekday;
use matching::roster::Member;
use matching::snapshot::{GigRow, Point, Span};
use store::conformance::sample;

use crate::nation::{self, Dice, Nation};

const SEED: u64 = 1;
/// Open gigs that are asked about.
pub(crate) const GIGS: usize = 2_000;
/// Seekers whose gigs they are.
pub(crate) const SEEKERS: usize = 1_000;
/// Seconds of a week.
const WEEK_S: i64 = 7 * 86_400;

/// The network.
pub(crate) fn network() -> NetworkId {
    NetworkId::new("nation").expect("an id")
}

/// So many people, one after another, then the gigs.
pub(crate) struct People {
    dice: Dice,
    nation: Nation,
    volunteers: usize,
}

impl People {
    /// The people of a size.
    pub(crate) fn new(volunteers: usize) -> Self {
        let mut dice = Dice::new(SEED);
        let nation = Nation::new(&mut dice, volunteers);
        Self { dice, nation, volunteers }
    }

    /// All members, in order.
    pub(crate) fn members(&mut self) -> impl Iterator<Item = Member> + use<'_> {
        (0..self.volunteers).map(|n| nation::member(&mut self.dice, &self.nation, n))
    }

    /// The gigs: asked for after the members.
    pub(crate) fn gigs(&mut self) -> Vec<GigRow> {
        (0..GIGS).map(|n| nation::gig(&mut self.dice, &self.nation, n)).collect()
    }
}

/// The first instant of the bench's week, in the week after this one.
pub(crate) fn monday(now: Timestamp) -> Timestamp {
    let today = now.to_zoned(zone()).date();
    let ahead = 7 - i64::from(today.weekday().since(Weekday::Monday));
    let monday = today.saturating_add(Length::new().days(ahead));
    zone().to_ambiguous_timestamp(monday.at(0, 0, 0, 0)).compatible().expect("a Monday begins")
}

/// The middle of the land: degrees of latitude and longitude.
const MIDDLE: Point = Point { lat: 62.6, lon: 26.0 };

/// Who would live abroad, as some of a million do, lives on the way from there to the middle of the land.
fn coordinates(point: Point) -> Coordinates {
    let towards = |share: f64| {
        let (lat, lon) = (MIDDLE.lat - point.lat, MIDDLE.lon - point.lon);
        Coordinates::new(point.lat + share * lat, point.lon + share * lon)
    };
    (0..=20).find_map(|step| towards(f64::from(step) / 20.0).ok()).expect("the middle of the land lies in it")
}

fn place(point: Point) -> Place {
    Place {
        coordinates: coordinates(point),
        precision: Precision::Exact,
        postal_code: Some("45100".to_owned()),
        locality: None,
        street: None,
    }
}

/// The document of a member.
pub(crate) fn volunteer(member: &Member) -> Volunteer {
    let row = &member.row;
    let week = row.windows.iter().filter(|span| span.start < nation::MONDAY + WEEK_S);
    let minute = |second: i64| MinuteOfDay::new((second.rem_euclid(86_400) / 60) as u16).expect("a minute");
    let weekly = week.map(|span| WeeklyWindow {
        weekday: ((span.start - nation::MONDAY) / 86_400 + 1) as u8,
        span: DaySpan::new(minute(span.start), minute(span.end)).expect("hours of one day"),
        every_n_weeks: 1,
        valid_from: None,
        valid_until: None,
    });
    Volunteer {
        name: Sensitive::new(Name::new(format!("Vapaaehtoinen {}", &row.id[8..13])).expect("a name")),
        birth_year: member.birth_year,
        home: row.home.map(place),
        travel_mode: match row.speed_dkmh {
            45 => TravelMode::Walk,
            140 => TravelMode::Bike,
            _ => TravelMode::Car,
        },
        travel_limit_min: (row.max_travel_s / 60) as u16,
        kinds: row.kinds.iter().map(|kind| sample::parse(kind)).collect(),
        likes: row.likes.iter().map(|kind| sample::parse(kind)).collect(),
        skills: row.skills.iter().map(|held| skill(&held.skill, held.valid_until)).collect(),
        languages: row.languages.iter().map(|tag| LanguageTag::new(tag).expect("a language")).collect(),
        availability: Availability { weekly: weekly.collect(), ..Availability::default() },
        caps: Caps { per_day: row.max_gigs_day as u8, per_week: row.max_gigs_week as u8 },
        ..sample::volunteer(&network(), &row.id)
    }
}

fn skill(name: &str, valid_until: Option<i64>) -> HeldSkill {
    let day = |second: i64| Timestamp::from_second(second).expect("an instant").to_zoned(zone()).date();
    HeldSkill { valid_until: valid_until.map(day), ..HeldSkill::lasting(sample::parse(&name.replace('_', "-"))) }
}

/// The document of a gig, in the week that begins at `monday`.
pub(crate) fn gig(row: &GigRow, monday: Timestamp) -> Gig {
    let at = |second: i64| {
        Timestamp::from_second(monday.as_second() + second - nation::MONDAY).expect("an instant of that week")
    };
    Gig {
        kind: sample::parse(&row.kind),
        seeker: sample::parse(row.seeker.as_deref().unwrap_or("s0")),
        place: row.place.map(place),
        destination: row.destination.map(place),
        windows: row
            .windows
            .iter()
            .map(|span| TimeWindow::new(at(span.start), at(span.end)).expect("a window"))
            .collect(),
        duration_s: row.duration_s as u32,
        slots: row
            .slots
            .iter()
            .map(|slot| Slot {
                skills: slot.skills.iter().map(|name| sample::parse(&name.replace('_', "-"))).collect(),
                label: None,
            })
            .collect(),
        languages: row.languages_any.iter().map(|tag| LanguageTag::new(tag).expect("a language")).collect(),
        ..sample::gig(&network(), &row.id)
    }
}

/// Id, longitude, latitude, metres that are reached, kinds, skills, languages, windows in seconds.
pub(crate) fn print_people(volunteers: usize) {
    for member in People::new(volunteers).members() {
        let row = member.row;
        let Some(home) = row.home else { continue };
        let reach_m = row.max_travel_s as f64 * f64::from(row.speed_dkmh) / 36.0 / 1.3;
        let skills: Vec<String> = row.skills.into_iter().map(|held| held.skill).collect();
        let (kinds, skills, languages) = (set(&row.kinds), set(&skills), set(&row.languages));
        let week: Vec<Span> = row.windows.into_iter().filter(|span| span.start < nation::MONDAY + WEEK_S).collect();
        println!(
            "{}\t{:.6}\t{:.6}\t{reach_m:.0}\t{kinds}\t{skills}\t{languages}\t{}",
            row.id,
            home.lon,
            home.lat,
            set(&week.iter().map(|span| format!("[{},{})", span.start, span.end)).collect::<Vec<_>>())
        );
    }
}

/// Number from 1, longitude, latitude, kind, skills, languages, the first time it can take. Gigs without a place are left out.
pub(crate) fn print_gigs(volunteers: usize) {
    let mut people = People::new(volunteers);
    people.members().for_each(drop);
    let placed = people.gigs().into_iter().filter(|row| row.place.is_some());
    for (number, row) in (1..).zip(placed) {
        let (Some(place), Some(window)) = (row.place, row.windows.first()) else { continue };
        let skills: Vec<String> = row.slots.into_iter().flat_map(|slot| slot.skills).collect();
        println!(
            "{number}\t{:.6}\t{:.6}\t{}\t{}\t{}\t[{},{})",
            place.lon,
            place.lat,
            row.kind,
            set(&skills),
            set(&row.languages_any),
            window.start,
            window.start + row.duration_s
        );
    }
}

fn set(names: &[String]) -> String {
    format!("{{{}}}", names.join(","))
}
