//! The way from home to the gig is within the volunteer's limit; a call has no way.
//!
//! Kept: 847 s by car with a limit of 900 s. Broken: the same way on foot with a limit of 1800 s.

use crate::problem::Problem;

pub(super) fn is_within(problem: &Problem, volunteer: usize, gig: usize) -> bool {
    problem.is_call(gig)
        || problem.way_out_s(volunteer, gig).is_some_and(|way_s| way_s <= problem.volunteers.max_travel_s[volunteer])
}

#[cfg(test)]
mod tests {
    use crate::eligibility::{Rule, RuleSet, cases, check};
    use crate::snapshot::{GigRow, VolunteerRow};

    #[test]
    fn way_from_home_is_limited() {
        let goes = |speed_dkmh, max_travel_s| {
            check(
                &cases::problem(VolunteerRow { speed_dkmh, max_travel_s, ..cases::volunteer() }, cases::gig()),
                0,
                0,
                0,
            )
        };
        assert!(goes(350, 847).is_empty(), "8234 m by car take 847 s");
        assert_eq!(goes(350, 846), RuleSet::only(Rule::TravelLimit));
        assert_eq!(goes(45, 1800), RuleSet::only(Rule::TravelLimit));
        assert_eq!(goes(0, 1800), RuleSet::only(Rule::TravelLimit));
    }

    #[test]
    fn call_needs_no_way_and_no_home() {
        let call = GigRow { place: None, ..cases::gig() };
        let homeless = VolunteerRow { home: None, max_travel_s: 0, ..cases::volunteer() };
        assert!(check(&cases::problem(homeless.clone(), call), 0, 0, 0).is_empty());
        assert_eq!(check(&cases::problem(homeless, cases::gig()), 0, 0, 0), RuleSet::only(Rule::TravelLimit));
    }
}
