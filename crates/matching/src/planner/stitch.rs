//! One bound for the whole from the prices of its tiles: every volunteer is asked once more, now for all gigs.
//!
//! The bound holds whatever the prices are, so those of the tiles will do to begin with. Helpers who must meet share in equal
//! parts what the price of their gig leaves of its worth.

use rayon::prelude::*;

use super::{
    caps::Caps,
    clock::Clock,
    draft::fixed_travel_s,
    limits::Limits,
    menus::Menus,
    parts::{Goal, Parts, SCALE},
    prices::Prices,
    pricing::{Found, Offer, Query},
    rows::Rows,
    tickets::Tickets,
    tile::Tolls,
    trips::Trips,
    workers::Workers,
};
use crate::{
    itinerary,
    plan::WEIGHT_POINTS,
    problem::{Part, Problem, Selection},
};

/// What a helper of a gig that is covered earns at first, where several must meet, in points.
const FIRST_PAY: i64 = 3_000;
/// Volunteers asked at once on each thread.
const GROUP: usize = 250;
/// Most times that prices are raised.
const RAISES: usize = 24;
/// After so many times people's hours are priced anew.
const HOURS_EVERY: usize = 8;
/// Plans of each window that are compared: what a gig is worth to a window is what its best plan gains over one without it.
const COMPARED: usize = 4;

/// The prices of the whole, scaled.
pub(super) struct Stitch {
    of_gig: Vec<i64>,
    of_cap: Vec<i64>,
    /// First cap of each volunteer: caps come volunteer by volunteer.
    first_cap: Vec<usize>,
    /// Gigs that have too few candidates in the whole.
    dead: Vec<bool>,
    /// Best gain of each window, when it was asked last.
    of_window: Vec<i64>,
    /// The gigs of each window's best plan, and what each is worth to it.
    wants: Vec<Vec<(u32, i64)>>,
}

/// Windows with their best gain and the gigs of the best plan.
type Answers = Vec<(usize, i64, Vec<(u32, i64)>)>;

/// A bound without any prices: everything is covered and nobody travels.
pub(super) fn trivial(problem: &Problem) -> i64 {
    let seats: i64 = problem.gigs.needs.flat().iter().map(|need| i64::from(need.count)).sum();
    problem.total_weight() as i64 * WEIGHT_POINTS + seats * most_bonus(problem)
}

/// The most that a pair can be worth beyond the weight.
fn most_bonus(problem: &Problem) -> i64 {
    let kept = if problem.promised.movable.is_empty() { 0 } else { 2 * i64::from(problem.promised.cost_s) };
    let of_pair = if problem.pair_bonuses { MOST_BONUS } else { 0 };
    of_pair + kept
}

/// Scaled worth of a gig.
fn worth(whole: &Problem, gig: usize) -> i64 {
    i64::from(whole.weight(gig)) * WEIGHT_POINTS * SCALE
}

/// How many helpers a gig still needs.
fn helpers(whole: &Problem, gig: usize) -> i64 {
    whole.gigs.needs.row(gig).iter().map(|need| i64::from(need.count)).sum()
}

/// No pair is worth more than this beyond its weight and the promise that it keeps.
const MOST_BONUS: i64 = 100_000;

impl Stitch {
    /// Everything is free.
    pub(super) fn new(problem: &Problem, caps: &Caps) -> Self {
        let mut first_cap = vec![0; problem.volunteer_count() + 1];
        for cap in &caps.all {
            let volunteer = cap.windows.first().map_or(0, |&window| problem.windows.volunteer[window as usize]);
            first_cap[volunteer as usize + 1] += 1;
        }
        for volunteer in 0..problem.volunteer_count() {
            first_cap[volunteer + 1] += first_cap[volunteer];
        }
        Self {
            of_gig: vec![0; problem.gig_count()],
            of_cap: vec![0; caps.all.len()],
            first_cap,
            dead: vec![false; problem.gig_count()],
            of_window: vec![0; problem.windows.len()],
            wants: vec![Vec::new(); problem.windows.len()],
        }
    }

    /// Leaves out gigs that nobody can do.
    pub(super) fn bury(&mut self, gigs: &[u32]) {
        gigs.iter().for_each(|&gig| self.dead[gig as usize] = true);
    }

    /// Takes over the prices of a tile.
    pub(super) fn note(&mut self, whole: &Problem, caps: &Caps, part: &Part, gigs: &[u32], tolls: &Tolls) {
        for &gig in gigs {
            let is_single = whole.gigs.starts.row(gig as usize).is_empty();
            if let Some(own) = part.gig(gig as usize).filter(|_| is_single) {
                self.of_gig[gig as usize] = tolls.of_gig[own].max(0);
            }
        }
        let mut tolls = tolls.of_cap.iter();
        for &volunteer in &part.volunteers {
            let own = self.first_cap[volunteer as usize]..self.first_cap[volunteer as usize + 1];
            debug_assert!(own.end <= caps.all.len());
            self.of_cap[own].iter_mut().zip(&mut tolls).for_each(|(price, toll)| *price = (*toll).max(0));
        }
    }

    /// No plan of the whole has more points; `None` if there was no time to ask everybody. Where several want one gig its price
    /// rises to what the last but one would pay, and those who wanted it are asked again, as long as that lowers the bound.
    pub(super) fn tighten(
        &mut self,
        whole: &Problem,
        caps: &Caps,
        workers: &Workers,
        clock: &Clock<'_>,
    ) -> Option<i64> {
        let mut best = self.total(whole, caps);
        for round in 0..RAISES {
            if round % HOURS_EVERY == HOURS_EVERY - 1 {
                self.price_hours(whole, caps, workers, clock);
                best = best.min(self.total(whole, caps));
            }
            let raised = self.raise(whole);
            let wants = |&volunteer: &u32| {
                let mut windows = whole.windows.of(volunteer as usize);
                windows.any(|window| self.wants[window].iter().any(|(gig, _)| raised.binary_search(gig).is_ok()))
            };
            let again: Vec<u32> = (0..whole.volunteer_count() as u32).filter(wants).collect();
            if again.is_empty() || !self.ask(whole, caps, &again, workers, clock) {
                break;
            }
            let total = self.total(whole, caps);
            best = best.min(total);
        }
        self.price_hours(whole, caps, workers, clock);
        Some(best.min(self.total(whole, caps)))
    }

    /// Makes the gigs of a volunteer dearer whose windows together gain by more gigs than they may take. Nobody else is touched,
    /// so each change is kept or undone for itself.
    fn price_hours(&mut self, whole: &Problem, caps: &Caps, workers: &Workers, clock: &Clock<'_>) {
        let mut changed: Vec<(u32, usize, i64, i64)> = Vec::new();
        for volunteer in 0..whole.volunteer_count() {
            let own = self.first_cap[volunteer]..self.first_cap[volunteer + 1];
            let Some(cap) = own.max_by_key(|&cap| (caps.all[cap].windows.len(), cap)) else { continue };
            let mut units: Vec<i64> = Vec::new();
            for &window in &caps.all[cap].windows {
                let count = self.wants[window as usize].len();
                units.extend((0..count).map(|_| self.of_window[window as usize] / count as i64));
            }
            units.sort_unstable_by(|a, b| b.cmp(a));
            if let Some(&rise) = units.get(caps.all[cap].room as usize).filter(|rise| **rise > SCALE) {
                let before = self.of_person(whole, caps, volunteer, cap);
                self.of_cap[cap] += rise;
                changed.push((volunteer as u32, cap, rise, before));
            }
        }
        let again: Vec<u32> = changed.iter().map(|(volunteer, ..)| *volunteer).collect();
        if !self.ask(whole, caps, &again, workers, clock) {
            changed.iter().for_each(|&(_, cap, rise, _)| self.of_cap[cap] -= rise);
        }
        let mut undone: Vec<u32> = Vec::new();
        for (volunteer, cap, rise, before) in changed {
            if self.of_person(whole, caps, volunteer as usize, cap) > before {
                self.of_cap[cap] -= rise;
                undone.push(volunteer);
            }
        }
        self.ask(whole, caps, &undone, workers, clock);
    }

    /// What one volunteer adds to the bound by a cap and all windows.
    fn of_person(&self, whole: &Problem, caps: &Caps, volunteer: usize, cap: usize) -> i64 {
        let gains: i64 = whole.windows.of(volunteer).map(|window| self.of_window[window]).sum();
        i64::from(caps.all[cap].room) * self.of_cap[cap] + gains
    }

    /// Raises the prices of gigs that several windows want; which, ascending.
    fn raise(&mut self, whole: &Problem) -> Vec<u32> {
        let mut wanted: Vec<(u32, i64)> = self.wants.iter().flatten().copied().collect();
        wanted.sort_unstable_by_key(|&(gig, worth)| (gig, -worth));
        let mut raised = Vec::new();
        for of_gig in wanted.chunk_by(|a, b| a.0 == b.0) {
            // As many as are needed may want it.
            let gig = of_gig[0].0 as usize;
            let needed = helpers(whole, gig);
            if let Some((_, worth)) = of_gig.get(needed as usize).filter(|(_, worth)| *worth > 0) {
                self.of_gig[gig] += needed * worth;
                raised.push(gig as u32);
            }
        }
        raised
    }

    /// The volunteers who want each of these gigs, and what it is worth to them.
    pub(super) fn wanted(&self, whole: &Problem) -> Vec<(u32, u32, i64)> {
        let mut wanted: Vec<(u32, u32, i64)> = Vec::new();
        for (window, wants) in self.wants.iter().enumerate() {
            wanted.extend(wants.iter().map(|&(gig, worth)| (gig, whole.windows.volunteer[window], worth)));
        }
        wanted.sort_unstable();
        wanted
    }

    /// The bound that the answers of all windows give.
    fn total(&self, whole: &Problem, caps: &Caps) -> i64 {
        let mut scaled = standing(whole) * SCALE + self.of_window.iter().sum::<i64>();
        let is_open = |gig: &usize| !whole.gigs.needs.row(*gig).is_empty() && !self.dead[*gig];
        for gig in (0..whole.gig_count()).filter(is_open) {
            scaled += match whole.gigs.starts.row(gig) {
                [] => self.of_gig[gig],
                _ => worth(whole, gig) - helpers(whole, gig) * self.reward(whole, gig),
            };
        }
        for (cap, price) in caps.all.iter().zip(&self.of_cap) {
            scaled += i64::from(cap.room) * price;
        }
        scaled.div_euclid(SCALE)
    }

    /// Asks these volunteers (ascending) what their windows gain; says whether there was time for all.
    pub(super) fn ask(
        &mut self,
        whole: &Problem,
        caps: &Caps,
        volunteers: &[u32],
        workers: &Workers,
        clock: &Clock<'_>,
    ) -> bool {
        let most_bonus = most_bonus(whole) * SCALE;
        let open: Vec<u32> = (0..whole.gig_count() as u32)
            .filter(|&gig| !whole.gigs.needs.row(gig as usize).is_empty() && !self.dead[gig as usize])
            .filter(|&gig| self.reward(whole, gig as usize) + most_bonus > 0)
            .collect();
        let groups: Vec<&[u32]> = volunteers.chunks(GROUP).collect();
        // A handful of groups between two looks at the clock.
        for batch in groups.chunks(16) {
            if clock.is_over() {
                return false;
            }
            let this = &*self;
            let answers: Vec<Answers> =
                workers.run(|| batch.par_iter().map(|group| this.ask_group(whole, caps, group, &open)).collect());
            for (window, gain, wants) in answers.into_iter().flatten() {
                self.of_window[window] = gain;
                self.wants[window] = wants;
            }
        }
        true
    }

    /// What a gig leaves for each of its helpers, scaled, without what their pair is worth.
    fn reward(&self, whole: &Problem, gig: usize) -> i64 {
        match whole.gigs.starts.row(gig) {
            [] => worth(whole, gig) - self.of_gig[gig],
            _ => (worth(whole, gig) - self.of_gig[gig]).max(0) / helpers(whole, gig),
        }
    }

    /// Sets first prices of gigs whose helpers must meet.
    pub(super) fn open(&mut self, whole: &Problem, is_covered: impl Fn(usize) -> bool) {
        for gig in (0..whole.gig_count()).filter(|&gig| !whole.gigs.starts.row(gig).is_empty()) {
            let pay = if is_covered(gig) { helpers(whole, gig) * FIRST_PAY * SCALE } else { worth(whole, gig) };
            self.of_gig[gig] = (worth(whole, gig) - pay).max(0);
        }
    }

    /// What all windows of some volunteers gain at most, and by which gigs.
    fn ask_group(&self, whole: &Problem, caps: &Caps, group: &[u32], open: &[u32]) -> Answers {
        let selection = Selection { volunteers: group.to_vec(), gigs: open.to_vec(), locks: Vec::new() };
        let mut part = Part::new(whole, &selection);
        let most_bonus = most_bonus(whole) * SCALE;
        let rewards: Vec<i64> = part.gigs.iter().map(|&gig| self.reward(whole, gig as usize) + most_bonus).collect();
        let is_carried = part.problem.is_rough() || part.problem.gigs.destination.iter().any(Option::is_some);
        let tolls: Vec<i64> = group.iter().map(|&volunteer| self.least_toll(whole, caps, volunteer as usize)).collect();
        let is_one: Vec<bool> = (0..part.volunteers.len())
            .map(|at| part.problem.volunteers.max_gigs_week[at] == 1 && part.problem.standing_schedule(at).is_empty())
            .collect();
        part.connect(&|volunteer, gig, out_s, back_s| {
            let way_s = if is_one[volunteer] && !is_carried { out_s.saturating_add(back_s) } else { 0 };
            rewards[gig] - tolls[volunteer] - way_s.saturating_mul(SCALE) > 0 || is_carried
        });
        let problem = &part.problem;
        let caps = Caps::new(problem);
        let mut tickets = Tickets::new(problem);
        tickets.is_alive.iter_mut().for_each(|is_alive| *is_alive = true);
        let menus = Menus::lean(problem);
        let (rows, workers) = (Rows::default(), Workers::here());
        let parts = Parts {
            problem,
            caps: &caps,
            tickets: &tickets,
            menus: &menus,
            rows: &rows,
            workers: &workers,
            fixed: 0,
            fixed_weight: 0,
        };
        // What a gig with one helper costs, and what those who must meet are paid.
        let cost = |&gig: &u32| match whole.gigs.starts.row(gig as usize) {
            [] => self.of_gig[gig as usize],
            _ => -self.reward(whole, gig as usize),
        };
        let of_gig: Vec<i64> = part.gigs.iter().map(cost).collect();
        let of_cap: Vec<i64> = part
            .volunteers
            .iter()
            .flat_map(|&volunteer| self.first_cap[volunteer as usize]..self.first_cap[volunteer as usize + 1])
            .map(|cap| self.of_cap[cap])
            .collect();
        let prices = Prices::of_tickets(&parts, &of_gig, &of_cap);
        let limits = Limits::none(&parts);
        let trips = Trips::new(problem.windows.len());
        let query = Query {
            parts: &parts,
            goal: Goal::Points,
            prices: &prices,
            limits: &limits,
            trips: &trips,
            is_in: &[],
            most: COMPARED,
        };
        let gig_of = |ticket: u32| part.gigs[tickets.gig[ticket as usize] as usize];
        let answer = |(window, offer): (usize, Offer)| {
            let worth = |gig: u32| {
                let without = |plan: &&Found| plan.tickets.iter().all(|&ticket| gig_of(ticket) != gig);
                offer.best - offer.found.iter().find(without).map_or(0, |plan| plan.gain)
            };
            let best = offer.found.first().map_or(&[][..], |plan| &plan.tickets);
            let wants = best.iter().map(|&ticket| (gig_of(ticket), worth(gig_of(ticket)))).collect();
            (part.windows[window] as usize, offer.best, wants)
        };
        query.ask(None).into_iter().enumerate().map(answer).collect()
    }

    /// The least that a gig costs of a volunteer's caps in any window.
    fn least_toll(&self, whole: &Problem, caps: &Caps, volunteer: usize) -> i64 {
        let toll = |window: usize| caps.of_window[window].iter().map(|&cap| self.of_cap[cap as usize]).sum();
        whole.windows.of(volunteer).map(toll).min().unwrap_or(0)
    }
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
