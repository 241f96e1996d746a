//! How many volunteers are left after each rule: "124 volunteers, 41 speak Swedish, 9 are free then, 0 within reach".

use super::{Away, Schedules, asked::Asked};
use crate::eligibility::{Rule, RuleSet, seat_is_free, skills_last};

/// One step: how many volunteers pass this rule and all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The rule.
    pub rule: Rule,
    /// Volunteers left after it.
    pub remaining: usize,
}

/// The rules in the order in which they are told; seats do not show, and a block is told as a no.
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

/// Rules of which `check` knows that no hour helps, beside skills, which may be valid at one hour and not at another.
const LASTING: [Rule; 7] =
    [Rule::Standing, Rule::Kind, Rule::Language, Rule::Age, Rule::Declined, Rule::TravelLimit, Rule::Availability];

/// The cascade beside `schedules`. A volunteer passes a rule if there is a slot and a start at which neither it nor any rule before
/// it is broken.
pub(super) fn steps(asked: &Asked<'_>, schedules: &Schedules, away: &Away) -> Vec<Step> {
    // By how many rules they pass.
    let mut people = [0; ORDER.len() + 1];
    for (passed, rule) in ORDER.into_iter().enumerate() {
        people[if asked.has_starts() { passed } else { 0 }] += away.at(rule);
    }
    for position in 0..asked.who().len() {
        people[passed(asked, position, schedules)] += 1;
    }
    let mut remaining = asked.who().len() + away.count();
    let left = people.iter().map(|fallen| {
        remaining -= fallen;
        remaining
    });
    ORDER.iter().zip(left).map(|(&rule, remaining)| Step { rule, remaining }).collect()
}

/// How many rules somebody passes, at the slot and the start where it is most.
fn passed(asked: &Asked<'_>, position: usize, schedules: &Schedules) -> usize {
    let volunteer = asked.who()[position];
    let schedule = schedules.of(volunteer);
    let (mut most, mut starts) = (0, None);
    for (slot, broken) in asked.of(position) {
        // Where a rule before those of the hour is broken, the hour tells nothing more.
        let early = LASTING.iter().any(|rule| broken.contains(*rule));
        if early && (broken.contains(Rule::Skill) || skills_last(asked.problem, volunteer, asked.gig, slot)) {
            if asked.has_starts() && seat_is_free(schedule, asked.gig) {
                most = most.max(before_broken(broken));
            }
            continue;
        }
        for &start in starts.get_or_insert_with(|| asked.likely_starts(volunteer, schedule)).iter() {
            let broken = asked.can(volunteer, schedule, slot, start, broken).err().unwrap_or_default();
            most = most.max(before_broken(broken));
            if most == ORDER.len() {
                return most;
            }
        }
    }
    most
}

/// How many rules are told before the first that is broken; none where the gig cannot be asked about at all.
fn before_broken(broken: RuleSet) -> usize {
    if broken.contains(Rule::Start) || broken.contains(Rule::Seat) {
        return 0;
    }
    ORDER.iter().position(|rule| broken.contains(*rule)).unwrap_or(ORDER.len())
}
