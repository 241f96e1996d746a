//! Every nearest miss is true: ten claims for each gig that the best plan leaves open, each change made by itself, and the gig can be
//! filled beside everything that stands: by the rules, and by a plan that the referee accepts.

#[allow(dead_code, reason = "the made-up weeks are shared with other tests")]
mod weeks;

mod size;

use std::collections::BTreeMap;
use std::time::Duration;

use matching::explain::{self, Change, Class, Miss, Schedules};
use matching::plan::{Plan, Status};
use matching::planner::{self, SolveOptions};
use matching::problem::Problem;
use matching::snapshot::{HeldSkill, Promise, PromiseState, Snapshot, Standing};
use matching::verify;
use weeks::{Shape, week};

/// Enough people that a gig has ten near misses, and too few for all gigs.
const TOWN: Shape = Shape { volunteers: 50, gigs: 70, days: 3, two: 20, escorts: 20 };
/// Claims looked at for each open gig.
const CLAIMS: usize = 10;

fn solved(snapshot: &Snapshot) -> Plan {
    let problem = Problem::compile(snapshot).expect("the week is sound");
    let plan = planner::solve(&problem, &SolveOptions::default(), &|| Duration::ZERO, &mut |_| {});
    assert_eq!(verify::check(snapshot, &plan), []);
    plan
}

/// The week as it stands once a plan has been applied.
fn applied(snapshot: &Snapshot, plan: &Plan) -> Snapshot {
    let promises = plan.assignments.iter().flat_map(|assignment| {
        assignment.seats.iter().map(|seat| Promise {
            gig: assignment.gig.clone(),
            slot: seat.slot,
            volunteer: seat.volunteer.clone(),
            start: assignment.start,
            state: PromiseState::Accepted,
        })
    });
    Snapshot { promises: promises.collect(), ..snapshot.clone() }
}

/// The week with the one change and no other, as a coordinator would make it.
fn changed(snapshot: &Snapshot, problem: &Problem, gig: usize, miss: &Miss) -> Snapshot {
    let mut changed = snapshot.clone();
    let wanted = snapshot.gigs.iter().find(|row| row.id == problem.gig_id(gig)).expect("a gig");
    let id = problem.volunteer_id(miss.volunteer);
    let row = changed.volunteers.iter_mut().find(|row| row.id == id).expect("a volunteer");
    match &miss.change {
        Change::Activate => row.standing = Standing::Active,
        Change::AcceptKind => row.kinds.push(wanted.kind.clone()),
        Change::HoldSkill(skill) => row.skills.push(HeldSkill::lasting(skill)),
        Change::SpeakLanguage => row.languages.push(wanted.languages_any[0].clone()),
        Change::ReachAge(years) => row.age_years = Some(*years),
        Change::GoFurther { from_s, to_s } => {
            assert_eq!(row.max_travel_s, *from_s);
            row.max_travel_s = *to_s;
        }
        Change::WidenWindow { from, to } => {
            // What the miss calls one window may be several that overlap.
            row.windows.retain(|span| !from.holds(*span));
            row.windows.push(*to);
        }
        Change::AddWindow(span) => row.windows.push(*span),
        Change::RaiseDayCap { from, to } => {
            assert_eq!(row.max_gigs_day, *from);
            row.max_gigs_day = *to;
        }
        Change::RaiseWeekCap { from, to } => {
            assert_eq!(row.max_gigs_week, *from);
            row.max_gigs_week = *to;
        }
    }
    changed
}

/// A plan of what stands and this one gig.
fn planned_alone(snapshot: &Snapshot, gig: &str) -> Plan {
    let mut alone = snapshot.clone();
    alone.gigs.retain(|row| row.id == gig || snapshot.promises.iter().any(|promise| promise.gig == row.id));
    solved(&alone)
}

#[test]
fn each_of_ten_changes_fills_the_gig_by_itself() {
    let (mut open, mut full_hands, mut claims) = (0, 0, BTreeMap::new());
    for seed in 0..size::pick(5, 50) {
        let first = week(TOWN, seed);
        let plan = solved(&first);
        let snapshot = applied(&first, &plan);
        let problem = Problem::compile(&snapshot).expect("sound");
        let standing = Schedules::standing(&problem);
        for gig in (0..problem.gig_count()).filter(|&gig| plan.assignment(problem.gig_id(gig)).is_none()) {
            let told = explain::explain(&problem, gig, &standing);
            let id = problem.gig_id(gig);
            // The best plan leaves nothing that could simply be done; one that is not proven best may.
            if told.class == Class::Assignable && plan.status != Status::Optimal {
                continue;
            }
            assert!(
                matches!(told.class, Class::NobodyEligible | Class::TooFewCandidates | Class::CappedOut),
                "seed {seed}, {id}: {:?}",
                told.class
            );
            open += 1;
            let misses = explain::nearest_misses(&problem, gig, CLAIMS);
            assert_eq!(misses[..told.misses.len()], told.misses[..], "seed {seed}, {id}");
            full_hands += usize::from(misses.len() == CLAIMS);
            for miss in &misses {
                let after = changed(&snapshot, &problem, gig, miss);
                let compiled = Problem::compile(&after).expect("sound");
                let now = explain::explain(&compiled, gig, &Schedules::standing(&compiled));
                assert_eq!(now.class, Class::Assignable, "seed {seed}, {id}: {miss:?}");
                let alone = planned_alone(&after, id);
                let done = alone.assignment(id).unwrap_or_else(|| panic!("seed {seed}, {id} is not planned: {miss:?}"));
                // With one slot, the only one who can be meant is the one who is named.
                let named = problem.volunteer_id(miss.volunteer);
                assert!(done.seats.iter().any(|seat| seat.volunteer == named), "seed {seed}, {id}: {miss:?}");
                *claims.entry(miss.change.rule().code()).or_insert(0) += 1;
            }
        }
    }
    assert!(open > 40 && full_hands > 5, "{open} open gigs, {full_hands} with {CLAIMS} claims: too easy");
    for rule in ["TOO_FAR", "KIND_NOT_ACCEPTED", "SKILL_MISSING", "NOT_AVAILABLE", "WEEK_FULL", "DAY_FULL"] {
        assert!(claims.contains_key(rule), "no claim named {rule}: {claims:?}");
    }
}
