//! A fair share: a newcomer's first gig is worth 10 points, others gain up to 10 points over 28 days without a gig, and each
//! gig that the volunteer already has in that week costs 3.
//!
//! Better: a newcomer, or somebody idle for a month (10 points). Worse: somebody who helped yesterday and has two gigs this week.

use crate::problem::{Problem, Stop};

/// Points of a first gig, and of a month without one.
const IDLE_POINTS: i64 = 10;
/// Days without a gig after which no more is gained.
const IDLE_DAYS: u32 = 28;
/// Points that each gig of the same week costs.
const WEEK_POINTS: i64 = 3;

/// The part that does not depend on the rest of the plan.
pub(super) fn standing_milli(problem: &Problem, volunteer: usize) -> i64 {
    idle_milli(problem.volunteers.gigs_so_far[volunteer], problem.volunteers.last_gig_days_ago[volunteer])
}

/// What the time since the last gig is worth.
pub(crate) fn idle_milli(gigs_so_far: u32, last_gig_days_ago: Option<u32>) -> i64 {
    if gigs_so_far == 0 {
        return IDLE_POINTS * 1000;
    }
    let idle = last_gig_days_ago.unwrap_or(IDLE_DAYS).min(IDLE_DAYS);
    IDLE_POINTS * 1000 * i64::from(idle) / i64::from(IDLE_DAYS)
}

/// What gigs of the same week cost.
pub(crate) fn week_milli(same_week: i64) -> i64 {
    -WEEK_POINTS * 1000 * same_week
}

/// What each gig of a week costs in a plan for every one before it, in seconds of travel: the next one always costs more than
/// the last, so that a plan spreads the gigs of a week where nothing weightier forbids it.
pub(super) const WEEK_STEP_S: i64 = WEEK_POINTS * super::travel::POINT_S;

pub(super) fn milli(problem: &Problem, volunteer: usize, schedule: &[Stop], start: i64) -> i64 {
    let week = problem.week_of(start);
    let same_week = schedule.iter().filter(|stop| problem.week_of(stop.start) == week).count() as i64;
    standing_milli(problem, volunteer) + week_milli(same_week)
}

#[cfg(test)]
mod tests {
    use crate::eligibility::cases;
    use crate::problem::{Problem, Stop};
    use crate::snapshot::VolunteerRow;

    fn problem(gigs_so_far: u32, last_gig_days_ago: Option<u32>) -> Problem {
        cases::problem(VolunteerRow { gigs_so_far, last_gig_days_ago, ..cases::volunteer() }, cases::gig())
    }

    #[test]
    fn newcomers_and_the_idle_come_first() {
        let value = |so_far, days| super::milli(&problem(so_far, days), 0, &[], 9 * cases::H);
        assert_eq!(
            (value(0, None), value(5, Some(28)), value(5, Some(14)), value(5, Some(0))),
            (10_000, 10_000, 5_000, 0)
        );
    }

    #[test]
    fn each_gig_of_the_week_costs_three_points() {
        let held = [Stop { start: 9 * cases::H, gig: 0 }, Stop { start: 9 * cases::H + 7 * 24 * cases::H, gig: 0 }];
        assert_eq!(super::milli(&problem(5, Some(0)), 0, &held, 12 * cases::H), -3_000);
    }
}
