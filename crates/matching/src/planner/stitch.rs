//! The prices of the whole and the bound that they prove: every volunteer is asked what they gain at them, of all gigs.
//!
//! The prices of the tiles are the first ones, wrong at every seam and for every call that many tiles could take. What people
//! answer goes into the pool, the pool balances its prices, and everybody is asked again. The bound is a Lagrangian one in whole
//! numbers and holds whatever the prices are: what everything there is to sell costs, and the best that everybody gains. Who takes
//! one gig at most is bounded over all windows together, so that their week needs no price.

use std::collections::BTreeMap;

use super::{
    book::Book,
    calls::{self, Sort},
    caps::{Cap, Caps},
    draft::fixed_travel_s,
    hours,
    parts::SCALE,
    pool::{Pool, Task},
    prices::MAX_PRICE,
    single,
    tickets::NONE,
    tile::Tolls,
    workers::Workers,
};
use crate::{
    itinerary,
    plan::{HoursWorth, WEIGHT_POINTS},
    problem::{Part, Problem},
    score::most_pair_bonus_s,
};

/// What a helper of a gig earns at first, where several must meet, in points.
const FIRST_PAY: f64 = 3_000.0;
/// The share of calls, one in so many, after which the others are priced.
const CHEAPEST: usize = 10;
/// Calls of a sort that leave less than this, in points, leave nothing.
const FREE: i64 = 100;
/// A gig that leaves less than this of its worth to whoever takes it leaves nothing, in points.
const LITTLE: i64 = 20;

/// The prices of the whole, and the plans that they called for.
pub(super) struct Stitch {
    pub(super) pool: Pool,
    /// First cap of each volunteer: caps come volunteer by volunteer.
    pub(super) first_cap: Vec<usize>,
    /// Gigs that have too few candidates in the whole, and meetings (by position in `Gigs::starts`).
    pub(super) dead: Vec<bool>,
    pub(super) dead_meetings: Vec<bool>,
    /// Volunteers who take one gig at most, and are bounded as a whole.
    pub(super) is_one: Vec<bool>,
    /// Their caps.
    is_of_one: Vec<bool>,
    /// Best gain of each window, when it was asked last; of somebody who takes one gig the first window has it all.
    pub(super) of_window: Vec<i64>,
}

/// A bound without any prices: everything is covered and nobody travels.
pub(super) fn trivial(problem: &Problem) -> i64 {
    let bonus = |gig: usize| {
        let seats: i64 = problem.gigs.needs.row(gig).iter().map(|need| i64::from(need.count)).sum();
        seats * most_bonus(problem, gig)
    };
    problem.total_weight() as i64 * WEIGHT_POINTS + (0..problem.gig_count()).map(bonus).sum::<i64>()
}

/// The most that anybody at a gig can be worth beyond its weight.
fn most_bonus(problem: &Problem, gig: usize) -> i64 {
    let kept = if problem.promised.movable.is_empty() { 0 } else { 2 * i64::from(problem.promised.cost_s) };
    let of_pair = if problem.pair_bonuses { most_pair_bonus_s(problem, gig) } else { 0 };
    of_pair + kept
}

/// Scaled worth of a gig.
fn worth(whole: &Problem, gig: usize) -> i64 {
    i64::from(whole.weight(gig)) * WEIGHT_POINTS * SCALE
}

impl Stitch {
    /// Everything is free.
    pub(super) fn new(whole: &Problem, caps: &Caps) -> Self {
        let mut first_cap = vec![0; whole.volunteer_count() + 1];
        for cap in &caps.all {
            let volunteer = cap.windows.first().map_or(0, |&window| whole.windows.volunteer[window as usize]);
            first_cap[volunteer as usize + 1] += 1;
        }
        for volunteer in 0..whole.volunteer_count() {
            first_cap[volunteer + 1] += first_cap[volunteer];
        }
        let meetings = (0..whole.gig_count())
            .flat_map(|gig| whole.gigs.starts.range(gig).map(move |meeting| (gig as u32, meeting as u32)))
            .collect();
        let mut pool = Pool::new(whole, caps, meetings);
        let seats = pool.layout.seat..pool.layout.link;
        seats.for_each(|seat| pool.set_price(seat, FIRST_PAY));
        let is_one: Vec<bool> =
            (0..whole.volunteer_count()).map(|volunteer| single::takes_one(whole, volunteer)).collect();
        let owner = |cap: &Cap| cap.windows.first().map(|&window| whole.windows.volunteer[window as usize] as usize);
        Self {
            is_of_one: caps.all.iter().map(|cap| owner(cap).is_some_and(|owner| is_one[owner])).collect(),
            is_one,
            pool,
            first_cap,
            dead: vec![false; whole.gig_count()],
            dead_meetings: vec![false; whole.gigs.starts.flat().len()],
            of_window: vec![0; whole.windows.len()],
        }
    }

    /// Leaves out gigs that nobody can do, and meetings (by gig and position in `Gigs::starts`) that cannot take place.
    pub(super) fn bury(&mut self, gigs: &[u32], is_dead: impl Fn(u32, u32) -> bool) {
        gigs.iter().for_each(|&gig| self.dead[gig as usize] = true);
        for (_, meeting) in self.pool.bury(is_dead) {
            self.dead_meetings[meeting as usize] = true;
        }
    }

    /// Takes over the prices of a tile.
    pub(super) fn note(&mut self, whole: &Problem, part: &Part, gigs: &[u32], tolls: &Tolls) {
        let points = |scaled: i64| scaled.max(0) as f64 / SCALE as f64;
        for &gig in gigs {
            let is_single = whole.gigs.starts.row(gig as usize).is_empty();
            if let Some(own) = part.gig(gig as usize).filter(|_| is_single) {
                self.pool.set_price(gig as usize, points(tolls.of_gig[own]));
            }
        }
        let mut of_cap = tolls.of_cap.iter();
        for &volunteer in &part.volunteers {
            let own = self.first_cap[volunteer as usize]..self.first_cap[volunteer as usize + 1];
            for (cap, &toll) in own.zip(&mut of_cap) {
                self.pool.set_price(self.pool.layout.cap + cap, points(toll));
            }
        }
        let own = &part.problem.gigs;
        for plan in &tolls.plans {
            let task = |&(need, meeting): &Task| {
                let here = own.needs.flat()[need as usize].gig as usize;
                let gig = part.gigs[here] as usize;
                let need = need as usize - own.needs.range(here).start + whole.gigs.needs.range(gig).start;
                let moved =
                    |meeting: u32| meeting as usize - own.starts.range(here).start + whole.gigs.starts.range(gig).start;
                (need as u32, if meeting == NONE { NONE } else { moved(meeting) as u32 })
            };
            let mut tasks: Vec<Task> = plan.tasks.iter().map(task).collect();
            tasks.sort_unstable();
            let window = part.windows[plan.window as usize] as usize;
            let price = plan.price as f64 / SCALE as f64;
            self.pool.add(whole, window, &tasks, plan.value, plan.share);
            self.pool.set_price(self.pool.layout.window + window, price);
        }
    }

    /// Takes from calls what only some tiles would pay: who has too many takes them from everywhere, so that calls of one sort leave about
    /// as little everywhere.
    pub(super) fn level_calls(&mut self, whole: &Problem) {
        let mut sorts: BTreeMap<Sort, Vec<(i64, usize)>> = BTreeMap::new();
        let is_open = |gig: &usize| !whole.gigs.needs.row(*gig).is_empty() && !self.dead[*gig];
        let is_single = |gig: &usize| whole.gigs.starts.row(*gig).is_empty();
        for gig in (0..whole.gig_count()).filter(|&gig| whole.is_call(gig)).filter(is_open).filter(is_single) {
            sorts.entry(calls::sort(whole, gig)).or_default().push((self.reward(whole, gig), gig));
        }
        for calls in sorts.values_mut() {
            calls.sort_unstable();
            let level = calls[calls.len() / CHEAPEST].0;
            let level = if level < FREE * SCALE { 0 } else { level };
            for &(_, gig) in calls.iter().filter(|(left, _)| *left > level) {
                self.pool.set_price(gig, (worth(whole, gig) - level) as f64 / SCALE as f64);
            }
        }
    }

    /// Makes the prices agree with the plans that are known.
    pub(super) fn balance(&mut self, whole: &Problem, caps: &Caps, steps: usize, workers: &Workers) {
        self.pool.balance(whole, caps, steps, workers);
    }

    /// How much of each gig is taken by each volunteer where prices and plans agree.
    pub(super) fn shares(&self, whole: &Problem) -> Vec<(u32, u32, f64)> {
        self.pool.shares(whole)
    }

    /// The plans that are taken for the most part.
    pub(super) fn rounded(&self, whole: &Problem, caps: &Caps) -> Book {
        self.pool.rounded(whole, caps)
    }

    /// Scaled price of a gig with one helper.
    pub(super) fn of_gig(&self, whole: &Problem, gig: usize) -> i64 {
        let (price, worth) = (scaled(self.pool.price(gig)), worth(whole, gig));
        if worth - price < LITTLE * SCALE { price.max(worth) } else { price }
    }

    /// Scaled price of a gig under a cap.
    pub(super) fn of_cap(&self, cap: usize) -> i64 {
        // Who takes one gig is bounded by the best of all windows.
        if self.is_of_one[cap] { 0 } else { scaled(self.pool.price(self.pool.layout.cap + cap)) }
    }

    /// Scaled pay of a helper at a meeting.
    pub(super) fn of_seat(&self, whole: &Problem, gig: usize, need: usize, meeting: usize) -> i64 {
        let layout = &self.pool.layout;
        scaled(self.pool.price(layout.seat + layout.seat(whole, gig, need, meeting)))
    }

    /// The bound that the answers of all windows give.
    pub(super) fn total(&self, whole: &Problem, caps: &Caps) -> i64 {
        let mut points = standing(whole) * SCALE + self.of_window.iter().sum::<i64>();
        let is_single = |gig: &usize| whole.gigs.starts.row(*gig).is_empty();
        let is_open = |gig: &usize| !whole.gigs.needs.row(*gig).is_empty() && !self.dead[*gig];
        points +=
            (0..whole.gig_count()).filter(is_open).filter(is_single).map(|gig| self.of_gig(whole, gig)).sum::<i64>();
        points += caps.all.iter().enumerate().map(|(at, cap)| i64::from(cap.room) * self.of_cap(at)).sum::<i64>();
        let mut of_meeting: Vec<(u32, i64)> = vec![(NONE, 0); whole.gigs.starts.flat().len()];
        for &(gig, meeting) in &self.pool.meetings {
            let needs = whole.gigs.needs.range(gig as usize);
            let pay: i64 = needs
                .map(|need| {
                    let count = i64::from(whole.gigs.needs.flat()[need].count);
                    count * self.of_seat(whole, gig as usize, need, meeting as usize)
                })
                .sum();
            of_meeting[meeting as usize] = (gig, worth(whole, gig as usize) - pay);
        }
        self.pool.links().for_each(|(meeting, price)| of_meeting[meeting as usize].1 += scaled(price));
        of_meeting.retain(|(gig, _)| *gig != NONE);
        // The best meeting of each gig.
        let best = |of_gig: &[(u32, i64)]| of_gig.iter().map(|(_, gain)| *gain).max().unwrap_or(0).max(0);
        points += of_meeting.chunk_by(|a, b| a.0 == b.0).map(best).sum::<i64>();
        points.div_euclid(SCALE)
    }

    /// What hours are worth by the last answers of everybody. Who takes one gig in all gains it in any of their windows.
    pub(super) fn hours(&self, whole: &Problem, caps: &Caps) -> Vec<HoursWorth> {
        let gain = |window: usize| {
            let volunteer = whole.windows.volunteer[window] as usize;
            self.of_window[if self.is_one[volunteer] { whole.windows.of(volunteer).start } else { window }]
        };
        hours::of_windows(whole, caps, gain, |cap| self.of_cap(cap as usize))
    }

    /// The most that a gig leaves for each of its helpers, scaled, without what their pair is worth.
    pub(super) fn reward(&self, whole: &Problem, gig: usize) -> i64 {
        let meetings = whole.gigs.starts.range(gig);
        if meetings.is_empty() {
            return worth(whole, gig) - self.of_gig(whole, gig);
        }
        let pay = |meeting: usize| whole.gigs.needs.range(gig).map(move |need| self.of_seat(whole, gig, need, meeting));
        meetings.filter(|&meeting| !self.dead_meetings[meeting]).flat_map(pay).max().unwrap_or(0)
    }

    /// The same with the most that anybody can be worth there.
    pub(super) fn most_left(&self, whole: &Problem, gig: usize) -> i64 {
        self.reward(whole, gig) + most_bonus(whole, gig) * SCALE
    }
}

/// Points in whole numbers, scaled; no price is below zero.
pub(super) fn scaled(points: f64) -> i64 {
    (points.clamp(0.0, MAX_PRICE) * SCALE as f64).round() as i64
}

/// Points that are certain: what is promised.
fn standing(whole: &Problem) -> i64 {
    let weight: i64 = (0..whole.gig_count())
        .filter(|&gig| whole.gigs.needs.row(gig).is_empty() && !whole.promised.of_gig(gig).is_empty())
        .map(|gig| i64::from(whole.weight(gig)))
        .sum();
    weight * WEIGHT_POINTS - promised_travel_s(whole, |_| true) - fixed_travel_s(whole)
}

/// Travel of the promised trips of some volunteers.
pub(super) fn promised_travel_s(whole: &Problem, is_counted: impl Fn(usize) -> bool) -> i64 {
    (0..whole.windows.len())
        .map(|window| (window, whole.windows.volunteer[window] as usize))
        .filter(|&(_, volunteer)| is_counted(volunteer))
        .map(|(window, volunteer)| {
            let stops = whole.promised.in_window.row(window);
            itinerary::round_travel_s(whole, volunteer, whole.windows.span[window], stops).unwrap_or(0)
        })
        .sum()
}
