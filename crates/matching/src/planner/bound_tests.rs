//! No plan is above its bound and none is overlooked, whatever prices, cuts and limits there are: against trying every set of tickets.

use std::time::Duration;

use super::{
    SolveOptions,
    bound::Bound,
    cuts::{self, Cuts, Entries},
    limits::{Decision, Limits},
    live::Live,
    parts::{Goal, Parts, SCALE},
    prices::Prices,
    pricing::{Found, Query},
    scene::{Scene, rich},
    solve,
    tests::Dice,
    tickets::NONE,
    trips::{Trip, Trips, worth},
};
use crate::{
    plan::{Plan, WEIGHT_POINTS},
    problem::Problem,
    score,
};

fn scene(seed: u64) -> (Scene, Plan) {
    let mut problem = Problem::compile(&rich(seed, 6, 14)).expect("sound");
    if seed % 4 < 2 {
        score::apply_pair_bonuses(&mut problem);
    }
    let options = SolveOptions { budget: Duration::from_secs(60), ..SolveOptions::default() };
    let plan = solve(&problem, &options, &|| Duration::ZERO, &mut |_| {});
    (Scene::new(problem), plan)
}

/// Cuts that some made-up shares break.
fn some_cuts(parts: &Parts<'_>, dice: &mut Dice) -> Cuts {
    let mut columns: Vec<(Entries, f64)> = Vec::new();
    let mut share = |most: i64| dice.roll(0, most) as f64 / 10.0;
    for window in (0..parts.problem.windows.len()).filter(|&window| parts.rows.of_window[window] != NONE) {
        let range = parts.tickets.of_window.range(window);
        for ticket in range.filter(|&ticket| parts.tickets.is_alive[ticket]) {
            columns.push((cuts::trip_entries(parts, window, &[ticket as u32]), share(7)));
        }
    }
    columns.extend((0..parts.rows.meetings.len()).map(|at| (cuts::meeting_entries(parts, at), share(9))));
    let mut all = Cuts::new(parts.rows);
    all.separate(parts, &columns);
    all
}

fn some_prices(parts: &Parts<'_>, cuts: &Cuts, limits: &Limits, dice: &mut Dice) -> Prices {
    let most = [0, 900, 6_000, 40_000][dice.roll(0, 3) as usize];
    let rows = parts.rows.count + cuts.all.len();
    let duals: Vec<f64> =
        (0..rows).map(|_| dice.roll(-most / 3, most) as f64 + dice.roll(0, 99) as f64 / 100.0).collect();
    Prices::new(parts, cuts, limits, &duals)
}

fn query<'a>(
    parts: &'a Parts<'a>,
    goal: Goal,
    prices: &'a Prices,
    limits: &'a Limits,
    trips: &'a Trips,
) -> Query<'a, 'a> {
    Query { parts, goal, prices, limits, trips, is_in: &[], most: 2 }
}

/// True decisions about a plan.
fn decisions(parts: &Parts<'_>, plan: &Plan, dice: &mut Dice) -> Vec<Decision> {
    let problem = parts.problem;
    let start = |gig: u32| {
        plan.assignment(problem.gig_id(gig as usize))
            .filter(|one| one.seats.iter().any(|seat| seat.promised.is_none()))
            .map(|one| one.start)
    };
    let mut all = Vec::new();
    for _ in 0..dice.roll(0, 4) {
        let slacks = &parts.rows.gig_slacks;
        match dice.roll(0, 3) {
            0 if !slacks.is_empty() => {
                let (_, gig) = slacks[dice.roll(0, slacks.len() as i64 - 1) as usize];
                all.push(Decision::Gig(gig, start(gig).is_some()));
            }
            1 if !parts.rows.meetings.is_empty() => {
                let at = dice.roll(0, parts.rows.meetings.len() as i64 - 1) as usize;
                let meeting = &parts.rows.meetings[at];
                let is_held = start(meeting.gig) == Some(problem.gigs.starts.flat()[meeting.number as usize]);
                all.push(Decision::Meeting(at as u32, is_held));
            }
            _ if problem.edges.len() > 0 => {
                // Somebody of the plan, or anybody.
                let held = |edge: usize| {
                    let (window, gig) = (problem.edges.window[edge], problem.edges.gig[edge]);
                    let id = problem.volunteer_id(problem.edges.volunteer(problem, edge));
                    let is_theirs = plan.assignment(problem.gig_id(gig as usize)).is_some_and(|one| {
                        one.seats.iter().any(|seat| seat.volunteer == id && seat.promised.is_none())
                    });
                    let span = problem.windows.span[window as usize];
                    (window, gig, is_theirs && start(gig).is_some_and(|start| span.start <= start && start < span.end))
                };
                let is_of_plan = dice.roll(0, 1) > 0;
                let edges: Vec<(u32, u32, bool)> =
                    (0..problem.edges.len()).map(held).filter(|held| held.2 || !is_of_plan).collect();
                if let Some(&(window, gig, is)) = edges.get(dice.roll(0, edges.len().max(1) as i64 - 1) as usize) {
                    all.push(Decision::Pair(window, gig, is));
                }
            }
            _ => {}
        }
    }
    all
}

#[test]
fn no_plan_is_above_the_bound_of_its_branch_at_whatever_prices_and_cuts() {
    let (mut cut, mut decided) = (0, 0);
    for seed in 0..48 {
        let (scene, plan) = scene(seed);
        let parts = scene.parts();
        let trips = Trips::new(scene.problem.windows.len());
        let mut dice = Dice(seed + 3);
        for turn in 0..24 {
            let cuts = if turn % 2 == 0 { Cuts::new(parts.rows) } else { some_cuts(&parts, &mut dice) };
            let decisions = decisions(&parts, &plan, &mut dice);
            (cut, decided) = (cut + cuts.all.len(), decided + decisions.len());
            let limits = Limits::new(&parts, &decisions);
            let prices = some_prices(&parts, &cuts, &limits, &mut dice);
            for (goal, reached) in [(Goal::Points, plan.objective), (Goal::Weight, plan.weight as i64 * WEIGHT_POINTS)]
            {
                let offers = query(&parts, goal, &prices, &limits, &trips).ask(None);
                let bound = Bound::new(&parts, goal, &prices, &limits, &offers).map(|bound| bound.scaled);
                let of = format!("seed {seed}, turn {turn}, {goal:?}, {decisions:?}: {bound:?}");
                assert!(bound.is_some_and(|bound| bound >= reached * SCALE), "{of} is below {}", reached * SCALE);
            }
        }
    }
    assert!(cut > 2_000 && decided > 1_000, "{cut} cuts and {decided} decisions");
}

/// Every set of tickets of a window that can be done, with its gain and its least travel.
fn every_set(query: &Query<'_, '_>, window: usize) -> Vec<(i64, Vec<u32>, i64)> {
    let parts = query.parts;
    let alive: Vec<u32> = parts
        .tickets
        .of_window
        .range(window)
        .filter(|&ticket| parts.tickets.is_alive[ticket])
        .map(|ticket| ticket as u32)
        .collect();
    let mut all = Vec::new();
    let mut sets: Vec<Vec<u32>> = vec![Vec::new()];
    for _ in 0..parts.caps.window_room[window] {
        let mut wider = Vec::new();
        for set in &sets {
            let is_new = |&&ticket: &&u32| {
                let gig = |ticket: u32| parts.tickets.gig[ticket as usize];
                set.last().is_none_or(|&last| last < ticket) && set.iter().all(|&other| gig(other) != gig(ticket))
            };
            for &ticket in alive.iter().filter(is_new) {
                let set: Vec<u32> = set.iter().copied().chain([ticket]).collect();
                if let Some(extra_s) = parts.menus.extra_s(parts.problem, parts.tickets, window, &set) {
                    let (value, weight) = worth(parts.problem, parts.tickets, &set, extra_s);
                    let gain = query.prices.gain(parts, query.goal, Trip { window, tickets: &set, value, weight });
                    all.push((gain, set.clone(), extra_s));
                }
                wider.push(set);
            }
        }
        sets = wider;
    }
    all
}

#[test]
fn windows_offer_and_list_what_trying_every_set_finds() {
    let (mut compared, mut listed) = (0, 0);
    for seed in 0..48 {
        let (scene, plan) = scene(seed);
        let parts = scene.parts();
        let trips = Trips::new(scene.problem.windows.len());
        let mut dice = Dice(seed + 4);
        let is_small = |window: &usize| parts.tickets.of_window.range(*window).len() <= 12;
        let windows: Vec<usize> = (0..scene.problem.windows.len()).filter(is_small).collect();
        for turn in 0..6 {
            let cuts = if turn % 2 == 0 { Cuts::new(parts.rows) } else { some_cuts(&parts, &mut dice) };
            let decisions = if turn < 3 { decisions(&parts, &plan, &mut dice) } else { Vec::new() };
            let limits = Limits::new(&parts, &decisions);
            let prices = some_prices(&parts, &cuts, &limits, &mut dice);
            for goal in [Goal::Points, Goal::Weight] {
                let query = query(&parts, goal, &prices, &limits, &trips);
                for &window in &windows {
                    let of = format!("seed {seed}, turn {turn}, window {window}, {goal:?}");
                    let all = every_set(&query, window);
                    let best = all.iter().map(|one| one.0).max().unwrap_or(0).max(0);
                    let offer = query.of_window(window, 0);
                    assert!(prices.rest(&parts, goal, window) >= best, "{of}");
                    if limits.required.contains_key(&(window as u32)) {
                        let allowed = all.iter().filter(|one| limits.allows(&parts, window, &one.1));
                        assert_eq!(offer.allowed, allowed.map(|one| one.0).max(), "{of}");
                    } else {
                        assert_eq!(offer.best, best, "{of}");
                    }
                    compared += usize::from(best > 0);
                }
                if goal == Goal::Points && decisions.is_empty() {
                    listed += lists(&query, &windows, &mut dice, &format!("seed {seed}, turn {turn}"));
                }
            }
        }
    }
    assert!(compared > 2_000 && listed > 2_000, "{compared} windows gain anything, {listed} plans listed");
}

/// The list of all plans that lose no more than one of them, against every set.
fn lists(query: &Query<'_, '_>, windows: &[usize], dice: &mut Dice, of: &str) -> usize {
    let sets: Vec<Vec<(i64, Vec<u32>, i64)>> = windows.iter().map(|&window| every_set(query, window)).collect();
    let best: Vec<i64> = query.ask(None).into_iter().map(|offer| offer.best).collect();
    let losses: Vec<i64> = windows
        .iter()
        .zip(&sets)
        .flat_map(|(&window, sets)| sets.iter().map(move |one| (window, one.0)))
        .map(|(window, gain)| best[window] - gain)
        .collect();
    if losses.is_empty() {
        return 0;
    }
    let slack = losses[dice.roll(0, losses.len() as i64 - 1) as usize];
    let found = query.list(&best, slack).expect("few");
    let mut trips = Trips::new(best.len());
    // Some of them are known already.
    let known: Vec<(usize, &Found)> = found
        .iter()
        .step_by(3)
        .map(|one| (trips.add(query.parts, one.window as usize, &one.tickets, one.extra_s), one))
        .collect();
    let mut live = Live::new(query.parts, found.clone(), &best, &mut trips);
    assert_eq!(trips.len(), found.len(), "{of}");
    assert!(known.iter().all(|&(number, one)| trips.get(number).tickets == one.tickets), "{of}");
    for (&window, sets) in windows.iter().zip(&sets) {
        let mut own: Vec<(Vec<u32>, i64)> = found
            .iter()
            .filter(|one| one.window as usize == window)
            .map(|one: &Found| (one.tickets.clone(), one.extra_s))
            .collect();
        own.sort_unstable();
        let mut all: Vec<(Vec<u32>, i64)> =
            sets.iter().filter(|one| one.0 >= best[window] - slack).map(|one| (one.1.clone(), one.2)).collect();
        all.sort_unstable();
        assert_eq!(own, all, "{of}, window {window}");
        let mut listed: Vec<&[u32]> =
            live.of_window(window).iter().map(|&trip| trips.get(trip as usize).tickets).collect();
        listed.sort_unstable();
        assert!(listed.into_iter().eq(own.iter().map(|one| &one.0)), "{of}, window {window}");
    }
    let less = losses[dice.roll(0, losses.len() as i64 - 1) as usize].min(slack);
    live.narrow(less);
    for (&window, sets) in windows.iter().zip(&sets) {
        let count = sets.iter().filter(|one| one.0 >= best[window] - less).count();
        assert_eq!(live.of_window(window).len(), count, "{of}, window {window}, narrowed");
    }
    found.len()
}
