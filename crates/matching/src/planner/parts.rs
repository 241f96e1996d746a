//! Everything a master program is made of, and the columns that come of it.

use super::{
    caps::Caps,
    cuts::{self, Cuts},
    lp::Column,
    menus::Menus,
    rows::Rows,
    tickets::Tickets,
    trips::Trip,
    workers::Workers,
};
use crate::{plan::WEIGHT_POINTS, problem::Problem};

/// Prices and gains are counted in this fraction of a point.
pub(super) const SCALE: i64 = 1 << 16;

/// What the search makes as large as it can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// weight x 20,000 - travel + bonuses.
    Points,
    /// weight x 20,000 alone.
    Weight,
}

/// The parts of one problem.
#[derive(Clone, Copy)]
pub(super) struct Parts<'p> {
    pub(super) problem: &'p Problem,
    pub(super) caps: &'p Caps,
    pub(super) tickets: &'p Tickets,
    pub(super) menus: &'p Menus,
    pub(super) rows: &'p Rows,
    pub(super) workers: &'p Workers,
    /// Points that are certain: promised weight less promised travel.
    pub(super) fixed: i64,
    /// Weight that is certain.
    pub(super) fixed_weight: u64,
}

impl Parts<'_> {
    /// Scaled worth of a plan.
    pub(super) fn worth(&self, goal: Goal, trip: Trip<'_>) -> i64 {
        match goal {
            Goal::Points => trip.value * SCALE,
            Goal::Weight => i64::from(trip.weight) * WEIGHT_POINTS * SCALE,
        }
    }

    /// Scaled worth of a ticket in a plan, without the way.
    pub(super) fn ticket_worth(&self, goal: Goal, ticket: usize) -> i64 {
        let gig = self.tickets.gig[ticket] as usize;
        let weight = if self.tickets.is_single(ticket) { i64::from(self.problem.weight(gig)) } else { 0 };
        let bonus = self.problem.edges.bonus[self.tickets.edge[ticket] as usize];
        let bonus = if goal == Goal::Points { i64::from(bonus) } else { 0 };
        (weight * WEIGHT_POINTS + bonus) * SCALE
    }

    /// Points a meeting is worth.
    pub(super) fn meeting_worth(&self, meeting: usize) -> i64 {
        i64::from(self.problem.weight(self.rows.meetings[meeting].gig as usize)) * WEIGHT_POINTS
    }

    /// The columns of every program: slacks of gigs, slacks of windows, steps of caps, meetings, then plans; with their shares in cuts, whose
    /// rows stand behind all others.
    pub(super) fn columns<'t>(&self, goal: Goal, cuts: &Cuts, trips: impl Iterator<Item = Trip<'t>>) -> Vec<Column> {
        let mut columns = self.rows.slack_columns();
        columns.extend((0..self.rows.meetings.len()).map(|at| {
            let worth = self.meeting_worth(at) as f64;
            self.column(worth, cuts, &cuts::meeting_entries(self, at))
        }));
        columns.extend(trips.map(|trip| self.trip_column(goal, cuts, trip)));
        columns
    }

    /// The column of one plan.
    pub(super) fn trip_column(&self, goal: Goal, cuts: &Cuts, trip: Trip<'_>) -> Column {
        let entries = cuts::trip_entries(self, trip.window, trip.tickets);
        self.column((self.worth(goal, trip) / SCALE) as f64, cuts, &entries)
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
