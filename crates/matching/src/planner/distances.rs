//! Metres between all places of gigs, worked out once where there are not too many.

use crate::{problem::Problem, travel};

/// Most gigs with a place for which all distances are kept (4 bytes for each pair).
const MAX_PLACES: usize = 5_000;

/// A table of distances from where a gig ends to where another begins.
pub(super) struct Distances {
    /// Position of each gig in the table.
    place: Vec<u32>,
    count: usize,
    metres: Vec<u32>,
}

impl Distances {
    /// The table of a problem; empty where it would be too large, or where metres do not tell the time.
    pub(super) fn new(problem: &Problem) -> Self {
        let placed: Vec<usize> = (0..problem.gig_count()).filter(|&gig| !problem.is_call(gig)).collect();
        let mut place = vec![0; problem.gig_count()];
        placed.iter().enumerate().for_each(|(at, &gig)| place[gig] = at as u32);
        if placed.len() > MAX_PLACES || problem.is_rough() {
            return Self { place, count: 0, metres: Vec::new() };
        }
        let row =
            |&from: &usize| placed.iter().map(move |&to| u32::try_from(problem.leg_m(from, to)).unwrap_or(u32::MAX));
        Self { place, count: placed.len(), metres: placed.iter().flat_map(row).collect() }
    }

    /// No table: every distance is worked out when it is asked for.
    pub(super) fn none() -> Self {
        Self { place: Vec::new(), count: 0, metres: Vec::new() }
    }

    /// Seconds from where one gig ends to where another begins at a volunteer's speed; both have places.
    pub(super) fn leg_s(&self, problem: &Problem, volunteer: usize, from: usize, to: usize) -> i64 {
        if self.count == 0 {
            return problem.leg_s(volunteer, from, to);
        }
        let metres = self.metres[self.place[from] as usize * self.count + self.place[to] as usize];
        travel::seconds(i64::from(metres), problem.volunteers.speed_dkmh[volunteer])
    }
}
