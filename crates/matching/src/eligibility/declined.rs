//! The volunteer has not said no to this gig, and has not given it back: a no holds until they themselves say yes.
//!
//! Kept: no word about the gig, or about another one only. Broken: the volunteer's row names the gig.

use crate::problem::Problem;

pub(super) fn is_declined(problem: &Problem, volunteer: usize, gig: usize) -> bool {
    problem.volunteers.declined.row(volunteer).binary_search(&(gig as u32)).is_ok()
}

#[cfg(test)]
mod tests {
    use crate::eligibility::{Rule, RuleSet, cases, check};
    use crate::snapshot::{GigRow, VolunteerRow};

    #[test]
    fn a_no_holds_for_its_gig_only() {
        let gigs = || vec![cases::gig(), GigRow { id: "other".into(), ..cases::gig() }];
        let broken = |declined: &[&str], id: &str| {
            let declined_gigs = declined.iter().map(|id| (*id).to_owned()).collect();
            let volunteer = VolunteerRow { declined_gigs, ..cases::volunteer() };
            let problem = cases::compiled(&cases::snapshot(vec![volunteer], gigs()));
            check(&problem, 0, problem.find_gig(id).expect("a gig"), 0)
        };
        let own = cases::gig().id;
        assert!(broken(&[], &own).is_empty());
        assert!(broken(&["gone", "other"], &own).is_empty());
        assert_eq!(broken(&["other", &own], &own), RuleSet::only(Rule::Declined));
        assert_eq!(broken(&["other"], "other"), RuleSet::only(Rule::Declined));
    }
}
