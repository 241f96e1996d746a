//! Who gains most at these prices: the best plans of every window, searched for rather than listed.

use rayon::prelude::*;

use super::{
    hunt::{self, Hunt},
    limits::Limits,
    live::Live,
    parts::{Goal, Parts, SCALE},
    prices::{CLOSED, Prices},
    trips::{Trip, Trips, worth},
};

/// Most half-made trips of one size in one window.
const MAX_LABELS: usize = 60_000;
/// Most plans of one window that are listed.
const MAX_LISTED_WINDOW: usize = 60_000;
/// Most plans that are listed in all.
const MAX_LISTED: usize = 400_000;
/// Windows that are listed before the total is looked at again.
const BATCH: usize = 128;

/// A plan that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) gain: i64,
    pub(super) window: u32,
    /// Ascending.
    pub(super) tickets: Vec<u32>,
    /// Travel beyond the promised trip.
    pub(super) extra_s: i64,
}

/// What one window offers.
#[derive(Debug, Clone, Default)]
pub(super) struct Offer {
    /// No plan of the window, nor none, gains more (scaled).
    pub(super) best: i64,
    /// No plan of the window that is allowed gains more; only for windows that must have a plan.
    pub(super) allowed: Option<i64>,
    /// The best plans that are not known yet, best first.
    pub(super) found: Vec<Found>,
}

/// A question to all windows.
#[derive(Clone, Copy)]
pub(super) struct Query<'a, 'p> {
    pub(super) parts: &'a Parts<'p>,
    pub(super) goal: Goal,
    pub(super) prices: &'a Prices,
    pub(super) limits: &'a Limits,
    pub(super) trips: &'a Trips,
    /// Which of them are in the program: they need not be found again.
    pub(super) is_in: &'a [bool],
    /// Most plans found in each window.
    pub(super) most: usize,
}

impl Query<'_, '_> {
    /// What every window offers; only of the plans that are live, where these are known.
    pub(super) fn ask(&self, live: Option<&Live>) -> Vec<Offer> {
        self.ask_each(&|window| match live {
            Some(live) => self.of_list(window, live.of_window(window)),
            None => self.of_window(window, 0),
        })
    }

    /// What every window offers that is asked; the others nothing.
    pub(super) fn ask_some(&self, is_asked: &(dyn Fn(usize) -> bool + Sync)) -> Vec<Offer> {
        self.ask_each(&|window| if is_asked(window) { self.of_window(window, 0) } else { Offer::default() })
    }

    fn ask_each(&self, offer: &(dyn Fn(usize) -> Offer + Sync)) -> Vec<Offer> {
        let windows = self.parts.problem.windows.len();
        self.parts.workers.run(|| (0..windows).into_par_iter().map(offer).collect())
    }

    fn gain(&self, trip: Trip<'_>) -> i64 {
        self.prices.gain(self.parts, self.goal, trip)
    }

    fn required(&self, window: usize) -> bool {
        self.limits.required.contains_key(&(window as u32))
    }

    /// The offer of a window whose plans are all known.
    fn of_list(&self, window: usize, live: &[u32]) -> Offer {
        let mut offer = Offer::default();
        let is_required = self.required(window);
        for &number in live {
            let trip = self.trips.get(number as usize);
            let gain = self.gain(trip);
            offer.best = offer.best.max(gain);
            if is_required && self.limits.allows(self.parts, window, trip.tickets) {
                offer.allowed = offer.allowed.max(Some(gain));
            }
        }
        offer
    }

    /// The offer of a window by search, among plans that gain more than what is `known` to be gained; that much is offered in any case.
    pub(super) fn of_window(&self, window: usize, known: i64) -> Offer {
        let is_required = self.required(window);
        let mut offer = Offer { best: known, ..Offer::default() };
        // What is in the program already needs no search to be beaten.
        let is_in = |number: &&u32| self.is_in[**number as usize];
        for &number in self.trips.of_window(window).iter().filter(is_in) {
            let trip = self.trips.get(number as usize);
            let gain = self.gain(trip);
            offer.best = offer.best.max(gain);
            if is_required && self.limits.allows(self.parts, window, trip.tickets) {
                offer.allowed = offer.allowed.max(Some(gain));
            }
        }
        let floor = if is_required { offer.allowed.unwrap_or(-CLOSED / 2) } else { offer.best };
        let mut found: Vec<Found> = Vec::new();
        let upper = self.hunt(window, floor, MAX_LABELS, true, &mut |plan| {
            if is_required && !self.limits.holds_required(self.parts, window, &plan.tickets) {
                return floor;
            }
            let at = found.partition_point(|other| (-other.gain, &other.tickets) < (-plan.gain, &plan.tickets));
            found.insert(at, plan);
            found.truncate(self.most);
            if found.len() == self.most { found[self.most - 1].gain.max(floor) } else { floor }
        });
        let best = found.first().map(|plan| plan.gain);
        offer.best = offer.best.max(best.unwrap_or(0)).max(upper.unwrap_or(0));
        if is_required {
            offer.allowed = offer.allowed.max(best).max(upper);
        }
        offer.found = found;
        offer
    }

    /// Searches a window for plans above a floor, and tells `take` of each with its exact gain. `greedy`: items that cost more
    /// than they bring are left out, as no best plan has them. What may have been missed gains no more than the answer.
    fn hunt(
        &self,
        window: usize,
        floor: i64,
        most: usize,
        greedy: bool,
        take: &mut dyn FnMut(Found) -> i64,
    ) -> Option<i64> {
        let (parts, goal, prices) = (self.parts, self.goal, self.prices);
        let room = parts.caps.window_room[window] as usize;
        let menu = parts.menus.of(window);
        let range = parts.tickets.of_window.range(window);
        if room == 0 || range.is_empty() {
            return None;
        }
        let second = if goal == Goal::Points { SCALE } else { 0 };
        // An escort can shorten the way of what is promised.
        let saved = if menu.is_carried() { menu.promised_travel_s * second } else { 0 };
        if !parts.menus.is_whole(parts.tickets, window) || menu.promised >= hunt::MAX_ITEMS / 2 {
            return Some(prices.rest(parts, goal, window));
        }
        let required = self.limits.required.get(&(window as u32));
        let mut items: Vec<(i64, u32)> = Vec::new();
        for ticket in range.clone() {
            let reward = prices.reward(parts, goal, ticket);
            let is_escort = menu.is_escort(ticket - range.start + menu.promised);
            let is_required = required.is_some_and(|gigs| gigs.contains(&parts.tickets.gig[ticket]));
            if reward > -CLOSED / 2 && (reward > 0 || is_escort || is_required || !greedy) {
                items.push((-reward, ticket as u32));
            }
        }
        items.sort_unstable();
        // Each item must come above the floor with the best others and its own way at least.
        let top: i64 = items.iter().take(room).map(|(cost, _)| (-cost).max(0)).sum();
        let last = if items.len() > room { 0.max(-items[room - 1].0) } else { 0 };
        let is_near = |&(cost, ticket): &(i64, u32)| {
            let others = if items.len() <= room { top - (-cost).max(0) } else { top - (-cost).max(last) };
            let way_s = if menu.promised == 0 { menu.least_with_s(ticket as usize - range.start) } else { 0 };
            others - cost + saved - way_s.saturating_mul(second) > floor
        };
        let mut picked: Vec<(i64, u32)> = items.iter().copied().filter(|item| is_near(item)).collect();
        if picked.is_empty() {
            return None;
        }
        let is_cut_off = picked.len() > hunt::MAX_ITEMS - menu.promised;
        picked.truncate(hunt::MAX_ITEMS - menu.promised);
        let tickets: Vec<u32> = picked.iter().map(|&(_, ticket)| ticket).collect();
        let round = parts.menus.pick(parts.problem, parts.tickets, window, &tickets);
        let promised = round.promised;
        let rewards: Vec<i64> = std::iter::repeat_n(0, promised).chain(picked.iter().map(|&(cost, _)| -cost)).collect();
        let hunt = Hunt { round: &round, rewards: &rewards, second, room, most };
        let mut floor = floor;
        let missed = hunt.run(floor, &mut |mask, travel_s, _| {
            let mut chosen: Vec<u32> = (promised..rewards.len())
                .filter(|&item| mask >> item & 1 == 1)
                .map(|item| tickets[item - promised])
                .collect();
            chosen.sort_unstable();
            let extra_s = travel_s - round.promised_travel_s;
            let (value, weight) = worth(parts.problem, parts.tickets, &chosen, extra_s);
            let gain = self.gain(Trip { window, tickets: &chosen, value, weight });
            if gain > floor {
                floor = take(Found { gain, window: window as u32, tickets: chosen, extra_s });
            }
            floor
        });
        if is_cut_off { Some(prices.rest(parts, goal, window)) } else { missed }
    }

    /// All plans whose loss against their window's best is at most `slack` (scaled), added to the known ones; `None` if they are
    /// too many.
    pub(super) fn list(&self, best: &[i64], slack: i64) -> Option<Vec<Found>> {
        let of_window = |&window: &usize| -> Option<Vec<Found>> {
            let mut found = Vec::new();
            let floor = best[window] - slack - 1;
            let missed = self.hunt(window, floor, MAX_LABELS, false, &mut |plan| {
                found.push(plan);
                floor
            });
            (missed.is_none() && found.len() <= MAX_LISTED_WINDOW).then_some(found)
        };
        let windows: Vec<usize> = (0..self.parts.problem.windows.len()).collect();
        let mut all = Vec::new();
        for batch in windows.chunks(BATCH) {
            let found: Vec<Option<Vec<Found>>> = self.parts.workers.run(|| batch.par_iter().map(of_window).collect());
            for of_window in found {
                all.extend(of_window?);
            }
            if all.len() > MAX_LISTED {
                return None;
            }
        }
        Some(all)
    }
}
