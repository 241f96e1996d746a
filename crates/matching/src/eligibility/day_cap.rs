//! No more gigs start on one local day than the volunteer wants; calls count.
//!
//! Kept: the second gig of a day with a cap of two. Broken: the third.

use crate::problem::{Problem, Stop};

pub(super) fn is_positive(problem: &Problem, volunteer: usize) -> bool {
    problem.volunteers.max_gigs_day[volunteer] > 0
}

pub(super) fn has_room(problem: &Problem, volunteer: usize, schedule: &[Stop], start: i64) -> bool {
    taken(problem, schedule, start) < problem.volunteers.max_gigs_day[volunteer] as usize
}

/// How many gigs of a schedule start in the day of an instant.
pub(crate) fn taken(problem: &Problem, schedule: &[Stop], start: i64) -> usize {
    let day = problem.day_of(start);
    schedule.iter().filter(|stop| problem.day_of(stop.start) == day).count()
}

#[cfg(test)]
mod tests {
    use crate::eligibility::{Rule, RuleSet, can_take, cases, check};
    use crate::problem::{Problem, Stop};
    use crate::snapshot::{GigRow, Span, VolunteerRow};
    use cases::H;

    fn calls() -> Problem {
        let call =
            |id: &str| GigRow { id: id.into(), place: None, windows: vec![Span::new(0, 48 * H)], ..cases::gig() };
        let free =
            VolunteerRow { windows: vec![Span::new(0, 24 * H), Span::new(24 * H, 48 * H)], ..cases::volunteer() };
        Problem::compile(&cases::snapshot(vec![free], vec![call("a"), call("b"), call("c")])).expect("sound")
    }

    #[test]
    fn third_gig_of_a_day_is_too_many_for_a_cap_of_two() {
        let problem = calls();
        let (a, b) = (Stop { start: H, gig: 0 }, Stop { start: 3 * H, gig: 1 });
        assert!(can_take(&problem, 0, &[a], 2, 0, 5 * H).is_ok());
        assert_eq!(can_take(&problem, 0, &[a, b], 2, 0, 5 * H), Err(RuleSet::only(Rule::DayCap)));
        assert!(can_take(&problem, 0, &[a, b], 2, 0, 25 * H).is_ok(), "the next day is another day");
    }

    #[test]
    fn cap_of_nothing_takes_nothing() {
        let problem = cases::problem(VolunteerRow { max_gigs_day: 0, ..cases::volunteer() }, cases::gig());
        assert_eq!(check(&problem, 0, 0, 0), RuleSet::only(Rule::DayCap));
    }
}
