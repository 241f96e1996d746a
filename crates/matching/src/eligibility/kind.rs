//! The volunteer accepts the kind of the gig.
//!
//! Kept: a volunteer who accepts shopping and errands, asked to go shopping.
//! Broken: the same volunteer, asked to escort somebody.

use crate::problem::Problem;

pub(super) fn is_accepted(problem: &Problem, volunteer: usize, gig: usize) -> bool {
    problem.volunteers.kinds.has(volunteer, problem.gigs.kind[gig] as usize)
}

#[cfg(test)]
mod tests {
    use crate::eligibility::{Rule, RuleSet, cases, check};
    use crate::snapshot::{GigRow, VolunteerRow};

    #[test]
    fn kind_must_be_accepted() {
        assert!(check(&cases::problem(cases::volunteer(), cases::gig()), 0, 0, 0).is_empty());
        let other = GigRow { kind: "escort".into(), ..cases::gig() };
        assert_eq!(check(&cases::problem(cases::volunteer(), other), 0, 0, 0), RuleSet::only(Rule::Kind));
        let nothing = VolunteerRow { kinds: vec![], ..cases::volunteer() };
        assert_eq!(check(&cases::problem(nothing, cases::gig()), 0, 0, 0), RuleSet::only(Rule::Kind));
    }
}
