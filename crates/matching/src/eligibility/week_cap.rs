//! No more gigs start in one local week than the volunteer wants; calls count.
//!
//! Kept: the third gig of a week with a cap of three. Broken: the fourth.

use crate::problem::{Problem, Stop};

pub(super) fn is_positive(problem: &Problem, volunteer: usize) -> bool {
    problem.volunteers.max_gigs_week[volunteer] > 0
}

pub(super) fn has_room(problem: &Problem, volunteer: usize, schedule: &[Stop], start: i64) -> bool {
    taken(problem, schedule, start) < problem.volunteers.max_gigs_week[volunteer] as usize
}

/// How many gigs of a schedule start in the week of an instant.
pub(crate) fn taken(problem: &Problem, schedule: &[Stop], start: i64) -> usize {
    let week = problem.week_of(start);
    schedule.iter().filter(|stop| problem.week_of(stop.start) == week).count()
}

#[cfg(test)]
mod tests {
    use crate::eligibility::{Rule, RuleSet, can_take, cases, check};
    use crate::problem::{Problem, Stop};
    use crate::snapshot::{GigRow, Span, VolunteerRow};
    use cases::H;

    #[test]
    fn fourth_gig_of_a_week_is_too_many_for_a_cap_of_three() {
        let day = |n: i64| n * 24 * H;
        let call =
            |id: &str| GigRow { id: id.into(), place: None, windows: vec![Span::new(0, day(14))], ..cases::gig() };
        let free =
            VolunteerRow { windows: (0..14).map(|n| Span::new(day(n), day(n + 1))).collect(), ..cases::volunteer() };
        let problem = Problem::compile(&cases::snapshot(vec![free], vec![call("a"), call("b"), call("c"), call("d")]))
            .expect("sound");
        let stops = [Stop { start: day(0), gig: 0 }, Stop { start: day(2), gig: 1 }, Stop { start: day(6), gig: 2 }];
        assert!(can_take(&problem, 0, &stops[..2], 3, 0, day(3)).is_ok());
        assert_eq!(can_take(&problem, 0, &stops, 3, 0, day(3)), Err(RuleSet::only(Rule::WeekCap)));
        assert!(can_take(&problem, 0, &stops, 3, 0, day(7)).is_ok(), "the next week is another week");
    }

    #[test]
    fn cap_of_nothing_takes_nothing() {
        let problem = cases::problem(VolunteerRow { max_gigs_week: 0, ..cases::volunteer() }, cases::gig());
        assert_eq!(check(&problem, 0, 0, 0), RuleSet::only(Rule::WeekCap));
    }
}
