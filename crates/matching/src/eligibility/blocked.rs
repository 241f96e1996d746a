//! Volunteer and seeker are not kept apart. Which side asked for it is not known here and never told.
//!
//! Kept: no block between the two. Broken: the volunteer's row names the seeker.

use crate::problem::Problem;

pub(super) fn is_blocked(problem: &Problem, volunteer: usize, gig: usize) -> bool {
    problem.gigs.seeker[gig]
        .is_some_and(|seeker| problem.volunteers.blocked.row(volunteer).binary_search(&seeker).is_ok())
}

#[cfg(test)]
mod tests {
    use crate::eligibility::{Rule, RuleSet, cases, check};
    use crate::snapshot::{GigRow, VolunteerRow};

    #[test]
    fn blocked_pair_is_never_matched() {
        let blocks = |seeker: &str| VolunteerRow { blocked_seekers: vec![seeker.into()], ..cases::volunteer() };
        assert!(check(&cases::problem(blocks("somebody else"), cases::gig()), 0, 0, 0).is_empty());
        assert_eq!(check(&cases::problem(blocks("s"), cases::gig()), 0, 0, 0), RuleSet::only(Rule::Blocked));
        let nobody = GigRow { seeker: None, ..cases::gig() };
        assert!(check(&cases::problem(blocks("s"), nobody), 0, 0, 0).is_empty());
    }
}
