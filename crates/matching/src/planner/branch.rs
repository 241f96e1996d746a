//! Branch and bound with bounds of our own: the proof that a plan is best, and the way to it.
//!
//! What is undecided in the relaxation is split until every part is bounded by what is known: a gig is covered or not, a
//! meeting takes place or not, a window takes a gig or not. Each part grows its own plans and cuts in the shared master.
//! HiGHS only proposes prices and choices; every bound is computed here in whole numbers.

use super::{
    clock::Clock,
    draft::Draft,
    limits::{Decision, Limits},
    live::Live,
    lp::Answer,
    master::Master,
    parts::{Goal, Parts, SCALE},
};

/// Rounds of cuts in one part.
const CUT_ROUNDS: usize = 2;
/// A value this far from a whole number is undecided.
const FRACTION: f64 = 1e-5;

/// A part of the search space.
struct Node {
    decisions: Vec<Decision>,
    /// Scaled bound known from its parent.
    bound: i64,
}

/// The outcome of the branching.
#[derive(Debug, Clone, Copy)]
pub(super) struct Proof {
    /// No plan has more (scaled) than the greater of this and the best offered.
    pub(super) bound: i64,
    /// Parts looked at.
    pub(super) nodes: usize,
}

/// Splits until all is closed or the limits are reached. `offer` takes a draft and returns the best objective known.
pub(super) fn branch(
    parts: &Parts<'_>,
    master: &mut Master<'_>,
    live: Option<&Live>,
    root: i64,
    max_nodes: usize,
    clock: &Clock<'_>,
    offer: &mut dyn FnMut(Option<Draft>) -> i64,
) -> Proof {
    let mut stack = vec![Node { decisions: Vec::new(), bound: root }];
    let mut proof = Proof { bound: i64::MIN, nodes: 0 };
    while let Some(node) = stack.pop() {
        let best = offer(None);
        if node.bound.div_euclid(SCALE) <= best {
            continue;
        }
        if proof.nodes >= max_nodes || clock.is_over() {
            proof.bound = proof.bound.max(node.bound);
            continue;
        }
        proof.nodes += 1;
        master.apply(&Limits::new(parts, &node.decisions));
        let Some((bound, answer)) = solve(master, live, clock, node.bound, offer) else {
            proof.bound = proof.bound.max(node.bound);
            continue;
        };
        if bound.div_euclid(SCALE) <= offer(None) {
            continue;
        }
        match undecided(parts, master, &answer) {
            Some((decision, flipped)) => {
                for decision in [flipped, decision] {
                    let decisions = node.decisions.iter().copied().chain([decision]).collect();
                    stack.push(Node { decisions, bound });
                }
            }
            // A whole answer that does not reach its bound: the program was not solved well enough to close the part.
            None => proof.bound = proof.bound.max(bound),
        }
    }
    master.apply(&Limits::none(parts));
    proof
}

/// Relaxes one part, cuts and relaxes again; the bound (least of all) and the last answer. `None` if there is no answer.
fn solve(
    master: &mut Master<'_>,
    live: Option<&Live>,
    clock: &Clock<'_>,
    known: i64,
    offer: &mut dyn FnMut(Option<Draft>) -> i64,
) -> Option<(i64, Answer)> {
    let mut bound = known;
    let mut answer = None;
    for round in 0..=CUT_ROUNDS {
        let best = offer(None);
        let relaxed = match master.solve(Goal::Points, live, clock, &|points| points <= best) {
            Some(relaxed) => relaxed,
            None => return answer.map(|answer| (bound, answer)),
        };
        let Some((now, _)) = relaxed.bound else { return Some((i64::MIN, relaxed.answer)) };
        bound = bound.min(now.scaled);
        let is_whole = master.is_whole(&relaxed.answer);
        let best = if relaxed.is_converged { offer(Some(master.draft(&relaxed.answer))) } else { best };
        let is_done = is_whole || !relaxed.is_converged || bound.div_euclid(SCALE) <= best;
        let has_cuts = !is_done && round < CUT_ROUNDS && master.cut(&relaxed.answer) > 0;
        answer = Some(relaxed.answer);
        if !has_cuts {
            break;
        }
    }
    answer.map(|answer| (bound, answer))
}

/// The most undecided thing, with the answer nearer to the program's first; `None` where all is whole.
fn undecided(parts: &Parts<'_>, master: &Master<'_>, answer: &Answer) -> Option<(Decision, Decision)> {
    let mut doubt = Doubt::default();
    for (gig, value) in master.coverage(answer) {
        let weight = f64::from(parts.problem.weight(gig as usize).max(1));
        doubt.consider(value, weight, |is| Decision::Gig(gig, is));
    }
    if doubt.most.is_none() {
        master
            .meetings(answer)
            .for_each(|(meeting, value)| doubt.consider(value, 1.0, |is| Decision::Meeting(meeting, is)));
    }
    if doubt.most.is_none() {
        let pairs = master.pairs(answer);
        pairs.iter().for_each(|&(window, gig, value)| doubt.consider(value, 1.0, |is| Decision::Pair(window, gig, is)));
    }
    doubt.most.map(|(_, decision, flipped)| (decision, flipped))
}

/// The search for the most undecided value.
#[derive(Default)]
struct Doubt {
    most: Option<(f64, Decision, Decision)>,
}

impl Doubt {
    fn consider(&mut self, value: f64, rank: f64, make: impl Fn(bool) -> Decision) {
        let distance = value.min(1.0 - value);
        if distance > FRACTION && self.most.as_ref().is_none_or(|(most, _, _)| distance * rank > *most) {
            self.most = Some((distance * rank, make(value >= 0.5), make(value < 0.5)));
        }
    }
}

#[cfg(test)]
#[path = "branch_tests.rs"]
mod tests;
