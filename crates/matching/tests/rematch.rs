//! A rematch respects what stands: nothing changes where nothing changed, little changes where little changed, and what a broken promise
//! buys is told in order. And what must not matter does not: a second town far away, other names.

#[allow(dead_code, reason = "the made-up weeks are shared with other tests")]
mod weeks;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use matching::plan::{Assignment, Plan, Status, WEIGHT_POINTS};
use matching::planner::{self, SolveOptions};
use matching::problem::{CompileOptions, Problem};
use matching::snapshot::{Promise, PromiseState, Snapshot};
use matching::{starts, verify};
use weeks::{DAY, Dice, Shape, week};

/// A town of some size, with few enough gigs that every week is proven at once.
const TOWN: Shape = Shape { volunteers: 24, gigs: 40, days: 4, two: 15, escorts: 15 };
/// Weeks on which nothing may change.
const UNCHANGED: u64 = 100;
/// Weeks for the other properties.
const CASES: u64 = 40;

#[expect(clippy::disallowed_methods, reason = "a test is an edge: the budget is measured on the real clock")]
fn solve_with(snapshot: &Snapshot, options: CompileOptions) -> Plan {
    let problem = Problem::compile_with(snapshot, options).expect("the week is sound");
    let began = Instant::now();
    let search = SolveOptions { budget: Duration::from_secs(60), ..SolveOptions::default() };
    let mut plan = planner::solve(&problem, &search, &|| began.elapsed(), &mut |_| {});
    starts::round(&problem, &mut plan);
    assert_eq!(plan.status, Status::Optimal, "gap {}", plan.gap());
    plan
}

fn solve(snapshot: &Snapshot) -> Plan {
    solve_with(snapshot, CompileOptions::default())
}

fn moving(promise_cost_s: u32) -> CompileOptions {
    CompileOptions { allow_moving_promises: true, promise_cost_s, ..CompileOptions::default() }
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

/// Gig, start, and who helps in which slot.
type Standing = BTreeMap<String, (i64, Vec<(usize, String)>)>;

fn standing(assignments: &[Assignment]) -> Standing {
    let who = |one: &Assignment| one.seats.iter().map(|seat| (seat.slot, seat.volunteer.clone())).collect();
    assignments.iter().map(|one| (one.gig.clone(), (one.start, who(one)))).collect()
}

/// The gigs that differ between two plans.
fn changed(before: &Plan, after: &Plan) -> Vec<String> {
    let (before, after) = (standing(&before.assignments), standing(&after.assignments));
    let mut gigs: Vec<String> = before.keys().chain(after.keys()).cloned().collect();
    gigs.sort_unstable();
    gigs.dedup();
    gigs.retain(|gig| before.get(gig) != after.get(gig));
    gigs
}

#[test]
fn an_unchanged_week_stays_as_it_is() {
    for seed in 0..UNCHANGED {
        let snapshot = week(TOWN, seed);
        let first = solve(&snapshot);
        let stands = applied(&snapshot, &first);
        assert_eq!(changed(&first, &solve(&stands)), Vec::<String>::new(), "seed {seed}");
        let free = solve_with(&stands, moving(CompileOptions::default().promise_cost_s));
        assert_eq!(changed(&first, &free), Vec::<String>::new(), "seed {seed}, with leave to move");
    }
}

#[test]
fn a_small_change_changes_little_and_breaks_no_promise() {
    for seed in 0..CASES {
        let snapshot = week(TOWN, seed);
        let first = solve(&snapshot);
        let Some(gone) = first.assignments.first().map(|one| one.seats[0].volunteer.clone()) else { continue };
        let mut stands = applied(&snapshot, &first);
        // One volunteer leaves; what they promised is open again, and so is their partner's half.
        let touched: Vec<String> =
            stands.promises.iter().filter(|promise| promise.volunteer == gone).map(|one| one.gig.clone()).collect();
        stands.promises.retain(|promise| !touched.contains(&promise.gig));
        stands.volunteers.retain(|row| row.id != gone);
        let second = solve(&stands);
        assert_eq!(verify::check(&stands, &second), [], "seed {seed}: an accepted promise was moved");
        let differ = changed(&first, &second);
        assert!(differ.len() <= 3 * touched.len(), "seed {seed}: {differ:?} for {touched:?}");
    }
}

#[test]
fn the_dearer_a_promise_the_fewer_are_broken_and_the_more_its_breaking_buys() {
    let mut broken_at_nothing = 0;
    for seed in 0..CASES {
        let snapshot = week(TOWN, seed);
        let mut stands = applied(&snapshot, &solve(&snapshot));
        // Half of the week was promised badly: by others than the best.
        let mut dice = Dice::new(seed);
        let (keep, open): (Vec<Promise>, Vec<Promise>) = stands.promises.drain(..).partition(|_| dice.chance(60));
        let open: Vec<String> = open.into_iter().map(|promise| promise.gig).collect();
        stands.promises = keep.into_iter().filter(|promise| !open.contains(&promise.gig)).collect();
        for row in &mut stands.volunteers {
            row.max_gigs_week = row.max_gigs_week.min(2);
        }
        let broken = |plan: &Plan| {
            let kept = standing(&plan.assignments);
            // Who stays is what a promise costs; a start may shift within the gig's windows where moving is allowed.
            let keeps = |promise: &&Promise| {
                kept.get(&promise.gig)
                    .is_some_and(|(_, seats)| seats.iter().any(|(_, volunteer)| *volunteer == promise.volunteer))
            };
            stands.promises.len() - stands.promises.iter().filter(keeps).count()
        };
        let points: Vec<(usize, i64)> = [400_000, 60_000, 20_000, 3_600, 0]
            .map(|cost| {
                let plan = solve_with(&stands, moving(cost));
                assert_eq!(verify::check_moved(&stands, &plan), [], "seed {seed} at {cost}");
                (broken(&plan), plan.weight as i64 * WEIGHT_POINTS - plan.travel_s)
            })
            .to_vec();
        for pair in points.windows(2) {
            assert!(pair[0].0 <= pair[1].0, "seed {seed}: cheaper promises are not kept more often: {points:?}");
            assert!(pair[0].1 <= pair[1].1, "seed {seed}: cheaper promises buy less: {points:?}");
        }
        broken_at_nothing += points[points.len() - 1].0;
    }
    assert!(broken_at_nothing > 0, "no week offers anything for a broken promise: the property says nothing");
}

#[test]
fn a_second_town_far_away_doubles_everything() {
    for seed in 0..CASES {
        let one = week(TOWN, seed);
        let mut both = one.clone();
        let far = |name: &str| format!("far-{name}");
        for row in &one.volunteers {
            let mut row = row.clone();
            row.id = far(&row.id);
            row.kinds.iter_mut().chain(&mut row.declined_gigs).for_each(|name| *name = far(name));
            row.home.iter_mut().for_each(|home| home.lon += 15.0);
            both.volunteers.push(row);
        }
        for row in &one.gigs {
            let mut row = row.clone();
            (row.id, row.kind) = (far(&row.id), far(&row.kind));
            row.place.iter_mut().chain(&mut row.destination).for_each(|place| place.lon += 15.0);
            both.gigs.push(row);
        }
        let (alone, together) = (solve(&one), solve(&both));
        assert_eq!((together.weight, together.gigs_filled), (2 * alone.weight, 2 * alone.gigs_filled), "seed {seed}");
        // Metres are rounded up, and the same way may be a hair longer at another longitude.
        let legs = 3 * i64::try_from(together.gigs_filled).expect("few");
        assert!((together.travel_s - 2 * alone.travel_s).abs() <= legs, "seed {seed}");
    }
}

#[test]
fn other_names_make_the_same_plan() {
    for seed in 0..CASES {
        let one = week(TOWN, seed);
        let mut other = one.clone();
        let turned = |letter: &str, id: &str| format!("{letter}{}", 99 - id[1..].parse::<i32>().expect("a number"));
        for row in &mut other.volunteers {
            row.id = turned("x", &row.id);
            row.declined_gigs.iter_mut().for_each(|gig| *gig = turned("y", gig));
        }
        other.gigs.iter_mut().for_each(|row| row.id = turned("y", &row.id));
        let (a, b) = (solve(&one), solve(&other));
        assert_eq!((a.objective, a.weight, a.bound), (b.objective, b.weight, b.bound), "seed {seed}");
    }
}

#[test]
fn a_day_later_is_the_same_week() {
    for seed in 0..CASES {
        let one = week(TOWN, seed);
        let mut later = one.clone();
        let shift = 7 * DAY;
        later.day_starts.iter_mut().chain(&mut later.week_starts).for_each(|start| *start += shift);
        for row in &mut later.volunteers {
            row.windows.iter_mut().for_each(|span| (span.start, span.end) = (span.start + shift, span.end + shift));
            row.skills.iter_mut().filter_map(|held| held.valid_until.as_mut()).for_each(|until| *until += shift);
        }
        for row in &mut later.gigs {
            row.windows.iter_mut().for_each(|span| (span.start, span.end) = (span.start + shift, span.end + shift));
            row.agreed_start.iter_mut().for_each(|start| *start += shift);
        }
        assert_eq!(solve(&one).objective, solve(&later).objective, "seed {seed}");
    }
}
