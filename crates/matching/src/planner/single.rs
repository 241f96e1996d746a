//! Who takes one gig at most in all: no order to search for, the best ticket of all windows is the best plan.

use super::{
    parts::{Goal, Parts, SCALE},
    prices::Prices,
    trips,
};
use crate::problem::Problem;

/// A question to those who take one gig at most.
pub(super) struct Single<'a, 'p> {
    pub(super) parts: &'a Parts<'p>,
    pub(super) prices: &'a Prices,
    /// Most tickets told of.
    pub(super) most: usize,
}

impl Single<'_, '_> {
    /// The best gain of somebody who takes one gig at most, and the best tickets that gain more than a price, with their windows
    /// and points.
    pub(super) fn ask(&self, volunteer: usize, price: i64) -> (i64, Vec<(usize, usize, i64)>) {
        let (problem, tickets) = (self.parts.problem, self.parts.tickets);
        let way_s = |ticket: usize| {
            let edge = tickets.edge[ticket] as usize;
            problem.edges.out_s[edge].saturating_add(problem.edges.back_s[edge])
        };
        let mut gains: Vec<(i64, usize, usize)> = Vec::new();
        for window in problem.windows.of(volunteer).filter(|&window| self.parts.caps.window_room[window] > 0) {
            for ticket in tickets.of_window.range(window) {
                let reward = self.prices.reward(self.parts, Goal::Points, ticket);
                let gain = reward.saturating_sub(way_s(ticket).saturating_mul(SCALE));
                if gain > 0 {
                    gains.push((-gain, window, ticket));
                }
            }
        }
        gains.sort_unstable();
        let best = gains.first().map_or(0, |gain| -gain.0);
        let found = gains.iter().filter(|gain| -gain.0 > price).take(self.most).filter_map(|&(_, window, ticket)| {
            // Where an escort is about, not everything that may be in reach is.
            let extra_s = self.parts.menus.extra_s(problem, tickets, window, &[ticket as u32])?;
            Some((window, ticket, trips::worth(problem, tickets, &[ticket as u32], extra_s).0))
        });
        (best, found.collect())
    }
}

/// Whether somebody takes one gig at most in all the time there is, and nothing is promised.
pub(super) fn takes_one(whole: &Problem, volunteer: usize) -> bool {
    let spans = || whole.windows.of(volunteer).map(|window| whole.windows.span[window]);
    let weeks = || spans().flat_map(|span| [whole.week_of(span.start), whole.week_of(span.end - 1)]);
    whole.volunteers.max_gigs_week[volunteer] == 1
        && whole.standing_schedule(volunteer).is_empty()
        && whole.promised.stray.row(volunteer).is_empty()
        && weeks().min().is_some_and(|first| weeks().max() == Some(first))
}
