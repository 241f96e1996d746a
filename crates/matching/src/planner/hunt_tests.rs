//! The search of a window tells of every set that can be done, once and with its least way, and of nothing else.

use std::collections::BTreeMap;

use super::{
    hunt::{Hunt, MAX_ITEMS},
    parts::SCALE,
    scene::rich,
    tests::Dice,
};
use crate::{
    eligibility::cases::{CENTRE, H, KORIA, snapshot, volunteer},
    problem::Problem,
    snapshot::{GigRow, Point, Promise, PromiseState, Snapshot, Span, VolunteerRow},
    tour::Round,
};

/// Lower than anything.
const NO_FLOOR: i64 = -(1 << 60);

fn round(problem: &Problem, window: usize) -> Round {
    Round::with_edges(problem, window, problem.edges.of_window.range(window).map(|edge| edge as u32))
}

/// Every set of items that can be done with what is promised, and its least travel.
fn every_set(round: &Round, room: usize) -> BTreeMap<u128, i64> {
    let count = round.items.len() - round.promised;
    let promised = (1_u128 << round.promised) - 1;
    let mut all = BTreeMap::new();
    for mask in 1_u128..1 << count {
        let items: Vec<u16> =
            (0..count).filter(|item| mask >> item & 1 == 1).map(|item| (item + round.promised) as u16).collect();
        let same = |&a: &u16| items.iter().any(|&b| a < b && round.same_gig(usize::from(a), usize::from(b)));
        if items.len() > room || items.iter().any(same) {
            continue;
        }
        if let Some(tour) = round.best_order(&items) {
            all.insert(mask << round.promised | promised, tour.travel_s);
        }
    }
    all
}

#[test]
fn every_set_is_told_once_with_its_least_way_whatever_is_promised() {
    let (mut sets, mut beside, mut carried) = (0, 0, 0);
    for seed in 0..900 {
        let problem = Problem::compile(&rich(2 * seed + 1, 3, 14)).expect("sound");
        let mut dice = Dice(seed + 7);
        for window in 0..problem.windows.len() {
            let round = round(&problem, window);
            let count = round.items.len() - round.promised;
            if count == 0 || count > 8 {
                continue;
            }
            let mut rewards: Vec<i64> = (0..count).map(|_| dice.roll(-400, 4_000) * SCALE).collect();
            rewards.sort_unstable_by(|a, b| b.cmp(a));
            rewards.splice(0..0, std::iter::repeat_n(0, round.promised));
            let room = dice.roll(1, 4) as usize;
            let every = every_set(&round, room);
            let gain = |mask: u128, travel_s: i64| {
                let own =
                    (0..rewards.len()).filter(|item| mask >> item & 1 == 1).map(|item| rewards[item]).sum::<i64>();
                own + (round.promised_travel_s - travel_s) * SCALE
            };
            let hunt = Hunt { round: &round, rewards: &rewards, second: SCALE, room, most: 100_000 };
            let mut told: BTreeMap<u128, i64> = BTreeMap::new();
            let missed = hunt.run(NO_FLOOR, &mut |mask, travel_s, told_gain| {
                assert_eq!(told_gain, gain(mask, travel_s), "seed {seed}, window {window}");
                assert_eq!(told.insert(mask, travel_s), None, "seed {seed}, window {window}: told twice");
                NO_FLOOR
            });
            assert_eq!((&told, missed), (&every, None), "seed {seed}, window {window}");
            // The best one is found where only what is better than the last is asked for.
            let best = every.iter().map(|(&mask, &travel_s)| gain(mask, travel_s)).max().unwrap_or(0).max(0);

            for floor in [0, best - 1] {
                let mut found = 0;
                hunt.run(floor, &mut |_, _, gain| {
                    found = gain.max(found);
                    found.max(floor)
                });
                assert_eq!(found, best.max(0), "seed {seed}, window {window}");
            }
            sets += every.len();
            beside += usize::from(round.promised > 0);
            carried += usize::from(round.promised > 0 && round.is_carried() && !every.is_empty());
        }
    }
    assert!(
        sets > 3_000 && beside > 300 && carried > 20,
        "{sets} sets, {beside} windows with promises, {carried} carried"
    );
}

#[test]
fn a_promise_that_only_an_escort_brings_in_reach_again_is_kept_in_sight() {
    let gig = |id: &str, at: Point, from: i64, duration_s: i64| GigRow {
        id: id.into(),
        kind: "shopping".into(),
        place: Some(at),
        duration_s,
        windows: vec![Span::new(from, from + duration_s)],
        ..GigRow::default()
    };
    // On foot to Koria it takes two hours; the escort is there in half an hour.
    let escort = GigRow { destination: Some(KORIA), ..gig("escort", CENTRE, 11 * H, H / 2) };
    let rows = vec![gig("at home", CENTRE, 10 * H, H), escort, gig("promised", KORIA, 12 * H, H)];
    let walker = VolunteerRow {
        speed_dkmh: 50,
        max_travel_s: 4 * H,
        windows: vec![Span::new(8 * H, 18 * H)],
        max_gigs_day: 9,
        max_gigs_week: 9,
        ..volunteer()
    };
    let promise =
        Promise { gig: "promised".into(), slot: 0, volunteer: "v".into(), start: 12 * H, state: PromiseState::Told };
    let rows = Snapshot { promises: vec![promise], ..snapshot(vec![walker], rows) };
    let problem = Problem::compile(&rows).expect("sound");
    let round = round(&problem, 0);
    assert_eq!((round.promised, round.items.len(), round.is_carried()), (1, 3, true));
    let every = every_set(&round, 2);
    assert_eq!(every.keys().copied().collect::<Vec<_>>().len(), 2, "the escort alone, and both");
    let hunt = Hunt { round: &round, rewards: &[0, SCALE, SCALE], second: SCALE, room: 2, most: 100 };
    let mut told: BTreeMap<u128, i64> = BTreeMap::new();
    hunt.run(NO_FLOOR, &mut |mask, travel_s, _| {
        told.insert(mask, travel_s);
        NO_FLOOR
    });
    assert_eq!(told, every);
}

/// So many calls in a row, all on one day of somebody.
fn calls(count: usize) -> Problem {
    let call = |n: usize| GigRow {
        id: format!("c{n:03}"),
        kind: "shopping".into(),
        duration_s: 120,
        windows: vec![Span::new(8 * H + n as i64 * 120, 8 * H + n as i64 * 120 + 120)],
        ..GigRow::default()
    };
    let row =
        VolunteerRow { windows: vec![Span::new(8 * H, 16 * H)], max_gigs_day: 9, max_gigs_week: 9, ..volunteer() };
    Problem::compile(&snapshot(vec![row], (0..count).map(call).collect())).expect("sound")
}

fn best(problem: &Problem, reward: i64, room: usize) -> i64 {
    let round = round(problem, 0);
    let rewards = vec![reward; round.items.len()];
    let mut found = 0;
    Hunt { round: &round, rewards: &rewards, second: SCALE, room, most: 100_000 }.run(0, &mut |_, _, gain| {
        found = gain.max(found);
        found
    });
    found
}

#[test]
fn calls_without_a_way_gain_the_last_fraction_of_a_point() {
    assert_eq!(best(&calls(3), 1, 3), 3);
}

#[test]
fn as_many_items_as_a_search_can_hold_are_searched() {
    assert_eq!(best(&calls(MAX_ITEMS), 100, 1), 100);
}
