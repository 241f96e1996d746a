//! The exact search for what one volunteer could gain in one window when every item has its reward.
//!
//! Trips grow item by item. Of the half-made trips with the same items and the same last place only those are kept that no
//! other beats, and none is followed that could not come above the floor even if all that is still possible cost no way.

use crate::tour::{Round, State};

/// Most items of one search: sets of them are bits of one word.
pub(super) const MAX_ITEMS: usize = 128;

/// One search.
pub(super) struct Hunt<'a> {
    /// Promised items, then others, best reward first.
    pub(super) round: &'a Round,
    /// Scaled reward of each item; promised ones have none.
    pub(super) rewards: &'a [i64],
    /// What a second of travel costs, scaled.
    pub(super) second: i64,
    /// Most items besides the promised ones.
    pub(super) room: usize,
    /// Most half-made trips of one size.
    pub(super) most: usize,
}

/// A half-made trip.
#[derive(Clone, Copy)]
struct Label {
    /// Its items.
    mask: u128,
    /// Items that may still be added.
    open: u128,
    state: State,
    reward: i64,
    left: usize,
}

impl Hunt<'_> {
    /// Tells `take` of every set that gains more than the floor: its items, its least travel and its scaled gain; what `take`
    /// returns is the next floor. Nothing above the answer has been left out; it is `None` if nothing at all has.
    pub(super) fn run(&self, mut floor: i64, take: &mut dyn FnMut(u128, i64, i64) -> i64) -> Option<i64> {
        let promised = (1_u128 << self.round.promised) - 1;
        let all = if self.rewards.len() < MAX_ITEMS { (1_u128 << self.rewards.len()) - 1 } else { u128::MAX };
        let sites = self.sites();
        let start = self.round.promised_travel_s * self.second;
        let mut level = vec![Label { mask: 0, open: all, state: self.round.begin(), reward: start, left: self.room }];
        let mut next: Vec<Label> = Vec::new();
        let mut steps: Vec<(usize, State)> = Vec::new();
        while !level.is_empty() {
            next.clear();
            for label in &level {
                self.grow(label, promised, &sites, floor, &mut steps, &mut next);
                if next.len() > self.most {
                    let rest = level.iter().chain(&next).map(|label| self.upper(label, &sites)).max();
                    return rest;
                }
            }
            if level[0].mask != 0 || promised != 0 {
                keep_best(&mut next);
            }
            let mut at = 0;
            while at < next.len() {
                let first = next[at];
                let end = at + next[at..].iter().take_while(|label| label.mask == first.mask).count();
                let home = next[at..end].iter().filter_map(|label| self.round.home(label.state)).min();
                if let Some(travel_s) = home
                    && first.mask & promised == promised
                    && first.mask != promised
                {
                    let gain = first.reward - travel_s * self.second;
                    if gain > floor {
                        floor = take(first.mask, travel_s, gain).max(floor);
                    }
                }
                at = end;
            }
            std::mem::swap(&mut level, &mut next);
        }
        None
    }

    /// Items of the same gig, by item.
    fn sites(&self) -> Vec<u128> {
        let count = self.rewards.len();
        let same = |a: usize| (0..count).filter(|&b| self.round.same_gig(a, b)).fold(0, |mask, b| mask | 1 << b);
        (0..count).map(same).collect()
    }

    /// Adds every half-made trip with one more item that can still come above the floor.
    fn grow(
        &self,
        label: &Label,
        promised: u128,
        sites: &[u128],
        floor: i64,
        steps: &mut Vec<(usize, State)>,
        next: &mut Vec<Label>,
    ) {
        steps.clear();
        let mut feasible = 0;
        let mut rest = if label.left > 0 { label.open } else { label.open & promised };
        while rest != 0 {
            let item = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            if let Some((state, _)) = self.round.step(label.state, item) {
                feasible |= 1 << item;
                steps.push((item, state));
            }
        }
        let is_carried = self.round.is_carried();
        if !is_carried && (label.mask | feasible) & promised != promised {
            // A promised gig that is too late now is too late for good.
            return;
        }
        for &(item, state) in steps.iter() {
            let is_promised = promised >> item & 1 == 1;
            let grown = Label {
                mask: label.mask | 1 << item,
                // What cannot be in time now cannot be later, unless somebody carries the volunteer along.
                open: (if is_carried { label.open } else { feasible }) & !sites[item],
                state,
                reward: label.reward + self.rewards[item],
                left: label.left - usize::from(!is_promised),
            };
            if self.upper(&grown, sites) > floor {
                next.push(grown);
            }
        }
    }

    /// No trip that goes on like this gains more.
    fn upper(&self, label: &Label, sites: &[u128]) -> i64 {
        let mut upper = label.reward - self.round.least_travel_s(label.state) * self.second;
        let (mut open, mut left) = (label.open >> self.round.promised << self.round.promised, label.left);
        while open != 0 && left > 0 {
            let item = open.trailing_zeros() as usize;
            if self.rewards[item] <= 0 {
                break;
            }
            upper += self.rewards[item];
            open &= !sites[item];
            left -= 1;
        }
        upper
    }
}

/// Sorts by set and drops every half-made trip that another one beats.
fn keep_best(labels: &mut Vec<Label>) {
    labels.sort_unstable_by_key(|label| (label.mask, label.state.order()));
    let mut kept = 0;
    let mut group = 0;
    for at in 0..labels.len() {
        let label = labels[at];
        if labels[group].mask != label.mask || kept == 0 {
            group = kept;
        }
        if let Some(known) = labels[group..kept].iter_mut().find(|known| known.state.beats(&label.state)) {
            // What either could still do, the better one can.
            known.open |= label.open;
        } else {
            labels[kept] = label;
            kept += 1;
        }
    }
    labels.truncate(kept);
}
