//! All plans of all windows: every set of tickets that one volunteer can do in one window, with its least travel.
//!
//! Sets grow ticket by ticket. For each set the half-made trips that are worth keeping are those that no other trip with
//! the same gigs and the same last place beats; the best finished one gives the set its travel. The number of sets is
//! bounded per window and in all; a window where the bound was reached is marked incomplete, and whoever computes an
//! upper bound must estimate it (see `bound`).

use rayon::prelude::*;

use super::{caps::Caps, clock::Clock, distances::Distances, tickets::Tickets, workers::Workers};
use crate::{
    plan::WEIGHT_POINTS,
    problem::Problem,
    tour::{Round, State},
};

/// Most gigs in one plan of a window, promised ones included: more do not fit a key.
const MAX_GIGS: usize = 12;
/// Bits of a key for each gig.
const BITS: usize = 10;
const MASK: u128 = (1 << BITS) - 1;
/// Most half-made trips of one size in one window.
const MAX_STATES: usize = 400_000;
/// Most plans of one window.
const MAX_PLANS_WINDOW: usize = 300_000;
/// Plans of one window that there is always room for.
const FEW_PLANS_WINDOW: usize = 500;
/// Most plans in all.
const MAX_PLANS: usize = 2_500_000;

/// Plans of windows, one entry per plan in every array, by window.
#[derive(Debug, Default)]
pub(super) struct Tours {
    /// First plan of each window, and one past the last.
    first_of_window: Vec<u32>,
    /// First ticket of each plan, and one past the last.
    first_ticket: Vec<u32>,
    tickets: Vec<u32>,
    /// Points: weight of the gigs that need one helper x 20,000 - travel beyond the promised trip + bonuses.
    pub(super) value: Vec<i64>,
    /// Weight of the gigs that need one helper.
    pub(super) weight: Vec<u32>,
    /// Windows whose plans are all here.
    pub(super) is_complete: Vec<bool>,
    /// Whether there were too many plans, or too little time, to look at every window.
    pub(super) is_exhausted: bool,
}

/// The plans of one window.
struct WindowPlans {
    plans: Vec<(u128, i64)>,
    is_complete: bool,
}

impl Tours {
    /// Enumerates the plans of all windows; where there are too many, the smaller ones of each. The result does not depend on
    /// the number of threads.
    pub(super) fn new(problem: &Problem, tickets: &Tickets, caps: &Caps, workers: &Workers, clock: &Clock<'_>) -> Self {
        let distances = Distances::new(problem);
        let third = (clock.elapsed)() + clock.left() / 3;
        let all = Self::up_to(problem, &distances, tickets, caps, workers, &clock.until(third), MAX_PLANS_WINDOW);
        if all.is_exhausted {
            let each = (MAX_PLANS / problem.windows.len().max(1)).clamp(FEW_PLANS_WINDOW, MAX_PLANS_WINDOW);
            let mut some = Self::up_to(problem, &distances, tickets, caps, workers, clock, each);
            some.is_exhausted = true;
            return some;
        }
        all
    }

    fn up_to(
        problem: &Problem,
        distances: &Distances,
        tickets: &Tickets,
        caps: &Caps,
        workers: &Workers,
        clock: &Clock<'_>,
        each: usize,
    ) -> Self {
        let mut tours = Self { first_of_window: vec![0], first_ticket: vec![0], ..Self::default() };
        /// Windows enumerated before the total is looked at again.
        const BATCH: usize = 32;
        /// Windows after which the total is foretold.
        const ENOUGH: usize = 160;
        let windows: Vec<usize> = (0..problem.windows.len()).collect();
        for batch in windows.chunks(BATCH) {
            // Windows come in no particular order: if the first hold too many plans, all do.
            let done = tours.is_complete.len();
            let expected = tours.value.len() as u64 * windows.len() as u64 / done.max(1) as u64;
            // A few windows hold most plans, so only a clear case counts.
            let is_too_much = each == MAX_PLANS_WINDOW && done >= ENOUGH && expected > 3 * MAX_PLANS as u64;
            tours.is_exhausted |= is_too_much || tours.value.len() > 2 * MAX_PLANS || clock.is_over();
            let limit = if tours.is_exhausted { 0 } else { each };
            let enumerate = |&window: &usize| {
                let round = Round::new(problem, window, |from, to| distances.metres(problem, from, to));
                let plans = plans(&round, caps.window_room[window] as usize, limit);
                (round, plans)
            };
            let found: Vec<(Round, WindowPlans)> = workers.run(|| batch.par_iter().map(enumerate).collect());
            for (&window, (round, mut plans)) in batch.iter().zip(found) {
                // Tickets beyond the most items of a round take part in no plan.
                plans.is_complete &= round.items.len() - round.promised == tickets.of_window.range(window).len();
                tours.push_window(problem, tickets, window, &round, plans, each);
            }
        }
        tours
    }

    fn push_window(
        &mut self,
        problem: &Problem,
        tickets: &Tickets,
        window: usize,
        round: &Round,
        found: WindowPlans,
        each: usize,
    ) {
        let first = tickets.of_window.range(window).start;
        let mut is_complete = found.is_complete;
        let mut plans: Vec<(i64, u32, u128)> = Vec::with_capacity(found.plans.len());
        for (key, travel_s) in found.plans {
            let of_plan = optional(round, key).map(|item| first + item);
            if of_plan.clone().any(|ticket| !tickets.is_alive[ticket]) {
                continue;
            }
            let weight: u32 = of_plan
                .clone()
                .filter(|&ticket| tickets.is_single(ticket))
                .map(|ticket| problem.weight(tickets.gig[ticket] as usize))
                .sum();
            let bonus: i64 = of_plan.map(|ticket| i64::from(problem.edges.bonus[tickets.edge[ticket] as usize])).sum();
            let value = round.promised_travel_s - travel_s + bonus + i64::from(weight) * WEIGHT_POINTS;
            plans.push((value, weight, key));
        }
        if plans.len() > each {
            // The gigs alone, and of the rest those worth most.
            let is_alone = |key: u128| optional(round, key).count() == 1;
            plans.sort_by_key(|&(value, _, key)| (!is_alone(key), -value, key));
            let alone = plans.iter().take_while(|(_, _, key)| is_alone(*key)).count();
            plans.truncate(each.max(alone));
            plans.sort_by_key(|&(_, _, key)| key);
            is_complete = false;
        }
        for (value, weight, key) in plans {
            self.tickets.extend(optional(round, key).map(|item| (first + item) as u32));
            self.value.push(value);
            self.weight.push(weight);
            self.first_ticket.push(self.tickets.len() as u32);
        }
        self.first_of_window.push(self.value.len() as u32);
        self.is_complete.push(is_complete);
    }

    /// Number of plans.
    pub(super) fn len(&self) -> usize {
        self.value.len()
    }

    /// Plans of one window.
    pub(super) fn of_window(&self, window: usize) -> std::ops::Range<usize> {
        self.first_of_window[window] as usize..self.first_of_window[window + 1] as usize
    }

    /// The window of a plan.
    pub(super) fn window(&self, plan: usize) -> usize {
        self.first_of_window.partition_point(|&first| first as usize <= plan) - 1
    }

    /// Tickets of one plan, ascending.
    pub(super) fn tickets(&self, plan: usize) -> &[u32] {
        &self.tickets[self.first_ticket[plan] as usize..self.first_ticket[plan + 1] as usize]
    }

    /// The plan of a window with exactly these tickets (ascending).
    pub(super) fn find(&self, window: usize, tickets: &[u32]) -> Option<usize> {
        self.of_window(window).find(|&plan| self.tickets(plan) == tickets)
    }
}

/// A set of items: their numbers plus one, ascending, [`BITS`] each, the greatest lowest.
fn with(key: u128, item: usize) -> u128 {
    let item = item as u128 + 1;
    let mut kept = 0;
    let mut shift = 0;
    // Walk from the greatest down to where the new item belongs.
    while key >> shift & MASK > item {
        kept |= key & MASK << shift;
        shift += BITS;
    }
    let lower = key >> shift;
    // A full set leaves nothing to move, and nowhere to move it to.
    (if lower == 0 { 0 } else { lower << (shift + BITS) }) | item << shift | kept
}

/// The items of a set, ascending.
fn items(key: u128) -> impl Iterator<Item = u16> + Clone {
    (0..MAX_GIGS).rev().map(move |at| (key >> (BITS * at) & MASK) as u16).filter(|&item| item != 0).map(|item| item - 1)
}

/// The items of a set that are not promised, counted from the first such item.
fn optional(round: &Round, key: u128) -> impl Iterator<Item = usize> + Clone {
    let promised = round.promised;
    items(key).filter_map(move |item| usize::from(item).checked_sub(promised))
}

/// All sets of up to `room` items besides the promised ones, each with the least travel of its trip.
fn plans(round: &Round, room: usize, limit: usize) -> WindowPlans {
    if limit == 0 {
        return WindowPlans { plans: Vec::new(), is_complete: false };
    }
    let count = round.items.len();
    let levels = round.promised + room.min(count - round.promised);
    let mut out = WindowPlans { plans: Vec::new(), is_complete: true };
    if room == 0 || count == round.promised {
        return out;
    }
    let promised_key = (0..round.promised.min(MAX_GIGS)).fold(0, with);
    let mut pairs = Pairs::new(count);
    let mut level: Vec<(u128, State)> = vec![(0, round.begin())];
    for size in 1..=levels.min(MAX_GIGS) {
        let mut next: Vec<(u128, State)> = Vec::new();
        for &(key, state) in &level {
            let chosen: Vec<u16> = items(key).collect();
            let optional = chosen.iter().filter(|&&item| usize::from(item) >= round.promised).count();
            let candidates = if optional < room { 0..count } else { 0..round.promised };
            for item in candidates {
                let clashes = |&other: &u16| {
                    let other = usize::from(other);
                    round.same_gig(other, item) || (size > 2 && !round.is_carried() && !pairs.has(other, item))
                };
                if !chosen.iter().any(clashes)
                    && let Some((state, _)) = round.step(state, item)
                {
                    next.push((with(key, item), state));
                }
            }
            if next.len() > MAX_STATES {
                out.is_complete = false;
                break;
            }
        }
        keep_best(&mut next);
        let mut at = 0;
        while at < next.len() {
            let key = next[at].0;
            let end = at + next[at..].partition_point(|entry| entry.0 == key);
            let travel_s = next[at..end].iter().filter_map(|(_, state)| round.home(*state)).min();
            if size == 2 && travel_s.is_some() {
                let mut both = items(key).map(usize::from);
                if let (Some(a), Some(b)) = (both.next(), both.next()) {
                    pairs.set(a, b);
                }
            }
            let has_promised = items(key).take(round.promised).map(usize::from).eq(0..round.promised);
            if let Some(travel_s) = travel_s
                && has_promised
                && key != promised_key
            {
                out.plans.push((key, travel_s));
            }
            at = end;
        }
        if out.plans.len() > limit {
            out.is_complete = false;
        }
        if !out.is_complete && out.plans.len() > limit / 2 {
            break;
        }
        level = next;
        if level.is_empty() {
            break;
        }
        // Longer trips would be possible but do not fit a key.
        out.is_complete &= size < MAX_GIGS || size == levels;
    }
    out
}

/// Sorts by set and drops every half-made trip that another one beats.
fn keep_best(entries: &mut Vec<(u128, State)>) {
    entries.sort_unstable_by_key(|(key, state)| (*key, state.order()));
    let mut kept: Vec<(u128, State)> = Vec::with_capacity(entries.len());
    let mut group = 0;
    for &(key, state) in entries.iter() {
        if kept.get(group).is_none_or(|first| first.0 != key) {
            group = kept.len();
        }
        if !kept[group..].iter().any(|(_, other)| other.beats(&state)) {
            kept.push((key, state));
        }
    }
    *entries = kept;
}

/// Which two items can be in one trip.
struct Pairs {
    width: usize,
    bits: Vec<u64>,
}

impl Pairs {
    fn new(count: usize) -> Self {
        let width = count.div_ceil(64);
        Self { width, bits: vec![0; width * count] }
    }

    fn set(&mut self, a: usize, b: usize) {
        self.bits[a * self.width + b / 64] |= 1 << (b % 64);
        self.bits[b * self.width + a / 64] |= 1 << (a % 64);
    }

    fn has(&self, a: usize, b: usize) -> bool {
        self.bits[a * self.width + b / 64] >> (b % 64) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tour::MAX_ITEMS;

    #[test]
    fn keys_hold_sets_in_order_whatever_the_order_of_adding() {
        let key = [7, 2, 500, 0].into_iter().fold(0, with);
        assert_eq!(key, [0, 500, 2, 7].into_iter().fold(0, with));
        assert_eq!(items(key).collect::<Vec<_>>(), [0, 2, 7, 500]);
        let full = (0..MAX_GIGS).rev().fold(0, with);
        assert_eq!(items(full).collect::<Vec<_>>(), (0..MAX_GIGS as u16).collect::<Vec<_>>());
        let greatest = (0..MAX_GIGS).map(|n| MAX_ITEMS - 1 - n).fold(0, with);
        assert_eq!(items(greatest).last(), Some(MAX_ITEMS as u16 - 1));
    }
}
