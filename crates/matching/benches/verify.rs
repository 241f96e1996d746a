//! The referee: `cargo bench -p matching --bench verify`.

mod town;

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use matching::{
    planner::{self, SolveOptions},
    problem::Problem,
    verify,
};
use town::{Size, week};

fn check(criterion: &mut Criterion) {
    for (volunteers, gigs) in [(120, 150), (1_000, 1_200)] {
        let snapshot = week(Size::usual(volunteers, gigs), 1);
        let problem = Problem::compile(&snapshot).expect("the week is sound");
        let options = SolveOptions { greedy_only: true, ..SolveOptions::default() };
        let plan = planner::solve(&problem, &options, &|| Duration::ZERO, &mut |_| {});
        criterion.bench_function(&format!("verify/{volunteers}x{gigs}"), |bench| {
            bench.iter(|| verify::check(black_box(&snapshot), black_box(&plan)));
        });
    }
}

criterion_group!(benches, check);
criterion_main!(benches);
