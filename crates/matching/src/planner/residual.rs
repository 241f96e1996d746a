//! The program of what is left once some plans are taken: only rows and plans that are still open, so that it is small.
//!
//! It can always be solved: a meeting whose helpers cannot all come any more costs what it is worth.

use std::time::Duration;

use rayon::prelude::*;

use super::{
    cuts::{self, Cuts},
    lp::{Answer, Column, Lp},
    parts::{Goal, Parts, SCALE},
    prices::Prices,
    pricing::{Found, Offer, Query},
    taken::Taken,
    tickets::NONE,
    trips::{Trip, Trips},
};

/// Plans that lose more than this against the prices, in points, are left out at first.
const NEAR: i64 = 5_000;
/// Most plans of one window that are added at once.
const MAX_ADDED: usize = 2;

/// The program.
pub(super) struct Residual {
    lp: Lp,
    /// Row of the program for each row, or [`NONE`].
    place: Vec<u32>,
    first_meeting: usize,
    first_plan: usize,
    /// Plans in the program, and whether they are decided.
    plans: Vec<(usize, bool)>,
}

/// Rows of the program while they are put together.
struct Frame {
    place: Vec<u32>,
    bounds: Vec<(f64, f64)>,
}

impl Frame {
    fn put(&mut self, row: u32, lower: f64, upper: f64) {
        if row != NONE && self.place[row as usize] == NONE {
            self.place[row as usize] = self.bounds.len() as u32;
            self.bounds.push((lower, upper));
        }
    }
}

impl Residual {
    /// The program of what is left, with the known plans that are worth it at these prices.
    pub(super) fn new(parts: &Parts<'_>, trips: &Trips, taken: &Taken, prices: &Prices, seed: u64) -> Option<Self> {
        let rows = parts.rows;
        let mut frame = Frame { place: vec![NONE; rows.count], bounds: Vec::new() };
        let mut columns: Vec<Column> = Vec::new();
        let windows = rows.window_slacks.iter().filter(|(_, window)| taken.is_open(parts, *window as usize));
        for &(row, window) in windows {
            frame.put(row, f64::NEG_INFINITY, 1.0);
            for &cap in &parts.caps.of_window[window as usize] {
                let row = rows.of_cap[cap as usize];
                if row == NONE || frame.place[row as usize] != NONE {
                    continue;
                }
                let room = taken.room[cap as usize];
                let steps = rows.steps_of(row);
                let used = parts.caps.all[cap as usize].room as usize - room;
                frame.put(row, f64::NEG_INFINITY, if steps.is_empty() { room as f64 } else { 0.0 });
                columns.extend(steps.iter().skip(used).map(|&(_, cost_s)| Column {
                    worth: -cost_s as f64,
                    most: 1.0,
                    entries: vec![(frame.place[row as usize], -1.0)],
                }));
            }
        }
        let mut meetings: Vec<usize> = Vec::new();
        for &(row, gig) in rows.gig_slacks.iter().filter(|(_, gig)| taken.meeting(*gig) != Some(NONE)) {
            frame.put(row, f64::NEG_INFINITY, 1.0);
            let (first, end) = rows.meetings_of_gig[gig as usize];
            for at in first as usize..end as usize {
                let meeting = &rows.meetings[at];
                if taken.meeting(gig).is_some_and(|known| known != meeting.number) {
                    continue;
                }
                meetings.push(at);
                for &(row, _) in &meeting.balances {
                    let lower = if rows.is_exact(row as usize) { 0.0 } else { f64::NEG_INFINITY };
                    frame.put(row, lower, f64::from(taken.helpers(row)));
                    let missing = -(parts.meeting_worth(at) as f64) - 1.0;
                    let entries = vec![(frame.place[row as usize], -1.0)];
                    columns.push(Column { worth: missing, most: f64::INFINITY, entries });
                }
                meeting.links.iter().for_each(|&row| frame.put(row, f64::NEG_INFINITY, 0.0));
            }
        }
        let first_meeting = columns.len();
        columns.extend(meetings.iter().map(|&at| {
            let entries = placed(&frame.place, &cuts::meeting_entries(parts, at));
            Column { worth: parts.meeting_worth(at) as f64, most: 1.0, entries }
        }));
        let first_plan = columns.len();
        let price = |window: usize| {
            rows.of_window.get(window).filter(|row| **row != NONE).map_or(0, |&row| prices.of_row[row as usize])
        };
        let is_near = |trip: Trip<'_>| prices.gain(parts, Goal::Points, trip) - price(trip.window) > -NEAR * SCALE;
        let plans: Vec<(usize, bool)> = (0..trips.len())
            .filter(|&plan| taken.fits(parts, trips.get(plan)) && is_near(trips.get(plan)))
            .map(|plan| (plan, false))
            .collect();
        columns.extend(plans.iter().map(|&(plan, _)| column(parts, &frame.place, trips.get(plan))));
        let lp = Lp::new(&frame.bounds, &columns, seed)?;
        Some(Self { lp, place: frame.place, first_meeting, first_plan, plans })
    }

    /// Solves it within a limit. `primal` starts the primal simplex, after plans were added.
    pub(super) fn solve(&mut self, limit: Duration, primal: bool, elapsed: &dyn Fn() -> Duration) -> Option<Answer> {
        self.lp.solve(limit, primal, elapsed)
    }

    /// Whether meetings and plans of an answer are whole.
    pub(super) fn is_whole(&self, answer: &Answer, whole: f64) -> bool {
        answer.values.iter().skip(self.first_meeting).all(|value| (value - value.round()).abs() < whole)
    }

    /// The undecided plans that an answer holds, most of them first: share and position.
    pub(super) fn open(&self, answer: &Answer, least: f64) -> Vec<(f64, usize)> {
        let value = |at: usize| answer.values.get(self.first_plan + at).copied().unwrap_or(0.0);
        let undecided = (0..self.plans.len()).filter(|&at| !self.plans[at].1);
        let mut open: Vec<(f64, usize)> =
            undecided.map(|at| (value(at), at)).filter(|(value, _)| *value > least).collect();
        open.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        open
    }

    /// Decides a plan: it is taken if it goes with the others.
    pub(super) fn decide(&mut self, parts: &Parts<'_>, trips: &Trips, taken: &mut Taken, at: usize) {
        let (plan, is_decided) = &mut self.plans[at];
        *is_decided = true;
        let fits = taken.take(parts, *plan, trips.get(*plan));
        self.lp.fix(self.first_plan + at, f64::from(u8::from(fits)));
    }

    /// Leaves a plan open again.
    pub(super) fn reopen(&mut self, at: usize) {
        self.plans[at].1 = false;
        self.lp.set_most(self.first_plan + at, 1.0);
    }

    /// Decides that a plan is not taken.
    pub(super) fn rule_out(&mut self, at: usize) {
        self.plans[at].1 = true;
        self.lp.fix(self.first_plan + at, 0.0);
    }

    /// Asks the windows that are open for plans that gain more at the prices of an answer; says how many were added.
    pub(super) fn ask(&mut self, parts: &Parts<'_>, trips: &mut Trips, taken: &Taken, answer: &Answer) -> usize {
        let dual = |&row: &u32| answer.duals.get(row as usize).copied().unwrap_or(0.0);
        let duals: Vec<f64> = self.place.iter().map(dual).collect();
        let limits = taken.limits(parts);
        let prices = Prices::new(parts, &Cuts::new(parts.rows), &limits, &duals);
        let is_in = vec![true; trips.len()];
        let query = Query {
            parts,
            goal: Goal::Points,
            prices: &prices,
            limits: &limits,
            trips,
            is_in: &is_in,
            most: MAX_ADDED,
        };
        let offer = |&(row, window): &(u32, u32)| {
            let is_asked = self.place[row as usize] != NONE && taken.is_open(parts, window as usize);
            let price = prices.of_row[row as usize].max(0) + SCALE / 64;
            if is_asked { query.of_window(window as usize, price) } else { Offer::default() }
        };
        let offers: Vec<Offer> = parts.workers.run(|| parts.rows.window_slacks.par_iter().map(offer).collect());
        let found: Vec<Found> = offers.into_iter().flat_map(|offer| offer.found).collect();
        let mut added = 0;
        for plan in found {
            let plan = trips.add(parts, plan.window as usize, &plan.tickets, plan.extra_s);
            let trip = trips.get(plan);
            if taken.fits(parts, trip) && self.lp.add(&column(parts, &self.place, trip)).is_some() {
                self.plans.push((plan, false));
                added += 1;
            }
        }
        added
    }
}

fn column(parts: &Parts<'_>, place: &[u32], trip: Trip<'_>) -> Column {
    let entries = placed(place, &cuts::trip_entries(parts, trip.window, trip.tickets));
    Column { worth: trip.value as f64, most: 1.0, entries }
}

/// Entries in the rows there are, by their place in the program.
fn placed(place: &[u32], entries: &[(u32, i64)]) -> Vec<(u32, f64)> {
    let known = entries.iter().filter(|(row, _)| place[*row as usize] != NONE);
    known.map(|&(row, by)| (place[row as usize], by as f64)).collect()
}
