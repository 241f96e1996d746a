//! What the sieve leaves out gains nothing: every window's best plan is as good without it.

use super::{
    super::{
        caps::Caps,
        menus::Menus,
        parts::{Parts, SCALE},
        prices::Prices,
        rows::Rows,
        scene::{at_prices, quick_roads},
        single::Single,
        tests::{Dice, promised, week},
        tickets::{NONE, Tickets},
        workers::Workers,
    },
    Asked, Interest,
};
use crate::{
    plan::WEIGHT_POINTS,
    problem::{Part, Problem, Sieve},
    travel::{Measure, Spot},
};

/// The best gain of every window at what is left of each gig; of who takes one gig at most that of all their windows, in the first.
pub(in super::super) fn best(
    problem: &Problem,
    caps: &Caps,
    left: &[i64],
    of_cap: &[i64],
    is_one: &[bool],
) -> Vec<i64> {
    let mut tickets = Tickets::new(problem);
    // Who else would come to a meeting is asked elsewhere.
    tickets.is_alive.fill(true);
    let (menus, rows, workers) = (Menus::lean(problem), Rows::default(), Workers::here());
    let parts = Parts {
        problem,
        caps,
        tickets: &tickets,
        menus: &menus,
        rows: &rows,
        workers: &workers,
        fixed: 0,
        fixed_weight: 0,
    };
    let cost = |_: usize, ticket: usize| {
        let gig = tickets.gig[ticket] as usize;
        let weight = if tickets.meeting[ticket] == NONE { i64::from(problem.weight(gig)) } else { 0 };
        weight * WEIGHT_POINTS * SCALE - left[gig]
    };
    let prices = Prices::of_tickets(&parts, &cost, of_cap);
    let single = Single { parts: &parts, prices: &prices, most: 1 };
    let of_window = |window: usize| {
        let volunteer = problem.windows.volunteer[window] as usize;
        match is_one[volunteer] {
            true if window == problem.windows.of(volunteer).start => single.ask(volunteer, 0).0,
            true => 0,
            false => at_prices(&parts, &prices, |query| query.of_window(window, 0).best),
        }
    };
    (0..problem.windows.len()).map(of_window).collect()
}

#[test]
fn what_the_sieve_leaves_out_gains_nothing() {
    let (mut all, mut kept, mut gains) = (0, 0, 0);
    for seed in 0..90 {
        let mut dice = Dice(seed + 5);
        let rows = week(seed, 12, 30, seed % 3 == 0);
        let rows = if seed % 2 == 0 { promised(rows, &mut dice) } else { rows };
        let mut part = Part::whole(&Problem::compile(&rows).expect("sound"));
        let problem = part.problem.clone();
        let caps = Caps::new(&problem);
        // Mostly little is left; now and then very much.
        let mut rewards = Vec::new();
        for _ in 0..problem.gig_count() {
            let most = [600, 2_500, 20_000][dice.roll(0, 9).saturating_sub(7).max(0) as usize];
            rewards.push(dice.roll(-300, most) * SCALE);
        }
        let of_cap: Vec<i64> = caps.all.iter().map(|_| dice.roll(-4, 2).max(0) * 100 * SCALE).collect();
        let toll = |window: usize| caps.of_window[window].iter().map(|&cap| of_cap[cap as usize]).sum::<i64>();
        let tolls: Vec<i64> = (0..problem.windows.len()).map(toll).collect();
        let is_escort: Vec<bool> = problem.gigs.destination.iter().map(Option::is_some).collect();
        // Where an escort is about, who takes one gig is offered some that they cannot reach.
        let is_plain = !is_escort.contains(&true);
        let is_one: Vec<bool> = (0..problem.volunteer_count())
            .map(|volunteer| is_plain && (seed + volunteer as u64).is_multiple_of(4))
            .collect();
        let without = best(&problem, &caps, &rewards, &of_cap, &is_one);
        // Something is known of every third window: little, nearly the best, or more than there is.
        let known = |&gain: &i64| [0, 0, 0, gain / 2, gain - gain / 50, gain + SCALE][dice.roll(0, 5) as usize];
        let mut floors: Vec<i64> = without.iter().map(known).collect();
        for volunteer in (0..problem.volunteer_count()).filter(|&volunteer| is_one[volunteer]) {
            let windows = problem.windows.of(volunteer);
            let floor = floors[windows.clone()].iter().copied().max().unwrap_or(0);
            floors[windows].fill(floor);
        }
        let asked = Asked { rewards: &rewards, tolls: &tolls, floors: &floors, is_escort: &is_escort, is_one: &is_one };
        let edges = part.edges(&Interest::new(&part, &caps, asked));
        (all, kept) = (all + problem.edges.len(), kept + edges.len());
        part.problem.replace_edges(edges);
        let with = best(&part.problem, &caps, &rewards, &of_cap, &is_one);
        for (window, &floor) in floors.iter().enumerate() {
            assert_eq!(with[window].max(floor), without[window].max(floor), "seed {seed}, window {window}");
        }
        gains += without.iter().zip(&floors).filter(|(gain, floor)| gain > floor).count();
    }
    assert!(gains > 500, "only {gains} windows gain anything");
    assert!(kept * 3 < all * 2, "the sieve keeps {kept} of {all}");
}

/// Many gigs that leave something, each of them a little more than its way for the first of the volunteers.
#[test]
fn a_gig_that_is_just_worth_its_way_is_kept_among_thousands() {
    let mut gains = 0;
    for seed in 0..3 {
        let problem = Problem::compile(&week(seed, 6, 1_300, false)).expect("sound");
        let mut part = Part::whole(&problem);
        let caps = Caps::new(&problem);
        let is_one = vec![true; problem.volunteer_count()];
        let floors = vec![0; problem.windows.len()];
        let is_escort = vec![false; problem.gig_count()];
        let of_cap = vec![0; caps.all.len()];
        let tolls = vec![0; problem.windows.len()];
        for volunteer in 0..problem.volunteer_count() {
            // What is only just worth it, for somebody who goes far or for somebody who stays near.
            let mut rewards = vec![SCALE; problem.gig_count()];
            for window in problem.windows.of(volunteer) {
                for edge in problem.edges.of_window.range(window) {
                    let way_s = problem.edges.out_s[edge] + problem.edges.back_s[edge];
                    // A call would be worth it wherever it is.
                    let left = if problem.is_call(problem.edges.gig[edge] as usize) { 0 } else { way_s + 1 };
                    rewards[problem.edges.gig[edge] as usize] = left * SCALE;
                }
            }
            let asked =
                Asked { rewards: &rewards, tolls: &tolls, floors: &floors, is_escort: &is_escort, is_one: &is_one };
            let interest = Interest::new(&part, &caps, asked);
            assert!(interest.shortlist(volunteer).is_none(), "few gigs are looked at one by one");
            let edges = part.edges(&interest);
            let without = best(&problem, &caps, &rewards, &of_cap, &is_one);
            part.problem.replace_edges(edges);
            let with = best(&part.problem, &caps, &rewards, &of_cap, &is_one);
            assert_eq!(with, without, "seed {seed}, volunteer {volunteer}");
            gains += usize::from(without[problem.windows.of(volunteer).start] >= SCALE);
        }
    }
    assert!(gains > 12, "{gains} gain anything");
}

#[test]
fn what_is_worth_its_way_is_wanted_however_far_it_looks() {
    let (mut worth, mut far) = (0, 0);
    for (seed, is_rough) in (0..4).flat_map(|seed| [(seed, false), (seed, true)]) {
        let mut rows = week(seed, 12, 30, false);
        rows.table = is_rough.then(|| quick_roads(&rows));
        let part = Part::whole(&Problem::compile(&rows).expect("sound"));
        let (problem, caps) = (&part.problem, Caps::new(&part.problem));
        let none = vec![0; problem.windows.len()];
        // On roads only who takes one gig is judged by the way.
        let (is_one, is_escort) = (vec![is_rough; problem.volunteer_count()], vec![is_rough; problem.gig_count()]);
        for edge in 0..problem.edges.len() {
            let (volunteer, gig) = (problem.edges.volunteer(problem, edge), problem.edges.gig[edge] as usize);
            let ends = problem.volunteers.home_point[volunteer].zip(problem.gigs.place_point[gig]);
            let Some((home, place)) = ends else { continue };
            let earth = Measure::earth();
            let away_rad = earth.angle_rad(earth.metres(Spot::from(home), Spot::from(place)) as f64);
            let way_s = problem.edges.out_s[edge] + problem.edges.back_s[edge];
            for left_s in [way_s + 1, (way_s / 2 - 10).max(1)] {
                let mut rewards = vec![0; problem.gig_count()];
                rewards[gig] = left_s * SCALE;
                let (is_one, is_escort) = (&is_one, &is_escort);
                let asked = Asked { rewards: &rewards, tolls: &none, floors: &none, is_escort, is_one };
                let interest = Interest::new(&part, &caps, asked);
                assert_eq!(interest.shortlist(volunteer), Some(&[gig as u32][..]));
                let is_wanted = interest.is_wanted(volunteer, gig, away_rad);
                let is_near = interest.farthest_rad(volunteer).is_none_or(|farthest_rad| away_rad <= farthest_rad);
                if left_s > way_s {
                    assert!(is_wanted && is_near, "seed {seed}, edge {edge}");
                    worth += 1;
                } else if !is_rough {
                    assert!(!is_wanted && !is_near, "seed {seed}, edge {edge}");
                    far += 1;
                }
            }
        }
    }
    assert!(worth > 200 && far > 100, "{worth} {far}");
}
