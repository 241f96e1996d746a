//! A familiar face: up to 20 points for somebody the seeker knows, decaying with the strength in the snapshot.
//!
//! Better: the helper of last week (20 points). Worse: a helper whom the seeker has never met (0).

use crate::problem::Problem;

/// Points of full strength.
const POINTS: i64 = 20;

pub(super) fn milli(problem: &Problem, volunteer: usize, gig: usize) -> i64 {
    let Some(seeker) = problem.gigs.seeker[gig] else { return 0 };
    let known = problem.volunteers.familiar.row(volunteer);
    known.iter().find(|(id, _)| *id == seeker).map_or(0, |(_, strength)| value_milli(*strength))
}

/// Full strength, in thousandths.
pub(super) const FULL: u32 = 1000;

/// What a strength in thousandths is worth.
pub(crate) fn value_milli(strength_milli: u32) -> i64 {
    i64::from(strength_milli.min(FULL)) * POINTS
}

#[cfg(test)]
mod tests {
    use crate::eligibility::cases;
    use crate::snapshot::{Familiar, VolunteerRow};

    #[test]
    fn a_known_face_is_worth_its_strength() {
        let knows = |seeker: &str, strength_milli| {
            let familiar = vec![Familiar { seeker: seeker.into(), strength_milli }];
            super::milli(&cases::problem(VolunteerRow { familiar, ..cases::volunteer() }, cases::gig()), 0, 0)
        };
        assert_eq!((knows("s", 1000), knows("s", 250), knows("other", 1000)), (20_000, 5_000, 0));
    }
}
