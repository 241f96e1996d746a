//! Volunteer and gig have a language in common; a gig that names none can be done in any.
//!
//! Kept: Finnish and Swedish spoken, Swedish or Finnish asked for.
//! Broken: Finnish spoken, Somali or Arabic asked for.

use crate::problem::{Problem, is_empty, shares};

pub(super) fn is_shared(problem: &Problem, volunteer: usize, gig: usize) -> bool {
    let asked = problem.gigs.languages.row(gig);
    is_empty(asked) || shares(problem.volunteers.languages.row(volunteer), asked)
}

#[cfg(test)]
mod tests {
    use crate::eligibility::{Rule, RuleSet, cases, check};
    use crate::snapshot::GigRow;

    #[test]
    fn one_common_language_is_needed() {
        let asks = |languages: &[&str]| GigRow {
            languages_any: languages.iter().map(|&tag| tag.into()).collect(),
            ..cases::gig()
        };
        assert!(check(&cases::problem(cases::volunteer(), asks(&["ru", "sv"])), 0, 0, 0).is_empty());
        assert!(check(&cases::problem(cases::volunteer(), asks(&[])), 0, 0, 0).is_empty());
        assert_eq!(
            check(&cases::problem(cases::volunteer(), asks(&["so", "ar"])), 0, 0, 0),
            RuleSet::only(Rule::Language)
        );
    }
}
