//! What asking everybody finds is what they gain of everything there is; bids look no farther than what is likely.

use super::{
    super::{
        interest::tests::best,
        scene::{anybody, asking, gig, promise},
        tests::{Dice, promised, week},
    },
    *,
};
use crate::{
    eligibility::cases::{H, KORIA, snapshot},
    plan::WEIGHT_POINTS,
    snapshot::{GigRow, SlotRow, Snapshot},
};

#[test]
fn every_window_is_asked_about_everything_at_whatever_prices() {
    let (mut gains, mut of_promised) = (0, 0);
    for seed in 0..40 {
        let mut dice = Dice(seed + 5);
        let rows = week(seed, 12, 40, false);
        let rows = if seed % 2 == 0 { promised(rows, &mut dice) } else { rows };
        let problem = Problem::compile(&rows).expect("sound");
        let caps = Caps::new(&problem);
        let mut stitch = Stitch::new(&problem, &caps);
        for gig in 0..problem.gig_count() {
            // Mostly little is left; now and then much, or nothing.
            let most = [600, 2_500, 20_000][dice.roll(0, 9).saturating_sub(7).max(0) as usize];
            let left = dice.roll(-300, most);
            let worth = i64::from(problem.weight(gig)) * WEIGHT_POINTS;
            stitch.pool.set_price(gig, (worth - left).max(0) as f64);
            for need in problem.gigs.needs.range(gig) {
                for meeting in problem.gigs.starts.range(gig) {
                    let seat = stitch.pool.layout.seat(&problem, gig, need, meeting);
                    stitch.pool.set_price(stitch.pool.layout.seat + seat, left.max(0) as f64);
                }
            }
        }
        for cap in 0..caps.all.len() {
            let price = dice.roll(-4, 2).max(0) * 100;
            stitch.pool.set_price(stitch.pool.layout.cap + cap, price as f64);
        }
        let left: Vec<i64> = (0..problem.gig_count()).map(|gig| stitch.most_left(&problem, gig)).collect();
        let of_cap: Vec<i64> = (0..caps.all.len()).map(|cap| stitch.of_cap(cap)).collect();
        let all = best(&problem, &caps, &left, &of_cap, &stitch.is_one);
        // Once with nothing known, then with the plans that were found.
        for turn in 0..2 {
            asking(&problem, &caps, |all, everybody| assert!(stitch.ask(all, everybody)));
            assert_eq!(stitch.of_window, all, "seed {seed}, turn {turn}");
        }
        gains += all.iter().filter(|&&gain| gain > 0).count();
        let is_promised = |window: &usize| !problem.promised.in_window.row(*window).is_empty();
        of_promised += (0..all.len()).filter(is_promised).filter(|&window| all[window] > 0).count();
    }
    assert!(gains > 300 && of_promised > 30, "{gains} windows gain anything, {of_promised} with promises");
}

#[test]
fn bids_are_what_everybody_gains_beyond_what_is_known() {
    let mut bids = 0;
    for seed in 0..8 {
        let problem = Problem::compile(&week(seed, 12, 40, seed % 2 == 0)).expect("sound");
        let caps = Caps::new(&problem);
        let (mut asked, mut bidden) = (Stitch::new(&problem, &caps), Stitch::new(&problem, &caps));
        asking(&problem, &caps, |all, everybody| {
            assert!(asked.ask(all, everybody));
            assert_eq!(bidden.bid(all, everybody), Some(asked.of_window.iter().sum()), "seed {seed}");
            assert_eq!(asked.bid(all, everybody), Some(0), "seed {seed}");
        });
        bids += asked.of_window.iter().filter(|&&gain| gain > 0).count();
    }
    assert!(bids > 50, "{bids} windows gain anything");
}

/// More calls than bids look at, for those who can do what nobody here can, and one that anybody could take.
#[test]
fn a_bound_comes_of_looking_at_more_than_is_likely() {
    let call = |n: usize| GigRow {
        weight: 1 + u32::from(n > 0),
        slots: vec![SlotRow { skills: if n > 0 { vec!["lift".into()] } else { Vec::new() } }],
        ..gig(format!("c{n:04}"), 10 * H, H)
    };
    let problem = Problem::compile(&snapshot(vec![anybody(2)], (0..=LIKELY).map(call).collect())).expect("sound");
    let caps = Caps::new(&problem);
    let mut stitch = Stitch::new(&problem, &caps);
    asking(&problem, &caps, |all, everybody| {
        assert_eq!(stitch.bid(all, everybody), Some(0));
        assert!(stitch.ask(all, everybody));
    });
    assert_eq!(stitch.of_window, [WEIGHT_POINTS * SCALE]);
}

/// What is beside a promise is worth it, however little it leaves: they are on the way there anyhow.
#[test]
fn who_goes_there_for_a_promise_is_asked_about_what_leaves_less_than_the_way() {
    let place = Some(KORIA);
    let gigs = [("beside", 12), ("there", 10)].map(|(id, hour)| GigRow { place, ..gig(id.into(), hour * H, H) });
    let rows = Snapshot { promises: vec![promise("there", 10 * H)], ..snapshot(vec![anybody(2)], gigs.to_vec()) };
    let problem = Problem::compile(&rows).expect("sound");
    let caps = Caps::new(&problem);
    let mut stitch = Stitch::new(&problem, &caps);
    stitch.pool.set_price(problem.find_gig("beside").expect("it is there"), WEIGHT_POINTS as f64 - 50.0);
    asking(&problem, &caps, |all, everybody| assert!(stitch.ask(all, everybody)));
    assert_eq!(stitch.of_window, [50 * SCALE]);
}
