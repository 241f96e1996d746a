//! A kind the volunteer likes best: 5 points.
//!
//! Better: digital help to somebody who likes it. Worse: a kind that is accepted, no more.

use crate::problem::Problem;

/// Points of a liked kind.
const POINTS: i64 = 5;
/// The same in thousandths.
pub(crate) const MILLI: i64 = POINTS * 1000;

pub(super) fn milli(problem: &Problem, volunteer: usize, gig: usize) -> i64 {
    if problem.volunteers.likes.has(volunteer, problem.gigs.kind[gig] as usize) { MILLI } else { 0 }
}

#[cfg(test)]
mod tests {
    use crate::eligibility::cases;
    use crate::snapshot::VolunteerRow;

    #[test]
    fn a_liked_kind_is_worth_five_points() {
        let likes = |kinds: &[&str]| {
            let likes = kinds.iter().map(|kind| (*kind).to_owned()).collect();
            super::milli(&cases::problem(VolunteerRow { likes, ..cases::volunteer() }, cases::gig()), 0, 0)
        };
        assert_eq!((likes(&["shopping"]), likes(&["call"]), likes(&[])), (5_000, 0, 0));
    }
}
