//! The gig can start then: the whole of it lies in one of its windows, or it is the start that was agreed.
//!
//! Kept: an hour from 12:00, window 9:00 to 13:00. Broken: an hour from 12:01.

use crate::{problem::Problem, snapshot::Span};

pub(super) fn is_possible(problem: &Problem, gig: usize, start: i64) -> bool {
    let whole = Span::new(start, start + problem.gigs.duration_s[gig]);
    match problem.gigs.fixed_start[gig] {
        Some(agreed) => start == agreed,
        None => problem.gigs.windows.row(gig).iter().any(|span| span.holds(whole)),
    }
}

#[cfg(test)]
mod tests {
    use crate::eligibility::{Rule, RuleSet, can_take, cases};
    use crate::snapshot::GigRow;
    use cases::H;

    #[test]
    fn gig_lies_wholly_in_one_of_its_windows() {
        let problem = cases::problem(cases::volunteer(), cases::gig());
        assert!(can_take(&problem, 0, &[], 0, 0, 12 * H).is_ok());
        assert_eq!(can_take(&problem, 0, &[], 0, 0, 12 * H + 1), Err(RuleSet::only(Rule::Start)));
        let agreed = cases::problem(cases::volunteer(), GigRow { agreed_start: Some(10 * H), ..cases::gig() });
        assert!(can_take(&agreed, 0, &[], 0, 0, 10 * H).is_ok());
        assert_eq!(can_take(&agreed, 0, &[], 0, 0, 11 * H), Err(RuleSet::only(Rule::Start)));
    }
}
