//! What hours are worth, part by part: steps and places of caps, windows, helpers who are needed together.

use std::time::Duration;

use super::{
    SolveOptions,
    approach_tests::in_parts,
    hours,
    parts::SCALE,
    solve,
    tests::{Dice, promised, week},
};
use crate::{
    eligibility::cases::H,
    plan::{Hours, Plan, WEIGHT_POINTS},
    problem::Problem,
    snapshot::{GigRow, SlotRow, Snapshot, Span},
};

#[test]
fn steps_of_a_row_are_all_there_are_and_places_are_worth_what_is_left_of_the_price() {
    let (mut count, mut full, mut costly) = (0, 0, 0);
    for seed in 0..3 {
        let mut problem = Problem::compile(&promised(week(seed, 20, 30, false), &mut Dice(seed))).expect("sound");
        problem.week_step_s = 180;
        in_parts(&problem, 1, |parts, _| {
            for row in 0..parts.rows.count as u32 {
                let steps: Vec<(u32, i64)> = parts.rows.steps.iter().copied().filter(|step| step.0 == row).collect();
                assert_eq!(parts.rows.steps_of(row), steps, "row {row}");
                count += steps.len();
            }
            for cap in &parts.caps.all {
                for price in [0, 1, 200 * SCALE, 500 * SCALE, 20_000 * SCALE] {
                    let left = if cap.room == 0 { 0 } else { (price - cap.cost_s(1) * SCALE).max(0) };
                    assert_eq!(cap.place_worth(price), left, "{cap:?}");
                }
            }
            full += parts.caps.all.iter().filter(|cap| cap.room == 0).count();
            costly += parts.caps.all.iter().filter(|cap| cap.room > 0 && cap.cost_s(1) > 0).count();
        });
    }
    assert!(count > 50 && full > 3 && costly > 3, "{count} steps, {full} caps are full, {costly} cost at once");
}

#[test]
fn a_window_is_worth_its_gain_and_its_places_and_nothing_once_it_is_full() {
    let (mut listed, mut full) = (0, 0);
    for seed in 0..3 {
        let problem = Problem::compile(&promised(week(seed, 20, 30, false), &mut Dice(seed))).expect("sound");
        in_parts(&problem, 1, |parts, _| {
            let mut dice = Dice(seed);
            let gains: Vec<i64> = (0..problem.windows.len()).map(|_| dice.roll(-2, 3) * 500 * SCALE / 3).collect();
            let prices: Vec<i64> = parts.caps.all.iter().map(|_| dice.roll(0, 2) * 700 * SCALE / 3).collect();
            let worths = hours::of_windows(&problem, parts.caps, |window| gains[window], |cap| prices[cap as usize]);
            let mut left = worths.iter();
            for (window, gain) in gains.iter().enumerate() {
                let caps = &parts.caps.of_window[window];
                let is_full = caps.iter().any(|&cap| parts.caps.all[cap as usize].room == 0);
                let places: i64 = caps.iter().map(|&cap| prices[cap as usize]).sum();
                let worth_s = (gain.max(&0) + places) / SCALE;
                full += usize::from(is_full && worth_s > 0);
                if !is_full && worth_s > 0 {
                    let one = left.next().expect("a window that is worth something");
                    assert_eq!(
                        (one.window, one.worth_s),
                        (problem.windows.span[window], worth_s),
                        "seed {seed}, {window}"
                    );
                }
            }
            assert_eq!(left.next(), None, "seed {seed}");
            listed += worths.len();
        });
    }
    assert!(listed > 60 && full > 3, "{listed} windows, {full} are full");
}

/// Calls, each for its own two people, on days of their own.
fn calls(helpers: usize, calls: usize) -> Snapshot {
    let mut snapshot = week(1, 2 * calls, 0, false);
    let day = |call: usize| call as i64 * 24 * H + 8 * H;
    for (n, row) in snapshot.volunteers.iter_mut().enumerate() {
        row.windows = vec![Span::new(day(n / 2), day(n / 2) + 8 * H)];
    }
    let call = |n: usize| GigRow {
        id: format!("call{n}"),
        kind: "visit".into(),
        duration_s: H,
        windows: vec![Span::new(day(n) + H, day(n) + 2 * H)],
        slots: vec![SlotRow::default(); helpers],
        weight: 4,
        ..GigRow::default()
    };
    snapshot.gigs.extend((0..calls).map(call));
    snapshot
}

fn planned(snapshot: &Snapshot, worth_of_hours: bool) -> Plan {
    let problem = Problem::compile(snapshot).expect("sound");
    let options = SolveOptions { budget: Duration::from_secs(60), worth_of_hours, ..SolveOptions::default() };
    solve(&problem, &options, &|| Duration::ZERO, &mut |_| {})
}

#[test]
fn helpers_who_are_needed_together_are_worth_the_gig_together() {
    let plan = planned(&calls(2, 3), true);
    assert_eq!(plan.assignments.len(), 3);
    for assignment in &plan.assignments {
        let is_there = |id: &str| assignment.seats.iter().any(|seat| seat.volunteer == id);
        let of_gig = plan.hours.windows.iter().filter(|worth| is_there(&worth.volunteer));
        let together: i64 = of_gig.map(|worth| worth.worth_s).sum();
        assert!((4 * WEIGHT_POINTS - together).abs() <= 2, "{}: {together}", assignment.gig);
    }
}

#[test]
fn hours_are_priced_where_nothing_has_to_be_searched_and_only_if_asked_for() {
    let mut one = calls(1, 2);
    one.volunteers.retain(|row| row.id == "v000" || row.id == "v002");
    // Who takes one gig in all takes one of two: only looking at each window by itself proves it.
    let mut either = calls(1, 2);
    either.volunteers.truncate(1);
    either.volunteers[0].max_gigs_week = 1;
    either.gigs[1].windows = vec![Span::new(12 * H, 13 * H)];
    for (snapshot, done) in [(one, 2), (either, 1)] {
        let (plan, quiet) = (planned(&snapshot, true), planned(&snapshot, false));
        assert_eq!((plan.assignments.len(), plan.objective, plan.bound), (done, plan.bound, quiet.objective));
        assert_eq!(plan.hours.windows.len(), done, "{:?}", plan.hours);
        assert!(plan.hours.windows.iter().all(|worth| worth.worth_s == 4 * WEIGHT_POINTS), "{:?}", plan.hours);
        assert_eq!(quiet.hours, Hours::default());
    }
}
