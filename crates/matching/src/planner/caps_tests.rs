//! What caps have to sell, and what windows across midnight can hide.

use super::*;
use crate::{
    eligibility::cases::{H, snapshot, volunteer},
    snapshot::{GigRow, Snapshot, Span, VolunteerRow},
};

fn call(id: String, from: i64) -> GigRow {
    GigRow { id, kind: "shopping".into(), weight: 4, windows: vec![Span::new(from, from + 1800)], ..GigRow::default() }
}

#[test]
fn a_place_costs_its_share_of_the_week_but_no_weight() {
    let cap = Cap { room: 3, windows: vec![0], standing: 1, step_s: 100 };
    let price = 250 * SCALE;
    assert_eq!(cap.stock(price, true), (150 + 50) * SCALE);
    assert_eq!(cap.stock(price, false), 3 * price);
    assert_eq!(Cap { step_s: 0, ..cap.clone() }.stock(price, true), 3 * price);
    assert!(cap.can_cost(1) && !cap.can_cost(0) && !Cap { standing: 0, ..cap }.can_cost(1));
}

#[test]
fn a_cap_has_no_more_room_than_its_windows() {
    let room = |named: u32, gigs: i64| {
        let row = VolunteerRow {
            windows: vec![Span::new(9 * H, 12 * H), Span::new(14 * H, 15 * H)],
            max_gigs_day: named,
            max_gigs_week: named,
            ..volunteer()
        };
        let calls = (0..gigs).map(|n| call(format!("c{n}"), 9 * H + n * 900)).collect();
        let caps = Caps::new(&Problem::compile(&snapshot(vec![row], calls)).expect("sound"));
        caps.all.iter().map(|cap| cap.room).collect::<Vec<_>>()
    };
    // Half-hour calls: six fit before noon, two after.
    assert_eq!((room(u32::MAX, 20), room(7, 20), room(9, 3)), (vec![8, 8], vec![7, 7], vec![5, 5]));
}

/// A plan of nothing with bounds of nothing.
fn nothing(problem: &Problem, caps: &Caps) -> Plan {
    let plan = crate::planner::draft::Draft::new(problem).into_plan(problem, caps, 0).expect("nothing can be done");
    Plan { bound: 0, bound_weight: 0, status: Status::Optimal, ..plan }
}

/// Somebody who is free for four days on end, and six calls on each of them.
fn four_days() -> Snapshot {
    let row =
        VolunteerRow { windows: vec![Span::new(84 * H, 168 * H)], max_gigs_day: 4, max_gigs_week: 30, ..volunteer() };
    let calls = (3..7).flat_map(|day| (0..6).map(move |n| call(format!("c{day}{n}"), (24 * day + 12 + n) * H)));
    snapshot(vec![row], calls.collect())
}

#[test]
fn what_windows_over_midnight_hide_is_added_day_by_day() {
    let mut problem = Problem::compile(&four_days()).expect("sound");
    problem.edges.bonus[3] = 700;
    let caps = Caps::new(&problem);
    let mut plan = nothing(&problem, &caps);
    caps.allow_for_midnight(&problem, &mut plan);
    // Four calls on each of the four days of weight 4, whoever is at them worth 700 points more.
    assert_eq!((plan.bound, plan.bound_weight), (16 * (4 * WEIGHT_POINTS + 2 * 700), 4 * 16));
    assert_eq!(plan.status, Status::Gap);
}

#[test]
fn a_week_that_begins_at_noon_hides_as_much_as_a_day() {
    let row = VolunteerRow { max_gigs_day: 1, max_gigs_week: 1, ..volunteer() };
    let gigs = vec![call("a".into(), 10 * H), call("b".into(), 14 * H)];
    let week_starts = vec![0, 12 * H];
    let problem = Problem::compile(&Snapshot { week_starts, ..snapshot(vec![row], gigs) }).expect("sound");
    let caps = Caps::new(&problem);
    let mut plan = nothing(&problem, &caps);
    caps.allow_for_midnight(&problem, &mut plan);
    assert_eq!((plan.bound, plan.bound_weight, plan.status), (4 * WEIGHT_POINTS, 4, Status::Gap));
}
