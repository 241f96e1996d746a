//! The rules together: what a set of broken ones says, which are asked of every edge, and that each looks at its own gig, slot and window.

use super::{cases, *};
use crate::snapshot::{GigRow, HeldSkill, SlotRow, Span, Standing, VolunteerRow};
use cases::H;

#[test]
fn a_set_holds_what_was_put_into_it() {
    for (at, &rule) in Rule::ALL.iter().enumerate() {
        let one = RuleSet::only(rule);
        assert_eq!((one.len(), one.is_empty(), one.bits()), (1, false, 1 << at));
        for &other in &Rule::ALL {
            assert_eq!(one.contains(other), rule == other, "{rule:?} {other:?}");
            let both = one.union(RuleSet::only(other));
            assert_eq!(both.len(), if rule == other { 1 } else { 2 }, "{rule:?} {other:?}");
            assert!(both.contains(rule) && both.contains(other));
        }
    }
    let mut set = RuleSet::EMPTY;
    assert_eq!((set.len(), set.is_empty(), set.to_string()), (0, true, String::new()));
    for rule in [Rule::Itinerary, Rule::Kind, Rule::Kind] {
        set.add(rule);
    }
    assert_eq!(set.iter().collect::<Vec<_>>(), [Rule::Kind, Rule::Itinerary]);
    assert_eq!(set.to_string(), "KIND_NOT_ACCEPTED,NO_TIME_BETWEEN");
}

#[test]
fn every_rule_has_its_code() {
    let codes = Rule::ALL.map(Rule::code);
    assert_eq!(
        codes,
        [
            "NOT_ACTIVE",
            "KIND_NOT_ACCEPTED",
            "SKILL_MISSING",
            "NO_COMMON_LANGUAGE",
            "BLOCKED",
            "BELOW_MINIMUM_AGE",
            "DECLINED",
            "TOO_FAR",
            "NOT_AVAILABLE",
            "START_NOT_POSSIBLE",
            "ALREADY_IN_GIG",
            "DAY_FULL",
            "WEEK_FULL",
            "NO_TIME_BETWEEN",
        ]
    );
}

#[test]
fn all_that_is_broken_is_told_at_once() {
    let volunteer = VolunteerRow { standing: Standing::Paused, kinds: vec![], max_gigs_day: 0, ..cases::volunteer() };
    let problem = cases::problem(volunteer, cases::gig());
    let broken: Vec<Rule> = check(&problem, 0, 0, 0).iter().collect();
    assert_eq!(broken, [Rule::Standing, Rule::Kind, Rule::DayCap]);
    let broken = can_take(&problem, 0, &[], 0, 0, 8 * H).expect_err("much is broken");
    assert_eq!(
        broken.iter().collect::<Vec<_>>(),
        [Rule::Standing, Rule::Kind, Rule::Availability, Rule::Start, Rule::DayCap]
    );
}

#[test]
fn a_pair_suits_where_each_cheap_rule_is_kept() {
    let suits_with = |volunteer: VolunteerRow, gig: GigRow| suits(&cases::problem(volunteer, gig), 0, 0, 0);
    let (v, g) = (cases::volunteer, cases::gig);
    assert!(suits_with(v(), g()));
    assert!(!suits_with(VolunteerRow { kinds: vec![], ..v() }, g()));
    assert!(!suits_with(VolunteerRow { languages: vec![], ..v() }, g()));
    assert!(!suits_with(VolunteerRow { skills: vec![], ..v() }, g()));
    assert!(!suits_with(VolunteerRow { blocked_seekers: vec!["s".into()], ..v() }, g()));
    assert!(!suits_with(v(), GigRow { min_age: Some(18), ..g() }));
    assert!(!suits_with(VolunteerRow { declined_gigs: vec![g().id], ..v() }, g()));
    // The way, the hour and the caps are asked elsewhere.
    let busy = VolunteerRow { max_travel_s: 0, windows: vec![], max_gigs_day: 0, standing: Standing::Paused, ..v() };
    assert!(suits_with(busy, g()));
}

#[test]
fn gigs_are_taken_by_who_is_active_and_wants_any() {
    let takes = |volunteer: VolunteerRow| takes_gigs(&cases::problem(volunteer, cases::gig()), 0);
    assert!(takes(cases::volunteer()));
    assert!(!takes(VolunteerRow { standing: Standing::Paused, ..cases::volunteer() }));
    assert!(!takes(VolunteerRow { max_gigs_day: 0, ..cases::volunteer() }));
    assert!(!takes(VolunteerRow { max_gigs_week: 0, ..cases::volunteer() }));
}

#[test]
fn each_slot_of_each_gig_asks_for_its_own_skills() {
    let slot = |skills: &[&str]| SlotRow { skills: skills.iter().map(|&skill| skill.into()).collect() };
    let gig = |id: &str, slots: Vec<SlotRow>| GigRow { id: id.into(), slots, ..cases::gig() };
    let gigs = vec![
        gig("a", vec![slot(&[])]),
        gig("b", vec![slot(&["car"]), slot(&["car", "first_aid"])]),
        gig("c", vec![slot(&["tools"]), slot(&[])]),
        gig("d", vec![slot(&["first_aid"])]),
    ];
    let ends = |skill: &str, until| HeldSkill { skill: skill.into(), valid_from: None, valid_until: until };
    let skills = vec![ends("car", None), ends("first_aid", Some(11 * H))];
    let problem =
        Problem::compile(&cases::snapshot(vec![VolunteerRow { skills, ..cases::volunteer() }], gigs)).expect("sound");
    let able = |gig: usize, slot: usize, start: i64| can_take(&problem, 0, &[], gig, slot, start).is_ok();
    for (gig, slot, at_ten, at_eleven) in [
        (0, 0, true, true),
        (1, 0, true, true),
        (1, 1, true, false),
        (2, 0, false, false),
        (2, 1, true, true),
        (3, 0, true, false),
    ] {
        assert_eq!((able(gig, slot, 10 * H), able(gig, slot, 11 * H)), (at_ten, at_eleven), "gig {gig} slot {slot}");
    }
}

#[test]
fn an_agreed_start_needs_the_skill_then_and_at_no_other_time() {
    let agreed = |from, until| {
        let skills = vec![HeldSkill { skill: "car".into(), valid_from: from, valid_until: until }];
        let gig = GigRow { agreed_start: Some(10 * H), ..cases::gig() };
        check(&cases::problem(VolunteerRow { skills, ..cases::volunteer() }, gig), 0, 0, 0)
    };
    assert!(agreed(Some(10 * H), Some(11 * H)).is_empty());
    assert_eq!(agreed(Some(10 * H + 1), None), RuleSet::only(Rule::Skill));
    assert_eq!(agreed(None, Some(11 * H - 1)), RuleSet::only(Rule::Skill));
}

#[test]
fn several_skills_must_be_valid_together_in_whichever_of_their_periods() {
    let held = |skill: &str, from, until| HeldSkill { skill: skill.into(), valid_from: from, valid_until: until };
    let slots = vec![SlotRow { skills: vec!["car".into(), "first_aid".into()] }];
    let with = |skills: Vec<HeldSkill>| {
        let problem = cases::problem(
            VolunteerRow { skills, ..cases::volunteer() },
            GigRow { slots: slots.clone(), ..cases::gig() },
        );
        (check(&problem, 0, 0, 0), can_take(&problem, 0, &[], 0, 0, 9 * H).is_ok())
    };
    // The longer period of one does not meet the other; the shorter one does.
    let car = || vec![held("car", None, Some(10 * H)), held("car", Some(10 * H + 1800), None)];
    let early = with(car().into_iter().chain([held("first_aid", None, Some(10 * H))]).collect());
    assert_eq!(early, (RuleSet::EMPTY, true));
    let late = with(car().into_iter().chain([held("first_aid", Some(11 * H), None)]).collect());
    assert_eq!(late, (RuleSet::EMPTY, false));
    let between = vec![held("first_aid", Some(9 * H + 1), Some(11 * H + 1799))];
    let never = with(car().into_iter().chain(between).collect());
    assert_eq!(never, (RuleSet::only(Rule::Skill), false));
    let too_late = with(vec![held("car", None, None), held("first_aid", Some(12 * H + 1), None)]);
    assert_eq!(too_late, (RuleSet::only(Rule::Skill), false));
}

#[test]
fn an_agreed_start_is_looked_for_in_every_window() {
    let with = |agreed: i64| {
        let windows = vec![Span::new(8 * H, 9 * H), Span::new(12 * H, 16 * H)];
        let gig = GigRow { agreed_start: Some(agreed), place: None, ..cases::gig() };
        check(&cases::problem(VolunteerRow { windows, ..cases::volunteer() }, gig), 0, 0, 0)
    };
    assert!(with(8 * H).is_empty() && with(12 * H).is_empty() && with(15 * H).is_empty());
    assert_eq!(with(15 * H + 1), RuleSet::only(Rule::Availability));
    assert_eq!(with(9 * H), RuleSet::only(Rule::Availability));
}

#[test]
fn what_is_done_in_one_window_is_nothing_to_another() {
    let any_time =
        |id: &str, place| GigRow { id: id.into(), place, windows: vec![Span::new(0, 24 * H)], ..cases::gig() };
    let gigs = vec![any_time("a", Some(cases::KORIA)), any_time("b", Some(cases::KORIA)), any_time("c", None)];
    let volunteer = VolunteerRow {
        windows: vec![Span::new(4 * H, 8 * H), Span::new(8 * H, 12 * H), Span::new(12 * H, 16 * H)],
        max_gigs_day: 9,
        max_gigs_week: 9,
        ..cases::volunteer()
    };
    let problem = Problem::compile(&cases::snapshot(vec![volunteer], gigs)).expect("sound");
    // A call at the very start of each neighbour, and a visit that ends as the window before it does.
    let schedule = [Stop { start: 5 * H, gig: 0 }, Stop { start: 12 * H, gig: 2 }];
    let taken = can_take(&problem, 0, &schedule, 1, 0, 10 * H).expect("its window is free");
    assert_eq!(taken, Insertion { window: 1, position: 0, travel_s: 1694, extra_travel_s: 1694 });
    // Beside a stop of the same window, before and after it.
    let early = can_take(&problem, 0, &schedule, 1, 0, 4 * H + 847 + 60);
    assert_eq!(early, Err(RuleSet::only(Rule::Itinerary)), "a must have ended");
    let after = can_take(&problem, 0, &schedule[..1], 1, 0, 6 * H).expect("b follows a");
    assert_eq!(after, Insertion { window: 0, position: 1, travel_s: 1694, extra_travel_s: 0 });
    let held = [Stop { start: 10 * H, gig: 0 }];
    let before = can_take(&problem, 0, &held, 1, 0, 9 * H).expect("b goes before a");
    assert_eq!(before, Insertion { window: 1, position: 0, travel_s: 1694, extra_travel_s: 0 });
}
