//! Prices and the bound they prove: a Lagrangian bound in whole numbers, true whatever the prices are and whoever made them.
//!
//! Charge every ticket the prices of the rows it uses and let every window choose its best plan, every gig its best
//! meeting, freely. What they gain, plus the price of everything there is to sell, is more than any real plan can reach.

use rayon::prelude::*;

use super::{
    caps::Caps,
    cuts::{self, Cuts, Entries},
    limits::Limits,
    lp::Column,
    rows::Rows,
    tickets::{NONE, Tickets},
    tours::Tours,
    workers::Workers,
};
use crate::{plan::WEIGHT_POINTS, problem::Problem};

/// Prices and gains are counted in this fraction of a point.
pub(super) const SCALE: i64 = 1 << 16;
/// Scaled price of what is closed: more than any plan can gain.
const CLOSED: i64 = 1 << 52;
/// No price is beyond this many points.
const MAX_PRICE: f64 = 1e9;

/// What the search makes as large as it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// weight x 20,000 - travel + bonuses.
    Points,
    /// weight x 20,000 alone.
    Weight,
}

/// Everything a master is made of.
#[derive(Clone, Copy)]
pub(super) struct Parts<'p> {
    pub(super) problem: &'p Problem,
    pub(super) caps: &'p Caps,
    pub(super) tickets: &'p Tickets,
    pub(super) tours: &'p Tours,
    pub(super) rows: &'p Rows,
    pub(super) workers: &'p Workers,
    /// Points that are certain: promised weight less promised travel.
    pub(super) fixed: i64,
    /// Weight that is certain.
    pub(super) fixed_weight: u64,
}

impl Parts<'_> {
    /// Scaled worth of a plan.
    pub(super) fn worth(&self, goal: Goal, plan: usize) -> i64 {
        match goal {
            Goal::Points => self.tours.value[plan] * SCALE,
            Goal::Weight => i64::from(self.tours.weight[plan]) * WEIGHT_POINTS * SCALE,
        }
    }

    /// Points a meeting is worth.
    pub(super) fn meeting_worth(&self, meeting: usize) -> i64 {
        i64::from(self.problem.weight(self.rows.meetings[meeting].gig as usize)) * WEIGHT_POINTS
    }

    /// The columns of every program: slacks of gigs, slacks of windows, meetings, then plans; with their shares in cuts, whose
    /// rows stand behind all others.
    pub(super) fn columns(&self, goal: Goal, cuts: &Cuts, plans: &[usize]) -> Vec<Column> {
        let mut columns = self.rows.slack_columns();
        columns.extend((0..self.rows.meetings.len()).map(|at| {
            let worth = self.meeting_worth(at) as f64;
            self.column(worth, cuts, &cuts::meeting_entries(self, at))
        }));
        columns.extend(plans.iter().map(|&plan| self.plan_column(goal, cuts, plan)));
        columns
    }

    /// The column of one plan.
    pub(super) fn plan_column(&self, goal: Goal, cuts: &Cuts, plan: usize) -> Column {
        let entries = cuts::plan_entries(self, self.tours.window(plan), plan);
        self.column((self.worth(goal, plan) / SCALE) as f64, cuts, &entries)
    }

    fn column(&self, worth: f64, cuts: &Cuts, entries: &[(u32, i64)]) -> Column {
        let shares = cuts.shares(entries).into_iter().map(|(cut, share)| (self.rows.count as u32 + cut, share));
        let entries = entries.iter().copied().chain(shares).map(|(row, by)| (row, by as f64)).collect();
        Column { worth, most: 1.0, entries }
    }

    /// Points that are certain.
    pub(super) fn certain(&self, goal: Goal) -> i64 {
        match goal {
            Goal::Points => self.fixed,
            Goal::Weight => self.fixed_weight as i64 * WEIGHT_POINTS,
        }
    }
}

/// Scaled prices of rows, tickets and cuts.
#[derive(Debug, Clone)]
pub(super) struct Prices {
    pub(super) of_row: Vec<i64>,
    pub(super) of_ticket: Vec<i64>,
    of_cut: Vec<i64>,
    /// The cuts that cost something.
    cuts: Cuts,
    /// The most that any plan is paid for cuts it has a negative share in.
    rebate: i64,
}

impl Prices {
    /// Whole prices from duals; no row that is an inequality gets a price below zero.
    pub(super) fn new(parts: &Parts<'_>, cuts: &Cuts, limits: &Limits, duals: &[f64]) -> Self {
        // Gig rows come first, then window rows. The price of a demanded gig may be below zero, and so may that of a window,
        // which no bound is made of.
        let (gigs, windows) = (&parts.rows.gig_slacks, &parts.rows.window_slacks);
        let is_free = |row: usize| match gigs.get(row) {
            Some(&(_, gig)) => limits.demanded_gigs[gig as usize],
            None => row < gigs.len() + windows.len(),
        };
        let mut of_row: Vec<i64> = (0..parts.rows.count + cuts.all.len())
            .map(|row| {
                let dual =
                    duals.get(row).copied().filter(|dual| dual.is_finite()).unwrap_or(0.0).clamp(-MAX_PRICE, MAX_PRICE);
                let price = (dual * SCALE as f64).round() as i64;
                if is_free(row) { price } else { price.max(0) }
            })
            .collect();
        let (cuts, of_cut) = cuts.priced(&of_row.split_off(parts.rows.count));
        let at = |row: u32| if row == NONE { 0 } else { of_row[row as usize] };
        let (tickets, rows) = (parts.tickets, parts.rows);
        let mut of_ticket = vec![0; tickets.len()];
        for window in 0..parts.problem.windows.len() {
            let caps: i64 = parts.caps.of_window[window].iter().map(|&cap| at(rows.of_cap[cap as usize])).sum();
            for ticket in tickets.of_window.range(window) {
                of_ticket[ticket] =
                    caps + if tickets.is_single(ticket) {
                        at(rows.of_gig[tickets.gig[ticket] as usize])
                    } else {
                        at(rows.link_of_ticket[ticket]) - at(rows.balance_of_ticket[ticket])
                    } + if limits.closed_tickets[ticket] { CLOSED } else { 0 };
            }
        }
        let rebate = cuts.rebate(&of_cut);
        Self { of_row, of_ticket, of_cut, cuts, rebate }
    }

    /// Scaled gain of a plan of a window after paying for its tickets and cuts.
    pub(super) fn gain(&self, parts: &Parts<'_>, goal: Goal, window: usize, plan: usize) -> i64 {
        self.gain_before_cuts(parts, goal, plan) - self.charge(|| cuts::plan_entries(parts, window, plan))
    }

    /// Scaled gain of a plan after paying for its tickets only.
    pub(super) fn gain_before_cuts(&self, parts: &Parts<'_>, goal: Goal, plan: usize) -> i64 {
        parts.worth(goal, plan)
            - parts.tours.tickets(plan).iter().map(|&ticket| self.of_ticket[ticket as usize]).sum::<i64>()
    }

    /// Scaled gain of a plan if it is above `least`.
    pub(super) fn gain_above(
        &self,
        parts: &Parts<'_>,
        goal: Goal,
        window: usize,
        plan: usize,
        least: i64,
    ) -> Option<i64> {
        let before = self.gain_before_cuts(parts, goal, plan);
        // No plan is paid for a cut more than this.
        if before + self.rebate <= least {
            return None;
        }
        Some(before - self.charge(|| cuts::plan_entries(parts, window, plan))).filter(|&gain| gain > least)
    }

    fn charge(&self, entries: impl FnOnce() -> Entries) -> i64 {
        if self.of_cut.is_empty() {
            return 0;
        }
        self.cuts.shares(&entries()).into_iter().map(|(cut, share)| share * self.of_cut[cut as usize]).sum()
    }

    /// Scaled gain of a meeting after paying its helpers.
    pub(super) fn meeting_gain(&self, parts: &Parts<'_>, at: usize) -> i64 {
        let meeting = &parts.rows.meetings[at];
        let worth = parts.meeting_worth(at) * SCALE - self.charge(|| cuts::meeting_entries(parts, at));
        let balances: i64 =
            meeting.balances.iter().map(|&(row, count)| i64::from(count) * self.of_row[row as usize]).sum();
        worth - balances + meeting.links.iter().map(|&row| self.of_row[row as usize]).sum::<i64>()
    }

    /// Scaled price of all there is to sell, of gigs with one helper and caps.
    pub(super) fn stock(&self, parts: &Parts<'_>) -> i64 {
        let rows = parts.rows;
        let is_single = |gig: u32| rows.meetings_of_gig[gig as usize].0 == rows.meetings_of_gig[gig as usize].1;
        let gigs: i64 =
            rows.gig_slacks.iter().filter(|(_, gig)| is_single(*gig)).map(|&(row, _)| self.of_row[row as usize]).sum();
        let caps = parts.caps.all.iter().zip(&rows.of_cap).filter(|(_, row)| **row != NONE);
        let caps: i64 = caps.map(|(cap, &row)| i64::from(cap.room) * self.of_row[row as usize]).sum();
        gigs + caps + self.cuts.all.iter().zip(&self.of_cut).map(|(cut, price)| cut.most * price).sum::<i64>()
    }

    /// The most that plans of a window which are not enumerated could gain: its best tickets, one per gig, without any way.
    pub(super) fn rest(&self, parts: &Parts<'_>, goal: Goal, window: usize) -> i64 {
        let tickets = parts.tickets;
        let mut of_gig: Vec<(u32, i64)> = tickets
            .of_window
            .range(window)
            .map(|ticket| {
                let weight =
                    if tickets.is_single(ticket) { parts.problem.weight(tickets.gig[ticket] as usize) } else { 0 };
                let bonus =
                    if goal == Goal::Points { parts.problem.edges.bonus[tickets.edge[ticket] as usize] } else { 0 };
                (
                    tickets.gig[ticket],
                    (i64::from(weight) * WEIGHT_POINTS + i64::from(bonus)) * SCALE - self.of_ticket[ticket],
                )
            })
            .collect();
        of_gig.sort_unstable_by_key(|&(gig, gain)| (gig, -gain));
        of_gig.dedup_by_key(|entry| entry.0);
        let mut gains: Vec<i64> = of_gig.into_iter().map(|(_, gain)| gain).filter(|&gain| gain > 0).collect();
        gains.sort_unstable_by(|a, b| b.cmp(a));
        gains.iter().take(parts.caps.window_room[window] as usize).sum()
    }
}

/// Plans that can still be part of something better, by window.
#[derive(Debug, Clone, Default)]
pub(super) struct Live {
    first_of_window: Vec<u32>,
    plans: Vec<u32>,
}

impl Live {
    /// All plans.
    pub(super) fn all(parts: &Parts<'_>) -> Self {
        Self::filtered(parts, |_, _| true)
    }

    /// The plans whose loss against their window's best is at most `slack` (scaled) at the prices of a bound.
    pub(super) fn within(&self, parts: &Parts<'_>, bound: &Bound, prices: &Prices, slack: i64) -> Self {
        Self::filtered(parts, |window, plan| {
            self.of_window(window).binary_search(&(plan as u32)).is_ok()
                && bound.of_window[window] - prices.gain(parts, Goal::Points, window, plan) <= slack
        })
    }

    fn filtered(parts: &Parts<'_>, is_live: impl Fn(usize, usize) -> bool + Sync) -> Self {
        let filter = |window: usize| -> Vec<u32> {
            parts.tours.of_window(window).filter(|&plan| is_live(window, plan)).map(|plan| plan as u32).collect()
        };
        let windows = parts.problem.windows.len();
        let of_windows: Vec<Vec<u32>> = parts.workers.run(|| (0..windows).into_par_iter().map(filter).collect());
        let mut live = Self { first_of_window: vec![0], plans: Vec::new() };
        for of_window in of_windows {
            live.plans.extend(of_window);
            live.first_of_window.push(live.plans.len() as u32);
        }
        live
    }

    /// The plans of one window, ascending.
    pub(super) fn of_window(&self, window: usize) -> &[u32] {
        &self.plans[self.first_of_window[window] as usize..self.first_of_window[window + 1] as usize]
    }
}

/// A proven bound with what it rests on.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    /// No plan has more points; scaled.
    pub(super) scaled: i64,
    /// Scaled best gain of each window, at least 0.
    pub(super) of_window: Vec<i64>,
}

impl Bound {
    /// The bound that these prices prove within the limits; `None` if the limits allow nothing at all.
    pub(super) fn new(parts: &Parts<'_>, goal: Goal, prices: &Prices, limits: &Limits, live: &Live) -> Option<Self> {
        let best_of = |window: usize| {
            let mut best = 0;
            for &plan in live.of_window(window) {
                best = prices.gain_above(parts, goal, window, plan as usize, best).unwrap_or(best);
            }
            if parts.tours.is_complete[window] { best } else { best.max(prices.rest(parts, goal, window)) }
        };
        let windows = parts.problem.windows.len();
        let of_window: Vec<i64> = parts.workers.run(|| (0..windows).into_par_iter().map(best_of).collect());
        let mut scaled = parts.certain(goal) * SCALE + prices.stock(parts) + of_window.iter().sum::<i64>();
        for &window in limits.required.keys() {
            let window = window as usize;
            let allowed = live.of_window(window).iter().filter(|&&plan| limits.allows(parts, window, plan as usize));
            let best = allowed.map(|&plan| prices.gain(parts, goal, window, plan as usize)).max();
            let rest = (!parts.tours.is_complete[window]).then(|| prices.rest(parts, goal, window));
            scaled += best.max(rest)? - of_window[window];
        }
        for &(_, gig) in &parts.rows.gig_slacks {
            let (first, end) = parts.rows.meetings_of_gig[gig as usize];
            if first < end {
                let open = (first..end).filter(|&meeting| !limits.closed_meetings[meeting as usize]);
                let best = open.map(|meeting| prices.meeting_gain(parts, meeting as usize)).max();
                scaled += if limits.demanded_gigs[gig as usize] { best? } else { best.unwrap_or(0).max(0) };
            }
        }
        Some(Self { scaled, of_window })
    }

    /// The bound in whole points.
    pub(super) fn points(&self) -> i64 {
        self.scaled.div_euclid(SCALE)
    }
}
