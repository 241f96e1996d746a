//! The bound that prices prove: a Lagrangian bound in whole numbers, true whatever the prices are and whoever made them.
//!
//! Charge every ticket the prices of the rows it uses and let every window choose its best plan, every gig its best
//! meeting, freely. What they gain, plus the price of everything there is to sell, is more than any real plan can reach.

use super::{
    limits::Limits,
    parts::{Goal, Parts, SCALE},
    prices::Prices,
    pricing::Offer,
};

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
    pub(super) fn new(
        parts: &Parts<'_>,
        goal: Goal,
        prices: &Prices,
        limits: &Limits,
        offers: &[Offer],
    ) -> Option<Self> {
        let of_window: Vec<i64> = offers.iter().map(|offer| offer.best).collect();
        let mut scaled = parts.certain(goal) * SCALE + prices.stock(parts, goal) + of_window.iter().sum::<i64>();
        for &window in limits.required.keys() {
            scaled += offers[window as usize].allowed? - of_window[window as usize];
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
