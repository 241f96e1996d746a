//! Rows that sleep are woken where an answer exceeds them: then the bound is as good as with all of them from the beginning.

use std::time::Duration;

use super::{
    clock::Clock,
    draft::Draft,
    master::Master,
    parts::Goal,
    scene::{Scene, rich},
};
use crate::problem::Problem;

/// The first bound, and the one after all rows that answers exceed are woken, without any cuts.
fn woken(scene: &Scene) -> (i64, i64) {
    let clock = Clock { elapsed: &|| Duration::ZERO, deadline: Duration::from_secs(60), is_cancelled: &|| false };
    let mut master = Master::new(scene.parts(), &Draft::new(&scene.problem), 0).expect("a program");
    let solve = |master: &mut Master<'_>| {
        let relaxed = master.solve(Goal::Points, None, &clock, &|_| false).expect("an answer");
        (relaxed.bound.expect("a bound").0.points(), relaxed.answer)
    };
    let (first, mut answer) = solve(&mut master);
    let mut last = first;
    while master.cut(&answer) > 0 && master.cuts.all.is_empty() {
        (last, answer) = solve(&mut master);
    }
    (first, last)
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
