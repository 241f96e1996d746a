//! What every volunteer does: nothing, what stands, or what stands and a plan.

use crate::{
    plan::Plan,
    problem::{Problem, Stop},
};

/// The stops of every volunteer, by start, and the gigs they cover.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schedules {
    stops: Vec<Vec<Stop>>,
    covered: Vec<bool>,
}

impl Schedules {
    /// Empty calendars.
    #[must_use]
    pub fn empty(problem: &Problem) -> Self {
        Self { stops: vec![Vec::new(); problem.volunteer_count()], covered: vec![false; problem.gig_count()] }
    }

    /// What has been promised.
    #[must_use]
    pub fn standing(problem: &Problem) -> Self {
        let stops =
            (0..problem.volunteer_count()).map(|volunteer| problem.standing_schedule(volunteer).to_vec()).collect();
        let covered = (0..problem.gig_count()).map(|gig| problem.open_slots(gig).is_empty()).collect();
        Self { stops, covered }
    }

    /// What has been promised and what a plan adds. What the plan names and the problem does not know is left out.
    #[must_use]
    pub fn planned(problem: &Problem, plan: &Plan) -> Self {
        let mut schedules = Self::standing(problem);
        for assignment in &plan.assignments {
            let Some(gig) = problem.find_gig(&assignment.gig) else { continue };
            schedules.covered[gig] = assignment.seats.len() == problem.slot_count(gig);
            for volunteer in assignment.seats.iter().filter_map(|seat| problem.find_volunteer(&seat.volunteer)) {
                let stop = Stop { start: assignment.start, gig };
                if !schedules.stops[volunteer].contains(&stop) {
                    schedules.stops[volunteer].push(stop);
                }
            }
        }
        schedules.stops.iter_mut().for_each(|stops| stops.sort_unstable());
        schedules
    }

    /// The stops of one volunteer, by start.
    #[must_use]
    pub fn of(&self, volunteer: usize) -> &[Stop] {
        &self.stops[volunteer]
    }

    /// Whether all slots of a gig are taken.
    #[must_use]
    pub fn covers(&self, gig: usize) -> bool {
        self.covered[gig]
    }

    /// The same without some gigs of one volunteer.
    pub(super) fn without(&self, volunteer: usize, gigs: &[usize]) -> Vec<Stop> {
        self.stops[volunteer].iter().copied().filter(|stop| !gigs.contains(&stop.gig)).collect()
    }
}
