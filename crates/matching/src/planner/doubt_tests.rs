//! A doubt is branched on both ways, or half of the plans would never be looked at.

use super::{super::limits::Decision, Doubt};

#[test]
fn both_answers_to_a_doubt_are_branched_on_the_nearer_first() {
    for (value, nearer) in [(0.2, false), (0.5, true), (0.8, true)] {
        let doubt = Doubt::new(value, 3.0, |is| Decision::Gig(7, is)).expect("a doubt");
        assert_eq!((doubt.nearer, doubt.other), (Decision::Gig(7, nearer), Decision::Gig(7, !nearer)), "{value}");
    }
}

#[test]
fn what_is_whole_is_no_doubt_and_a_dear_doubt_is_a_greater_one() {
    let make = |is| Decision::Gig(1, is);
    assert!([0.0, 1.0, 1e-7, 1.0 - 1e-7].iter().all(|&value| Doubt::new(value, 1.0, make).is_none()));
    let rank = |value, worth| Doubt::new(value, worth, make).expect("a doubt").rank;
    assert!(rank(0.6, 1.0) > rank(0.1, 2.0) && rank(0.2, 3.0) > rank(0.6, 1.0));
}
