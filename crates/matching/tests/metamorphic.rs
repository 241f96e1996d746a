//! How the best plan must change when the week does: what is allowed more cannot make it worse, what is the same elsewhere is worth the
//! same, and what has nothing to do with each other adds up. Only plans that are proven best are compared.

#[allow(dead_code, reason = "the made-up weeks are shared with other tests")]
mod weeks;

mod size;

use std::time::Duration;

use matching::plan::{Plan, Status};
use matching::planner::{self, SolveOptions};
use matching::problem::Problem;
use matching::snapshot::{HeldSkill, Snapshot, Span, Standing};
use matching::verify;
use weeks::{DAY, Dice, SMALL, Shape, week};

fn cases() -> u64 {
    size::pick(20, 200)
}

fn best(snapshot: &Snapshot) -> Plan {
    let problem = Problem::compile(snapshot).expect("the week is sound");
    let plan = planner::solve(&problem, &SolveOptions::default(), &|| Duration::ZERO, &mut |_| {});
    assert_eq!((plan.status, plan.objective), (Status::Optimal, plan.bound));
    assert_eq!(verify::check(snapshot, &plan), []);
    plan
}

/// One change that allows more: to everybody, so that it matters somewhere.
fn never_worse(name: &str, allow: impl Fn(&mut Snapshot, &mut Dice)) {
    let mut better = 0;
    for seed in 0..cases() {
        let before = week(SMALL, seed);
        let mut after = before.clone();
        allow(&mut after, &mut Dice::new(seed));
        let (before, after) = (best(&before), best(&after));
        assert!(before.objective <= after.objective, "{name}, seed {seed}: {} {}", before.objective, after.objective);
        better += u64::from(before.objective < after.objective);
    }
    assert!(better > 0, "{name}: it never matters, so this says nothing");
}

#[test]
fn a_rule_that_asks_less_never_makes_the_best_plan_worse() {
    never_worse("no slot needs a skill", |week, _| {
        week.gigs.iter_mut().flat_map(|gig| &mut gig.slots).for_each(|slot| slot.skills.clear());
    });
    never_worse("language does not matter", |week, _| {
        week.gigs.iter_mut().for_each(|gig| gig.languages_any.clear());
    });
    never_worse("no gig has a minimum age", |week, _| week.gigs.iter_mut().for_each(|gig| gig.min_age = None));
    never_worse("nobody is kept apart", |week, _| {
        week.volunteers.iter_mut().for_each(|row| row.blocked_seekers.clear());
    });
    never_worse("nobody has said no", |week, _| {
        week.volunteers.iter_mut().for_each(|row| row.declined_gigs.clear());
    });
}

#[test]
fn people_who_can_do_more_never_make_the_best_plan_worse() {
    never_worse("everybody holds every skill", |week, _| {
        week.volunteers.iter_mut().for_each(|row| row.skills = ["car", "first_aid"].map(HeldSkill::lasting).to_vec());
    });
    never_worse("everybody accepts every kind", |week, _| {
        for row in &mut week.volunteers {
            row.kinds = ["errand", "call", "escort"].map(String::from).to_vec();
        }
    });
    never_worse("everybody is active", |week, _| {
        week.volunteers.iter_mut().for_each(|row| row.standing = Standing::Active);
    });
    never_worse("everybody goes further", |week, _| {
        week.volunteers.iter_mut().for_each(|row| row.max_travel_s += 900);
    });
}

#[test]
fn more_room_never_makes_the_best_plan_worse() {
    never_worse("one more gig a day", |week, _| week.volunteers.iter_mut().for_each(|row| row.max_gigs_day += 1));
    never_worse("one more gig a week", |week, _| week.volunteers.iter_mut().for_each(|row| row.max_gigs_week += 1));
    never_worse("wider windows of people", |week, _| {
        for span in week.volunteers.iter_mut().flat_map(|row| &mut row.windows) {
            *span = Span::new(span.start - 1_800, span.end + 1_800);
        }
    });
    never_worse("another window for every gig", |week, dice| {
        for gig in &mut week.gigs {
            let start = dice.roll(0, 2) * DAY + dice.roll(32, 60) * 900;
            gig.windows.push(Span::new(start, start + gig.duration_s));
        }
    });
    never_worse("a gig more", |week, dice| {
        let mut gig = dice.pick(&week.gigs.clone()).clone();
        gig.id = "one-more".into();
        week.gigs.push(gig);
    });
}

#[test]
fn weights_ten_times_as_great_cover_no_less_and_travel_no_less_for_it() {
    for seed in 0..cases() {
        let snapshot = week(SMALL, seed);
        let mut dear = snapshot.clone();
        dear.gigs.iter_mut().for_each(|gig| gig.weight *= 10);
        let (plan, dear) = (best(&snapshot), best(&dear));
        assert_eq!(dear.weight % 10, 0, "seed {seed}");
        // A way can be worth less than a gig only where weights are small.
        assert!(plan.weight <= dear.weight / 10, "seed {seed}");
        if plan.weight == dear.weight / 10 {
            assert_eq!(plan.travel_s, dear.travel_s, "seed {seed}");
        } else {
            assert!(plan.travel_s < dear.travel_s, "seed {seed}");
        }
    }
}

#[test]
fn gigs_that_are_the_same_but_for_their_names_are_worth_the_same() {
    for seed in 0..cases() {
        let mut snapshot = week(SMALL, seed);
        let mut dice = Dice::new(seed);
        let mut twin = dice.pick(&snapshot.gigs).clone();
        let first = twin.id.clone();
        twin.id = format!("{first}-twin");
        snapshot.gigs.push(twin.clone());
        for row in snapshot.volunteers.iter_mut().filter(|row| row.declined_gigs.contains(&first)) {
            row.declined_gigs.push(twin.id.clone());
        }
        // Only one of the two is asked for: whichever it is, nothing else changes.
        let without = |gone: &str| {
            let mut less = snapshot.clone();
            less.gigs.retain(|gig| gig.id != gone);
            best(&less)
        };
        let (a, b) = (without(&first), without(&twin.id));
        assert_eq!((a.objective, a.weight, a.travel_s), (b.objective, b.weight, b.travel_s), "seed {seed}: {first}");
        // Renaming them into each other is no change either.
        let mut swapped = snapshot.clone();
        for gig in &mut swapped.gigs {
            if gig.id == first {
                gig.id.clone_from(&twin.id);
            } else if gig.id == twin.id {
                gig.id.clone_from(&first);
            }
        }
        assert_eq!(best(&snapshot).digest, best(&swapped).digest, "seed {seed}: {first}");
    }
}

#[test]
fn parts_that_share_nobody_add_up() {
    let part = Shape { volunteers: 9, gigs: 15, ..SMALL };
    for seed in 0..cases() {
        let (mut here, mut there) = (week(part, seed), week(part, seed + 5_000));
        for (name, week) in [("here", &mut here), ("there", &mut there)] {
            for row in &mut week.volunteers {
                row.id = format!("{name}-{}", row.id);
                row.kinds.iter_mut().for_each(|kind| *kind = format!("{name}-{kind}"));
                row.declined_gigs.iter_mut().for_each(|gig| *gig = format!("{name}-{gig}"));
            }
            for gig in &mut week.gigs {
                gig.id = format!("{name}-{}", gig.id);
                gig.kind = format!("{name}-{}", gig.kind);
            }
        }
        let mut both = here.clone();
        both.volunteers.extend(there.volunteers.iter().cloned());
        both.gigs.extend(there.gigs.iter().cloned());
        let (a, b, sum) = (best(&here), best(&there), best(&both));
        assert_eq!((sum.objective, sum.weight), (a.objective + b.objective, a.weight + b.weight), "seed {seed}");
    }
}

#[test]
fn a_week_turned_around_the_pole_is_the_same_week() {
    for seed in 0..cases() {
        let snapshot = week(SMALL, seed);
        let mut turned = snapshot.clone();
        let points = turned.volunteers.iter_mut().filter_map(|row| row.home.as_mut());
        let places = turned.gigs.iter_mut().flat_map(|gig| gig.place.as_mut().into_iter().chain(&mut gig.destination));
        points.chain(places).for_each(|point| point.lon -= 40.0);
        let (a, b) = (best(&snapshot), best(&turned));
        // Metres are rounded up, and a way may be a hair longer at another longitude.
        let legs = 3 * i64::try_from(a.gigs_filled.max(b.gigs_filled)).expect("few") + 3;
        assert!((a.objective - b.objective).abs() <= legs, "seed {seed}: {} and {}", a.objective, b.objective);
    }
}

#[test]
fn one_volunteer_less_never_makes_the_best_plan_better() {
    for seed in 0..cases() {
        let snapshot = week(SMALL, seed);
        let before = best(&snapshot);
        let gone = Dice::new(seed).roll(0, snapshot.volunteers.len() as i64 - 1) as usize;
        let mut less = snapshot.clone();
        less.volunteers.remove(gone);
        assert!(best(&less).objective <= before.objective, "seed {seed}");
    }
}
