//! The master program: plans of windows compete for gigs, caps and meetings. It grows by plans that its prices call for and by
//! cuts that its answers break, and can be narrowed to a branch of the search and widened again.

use super::{
    bound::{Bound, Goal, Live, Parts, Prices, SCALE},
    clock::Clock,
    cuts::{self, Cuts, Entries},
    limits::Limits,
    lp::{Answer, Column, Lp},
    mip::Choice,
    tickets::NONE,
};

/// Most rounds of adding plans for one branch; in practice five to twenty at the root.
const MAX_ROUNDS: usize = 200;
/// Most plans of one window that are added in a round.
const MAX_ADDED: usize = 2;
/// Plans of a gig alone that the first program holds.
const FIRST_ALONE: usize = 6;
/// With more meetings than this the first program holds fewer plans for each.
const MANY_MEETINGS: usize = 800;
/// A dormant row that is exceeded by this much is put into the program.
const EXCESS: f64 = 0.02;
/// Most dormant rows that are put into the program at once.
const MAX_WOKEN: usize = 1_000;
/// What leaving a demanded gig or window out costs in the program, in points.
const PENALTY: f64 = 1e8;
/// Values this close to a whole number are whole.
const WHOLE: f64 = 1e-6;

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
    /// Plans in the program, in order of adding, and whether they are allowed now.
    plans: Vec<(usize, bool)>,
    is_in: Vec<bool>,
    /// Slack columns, then meetings, then plans.
    first_meeting: usize,
    first_plan: usize,
    cuts: Cuts,
    /// Row of the program for each row and, behind them, each cut; [`NONE`] while a row is dormant.
    place: Vec<u32>,
    applied: Limits,
}

impl<'p> Master<'p> {
    /// The first program: slacks, meetings, the cheapest plans of each gig alone, and `first`.
    pub(super) fn new(parts: Parts<'p>, first: &[usize], seed: u64) -> Option<Self> {
        let mut alone: Vec<Vec<(i64, usize)>> = vec![Vec::new(); parts.problem.gig_count()];
        for plan in 0..parts.tours.len() {
            if let &[ticket] = parts.tours.tickets(plan) {
                alone[parts.tickets.gig[ticket as usize] as usize].push((-parts.tours.value[plan], plan));
            }
        }
        let mut plans: Vec<usize> = first.to_vec();
        for (gig, mut of_gig) in alone.into_iter().enumerate() {
            let (first, end) = parts.rows.meetings_of_gig[gig];
            let meetings = (end - first) as usize;
            let of_meeting = if parts.rows.meetings.len() > MANY_MEETINGS { FIRST_ALONE / 2 } else { FIRST_ALONE * 2 };
            let count = if meetings == 0 { FIRST_ALONE } else { of_meeting * meetings };
            of_gig.sort_unstable();
            plans.extend(of_gig.iter().take(count).map(|&(_, plan)| plan));
        }
        plans.sort_unstable();
        plans.dedup();
        let mut is_in = vec![false; parts.tours.len()];
        plans.iter().for_each(|&plan| is_in[plan] = true);
        let cuts = Cuts::new(parts.rows);
        let columns = parts.columns(Goal::Points, &cuts, &plans);
        let first_plan = columns.len() - plans.len();
        let mut place = vec![NONE; parts.rows.count];
        let mut bounds = Vec::with_capacity(parts.rows.count);
        for row in (0..parts.rows.count).filter(|&row| !parts.rows.is_dormant[row]) {
            place[row] = bounds.len() as u32;
            bounds.push(parts.rows.bounds[row]);
        }
        let columns: Vec<Column> = columns.into_iter().map(|column| placed(column, &place)).collect();
        Some(Self {
            lp: Lp::new(&bounds, &columns, seed)?,
            place,
            plans: plans.into_iter().map(|plan| (plan, true)).collect(),
            is_in,
            first_meeting: first_plan - parts.rows.meetings.len(),
            first_plan,
            cuts,
            applied: Limits::none(&parts),
            parts,
        })
    }

    /// The plans in the program.
    pub(super) fn plans(&self) -> impl Iterator<Item = usize> {
        self.plans.iter().map(|(plan, _)| *plan)
    }

    /// Values instead of points: travel and bonuses count nothing from now on.
    pub(super) fn aim_at_weight(&mut self) {
        for (at, &(plan, _)) in self.plans.iter().enumerate() {
            self.lp.set_worth(self.first_plan + at, (self.parts.worth(Goal::Weight, plan) / SCALE) as f64);
        }
    }

    /// Narrows or widens the program to these limits.
    pub(super) fn apply(&mut self, limits: &Limits) {
        let rows = self.parts.rows;
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
            let allows = limits.allows(&self.parts, self.parts.tours.window(*plan), *plan);
            if allows != *is_allowed {
                *is_allowed = allows;
                self.lp.set_most(self.first_plan + at, most(!allows));
            }
        }
        self.applied.clone_from(limits);
    }

    /// Solves, prices and adds plans until nothing is missing, `is_enough` says so of the bound, or the time is over; within the
    /// limits applied last.
    pub(super) fn solve(
        &mut self,
        goal: Goal,
        live: &Live,
        clock: &Clock<'_>,
        is_enough: &dyn Fn(i64) -> bool,
    ) -> Option<Relaxed> {
        let mut bound: Option<(Bound, Prices)> = None;
        let mut last: Option<Answer> = None;
        let mut is_converged = false;
        for round in 0..MAX_ROUNDS {
            if clock.is_over() {
                break;
            }
            let Some(mut answer) = self.lp.solve(clock.left(), round > 0, clock.elapsed) else { break };
            let dual = |&row: &u32| answer.duals.get(row as usize).copied().unwrap_or(0.0);
            answer.duals = self.place.iter().map(dual).collect();
            let prices = Prices::new(&self.parts, &self.cuts, &self.applied, &answer.duals);
            let Some(now) = Bound::new(&self.parts, goal, &prices, &self.applied, live) else {
                return Some(Relaxed { bound: None, answer, is_converged: true });
            };
            let added = self.add(goal, &prices, live);
            last = Some(answer);
            if bound.as_ref().is_none_or(|(least, _)| now.scaled < least.scaled) {
                bound = Some((now, prices));
            }
            is_converged = added == Some(0);
            let is_done = bound.as_ref().is_some_and(|(bound, _)| is_enough(bound.points()));
            if is_converged || is_done || added.is_none() {
                break;
            }
        }
        Some(Relaxed { bound, answer: last?, is_converged })
    }

    /// Adds the plans of each window that gain most at these prices; `None` if the program refuses.
    fn add(&mut self, goal: Goal, prices: &Prices, live: &Live) -> Option<usize> {
        let parts = self.parts;
        let mut wanted: Vec<usize> = Vec::new();
        for &(row, window) in &parts.rows.window_slacks {
            let window = window as usize;
            let is_required = self.applied.required.contains_key(&(window as u32));
            // A window that must have a plan pays for it.
            let price = prices.of_row[row as usize].max(if is_required { i64::MIN / 2 } else { 0 }) + SCALE / 64;
            let mut best: [(i64, usize); MAX_ADDED] = [(price, usize::MAX); MAX_ADDED];
            for &plan in live.of_window(window) {
                let plan = plan as usize;
                let least = best[MAX_ADDED - 1].0;
                if !self.is_in[plan]
                    && (!is_required || self.applied.holds_required(&parts, window, parts.tours.tickets(plan)))
                    && let Some(gain) = prices.gain_above(&parts, goal, window, plan, least)
                {
                    best[MAX_ADDED - 1] = (gain, plan);
                    best.sort_unstable_by_key(|&(gain, plan)| (-gain, plan));
                }
            }
            wanted.extend(best.iter().filter(|(_, plan)| *plan != usize::MAX).map(|&(_, plan)| plan));
        }
        for &plan in &wanted {
            self.lp.add(&placed(parts.plan_column(goal, &self.cuts, plan), &self.place))?;
            self.is_in[plan] = true;
            self.plans.push((plan, true));
        }
        Some(wanted.len())
    }

    /// Adds the dormant rows and the cuts that an answer breaks; says how many.
    pub(super) fn cut(&mut self, answer: &Answer) -> usize {
        let parts = self.parts;
        let count = parts.rows.meetings.len() + self.plans.len();
        let used: Vec<(Entries, f64)> = (0..count)
            .filter_map(|at| {
                let value = answer.values.get(self.first_meeting + at).copied().filter(|value| *value > 0.0)?;
                Some((self.entries(at), value))
            })
            .collect();
        let woken = self.exceeded(&used);
        let known = self.cuts.all.len();
        if woken.is_empty() {
            self.cuts.separate(&parts, &used);
        }
        // The new rows with their coefficients, column by column.
        let new_cuts = self.cuts.all.len() - known;
        let mut rows: Vec<(f64, Vec<(usize, f64)>)> =
            woken.iter().map(|&row| (parts.rows.bounds[row as usize].1, Vec::new())).collect();
        rows.extend(self.cuts.all[known..].iter().map(|cut| (cut.most as f64, Vec::new())));
        if rows.is_empty() {
            return 0;
        }
        for at in 0..count {
            let entries = self.entries(at);
            for &(row, by) in &entries {
                if let Ok(new) = woken.binary_search(&row) {
                    rows[new].1.push((self.first_meeting + at, by as f64));
                }
            }
            let shares = if new_cuts == 0 { Vec::new() } else { self.cuts.shares(&entries) };
            for (cut, share) in shares.into_iter().filter(|(cut, _)| *cut as usize >= known) {
                rows[cut as usize - known].1.push((self.first_meeting + at, share as f64));
            }
        }
        let first = self.place.iter().filter(|&&row| row != NONE).count() as u32;
        for (at, (most, entries)) in rows.iter().enumerate() {
            if self.lp.add_row(*most, entries).is_none() {
                return 0;
            }
            match woken.get(at) {
                Some(&row) => self.place[row as usize] = first + at as u32,
                None => self.place.push(first + at as u32),
            }
        }
        rows.len()
    }

    /// Coefficients of a meeting or, behind them, a plan of the program.
    fn entries(&self, at: usize) -> Entries {
        match at.checked_sub(self.parts.rows.meetings.len()) {
            None => cuts::meeting_entries(&self.parts, at),
            Some(at) => cuts::plan_entries(&self.parts, self.parts.tours.window(self.plans[at].0), self.plans[at].0),
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

    /// The choice an answer rounds to.
    pub(super) fn choice(&self, answer: &Answer) -> Choice {
        let is_on = |at: usize| answer.values.get(at).is_some_and(|&value| value > 0.5);
        let on =
            self.plans.iter().enumerate().filter(|(at, _)| is_on(self.first_plan + at)).map(|(_, (plan, _))| *plan);
        let mut plans: Vec<usize> = on.collect();
        plans.sort_unstable();
        Choice {
            plans,
            meetings: (0..self.parts.rows.meetings.len()).filter(|&at| is_on(self.first_meeting + at)).collect(),
        }
    }

    /// Whether an answer is whole.
    pub(super) fn is_whole(&self, answer: &Answer) -> bool {
        answer.values.iter().all(|value| (value - value.round()).abs() < WHOLE)
    }

    /// How much of each gig an answer covers.
    pub(super) fn coverage(&self, answer: &Answer) -> impl Iterator<Item = (u32, f64)> {
        let rows = self.parts.rows;
        rows.gig_slacks
            .iter()
            .enumerate()
            .map(move |(at, &(_, gig))| (gig, 1.0 - answer.values.get(at).copied().unwrap_or(1.0)))
    }

    /// How much each meeting takes place.
    pub(super) fn meetings(&self, answer: &Answer) -> impl Iterator<Item = (u32, f64)> {
        let first = self.first_meeting;
        (0..self.parts.rows.meetings.len())
            .map(move |at| (at as u32, answer.values.get(first + at).copied().unwrap_or(0.0)))
    }

    /// How much each window takes each gig, by window and gig.
    pub(super) fn pairs(&self, answer: &Answer) -> Vec<(u32, u32, f64)> {
        let mut pairs: Vec<(u32, u32, f64)> = Vec::new();
        for (at, &(plan, _)) in self.plans.iter().enumerate() {
            let value = answer.values.get(self.first_plan + at).copied().unwrap_or(0.0);
            if value > WHOLE {
                let window = self.parts.tours.window(plan) as u32;
                pairs.extend(
                    self.parts
                        .tours
                        .tickets(plan)
                        .iter()
                        .map(|&ticket| (window, self.parts.tickets.gig[ticket as usize], value)),
                );
            }
        }
        pairs.sort_by_key(|&(window, gig, _)| (window, gig));
        pairs
            .chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
            .map(|same| (same[0].0, same[0].1, same.iter().map(|pair| pair.2).sum()))
            .collect()
    }
}

/// A column without its entries in dormant rows, the others by their place in the program.
fn placed(mut column: Column, place: &[u32]) -> Column {
    column.entries.retain(|&(row, _)| place[row as usize] != NONE);
    column.entries.iter_mut().for_each(|(row, _)| *row = place[*row as usize]);
    column
}
