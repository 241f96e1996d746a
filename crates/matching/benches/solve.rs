//! The planner on a small town: `cargo bench -p matching --bench solve`.

mod town;

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use matching::{
    planner::{self, SolveOptions},
    problem::Problem,
};
use town::{Size, week};

fn solve(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("solve");
    group.sample_size(10);
    for (name, size) in [
        ("120x150", Size::usual(120, 150)),
        ("busy 40x150", Size { volunteers: 40, gigs: 150, busy: true }),
        ("400x480", Size::usual(400, 480)),
    ] {
        let snapshot = week(size, 1);
        group.bench_function(format!("{name}/compile"), |bench| bench.iter(|| Problem::compile(black_box(&snapshot))));
        let problem = Problem::compile(&snapshot).expect("the week is sound");
        for (step, greedy_only) in [("greedy", true), ("exact", false)] {
            let options = SolveOptions { greedy_only, ..SolveOptions::default() };
            // A clock that stands still: the search ends by itself, so every round is the same work.
            group.bench_function(format!("{name}/{step}"), |bench| {
                bench.iter(|| planner::solve(black_box(&problem), &options, &|| Duration::ZERO, &mut |_| {}));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, solve);
criterion_main!(benches);
