//! What to decide next: of what is undecided in an answer, that which costs most whichever way it is decided.
//!
//! The first few of all doubts are tried both ways in the program of the moment (strong branching). What that says of the cost only
//! chooses; it proves nothing.

use super::{
    clock::Clock,
    limits::{Decision, Limits},
    lp::Answer,
    master::Master,
    parts::Parts,
};

/// A value this far from a whole number is undecided.
const FRACTION: f64 = 1e-5;
/// Most doubts that are tried, ...
const MAX_TRIED: usize = 8;
/// ... and fewer in programs with more plans than this in proportion.
const EASY: usize = 5_000;
/// No decision is thought to cost less than this many points: one that costs nothing one way may still cost much the other.
const LEAST_COST: f64 = 1.0;

/// What is undecided.
#[derive(Debug, Clone, Copy)]
struct Doubt {
    /// How far it is from a whole number, by what it is worth.
    rank: f64,
    /// The answer nearer to the program's, and the other one.
    nearer: Decision,
    other: Decision,
}

/// The doubt to decide, with the answer to follow first; `None` where all is whole.
pub(super) fn next(
    parts: &Parts<'_>,
    master: &mut Master<'_>,
    answer: &Answer,
    decisions: &[Decision],
    clock: &Clock<'_>,
) -> Option<(Decision, Decision)> {
    let most = (MAX_TRIED * EASY / master.plans().count().max(1)).clamp(1, MAX_TRIED);
    let mut doubts = all(parts, master, answer);
    doubts.truncate(most);
    if let [only] = doubts[..] {
        return Some((only.nearer, only.other));
    }
    let mut cost = |decision: Decision| {
        let decisions: Vec<Decision> = decisions.iter().copied().chain([decision]).collect();
        master.apply(&Limits::new(parts, &decisions));
        master.points(clock).map_or(0.0, |points| answer.points - points).max(LEAST_COST)
    };
    let tried = doubts.iter().map(|doubt| (doubt, cost(doubt.nearer), cost(doubt.other)));
    let dearest = tried.reduce(|a, b| if b.1 * b.2 > a.1 * a.2 { b } else { a });
    dearest.map(
        |(doubt, nearer, other)| {
            if nearer <= other { (doubt.nearer, doubt.other) } else { (doubt.other, doubt.nearer) }
        },
    )
}

/// All doubts about gigs, then about meetings, then about who takes what, the greatest first.
fn all(parts: &Parts<'_>, master: &Master<'_>, answer: &Answer) -> Vec<Doubt> {
    let weight = |gig: u32| f64::from(parts.problem.weight(gig as usize).max(1));
    let gigs = master.coverage(answer);
    let gigs = gigs.filter_map(|(gig, value)| Doubt::new(value, weight(gig), |is| Decision::Gig(gig, is)));
    let meetings = master.meetings(answer);
    let meetings = meetings.filter_map(|(at, value)| Doubt::new(value, 1.0, |is| Decision::Meeting(at, is)));
    let pairs = master.pairs(answer).into_iter();
    let pairs = pairs.filter_map(|(window, gig, value)| Doubt::new(value, 1.0, |is| Decision::Pair(window, gig, is)));
    let mut doubts = Vec::new();
    for mut of_kind in [gigs.collect::<Vec<_>>(), meetings.collect(), pairs.collect()] {
        of_kind.sort_by(|a, b| b.rank.total_cmp(&a.rank));
        doubts.extend(of_kind);
    }
    doubts
}

impl Doubt {
    /// The doubt about a value, if there is one.
    fn new(value: f64, worth: f64, make: impl Fn(bool) -> Decision) -> Option<Self> {
        let distance = value.min(1.0 - value);
        let is = value >= 0.5;
        (distance > FRACTION).then(|| Self { rank: distance * worth, nearer: make(is), other: make(!is) })
    }
}

#[cfg(test)]
#[path = "doubt_tests.rs"]
mod tests;
