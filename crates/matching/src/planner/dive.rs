//! A way to a good plan: take the plans that shares are sure of, then those that a program of what is left is nearly sure of, ask
//! again what goes with them, and so on.

use super::{
    choice,
    clock::Clock,
    draft::Draft,
    parts::Parts,
    prices::Prices,
    residual::Residual,
    taken::{self, Taken},
    trips::Trips,
};

/// Most times that the program is solved.
const MAX_STEPS: usize = 200;
/// A plan with at least this share is taken.
const SURE: f64 = 0.95;
/// Of those with at least this share one part in [`PART`] is taken, the surest.
const LEAST: f64 = 0.5;
/// See [`LEAST`].
const PART: usize = 4;
/// Shares below this are none.
const ZERO: f64 = 1e-6;
/// What is taken may cost so many points before everybody who is left is asked how to do better, ...
const DEAR: f64 = 5_000.0;
/// ... at most so many times.
const ASKED: usize = 3;
/// What is taken and costs more than this even then is taken back by halves, ...
const LOST: f64 = 10_000.0;
/// ... at most so many times.
const MAX_UNDONE: usize = 10;
/// With fewer hundredths of the time left everything likely is taken at once: a dive that comes to its end is better than one that is
/// cut off.
const HURRY_SHARE: u32 = 35;
/// With fewer new plans than this the primal simplex finds its way back sooner than the dual one.
const MANY_ADDED: usize = 100;

/// Dives from the shares of the known plans at these prices; the draft at the bottom, or as far as the time allows.
pub(super) fn dive(
    parts: &Parts<'_>,
    trips: &mut Trips,
    shares: &[f64],
    prices: &Prices,
    seed: u64,
    clock: &Clock<'_>,
) -> Option<Draft> {
    let mut taken = taken::surest(parts, trips, shares, SURE);
    let mut residual = Residual::new(parts, trips, &taken, prices, seed)?;
    // Nothing is known yet of what is left.
    let mut level = f64::INFINITY;
    let (mut asked, mut added) = (0, 0);
    let mut batch = Batch { before: taken.clone(), at: Vec::new() };
    let mut undone = 0;
    for _ in 0..MAX_STEPS {
        let left = clock.left();
        let is_late = left < clock.deadline / 100 * HURRY_SHARE;
        let Some(answer) = residual.solve(left, asked > 0 && added < MANY_ADDED, clock.elapsed) else { break };
        let is_asked_out = asked > 0 && added == 0;
        if answer.points < level - DEAR && asked < ASKED && !is_asked_out {
            added = residual.ask(parts, trips, &taken, &answer);
            asked += 1;
            continue;
        }
        asked = 0;
        if answer.points < level - LOST && undone < MAX_UNDONE && !batch.at.is_empty() {
            undone += 1;
            batch.halve(parts, trips, &mut taken, &mut residual);
            continue;
        }
        level = answer.points;
        let open = residual.open(&answer, ZERO);
        let is_whole = residual.is_whole(&answer, ZERO);
        let sure = open.iter().take_while(|(value, _)| *value >= SURE).count();
        let likely = open.iter().take_while(|(value, _)| *value >= LEAST).count();
        // The surest part of the rest too, one at least.
        let part = if is_late { 1 } else { PART };
        let count = if is_whole { sure } else { sure + ((likely - sure) / part).max(1) };
        batch = Batch { before: taken.clone(), at: open.iter().take(count).map(|&(_, at)| at).collect() };
        batch.at.iter().for_each(|&at| residual.decide(parts, trips, &mut taken, at));
        if is_whole || batch.at.is_empty() {
            break;
        }
        residual.ask(parts, trips, &taken, &answer);
    }
    Some(choice::to_draft(parts, trips, &taken.choice(parts)))
}

/// What was taken last.
struct Batch {
    before: Taken,
    /// Positions of the program, the surest first.
    at: Vec<usize>,
}

impl Batch {
    /// Takes back what turned out dear, all but the surer half; a plan alone is ruled out.
    fn halve(&mut self, parts: &Parts<'_>, trips: &Trips, taken: &mut Taken, residual: &mut Residual) {
        taken.clone_from(&self.before);
        self.at.iter().for_each(|&at| residual.reopen(at));
        if let &[alone] = &self.at[..] {
            residual.rule_out(alone);
            self.at.clear();
        }
        self.at.truncate(self.at.len() / 2);
        self.at.iter().for_each(|&at| residual.decide(parts, trips, taken, at));
    }
}
