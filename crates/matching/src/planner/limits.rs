//! What a branch of the search allows: tickets and meetings that are closed, gigs and windows that are demanded.

use std::collections::BTreeMap;

use super::parts::Parts;

/// One decision of the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// The gig is covered, or not.
    Gig(u32, bool),
    /// The meeting (position in `Rows::meetings`) takes place, or not.
    Meeting(u32, bool),
    /// The window takes the gig, or not.
    Pair(u32, u32, bool),
}

/// What the decisions of one branch amount to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Limits {
    pub(super) closed_tickets: Vec<bool>,
    /// Positions in `Rows::meetings`.
    pub(super) closed_meetings: Vec<bool>,
    /// By gig.
    pub(super) demanded_gigs: Vec<bool>,
    /// Gigs that the plan of a window must hold.
    pub(super) required: BTreeMap<u32, Vec<u32>>,
}

impl Limits {
    /// Everything is allowed.
    pub(super) fn none(parts: &Parts<'_>) -> Self {
        Self {
            closed_tickets: vec![false; parts.tickets.len()],
            closed_meetings: vec![false; parts.rows.meetings.len()],
            demanded_gigs: vec![false; parts.problem.gig_count()],
            required: BTreeMap::new(),
        }
    }

    /// What these decisions allow.
    pub(super) fn new(parts: &Parts<'_>, decisions: &[Decision]) -> Self {
        let mut limits = Self::none(parts);
        for &decision in decisions {
            limits.add(parts, decision);
        }
        limits
    }

    fn add(&mut self, parts: &Parts<'_>, decision: Decision) {
        let tickets = parts.tickets;
        match decision {
            Decision::Gig(gig, true) => self.demanded_gigs[gig as usize] = true,
            Decision::Gig(gig, false) => {
                self.close_tickets(parts, gig, |_| true);
                self.close_meetings(parts, gig, |_| true);
            }
            Decision::Meeting(at, true) => {
                let chosen = &parts.rows.meetings[at as usize];
                self.demanded_gigs[chosen.gig as usize] = true;
                self.close_tickets(parts, chosen.gig, |ticket| tickets.meeting[ticket] != chosen.number);
                self.close_meetings(parts, chosen.gig, |other| other != at);
            }
            Decision::Meeting(at, false) => {
                let closed = &parts.rows.meetings[at as usize];
                self.close_tickets(parts, closed.gig, |ticket| tickets.meeting[ticket] == closed.number);
                self.close_meetings(parts, closed.gig, |other| other == at);
            }
            Decision::Pair(window, gig, true) => {
                self.demanded_gigs[gig as usize] = true;
                self.required.entry(window).or_default().push(gig);
                let (first, end) = parts.rows.meetings_of_gig[gig as usize];
                let edge_window = |ticket: usize| parts.problem.edges.window[tickets.edge[ticket] as usize];
                if first == end {
                    self.close_tickets(parts, gig, |ticket| edge_window(ticket) != window);
                }
            }
            Decision::Pair(window, gig, false) => {
                let edge_window = |ticket: usize| parts.problem.edges.window[tickets.edge[ticket] as usize];
                self.close_tickets(parts, gig, |ticket| edge_window(ticket) == window);
            }
        }
    }

    fn close_tickets(&mut self, parts: &Parts<'_>, gig: u32, is_closed: impl Fn(usize) -> bool) {
        for &ticket in parts.tickets.of_gig(gig as usize) {
            self.closed_tickets[ticket as usize] |= is_closed(ticket as usize);
        }
    }

    fn close_meetings(&mut self, parts: &Parts<'_>, gig: u32, is_closed: impl Fn(u32) -> bool) {
        let (first, end) = parts.rows.meetings_of_gig[gig as usize];
        for meeting in (first..end).filter(|&meeting| is_closed(meeting)) {
            self.closed_meetings[meeting as usize] = true;
        }
    }

    /// Whether a plan of a window is allowed.
    pub(super) fn allows(&self, parts: &Parts<'_>, window: usize, of_plan: &[u32]) -> bool {
        of_plan.iter().all(|&ticket| !self.closed_tickets[ticket as usize])
            && self.holds_required(parts, window, of_plan)
    }

    /// Whether tickets of a window hold all gigs that its plan must hold.
    pub(super) fn holds_required(&self, parts: &Parts<'_>, window: usize, of_plan: &[u32]) -> bool {
        self.required.get(&(window as u32)).is_none_or(|gigs| {
            gigs.iter().all(|&gig| of_plan.iter().any(|&ticket| parts.tickets.gig[ticket as usize] == gig))
        })
    }
}
