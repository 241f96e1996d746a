//! Every skill of the slot is held, and valid from the start to the END of the gig.
//!
//! Kept: a first-aid card that runs out on Friday, a gig that ends on Thursday.
//! Broken: a card that runs out at noon, a gig from 11:30 to 12:30.

use crate::{
    problem::{Problem, covers, is_empty},
    snapshot::Span,
};

/// Whether there is a start at which all skills could be valid.
pub(super) fn can_be_valid(problem: &Problem, volunteer: usize, gig: usize, slot: usize) -> bool {
    let needed = problem.slot_skills(gig, slot);
    if is_empty(needed) {
        return true;
    }
    if !covers(problem.volunteers.skills.row(volunteer), needed) {
        return false;
    }
    let duration_s = problem.gigs.duration_s[gig];
    let reach = match problem.gigs.fixed_start[gig] {
        Some(start) => Span::new(start, start + duration_s),
        None => Span::new(
            problem.gigs.windows.row(gig).first().map_or(0, |span| span.start),
            problem.gigs.windows.row(gig).iter().map(|span| span.end).max().unwrap_or(0),
        ),
    };
    // If it can be done at all, it can be done as early as the gig goes or as soon as one of the skills becomes valid.
    let held = problem.volunteers.validity.row(volunteer).iter();
    held.map(|period| period.from.max(reach.start))
        .any(|start| start <= reach.end - duration_s && is_valid(problem, volunteer, gig, slot, start))
}

/// Whether all skills are valid for a gig that starts at `start`.
pub(super) fn is_valid(problem: &Problem, volunteer: usize, gig: usize, slot: usize, start: i64) -> bool {
    let end = start + problem.gigs.duration_s[gig];
    let held = problem.volunteers.validity.row(volunteer);
    needed(problem, gig, slot)
        .all(|skill| held.iter().any(|period| period.skill == skill && period.from <= start && end <= period.until))
}

/// Whether every skill that the slot needs is held without an end or a beginning.
pub(super) fn lasts(problem: &Problem, volunteer: usize, gig: usize, slot: usize) -> bool {
    let held = problem.volunteers.validity.row(volunteer);
    let for_good =
        |skill| held.iter().any(|period| period.skill == skill && period.from == i64::MIN && period.until == i64::MAX);
    needed(problem, gig, slot).all(for_good)
}

/// First and last start within `reach` (from the first second of the gig to its end) at which all skills are valid;
/// nothing where `start > end`. Of several separate periods of one skill the one that leaves most is taken.
pub(crate) fn valid_starts(problem: &Problem, volunteer: usize, gig: usize, slot: usize, reach: Span) -> Span {
    let duration_s = problem.gigs.duration_s[gig];
    let mut starts = Span::new(reach.start, reach.end - duration_s);
    for skill in needed(problem, gig, slot) {
        let periods = problem.volunteers.validity.row(volunteer).iter().filter(|period| period.skill == skill);
        let best = periods
            .map(|period| {
                Span::new(starts.start.max(period.from), starts.end.min(period.until.saturating_sub(duration_s)))
            })
            .max_by_key(|span| span.end.saturating_sub(span.start));
        starts = best.unwrap_or(Span::new(0, -1));
    }
    starts
}

fn needed(problem: &Problem, gig: usize, slot: usize) -> impl Iterator<Item = u32> {
    let row = problem.gigs.slots.range(gig).start + slot;
    problem.gigs.slot_skills.ones(row).map(|skill| skill as u32)
}

#[cfg(test)]
mod tests {
    use crate::eligibility::{Rule, RuleSet, can_take, cases, check};
    use crate::snapshot::{HeldSkill, SlotRow, Span, VolunteerRow};
    use cases::H;

    fn with_skill(valid_from: Option<i64>, valid_until: Option<i64>) -> VolunteerRow {
        VolunteerRow { skills: vec![HeldSkill { skill: "car".into(), valid_from, valid_until }], ..cases::volunteer() }
    }

    #[test]
    fn skill_must_be_held() {
        let without = VolunteerRow { skills: vec![HeldSkill::lasting("tools")], ..cases::volunteer() };
        assert_eq!(check(&cases::problem(without, cases::gig()), 0, 0, 0), RuleSet::only(Rule::Skill));
        let mut gig = cases::gig();
        gig.slots = vec![SlotRow { skills: vec!["car".into(), "first_aid".into()] }];
        assert_eq!(check(&cases::problem(cases::volunteer(), gig), 0, 0, 0), RuleSet::only(Rule::Skill));
    }

    #[test]
    fn skill_must_be_valid_to_the_end_of_the_gig() {
        let until_noon = cases::problem(with_skill(None, Some(12 * H)), cases::gig());
        assert!(check(&until_noon, 0, 0, 0).is_empty(), "it could be done before noon");
        assert!(can_take(&until_noon, 0, &[], 0, 0, 11 * H).is_ok());
        assert_eq!(can_take(&until_noon, 0, &[], 0, 0, 11 * H + 1), Err(RuleSet::only(Rule::Skill)));
        let expired = cases::problem(with_skill(None, Some(9 * H)), cases::gig());
        assert_eq!(check(&expired, 0, 0, 0), RuleSet::only(Rule::Skill));
        let later = cases::problem(with_skill(Some(12 * H + 1), None), cases::gig());
        assert_eq!(check(&later, 0, 0, 0), RuleSet::only(Rule::Skill));
    }

    #[test]
    fn starts_are_those_at_which_every_skill_is_valid() {
        let starts = |skills: Vec<HeldSkill>| {
            let problem = cases::problem(VolunteerRow { skills, ..cases::volunteer() }, cases::gig());
            super::valid_starts(&problem, 0, 0, 0, Span::new(8 * H, 13 * H))
        };
        let held = |skill: &str, valid_from, valid_until| HeldSkill { skill: skill.into(), valid_from, valid_until };
        assert_eq!(starts(vec![held("car", None, None)]), Span::new(8 * H, 12 * H));
        assert_eq!(starts(vec![held("car", None, Some(12 * H))]), Span::new(8 * H, 11 * H));
        assert_eq!(starts(vec![held("car", Some(9 * H), None)]), Span::new(9 * H, 12 * H));
        let others = vec![held("tools", None, Some(9 * H)), held("car", None, Some(12 * H))];
        assert_eq!(starts(others), Span::new(8 * H, 11 * H));
        let two = vec![held("car", None, Some(10 * H)), held("car", Some(10 * H + 60), None)];
        assert_eq!(starts(two), Span::new(10 * H + 60, 12 * H), "the period that leaves most");
        let never = starts(vec![held("tools", None, None)]);
        assert!(never.start > never.end, "{never:?}");
    }

    #[test]
    fn renewed_skill_counts_as_one_period() {
        let card = |from, until| HeldSkill { skill: "car".into(), valid_from: Some(from), valid_until: Some(until) };
        let renewed = VolunteerRow { skills: vec![card(10 * H, 20 * H), card(0, 10 * H)], ..cases::volunteer() };
        assert!(can_take(&cases::problem(renewed, cases::gig()), 0, &[], 0, 0, 9 * H + H / 2).is_ok());
    }
}
