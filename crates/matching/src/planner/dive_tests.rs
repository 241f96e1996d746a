//! The dive by itself: without the plans that shares are sure of, and without anything filled in afterwards.

use std::{cell::Cell, time::Duration};

use super::{
    approach::{Approach, Near},
    approach_tests::in_parts,
    clock::Clock,
    master::Master,
    parts::{Goal, Parts},
    taken::Taken,
    tests::{Dice, week},
    trips::{Trip, Trips},
};
use crate::{problem::Problem, snapshot::SlotRow};

/// Objective and looks at the clock.
type Reached = (i64, u32);

/// What dives reached: seed, volunteers, then what comes when plans that are sure are taken first, and when none are. A change that
/// reaches more writes them anew.
const DIVES: [(u64, usize, Reached, Reached); 16] = [
    (400, 12, (3_752_051, 6), (3_752_051, 12)),
    (401, 12, (4_714_857, 30), (4_713_695, 48)),
    (402, 12, (5_642_865, 15), (5_642_865, 15)),
    (403, 12, (3_941_103, 48), (3_941_643, 36)),
    (404, 12, (3_592_333, 108), (3_592_333, 111)),
    (405, 12, (4_280_885, 12), (4_278_999, 15)),
    (406, 12, (3_335_594, 69), (3_335_594, 78)),
    (407, 12, (3_969_432, 75), (3_969_432, 75)),
    (400, 30, (7_011_802, 84), (7_011_622, 81)),
    (401, 30, (7_438_630, 12), (7_400_516, 72)),
    (402, 30, (6_807_011, 57), (6_804_114, 36)),
    (403, 30, (5_608_650, 117), (5_608_650, 111)),
    (404, 30, (5_895_853, 75), (5_912_329, 78)),
    (405, 30, (7_591_919, 24), (7_594_732, 63)),
    (406, 30, (7_059_976, 30), (7_040_960, 63)),
    (407, 30, (5_636_520, 111), (5_634_511, 93)),
];

/// A week of a seed where every third gig needs two helpers, and each gig of somebody costs more than the one before.
fn shared(seed: u64, volunteers: usize, gigs: usize) -> Problem {
    let mut snapshot = week(seed, volunteers, gigs, seed.is_multiple_of(2));
    snapshot.gigs.iter_mut().step_by(3).for_each(|row| row.slots = vec![SlotRow::default(); 2]);
    let mut problem = Problem::compile(&snapshot).expect("sound");
    problem.week_step_s = 180;
    problem
}

/// Prices that are nearly right.
fn near(parts: &Parts<'_>, master: &mut Master<'_>) -> (Approach, Near) {
    let clock = Clock { elapsed: &|| Duration::ZERO, deadline: Duration::from_secs(600), is_cancelled: &|| false };
    let mut approach = Approach::new(parts);
    let near = approach.run(parts, master, &clock).expect("there is time");
    (approach, near)
}

/// Seconds that a dive has.
const TIME_S: u64 = 600;

/// What a dive finds, and how often it looks at the clock, on which so many seconds have gone by.
fn dived(problem: &Problem, is_sure: bool, gone_s: u64) -> Reached {
    in_parts(problem, 1, |parts, master| {
        let (approach, near) = near(parts, master);
        let steps = Cell::new(0);
        let elapsed = || {
            steps.set(steps.get() + 1);
            Duration::from_secs(gone_s)
        };
        let clock = Clock { elapsed: &elapsed, deadline: Duration::from_secs(TIME_S), is_cancelled: &|| false };
        let shares = if is_sure { approach.shares() } else { &[] };
        let draft = master.dive(shares, &near.prices, 0, &clock).expect("a program");
        let worth = draft.settle(problem, parts.caps).expect("what a dive finds can be done").0;
        (worth.objective(), steps.get())
    })
}

/// Takes plans as the dice fall, where they fit; says which were taken.
fn taken_so_far(parts: &Parts<'_>, trips: &Trips, dice: &mut Dice) -> (Taken, Vec<usize>) {
    let (mut taken, mut numbers) = (Taken::new(parts), Vec::new());
    for _ in 0..dice.roll(0, 30) {
        let number = dice.roll(0, trips.len() as i64 - 1) as usize;
        let fits = taken.fits(parts, trips.get(number));
        assert_eq!(taken.take(parts, number, trips.get(number)), fits);
        if fits {
            numbers.push(number);
        }
    }
    numbers.sort_unstable();
    (taken, numbers)
}

#[test]
fn what_is_taken_leaves_open_what_goes_with_it_and_nothing_else() {
    let (mut open, mut closed, mut met, mut full) = (0, 0, 0, 0);
    for seed in 0..6 {
        let problem = shared(seed, 12, 40);
        in_parts(&problem, 1, |parts, master| {
            near(parts, master);
            let (trips, tickets, caps) = (master.trips(), parts.tickets, parts.caps);
            let mut dice = Dice(seed);
            for _ in 0..20 {
                let (taken, numbers) = taken_so_far(parts, trips, &mut dice);
                let all: Vec<Trip<'_>> = numbers.iter().map(|&number| trips.get(number)).collect();
                let held: Vec<u32> = all.iter().flat_map(|trip| trip.tickets.iter().copied()).collect();
                let under = |cap: u32| -> usize {
                    let is_under = |trip: &&Trip<'_>| caps.of_window[trip.window].contains(&cap);
                    all.iter().filter(is_under).map(|trip| trip.tickets.len()).sum()
                };
                let place = |window: usize, count: usize| {
                    all.iter().all(|trip| trip.window != window)
                        && caps.of_window[window]
                            .iter()
                            .all(|&cap| under(cap) + count <= caps.all[cap as usize].room as usize)
                };
                let meets = |ticket: usize| {
                    let mut of_gig = held
                        .iter()
                        .map(|&other| other as usize)
                        .filter(|&other| tickets.gig[other] == tickets.gig[ticket]);
                    of_gig.all(|other| !tickets.is_single(ticket) && tickets.meeting[other] == tickets.meeting[ticket])
                };
                for window in 0..problem.windows.len() {
                    assert_eq!(taken.is_open(parts, window), place(window, 1), "seed {seed}, window {window}");
                    full += usize::from(!place(window, 1) && all.iter().all(|trip| trip.window != window));
                }
                for number in 0..trips.len() {
                    let trip = trips.get(number);
                    let fits = place(trip.window, trip.tickets.len())
                        && trip.tickets.iter().all(|&ticket| meets(ticket as usize));
                    assert_eq!(taken.fits(parts, trip), fits, "seed {seed}, plan {number}");
                    (open, closed) = (open + usize::from(fits), closed + usize::from(!fits));
                }
                let limits = taken.limits(parts);
                assert!((0..tickets.len()).all(|ticket| limits.closed_tickets[ticket] != meets(ticket)), "seed {seed}");
                let choice = taken.choice(parts);
                let is_met = |at: &usize| {
                    let meeting = &parts.rows.meetings[*at];
                    held.iter().any(|&ticket| {
                        (tickets.gig[ticket as usize], tickets.meeting[ticket as usize])
                            == (meeting.gig, meeting.number)
                    })
                };
                let meetings: Vec<usize> = (0..parts.rows.meetings.len()).filter(is_met).collect();
                for &(row, _) in parts.rows.meetings.iter().flat_map(|meeting| &meeting.balances) {
                    let helpers =
                        held.iter().filter(|&&ticket| parts.rows.balance_of_ticket[ticket as usize] == row).count();
                    assert_eq!(taken.helpers(row), helpers as u32, "seed {seed}, row {row}");
                }
                met += meetings.len();
                assert_eq!((choice.plans, choice.meetings), (numbers, meetings), "seed {seed}");
            }
        });
    }
    assert!(open > 1_000 && closed > 1_000 && met > 100 && full > 20, "{open}, {closed}, {met}, {full}");
}

#[test]
fn shares_are_worth_what_the_answer_says() {
    for seed in 0..4 {
        let problem = shared(seed, 20, 30);
        in_parts(&problem, 1, |parts, master| {
            let clock =
                Clock { elapsed: &|| Duration::ZERO, deadline: Duration::from_secs(600), is_cancelled: &|| false };
            let answer = master.solve(Goal::Points, None, &clock, &|_| false).expect("a program").answer;
            let shares = master.shares(&answer);
            let trips = master.trips();
            let of_plans: f64 = (0..trips.len()).map(|plan| shares[plan] * trips.get(plan).value as f64).sum();
            let (first, slacks) = (parts.rows.first_step(), parts.rows.slack_columns().len());
            let costs: f64 =
                (first..slacks).map(|step| answer.values[step] * parts.rows.steps[step - first].1 as f64).sum();
            let meetings = 0..parts.rows.meetings.len();
            let met: f64 = meetings.map(|at| answer.values[slacks + at] * parts.meeting_worth(at) as f64).sum();
            assert!(
                of_plans > 0.0 && (of_plans + met - costs - answer.points).abs() < 1.0,
                "seed {seed}: {of_plans}, {met}, {costs}"
            );
        });
    }
}

#[test]
fn dives_come_as_close_in_as_many_steps() {
    for (at, &(seed, volunteers, sure, open)) in DIVES.iter().enumerate() {
        let problem = shared(seed, volunteers, 60);
        for (is_sure, known) in [(true, sure), (false, open)] {
            let reached = dived(&problem, is_sure, 0);
            let of = format!("dive {at}, from sure plans: {is_sure}, {reached:?} instead of {known:?}");
            assert!(reached.0 + known.0 / 2_000 >= known.0 && reached.1 * 10 <= known.1 * 13, "{of}");
        }
    }
}

#[test]
fn a_dive_that_is_late_takes_all_that_is_likely_at_once() {
    let (mut calm, mut late) = ((0, 0), (0, 0));
    for &(seed, volunteers, sure, _) in &DIVES {
        let problem = shared(seed, volunteers, 60);
        let in_time = dived(&problem, true, TIME_S * 65 / 100);
        assert_eq!(in_time, dived(&problem, true, 0), "seed {seed}, {volunteers}");
        let reached = dived(&problem, true, TIME_S * 65 / 100 + 1);
        assert!(
            reached.0 + sure.0 / 20 >= sure.0,
            "seed {seed}, {volunteers}: {reached:?} where a calm one has {sure:?}"
        );
        calm = (calm.0 + in_time.0, calm.1 + in_time.1);
        late = (late.0 + reached.0, late.1 + reached.1);
    }
    // Where all is small, what is taken back costs more steps than haste saves.
    let is_near = late.0 + late.0 / 200 > calm.0 && late.1 * 10 < calm.1 * 14;
    assert!(late != calm && is_near, "late {late:?}, calm {calm:?}");
}
