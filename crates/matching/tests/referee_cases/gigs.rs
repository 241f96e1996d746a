//! One gig: its start, its slots, its helpers, and what was promised of it.

use super::*;
use matching::snapshot::Standing;

fn one_gig(gig: GigRow, start: i64) -> Vec<&'static str> {
    codes(&week(vec![driver("v"), driver("w")], vec![gig]), vec![at("g", start, &["v"])])
}

#[test]
fn a_sound_pair_breaks_nothing() {
    assert_eq!(pair_codes(driver("v"), shopping("g")), [""; 0]);
}

#[test]
fn each_rule_of_a_pair_has_its_code_and_no_other() {
    let v = || driver("v");
    let g = || shopping("g");
    let cases = [
        ("NOT_ACTIVE", VolunteerRow { standing: Standing::Paused, ..v() }, g()),
        ("KIND_NOT_ACCEPTED", VolunteerRow { kinds: vec!["escort".into()], ..v() }, g()),
        ("SKILL_MISSING", VolunteerRow { skills: vec![], ..v() }, g()),
        ("SKILL_MISSING", VolunteerRow { skills: vec![HeldSkill::lasting("first_aid")], ..v() }, g()),
        ("NO_COMMON_LANGUAGE", VolunteerRow { languages: vec!["sv".into()], ..v() }, g()),
        ("BLOCKED", VolunteerRow { blocked_seekers: vec!["s".into()], ..v() }, g()),
        ("DECLINED", VolunteerRow { declined_gigs: vec!["h".into(), "g".into()], ..v() }, g()),
        ("BELOW_MINIMUM_AGE", VolunteerRow { age_years: Some(17), ..v() }, GigRow { min_age: Some(18), ..g() }),
        ("BELOW_MINIMUM_AGE", v(), GigRow { min_age: Some(18), ..g() }),
        ("TOO_FAR", VolunteerRow { max_travel_s: WAY - 1, ..v() }, g()),
        ("TOO_FAR", VolunteerRow { home: None, ..v() }, g()),
    ];
    for (code, volunteer, gig) in cases {
        assert_eq!(pair_codes(volunteer.clone(), gig), [code], "{volunteer:?}");
    }
}

#[test]
fn what_is_just_enough_passes() {
    let v = || driver("v");
    let g = || shopping("g");
    let cases = [
        (VolunteerRow { max_travel_s: WAY, ..v() }, g()),
        (VolunteerRow { age_years: Some(18), ..v() }, GigRow { min_age: Some(18), ..g() }),
        (VolunteerRow { age_years: Some(70), ..v() }, GigRow { min_age: Some(18), ..g() }),
        (VolunteerRow { languages: vec![], ..v() }, GigRow { languages_any: vec![], ..g() }),
        (VolunteerRow { blocked_seekers: vec!["s".into()], ..v() }, GigRow { seeker: None, ..g() }),
        (VolunteerRow { blocked_seekers: vec!["t".into()], ..v() }, g()),
        (VolunteerRow { declined_gigs: vec!["h".into()], ..v() }, g()),
        (VolunteerRow { home: None, ..v() }, GigRow { place: None, ..g() }),
    ];
    for (volunteer, gig) in cases {
        assert_eq!(pair_codes(volunteer.clone(), gig), [""; 0], "{volunteer:?}");
    }
}

#[test]
fn a_skill_is_valid_from_the_first_to_the_last_second() {
    let held = |periods: &[(Option<i64>, Option<i64>)]| {
        let skill = |&(valid_from, valid_until): &(Option<i64>, Option<i64>)| HeldSkill {
            skill: "car".into(),
            valid_from,
            valid_until,
        };
        let other = HeldSkill::lasting("first_aid");
        let skills = periods.iter().map(skill).chain([other]).collect();
        pair_codes(VolunteerRow { skills, ..driver("v") }, shopping("g"))
    };
    let fine = [""; 0];
    assert_eq!(held(&[(Some(9 * H), Some(10 * H))]), fine);
    assert_eq!(held(&[(Some(9 * H + 1), None)]), ["SKILL_MISSING"]);
    assert_eq!(held(&[(None, Some(10 * H - 1))]), ["SKILL_MISSING"]);
    assert_eq!(held(&[(None, Some(9 * H))]), ["SKILL_MISSING"], "it ends as the gig begins");
    assert_eq!(held(&[(None, Some(9 * H + 1800)), (Some(9 * H + 1800), None)]), fine, "renewed in time");
    assert_eq!(held(&[(None, Some(9 * H + 1800)), (Some(9 * H + 1801), None)]), ["SKILL_MISSING"]);
    assert_eq!(held(&[(None, Some(9 * H + 600)), (None, Some(9 * H + 1800)), (Some(9 * H + 900), None)]), fine);
}

#[test]
fn each_slot_asks_for_its_own_skills() {
    let slots = vec![SlotRow::default(), SlotRow { skills: vec!["first_aid".into()] }];
    let snapshot = week(vec![driver("v"), driver("w")], vec![GigRow { slots, ..shopping("g") }]);
    assert_eq!(codes(&snapshot, vec![at("g", 9 * H, &["v", "w"])]), ["SKILL_MISSING"]);
}

#[test]
fn a_gig_lies_wholly_in_one_of_its_windows() {
    let gig = GigRow { windows: vec![Span::new(9 * H, 10 * H), Span::new(11 * H, 13 * H)], ..shopping("g") };
    for (start, is_fine) in
        [(9 * H, true), (9 * H + 1, false), (11 * H - 1, false), (11 * H, true), (12 * H, true), (12 * H + 1, false)]
    {
        assert_eq!(one_gig(gig.clone(), start).is_empty(), is_fine, "{start}");
    }
    assert_eq!(one_gig(gig, 12 * H + 1), ["START_NOT_POSSIBLE"]);
}

#[test]
fn an_agreed_start_is_the_only_one_even_outside_the_windows() {
    let gig = GigRow { agreed_start: Some(14 * H), ..shopping("g") };
    assert_eq!(one_gig(gig.clone(), 14 * H), [""; 0]);
    assert_eq!(one_gig(gig.clone(), 9 * H), ["START_NOT_POSSIBLE"]);
    assert_eq!(one_gig(gig, 14 * H + 1), ["START_NOT_POSSIBLE"]);
}

#[test]
fn a_promised_start_is_possible_for_its_own_gig_alone() {
    let mut snapshot = week(vec![driver("v"), driver("w")], vec![shopping("g"), shopping("h")]);
    snapshot.promises = vec![promise("g", "v", 14 * H)];
    assert_eq!(codes(&snapshot, vec![at("g", 14 * H, &["v"])]), [""; 0]);
    let both = vec![at("g", 14 * H, &["v"]), at("h", 14 * H, &["w"])];
    assert_eq!(codes(&snapshot, both), ["START_NOT_POSSIBLE"], "h was promised to nobody");
    let later = codes(&snapshot, vec![at("g", 14 * H + 60, &["v"])]);
    assert_eq!(later, ["START_NOT_POSSIBLE", "PROMISE_BROKEN"]);
}

#[test]
fn slots_are_those_of_the_gig_once_each() {
    let snapshot = week(vec![driver("v"), driver("w")], vec![for_two(shopping("g"))]);
    assert_eq!(codes(&snapshot, vec![at("g", 9 * H, &["v", "w"])]), [""; 0]);
    let with_slots = |a: usize, b: usize| {
        let mut assignment = at("g", 9 * H, &["v", "w"]);
        (assignment.seats[0].slot, assignment.seats[1].slot) = (a, b);
        codes(&snapshot, vec![assignment])
    };
    assert_eq!(with_slots(1, 0), [""; 0]);
    assert_eq!(with_slots(1, 1), ["SLOTS_WRONG"]);
    assert_eq!(with_slots(0, 2), ["SLOTS_WRONG"]);
}

#[test]
fn a_crowd_is_told_by_its_first_eight_slots() {
    let snapshot = week(vec![driver("v")], vec![shopping("g")]);
    let told = |count: usize| {
        let plan = plan(&snapshot, vec![at("g", 9 * H, &vec!["v"; count])]);
        let breaches = verify::check(&snapshot, &plan);
        breaches.into_iter().find(|breach| breach.code == "SLOTS_WRONG").expect("too many").what
    };
    assert_eq!(told(8), "gig g: slots [0, 1, 2, 3, 4, 5, 6, 7] of 1");
    assert_eq!(told(9), "gig g: slots [0, 1, 2, 3, 4, 5, 6, 7] and 1 more of 1");
}

#[test]
fn half_a_gig_is_done_only_where_that_is_what_was_promised() {
    let mut snapshot = week(vec![driver("v"), driver("w")], vec![for_two(shopping("g"))]);
    let half = || vec![at("g", 9 * H, &["v"])];
    assert_eq!(codes(&snapshot, half()), ["HALF_FILLED"]);
    assert_eq!(codes(&snapshot, vec![at("g", 9 * H, &[])]), ["HALF_FILLED"]);
    assert_eq!(codes(&snapshot, vec![at("g", 9 * H, &["v", "v"])])[..], ["ALREADY_IN_GIG", "NO_TIME_BETWEEN"]);
    snapshot.promises = vec![promise("g", "v", 9 * H)];
    assert_eq!(codes(&snapshot, half()), [""; 0]);
    let counted = verify::tally(&snapshot, &claimed(half(), 0, 0, 0));
    assert_eq!((counted.weight, counted.gigs_filled, counted.travel_s), (0, 0, 2 * WAY), "half a gig counts nothing");
    snapshot.promises = vec![Promise { slot: 1, ..promise("g", "v", 9 * H) }];
    assert_eq!(codes(&snapshot, half()), ["HALF_FILLED", "PROMISE_BROKEN"]);
}

#[test]
fn what_was_promised_is_judged_for_nothing_else() {
    let unwilling = |id: &str| VolunteerRow { kinds: vec![], ..driver(id) };
    let mut snapshot = week(vec![unwilling("v"), unwilling("w")], vec![shopping("g")]);
    snapshot.promises = vec![promise("g", "v", 9 * H)];
    let found = |start, who: &str| codes(&snapshot, vec![at("g", start, &[who])]);
    assert_eq!(found(9 * H, "v"), [""; 0]);
    assert_eq!(found(10 * H, "v"), ["KIND_NOT_ACCEPTED", "PROMISE_BROKEN"], "another time is no longer the promise");
    assert_eq!(found(9 * H, "w"), ["KIND_NOT_ACCEPTED", "PROMISE_BROKEN"], "nor is another person");
}

#[test]
fn a_promise_is_its_gig_slot_person_and_start() {
    let gigs = || vec![for_two(shopping("g")), for_two(shopping("h"))];
    for state in [PromiseState::Held, PromiseState::Accepted, PromiseState::Told, PromiseState::Started] {
        let mut snapshot = week(vec![driver("v"), driver("w"), driver("x")], gigs());
        snapshot.promises = vec![Promise { state, ..promise("g", "v", 9 * H) }];
        let is_broken = |assignment: Assignment| {
            let plan = plan(&snapshot, vec![assignment]);
            let broken = |breaches: Vec<verify::Breach>| breaches.iter().any(|one| one.code == "PROMISE_BROKEN");
            (broken(verify::check(&snapshot, &plan)), broken(verify::check_moved(&snapshot, &plan)))
        };
        let is_under_way = state == PromiseState::Started;
        assert_eq!(is_broken(at("g", 9 * H, &["v", "w"])), (false, false));
        for other in [
            at("h", 9 * H, &["v", "w"]),
            at("g", 9 * H + 60, &["v", "w"]),
            at("g", 9 * H, &["w", "v"]),
            at("g", 9 * H, &["w", "x"]),
        ] {
            assert_eq!(is_broken(other.clone()), (true, is_under_way), "{state:?}: {other:?}");
        }
    }
}

#[test]
fn starts_beyond_all_time_are_named_and_not_counted() {
    let snapshot = week(vec![driver("v")], vec![shopping("g")]);
    for start in [i64::MIN, -(1 << 40) - 1, (1 << 40) + 1, i64::MAX] {
        let plan = plan(&snapshot, vec![at("g", start, &["v"])]);
        assert_eq!((plan.weight, plan.gigs_filled), (0, 0), "{start}");
        let found: Vec<&str> = verify::check(&snapshot, &plan).iter().map(|breach| breach.code).collect();
        assert_eq!(found, ["START_NOT_POSSIBLE"], "{start}");
    }
}
