//! Prices in whole numbers: what rows, tickets and cuts cost, and what plans and meetings gain after paying for them.

use super::{
    cuts::{self, Cuts, Entries},
    limits::Limits,
    parts::{Goal, Parts, SCALE},
    tickets::NONE,
    trips::Trip,
};

/// Scaled price of what is closed: more than any plan can gain.
pub(super) const CLOSED: i64 = 1 << 52;
/// No price is beyond this many points.
pub(super) const MAX_PRICE: f64 = 1e9;

/// Scaled prices of rows, tickets and cuts.
#[derive(Debug, Clone)]
pub(super) struct Prices {
    pub(super) of_row: Vec<i64>,
    pub(super) of_ticket: Vec<i64>,
    /// The most that a plan is paid for a ticket by cuts it has a negative share in; empty if nobody is paid.
    credit: Vec<i64>,
    of_cut: Vec<i64>,
    /// The cuts that cost something.
    cuts: Cuts,
}

impl Prices {
    /// Whole prices from duals; no row that is an inequality gets a price below zero.
    pub(super) fn new(parts: &Parts<'_>, cuts: &Cuts, limits: &Limits, duals: &[f64]) -> Self {
        // Gig rows come first, then window rows. The price of a demanded gig may be below zero, and so may that of a window,
        // which no bound is made of.
        let (gigs, windows) = (&parts.rows.gig_slacks, &parts.rows.window_slacks);
        let is_free = |row: usize| match gigs.get(row) {
            Some(&(_, gig)) => limits.demanded_gigs[gig as usize],
            None => row < gigs.len() + windows.len() || (row < parts.rows.count && parts.rows.is_exact(row)),
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
                let is_closed = limits.closed_tickets[ticket] || !tickets.is_alive[ticket];
                of_ticket[ticket] =
                    caps + if tickets.is_single(ticket) {
                        at(rows.of_gig[tickets.gig[ticket] as usize])
                    } else {
                        at(rows.link_of_ticket[ticket]) - at(rows.balance_of_ticket[ticket])
                    } + if is_closed { CLOSED } else { 0 };
            }
        }
        let of_balance = cuts.credits(&of_cut);
        let credit = match of_balance.is_empty() {
            true => Vec::new(),
            false => rows.balance_of_ticket.iter().map(|row| of_balance.get(row).copied().unwrap_or(0)).collect(),
        };
        Self { of_row, of_ticket, credit, of_cut, cuts }
    }

    /// Prices of tickets, by window and ticket, and of caps, alone.
    pub(super) fn of_tickets(parts: &Parts<'_>, of_ticket: &dyn Fn(usize, usize) -> i64, of_cap: &[i64]) -> Self {
        let tickets = parts.tickets;
        let mut prices = vec![0; tickets.len()];
        for window in 0..parts.problem.windows.len() {
            let caps: i64 = parts.caps.of_window[window].iter().map(|&cap| of_cap[cap as usize]).sum();
            for ticket in tickets.of_window.range(window) {
                let closed = if tickets.is_alive[ticket] { 0 } else { CLOSED };
                prices[ticket] = caps + of_ticket(window, ticket) + closed;
            }
        }
        Self { of_row: Vec::new(), of_ticket: prices, credit: Vec::new(), of_cut: Vec::new(), cuts: Cuts::default() }
    }

    /// The most that a ticket adds to the scaled gain of a plan, without the way.
    pub(super) fn reward(&self, parts: &Parts<'_>, goal: Goal, ticket: usize) -> i64 {
        let credit = self.credit.get(ticket).copied().unwrap_or(0);
        parts.ticket_worth(goal, ticket) - self.of_ticket[ticket] + credit
    }

    /// Scaled gain of a plan after paying for its tickets and cuts.
    pub(super) fn gain(&self, parts: &Parts<'_>, goal: Goal, trip: Trip<'_>) -> i64 {
        let tickets: i64 = trip.tickets.iter().map(|&ticket| self.of_ticket[ticket as usize]).sum();
        parts.worth(goal, trip) - tickets - self.charge(|| cuts::trip_entries(parts, trip.window, trip.tickets))
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
    pub(super) fn stock(&self, parts: &Parts<'_>, goal: Goal) -> i64 {
        let rows = parts.rows;
        let is_single = |gig: u32| rows.meetings_of_gig[gig as usize].0 == rows.meetings_of_gig[gig as usize].1;
        let gigs: i64 =
            rows.gig_slacks.iter().filter(|(_, gig)| is_single(*gig)).map(|&(row, _)| self.of_row[row as usize]).sum();
        let caps = parts.caps.all.iter().zip(&rows.of_cap).filter(|(_, row)| **row != NONE);
        let caps: i64 = caps.map(|(cap, &row)| cap.stock(self.of_row[row as usize], goal == Goal::Points)).sum();
        gigs + caps + self.cuts.all.iter().zip(&self.of_cut).map(|(cut, price)| cut.most * price).sum::<i64>()
    }

    /// The most that any plan of a window could gain: its best tickets, one per gig, without any way.
    pub(super) fn rest(&self, parts: &Parts<'_>, goal: Goal, window: usize) -> i64 {
        let tickets = parts.tickets;
        let range = tickets.of_window.range(window);
        let mut of_gig: Vec<(u32, i64)> =
            range.map(|ticket| (tickets.gig[ticket], self.reward(parts, goal, ticket))).collect();
        of_gig.sort_unstable_by_key(|&(gig, gain)| (gig, -gain));
        of_gig.dedup_by_key(|entry| entry.0);
        let mut gains: Vec<i64> = of_gig.into_iter().map(|(_, gain)| gain).filter(|&gain| gain > 0).collect();
        gains.sort_unstable_by(|a, b| b.cmp(a));
        let menu = parts.menus.of(window);
        // An escort can shorten the way of what is promised.
        let is_saving = menu.is_carried() && goal == Goal::Points;
        let saved = if is_saving { menu.promised_travel_s * SCALE } else { 0 };
        saved + gains.iter().take(parts.caps.window_room[window] as usize).sum::<i64>()
    }
}
