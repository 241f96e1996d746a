//! The volunteer is old enough where the kind asks for it.
//!
//! Kept: 18 years, at least 18 asked for. Broken: 17 years; or an age nobody knows.

use crate::problem::Problem;

pub(super) fn is_enough(problem: &Problem, volunteer: usize, gig: usize) -> bool {
    problem.gigs.min_age[gig]
        .is_none_or(|least| problem.volunteers.age_years[volunteer].is_some_and(|years| years >= least))
}

#[cfg(test)]
mod tests {
    use crate::eligibility::{Rule, RuleSet, cases, check};
    use crate::snapshot::{GigRow, VolunteerRow};

    #[test]
    fn minimum_age_is_kept() {
        let adults = GigRow { min_age: Some(18), ..cases::gig() };
        let aged = |age_years| {
            check(&cases::problem(VolunteerRow { age_years, ..cases::volunteer() }, adults.clone()), 0, 0, 0)
        };
        assert!(aged(Some(18)).is_empty());
        assert_eq!(aged(Some(17)), RuleSet::only(Rule::Age));
        assert_eq!(aged(None), RuleSet::only(Rule::Age));
        assert!(check(&cases::problem(cases::volunteer(), cases::gig()), 0, 0, 0).is_empty());
    }
}
