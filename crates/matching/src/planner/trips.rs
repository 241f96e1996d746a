//! The plans of windows that are known so far: sets of tickets that one volunteer can do in one window, with their worth.
//!
//! Nobody lists all of them: `pricing` finds those that matter at the prices of the moment, and they are kept here.

use super::{parts::Parts, pricing::Found, tickets::Tickets};
use crate::{plan::WEIGHT_POINTS, problem::Problem};

/// One plan of one window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trip<'a> {
    pub(super) window: usize,
    /// Ascending.
    pub(super) tickets: &'a [u32],
    /// Points: weight of the gigs that need one helper x 20,000 - travel beyond the promised trip + bonuses.
    pub(super) value: i64,
    /// Weight of the gigs that need one helper.
    pub(super) weight: u32,
}

/// What a set of tickets is worth: points and weight.
pub(super) fn worth(problem: &Problem, tickets: &Tickets, of_trip: &[u32], extra_s: i64) -> (i64, u32) {
    let (mut weight, mut bonus) = (0, 0);
    for &ticket in of_trip {
        let ticket = ticket as usize;
        bonus += i64::from(problem.edges.bonus[tickets.edge[ticket] as usize]);
        if tickets.is_single(ticket) {
            weight += problem.weight(tickets.gig[ticket] as usize);
        }
    }
    (i64::from(weight) * WEIGHT_POINTS + bonus - extra_s, weight)
}

/// Plans by number, in order of finding.
#[derive(Debug, Default)]
pub(super) struct Trips {
    /// First ticket of each plan, and one past the last.
    first_ticket: Vec<u32>,
    tickets: Vec<u32>,
    window: Vec<u32>,
    value: Vec<i64>,
    weight: Vec<u32>,
    of_window: Vec<Vec<u32>>,
}

impl Trips {
    /// No plans yet.
    pub(super) fn new(windows: usize) -> Self {
        Self { first_ticket: vec![0], of_window: vec![Vec::new(); windows], ..Self::default() }
    }

    /// The number of a plan, new or known; `extra_s` is its travel beyond the promised trip.
    pub(super) fn add(&mut self, parts: &Parts<'_>, window: usize, tickets: &[u32], extra_s: i64) -> usize {
        if let Some(known) = self.find(window, tickets) {
            return known;
        }
        self.push(parts, window, tickets, extra_s)
    }

    fn push(&mut self, parts: &Parts<'_>, window: usize, tickets: &[u32], extra_s: i64) -> usize {
        let number = self.window.len();
        let (value, weight) = worth(parts.problem, parts.tickets, tickets, extra_s);
        self.tickets.extend_from_slice(tickets);
        self.first_ticket.push(self.tickets.len() as u32);
        self.window.push(window as u32);
        self.value.push(value);
        self.weight.push(weight);
        self.of_window[window].push(number as u32);
        number
    }

    /// The numbers of plans of one window that differ from each other, new or known.
    pub(super) fn add_all(&mut self, parts: &Parts<'_>, window: usize, plans: &[Found]) -> Vec<u32> {
        let mut known = self.of_window[window].clone();
        known.sort_unstable_by(|&a, &b| self.tickets_of(a).cmp(self.tickets_of(b)));
        let mut number_of =
            |plan: &Found| match known.binary_search_by(|&trip| self.tickets_of(trip).cmp(&plan.tickets)) {
                Ok(at) => known[at],
                Err(_) => self.push(parts, window, &plan.tickets, plan.extra_s) as u32,
            };
        plans.iter().map(&mut number_of).collect()
    }

    /// The known plan of a window with exactly these tickets (ascending).
    pub(super) fn find(&self, window: usize, tickets: &[u32]) -> Option<usize> {
        self.of_window[window].iter().map(|&trip| trip as usize).find(|&trip| self.get(trip).tickets == tickets)
    }

    fn tickets_of(&self, trip: u32) -> &[u32] {
        let trip = trip as usize;
        &self.tickets[self.first_ticket[trip] as usize..self.first_ticket[trip + 1] as usize]
    }

    /// One plan.
    pub(super) fn get(&self, trip: usize) -> Trip<'_> {
        Trip {
            window: self.window[trip] as usize,
            tickets: self.tickets_of(trip as u32),
            value: self.value[trip],
            weight: self.weight[trip],
        }
    }

    /// The known plans of a window.
    pub(super) fn of_window(&self, window: usize) -> &[u32] {
        &self.of_window[window]
    }

    /// How many are known.
    pub(super) fn len(&self) -> usize {
        self.window.len()
    }
}
