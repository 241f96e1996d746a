//! The master program: plans of windows compete for gigs, caps and meetings. It grows by plans that its prices call for and by
//! cuts that its answers break, and can be narrowed to a branch of the search and widened again.

mod reading;

use super::{
    alone,
    bound::Bound,
    choice,
    clock::Clock,
    cuts::{self, Cuts, Entries},
    dive,
    draft::Draft,
    limits::Limits,
    live::Live,
    lp::{Answer, Column, Lp},
    mip::Choice,
    parts::{Goal, Parts, SCALE},
    prices::Prices,
    pricing::{Found, Offer, Query},
    tickets::NONE,
    trips::Trips,
};

/// Most rounds of adding plans for one branch; in practice five to twenty at the root.
const MAX_ROUNDS: usize = 200;
/// With at least so many new plans the dual simplex finds its way back sooner than the primal one.
const MANY_ADDED: usize = 100;
/// Most plans of one window that are added in a round.
const MAX_ADDED: usize = 2;
/// A dormant row that is exceeded by this much is put into the program.
const EXCESS: f64 = 0.02;
/// Most dormant rows that are put into the program at once.
const MAX_WOKEN: usize = 1_000;
/// What leaving a demanded gig or window out costs in the program, in points.
const PENALTY: f64 = 1e8;

/// A solved branch.
pub(super) struct Relaxed {
    /// The least bound of all rounds with the prices that prove it; `None` if the branch holds no plan at all.
    pub(super) bound: Option<(Bound, Prices)>,
    /// The last answer of the program.
    pub(super) answer: Answer,
    /// Whether no plan is missing that could still raise the value.
    pub(super) is_converged: bool,
}

/// The program while it grows.
pub(super) struct Master<'p> {
    parts: Parts<'p>,
    lp: Lp,
    /// All plans that are known.
    trips: Trips,
    /// Plans in the program, in order of adding, and whether they are allowed now.
    plans: Vec<(usize, bool)>,
    is_in: Vec<bool>,
    /// Slack columns, then meetings, then plans.
    first_meeting: usize,
    first_plan: usize,
    pub(super) cuts: Cuts,
    /// Row of the program for each row and, behind them, each cut; [`NONE`] while a row is dormant.
    place: Vec<u32>,
    applied: Limits,
    /// Plans that no limits allow, by number; where it ends none more.
    is_dead: Vec<bool>,
}

impl<'p> Master<'p> {
    /// The first program: slacks, meetings, the cheapest plans of each gig alone, and those of a draft.
    pub(super) fn new(parts: Parts<'p>, first: &Draft, seed: u64) -> Option<Self> {
        let mut trips = Trips::new(parts.problem.windows.len());
        choice::from_draft(&parts, &mut trips, first);
        for gig in 0..parts.problem.gig_count() {
            alone::add(&parts, &mut trips, gig);
        }
        let cuts = Cuts::new(parts.rows);
        let columns = parts.columns(Goal::Points, &cuts, (0..trips.len()).map(|trip| trips.get(trip)));
        let first_plan = columns.len() - trips.len();
        let mut place = vec![NONE; parts.rows.count];
        let mut bounds = Vec::with_capacity(parts.rows.count);
        for row in (0..parts.rows.count).filter(|&row| !parts.rows.is_dormant[row]) {
            place[row] = bounds.len() as u32;
            bounds.push(parts.rows.program_bounds(row));
        }
        let columns: Vec<Column> = columns.into_iter().map(|column| placed(column, &place)).collect();
        Some(Self {
            lp: Lp::new(&bounds, &columns, seed)?,
            place,
            plans: (0..trips.len()).map(|plan| (plan, true)).collect(),
            is_in: vec![true; trips.len()],
            trips,
            first_meeting: first_plan - parts.rows.meetings.len(),
            first_plan,
            cuts,
            applied: Limits::none(&parts),
            is_dead: Vec::new(),
            parts,
        })
    }

    /// All plans that are known.
    pub(super) fn trips(&self) -> &Trips {
        &self.trips
    }

    /// The choice a draft amounts to; its plans are in the program from now on.
    pub(super) fn adopt(&mut self, draft: &Draft) -> Choice {
        let choice = choice::from_draft(&self.parts, &mut self.trips, draft);
        for &plan in &choice.plans {
            if self.is_in.get(plan) != Some(&true) {
                // A program that refuses a column has no use for it either.
                let _ = self.enter(Goal::Points, plan);
            }
        }
        choice
    }

    /// Adds plans that were listed to the known ones.
    pub(super) fn list(&mut self, listed: Vec<Found>, best: &[i64]) -> Live {
        let live = Live::new(&self.parts, listed, best, &mut self.trips);
        self.is_in.resize(self.trips.len(), false);
        live
    }

    /// From now on no limits allow other plans of those that are known.
    pub(super) fn keep_only(&mut self, live: &Live) {
        self.is_dead = vec![true; self.trips.len()];
        live.all().for_each(|plan| self.is_dead[plan as usize] = false);
    }

    /// Takes [`keep_only`](Self::keep_only) back.
    pub(super) fn keep_all(&mut self) {
        self.is_dead.clear();
    }

    /// Puts a known plan into the program.
    fn enter(&mut self, goal: Goal, plan: usize) -> Option<()> {
        let column = self.parts.trip_column(goal, &self.cuts, self.trips.get(plan));
        self.lp.add(&placed(column, &self.place))?;
        self.is_in.resize(self.trips.len(), false);
        self.is_in[plan] = true;
        self.plans.push((plan, true));
        Some(())
    }

    /// The plans in the program.
    pub(super) fn plans(&self) -> impl Iterator<Item = usize> {
        self.plans.iter().map(|(plan, _)| *plan)
    }

    /// Values instead of points: travel and bonuses count nothing from now on.
    pub(super) fn aim_at_weight(&mut self) {
        let first = self.parts.rows.first_step();
        (0..self.parts.rows.steps.len()).for_each(|step| self.lp.set_worth(first + step, 0.0));
        for (at, &(plan, _)) in self.plans.iter().enumerate() {
            let worth = self.parts.worth(Goal::Weight, self.trips.get(plan));
            self.lp.set_worth(self.first_plan + at, (worth / SCALE) as f64);
        }
    }

    /// Narrows or widens the program to these limits.
    pub(super) fn apply(&mut self, limits: &Limits) {
        let rows = self.parts.rows;
        // A window that must have a plan needs its row.
        let dormant: Vec<u32> = limits
            .required
            .keys()
            .map(|&window| rows.of_window[window as usize])
            .filter(|&row| row != NONE && self.place[row as usize] == NONE)
            .collect();
        self.wake(&dormant);
        let most = |is_closed: bool| if is_closed { 0.0 } else { 1.0 };
        let worth = |is_demanded: bool| if is_demanded { -PENALTY } else { 0.0 };
        for (at, &(_, gig)) in rows.gig_slacks.iter().enumerate() {
            let is_demanded = limits.demanded_gigs[gig as usize];
            if is_demanded != self.applied.demanded_gigs[gig as usize] {
                self.lp.set_worth(at, worth(is_demanded));
            }
        }
        for (at, (_, window)) in rows.window_slacks.iter().enumerate() {
            let is_required = limits.required.contains_key(window);
            if is_required != self.applied.required.contains_key(window) {
                self.lp.set_worth(rows.gig_slacks.len() + at, worth(is_required));
            }
        }
        for (at, &is_closed) in limits.closed_meetings.iter().enumerate() {
            if is_closed != self.applied.closed_meetings[at] {
                self.lp.set_most(self.first_meeting + at, most(is_closed));
            }
        }
        for (at, (plan, is_allowed)) in self.plans.iter_mut().enumerate() {
            let trip = self.trips.get(*plan);
            let is_dead = self.is_dead.get(*plan).copied().unwrap_or(false);
            let allows = !is_dead && limits.allows(&self.parts, trip.window, trip.tickets);
            if allows != *is_allowed {
                *is_allowed = allows;
                self.lp.set_most(self.first_plan + at, most(!allows));
            }
        }
        self.applied.clone_from(limits);
    }

    /// Lets a little more of every gig be done than there is, or no more than that: with it the prices of gigs are the least fair ones.
    pub(super) fn spare_gigs(&mut self, spare: f64) {
        (0..self.parts.rows.gig_slacks.len()).for_each(|at| self.lp.set_range(at, -spare, 1.0));
        (0..self.parts.rows.meetings.len()).for_each(|at| self.lp.set_range(self.first_meeting + at, 0.0, 1.0 + spare));
    }

    /// Solves, prices and adds plans until nothing is missing, `is_enough` says so of the bound, or the time is over; within the
    /// limits applied last.
    pub(super) fn solve(
        &mut self,
        goal: Goal,
        live: Option<&Live>,
        clock: &Clock<'_>,
        is_enough: &dyn Fn(i64) -> bool,
    ) -> Option<Relaxed> {
        self.solve_in(MAX_ROUNDS, goal, live, clock, is_enough)
    }

    /// The same in at most so many rounds.
    pub(super) fn solve_in(
        &mut self,
        most_rounds: usize,
        goal: Goal,
        live: Option<&Live>,
        clock: &Clock<'_>,
        is_enough: &dyn Fn(i64) -> bool,
    ) -> Option<Relaxed> {
        let mut bound: Option<(Bound, Prices)> = None;
        let mut last: Option<Answer> = None;
        let mut is_converged = false;
        let mut last_added = usize::MAX;
        for _ in 0..most_rounds {
            if clock.is_over() {
                break;
            }
            let Some(mut answer) = self.lp.solve(clock.left(), last_added < MANY_ADDED, clock.elapsed) else { break };
            let dual = |&row: &u32| answer.duals.get(row as usize).copied().unwrap_or(0.0);
            answer.duals = self.place.iter().map(dual).collect();
            let prices = Prices::new(&self.parts, &self.cuts, &self.applied, &answer.duals);
            let (parts, limits, trips) = (&self.parts, &self.applied, &self.trips);
            let query = Query { parts, goal, prices: &prices, limits, trips, is_in: &self.is_in, most: MAX_ADDED };
            let offers = query.ask(live);
            let Some(now) = Bound::new(parts, goal, &prices, limits, &offers) else {
                return Some(Relaxed { bound: None, answer, is_converged: true });
            };
            let added = match live {
                Some(live) => self.add_listed(goal, &prices, live),
                None => self.add(goal, &prices, offers),
            };
            last = Some(answer);
            if bound.as_ref().is_none_or(|(least, _)| now.scaled < least.scaled) {
                bound = Some((now, prices));
            }
            last_added = added.unwrap_or(0);
            is_converged = added == Some(0);
            let is_done = bound.as_ref().is_some_and(|(bound, _)| is_enough(bound.points()));
            if is_converged || is_done || added.is_none() {
                break;
            }
        }
        Some(Relaxed { bound, answer: last?, is_converged })
    }

    /// What the program is worth as it is, without asking for more plans.
    pub(super) fn points(&mut self, clock: &Clock<'_>) -> Option<f64> {
        self.lp.solve(clock.left(), false, clock.elapsed).map(|answer| answer.points)
    }

    /// Whole prices from those of rows.
    pub(super) fn prices(&self, of_rows: &[f64]) -> Prices {
        Prices::new(&self.parts, &self.cuts, &self.applied, of_rows)
    }

    /// What windows offer at these prices beyond the plans of the program.
    pub(super) fn offers(&self, goal: Goal, prices: &Prices, is_asked: &(dyn Fn(usize) -> bool + Sync)) -> Vec<Offer> {
        let (parts, limits, trips) = (&self.parts, &self.applied, &self.trips);
        Query { parts, goal, prices, limits, trips, is_in: &self.is_in, most: MAX_ADDED }.ask_some(is_asked)
    }

    /// The bound that these prices prove.
    pub(super) fn bound(&self, goal: Goal, prices: &Prices, offers: &[Offer]) -> Option<Bound> {
        Bound::new(&self.parts, goal, prices, &self.applied, offers)
    }

    /// Dives from the shares of the known plans at these prices.
    pub(super) fn dive(&mut self, shares: &[f64], prices: &Prices, seed: u64, clock: &Clock<'_>) -> Option<Draft> {
        let draft = dive::dive(&self.parts, &mut self.trips, shares, prices, seed, clock);
        self.is_in.resize(self.trips.len(), false);
        draft
    }

    /// How much of each known plan an answer takes.
    pub(super) fn shares(&self, answer: &Answer) -> Vec<f64> {
        let mut shares = vec![0.0; self.trips.len()];
        self.plans.iter().zip(self.values(answer)).for_each(|(&(plan, _), &value)| shares[plan] = value);
        shares
    }

    /// Adds the plans found that gain most at these prices; `None` if the program refuses. Of somebody who may take one gig only
    /// the best of all windows count.
    pub(super) fn add(&mut self, goal: Goal, prices: &Prices, offers: Vec<Offer>) -> Option<usize> {
        let parts = self.parts;
        let mut wanted: Vec<Found> = Vec::new();
        let mut of_person: Vec<Found> = Vec::new();
        let mut last = usize::MAX;
        for &(row, window) in &parts.rows.window_slacks {
            let person = parts.problem.windows.volunteer[window as usize] as usize;
            if person != last {
                flush(&mut of_person, &mut wanted);
                last = person;
            }
            // A window that must have a plan pays for it.
            let is_required = self.applied.required.contains_key(&window);
            let price = prices.of_row[row as usize].max(if is_required { i64::MIN / 2 } else { 0 }) + SCALE / 64;
            let found = offers[window as usize].found.iter().filter(|plan| plan.gain > price).cloned();
            if self.place[row as usize] == NONE { of_person.extend(found) } else { wanted.extend(found) }
        }
        flush(&mut of_person, &mut wanted);
        for plan in &wanted {
            let number = self.trips.add(&parts, plan.window as usize, &plan.tickets, plan.extra_s);
            self.enter(goal, number)?;
        }
        Some(wanted.len())
    }

    /// Adds the listed plans of each window that gain most at these prices; `None` if the program refuses.
    fn add_listed(&mut self, goal: Goal, prices: &Prices, live: &Live) -> Option<usize> {
        let parts = self.parts;
        let mut wanted: Vec<usize> = Vec::new();
        for &(row, window) in &parts.rows.window_slacks {
            let is_required = self.applied.required.contains_key(&window);
            let window = window as usize;
            let price = prices.of_row[row as usize].max(if is_required { i64::MIN / 2 } else { 0 }) + SCALE / 64;
            let mut best: [(i64, usize); MAX_ADDED] = [(price, usize::MAX); MAX_ADDED];
            for &plan in live.of_window(window) {
                let plan = plan as usize;
                let trip = self.trips.get(plan);
                if !self.is_in[plan] && (!is_required || self.applied.holds_required(&parts, window, trip.tickets)) {
                    let gain = prices.gain(&parts, goal, trip);
                    if gain > best[MAX_ADDED - 1].0 {
                        best[MAX_ADDED - 1] = (gain, plan);
                        best.sort_unstable_by_key(|&(gain, plan)| (-gain, plan));
                    }
                }
            }
            wanted.extend(best.iter().filter(|(_, plan)| *plan != usize::MAX).map(|&(_, plan)| plan));
        }
        for &plan in &wanted {
            self.enter(goal, plan)?;
        }
        Some(wanted.len())
    }

    /// Adds the dormant rows and the cuts that an answer breaks; says how many.
    pub(super) fn cut(&mut self, answer: &Answer) -> usize {
        let count = self.parts.rows.meetings.len() + self.plans.len();
        let used: Vec<(Entries, f64)> = (0..count)
            .filter_map(|at| {
                let value = answer.values.get(self.first_meeting + at).copied().filter(|value| *value > 0.0)?;
                Some((self.entries(at), value))
            })
            .collect();
        let woken = self.exceeded(&used);
        if !woken.is_empty() {
            return self.wake(&woken);
        }
        let known = self.cuts.all.len();
        self.cuts.separate(&self.parts, &used);
        let mut rows: Vec<Vec<(usize, f64)>> = vec![Vec::new(); self.cuts.all.len() - known];
        if rows.is_empty() {
            return 0;
        }
        for at in 0..count {
            let shares = self.cuts.shares(&self.entries(at));
            for (cut, share) in shares.into_iter().filter(|(cut, _)| *cut as usize >= known) {
                rows[cut as usize - known].push((self.first_meeting + at, share as f64));
            }
        }
        for (at, entries) in rows.iter().enumerate() {
            let most = self.cuts.all[known + at].most as f64;
            if self.lp.add_row((f64::NEG_INFINITY, most), entries).is_none() {
                return 0;
            }
            self.place.push(self.lp.row_count() as u32 - 1);
        }
        rows.len()
    }

    /// Puts dormant rows (ascending) into the program with all their coefficients; says how many.
    fn wake(&mut self, dormant: &[u32]) -> usize {
        if dormant.is_empty() {
            return 0;
        }
        let own = self.parts.rows;
        let mut rows: Vec<Vec<(usize, f64)>> = vec![Vec::new(); dormant.len()];
        for (at, (row, _)) in own.gig_slacks.iter().chain(&own.window_slacks).enumerate() {
            if let Ok(new) = dormant.binary_search(row) {
                rows[new].push((at, 1.0));
            }
        }
        for at in 0..own.meetings.len() + self.plans.len() {
            for &(row, by) in &self.entries(at) {
                if let Ok(new) = dormant.binary_search(&row) {
                    rows[new].push((self.first_meeting + at, by as f64));
                }
            }
        }
        for (&row, entries) in dormant.iter().zip(&rows) {
            if self.lp.add_row(own.program_bounds(row as usize), entries).is_none() {
                return 0;
            }
            self.place[row as usize] = self.lp.row_count() as u32 - 1;
        }
        rows.len()
    }

    /// Coefficients of a meeting or, behind them, a plan of the program.
    fn entries(&self, at: usize) -> Entries {
        match at.checked_sub(self.parts.rows.meetings.len()) {
            None => cuts::meeting_entries(&self.parts, at),
            Some(at) => {
                let trip = self.trips.get(self.plans[at].0);
                cuts::trip_entries(&self.parts, trip.window, trip.tickets)
            }
        }
    }

    /// The dormant rows that an answer exceeds most, ascending.
    fn exceeded(&self, used: &[(Entries, f64)]) -> Vec<u32> {
        let mut fill = vec![0.0; self.parts.rows.count];
        for (entries, value) in used {
            entries.iter().for_each(|&(row, by)| fill[row as usize] += by as f64 * value);
        }
        let is_exceeded =
            |row: &usize| self.place[*row] == NONE && fill[*row] > self.parts.rows.bounds[*row].1 + EXCESS;
        let mut rows: Vec<usize> = (0..self.parts.rows.count).filter(is_exceeded).collect();
        rows.sort_by(|&a, &b| fill[b].total_cmp(&fill[a]).then(a.cmp(&b)));
        rows.truncate(MAX_WOKEN);
        rows.sort_unstable();
        rows.into_iter().map(|row| row as u32).collect()
    }
}

/// A column without its entries in dormant rows, the others by their place in the program.
fn placed(mut column: Column, place: &[u32]) -> Column {
    column.entries.retain(|&(row, _)| place[row as usize] != NONE);
    column.entries.iter_mut().for_each(|(row, _)| *row = place[*row as usize]);
    column
}

/// Hands on the best plans of one person.
fn flush(of_person: &mut Vec<Found>, wanted: &mut Vec<Found>) {
    of_person.sort_by(|a, b| (-a.gain, a.window, &a.tickets).cmp(&(-b.gain, b.window, &b.tickets)));
    wanted.extend(of_person.drain(..).take(MAX_ADDED));
}
