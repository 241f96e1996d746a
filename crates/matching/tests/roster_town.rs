//! The roster answers what a quote over a snapshot of everybody answers, in a town of many who keep usual hours.

#[path = "../benches/nation/mod.rs"]
#[allow(dead_code)]
mod nation;
#[path = "roads/mod.rs"]
#[allow(dead_code)]
mod roads;
#[allow(dead_code)]
mod weeks;
mod whole;

use std::sync::Arc;

use matching::problem::Problem;
use matching::roster::{Ask, Member, Promised, Shown};
use matching::snapshot::{GigRow, Point, Promise, SlotRow, Snapshot, Span, VolunteerRow};
use matching::travel::{Entry, Spot, Table};
use nation::MONDAY;
use weeks::{DAY, Dice};
use whole::whole;

/// A snapshot of members for a question about the first week.
fn of_members(members: &[Member], ask: &Ask) -> Snapshot {
    let mut snapshot = Snapshot {
        gigs: vec![ask.gig.clone()],
        day_starts: ask.day_starts.clone(),
        week_starts: ask.week_starts.clone(),
        ..Snapshot::default()
    };
    for member in members {
        let last = member.last_gig_end.filter(|end| *end > ask.remembered_from);
        snapshot.volunteers.push(VolunteerRow {
            windows: member.row.windows.iter().copied().filter(|span| ask.within.holds(*span)).collect(),
            age_years: member.birth_year.map(|year| matching::roster::least_age(year, ask.year)),
            gigs_so_far: u32::from(last.is_some()),
            last_gig_days_ago: last.map(|end| u32::try_from((ask.now - end).max(0) / DAY).expect("days")),
            ..member.row.clone()
        });
        for promised in &member.promises {
            snapshot.gigs.push(GigRow::clone(&promised.gig));
            snapshot.promises.push(Promise {
                gig: promised.gig.id.clone(),
                slot: promised.slot,
                volunteer: member.row.id.clone(),
                start: promised.start,
                state: matching::snapshot::PromiseState::Started,
            });
        }
    }
    snapshot
}

/// What is special about a town.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Town {
    Usual,
    /// Ways to promises, and home from them, may take until the next day.
    SlowRoads,
    /// People have promised several things in a window, some of them away from home, some of them calls.
    Busy,
}

#[test]
fn calls_and_gigs_for_two_are_answered_alike_in_a_town_of_many() {
    a_town_of_many_is_answered_alike(Town::Usual);
}

#[test]
fn calls_and_gigs_for_two_are_answered_alike_where_the_way_home_takes_until_the_next_day() {
    a_town_of_many_is_answered_alike(Town::SlowRoads);
}

#[test]
fn calls_are_answered_alike_beside_all_that_people_have_promised() {
    a_town_of_many_is_answered_alike(Town::Busy);
}

/// Gives most people up to three promises in a window of the week, on no raster of quarters.
fn with_much_promised(members: &mut [Member], dice: &mut Dice) {
    for (n, member) in members.iter_mut().enumerate() {
        (member.row.max_gigs_day, member.row.max_gigs_week) = (dice.roll(1, 4) as u32, dice.roll(3, 6) as u32);
        let windows: Vec<Span> = member.row.windows.iter().filter(|span| span.start > MONDAY + DAY).copied().collect();
        if dice.chance(80) {
            member.promises.clear();
        }
        for (which, window) in windows.iter().take(2).enumerate() {
            let mut start = window.start + dice.roll(0, 60) * 60;
            for number in 0..dice.roll(0, 3) {
                let duration_s = dice.roll(1, 5) * 600;
                let is_call = dice.chance(40);
                let away = |home: Point| Point { lat: home.lat + 0.002 * dice.roll(0, 3) as f64, ..home };
                let place = member.row.home.filter(|_| !is_call).map(away);
                let gig = GigRow {
                    id: format!("q{n}-{which}-{number}"),
                    kind: "home".to_owned(),
                    place,
                    duration_s,
                    windows: vec![*window],
                    slots: vec![SlotRow::default()],
                    weight: 0,
                    ..GigRow::default()
                };
                member.promises.push(Promised { gig: Arc::new(gig), slot: 0, start });
                start += duration_s + dice.roll(0, 90) * 60;
            }
        }
    }
}

/// Moves every promise away from home; answers roads on which the ways there and back take up to a day and more.
fn with_slow_roads(members: &mut [Member], dice: &mut Dice) -> Arc<Table> {
    let bounds = roads::bounds();
    let cell = |point: Option<Point>| bounds.cell(Spot::from(point.expect("a place"))).expect("a cell");
    let mut entries = Vec::new();
    for member in members {
        for promised in &mut member.promises {
            let gig = Arc::make_mut(&mut promised.gig);
            gig.place = gig.place.map(|place| Point { lat: place.lat + 0.02, ..place });
            let (home, place, speed_dkmh) = (cell(member.row.home), cell(gig.place), member.row.speed_dkmh);
            for (from, to) in [(home, place), (place, home)] {
                let seconds = (dice.roll(1, 100) * 1_000).try_into().expect("short");
                entries.push(Entry { speed_dkmh, from, to, seconds: (!dice.chance(5)).then_some(seconds) });
            }
        }
    }
    Arc::new(Table::new(bounds.clone(), entries))
}

fn a_town_of_many_is_answered_alike(town: Town) {
    let (mut members, nation, mut dice) = nation::members(3, 1_200);
    for (n, member) in members.iter_mut().enumerate() {
        // Some are away for a week, some have other hours for a week, some hours are no quarters.
        let week = |span: &Span| (span.start - MONDAY) / (7 * DAY);
        match n % 7 {
            0 => member.row.windows.retain(|span| week(span) != 0),
            1 => member.row.windows.iter_mut().filter(|span| week(span) == 0).for_each(|span| span.end -= 3_600),
            2 if n % 2 == 0 => member.row.windows.iter_mut().for_each(|span| span.start += 60),
            _ => {}
        }
        member.row.traits = if n % 3 == 0 { vec!["female".into()] } else { Vec::new() };
        member.row.max_gigs_week = 1 + (n % 3) as u32;
    }
    if town == Town::Busy {
        with_much_promised(&mut members, &mut Dice::new(5));
    }
    let on_roads = town == Town::SlowRoads;
    let table = on_roads.then(|| with_slow_roads(&mut members, &mut Dice::new(3)));
    let roster = nation::of_members(members.clone(), on_roads.then(roads::bounds));
    let (mut calls, mut twos, mut beside) = (0, 0, 0);
    let day = |second: i64| (second - MONDAY).div_euclid(DAY);
    let has_promised = |shown: &Shown| {
        let member = members.iter().find(|member| member.row.id == shown.id);
        member.is_some_and(|one| one.promises.iter().any(|promise| day(promise.start) == day(shown.start)))
    };
    for n in 0..60 {
        let mut gig = nation::gig(&mut dice, &nation, n);
        if n % 4 == 0 {
            gig.wishes = vec!["female".into()];
        }
        if n % 5 == 0 {
            gig.min_age = Some(30);
        }
        match n % 3 {
            0 => (gig.place, gig.destination) = (None, None),
            1 => gig.slots.resize(2, Default::default()),
            _ => {}
        }
        if town == Town::Busy && n % 2 == 0 && gig.place.is_none() {
            // Twenty minutes fit where quarters do not.
            gig.duration_s = 1_200;
        }
        if n % 9 == 0 {
            gig.agreed_start = Some(gig.windows[0].start + 300);
        }
        let mut ask = nation::ask(gig);
        let told = Snapshot { table: table.clone(), ..of_members(&members, &ask) };
        let problem = Problem::compile(&told).expect("sound");
        ask.table = table.as_ref().map(|table| roads::only(table, &roster.ways(&ask)));
        let (shown, starts, able) = whole(&problem, &ask.gig.id);
        ask.limit = 5_000;
        let answer = roster.quote(&ask).expect("sound").expect("within the horizon");
        assert_eq!(answer.able, able, "question {n}");
        assert_eq!(answer.starts, starts, "question {n}");
        assert_eq!(answer.shown, shown, "question {n}");
        for limit in [1, 10] {
            ask.limit = limit;
            let few = roster.quote(&ask).expect("sound").expect("within the horizon");
            assert_eq!((&few.shown[..], few.able), (&shown[..shown.len().min(limit)], able), "question {n}");
        }
        if ask.gig.place.is_none() {
            beside += answer.shown.iter().filter(|shown| has_promised(shown)).count();
        }
        calls += if ask.gig.place.is_none() { able } else { 0 };
        twos += if ask.gig.slots.len() > 1 { able } else { 0 };
    }
    assert!(calls > 1_000 && twos > 1_000, "too easy: {calls}, {twos}");
    assert!(town != Town::Busy || beside > 300, "too easy: {beside} calls on a day of promises");
}
