//! The bound of a divided week where gigs are worth more to some than to others: soft terms, and escorts that spare a way.

use std::time::Duration;

use super::{
    SolveOptions,
    caps::Caps,
    scene, solve,
    stitch::{self, Stitch},
    tests::{Dice, promised, week},
    workers::Workers,
};
use crate::{
    eligibility::cases::{CENTRE, H, snapshot, volunteer},
    plan::{Assignment, Plan, Status, WEIGHT_POINTS},
    problem::Problem,
    score,
    snapshot::{Familiar, GigRow, HeldSkill, Point, SlotRow, Snapshot, Span, VolunteerRow},
    verify,
};

fn planned(problem: &Problem, tile_volunteers: usize) -> Plan {
    let options = SolveOptions { budget: Duration::from_secs(60), tile_volunteers, ..SolveOptions::default() };
    solve(problem, &options, &|| Duration::ZERO, &mut |_| {})
}

/// The plan of the whole, proven, and that of its tiles.
fn whole_and_divided(snapshot: &Snapshot, is_soft: bool, tile_volunteers: usize) -> (Plan, Plan) {
    let mut problem = Problem::compile(snapshot).expect("sound");
    if is_soft {
        score::apply_pair_bonuses(&mut problem);
    }
    let whole = planned(&problem, tile_volunteers);
    assert_eq!(whole.status, Status::Optimal);
    problem.divided = Some(1);
    let divided = planned(&problem, tile_volunteers);
    assert_eq!(verify::check(snapshot, &divided), []);
    (whole, divided)
}

#[test]
fn soft_terms_are_in_the_bound_of_a_divided_week() {
    for seed in 0..4 {
        let mut snapshot = week(seed, 40, 46, seed % 2 == 0);
        for (n, row) in snapshot.volunteers.iter_mut().enumerate() {
            row.gigs_so_far = n as u32 % 3;
            row.last_gig_days_ago = Some(n as u32 % 30);
            row.traits = vec![format!("trait{}", n % 5)];
            row.familiar = vec![Familiar { seeker: format!("s{}", n % 7), strength_milli: 1_000 }];
        }
        for (n, row) in snapshot.gigs.iter_mut().enumerate() {
            row.seeker = Some(format!("s{}", n % 7));
            row.wishes = (0..5).filter(|wish| n >> wish & 1 == 1).map(|wish| format!("trait{wish}")).collect();
        }
        let (whole, divided) = whole_and_divided(&snapshot, true, 10);
        assert!(divided.objective <= whole.objective && whole.objective <= divided.bound, "seed {seed}");
        let loose = divided.bound - whole.objective;
        assert!(loose * 6 <= whole.objective, "seed {seed}: {loose} above {}", whole.objective);
    }
}

/// Of each of some towns: somebody who could bring a seeker to the village where their next gig is, so that only the way home is left,
/// and a neighbour of the seeker who could bring them as well, but gains nothing by it.
fn lifts(towns: usize) -> Snapshot {
    let place = |town: usize, east: f64| Point { lon: CENTRE.lon + east + town as f64 / 2.0, ..CENTRE };
    let row = |id: String, skill: &str, town: usize| VolunteerRow {
        id,
        home: Some(place(town, 0.0)),
        max_travel_s: 3 * H,
        skills: vec![HeldSkill::lasting("car"), HeldSkill::lasting(skill)],
        max_gigs_day: 4,
        max_gigs_week: 4,
        ..volunteer()
    };
    let gig = |id: String, skill: &str, at: Point, to: Option<Point>, from: i64| GigRow {
        id,
        kind: "shopping".into(),
        place: Some(at),
        destination: to,
        duration_s: H,
        windows: vec![Span::new(from, from + 2 * H)],
        slots: vec![SlotRow { skills: vec![skill.into()] }],
        weight: 1,
        ..GigRow::default()
    };
    let of_town = |town: usize| {
        let village = place(town, 0.2);
        [
            gig(format!("lift{town}"), "car", place(town, 0.0), Some(village), 9 * H),
            gig(format!("visit{town}"), "nurse", village, None, 11 * H),
        ]
    };
    snapshot(
        (0..towns).flat_map(|n| [row(format!("n{n}"), "nurse", n), row(format!("v{n}"), "driver", n)]).collect(),
        (0..towns).flat_map(of_town).collect(),
    )
}

/// What asking everybody proves at the prices of the moment.
fn asked(problem: &Problem, caps: &Caps, stitch: &mut Stitch) -> i64 {
    scene::asking(problem, caps, |all, everybody| assert!(stitch.ask(all, everybody)));
    stitch.total(problem, caps)
}

#[test]
fn an_escort_that_leaves_nothing_but_spares_a_way_is_asked_about() {
    let problem = Problem::compile(&lifts(3)).expect("sound");
    let whole = planned(&problem, 4);
    let spared = |one: &&Assignment| one.gig.starts_with("lift") && one.seats[0].volunteer.starts_with('n');
    assert_eq!(whole.assignments.iter().filter(spared).count(), 3, "who has the next gig there brings the seeker");
    let caps = Caps::new(&problem);
    let mut stitch = Stitch::new(&problem, &caps);
    for gig in (0..problem.gig_count()).filter(|&gig| problem.gigs.destination[gig].is_some()) {
        stitch.pool.set_price(gig, WEIGHT_POINTS as f64 + 60.0);
    }
    let bound = asked(&problem, &caps, &mut stitch);
    assert!(whole.objective <= bound, "{} above {bound}", whole.objective);
}

#[test]
fn no_plan_is_better_than_the_bound_at_whatever_prices() {
    let mut close = 0;
    for seed in 0..40 {
        let mut dice = Dice(seed + 9);
        let rows = week(seed, 8, 14, seed % 3 == 0);
        let rows = if seed % 2 == 0 { rows } else { promised(rows, &mut dice) };
        let mut problem = Problem::compile(&rows).expect("sound");
        if seed % 4 == 0 {
            score::apply_pair_bonuses(&mut problem);
        }
        let whole = planned(&problem, 4);
        assert_eq!(whole.status, Status::Optimal, "seed {seed}");
        assert!(whole.objective <= stitch::trivial(&problem), "seed {seed}");
        let (caps, workers) = (Caps::new(&problem), Workers::here());
        let mut stitch = Stitch::new(&problem, &caps);
        for most in [0, 3_000, 20_000, 200_000] {
            let rows = 0..stitch.pool.layout.link;
            rows.for_each(|row| stitch.pool.set_price(row, dice.roll(-most / 3, most) as f64));
            for turn in 0..4 {
                let bound = asked(&problem, &caps, &mut stitch);
                assert!(whole.objective <= bound, "seed {seed}, {most}: {} above {bound}", whole.objective);
                close += usize::from((bound - whole.objective) * 50 <= whole.objective);
                stitch.balance(&problem, &caps, 100 + 100 * turn, &workers);
            }
        }
    }
    assert!(close > 100, "{close} bounds say anything");
}

#[test]
fn everybody_at_a_gig_may_be_worth_the_most() {
    let mut snapshot = week(1, 2, 0, false);
    for row in &mut snapshot.volunteers {
        row.windows = vec![Span::new(8 * H, 16 * H)];
        row.traits = vec!["calm".into(), "tall".into()];
    }
    snapshot.gigs.push(GigRow {
        id: "call".into(),
        kind: "visit".into(),
        duration_s: H,
        windows: vec![Span::new(9 * H, 10 * H)],
        slots: vec![SlotRow::default(); 2],
        wishes: vec!["calm".into(), "tall".into()],
        weight: 1,
        ..GigRow::default()
    });
    let mut problem = Problem::compile(&snapshot).expect("sound");
    score::apply_pair_bonuses(&mut problem);
    let whole = planned(&problem, 4);
    assert!(whole.objective > WEIGHT_POINTS + 1_200, "{}", whole.objective);
    assert!(whole.objective <= stitch::trivial(&problem), "{} above {}", whole.objective, stitch::trivial(&problem));
}

#[test]
fn a_divided_week_with_promises_is_planned_and_bounded_as_the_whole() {
    let mut kept = 0;
    for seed in 0..4 {
        let snapshot = promised(week(seed, 40, 46, seed % 2 == 0), &mut Dice(seed + 3));
        let (whole, divided) = whole_and_divided(&snapshot, false, 10);
        assert!(divided.objective <= whole.objective && whole.objective <= divided.bound, "seed {seed}");
        assert!((whole.objective - divided.objective) * 20 <= whole.objective, "seed {seed}");
        assert!(whole.weight <= divided.bound_weight, "seed {seed}");
        kept += snapshot.promises.len();
    }
    assert!(kept > 20, "{kept} promises");
}

#[test]
fn a_divided_week_is_left_alone_once_the_gap_is_enough() {
    let snapshot = week(301, 60, 70, false);
    let mut problem = Problem::compile(&snapshot).expect("sound");
    problem.divided = Some(1);
    let with = |enough_gap: f64| {
        let budget = Duration::from_secs(60);
        let options = SolveOptions { budget, tile_volunteers: 15, enough_gap, ..SolveOptions::default() };
        solve(&problem, &options, &|| Duration::ZERO, &mut |_| {})
    };
    let (enough, all) = (with(0.2), with(0.0));
    assert_eq!(with(1e-6).stages.len(), all.stages.len(), "a gap of a part in a million is not reached");
    assert!(enough.gap() <= 0.2, "gap {}", enough.gap());
    assert!(enough.stages.len() < all.stages.len(), "{:?} and {:?}", enough.stages, all.stages);
    assert_eq!(verify::check(&snapshot, &enough), []);
}
