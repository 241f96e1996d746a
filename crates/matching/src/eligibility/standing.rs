//! The volunteer is active.
//!
//! Kept: an active volunteer. Broken: one who has paused, or has been suspended.

use crate::{problem::Problem, snapshot::Standing};

pub(super) fn is_active(problem: &Problem, volunteer: usize) -> bool {
    problem.volunteers.standing[volunteer] == Standing::Active
}

#[cfg(test)]
mod tests {
    use crate::eligibility::{Rule, RuleSet, cases, check};
    use crate::snapshot::{Standing, VolunteerRow};

    #[test]
    fn paused_and_suspended_volunteers_take_nothing() {
        let is =
            |standing| check(&cases::problem(VolunteerRow { standing, ..cases::volunteer() }, cases::gig()), 0, 0, 0);
        assert!(is(Standing::Active).is_empty());
        assert_eq!(is(Standing::Paused), RuleSet::only(Rule::Standing));
        assert_eq!(is(Standing::Suspended), RuleSet::only(Rule::Standing));
    }
}
