//! Why is a gig open? Each open gig of a plan in turn: `cargo bench -p matching --bench explain`.

mod town;

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use matching::{
    explain::{Schedules, explain},
    planner::{self, SolveOptions},
    problem::Problem,
};
use town::{Size, week};

fn reasons(criterion: &mut Criterion) {
    for (volunteers, gigs) in [(120, 150), (5_000, 1_000)] {
        let problem = Problem::compile(&week(Size::usual(volunteers, gigs), 1)).expect("the week is sound");
        let options = SolveOptions { greedy_only: true, ..SolveOptions::default() };
        let plan = planner::solve(&problem, &options, &|| Duration::ZERO, &mut |_| {});
        let planned = Schedules::planned(&problem, &plan);
        let open: Vec<usize> = (0..problem.gig_count()).filter(|gig| !planned.covers(*gig)).collect();
        let mut turns = open.iter().cycle();
        criterion.bench_function(&format!("explain/{volunteers} volunteers"), |bench| {
            bench.iter(|| turns.next().map(|gig| explain(black_box(&problem), *gig, &planned)));
        });
    }
}

criterion_group!(benches, reasons);
criterion_main!(benches);
