//! Each class, cascade and miss on weeks small enough to be seen through.

use super::*;
use crate::eligibility::cases::{self, CENTRE, H};
use crate::eligibility::{Rule, RuleSet, can_take};
use crate::plan::{Assignment, Hours, Plan, Seat, Status};
use crate::quote;
use crate::snapshot::{GigRow, HeldSkill, Promise, PromiseState, SlotRow, Snapshot, Span, VolunteerRow};

fn volunteer(id: &str) -> VolunteerRow {
    VolunteerRow { id: id.into(), ..cases::volunteer() }
}

fn gig(id: &str) -> GigRow {
    GigRow { id: id.into(), ..cases::gig() }
}

fn compiled(snapshot: &Snapshot) -> Problem {
    Problem::compile(snapshot).expect("sound rows")
}

fn open(problem: &Problem, id: &str) -> Explanation {
    explain(problem, problem.find_gig(id).expect("gig"), &Schedules::standing(problem))
}

fn plan(assignments: &[(&str, &str, i64)]) -> Plan {
    let assignments = assignments
        .iter()
        .map(|(gig, volunteer, start)| Assignment {
            gig: (*gig).into(),
            start: *start,
            seats: vec![Seat { slot: 0, volunteer: (*volunteer).into(), promised: None }],
        })
        .collect();
    Plan {
        assignments,
        status: Status::Greedy,
        weight: 0,
        bound_weight: 0,
        objective: 0,
        bound: 0,
        travel_s: 0,
        bonus: 0,
        gigs_filled: 0,
        stages: Vec::new(),
        seed: 0,
        digest: 0,
        hours: Hours::default(),
    }
}

#[test]
fn a_gig_that_somebody_can_take_is_assignable() {
    let problem = compiled(&cases::snapshot(vec![volunteer("a")], vec![gig("g")]));
    let told = open(&problem, "g");
    assert_eq!((told.class, told.considered, told.misses.len()), (Class::Assignable, 1, 0));
    assert!(told.cascade.iter().all(|step| step.remaining == 1));
}

#[test]
fn the_cascade_counts_who_is_left() {
    let no_car = VolunteerRow { skills: vec![], ..volunteer("b") };
    let other_kind = VolunteerRow { kinds: vec!["call".into()], ..volunteer("c") };
    let far = VolunteerRow { max_travel_s: 800, ..volunteer("d") };
    let problem = compiled(&cases::snapshot(vec![no_car, other_kind, far], vec![gig("g")]));
    let told = open(&problem, "g");
    let counts: Vec<(&str, usize)> = told.cascade.iter().map(|step| (step.rule.code(), step.remaining)).collect();
    assert_eq!(
        counts[..7],
        [
            ("NOT_ACTIVE", 3),
            ("KIND_NOT_ACCEPTED", 2),
            ("SKILL_MISSING", 1),
            ("NO_COMMON_LANGUAGE", 1),
            ("BELOW_MINIMUM_AGE", 1),
            ("DECLINED", 1),
            ("TOO_FAR", 0)
        ]
    );
    assert_eq!(told.class, Class::NobodyEligible);
    let changes: Vec<(&str, Change)> =
        told.misses.iter().map(|miss| (problem.volunteer_id(miss.volunteer), miss.change.clone())).collect();
    assert_eq!(
        changes,
        [
            ("d", Change::GoFurther { from_s: 800, to_s: 847 }),
            ("c", Change::AcceptKind),
            ("b", Change::HoldSkill("car".into())),
        ]
    );
}

#[test]
fn a_skill_that_is_valid_at_no_start_is_missing_however_far_the_gig_is() {
    let skill =
        |from: Option<i64>, until: Option<i64>| HeldSkill { skill: "car".into(), valid_from: from, valid_until: until };
    // What lies between the hours of the gig is no time for it.
    let left = |windows: [(i64, i64); 2], car: HeldSkill| {
        let skills = vec![car, HeldSkill::lasting("tools")];
        let far = VolunteerRow { skills, max_travel_s: 800, ..volunteer("a") };
        let windows = windows.map(|(start, end)| Span::new(start, end)).to_vec();
        let other = GigRow { slots: vec![SlotRow { skills: vec!["tools".into()] }], ..gig("h") };
        let problem = compiled(&cases::snapshot(vec![far], vec![GigRow { windows, ..gig("g") }, other]));
        let told = open(&problem, "g");
        let of = |rule: Rule| told.cascade.iter().find(|step| step.rule == rule).map(|step| step.remaining);
        (of(Rule::Skill), of(Rule::TravelLimit))
    };
    let apart = [(9 * H, 10 * H), (12 * H, 13 * H)];
    assert_eq!(left(apart, skill(None, None)), (Some(1), Some(0)));
    assert_eq!(left(apart, skill(Some(10 * H), Some(12 * H))), (Some(0), Some(0)));
}

#[test]
fn a_block_shows_as_a_no() {
    let blocked = VolunteerRow { blocked_seekers: vec!["s".into()], ..volunteer("a") };
    let problem = compiled(&cases::snapshot(vec![blocked], vec![gig("g")]));
    let told = open(&problem, "g");
    let said = verdict(&problem, 0, 0, &Schedules::standing(&problem), NOBODY_RESTS);
    let no = VolunteerRow { declined_gigs: vec!["g".into()], ..volunteer("a") };
    let other = compiled(&cases::snapshot(vec![no], vec![gig("g")]));
    assert_eq!(told, open(&other, "g"));
    assert_eq!(said, verdict(&other, 0, 0, &Schedules::standing(&other), NOBODY_RESTS));
    assert_eq!((told.considered, said.broken), (1, RuleSet::only(Rule::Declined)));
}

#[test]
fn who_said_no_is_counted_and_never_proposed() {
    let no = VolunteerRow { declined_gigs: vec!["g".into()], ..volunteer("a") };
    let problem = compiled(&cases::snapshot(vec![no], vec![gig("g"), gig("h")]));
    let told = open(&problem, "g");
    assert_eq!((told.class, told.considered, told.misses.len()), (Class::NobodyEligible, 1, 0));
    let left: Vec<(Rule, usize)> = told.cascade.iter().map(|step| (step.rule, step.remaining)).collect();
    assert_eq!(left[4..7], [(Rule::Age, 1), (Rule::Declined, 0), (Rule::TravelLimit, 0)]);
    assert_eq!(
        verdict(&problem, 0, 0, &Schedules::standing(&problem), NOBODY_RESTS).broken,
        RuleSet::only(Rule::Declined)
    );
    assert_eq!(open(&problem, "h").class, Class::Assignable);
}

#[test]
fn one_helper_for_two_places_is_too_few() {
    let two = GigRow { slots: vec![SlotRow::default(), SlotRow::default()], ..gig("g") };
    let busy = VolunteerRow { windows: vec![Span::new(13 * H, 16 * H)], ..volunteer("b") };
    let problem = compiled(&cases::snapshot(vec![volunteer("a"), busy], vec![two]));
    let told = open(&problem, "g");
    assert_eq!(told.class, Class::TooFewCandidates);
    let widened: Vec<&Change> = told.misses.iter().map(|miss| &miss.change).collect();
    assert_eq!(
        widened,
        [&Change::WidenWindow { from: Span::new(13 * H, 16 * H), to: Span::new(12 * H - 847, 16 * H) }]
    );
}

#[test]
fn where_somebody_rests_the_next_best_comes_forward() {
    let late =
        |n: i64| VolunteerRow { windows: vec![Span::new(13 * H + n * 600, 16 * H)], ..volunteer(&format!("v{n}")) };
    let problem = compiled(&cases::snapshot((0..6).map(late).collect(), vec![gig("g")]));
    let told = |rests: Rests<'_>| -> Vec<usize> {
        let told = explain_all(&problem, &[0], &Schedules::standing(&problem), rests).remove(0);
        told.misses.iter().map(|miss| miss.volunteer).collect()
    };
    assert_eq!(told(&|_, _| false), [0, 1, 2, 3, 4]);
    assert_eq!(told(&|person, _| person == 1), [0, 2, 3, 4, 5]);
}

#[test]
fn who_rests_on_one_day_is_asked_for_another() {
    let never = VolunteerRow { windows: vec![], ..volunteer("a") };
    let days = vec![Span::new(9 * H, 13 * H), Span::new(33 * H, 37 * H)];
    for windows in [days, vec![Span::new(9 * H, 37 * H)]] {
        let problem = compiled(&cases::snapshot(vec![never.clone()], vec![GigRow { windows, ..gig("g") }]));
        let told = |rests: Rests<'_>| {
            let told = explain_all(&problem, &[0], &Schedules::standing(&problem), rests).remove(0);
            told.misses.into_iter().map(|miss| miss.change).collect::<Vec<_>>()
        };
        let hours = |start: i64| Change::AddWindow(Span::new(start - 847, start + H + 847));
        assert_eq!(told(&|_, _| false), [hours(9 * H)]);
        let on_the_second = told(&|_, hours| hours.start < 24 * H);
        assert!(matches!(on_the_second[..], [Change::AddWindow(hours)] if hours.start >= 24 * H), "{on_the_second:?}");
        assert_eq!(told(&|_, _| true), []);
    }
}

#[test]
fn hours_too_short_for_gig_and_way_are_hours_too_short() {
    let brief = VolunteerRow { windows: vec![Span::new(9 * H, 10 * H + 1200)], ..volunteer("a") };
    let problem = compiled(&cases::snapshot(vec![brief], vec![gig("g")]));
    let told = open(&problem, "g");
    let fallen = told.cascade.iter().find(|step| step.remaining == 0).map(|step| step.rule);
    let verdict = verdict(&problem, 0, 0, &Schedules::standing(&problem), NOBODY_RESTS);
    assert_eq!((fallen, verdict.broken), (Some(Rule::Availability), RuleSet::only(Rule::Availability)));
    assert_eq!(told.misses[0].change.rule(), Rule::Availability);
}

#[test]
fn what_is_promised_caps_out() {
    let mut snapshot =
        cases::snapshot(vec![VolunteerRow { max_gigs_day: 1, ..volunteer("a") }], vec![gig("g"), gig("held")]);
    snapshot.promises = vec![Promise {
        gig: "held".into(),
        slot: 0,
        volunteer: "a".into(),
        start: 9 * H,
        state: PromiseState::Accepted,
    }];
    let problem = compiled(&snapshot);
    let told = open(&problem, "g");
    assert_eq!(told.class, Class::CappedOut);
    assert_eq!(told.misses[0].change, Change::RaiseDayCap { from: 1, to: 2 });
    assert_eq!(open(&problem, "held").class, Class::Filled);
}

#[test]
fn an_outbid_gig_names_what_would_fall() {
    let dear = GigRow { weight: 16, ..gig("dear") };
    let problem =
        compiled(&cases::snapshot(vec![VolunteerRow { max_gigs_day: 1, ..volunteer("a") }], vec![gig("g"), dear]));
    let schedules = Schedules::planned(&problem, &plan(&[("dear", "a", 9 * H)]));
    let told = explain(&problem, problem.find_gig("g").expect("gig"), &schedules);
    let dear = problem.find_gig("dear").expect("gig");
    assert_eq!(told.class, Class::Outbid);
    assert_eq!(told.competition, Some(Competition { volunteer: 0, gigs: vec![dear], weight_lost: 15 }));
    assert_eq!(explain(&problem, dear, &schedules).class, Class::Filled);
}

/// Applies one change to the snapshot, as a coordinator would.
fn apply(snapshot: &mut Snapshot, problem: &Problem, told: &Explanation, miss: &Miss) {
    let id = problem.volunteer_id(miss.volunteer);
    let gig = snapshot.gigs.iter().find(|gig| gig.id == problem.gig_id(told.gig)).expect("gig").clone();
    let row = snapshot.volunteers.iter_mut().find(|row| row.id == id).expect("volunteer");
    match &miss.change {
        Change::Activate => row.standing = crate::snapshot::Standing::Active,
        Change::AcceptKind => row.kinds.push(gig.kind),
        Change::HoldSkill(skill) => row.skills.push(crate::snapshot::HeldSkill::lasting(skill)),
        Change::SpeakLanguage => row.languages.push(gig.languages_any[0].clone()),
        Change::ReachAge(years) => row.age_years = Some(*years),
        Change::GoFurther { to_s, .. } => row.max_travel_s = *to_s,
        Change::WidenWindow { from, to } => {
            row.windows.retain(|span| span != from);
            row.windows.push(*to);
        }
        Change::AddWindow(span) => row.windows.push(*span),
        Change::RaiseDayCap { to, .. } => row.max_gigs_day = *to,
        Change::RaiseWeekCap { to, .. } => row.max_gigs_week = *to,
    }
}

/// A deterministic source of numbers below a bound (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len() as u64) as usize]
    }
}

fn random_week(seed: u64) -> Snapshot {
    let mut dice = Dice(seed);
    let near = |dice: &mut Dice| crate::snapshot::Point {
        lat: CENTRE.lat + dice.below(2000) as f64 / 10_000.0,
        lon: CENTRE.lon + dice.below(3000) as f64 / 10_000.0,
    };
    let volunteers = (0..6)
        .map(|n| VolunteerRow {
            id: format!("v{n}"),
            home: Some(near(&mut dice)),
            speed_dkmh: [45, 140, 350][dice.below(3) as usize],
            max_travel_s: 600 + dice.below(5) as i64 * 300,
            kinds: vec![dice.pick(&["shopping", "call"]).into(), "escort".into()],
            skills: vec![crate::snapshot::HeldSkill::lasting(dice.pick(&["car", "tools"]))],
            languages: vec![dice.pick(&["fi", "sv", "ru"]).into()],
            windows: (0..2)
                .map(|day| {
                    let start = day * 24 * H + (8 + dice.below(6) as i64) * H;
                    Span::new(start, start + (1 + dice.below(4) as i64) * H)
                })
                .collect(),
            max_gigs_day: 1 + dice.below(2) as u32,
            max_gigs_week: 1 + dice.below(3) as u32,
            ..VolunteerRow::default()
        })
        .collect();
    let gigs = (0..8)
        .map(|n| {
            let kind = dice.pick(&["shopping", "call", "escort"]);
            let start = dice.below(2) as i64 * 24 * H + (8 + dice.below(8) as i64) * H;
            GigRow {
                id: format!("g{n}"),
                kind: kind.into(),
                seeker: Some(format!("s{n}")),
                place: (kind != "call").then(|| near(&mut dice)),
                destination: (kind == "escort" && dice.below(2) == 0).then(|| near(&mut dice)),
                duration_s: 1800 + dice.below(3) as i64 * 900,
                windows: vec![Span::new(start, start + 2 * H)],
                slots: vec![
                    SlotRow { skills: if dice.below(2) == 0 { vec!["car".into()] } else { vec![] } };
                    1 + dice.below(4) as usize / 3
                ],
                languages_any: vec![dice.pick(&["fi", "sv"]).into()],
                ..GigRow::default()
            }
        })
        .collect();
    cases::snapshot(volunteers, gigs)
}

#[test]
fn putting_a_nearest_miss_right_makes_the_gig_assignable() {
    let mut claims = 0;
    for seed in 0..400 {
        let snapshot = random_week(seed);
        let problem = compiled(&snapshot);
        for gig in 0..problem.gig_count() {
            let told = explain(&problem, gig, &Schedules::standing(&problem));
            for miss in &told.misses {
                let mut changed = snapshot.clone();
                apply(&mut changed, &problem, &told, miss);
                let after = compiled(&changed);
                let now = explain(&after, gig, &Schedules::standing(&after));
                assert_eq!(now.class, Class::Assignable, "seed {seed} gig {gig} {miss:?}");
                claims += 1;
            }
        }
    }
    assert!(claims > 1000, "only {claims} claims were made: the weeks are too easy to prove anything");
}

#[test]
fn the_verdict_on_one_is_what_the_list_says_of_them() {
    let mut told = [0; 3];
    for seed in 0..400 {
        let problem = compiled(&random_week(seed));
        let standing = Schedules::standing(&problem);
        for gig in 0..problem.gig_count() {
            let listed = nearest_misses(&problem, gig, usize::MAX);
            let open = explain(&problem, gig, &standing);
            for volunteer in 0..problem.volunteer_count() {
                let verdict = verdict(&problem, volunteer, gig, &standing, NOBODY_RESTS);
                let able = quote::quote(&problem, gig).candidates.iter().any(|one| one.volunteer == volunteer);
                assert!(!able || verdict == Verdict::default(), "seed {seed} gig {gig}: {verdict:?}");
                let listed = listed.iter().find(|miss| miss.volunteer == volunteer).filter(|_| !able);
                if listed.is_some() {
                    assert_eq!(verdict.miss.as_ref(), listed, "seed {seed} gig {gig} {:?}", open.class);
                    told[usize::from(problem.slot_count(gig) > 1)] += 1;
                } else if verdict.miss.is_some() {
                    assert!(problem.slot_count(gig) > 1, "alone it would do");
                    told[2] += 1;
                }
                if let Some(miss) = &verdict.miss {
                    assert_eq!(verdict.broken, RuleSet::only(miss.change.rule()));
                }
            }
        }
    }
    assert!(told.iter().all(|count| *count > 100), "of one slot, of two, and not enough by itself: {told:?}");
}

#[test]
fn who_is_free_only_when_nobody_else_comes_has_a_change_to_make() {
    let two = GigRow { slots: vec![SlotRow::default(), SlotRow::default()], ..gig("g") };
    let early = VolunteerRow { windows: vec![Span::new(8 * H, 11 * H)], ..volunteer("early") };
    let late = VolunteerRow { windows: vec![Span::new(11 * H, 16 * H)], ..volunteer("late") };
    let of = |people: Vec<VolunteerRow>| {
        let problem = compiled(&cases::snapshot(people, vec![two.clone()]));
        let told = open(&problem, "g");
        (told, verdict(&problem, 0, 0, &Schedules::standing(&problem), NOBODY_RESTS))
    };
    let (told, verdict) = of(vec![early.clone(), late]);
    assert_eq!(told.class, Class::TooFewCandidates);
    assert_eq!(verdict.miss.as_ref(), told.misses.iter().find(|miss| miss.volunteer == 0));
    assert!(verdict.miss.is_some() && verdict.broken == RuleSet::only(Rule::Availability), "{verdict:?}");
    assert_eq!(of(vec![early]).1, Verdict::default(), "it is another who is missing");
}

#[test]
fn class_and_brute_force_agree_on_who_could() {
    for seed in 0..200 {
        let problem = compiled(&random_week(seed));
        for gig in 0..problem.gig_count() {
            let told = explain(&problem, gig, &Schedules::standing(&problem));
            let single = problem.slot_count(gig) == 1;
            // Minute by minute, whoever could take the one slot.
            let anyone = (0..problem.volunteer_count())
                .any(|v| (0..48 * 60).any(|minute| can_take(&problem, v, &[], gig, 0, minute * 60).is_ok()));
            if single && anyone {
                assert_eq!(told.class, Class::Assignable, "seed {seed} gig {gig}");
            }
            if single && told.class == Class::Assignable {
                assert!(told.cascade.last().is_some_and(|step| step.remaining > 0), "seed {seed} gig {gig}");
            }
        }
    }
}
