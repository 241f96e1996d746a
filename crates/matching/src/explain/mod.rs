//! Why is a gig open, and what single change would fill it? Every answer is proven by the same rules as the matching itself.
//!
//! A gig is exactly one of [`Class`]: each is tested by asking who could fill its slots under ever harder conditions: with an
//! empty calendar, beside what stands, beside the plan. A block is never told: who is kept apart from the seeker is counted
//! and told like somebody who said no to the gig.

mod asked;
mod away;
mod cascade;
mod change;
mod miss;
mod outbid;
mod schedules;
mod verdict;

pub use away::Away;
pub use cascade::Step;
pub use change::Change;
pub use miss::Miss;
pub use outbid::Competition;
pub use schedules::Schedules;
pub use verdict::{Verdict, verdict};

use rayon::prelude::*;

use asked::{Asked, Filled};

use crate::{problem::Problem, snapshot::Span};

/// Whether somebody, by number, is not to be asked for hours, as they would not come all the same: they are on a pause. A problem knows
/// that they are not there then, and not why.
pub type Rests<'a> = &'a (dyn Fn(usize, Span) -> bool + Sync);

/// Everybody may be asked for any hours.
const NOBODY_RESTS: Rests<'static> = &|_, _| false;

/// Most nearest misses that are reported.
pub const MISSES_MAX: usize = 5;

/// The sort of reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Every slot is taken, by a promise or by the plan.
    Filled,
    /// No volunteer could take any slot, even with an empty calendar.
    NobodyEligible,
    /// Some could, but fewer than the helpers needed at one start.
    TooFewCandidates,
    /// They could with an empty calendar, but what is promised already fills their time or caps.
    CappedOut,
    /// They could beside what stands, but the plan needs them elsewhere.
    Outbid,
    /// They can, even beside the plan: it has simply not been assigned.
    Assignable,
}

/// Why a gig is as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Number of the gig.
    pub gig: usize,
    /// The sort of reason.
    pub class: Class,
    /// Volunteers looked at; those who hold a slot are left out.
    pub considered: usize,
    /// Volunteers left after each rule.
    pub cascade: Vec<Step>,
    /// Volunteers who fail one thing only and whose single change fills the gig, the smallest change first; at most [`MISSES_MAX`].
    pub misses: Vec<Miss>,
    /// What the gig was outbid by.
    pub competition: Option<Competition>,
}

/// Explains one gig beside a plan (or beside what stands, with [`Schedules::standing`]).
#[must_use]
pub fn explain(problem: &Problem, gig: usize, planned: &Schedules) -> Explanation {
    let asked = Asked::new(problem, gig, NOBODY_RESTS);
    one(&asked, planned, &Schedules::standing(problem), &Schedules::empty(problem), &Away::default())
}

/// The same beside people who are only counted; none if a nearest miss could be among them.
#[must_use]
pub fn explain_beside(
    problem: &Problem,
    gig: usize,
    planned: &Schedules,
    away: &Away,
    rests: Rests<'_>,
) -> Option<Explanation> {
    let (asked, standing) = (Asked::new(problem, gig, rests), Schedules::standing(problem));
    let found = one(&asked, planned, &standing, &Schedules::empty(problem), away);
    let is_open = found.tells_misses() && away.may_be_among(&found.misses);
    (!is_open || !miss::one_is_enough(&asked, &standing)).then_some(found)
}

/// Explains several gigs beside a plan, in their order. The work is shared between threads.
#[must_use]
pub fn explain_all(problem: &Problem, gigs: &[usize], planned: &Schedules, rests: Rests<'_>) -> Vec<Explanation> {
    let (standing, empty, none) = (Schedules::standing(problem), Schedules::empty(problem), Away::default());
    let one = |&gig: &usize| one(&Asked::new(problem, gig, rests), planned, &standing, &empty, &none);
    gigs.par_iter().map(one).collect()
}

impl Explanation {
    /// Whether nearest misses are looked for at all.
    const fn tells_misses(&self) -> bool {
        !matches!(self.class, Class::Filled | Class::Assignable | Class::Outbid)
    }
}

fn one(asked: &Asked<'_>, planned: &Schedules, standing: &Schedules, empty: &Schedules, away: &Away) -> Explanation {
    let gig = asked.gig;
    let class = if asked.slots.is_empty() || planned.covers(gig) {
        Class::Filled
    } else if asked.filled(planned) == Filled::Wholly {
        Class::Assignable
    } else if planned != standing && asked.filled(standing) == Filled::Wholly {
        Class::Outbid
    } else {
        match asked.filled(empty) {
            Filled::Wholly => Class::CappedOut,
            Filled::Partly => Class::TooFewCandidates,
            Filled::No => Class::NobodyEligible,
        }
    };
    let mut found = Explanation {
        gig,
        class,
        considered: asked.who().len() + away.count(),
        cascade: cascade::steps(asked, standing, away),
        misses: Vec::new(),
        competition: if class == Class::Outbid { outbid::cheapest(asked, planned) } else { None },
    };
    if found.tells_misses() {
        found.misses = miss::nearest(asked, standing, MISSES_MAX);
    }
    found
}

/// The nearest misses of a gig beside what stands, the smallest change first, one per volunteer and at most `most`: as
/// [`Explanation::misses`], for who wants to see more of them. They are true of gigs that nobody can take as things stand.
#[must_use]
pub fn nearest_misses(problem: &Problem, gig: usize, most: usize) -> Vec<Miss> {
    miss::nearest(&Asked::new(problem, gig, NOBODY_RESTS), &Schedules::standing(problem), most)
}

#[cfg(test)]
mod tests;
