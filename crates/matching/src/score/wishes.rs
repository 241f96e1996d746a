//! A wish of the seeker: 8 points for each that the volunteer meets. A wish is never a rule.
//!
//! Better: a woman where a woman was wished for. Worse: anyone else, who may come all the same.

use crate::problem::{Problem, count_shared};

/// Points of a met wish.
const POINTS: i64 = 8;

pub(super) fn milli(problem: &Problem, volunteer: usize, gig: usize) -> i64 {
    value_milli(count_shared(problem.volunteers.traits.row(volunteer), problem.gigs.wishes.row(gig)))
}

/// What so many met wishes are worth.
pub(crate) fn value_milli(met: u32) -> i64 {
    i64::from(met) * POINTS * 1000
}

#[cfg(test)]
mod tests {
    use crate::eligibility::cases;
    use crate::snapshot::{GigRow, VolunteerRow};

    #[test]
    fn a_met_wish_is_worth_eight_points() {
        let value = |has: &str, wish: &str| {
            let volunteer = VolunteerRow { traits: vec![has.into()], ..cases::volunteer() };
            super::milli(&cases::problem(volunteer, GigRow { wishes: vec![wish.into()], ..cases::gig() }), 0, 0)
        };
        assert_eq!((value("female", "female"), value("male", "female")), (8_000, 0));
    }
}
