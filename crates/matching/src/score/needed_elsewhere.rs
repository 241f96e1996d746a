//! Needed elsewhere: what the last plan wants somebody for is worth to the week, in minutes of travel, where it does not go together
//! with this gig.
//!
//! It does not if the gig's time meets the planned hours; if the day or the week is full with both, the least of what is planned there
//! is lost. The gig that somebody is wanted for costs nothing.
//!
//! Better: a volunteer whom no plan wants then (0). Worse: the only driver who speaks Arabic, in the hour of the only escort that
//! asks for both (as many points as the escort is worth: 333 for each unit of weight).

use std::sync::Arc;

use super::travel;
use crate::{
    problem::{Problem, Stop},
    snapshot::{Demand, Span},
};

/// What somebody does already, and may do at most, in the day and in the week of a start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    pub(crate) same_day: usize,
    pub(crate) same_week: usize,
    pub(crate) max_day: usize,
    pub(crate) max_week: usize,
}

pub(super) fn milli(problem: &Problem, volunteer: usize, schedule: &[Stop], gig: usize, start: i64) -> i64 {
    let demands = problem.volunteers.demands.row(volunteer);
    if demands.is_empty() {
        return 0;
    }
    let (day, week) = (problem.day_of(start), problem.week_of(start));
    let room = Room {
        same_day: schedule.iter().filter(|stop| problem.day_of(stop.start) == day).count(),
        same_week: schedule.iter().filter(|stop| problem.week_of(stop.start) == week).count(),
        max_day: problem.volunteers.max_gigs_day[volunteer] as usize,
        max_week: problem.volunteers.max_gigs_week[volunteer] as usize,
    };
    demanded_milli(problem, demands, gig, start, room)
}

/// What is lost of some demands by a gig at a start.
pub(crate) fn demanded_milli(problem: &Problem, demands: &[Arc<Demand>], gig: usize, start: i64, room: Room) -> i64 {
    let id = problem.gig_id(gig);
    let time = Span::new(start, start + problem.duration_s(gig));
    let others = || demands.iter().filter(|demand| demand.gigs.iter().all(|(wanted, _)| wanted != id));
    let met: i64 = others().filter(|demand| demand.hours.meets(time)).map(|demand| i64::from(demand.worth_s)).sum();
    let lost_s = if met > 0 {
        met
    } else {
        let (day, week) = (problem.day_of(start), problem.week_of(start));
        let full = |is_same: &dyn Fn(i64) -> bool, standing: usize, most: usize| {
            let planned = |demand: &Demand| demand.gigs.iter().filter(|(_, start)| is_same(*start)).count();
            let all: usize = others().map(|demand| planned(demand)).sum();
            let least = others().filter(|demand| planned(demand) > 0).map(|demand| i64::from(demand.worth_s)).min();
            least.filter(|_| standing + all >= most)
        };
        let of_day = full(&|start| problem.day_of(start) == day, room.same_day, room.max_day);
        let of_week = || full(&|start| problem.week_of(start) == week, room.same_week, room.max_week);
        of_day.or_else(of_week).unwrap_or(0)
    };
    travel::milli(lost_s)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eligibility::cases::{self, H};
    use crate::snapshot::VolunteerRow;

    /// Wanted on the first day from 9 to 12, for a gig that begins at 10.
    fn wanted(gig: &str, worth_s: u32) -> Arc<Demand> {
        Arc::new(Demand { hours: Span::new(9 * H, 12 * H), gigs: vec![(gig.into(), 10 * H)], worth_s })
    }

    fn value(demands: Vec<Arc<Demand>>, caps: (u32, u32), start: i64) -> i64 {
        let row = VolunteerRow { demands, max_gigs_day: caps.0, max_gigs_week: caps.1, ..cases::volunteer() };
        super::milli(&cases::problem(row, cases::gig()), 0, &[], 0, start)
    }

    #[test]
    fn hours_that_a_plan_wants_cost_what_they_are_worth_to_it() {
        assert_eq!(value(vec![wanted("escort", 600)], (5, 5), 9 * H), -10_000);
        assert_eq!(value(vec![wanted("escort", 600), wanted("other", 60)], (5, 5), 9 * H), -11_000);
        assert_eq!(value(vec![wanted("escort", 600)], (5, 5), 12 * H), 0, "the hours are over");
        assert_eq!(value(vec![wanted("g", 600)], (5, 5), 9 * H), 0, "it is the gig that they are wanted for");
    }

    #[test]
    fn where_the_day_or_the_week_is_full_with_both_the_least_is_lost() {
        let two = || vec![wanted("escort", 600), wanted("other", 60)];
        assert_eq!(value(two(), (2, 5), 13 * H), -1_000);
        assert_eq!(value(two(), (3, 5), 13 * H), 0);
        assert_eq!(value(two(), (3, 2), 13 * H), -1_000);
    }
}
