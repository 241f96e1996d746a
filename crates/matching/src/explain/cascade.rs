//! How many volunteers are left after each rule: "124 volunteers, 41 speak Swedish, 9 are free then, 0 within reach".

use super::{Schedules, asked::Asked};
use crate::eligibility::{Rule, RuleSet, seat_is_free, skills_last};

/// One step: how many volunteers pass this rule and all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The rule.
    pub rule: Rule,
    /// Volunteers left after it.
    pub remaining: usize,
}

/// The rules in the order in which they are told; blocks and seats do not show.
const ORDER: [Rule; 11] = [
    Rule::Standing,
    Rule::Kind,
    Rule::Skill,
    Rule::Language,
    Rule::Age,
    Rule::Declined,
    Rule::TravelLimit,
    Rule::Availability,
    Rule::DayCap,
    Rule::WeekCap,
    Rule::Itinerary,
];

/// Rules that hang neither on the hour nor on the schedule, beside skills, which may be valid at one hour and not at another.
const LASTING: [Rule; 6] = [Rule::Standing, Rule::Kind, Rule::Language, Rule::Age, Rule::Declined, Rule::TravelLimit];

/// The cascade beside `schedules`. A volunteer passes a rule if there is a slot and a start at which neither it nor any rule before
/// it is broken.
pub(super) fn steps(asked: &Asked<'_>, schedules: &Schedules) -> Vec<Step> {
    let tried: Vec<Vec<RuleSet>> = (0..asked.who().len()).map(|position| broken(asked, position, schedules)).collect();
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

/// The rules broken at every slot and start worth trying, as far as the order of rules is concerned.
fn broken(asked: &Asked<'_>, position: usize, schedules: &Schedules) -> Vec<RuleSet> {
    let volunteer = asked.who()[position];
    let schedule = schedules.of(volunteer);
    let (mut sets, mut starts) = (Vec::new(), None);
    for (slot, broken) in asked.of(position) {
        // Where a rule before those of the hour is broken, the hour tells nothing more.
        let early = LASTING.iter().any(|rule| broken.contains(*rule));
        if early && (broken.contains(Rule::Skill) || skills_last(asked.problem, volunteer, asked.gig, slot)) {
            let seat = !seat_is_free(schedule, asked.gig);
            sets.extend(
                asked.has_starts().then(|| if seat { broken.union(RuleSet::only(Rule::Seat)) } else { broken }),
            );
            continue;
        }
        let starts = starts.get_or_insert_with(|| asked.starts(volunteer, schedule));
        let at = |start: &i64| asked.can(volunteer, schedule, slot, *start, broken).err().unwrap_or_default();
        sets.extend(starts.iter().map(at));
    }
    sets
}
