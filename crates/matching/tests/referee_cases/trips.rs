//! One person's week: caps, windows, round trips, and promises that fit no window any more.

use super::*;

const DAY: i64 = 24 * H;

/// What is broken where one volunteer does these gigs at these times.
fn done(volunteer: VolunteerRow, gigs: Vec<(GigRow, i64)>, promised: &[&str]) -> Vec<&'static str> {
    let assignments = gigs.iter().map(|(gig, start)| at(&gig.id, *start, &["v"])).collect();
    let mut snapshot = week(vec![volunteer], gigs.iter().map(|(gig, _)| gig.clone()).collect());
    for (gig, start) in gigs.iter().filter(|(gig, _)| promised.contains(&gig.id.as_str())) {
        snapshot.promises.push(promise(&gig.id, "v", *start));
    }
    codes(&snapshot, assignments)
}

fn free(windows: &[(i64, i64)]) -> VolunteerRow {
    let windows = windows.iter().map(|&(start, end)| Span::new(start, end)).collect();
    VolunteerRow { windows, max_gigs_day: 9, max_gigs_week: 9, ..driver("v") }
}

const FINE: [&str; 0] = [];

#[test]
fn caps_count_starts_of_a_day_and_of_a_week() {
    let always = || VolunteerRow { windows: vec![Span::new(0, 14 * DAY)], ..driver("v") };
    let calls =
        |starts: &[i64]| starts.iter().enumerate().map(|(n, &start)| (call(&format!("c{n}"), 60), start)).collect();
    assert_eq!(done(always(), calls(&[H, 2 * H]), &[]), FINE);
    assert_eq!(done(always(), calls(&[H, 2 * H, 3 * H]), &[]), ["DAY_FULL"]);
    assert_eq!(done(always(), calls(&[H, 2 * H, DAY]), &[]), FINE, "midnight is the next day");
    assert_eq!(done(always(), calls(&[H, 2 * H, DAY - 1]), &[]), ["DAY_FULL"]);
    assert_eq!(done(always(), calls(&[H, DAY, 2 * DAY, 3 * DAY]), &[]), ["WEEK_FULL"]);
    assert_eq!(done(always(), calls(&[H, DAY, 2 * DAY, 7 * DAY]), &[]), FINE, "and the next week");
    let two_full_days = calls(&[H, 2 * H, 3 * H, 8 * DAY, 8 * DAY + H, 8 * DAY + 2 * H]);
    assert_eq!(done(always(), two_full_days, &[]), ["DAY_FULL", "DAY_FULL"]);
    // The last of the days is full: who looks at the first only sees nothing.
    assert_eq!(done(always(), calls(&[H, 8 * DAY, 8 * DAY + H, 8 * DAY + 2 * H]), &[]), ["DAY_FULL"]);
}

#[test]
fn a_cap_that_promises_exceed_binds_only_what_is_new() {
    let one = || VolunteerRow { max_gigs_day: 1, windows: vec![Span::new(0, 14 * DAY)], ..driver("v") };
    let gigs = |count: i64| (0..count).map(|n| (call(&format!("c{n}"), 60), (n + 1) * H)).collect();
    assert_eq!(done(one(), gigs(2), &["c0", "c1"]), FINE);
    assert_eq!(done(one(), gigs(2), &["c0"]), ["DAY_FULL"]);
    assert_eq!(done(one(), gigs(1), &[]), FINE);
    let told = {
        let snapshot = week(vec![one()], gigs(3).into_iter().map(|(gig, _)| gig).collect());
        let assignments = (0..3).map(|n| at(&format!("c{n}"), (n + 1) * H, &["v"])).collect();
        verify::check(&snapshot, &plan(&snapshot, assignments)).remove(0).what
    };
    assert_eq!(told, "volunteer v: 3 gigs where 1 are the most");
}

#[test]
fn the_way_out_and_home_fit_the_window_to_the_second() {
    let trip = |from: i64, until: i64| done(free(&[(from, until)]), vec![(shopping("g"), 9 * H)], &[]);
    assert_eq!(trip(9 * H - WAY, 10 * H + WAY), FINE);
    assert_eq!(trip(9 * H - WAY + 1, 10 * H + WAY), ["NO_TIME_BETWEEN"]);
    assert_eq!(trip(9 * H - WAY, 10 * H + WAY - 1), ["NO_TIME_BETWEEN"]);
    assert_eq!(trip(9 * H + 1, 16 * H), ["NOT_AVAILABLE"]);
    assert_eq!(trip(8 * H, 10 * H - 1), ["NOT_AVAILABLE"]);
}

#[test]
fn windows_that_overlap_are_one_and_windows_that_touch_are_two() {
    let at_ten = |windows: &[(i64, i64)]| done(free(windows), vec![(call("c", H), 10 * H)], &[]);
    assert_eq!(at_ten(&[(8 * H, 10 * H + 60), (10 * H, 12 * H)]), FINE);
    assert_eq!(at_ten(&[(8 * H, 10 * H + 1800), (10 * H + 1800, 12 * H)]), ["NOT_AVAILABLE"]);
    assert_eq!(at_ten(&[(8 * H, 10 * H + 1800), (10 * H + 1799, 12 * H)]), FINE);
    assert_eq!(at_ten(&[(8 * H, 9 * H), (11 * H, 12 * H)]), ["NOT_AVAILABLE"], "the hours between are nobody's");
    assert_eq!(at_ten(&[(8 * H, 12 * H), (9 * H, 10 * H)]), FINE, "a window within another shortens nothing");
    assert_eq!(at_ten(&[(12 * H, 8 * H)]), ["NOT_AVAILABLE"], "a window that ends before it begins is none");
    assert_eq!(at_ten(&[(10 * H, 10 * H), (8 * H, 9 * H)]), ["NOT_AVAILABLE"], "nor is one of no length");
}

#[test]
fn each_window_is_a_round_trip_of_its_own() {
    let gigs = || vec![(shopping("g"), 9 * H), (shopping("h"), 12 * H)];
    let two = [(8 * H, 11 * H), (11 * H, 16 * H)];
    let snapshot = week(vec![free(&two)], vec![shopping("g"), shopping("h")]);
    let both = vec![at("g", 9 * H, &["v"]), at("h", 12 * H, &["v"])];
    assert_eq!(done(free(&two), gigs(), &[]), FINE);
    assert_eq!(plan(&snapshot, both.clone()).travel_s, 4 * WAY);
    let snapshot = week(vec![free(&[(8 * H, 16 * H)])], vec![shopping("g"), shopping("h")]);
    assert_eq!(plan(&snapshot, both).travel_s, 2 * WAY);
}

#[test]
fn gigs_do_not_overlap_and_ways_between_them_fit() {
    let home = || GigRow { place: Some(CENTRE), ..shopping("b") };
    let pair = |gap: i64| done(free(&[(8 * H, 16 * H)]), vec![(shopping("a"), 9 * H), (home(), 10 * H + gap)], &[]);
    assert_eq!(pair(WAY), FINE);
    assert_eq!(pair(WAY - 1), ["NO_TIME_BETWEEN"]);
    let calls =
        |gap: i64| done(free(&[(8 * H, 16 * H)]), vec![(call("a", H), 9 * H), (call("b", H), 10 * H + gap)], &[]);
    assert_eq!(calls(0), FINE);
    assert_eq!(calls(-1), ["NO_TIME_BETWEEN"]);
}

#[test]
fn a_call_on_the_way_takes_its_own_time() {
    let home = || GigRow { place: Some(CENTRE), ..shopping("b") };
    let trip = |spare: i64| {
        let gigs = vec![(shopping("a"), 9 * H), (call("c", 600), 10 * H + 300), (home(), 10 * H + 600 + WAY + spare)];
        done(free(&[(8 * H, 16 * H)]), gigs, &[])
    };
    assert_eq!(trip(0), FINE);
    assert_eq!(trip(-1), ["NO_TIME_BETWEEN"]);
    // A call on the way home, a second too long for the window.
    let back =
        |until: i64| done(free(&[(8 * H, until)]), vec![(shopping("a"), 9 * H), (call("c", 600), 10 * H + 300)], &[]);
    assert_eq!(back(10 * H + 600 + WAY), FINE);
    assert_eq!(back(10 * H + 600 + WAY - 1), ["NO_TIME_BETWEEN"]);
    // A call before leaving.
    let out =
        |length: i64| done(free(&[(8 * H, 16 * H)]), vec![(call("c", length), 8 * H), (shopping("a"), 9 * H)], &[]);
    assert_eq!(out(H - WAY), FINE);
    assert_eq!(out(H - WAY + 1), ["NO_TIME_BETWEEN"]);
}

#[test]
fn an_escort_goes_on_from_where_it_ends() {
    let escort = || GigRow { destination: Some(CENTRE), ..shopping("a") };
    let snapshot = week(vec![free(&[(8 * H, 10 * H)])], vec![escort()]);
    let plan = plan(&snapshot, vec![at("a", 9 * H, &["v"])]);
    assert_eq!((plan.travel_s, verify::check(&snapshot, &plan)), (WAY, vec![]), "it ends at home");
    let no_place = GigRow { place: None, destination: Some(KORIA), ..shopping("a") };
    assert_eq!(done(free(&[(8 * H, 10 * H)]), vec![(no_place, 9 * H)], &[]), FINE, "a call ends where it began");
}

#[test]
fn a_promise_that_fits_no_window_is_a_trip_of_its_own_and_its_time_is_taken() {
    let with = |windows: &[(i64, i64)], promised: GigRow, start: i64, new: (GigRow, i64)| {
        done(free(windows), vec![(promised, start), new], &["p"])
    };
    let morning = [(8 * H, 12 * H)];
    // Half an hour of it lies outside the window.
    let late = |new: i64, length: i64| with(&morning, call("p", H), 11 * H + 1800, (call("c", length), new));
    assert_eq!(late(10 * H, 5400), FINE);
    assert_eq!(late(10 * H, 5401), ["NOT_AVAILABLE"]);
    assert_eq!(late(11 * H + 1900, 600), ["NOT_AVAILABLE"]);
    // It lies outside altogether: the window stays as it is.
    let outside = |new: i64| with(&morning, call("p", H), 14 * H, (call("c", H), new));
    assert_eq!(outside(11 * H), FINE);
    assert_eq!(outside(12 * H), ["NOT_AVAILABLE"]);
    assert_eq!(outside(8 * H), FINE);
    let before = |new: i64| with(&morning, call("p", H), 6 * H, (call("c", H), new));
    assert_eq!(before(8 * H), FINE);
    assert_eq!(before(7 * H), ["NOT_AVAILABLE"]);
    // In the middle of a day it leaves hours on both sides, minus the ways.
    let tight = [(8 * H, 16 * H)];
    let far = GigRow { duration_s: 8 * H - 60, ..shopping("p") };
    let whole_day = |new: i64| with(&tight, far.clone(), 8 * H + 30, (call("c", 10), new));
    assert_eq!(whole_day(8 * H + 5), ["NOT_AVAILABLE"], "on the way");
}

#[test]
fn the_ways_of_such_a_promise_are_taken_from_the_windows_around_it() {
    let around = |new: i64, length: i64| {
        let windows = [(6 * H, 9 * H), (9 * H, 10 * H), (10 * H, 14 * H)];
        done(free(&windows), vec![(shopping("p"), 9 * H), (call("c", length), new)], &["p"])
    };
    assert_eq!(around(9 * H - WAY - 600, 600), FINE);
    assert_eq!(around(9 * H - WAY - 600, 601), ["NOT_AVAILABLE"]);
    assert_eq!(around(10 * H + WAY, 600), FINE);
    assert_eq!(around(10 * H + WAY - 1, 600), ["NOT_AVAILABLE"]);
    let snapshot = {
        let mut snapshot = week(vec![free(&[(9 * H, 10 * H)])], vec![shopping("p")]);
        snapshot.promises = vec![promise("p", "v", 9 * H)];
        snapshot
    };
    assert_eq!(plan(&snapshot, vec![at("p", 9 * H, &["v"])]).travel_s, 2 * WAY);
}

#[test]
fn promises_that_cannot_all_be_kept_on_one_trip_stand_nevertheless() {
    let gigs = || vec![(call("p", H), 9 * H), (call("q", H), 9 * H + 1800), (call("c", H), 13 * H)];
    assert_eq!(done(free(&[(8 * H, 16 * H)]), gigs(), &["p", "q"]), FINE);
    assert_eq!(done(free(&[(8 * H, 16 * H)]), gigs(), &["p"]), ["NO_TIME_BETWEEN"]);
    // What clashes in one window leaves another one alone.
    let windows = [(8 * H, 12 * H), (12 * H, 16 * H)];
    assert_eq!(done(free(&windows), gigs(), &["p", "q", "c"]), FINE);
    // A promise and something new: the trip is judged as a whole.
    let with_way = vec![(shopping("p"), 9 * H), (GigRow { place: Some(CENTRE), ..shopping("c") }, 10 * H + WAY - 1)];
    assert_eq!(done(free(&[(8 * H, 16 * H)]), with_way, &["p"]), ["NO_TIME_BETWEEN"]);
}
