//! Tickets: every way one window can take part in one gig. A plan of a window is a set of tickets.
//!
//! An edge to a gig for one helper is one ticket; an edge to a gig whose helpers must meet is one ticket per possible start.
//! Tickets of one edge stand together, edges of one window stand together.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Placed;
use crate::problem::{Problem, Rows};

/// What does not exist: a row, a meeting.
pub(super) const NONE: u32 = u32::MAX;

/// All tickets of a problem.
#[derive(Debug, Default)]
pub(super) struct Tickets {
    /// Tickets of one window are a range of these numbers.
    pub(super) of_window: Rows<()>,
    pub(super) edge: Vec<u32>,
    /// Position in `Gigs::starts`, flat, or [`NONE`].
    pub(super) meeting: Vec<u32>,
    pub(super) gig: Vec<u32>,
    /// Whether the meeting has candidates enough to take place; true for gigs that need one helper.
    pub(super) is_alive: Vec<bool>,
    by_gig: Rows<u32>,
}

impl Tickets {
    /// The tickets of all edges, with what can come to anything.
    pub(super) fn new(problem: &Problem) -> Self {
        let mut tickets = Self::listed(problem);
        tickets.is_alive = tickets.alive(problem);
        let pairs: Vec<(usize, u32)> =
            tickets.gig.iter().enumerate().map(|(ticket, &gig)| (gig as usize, ticket as u32)).collect();
        tickets.by_gig = Rows::group(problem.gig_count(), &pairs);
        tickets
    }

    /// The same by window alone: which of them can come to anything is for others to say.
    pub(super) fn listed(problem: &Problem) -> Self {
        let mut tickets = Self::default();
        for window in 0..problem.windows.len() {
            let first = tickets.edge.len();
            for edge in problem.edges.of_window.range(window) {
                let gig = problem.edges.gig[edge] as usize;
                let meetings = problem.gigs.starts.range(gig);
                if meetings.is_empty() {
                    tickets.push(edge, gig, NONE);
                }
                let bounds = problem.edges.starts[edge];
                for meeting in meetings {
                    let start = problem.gigs.starts.flat()[meeting];
                    if bounds.start <= start && start <= bounds.end {
                        tickets.push(edge, gig, meeting as u32);
                    }
                }
            }
            tickets.of_window.push((first..tickets.edge.len()).map(|_| ()));
        }
        tickets
    }

    /// A meeting lives if every need has as many different people as it needs, and all needs together too.
    fn alive(&self, problem: &Problem) -> Vec<bool> {
        let mut people: BTreeMap<(u32, u32), BTreeSet<usize>> = BTreeMap::new();
        let mut all: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
        for ticket in (0..self.len()).filter(|&ticket| !self.is_single(ticket)) {
            let edge = self.edge[ticket] as usize;
            let volunteer = problem.edges.volunteer(problem, edge);
            people.entry((problem.edges.need[edge], self.meeting[ticket])).or_default().insert(volunteer);
            all.entry(self.meeting[ticket]).or_default().insert(volunteer);
        }
        let lives = |gig: usize, meeting: u32| {
            let mut helpers = 0;
            let has_each = problem.gigs.needs.range(gig).all(|need| {
                let count = usize::from(problem.gigs.needs.flat()[need].count);
                helpers += count;
                people.get(&(need as u32, meeting)).is_some_and(|people| people.len() >= count)
            });
            has_each && all.get(&meeting).is_some_and(|people| people.len() >= helpers)
        };
        (0..self.len())
            .map(|ticket| self.is_single(ticket) || lives(self.gig[ticket] as usize, self.meeting[ticket]))
            .collect()
    }

    fn push(&mut self, edge: usize, gig: usize, meeting: u32) {
        self.edge.push(edge as u32);
        self.gig.push(gig as u32);
        self.meeting.push(meeting);
    }

    /// Tickets of one gig.
    pub(super) fn of_gig(&self, gig: usize) -> &[u32] {
        self.by_gig.row(gig)
    }

    /// Number of tickets.
    pub(super) fn len(&self) -> usize {
        self.edge.len()
    }

    /// Whether the gig of a ticket needs one helper only.
    pub(super) fn is_single(&self, ticket: usize) -> bool {
        self.meeting[ticket] == NONE
    }

    /// The ticket as a part of a draft.
    pub(super) fn placed(&self, ticket: usize) -> Placed {
        Placed { edge: self.edge[ticket], meeting: (!self.is_single(ticket)).then_some(self.meeting[ticket]) }
    }

    /// The ticket of a part of a draft.
    pub(super) fn find(&self, problem: &Problem, placed: Placed) -> Option<usize> {
        let window = problem.edges.window[placed.edge as usize] as usize;
        let key = (placed.edge, placed.meeting.unwrap_or(NONE));
        self.of_window.range(window).find(|&ticket| (self.edge[ticket], self.meeting[ticket]) == key)
    }
}
