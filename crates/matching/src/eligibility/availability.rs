//! The whole gig lies in one availability window of the volunteer. That the way there and back does too is asked where the round trip is
//! made, and told as this rule.
//!
//! Kept: a gig from 9:00 to 10:00, available 8:00 to 16:00. Broken: available 9:30 to 16:00.

use crate::{problem::Problem, snapshot::Span};

/// Whether any window could hold the gig at any of its starts.
pub(super) fn can_hold(problem: &Problem, volunteer: usize, gig: usize) -> bool {
    let duration_s = problem.gigs.duration_s[gig];
    let spans = problem.volunteer_windows(volunteer);
    let fits = |span: &Span, gig_span: &Span| span.end.min(gig_span.end) - span.start.max(gig_span.start) >= duration_s;
    match problem.gigs.fixed_start[gig] {
        Some(start) => window_at(problem, volunteer, gig, start).is_some(),
        None => spans.iter().any(|span| problem.gigs.windows.row(gig).iter().any(|gig_span| fits(span, gig_span))),
    }
}

/// The window that holds the gig if it starts at `start`.
pub(super) fn window_at(problem: &Problem, volunteer: usize, gig: usize, start: i64) -> Option<usize> {
    let whole = Span::new(start, start + problem.gigs.duration_s[gig]);
    problem.volunteer_windows(volunteer).iter().position(|span| span.holds(whole))
}

#[cfg(test)]
mod tests {
    use crate::eligibility::{Rule, RuleSet, can_take, cases, check};
    use crate::snapshot::{GigRow, Span, VolunteerRow};
    use cases::H;

    #[test]
    fn gig_lies_wholly_in_one_window() {
        let free = |spans: &[(i64, i64)]| {
            let windows = spans.iter().map(|&(start, end)| Span::new(start, end)).collect();
            cases::problem(VolunteerRow { windows, ..cases::volunteer() }, GigRow { place: None, ..cases::gig() })
        };
        assert!(check(&free(&[(9 * H, 10 * H)]), 0, 0, 0).is_empty());
        assert_eq!(check(&free(&[(9 * H, 10 * H - 1)]), 0, 0, 0), RuleSet::only(Rule::Availability));
        assert_eq!(check(&free(&[]), 0, 0, 0), RuleSet::only(Rule::Availability));
        assert_eq!(
            check(&free(&[(9 * H, 9 * H + 1800), (9 * H + 1800, 10 * H)]), 0, 0, 0),
            RuleSet::only(Rule::Availability)
        );
        assert_eq!(can_take(&free(&[(8 * H, 10 * H)]), 0, &[], 0, 0, 10 * H), Err(RuleSet::only(Rule::Availability)));
    }

    #[test]
    fn overlapping_windows_are_one() {
        let windows = vec![Span::new(9 * H, 9 * H + 1800), Span::new(9 * H + 900, 10 * H)];
        let problem =
            cases::problem(VolunteerRow { windows, ..cases::volunteer() }, GigRow { place: None, ..cases::gig() });
        assert!(can_take(&problem, 0, &[], 0, 0, 9 * H).is_ok());
    }
}
