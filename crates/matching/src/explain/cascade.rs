//! How many volunteers are left after each rule: "124 volunteers, 41 speak Swedish, 9 are free then, 0 within reach".

use super::{Schedules, starts};
use crate::{
    eligibility::{Rule, RuleSet, can_take},
    problem::Problem,
};

/// One step: how many volunteers pass this rule and all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The rule.
    pub rule: Rule,
    /// Volunteers left after it.
    pub remaining: usize,
}

/// The rules in the order in which they are told; blocks and seats do not show.
const ORDER: [Rule; 10] = [
    Rule::Standing,
    Rule::Kind,
    Rule::Skill,
    Rule::Language,
    Rule::Age,
    Rule::TravelLimit,
    Rule::Availability,
    Rule::DayCap,
    Rule::WeekCap,
    Rule::Itinerary,
];

/// The cascade beside `schedules`. A volunteer passes a rule if there is a slot and a start at which neither it nor any rule before
/// it is broken.
pub(super) fn steps(problem: &Problem, gig: usize, slots: &[usize], who: &[usize], schedules: &Schedules) -> Vec<Step> {
    let tried: Vec<Vec<RuleSet>> =
        who.iter().map(|&volunteer| broken(problem, volunteer, gig, slots, schedules)).collect();
    let mut so_far = RuleSet::only(Rule::Start).union(RuleSet::only(Rule::Seat));
    ORDER
        .iter()
        .map(|&rule| {
            so_far.add(rule);
            let passes = |sets: &&Vec<RuleSet>| sets.iter().any(|set| set.bits() & so_far.bits() == 0);
            Step { rule, remaining: tried.iter().filter(passes).count() }
        })
        .collect()
}

/// The rules broken at every slot and start worth trying.
fn broken(problem: &Problem, volunteer: usize, gig: usize, slots: &[usize], schedules: &Schedules) -> Vec<RuleSet> {
    let starts = starts(problem, volunteer, schedules.of(volunteer), gig);
    slots
        .iter()
        .flat_map(|&slot| {
            starts.iter().map(move |&start| {
                can_take(problem, volunteer, schedules.of(volunteer), gig, slot, start).err().unwrap_or_default()
            })
        })
        .collect()
}
