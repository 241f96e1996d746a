//! A doubt is branched on both ways, or half of the plans would never be looked at.

use super::{super::limits::Decision, Doubt};

#[test]
fn both_answers_to_a_doubt_are_branched_on_the_nearer_first() {
    for (value, nearer) in [(0.2, false), (0.5, true), (0.8, true)] {
        let mut doubt = Doubt::default();
        doubt.consider(value, 3.0, |is| Decision::Gig(7, is));
        let (_, decision, flipped) = doubt.most.expect("a doubt");
        assert_eq!((decision, flipped), (Decision::Gig(7, nearer), Decision::Gig(7, !nearer)), "{value}");
    }
}

#[test]
fn what_is_whole_is_no_doubt_and_the_greatest_doubt_counts() {
    let mut doubt = Doubt::default();
    [0.0, 1.0, 1e-7, 1.0 - 1e-7].iter().for_each(|&value| doubt.consider(value, 1.0, |is| Decision::Gig(1, is)));
    assert!(doubt.most.is_none());
    doubt.consider(0.1, 2.0, |is| Decision::Gig(2, is));
    doubt.consider(0.6, 1.0, |is| Decision::Gig(3, is));
    doubt.consider(0.2, 1.0, |is| Decision::Gig(4, is));
    assert_eq!(doubt.most.map(|(_, decision, _)| decision), Some(Decision::Gig(3, true)));
}
