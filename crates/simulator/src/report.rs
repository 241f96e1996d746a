//! All seeds and policies together, as lines of tab-separated fields for `cargo xtask simulate` to set.

use std::fmt::Write;
use std::num::NonZeroUsize;
use std::ops::Range;

use crate::{log::Measures, policy::Policy, run::run, setting::Setting, statistics::Estimate, world::World};

/// The results of every policy in every world.
#[derive(Debug, Clone)]
pub struct Results {
    /// The seeds of the worlds.
    pub seeds: Vec<u64>,
    /// Candidates a gig, over all worlds.
    pub candidates: f64,
    /// By policy, then by seed in the order of `seeds`.
    pub runs: Vec<(Policy, Vec<Measures>)>,
}

/// A column of the table: its code, and how it is read off a run.
type Measure = (&'static str, fn(&Measures) -> Option<f64>);

/// The columns.
const MEASURES: [Measure; 13] = [
    ("fill", |run| Some(run.fill)),
    ("fill_last_third", |run| Some(run.fill_last_third)),
    ("minutes_median", |run| Some(run.minutes_median)),
    ("minutes_p90", |run| Some(run.minutes_p90)),
    ("asks_per_filled", |run| Some(run.asks_per_filled)),
    ("asks_per_gig", |run| Some(run.asks_per_gig)),
    ("taken_per_filled", |run| Some(run.taken_per_filled)),
    ("lost", |run| Some(run.lost)),
    ("gini", |run| Some(run.gini)),
    ("top_tenth", |run| Some(run.top_tenth)),
    ("newcomers", |run| Some(run.newcomers)),
    ("calibration", |run| run.calibration),
    ("own_calibration", |run| run.own_calibration),
];

impl Results {
    /// Runs the policies in the worlds of the seeds, on all cores.
    #[must_use]
    pub fn of(setting: Setting, seeds: &[u64], policies: &[Policy]) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(seeds.len()).max(1);
        let part = |share: Range<usize>| -> Vec<(usize, f64, Vec<Measures>)> {
            let mine = share.map(|at| {
                let world = World::new(setting, seeds[at]);
                let runs = policies.iter().map(|policy| run(&world, *policy).measures()).collect();
                (at, world.mean_candidates(), runs)
            });
            mine.collect()
        };
        let mut done: Vec<(usize, f64, Vec<Measures>)> = std::thread::scope(|scope| {
            let cut = |thread: usize| thread * seeds.len() / threads;
            let workers: Vec<_> =
                (0..threads).map(|thread| scope.spawn(move || part(cut(thread)..cut(thread + 1)))).collect();
            workers
                .into_iter()
                .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        done.sort_by_key(|(at, ..)| *at);
        let candidates = done.iter().map(|(_, candidates, _)| candidates).sum::<f64>() / done.len().max(1) as f64;
        let of_policy = |number: usize| done.iter().map(|(.., runs)| runs[number].clone()).collect();
        let runs = policies.iter().enumerate().map(|(number, policy)| (*policy, of_policy(number))).collect();
        Self { seeds: seeds.to_vec(), candidates, runs }
    }

    /// One measure of a policy over the seeds.
    ///
    /// # Panics
    /// If the policy was not run.
    #[must_use]
    pub fn estimate(&self, policy: Policy, measure: fn(&Measures) -> f64) -> Estimate {
        Estimate::of(&self.values(policy, measure))
    }

    /// By how much one policy has more of a measure than another, world by world.
    ///
    /// # Panics
    /// If one of them was not run.
    #[must_use]
    pub fn difference(&self, one: Policy, other: Policy, measure: fn(&Measures) -> f64) -> Estimate {
        let pairs = self.values(one, measure).into_iter().zip(self.values(other, measure));
        Estimate::of(&pairs.map(|(one, other)| one - other).collect::<Vec<_>>())
    }

    /// How many times as much of a measure one policy has as another, world by world.
    ///
    /// # Panics
    /// If one of them was not run.
    #[must_use]
    pub fn ratio(&self, one: Policy, other: Policy, measure: fn(&Measures) -> f64) -> Estimate {
        let pairs = self.values(one, measure).into_iter().zip(self.values(other, measure));
        Estimate::of(&pairs.map(|(one, other)| one / other).collect::<Vec<_>>())
    }

    /// What the targets say of a policy beside others, as far as they were run.
    fn beside_others(&self, policy: Policy) -> Vec<(&'static str, Estimate)> {
        let was_run = |other: Policy| other != policy && self.runs.iter().any(|(known, _)| *known == other);
        let mut found = Vec::new();
        if was_run(Policy::Broadcast) {
            found.push(("asks_of_broadcast", self.ratio(policy, Policy::Broadcast, |run| run.asks_per_gig)));
            found.push(("fill_over_broadcast", self.difference(policy, Policy::Broadcast, |run| run.fill)));
        }
        if was_run(Policy::OneByOne) {
            found.push(("gini_over_one_by_one", self.difference(policy, Policy::OneByOne, |run| run.gini)));
        }
        found
    }

    fn values(&self, policy: Policy, measure: fn(&Measures) -> f64) -> Vec<f64> {
        let (_, runs) = self.runs.iter().find(|(known, _)| *known == policy).expect("the policy was run");
        runs.iter().map(measure).collect()
    }

    /// The lines.
    #[must_use]
    pub fn lines(&self) -> String {
        let mut text = format!("candidates\t{:.1}\n", self.candidates);
        for (policy, runs) in &self.runs {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "policy\t{}\t{policy}", policy.code());
            for (name, read) in MEASURES {
                let values: Vec<f64> = runs.iter().filter_map(read).collect();
                if !values.is_empty() {
                    let Estimate { mean, half_width } = Estimate::of(&values);
                    let _ = writeln!(text, "measure\t{}\t{name}\t{mean:.6}\t{half_width:.6}", policy.code());
                }
            }
            for (name, Estimate { mean, half_width }) in self.beside_others(*policy) {
                let _ = writeln!(text, "measure\t{}\t{name}\t{mean:.6}\t{half_width:.6}", policy.code());
            }
            for (seed, run) in self.seeds.iter().zip(runs) {
                let _ = writeln!(text, "seed\t{}\t{seed}\t{:.6}\t{:.6}", policy.code(), run.fill, run.asks_per_filled);
            }
            for week in 0..runs.first().map_or(0, |run| run.weeks.len()) {
                let mean = |read: fn(&(f64, f64)) -> f64| {
                    runs.iter().map(|run| read(&run.weeks[week])).sum::<f64>() / runs.len() as f64
                };
                let (fill, pool) = (mean(|week| week.0), mean(|week| week.1));
                let _ = writeln!(text, "week\t{}\t{}\t{fill:.6}\t{pool:.6}", policy.code(), week + 1);
            }
        }
        text
    }
}
