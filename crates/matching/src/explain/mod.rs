//! Why is a gig open, and what single change would fill it? Every answer is proven by the same rules as the matching itself.
//!
//! A gig is exactly one of [`Class`]: each is tested by asking who could fill its slots under ever harder conditions: with an
//! empty calendar, beside what stands, beside the plan. A block is never told: who is blocked for the seeker is not considered at all.

mod cascade;
mod change;
mod miss;
mod outbid;
mod schedules;

pub use cascade::Step;
pub use change::Change;
pub use miss::Miss;
pub use outbid::Competition;
pub use schedules::Schedules;

use crate::{
    eligibility::{Rule, RuleSet, can_take, check},
    openings,
    problem::{Problem, Stop},
    quote::can_fill,
};

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
    /// Volunteers looked at; those blocked for the seeker are left out.
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
    let standing = Schedules::standing(problem);
    let slots = problem.open_slots(gig);
    let who = considered(problem, gig);
    let class = if slots.is_empty() || planned.covers(gig) {
        Class::Filled
    } else if fillable(problem, gig, &slots, &who, planned) {
        Class::Assignable
    } else if fillable(problem, gig, &slots, &who, &standing) {
        Class::Outbid
    } else if fillable(problem, gig, &slots, &who, &Schedules::empty(problem)) {
        Class::CappedOut
    } else if able_somewhere(problem, gig, &slots, &who, &Schedules::empty(problem)) {
        Class::TooFewCandidates
    } else {
        Class::NobodyEligible
    };
    let open = !matches!(class, Class::Filled | Class::Assignable);
    Explanation {
        gig,
        class,
        considered: who.len(),
        cascade: cascade::steps(problem, gig, &slots, &who, &standing),
        misses: if open && class != Class::Outbid {
            miss::nearest(problem, gig, &slots, &who, &standing, MISSES_MAX)
        } else {
            Vec::new()
        },
        competition: if class == Class::Outbid { outbid::cheapest(problem, gig, &slots, &who, planned) } else { None },
    }
}

/// The nearest misses of a gig beside what stands, the smallest change first, one per volunteer and at most `most`: as
/// [`Explanation::misses`], for who wants to see more of them. They are true of gigs that nobody can take as things stand.
#[must_use]
pub fn nearest_misses(problem: &Problem, gig: usize, most: usize) -> Vec<Miss> {
    let (slots, who) = (problem.open_slots(gig), considered(problem, gig));
    miss::nearest(problem, gig, &slots, &who, &Schedules::standing(problem), most)
}

/// Why a certain volunteer cannot take any open slot of the gig beside a plan: the broken rules at the start where fewest are
/// broken; empty if they can. A block is told as not being active, which it must look like.
#[must_use]
pub fn why_not(problem: &Problem, volunteer: usize, gig: usize, planned: &Schedules) -> RuleSet {
    let starts = starts(problem, volunteer, planned.of(volunteer), gig);
    let fewest = problem
        .open_slots(gig)
        .into_iter()
        .flat_map(|slot| starts.iter().map(move |start| (slot, *start)))
        .map(|(slot, start)| {
            can_take(problem, volunteer, planned.of(volunteer), gig, slot, start).err().unwrap_or_default()
        })
        .min_by_key(|broken| (broken.len(), *broken))
        .unwrap_or_default();
    if fewest.contains(Rule::Blocked) { RuleSet::only(Rule::Standing) } else { fewest }
}

/// Everybody but those who are kept apart from the seeker.
fn considered(problem: &Problem, gig: usize) -> Vec<usize> {
    (0..problem.volunteer_count())
        .filter(|&volunteer| !check(problem, volunteer, gig, 0).contains(Rule::Blocked))
        .collect()
}

/// The starts worth trying for one volunteer: where helpers must meet, the grid of the planner; else the grid for people and the
/// earliest start of every gap, which together miss nothing.
fn starts(problem: &Problem, volunteer: usize, schedule: &[Stop], gig: usize) -> Vec<i64> {
    let mut starts = openings::grid(problem, gig);
    if problem.open_slots(gig).len() == 1 {
        starts.extend(openings::earliest_in_gaps(problem, volunteer, schedule, gig));
        starts.sort_unstable();
        starts.dedup();
    }
    starts
}

/// Who can take which slot at which start: `(start, volunteer, slot)`, by start.
fn able(
    problem: &Problem,
    gig: usize,
    slots: &[usize],
    who: &[usize],
    schedules: &Schedules,
) -> Vec<(i64, usize, usize)> {
    let mut found = Vec::new();
    for &volunteer in who {
        for &slot in slots.iter().filter(|slot| check(problem, volunteer, gig, **slot).is_empty()) {
            for start in starts(problem, volunteer, schedules.of(volunteer), gig) {
                if can_take(problem, volunteer, schedules.of(volunteer), gig, slot, start).is_ok() {
                    found.push((start, volunteer, slot));
                }
            }
        }
    }
    found.sort_unstable();
    found
}

fn able_somewhere(problem: &Problem, gig: usize, slots: &[usize], who: &[usize], schedules: &Schedules) -> bool {
    !able(problem, gig, slots, who, schedules).is_empty()
}

/// Whether at some start every open slot gets a helper of its own.
fn fillable(problem: &Problem, gig: usize, slots: &[usize], who: &[usize], schedules: &Schedules) -> bool {
    able(problem, gig, slots, who, schedules)
        .chunk_by(|a, b| a.0 == b.0)
        .any(|at| can_fill(slots, &at.iter().map(|(_, volunteer, slot)| (*volunteer, *slot)).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests;
