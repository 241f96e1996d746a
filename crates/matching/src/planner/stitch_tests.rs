//! What the bound of the whole is made of: what may be buried, and what a promise that could be moved is worth.

use super::{
    caps::Caps,
    parts::SCALE,
    scene::rich,
    stitch::{self, Stitch},
};
use crate::{
    plan::WEIGHT_POINTS,
    problem::{CompileOptions, Problem},
};

#[test]
fn only_meetings_that_cannot_take_place_are_buried() {
    let problem = Problem::compile(&rich(2, 8, 14)).expect("sound");
    let caps = Caps::new(&problem);
    let mut stitch = Stitch::new(&problem, &caps);
    let all = stitch.pool.meetings.clone();
    assert!(all.len() > 4, "{all:?}");
    stitch.bury(&[], |_, _| false);
    assert_eq!((&stitch.pool.meetings, stitch.dead_meetings.contains(&true)), (&all, false));
    let dead = all[3];
    stitch.bury(&[], |gig, meeting| (gig, meeting) == dead);
    let buried: Vec<usize> = (0..all.len()).filter(|&meeting| stitch.dead_meetings[meeting]).collect();
    assert_eq!(buried, [dead.1 as usize]);
    assert!(!stitch.pool.meetings.contains(&dead) && stitch.pool.meetings.len() + 1 == all.len());
}

#[test]
fn keeping_a_promise_is_never_worth_more_than_a_gig_is_said_to_leave() {
    let mut kept = 0;
    for seed in [1, 3, 5] {
        let options = CompileOptions { allow_moving_promises: true, ..CompileOptions::default() };
        for is_soft in [false, true] {
            let mut problem = Problem::compile_with(&rich(seed, 8, 14), options).expect("sound");
            if is_soft {
                crate::score::apply_pair_bonuses(&mut problem);
            }
            let caps = Caps::new(&problem);
            let stitch = Stitch::new(&problem, &caps);
            let mut seats = 0;
            for (edge, &bonus) in problem.edges.bonus.iter().enumerate() {
                let gig = problem.edges.gig[edge] as usize;
                let most = stitch.most_left(&problem, gig) - stitch.reward(&problem, gig);
                assert!(i64::from(bonus) * SCALE <= most, "seed {seed}: {bonus} above {most}");
                kept += usize::from(bonus > 0);
                seats = seats.max(i64::from(bonus));
            }
            let trivial = stitch::trivial(&problem);
            assert!(trivial >= problem.total_weight() as i64 * WEIGHT_POINTS + seats);
        }
    }
    assert!(kept > 10, "{kept} promises that may be moved");
}
