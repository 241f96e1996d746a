//! Branch and bound with bounds of our own: the proof that a plan is best, and the way to it.
//!
//! What is undecided in the relaxation is split until every part is bounded by what is known: a gig is covered or not, a
//! meeting takes place or not, a window takes a gig or not. A part that was split is followed at once into its better half; where
//! that ends, the part with the highest bound comes next, so that the bound of the whole falls. Each part grows its own plans and cuts in
//! the shared master. HiGHS only proposes prices and choices; every bound is computed here in whole numbers.

use super::{
    clock::Clock,
    doubt,
    draft::Draft,
    limits::{Decision, Limits},
    live::Live,
    lp::Answer,
    master::Master,
    parts::{Goal, Parts, SCALE},
};

/// Rounds of cuts in one part.
const CUT_ROUNDS: usize = 2;

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

/// Splits until all is closed or the limits are reached. `offer` takes a draft and returns the best objective known; `live` are
/// the plans that could be part of something better, of which fewer are left with every better draft.
pub(super) fn branch(
    parts: &Parts<'_>,
    master: &mut Master<'_>,
    mut live: Option<&mut Live>,
    root: i64,
    max_nodes: usize,
    clock: &Clock<'_>,
    offer: &mut dyn FnMut(Option<Draft>) -> i64,
) -> Proof {
    let mut open = vec![Node { decisions: Vec::new(), bound: root }];
    let mut proof = Proof { bound: i64::MIN, nodes: 0 };
    let mut known = i64::MIN;
    let mut was_split = false;
    while let Some(node) = next(&mut open, was_split) {
        was_split = false;
        let best = offer(None);
        if node.bound.div_euclid(SCALE) <= best {
            continue;
        }
        if proof.nodes >= max_nodes || clock.is_over() {
            proof.bound = proof.bound.max(node.bound);
            continue;
        }
        proof.nodes += 1;
        if let Some(live) = live.as_deref_mut().filter(|_| best > known) {
            known = best;
            live.narrow(root - (best + 1) * SCALE);
            master.keep_only(live);
        }
        master.apply(&Limits::new(parts, &node.decisions));
        let Some((bound, answer)) = solve(master, live.as_deref(), clock, node.bound, offer) else {
            proof.bound = proof.bound.max(node.bound);
            continue;
        };
        if bound.div_euclid(SCALE) <= offer(None) {
            continue;
        }
        match doubt::next(parts, master, &answer, &node.decisions, clock) {
            Some((decision, flipped)) => {
                for decision in [flipped, decision] {
                    let decisions = node.decisions.iter().copied().chain([decision]).collect();
                    open.push(Node { decisions, bound });
                }
                was_split = true;
            }
            // A whole answer that does not reach its bound: the program was not solved well enough to close the part.
            None => proof.bound = proof.bound.max(bound),
        }
    }
    master.keep_all();
    master.apply(&Limits::none(parts));
    proof
}

/// The part to look at next: the better half of one that was just split, or that with the highest bound, of these the newest.
fn next(open: &mut Vec<Node>, was_split: bool) -> Option<Node> {
    if was_split {
        return open.pop();
    }
    let highest = (0..open.len()).max_by_key(|&at| open[at].bound)?;
    Some(open.remove(highest))
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
