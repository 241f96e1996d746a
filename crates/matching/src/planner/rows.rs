//! The rows of the master: what plans of windows compete for.
//!
//! - one row per gig: covered at most once (for gigs whose helpers meet: at most one meeting);
//! - one row per window: one plan at most;
//! - one row per cap that several windows could exceed together, or that makes one gig of a week cost more than the one before:
//!   then its right-hand side is sold in steps, a column for each place;
//! - for every meeting and need: as many plans as helpers, or at least so many where more would only cost, if the meeting takes
//!   place (`y`);
//! - for every volunteer and meeting: a plan only if the meeting takes place, which makes the relaxation tight.
//!
//! Gig and window rows are equations with a slack column each, so that a branch can demand a gig or a window.

use std::collections::BTreeMap;

use super::{
    caps::Caps,
    lp::Column,
    tickets::{NONE, Tickets},
};
use crate::problem::Problem;

/// Up to so many links are in the program from the start.
const MAX_EAGER_LINKS: usize = 2_500;

/// A start at which the helpers of a gig could meet.
#[derive(Debug, Clone)]
pub(super) struct Meeting {
    pub(super) gig: u32,
    /// Position in `Gigs::starts`, flat.
    pub(super) number: u32,
    /// Balance rows with the helpers each needs.
    pub(super) balances: Vec<(u32, u32)>,
    /// Link rows.
    pub(super) links: Vec<u32>,
}

/// All rows.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) count: usize,
    pub(super) bounds: Vec<(f64, f64)>,
    /// Row of each gig, window and cap, or [`NONE`].
    pub(super) of_gig: Vec<u32>,
    pub(super) of_window: Vec<u32>,
    pub(super) of_cap: Vec<u32>,
    /// Balance and link row of each ticket to a meeting, or [`NONE`].
    pub(super) balance_of_ticket: Vec<u32>,
    pub(super) link_of_ticket: Vec<u32>,
    /// Rows that are left out of the program until an answer breaks them or a branch needs them: links, where there are many,
    /// and windows of somebody who may take one gig only.
    pub(super) is_dormant: Vec<bool>,
    pub(super) meetings: Vec<Meeting>,
    /// Meetings of each gig are a range of `meetings`.
    pub(super) meetings_of_gig: Vec<(u32, u32)>,
    /// Rows that are equations with a slack: gigs, then windows, as (row, gig or window).
    pub(super) gig_slacks: Vec<(u32, u32)>,
    pub(super) window_slacks: Vec<(u32, u32)>,
    /// Places of caps that cost, cheapest first within each row: row and cost in seconds of travel.
    pub(super) steps: Vec<(u32, i64)>,
}

impl Rows {
    /// The rows for the plans of these tickets.
    pub(super) fn new(problem: &Problem, tickets: &Tickets, caps: &Caps) -> Self {
        let mut rows = Self {
            of_gig: vec![NONE; problem.gig_count()],
            of_window: vec![NONE; problem.windows.len()],
            of_cap: vec![NONE; caps.all.len()],
            balance_of_ticket: vec![NONE; tickets.len()],
            link_of_ticket: vec![NONE; tickets.len()],
            meetings_of_gig: vec![(0, 0); problem.gig_count()],
            ..Self::default()
        };
        let mut is_used = vec![false; problem.gig_count()];
        for ticket in 0..tickets.len() {
            is_used[tickets.gig[ticket] as usize] |= tickets.is_alive[ticket];
        }
        for gig in (0..problem.gig_count()).filter(|&gig| is_used[gig]) {
            rows.of_gig[gig] = rows.push(1.0, 1.0);
            rows.gig_slacks.push((rows.of_gig[gig], gig as u32));
        }
        for window in 0..problem.windows.len() {
            let is_open = tickets.of_window.range(window).any(|ticket| tickets.is_alive[ticket]);
            if is_open && caps.window_room[window] > 0 {
                rows.of_window[window] = rows.push(1.0, 1.0);
                rows.window_slacks.push((rows.of_window[window], window as u32));
            }
        }
        for (number, cap) in caps.all.iter().enumerate() {
            let open = cap.windows.iter().filter(|&&window| rows.of_window[window as usize] != NONE);
            let most: u32 = open
                .map(|&window| {
                    caps.window_room[window as usize].min(tickets.of_window.range(window as usize).len() as u32)
                })
                .sum();
            let can_cost = cap.can_cost(most);
            if can_cost || (most > cap.room && cap.windows.len() > 1) {
                rows.of_cap[number] = rows.push(f64::NEG_INFINITY, f64::from(cap.room));
            }
            if can_cost {
                rows.steps.extend((0..cap.room).map(|before| (rows.of_cap[number], cap.step_cost_s(before))));
            }
        }
        rows.meet(problem, tickets);
        rows.is_dormant = vec![false; rows.count];
        for &(row, window) in &rows.window_slacks {
            // One gig in all means one plan at most.
            let is_implied = |&cap: &u32| rows.of_cap[cap as usize] != NONE && caps.all[cap as usize].room == 1;
            rows.is_dormant[row as usize] = caps.of_window[window as usize].iter().any(is_implied);
        }
        let links: Vec<u32> = rows.meetings.iter().flat_map(|meeting| meeting.links.iter().copied()).collect();
        if links.len() > MAX_EAGER_LINKS {
            links.into_iter().for_each(|row| rows.is_dormant[row as usize] = true);
        }
        rows
    }

    fn push(&mut self, lower: f64, upper: f64) -> u32 {
        self.bounds.push((lower, upper));
        self.count += 1;
        (self.count - 1) as u32
    }

    fn meet(&mut self, problem: &Problem, tickets: &Tickets) {
        // (gig, meeting) -> tickets
        let mut of_meeting: BTreeMap<(u32, u32), Vec<usize>> = BTreeMap::new();
        for ticket in (0..tickets.len()).filter(|&ticket| !tickets.is_single(ticket) && tickets.is_alive[ticket]) {
            of_meeting.entry((tickets.gig[ticket], tickets.meeting[ticket])).or_default().push(ticket);
        }
        for ((gig, number), all) in of_meeting {
            let mut meeting = Meeting { gig, number, balances: Vec::new(), links: Vec::new() };
            for need in problem.gigs.needs.range(gig as usize) {
                let edge = |ticket: usize| tickets.edge[ticket] as usize;
                let of_need: Vec<usize> =
                    all.iter().copied().filter(|&ticket| problem.edges.need[edge(ticket)] as usize == need).collect();
                // One helper too many only costs, unless somebody is worth more than nothing to have along.
                let is_exact = of_need.iter().any(|&ticket| problem.edges.bonus[edge(ticket)] > 0);
                let row = self.push(if is_exact { 0.0 } else { f64::NEG_INFINITY }, 0.0);
                meeting.balances.push((row, problem.gigs.needs.flat()[need].count.into()));
                of_need.into_iter().for_each(|ticket| self.balance_of_ticket[ticket] = row);
            }
            let mut link_of: BTreeMap<usize, u32> = BTreeMap::new();
            for &ticket in &all {
                let volunteer = problem.edges.volunteer(problem, tickets.edge[ticket] as usize);
                let row = *link_of.entry(volunteer).or_insert_with(|| self.push(f64::NEG_INFINITY, 0.0));
                self.link_of_ticket[ticket] = row;
            }
            meeting.links = link_of.into_values().collect();
            let at = self.meetings.len() as u32;
            let range = &mut self.meetings_of_gig[gig as usize];
            *range = if range.0 == range.1 { (at, at + 1) } else { (range.0, at + 1) };
            self.meetings.push(meeting);
        }
    }

    /// The slack columns: those of gigs, then those of windows, then the steps of caps.
    pub(super) fn slack_columns(&self) -> Vec<Column> {
        let slack = |&(row, _): &(u32, u32)| Column { worth: 0.0, most: 1.0, entries: vec![(row, 1.0)] };
        let step =
            |&(row, cost_s): &(u32, i64)| Column { worth: -cost_s as f64, most: 1.0, entries: vec![(row, -1.0)] };
        self.gig_slacks.iter().chain(&self.window_slacks).map(slack).chain(self.steps.iter().map(step)).collect()
    }

    /// Position of the first step among the slack columns.
    pub(super) fn first_step(&self) -> usize {
        self.gig_slacks.len() + self.window_slacks.len()
    }

    /// The steps of a row, cheapest first.
    pub(super) fn steps_of(&self, row: u32) -> &[(u32, i64)] {
        let first = self.steps.partition_point(|&(other, _)| other < row);
        let count = self.steps[first..].partition_point(|&(other, _)| other == row);
        &self.steps[first..first + count]
    }

    /// Whether a row is an equation of plans and meetings alone, whose price may have any sign.
    pub(super) fn is_exact(&self, row: usize) -> bool {
        self.bounds[row] == (0.0, 0.0)
    }

    /// The bounds of a row in a program that has the steps as columns.
    pub(super) fn program_bounds(&self, row: usize) -> (f64, f64) {
        let is_stepped = self.steps.binary_search_by_key(&row, |&(row, _)| row as usize).is_ok();
        if is_stepped { (self.bounds[row].0, 0.0) } else { self.bounds[row] }
    }
}
