//! An independent look at everything that the service says of itself: what must be true of promises, in code that shares nothing
//! with the product. Each finding is one sentence.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use proto::dispatch::v1::assignment::State as Held;
use proto::dispatch::v1::gig::State;
use proto::dispatch::v1::offer::State as Asked;
use proto::dispatch::v1::{Assignment, Gig, GigEvent, Offer};
use proto::registry::v1::Volunteer;
use proto::registry::v1::volunteer::TravelMode;
use proto::r#type::v1::Coordinates;

use crate::calendar::{local_day, seconds};
use crate::desk::Desk;

/// Everything the service says at one moment when nobody writes.
#[derive(Debug, Clone, Default)]
pub struct Books {
    /// Volunteers by name.
    pub volunteers: BTreeMap<String, Volunteer>,
    /// Gigs by name.
    pub gigs: BTreeMap<String, Gig>,
    /// Assignments, released ones too.
    pub assignments: Vec<Assignment>,
    /// Offers.
    pub offers: Vec<Offer>,
}

impl Books {
    /// Reads everything through the API.
    pub async fn read(desk: &Desk) -> Self {
        let (volunteers, gigs) = (desk.all_volunteers().await, desk.all_gigs().await);
        Self {
            volunteers: volunteers.into_iter().map(|volunteer| (volunteer.name.clone(), volunteer)).collect(),
            gigs: gigs.into_iter().map(|gig| (gig.name.clone(), gig)).collect(),
            assignments: desk.all_assignments().await,
            offers: desk.all_offers().await,
        }
    }

    /// Everything that is not as it must be.
    #[must_use]
    pub fn findings(&self) -> Vec<String> {
        let mut found = Vec::new();
        for gig in self.gigs.values() {
            found.extend(self.of_gig(gig).into_iter().map(|what| format!("{} ({:?}): {what}", gig.name, gig.state())));
        }
        for volunteer in self.volunteers.values() {
            found.extend(self.of_volunteer(volunteer).into_iter().map(|what| format!("{}: {what}", volunteer.name)));
        }
        for assignment in &self.assignments {
            if !self.gigs.contains_key(&assignment.gig) || !self.volunteers.contains_key(&assignment.volunteer) {
                found.push(format!("{}: its gig or volunteer is not there", assignment.name));
            }
        }
        found
    }

    /// Assignments that are not released.
    fn standing(&self) -> impl Iterator<Item = &Assignment> {
        self.assignments.iter().filter(|assignment| assignment.state() != Held::Released)
    }

    fn of_gig(&self, gig: &Gig) -> Vec<String> {
        let mut found = Vec::new();
        let mut must = |is_so: bool, what: String| {
            if !is_so {
                found.push(what);
            }
        };
        let standing: Vec<&Assignment> = self.standing().filter(|assignment| assignment.gig == gig.name).collect();
        let slots: BTreeSet<i32> = standing.iter().map(|assignment| assignment.slot).collect();
        let people: BTreeSet<&str> = standing.iter().map(|assignment| assignment.volunteer.as_str()).collect();
        let starts: BTreeSet<i64> = standing.iter().map(|one| seconds(one.start_time.as_ref())).collect();
        must(slots.len() == standing.len(), "a slot is taken twice".to_owned());
        must(people.len() == standing.len(), "one volunteer has two slots".to_owned());
        must(
            slots.iter().all(|slot| (0..gig.slots.len() as i32).contains(slot)),
            "a slot that is not there".to_owned(),
        );
        must(starts.len() <= 1, "its helpers start at different times".to_owned());
        let agreed = seconds(gig.agreed_start_time.as_ref());
        if let Some(start) = starts.first() {
            must(agreed == *start, format!("agreed start {agreed} and helpers at {start}"));
            let end = start + seconds_of(gig.duration.as_ref());
            let in_window = gig.windows.iter().any(|window| {
                seconds(window.start_time.as_ref()) <= *start && end <= seconds(window.end_time.as_ref())
            });
            must(in_window, "lies in none of its windows".to_owned());
            must(standing.iter().all(|one| seconds(one.end_time.as_ref()) == end), "ends at another time".to_owned());
        }
        let shown: BTreeSet<&str> = gig.assignments.iter().map(|assignment| assignment.name.as_str()).collect();
        let listed: BTreeSet<&str> = standing.iter().map(|assignment| assignment.name.as_str()).collect();
        must(shown == listed, format!("shows the helpers {shown:?} and the list has {listed:?}"));

        // The gig's state says in which state every helper is, and whether all slots are taken.
        let pending =
            self.offers.iter().filter(|offer| offer.gig == gig.name && offer.state() == Asked::Pending).count();
        let all = |state: Held| standing.iter().all(|assignment| assignment.state() == state);
        let whole = standing.len() == gig.slots.len();
        let fits = match gig.state() {
            State::Open => all(Held::Held) && !whole && pending == 0,
            State::Offered => all(Held::Held) && !whole && pending > 0,
            State::Filled => all(Held::Accepted) && whole && pending == 0,
            State::InProgress => all(Held::Started) && whole && pending == 0,
            State::Completed => all(Held::Completed) && whole && pending == 0,
            State::Cancelled | State::Unmet => standing.is_empty() && pending == 0,
            State::Unspecified => false,
        };
        let states: Vec<Held> = standing.iter().map(|assignment| assignment.state()).collect();
        must(fits, format!("helpers {states:?} of {} slots, {pending} offers pending", gig.slots.len()));
        found
    }

    fn of_volunteer(&self, volunteer: &Volunteer) -> Vec<String> {
        let mut found = Vec::new();
        let mut promised: Vec<(i64, i64, &Gig)> = self
            .standing()
            .filter(|assignment| assignment.volunteer == volunteer.name)
            .filter_map(|one| {
                let gig = self.gigs.get(&one.gig)?;
                Some((seconds(one.start_time.as_ref()), seconds(one.end_time.as_ref()), gig))
            })
            .collect();
        promised.sort_by_key(|(start, end, gig)| (*start, *end, gig.name.clone()));
        for pair in promised.windows(2) {
            if pair[1].0 < pair[0].1 {
                found.push(format!("is booked twice: {} and {}", pair[0].2.name, pair[1].2.name));
            }
        }
        found.extend(over_the_caps(volunteer, &promised));
        found.extend(in_no_time(volunteer, &promised));
        for (start, end, gig) in &promised {
            if !volunteer.accepted_kinds.contains(&gig.kind) {
                found.push(format!("helps in {} and does not accept its kind", gig.name));
            }
            if !volunteer.languages.iter().any(|language| gig.languages.contains(language)) {
                found.push(format!("helps in {} without a common language", gig.name));
            }
            let (out_s, back_s) = round_s(volunteer, gig);
            if out_s > i64::from(volunteer.travel_limit_minutes) * 60 {
                found.push(format!("goes {out_s} s to {}", gig.name));
            }
            if !is_available(volunteer, start - out_s, end + back_s) {
                found.push(format!("helps in {} when not available", gig.name));
            }
        }
        found
    }
}

/// More gigs on one local day or in one ISO week than the volunteer wants.
fn over_the_caps(volunteer: &Volunteer, promised: &[(i64, i64, &Gig)]) -> Vec<String> {
    let mut found = Vec::new();
    let (mut days, mut weeks) = (BTreeMap::<Date, i32>::new(), BTreeMap::<(i16, i8), i32>::new());
    for (start, ..) in promised {
        let day = local_day(*start);
        let week = day.iso_week_date();
        *days.entry(day).or_default() += 1;
        *weeks.entry((week.year(), week.week())).or_default() += 1;
    }
    let (a_day, a_week) = (volunteer.max_gigs_per_day.unwrap_or(1), volunteer.max_gigs_per_week.unwrap_or(2));
    found.extend(
        days.iter().filter(|(_, count)| **count > a_day).map(|(day, n)| format!("{n} gigs on {day} of {a_day}")),
    );
    let too_many = weeks.iter().filter(|(_, count)| **count > a_week);
    found.extend(too_many.map(|(week, n)| format!("{n} gigs in week {week:?} of {a_week}")));
    found
}

/// Ways between stops with a place that take longer than there is time. Calls may interrupt a way, and cost their own time.
fn in_no_time(volunteer: &Volunteer, promised: &[(i64, i64, &Gig)]) -> Vec<String> {
    let mut found = Vec::new();
    let (mut last, mut calls_s) = (None::<(i64, &Gig)>, 0);
    for &(start, end, gig) in promised {
        let Some(here) = point(gig.place.as_ref()) else {
            calls_s += end - start;
            continue;
        };
        if let Some((left, before)) = last
            && let Some(there) = point(before.destination.as_ref().or(before.place.as_ref()))
        {
            let way = way_s(there, here, volunteer.travel_mode());
            // Between two rounds from home there may be a day: then the way is no matter.
            if local_day(left) == local_day(start) && left + calls_s + way > start {
                let spare = start - left - calls_s;
                found.push(format!("{way} s from {} to {} in {spare} s", before.name, gig.name));
            }
        }
        (last, calls_s) = (Some((end, gig)), 0);
    }
    found
}

/// Seconds from home to a gig and from its end home; nothing for a call.
fn round_s(volunteer: &Volunteer, gig: &Gig) -> (i64, i64) {
    let (home, there) = (point(volunteer.home.as_ref()), point(gig.place.as_ref()));
    let Some((home, there)) = home.zip(there) else { return (0, 0) };
    let end = point(gig.destination.as_ref()).unwrap_or(there);
    (way_s(home, there, volunteer.travel_mode()), way_s(end, home, volunteer.travel_mode()))
}

fn point(place: Option<&proto::r#type::v1::Place>) -> Option<Coordinates> {
    place.and_then(|place| place.coordinates)
}

/// Seconds of travel: the line between two points, three tenths longer, at the speed of the mode.
fn way_s(from: Coordinates, to: Coordinates, mode: TravelMode) -> i64 {
    let (lat_a, lat_b) = (from.latitude.to_radians(), to.latitude.to_radians());
    let (north, east) = (lat_b - lat_a, (to.longitude - from.longitude).to_radians());
    let chord = (north / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * (east / 2.0).sin().powi(2);
    let metres = 2.0 * 6_371_000.0 * chord.sqrt().asin() * 1.3;
    let metres_per_s = match mode {
        TravelMode::Walk | TravelMode::Unspecified => 4.5,
        TravelMode::Bike => 14.0,
        TravelMode::Car => 35.0,
    } / 3.6;
    // Rounding is the service's own affair: a few metres are forgiven.
    ((metres - 5.0) / metres_per_s).max(0.0) as i64
}

/// Whether a stretch of time lies in the usual week. The tests have no exceptions and no windows that meet.
fn is_available(volunteer: &Volunteer, start: i64, end: i64) -> bool {
    let day = local_day(start);
    let weekday = i32::from(day.weekday().to_monday_one_offset());
    let minute = |second: i64| {
        let local = jiff::Timestamp::from_second(second).expect("an instant").to_zoned(crate::calendar::helsinki());
        i32::from(local.hour()) * 60 + i32::from(local.minute())
    };
    let weekly = volunteer.availability.iter().flat_map(|availability| &availability.weekly);
    let clock = |time: Option<&proto::r#type::v1::TimeOfDay>| time.map_or(0, |time| time.hours * 60 + time.minutes);
    weekly.filter(|window| window.weekday == weekday).any(|window| {
        clock(window.start_time.as_ref()) <= minute(start) && minute(end) <= clock(window.end_time.as_ref())
    })
}

fn seconds_of(duration: Option<&prost_types::Duration>) -> i64 {
    duration.map_or(0, |duration| duration.seconds)
}

/// What a gig must be by its events alone, told by somebody who has nothing but them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The state; a gig with offers out is open here, as offers have events of their own.
    pub state: State,
    /// The helpers.
    pub helpers: BTreeSet<String>,
}

/// Retells a gig's life from its events.
///
/// # Errors
/// The first event that cannot have happened, in words.
pub fn retell(events: &[GigEvent]) -> Result<Told, String> {
    let mut told = Told { state: State::Unspecified, helpers: BTreeSet::new() };
    for event in events {
        let data = |key: &str| event.data.get(key).cloned().unwrap_or_default();
        let before = told.clone();
        match (event.kind.as_str(), told.state) {
            ("created", State::Unspecified) => told.state = State::Open,
            ("updated", state) if state != State::Unspecified => {}
            ("slot_held", State::Open) => {
                told.helpers.insert(data("volunteer"));
            }
            ("gig_filled", State::Open) => {
                told.helpers = data("volunteers").split(',').map(str::to_owned).collect();
                told.state = State::Filled;
            }
            ("gig_reopened", State::Open | State::Filled) => {
                if !told.helpers.remove(&data("volunteer")) {
                    return Err(format!("{} of nobody after {before:?}", event.kind));
                }
                told.state = State::Open;
            }
            ("gig_moved", State::Filled) => {
                told.helpers = data("volunteers").split(',').map(str::to_owned).collect();
            }
            ("gig_started", State::Filled) => told.state = State::InProgress,
            ("gig_completed", State::InProgress) => told.state = State::Completed,
            ("gig_cancelled", State::Open | State::Filled | State::InProgress) => {
                told.helpers.clear();
                told.state = State::Cancelled;
            }
            _ => return Err(format!("{} after {before:?}", event.kind)),
        }
    }
    Ok(told)
}

/// What differs between a gig and its events.
#[must_use]
pub fn differs_from_events(gig: &Gig, events: &[GigEvent]) -> Option<String> {
    let told = match retell(events) {
        Ok(told) => told,
        Err(impossible) => return Some(format!("{}: {impossible}", gig.name)),
    };
    let state = if gig.state() == State::Offered { State::Open } else { gig.state() };
    let id = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let helpers: BTreeSet<String> = gig.assignments.iter().map(|assignment| id(&assignment.volunteer)).collect();
    let is_so = Told { state, helpers };
    (is_so != told).then(|| format!("{}: is {is_so:?}, its events tell {told:?}", gig.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Week;
    use crate::town;

    /// A gig, its helpers in a state, and a volunteer for each.
    fn books(state: State, held: Held, helpers: usize) -> Books {
        let week = Week::coming();
        let mut books = Books::default();
        let start = week.at(0, 10 * 60);
        let end = prost_types::Timestamp { seconds: start.seconds + 3_600, nanos: 0 };
        let mut gig = town::for_two(town::gig("shopping", "s", week.window(0, 9 * 60, 12 * 60)));
        gig.name = "g".to_owned();
        gig.languages = vec!["fi".to_owned()];
        gig.place = Some(town::place(500, 0));
        gig.agreed_start_time = Some(start);
        gig.set_state(state);
        for number in 0..helpers {
            let name = format!("v{number}");
            let volunteer = Volunteer { name: name.clone(), ..town::volunteer("Aino Testinen") };
            books.volunteers.insert(name.clone(), volunteer);
            let (start_time, end_time) = (Some(start), Some(end));
            let mut helper =
                Assignment { volunteer: name, slot: number as i32, start_time, end_time, ..Default::default() };
            (helper.name, helper.gig) = (format!("a{number}"), "g".to_owned());
            helper.set_state(held);
            books.assignments.push(helper);
        }
        gig.assignments.clone_from(&books.assignments);
        books.gigs.insert(gig.name.clone(), gig);
        books
    }

    fn finds(break_it: impl FnOnce(&mut Books), word: &str) {
        let mut books = books(State::Filled, Held::Accepted, 2);
        assert_eq!(books.findings(), Vec::<String>::new());
        break_it(&mut books);
        let found = books.findings();
        assert!(found.iter().any(|what| what.contains(word)), "{word} should be in {found:?}");
    }

    fn gig(books: &mut Books) -> &mut Gig {
        books.gigs.get_mut("g").expect("the gig")
    }

    fn volunteer(books: &mut Books) -> &mut Volunteer {
        books.volunteers.get_mut("v0").expect("a volunteer")
    }

    /// Another gig of the first volunteer, some minutes after the first one began.
    fn another(books: &mut Books, minutes: i64, east_m: i64) {
        let shift = |time: Option<prost_types::Timestamp>| {
            time.map(|time| prost_types::Timestamp { seconds: time.seconds + minutes * 60, nanos: 0 })
        };
        let mut other = books.gigs["g"].clone();
        (other.name, other.place) = ("h".to_owned(), Some(town::place(east_m, 0)));
        other.slots.truncate(1);
        other.agreed_start_time = shift(other.agreed_start_time);
        other.windows = vec![Week::coming().window(0, 8 * 60, 20 * 60)];
        let mut helper = books.assignments[0].clone();
        (helper.name, helper.gig) = ("a9".to_owned(), "h".to_owned());
        (helper.start_time, helper.end_time) = (shift(helper.start_time), shift(helper.end_time));
        other.assignments = vec![helper.clone()];
        books.assignments.push(helper);
        books.gigs.insert("h".to_owned(), other);
    }

    #[test]
    fn states_and_helpers_that_fit_pass() {
        for (state, held, helpers) in [
            (State::Open, Held::Held, 1),
            (State::Open, Held::Held, 0),
            (State::InProgress, Held::Started, 2),
            (State::Completed, Held::Completed, 2),
            (State::Cancelled, Held::Released, 2),
        ] {
            let mut books = books(state, held, helpers);
            gig(&mut books).assignments.retain(|helper| helper.state() != Held::Released);
            assert_eq!(books.findings(), Vec::<String>::new(), "{state:?}");
        }
    }

    #[test]
    fn every_kind_of_falsehood_is_found() {
        finds(|books| drop(books.assignments.pop()), "helpers");
        finds(|books| gig(books).set_state(State::Open), "of 2 slots");
        finds(|books| books.assignments[0].set_state(Held::Held), "of 2 slots");
        finds(|books| books.assignments[1].slot = 0, "taken twice");
        finds(|books| books.assignments[1].volunteer = "v0".to_owned(), "two slots");
        finds(|books| gig(books).agreed_start_time = None, "agreed start");
        finds(|books| gig(books).windows[0] = Week::coming().window(0, 11 * 60, 13 * 60), "none of its windows");
        finds(|books| volunteer(books).accepted_kinds.clear(), "does not accept");
        finds(|books| volunteer(books).languages = vec!["ru".to_owned()], "common language");
        finds(|books| volunteer(books).availability = None, "not available");
        finds(|books| volunteer(books).max_gigs_per_day = Some(0), "gigs on");
        finds(|books| volunteer(books).max_gigs_per_week = Some(0), "gigs in week");
        finds(|books| volunteer(books).home = Some(town::place(60_000, 0)), "goes");
        finds(|books| another(books, 30, 500), "booked twice");
        finds(|books| another(books, 65, 9_000), "from g to h in");
        finds(|books| drop(books.volunteers.remove("v1")), "is not there");
    }

    #[test]
    fn a_second_gig_with_time_for_the_way_passes() {
        let mut books = books(State::Filled, Held::Accepted, 2);
        another(&mut books, 120, 9_000);
        assert_eq!(books.findings(), Vec::<String>::new());
    }

    #[test]
    fn events_tell_a_life_or_are_impossible() {
        let event = |kind: &str, data: &[(&str, &str)]| GigEvent {
            kind: kind.to_owned(),
            data: data.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            ..Default::default()
        };
        let life = [
            event("created", &[]),
            event("slot_held", &[("volunteer", "v0")]),
            event("gig_filled", &[("volunteers", "v0,v1")]),
            event("gig_reopened", &[("volunteer", "v1")]),
        ];
        let told = retell(&life).expect("a life");
        assert_eq!((told.state, told.helpers), (State::Open, ["v0".to_owned()].into()));
        assert!(retell(&life[1..]).is_err() && retell(&[life[0].clone(), life[3].clone()]).is_err());
        let mut gig = books(State::Open, Held::Held, 1).gigs["g"].clone();
        assert_eq!(differs_from_events(&gig, &life), None);
        gig.assignments.clear();
        assert!(differs_from_events(&gig, &life).is_some());
    }
}
