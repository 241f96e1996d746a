//! One volunteer beside everybody: can they take the gig, and if not, what of them would have to change? The change is the one that the
//! list of nearest misses would name for them.

use super::{Miss, Rests, Schedules, asked::Asked, miss};
use crate::{
    eligibility::{Rule, RuleSet},
    problem::Problem,
};

/// What the rules say of one volunteer and one gig.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// The rules that are in the way; empty if they can take a slot.
    pub broken: RuleSet,
    /// The smallest single change that would do, where one does; it puts the one rule right that is told.
    pub miss: Option<Miss>,
}

impl Verdict {
    fn of(broken: RuleSet) -> Self {
        Self { broken, miss: None }
    }
}

impl From<Miss> for Verdict {
    fn from(miss: Miss) -> Self {
        Self { broken: RuleSet::only(miss.change.rule()), miss: Some(miss) }
    }
}

/// Why a certain volunteer cannot take any open slot of the gig beside schedules. Where one change would fill the gig it is that change,
/// else the rules at the start where fewest are broken. Where helpers must meet, who is free only when nobody else comes has a change to make; but
/// where none would fill the gig they can take their slot, and it is the others who are missing. A block is told as a no to
/// the gig, and of who is in the gig already no more than that.
#[must_use]
pub fn verdict(problem: &Problem, volunteer: usize, gig: usize, schedules: &Schedules, rests: Rests<'_>) -> Verdict {
    let asked = Asked::new(problem, gig, rests);
    let Some(position) = asked.who().iter().position(|who| *who == volunteer) else {
        return Verdict::of(RuleSet::only(Rule::Seat));
    };
    let others = miss::others(&asked, schedules);
    let fills = |seat: (i64, usize, usize)| miss::completes(&others, &asked.slots, seat);
    let (takes, fewest) = judged(&asked, position, schedules);
    if takes.iter().any(|seat| fills(*seat)) {
        return Verdict::default();
    }
    if let Some(miss) = miss::of_one(&asked, position, schedules, |miss| fills(miss.seat())) {
        return miss.into();
    }
    if !takes.is_empty() {
        return Verdict::default();
    }
    miss::of_one(&asked, position, schedules, |_| true).map_or_else(|| Verdict::of(fewest), Verdict::from)
}

/// The seats that one of [`Asked::who`] can take as things stand, as `(start, volunteer, slot)`, and the fewest rules that they break anywhere.
fn judged(asked: &Asked<'_>, position: usize, schedules: &Schedules) -> (Vec<(i64, usize, usize)>, RuleSet) {
    let volunteer = asked.who()[position];
    let schedule = schedules.of(volunteer);
    let starts = asked.starts(volunteer, schedule);
    let (mut takes, mut refusals) = (Vec::new(), Vec::new());
    for (slot, broken) in asked.of(position) {
        for &start in &starts {
            match asked.can(volunteer, schedule, slot, start, broken) {
                Ok(_) => takes.push((start, volunteer, slot)),
                Err(broken) => refusals.push(broken),
            }
        }
    }
    (takes, refusals.into_iter().min_by_key(|broken| (broken.len(), *broken)).unwrap_or_default())
}
