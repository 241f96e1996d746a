//! Plans that are taken on the way down, and what goes with them.

use std::collections::BTreeMap;

use super::{
    limits::Limits,
    mip::Choice,
    parts::Parts,
    tickets::NONE,
    trips::{Trip, Trips},
};

/// What is taken, and what is left of everything.
#[derive(Clone)]
pub(super) struct Taken {
    /// Numbers of plans.
    plans: Vec<usize>,
    /// Gigs that may still be added under each cap.
    pub(super) room: Vec<usize>,
    is_used: Vec<bool>,
    /// The meeting of each gig that is taken; [`NONE`] for those with one helper.
    meeting_of: BTreeMap<u32, u32>,
    /// Helpers that a balance row has already.
    helpers: BTreeMap<u32, u32>,
}

impl Taken {
    /// Nothing yet.
    pub(super) fn new(parts: &Parts<'_>) -> Self {
        Self {
            plans: Vec::new(),
            room: parts.caps.all.iter().map(|cap| cap.room as usize).collect(),
            is_used: vec![false; parts.problem.windows.len()],
            meeting_of: BTreeMap::new(),
            helpers: BTreeMap::new(),
        }
    }

    /// Whether a window can still have a plan.
    pub(super) fn is_open(&self, parts: &Parts<'_>, window: usize) -> bool {
        !self.is_used[window] && parts.caps.of_window[window].iter().all(|&cap| self.room[cap as usize] > 0)
    }

    /// The meeting of a gig that is taken, [`NONE`] if one helper does it.
    pub(super) fn meeting(&self, gig: u32) -> Option<u32> {
        self.meeting_of.get(&gig).copied()
    }

    /// Helpers that a balance row has already.
    pub(super) fn helpers(&self, row: u32) -> u32 {
        self.helpers.get(&row).copied().unwrap_or(0)
    }

    /// Whether a plan goes with all others.
    pub(super) fn fits(&self, parts: &Parts<'_>, trip: Trip<'_>) -> bool {
        let caps = &parts.caps.of_window[trip.window];
        let is_open = |&ticket: &u32| {
            let meeting = parts.tickets.meeting[ticket as usize];
            self.meeting(parts.tickets.gig[ticket as usize]).is_none_or(|known| known != NONE && known == meeting)
        };
        !self.is_used[trip.window]
            && caps.iter().all(|&cap| self.room[cap as usize] >= trip.tickets.len())
            && trip.tickets.iter().all(is_open)
    }

    /// Takes a plan if it goes with all others; says whether it does.
    pub(super) fn take(&mut self, parts: &Parts<'_>, number: usize, trip: Trip<'_>) -> bool {
        if !self.fits(parts, trip) {
            return false;
        }
        self.plans.push(number);
        self.is_used[trip.window] = true;
        parts.caps.of_window[trip.window].iter().for_each(|&cap| self.room[cap as usize] -= trip.tickets.len());
        for &ticket in trip.tickets {
            let ticket = ticket as usize;
            self.meeting_of.insert(parts.tickets.gig[ticket], parts.tickets.meeting[ticket]);
            if !parts.tickets.is_single(ticket) {
                *self.helpers.entry(parts.rows.balance_of_ticket[ticket]).or_default() += 1;
            }
        }
        true
    }

    /// What is closed to everybody else.
    pub(super) fn limits(&self, parts: &Parts<'_>) -> Limits {
        let mut limits = Limits::none(parts);
        for (&gig, &meeting) in &self.meeting_of {
            for &ticket in parts.tickets.of_gig(gig as usize) {
                let ticket = ticket as usize;
                limits.closed_tickets[ticket] |= meeting == NONE || parts.tickets.meeting[ticket] != meeting;
            }
        }
        limits
    }

    /// The choice it amounts to.
    pub(super) fn choice(&self, parts: &Parts<'_>) -> Choice {
        let mut choice = Choice { plans: self.plans.clone(), meetings: Vec::new() };
        choice.plans.sort_unstable();
        for (&gig, &meeting) in self.meeting_of.iter().filter(|(_, meeting)| **meeting != NONE) {
            let (first, end) = parts.rows.meetings_of_gig[gig as usize];
            choice
                .meetings
                .extend((first as usize..end as usize).filter(|&at| parts.rows.meetings[at].number == meeting));
        }
        choice.meetings.sort_unstable();
        choice
    }
}

/// Takes the plans with these shares that are sure, the surest first.
pub(super) fn surest(parts: &Parts<'_>, trips: &Trips, shares: &[f64], least: f64) -> Taken {
    let mut taken = Taken::new(parts);
    let mut sure: Vec<usize> = (0..shares.len()).filter(|&plan| shares[plan] >= least).collect();
    sure.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]).then(a.cmp(&b)));
    for plan in sure {
        taken.take(parts, plan, trips.get(plan));
    }
    taken
}
