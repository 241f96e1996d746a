//! Rows that sleep are woken where an answer exceeds them: then the bound is as good as with all of them from the beginning.

use std::time::Duration;

use super::{
    clock::Clock,
    draft::Draft,
    limits::Limits,
    live::Live,
    master::{Master, Relaxed},
    parts::Goal,
    scene::{Scene, rich},
    trips::Trips,
};
use crate::problem::Problem;

/// A master that was solved once, and its answer.
fn solved<'p>(scene: &'p Scene, clock: &Clock<'_>) -> (Master<'p>, Relaxed) {
    let mut master = Master::new(scene.parts(), &Draft::new(&scene.problem), 0).expect("a program");
    let relaxed = master.solve(Goal::Points, None, clock, &|_| false).expect("an answer");
    (master, relaxed)
}

/// The first bound, and the one after all rows that answers exceed are woken, without any cuts.
fn woken(scene: &Scene) -> (i64, i64) {
    let clock = Clock { elapsed: &|| Duration::ZERO, deadline: Duration::from_secs(60), is_cancelled: &|| false };
    let points = |relaxed: &Relaxed| relaxed.bound.as_ref().expect("a bound").0.points();
    let (mut master, mut relaxed) = solved(scene, &clock);
    let first = points(&relaxed);
    while master.cut(&relaxed.answer) > 0 && master.cuts.all.is_empty() {
        relaxed = master.solve(Goal::Points, None, &clock, &|_| false).expect("an answer");
    }
    (first, points(&relaxed))
}

#[test]
fn rows_that_sleep_are_woken_where_an_answer_exceeds_them() {
    let mut looser = 0;
    for seed in 0..12 {
        let mut scene = Scene::new(Problem::compile(&rich(2 * seed, 14, 30)).expect("sound"));
        let (eager, _) = woken(&scene);
        let links: Vec<u32> = scene.rows.meetings.iter().flat_map(|meeting| meeting.links.clone()).collect();
        links.iter().for_each(|&row| scene.rows.is_dormant[row as usize] = true);
        let (first, last) = woken(&scene);
        assert!(first >= eager && last >= eager, "seed {seed}: {eager}, {first}, {last}");
        assert!(last <= eager + eager / 1_000, "seed {seed}: {eager}, {first}, {last}");
        looser += usize::from(first > eager + eager / 500);
    }
    assert!(looser > 2, "{looser}");
}

#[test]
fn plans_that_are_dead_are_worth_nothing_until_all_are_kept_again() {
    let clock = Clock { elapsed: &|| Duration::ZERO, deadline: Duration::from_secs(60), is_cancelled: &|| false };
    for seed in 0..6 {
        let scene = Scene::new(Problem::compile(&rich(2 * seed, 14, 30)).expect("sound"));
        let limits = Limits::none(&scene.parts());
        let (mut master, relaxed) = solved(&scene, &clock);
        let all = relaxed.answer.points;
        master.keep_only(&Live::new(&scene.parts(), Vec::new(), &[], &mut Trips::new(scene.problem.windows.len())));
        master.apply(&limits);
        let none = master.points(&clock).expect("an answer");
        master.keep_all();
        master.apply(&limits);
        let again = master.points(&clock).expect("an answer");
        assert!(all > 1.0 && none.abs() < 1e-6 && (again - all).abs() < 1e-3, "seed {seed}: {all}, {none}, {again}");
    }
}
