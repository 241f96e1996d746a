//! Windows with more than a search can hold are bounded all the same, and their lists are no lists.

use std::time::Duration;

use super::{
    SolveOptions,
    parts::{Goal, SCALE},
    prices::Prices,
    scene::{Scene, anybody, at_prices, gig, promise},
    solve,
};
use crate::{
    eligibility::cases::{CENTRE, H, KORIA, snapshot},
    plan::Status,
    problem::Problem,
    snapshot::{GigRow, Snapshot},
    verify,
};

/// Many gigs far away, and one at home whose name comes last.
fn far_and_near(far: usize, is_promised: bool) -> Snapshot {
    let far = (0..far).map(|n| GigRow { place: Some(KORIA), ..gig(format!("far{n:03}"), 10 * H, H) });
    let near = GigRow { place: Some(CENTRE), ..gig("near".into(), 10 * H, H) };
    let call = is_promised.then(|| gig("call".into(), 15 * H, 600));
    let rows = snapshot(vec![anybody(2)], far.chain([near]).chain(call).collect());
    let promises = if is_promised { vec![promise("call", 15 * H)] } else { Vec::new() };
    Snapshot { promises, ..rows }
}

#[test]
fn what_a_search_cannot_hold_is_bounded_and_makes_no_list() {
    for (far, is_promised) in [(130, false), (128, true)] {
        let scene = Scene::new(Problem::compile(&far_and_near(far, is_promised)).expect("sound"));
        let parts = scene.parts();
        let near = scene.problem.find_gig("near").expect("it is there") as u32;
        // A gig far away leaves ten points more, and a hundred beyond its way.
        let left = |ticket: usize| {
            let edge = scene.tickets.edge[ticket] as usize;
            let far_s = if scene.tickets.gig[ticket] == near { 0 } else { scene.problem.edges.out_s[edge] * 2 };
            (if far_s > 0 { far_s + 100 } else { 847 * 2 + 90 }) * SCALE
        };
        let cost = |_: usize, ticket: usize| parts.ticket_worth(Goal::Points, ticket) - left(ticket);
        let prices = Prices::of_tickets(&parts, &cost, &vec![0; scene.caps.all.len()]);
        at_prices(&parts, &prices, |query| {
            let best = query.of_window(0, 0).best;
            assert!(best >= (847 * 2 + 90) * SCALE, "{best}");
            assert_eq!(query.list(&[best], best), None);
        });
    }
}

#[test]
fn a_window_of_a_hundred_and_thirty_promises_is_planned() {
    let calls = (0..130).map(|n| gig(format!("p{n:03}"), 8 * H + n * 120, 120));
    let rows = snapshot(vec![anybody(200)], calls.chain([gig("q".into(), 15 * H, 600)]).collect());
    let rows = Snapshot { promises: (0..130).map(|n| promise(&format!("p{n:03}"), 8 * H + n * 120)).collect(), ..rows };
    let problem = Problem::compile(&rows).expect("sound");
    let options = SolveOptions { budget: Duration::from_secs(60), ..SolveOptions::default() };
    let plan = solve(&problem, &options, &|| Duration::ZERO, &mut |_| {});
    assert_eq!(verify::check(&rows, &plan), []);
    assert_eq!((plan.status, plan.gigs_filled, plan.bound_weight), (Status::Optimal, 131, 131));
    let scene = Scene::new(problem);
    let parts = scene.parts();
    let prices = Prices::of_tickets(&parts, &|_, _| 0, &vec![0; scene.caps.all.len()]);
    assert_eq!(at_prices(&parts, &prices, |query| query.of_window(0, 0).best), 20_000 * SCALE);
}

#[test]
fn a_window_of_more_tickets_than_a_menu_holds_is_bounded() {
    let count = crate::tour::MAX_ITEMS + 1;
    let calls =
        (0..count).map(|n| GigRow { weight: 1 + u32::from(n + 1 == count), ..gig(format!("c{n:05}"), 10 * H, 600) });
    let scene = Scene::new(Problem::compile(&snapshot(vec![anybody(1)], calls.collect())).expect("sound"));
    let parts = scene.parts();
    let prices = Prices::of_tickets(&parts, &|_, _| 0, &vec![0; scene.caps.all.len()]);
    at_prices(&parts, &prices, |query| {
        assert_eq!(query.of_window(0, 0).best, 40_000 * SCALE);
        assert_eq!(query.list(&[40_000 * SCALE], 0), None);
    });
}

#[test]
fn an_escort_that_costs_more_than_it_brings_is_worth_the_way_to_a_promise_that_it_spares() {
    let escort = GigRow { place: Some(CENTRE), destination: Some(KORIA), ..gig("escort".into(), 11 * H, H / 2) };
    let promised = GigRow { place: Some(KORIA), ..gig("promised".into(), 12 * H, H) };
    let rows = snapshot(vec![anybody(9)], vec![escort, promised]);
    let rows = Snapshot { promises: vec![promise("promised", 12 * H)], ..rows };
    let scene = Scene::new(Problem::compile(&rows).expect("sound"));
    let parts = scene.parts();
    let way_s = scene.problem.way_out_s(0, 1).expect("there is a way");
    // It costs ten points more than it is worth, and only the way home is left.
    let cost = |_: usize, ticket: usize| parts.ticket_worth(Goal::Points, ticket) + 10 * SCALE;
    let prices = Prices::of_tickets(&parts, &cost, &vec![0; scene.caps.all.len()]);
    assert_eq!(at_prices(&parts, &prices, |query| query.of_window(0, 0).best), (way_s - 10) * SCALE);
    assert!(prices.rest(&parts, Goal::Points, 0) >= (way_s - 10) * SCALE);
}
