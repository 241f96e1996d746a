//! What an answer of the program says: plans, gigs, meetings, and who takes what.

use super::{
    super::{choice, draft::Draft, lp::Answer, mip::Choice},
    Master,
};

/// Values this close to a whole number are whole.
const WHOLE: f64 = 1e-6;

impl Master<'_> {
    /// Values of the plans in the program, by position.
    pub(in crate::planner) fn values<'a>(&self, answer: &'a Answer) -> &'a [f64] {
        answer.values.get(self.first_plan..).unwrap_or_default()
    }

    /// The choice an answer rounds to.
    pub(in crate::planner) fn choice(&self, answer: &Answer) -> Choice {
        let is_on = |at: usize| answer.values.get(at).is_some_and(|&value| value > 0.5);
        let on =
            self.plans.iter().enumerate().filter(|(at, _)| is_on(self.first_plan + at)).map(|(_, (plan, _))| *plan);
        let mut plans: Vec<usize> = on.collect();
        plans.sort_unstable();
        Choice {
            plans,
            meetings: (0..self.parts.rows.meetings.len()).filter(|&at| is_on(self.first_meeting + at)).collect(),
        }
    }

    /// The draft an answer rounds to.
    pub(in crate::planner) fn draft(&self, answer: &Answer) -> Draft {
        choice::to_draft(&self.parts, &self.trips, &self.choice(answer))
    }

    /// Whether an answer is whole.
    pub(in crate::planner) fn is_whole(&self, answer: &Answer) -> bool {
        answer.values.iter().all(|value| (value - value.round()).abs() < WHOLE)
    }

    /// How much of each gig an answer covers.
    pub(in crate::planner) fn coverage(&self, answer: &Answer) -> impl Iterator<Item = (u32, f64)> {
        let rows = self.parts.rows;
        rows.gig_slacks
            .iter()
            .enumerate()
            .map(move |(at, &(_, gig))| (gig, 1.0 - answer.values.get(at).copied().unwrap_or(1.0)))
    }

    /// How much each meeting takes place.
    pub(in crate::planner) fn meetings(&self, answer: &Answer) -> impl Iterator<Item = (u32, f64)> {
        let first = self.first_meeting;
        (0..self.parts.rows.meetings.len())
            .map(move |at| (at as u32, answer.values.get(first + at).copied().unwrap_or(0.0)))
    }

    /// How much each window takes each gig, by window and gig.
    pub(in crate::planner) fn pairs(&self, answer: &Answer) -> Vec<(u32, u32, f64)> {
        let mut pairs: Vec<(u32, u32, f64)> = Vec::new();
        for (at, &(plan, _)) in self.plans.iter().enumerate() {
            let value = answer.values.get(self.first_plan + at).copied().unwrap_or(0.0);
            if value > WHOLE {
                let trip = self.trips.get(plan);
                let gigs = trip.tickets.iter().map(|&ticket| self.parts.tickets.gig[ticket as usize]);
                pairs.extend(gigs.map(|gig| (trip.window as u32, gig, value)));
            }
        }
        pairs.sort_by_key(|&(window, gig, _)| (window, gig));
        pairs
            .chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
            .map(|same| (same[0].0, same[0].1, same.iter().map(|pair| pair.2).sum()))
            .collect()
    }
}
