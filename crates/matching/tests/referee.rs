//! The referee must see what is wrong: every sound plan is accepted, every spoilt one is not.

mod weeks;

use std::time::Duration;

use matching::{
    plan::{Assignment, Plan, Seat},
    planner::{self, SolveOptions},
    problem::Problem,
    score,
    snapshot::{Point, Promise, PromiseState, Snapshot, Standing},
    verify,
};
use weeks::{H, SMALL, week, with_promises};

fn planned(seed: u64) -> (Snapshot, Plan) {
    let snapshot = week(SMALL, seed);
    let problem = Problem::compile(&snapshot).expect("sound");
    let plan = planner::solve(&problem, &SolveOptions::default(), &|| Duration::ZERO, &mut |_| {});
    assert_eq!(verify::check(&snapshot, &plan), [], "seed {seed}");
    assert!(!plan.assignments.is_empty(), "seed {seed} has something to spoil");
    (snapshot, plan)
}

/// Codes found after spoiling a plan or its week.
fn codes(snapshot: &Snapshot, plan: &Plan) -> Vec<&'static str> {
    verify::check(snapshot, plan).into_iter().map(|breach| breach.code).collect()
}

fn assert_flags(code: &str, spoil: impl Fn(&mut Snapshot, &mut Plan)) {
    for seed in 0..12 {
        let (mut snapshot, mut plan) = planned(seed);
        spoil(&mut snapshot, &mut plan);
        let found = codes(&snapshot, &plan);
        assert!(found.contains(&code), "seed {seed}: {code} is not among {found:?}");
    }
}

/// The volunteer of the first seat of the plan.
fn first_helper<'a>(snapshot: &'a mut Snapshot, plan: &Plan) -> &'a mut matching::snapshot::VolunteerRow {
    let id = &plan.assignments[0].seats[0].volunteer;
    snapshot.volunteers.iter_mut().find(|row| row.id == *id).expect("helpers are in the week")
}

fn first_gig<'a>(snapshot: &'a mut Snapshot, plan: &Plan) -> &'a mut matching::snapshot::GigRow {
    snapshot.gigs.iter_mut().find(|row| row.id == plan.assignments[0].gig).expect("gigs are in the week")
}

#[test]
fn unknown_and_repeated_gigs_and_people_are_seen() {
    assert_flags("UNKNOWN_GIG", |_, plan| plan.assignments[0].gig = "nobody asked".into());
    assert_flags("UNKNOWN_VOLUNTEER", |_, plan| plan.assignments[0].seats[0].volunteer = "nobody".into());
    assert_flags("GIG_TWICE", |_, plan| plan.assignments.push(plan.assignments[0].clone()));
    assert_flags("ALREADY_IN_GIG", |_, plan| {
        let seat = Seat { slot: 1, ..plan.assignments[0].seats[0].clone() };
        plan.assignments[0].seats.push(seat);
    });
}

#[test]
fn what_a_plan_is_worth_beside_weight_and_travel_is_counted_anew() {
    let mut earned = 0;
    for seed in 0..120 {
        let mut snapshot = with_promises(week(SMALL, seed), seed);
        for (n, row) in (0_u32..).zip(&mut snapshot.volunteers) {
            row.likes = row.kinds.iter().skip(n as usize % 2).cloned().collect();
            row.traits = ["female", "tall", "sauna"].iter().take(n as usize % 4).map(|&name| name.to_owned()).collect();
            (row.gigs_so_far, row.last_gig_days_ago) = (n % 3, (n % 5 > 0).then_some(7 * n));
            (row.max_gigs_day, row.max_gigs_week) = (row.max_gigs_day + 1, row.max_gigs_week + 3);
        }
        for (n, row) in snapshot.gigs.iter_mut().enumerate() {
            row.wishes = ["tall", "female"].iter().take(n % 3).map(|&name| name.to_owned()).collect();
        }
        // In every third the week turns at noon, in the middle of people's hours.
        let is_apart = seed % 3 > 0;
        snapshot.week_starts = vec![0, if is_apart { 48 * H } else { 36 * H }];
        let mut problem = Problem::compile(&snapshot).expect("sound");
        score::apply_pair_bonuses(&mut problem);
        let plan = planner::solve(&problem, &SolveOptions::default(), &|| Duration::ZERO, &mut |_| {});
        assert_eq!(verify::check(&snapshot, &plan), [], "seed {seed}");
        let counted = verify::bonus_s(&snapshot, &plan.assignments);
        assert!(counted.contains(&plan.bonus), "seed {seed}: {} and not {counted:?}", plan.bonus);
        assert!(!is_apart || counted.start() == counted.end(), "seed {seed}: {counted:?}");
        earned += i32::from(plan.bonus != 0);
    }
    assert!(earned > 100, "{earned} of 120 plans earn or cost something");
}

#[test]
fn a_gig_filled_by_somebody_unknown_counts_for_nothing() {
    let (snapshot, mut plan) = planned(1);
    let before = verify::tally(&snapshot, &plan);
    let gig = plan.assignments[0].gig.clone();
    plan.assignments[0].seats[0].volunteer = "nobody".into();
    let after = verify::tally(&snapshot, &plan);
    let weight = snapshot.gigs.iter().find(|row| row.id == gig).map(|row| u64::from(row.weight)).expect("in the week");
    assert_eq!((after.gigs_filled, after.weight), (before.gigs_filled - 1, before.weight - weight));
}

#[test]
fn a_crowd_in_one_gig_is_told_in_one_short_line() {
    let (snapshot, mut plan) = planned(2);
    let seat = plan.assignments[0].seats[0].clone();
    plan.assignments[0].seats = (0..100_000).map(|slot| Seat { slot, ..seat.clone() }).collect();
    let breaches = verify::check(&snapshot, &plan);
    let slots = breaches.iter().find(|breach| breach.code == "SLOTS_WRONG").expect("it is seen");
    assert!(slots.what.len() < 200 && slots.what.contains("more"), "{}", slots.what);
}

#[test]
fn wrong_starts_and_slots_are_seen() {
    assert_flags("START_NOT_POSSIBLE", |_, plan| plan.assignments[0].start += 100 * H);
    assert_flags("NOT_AVAILABLE", |_, plan| plan.assignments[0].start += 100 * H);
    assert_flags("SLOTS_WRONG", |_, plan| plan.assignments[0].seats[0].slot = 7);
    assert_flags("HALF_FILLED", |_, plan| plan.assignments[0].seats.clear());
}

#[test]
fn every_rule_between_person_and_gig_is_seen() {
    assert_flags("KIND_NOT_ACCEPTED", |snapshot, plan| first_helper(snapshot, plan).kinds.clear());
    assert_flags("NOT_ACTIVE", |snapshot, plan| first_helper(snapshot, plan).standing = Standing::Suspended);
    assert_flags("SKILL_MISSING", |snapshot, plan| first_gig(snapshot, plan).slots[0].skills.push("juggling".into()));
    assert_flags("NO_COMMON_LANGUAGE", |snapshot, plan| first_gig(snapshot, plan).languages_any = vec!["la".into()]);
    assert_flags("BELOW_MINIMUM_AGE", |snapshot, plan| first_gig(snapshot, plan).min_age = Some(120));
    assert_flags("TOO_FAR", |snapshot, plan| first_gig(snapshot, plan).place = Some(Point { lat: 65.0, lon: 25.5 }));
    assert_flags("DECLINED", |snapshot, plan| {
        let gig = first_gig(snapshot, plan).id.clone();
        first_helper(snapshot, plan).declined_gigs.push(gig);
    });
    assert_flags("BLOCKED", |snapshot, plan| {
        first_gig(snapshot, plan).seeker = Some("s9".into());
        first_helper(snapshot, plan).blocked_seekers.push("s9".into());
    });
}

#[test]
fn skill_that_runs_out_before_the_end_is_seen() {
    assert_flags("SKILL_MISSING", |snapshot, plan| {
        let end = plan.assignments[0].start + first_gig(snapshot, plan).duration_s;
        first_gig(snapshot, plan).slots[0].skills = vec!["car".into()];
        let mut held = matching::snapshot::HeldSkill::lasting("car");
        held.valid_until = Some(end - 1);
        first_helper(snapshot, plan).skills = vec![held];
    });
}

#[test]
fn every_rule_on_a_persons_week_is_seen() {
    assert_flags("DAY_FULL", |snapshot, plan| first_helper(snapshot, plan).max_gigs_day = 0);
    assert_flags("WEEK_FULL", |snapshot, plan| first_helper(snapshot, plan).max_gigs_week = 0);
    assert_flags("NOT_AVAILABLE", |snapshot, plan| first_helper(snapshot, plan).windows.clear());
    assert_flags("NO_TIME_BETWEEN", |snapshot, plan| {
        // The same work once more under another name, at the same time.
        let mut twin = first_gig(snapshot, plan).clone();
        twin.id = "twin".into();
        snapshot.gigs.push(twin);
        let assignment = Assignment { gig: "twin".into(), ..plan.assignments[0].clone() };
        plan.assignments.push(assignment);
    });
}

#[test]
fn late_return_is_seen() {
    for seed in 0..12 {
        let (mut snapshot, plan) = planned(seed);
        // Everybody's window ends with their last gig: whoever has a way home is late.
        for row in &mut snapshot.volunteers {
            let ends =
                plan.assignments.iter().filter(|one| one.seats.iter().any(|seat| seat.volunteer == row.id)).map(
                    |one| one.start + snapshot.gigs.iter().find(|gig| gig.id == one.gig).expect("known").duration_s,
                );
            let ends: Vec<i64> = ends.collect();
            for span in &mut row.windows {
                let last = ends.iter().copied().filter(|&end| span.start < end && end <= span.end).max();
                span.end = last.unwrap_or(span.end);
            }
        }
        let is_late = plan.travel_s > 0;
        assert_eq!(is_late, codes(&snapshot, &plan).contains(&"NO_TIME_BETWEEN"), "seed {seed}");
    }
}

#[test]
fn broken_promises_are_seen() {
    let mut seen = 0;
    for seed in 0..12 {
        let (snapshot, plan) = planned(seed);
        let mut promised = with_promises(snapshot, seed);
        promised.promises.retain(|promise| plan.assignment(&promise.gig).is_none());
        seen += promised.promises.len();
        let broken = codes(&promised, &plan).into_iter().filter(|code| *code == "PROMISE_BROKEN").count();
        assert_eq!(broken, promised.promises.len(), "seed {seed}");
    }
    assert!(seen > 10);
}

#[test]
fn moved_promise_is_only_accepted_where_moving_is_allowed() {
    let (mut snapshot, plan) = planned(1);
    let first = &plan.assignments[0];
    let promise =
        |state| Promise { gig: first.gig.clone(), slot: 0, volunteer: "v13".into(), start: first.start + 60, state };
    snapshot.promises = vec![promise(PromiseState::Accepted)];
    assert!(codes(&snapshot, &plan).contains(&"PROMISE_BROKEN"));
    assert_eq!(verify::check_moved(&snapshot, &plan), []);
    snapshot.promises = vec![promise(PromiseState::Started)];
    assert!(verify::check_moved(&snapshot, &plan).iter().any(|breach| breach.code == "PROMISE_BROKEN"));
}

#[test]
fn untrue_figures_are_seen() {
    assert_flags("FIGURES_WRONG", |_, plan| plan.weight += 1);
    assert_flags("FIGURES_WRONG", |_, plan| plan.travel_s -= 1);
    assert_flags("FIGURES_WRONG", |_, plan| plan.objective += 1);
    assert_flags("BOUND_WRONG", |_, plan| plan.bound = plan.objective - 1);
    assert_flags("BOUND_WRONG", |_, plan| plan.bound_weight = plan.weight - 1);
}
