//! What is better: the soft terms, one per file, in thousandths of a point. A point is worth a minute of travel.
//!
//! To add a term: a file with its formula as a function, a variant of [`Soft`], one line in `all`.

pub(crate) mod fair_share;
pub(crate) mod familiar;
pub(crate) mod likes;
pub(crate) mod needed_elsewhere;
pub(crate) mod travel;
pub(crate) mod wishes;

use crate::{
    eligibility::Insertion,
    problem::{Problem, Stop},
};

/// A soft term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Soft {
    /// Extra travel of the round trip.
    Travel,
    /// A face the seeker knows.
    Familiar,
    /// A kind the volunteer likes best.
    Likes,
    /// A fair share: a first gig for newcomers, time since the last gig, gigs already in that week.
    FairShare,
    /// A wish of the seeker that the volunteer meets.
    Wishes,
    /// What the last plan wants them for in these hours. No part of a plan's own worth, and not for everybody's eyes.
    NeededElsewhere,
}

impl Soft {
    /// The term's code, stable and the same everywhere.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Soft::Travel => "TRAVEL",
            Soft::Familiar => "FAMILIAR",
            Soft::Likes => "LIKES",
            Soft::FairShare => "FAIR_SHARE",
            Soft::Wishes => "WISHES",
            Soft::NeededElsewhere => "NEEDED_ELSEWHERE",
        }
    }
}

/// One term of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Which term.
    pub soft: Soft,
    /// Its value in thousandths of a point; more is better.
    pub milli: i64,
}

/// The score of taking a gig, term by term; terms of nothing are left out.
#[must_use]
pub fn terms(
    problem: &Problem,
    volunteer: usize,
    schedule: &[Stop],
    gig: usize,
    start: i64,
    insertion: &Insertion,
) -> Vec<Term> {
    all(problem, volunteer, schedule, gig, start, insertion).into_iter().filter(|term| term.milli != 0).collect()
}

/// The sum of the terms of taking a gig, in thousandths of a point.
pub(crate) fn total_milli(
    problem: &Problem,
    volunteer: usize,
    schedule: &[Stop],
    gig: usize,
    start: i64,
    insertion: &Insertion,
) -> i64 {
    total(&all(problem, volunteer, schedule, gig, start, insertion))
}

fn all(
    problem: &Problem,
    volunteer: usize,
    schedule: &[Stop],
    gig: usize,
    start: i64,
    insertion: &Insertion,
) -> [Term; 6] {
    [
        Term { soft: Soft::Travel, milli: travel::milli(insertion.extra_travel_s) },
        Term { soft: Soft::Familiar, milli: familiar::milli(problem, volunteer, gig) },
        Term { soft: Soft::Likes, milli: likes::milli(problem, volunteer, gig) },
        Term { soft: Soft::FairShare, milli: fair_share::milli(problem, volunteer, schedule, start) },
        Term { soft: Soft::Wishes, milli: wishes::milli(problem, volunteer, gig) },
        Term { soft: Soft::NeededElsewhere, milli: needed_elsewhere::milli(problem, volunteer, schedule, gig, start) },
    ]
}

/// The sum of terms, in thousandths of a point.
#[must_use]
pub fn total(terms: &[Term]) -> i64 {
    terms.iter().map(|term| term.milli).sum()
}

/// What a pair is worth in a plan beyond the gig's weight, in seconds of travel: everything but travel itself, and without what
/// depends on the rest of the plan.
#[must_use]
pub fn pair_bonus_s(problem: &Problem, volunteer: usize, gig: usize) -> i32 {
    let milli = familiar::milli(problem, volunteer, gig)
        + likes::milli(problem, volunteer, gig)
        + fair_share::standing_milli(problem, volunteer)
        + wishes::milli(problem, volunteer, gig);
    i32::try_from(milli * travel::POINT_S / 1000).unwrap_or(0)
}

/// The most that [`pair_bonus_s`] can be for anybody at a gig, in seconds of travel.
pub(crate) fn most_pair_bonus_s(problem: &Problem, gig: usize) -> i64 {
    let known = if problem.gigs.seeker[gig].is_some() { familiar::value_milli(familiar::FULL) } else { 0 };
    let wishes = problem.gigs.wishes.ones(gig).count() as u32;
    let milli = known + likes::MILLI + fair_share::idle_milli(0, None) + wishes::value_milli(wishes);
    (milli * travel::POINT_S / 1000).min(i64::from(i32::MAX))
}

/// Puts the worth of every eligible pair into the problem, so that a plan prefers familiar faces, liked kinds and fair shares
/// where weight, promises and travel leave the choice; and makes every gig of somebody's week cost more than the one before.
pub fn apply_pair_bonuses(problem: &mut Problem) {
    problem.pair_bonuses = true;
    problem.week_step_s = fair_share::WEEK_STEP_S;
    add_pair_bonuses(problem);
}

/// Adds the worth of every pair to the edges there are.
pub(crate) fn add_pair_bonuses(problem: &mut Problem) {
    let bonuses: Vec<i32> = (0..problem.edges.len())
        .map(|edge| pair_bonus_s(problem, problem.edges.volunteer(problem, edge), problem.edges.gig[edge] as usize))
        .collect();
    for (known, bonus) in problem.edges.bonus.iter_mut().zip(bonuses) {
        *known += bonus;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eligibility::cases;
    use crate::snapshot::{Familiar, GigRow, VolunteerRow};

    #[test]
    fn nobody_is_worth_more_than_the_most_and_who_suits_in_every_way_is_worth_it() {
        let traits: Vec<String> = (0..30).map(|n| format!("trait{n}")).collect();
        let most = |volunteer: VolunteerRow, gig: GigRow| {
            let problem = cases::problem(volunteer, gig);
            (i64::from(pair_bonus_s(&problem, 0, 0)), most_pair_bonus_s(&problem, 0))
        };
        let suits = VolunteerRow {
            familiar: vec![Familiar { seeker: "s".into(), strength_milli: 1000 }],
            likes: vec![cases::gig().kind],
            gigs_so_far: 0,
            traits: traits.clone(),
            ..cases::volunteer()
        };
        let (worth, least) = most(suits, GigRow { wishes: traits, ..cases::gig() });
        assert_eq!((worth, least), ((20 + 5 + 10 + 30 * 8) * 60, worth));
        let (plain, least) = most(VolunteerRow { gigs_so_far: 9, ..cases::volunteer() }, cases::gig());
        assert!(plain < least);
        let (_, unknown) = most(cases::volunteer(), GigRow { seeker: None, ..cases::gig() });
        assert_eq!(unknown, (5 + 10) * 60);
    }
}
