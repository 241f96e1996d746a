//! Plans against peers: every engine on every week, and what comes out side by side.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::engine::Engine;
use super::options::Options;
use super::run::{self, Outcome, Worth};
use super::tools::Tools;
use super::week::{self, Week};

/// One engine's run on one week.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    pub(super) week: Week,
    pub(super) engine: Engine,
    pub(super) outcome: Outcome,
}

/// All runs, and what could not be run.
#[derive(Debug, Default)]
pub(super) struct Results {
    pub(super) runs: Vec<Measured>,
    pub(super) left_out: Vec<String>,
}

/// Runs every engine on every week, one after the other.
pub(super) fn measure(options: &Options, tools: &Tools, folder: &Path) -> Result<Results> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut results = Results::default();
    for week in week::all(options, tools, folder)? {
        let mut proven = false;
        for engine in Engine::all(options, week.volunteers) {
            // More time adds nothing to a proof.
            if engine.is_ours() && proven {
                continue;
            }
            let plan = folder.join("plan.json");
            let (command, seconds) = match engine.command(options, tools, &week.file, &plan) {
                Ok(started) => started,
                Err(why) => {
                    let line = format!("{}: {why}", engine.family());
                    if !results.left_out.contains(&line) {
                        results.left_out.push(line);
                    }
                    continue;
                }
            };
            let outcome = run::run(tools, &week.file, &plan, seconds, &command)?;
            proven |= engine.is_ours() && outcome.status.as_deref() == Some("optimal");
            eprintln!("bench: {}: {engine}: {}", week.name(), told(&outcome));
            results.runs.push(Measured { week: week.clone(), engine, outcome });
        }
    }
    Ok(results)
}

/// One line for the person who waits.
fn told(outcome: &Outcome) -> String {
    let cost =
        format!("{:.2} s wall, {:.2} s CPU, {:.0} MiB", outcome.wall_ms / 1e3, outcome.cpu_ms / 1e3, outcome.peak_mib);
    match &outcome.plan {
        Some(plan) => {
            let gap = outcome.gap().map_or(String::new(), |gap| format!(", gap {:.3} %", gap * 100.0));
            let status = outcome.status.as_deref().map_or(String::new(), |status| format!(" ({status})"));
            format!(
                "weight {}, travel {} s{gap}{status}; {cost}; {} rules broken",
                plan.weight,
                plan.travel_s,
                outcome.broken.len()
            )
        }
        None => format!("no plan; {cost}"),
    }
}

impl Results {
    /// Labels of the weeks, in the order of the run.
    pub(super) fn labels(&self) -> Vec<&str> {
        let mut labels: Vec<&str> = Vec::new();
        for run in &self.runs {
            if !labels.contains(&run.week.label.as_str()) {
                labels.push(&run.week.label);
            }
        }
        labels
    }

    /// Runs on weeks of a label.
    pub(super) fn of<'a>(&'a self, label: &'a str) -> impl Iterator<Item = &'a Measured> + Clone {
        self.runs.iter().filter(move |run| run.week.label == label)
    }

    /// Engines that ran on weeks of a label.
    pub(super) fn engines(&self, label: &str) -> Vec<Engine> {
        let mut engines: Vec<Engine> = self.of(label).map(|run| run.engine).collect();
        engines.sort_unstable();
        engines.dedup();
        engines
    }

    /// keikka's last run on the same week: the one with most time.
    pub(super) fn ours<'a>(&'a self, run: &Measured) -> Option<&'a Measured> {
        self.runs.iter().rfind(|other| other.engine.is_ours() && other.week.file == run.week.file)
    }

    /// keikka's last run on each week of a label.
    pub(super) fn ours_of<'a>(&'a self, label: &'a str) -> Vec<&'a Measured> {
        let mut last: Vec<&Measured> = Vec::new();
        for run in self.of(label).filter(|run| run.engine.is_ours()) {
            last.retain(|known| known.week.file != run.week.file);
            last.push(run);
        }
        last
    }

    /// A plan's weight as a share of the most weight that any plan of the week can have.
    pub(super) fn of_bound(&self, run: &Measured) -> Option<f64> {
        let bound = self.ours(run)?.outcome.bound_weight.filter(|bound| *bound > 0.0)?;
        Some(run.outcome.plan.as_ref()?.weight / bound)
    }

    /// keikka's figure over this run's, for a figure of the plans.
    pub(super) fn ours_over(&self, run: &Measured, figure: fn(&Worth) -> f64) -> Option<f64> {
        let theirs = figure(run.outcome.plan.as_ref()?);
        Some(figure(self.ours(run)?.outcome.plan.as_ref()?) / theirs).filter(|ratio| ratio.is_finite())
    }

    /// Possible plans that are better than keikka says any plan can be: none, or a bound is false.
    pub(super) fn above_a_bound(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for ours in self.runs.iter().filter(|run| run.engine.is_ours()) {
            let outcome = &ours.outcome;
            let (bound, most) = (outcome.bound.unwrap_or(f64::MAX), outcome.bound_weight.unwrap_or(f64::MAX));
            for other in self.sound_on(ours) {
                if other.1.objective > bound || other.1.weight > most {
                    lines.push(format!("{}: {} is above the bound of {}", ours.week.name(), other.0, ours.engine));
                }
            }
        }
        lines
    }

    /// Weeks on which another engine covers more weight than keikka's last run.
    pub(super) fn outweighed(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for ours in self.labels().into_iter().flat_map(|label| self.ours_of(label)) {
            let weight = ours.outcome.plan.as_ref().map_or(0.0, |plan| plan.weight);
            for (engine, plan) in self.sound_on(ours).filter(|(engine, plan)| !engine.is_ours() && plan.weight > weight)
            {
                lines.push(format!("{}: {engine} covers {}, keikka {weight}", ours.week.name(), plan.weight));
            }
        }
        lines
    }

    /// Every possible plan of the same week.
    fn sound_on<'a>(&'a self, run: &'a Measured) -> impl Iterator<Item = (Engine, &'a Worth)> {
        let same = self.runs.iter().filter(|other| other.week.file == run.week.file && other.outcome.broken.is_empty());
        same.filter_map(|other| Some((other.engine, other.outcome.plan.as_ref()?)))
    }

    /// How many times longer the run took than keikka until it had a plan at least as good. Nothing for a run that used all the time
    /// it was given.
    pub(super) fn times_longer(&self, run: &Measured) -> Option<f64> {
        if run.outcome.limited {
            return None;
        }
        let objective = run.outcome.plan.as_ref()?.objective;
        let stages = &self.ours(run)?.outcome.stages;
        let as_good = stages.iter().find(|stage| stage.objective >= objective)?;
        Some(run.outcome.compared_ms() / as_good.elapsed_ms.max(1.0))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::path::PathBuf;
    use std::time::Duration;

    use super::super::options::{Shape, Size};
    use super::super::run::Stage;
    use super::*;

    /// A run with made-up figures.
    pub(in crate::bench) fn run(seed: u32, engine: Engine, weight: f64, ms: f64) -> Measured {
        let size = Size { shape: Shape::Usual, volunteers: 120, gigs: 150 };
        let objective = weight * 20_000.0 - 1_000.0;
        let stage =
            |elapsed_ms: f64, short: f64| Stage { elapsed_ms, objective: objective - short, bound: Some(objective) };
        let outcome = Outcome {
            plan: Some(Worth { weight, total: weight * 1.2, gigs: 5.0, travel_s: 1_000.0, objective }),
            wall_ms: ms * 1.5,
            cpu_ms: ms,
            peak_mib: 20.0,
            status: engine.is_ours().then(|| "optimal".to_owned()),
            bound: engine.is_ours().then_some(objective),
            bound_weight: engine.is_ours().then_some(weight),
            stages: if engine.is_ours() { vec![stage(ms / 10.0, 30_000.0), stage(ms, 0.0)] } else { vec![] },
            ..Outcome::default()
        };
        let file = PathBuf::from(format!("{seed}.json"));
        Measured {
            week: Week { label: size.to_string(), size: Some(size), seed: Some(seed), volunteers: 120, file },
            engine,
            outcome,
        }
    }

    /// keikka and VROOM on two seeds.
    pub(in crate::bench) fn results() -> Results {
        let ours = Engine::Keikka(Duration::from_secs(1));
        let runs = vec![
            run(1, ours, 100.0, 100.0),
            run(1, Engine::Vroom(5), 95.0, 1_000.0),
            run(2, ours, 50.0, 50.0),
            run(2, Engine::Vroom(5), 49.0, 500.0),
        ];
        Results { runs, left_out: vec![] }
    }

    #[test]
    fn each_week_is_compared_with_its_own_best() {
        let results = results();
        assert_eq!(results.of_bound(&results.runs[1]), Some(0.95));
        assert_eq!(results.of_bound(&results.runs[3]), Some(0.98));
        assert_eq!(results.ours_over(&results.runs[3], |plan| plan.weight), Some(50.0 / 49.0));
        assert_eq!(results.ours_of("120 x 150").len(), 2);
    }

    #[test]
    fn a_plan_above_a_bound_or_heavier_than_ours_is_named() {
        let mut results = results();
        assert_eq!((results.above_a_bound(), results.outweighed()), (vec![], vec![]));
        results.runs[1] = run(1, Engine::Vroom(5), 101.0, 1_000.0);
        assert_eq!(results.above_a_bound(), ["120 x 150, seed 1: VROOM -x 5 is above the bound of keikka, 1 s"]);
        assert_eq!(results.outweighed(), ["120 x 150, seed 1: VROOM -x 5 covers 101, keikka 100"]);
        results.runs[1].outcome.broken.push("v1 is at two places".to_owned());
        assert_eq!((results.above_a_bound(), results.outweighed()), (vec![], vec![]), "an impossible plan is no plan");
    }

    #[test]
    fn time_counts_until_a_plan_as_good() {
        let results = results();
        // 95 is reached by the first stage, 100 x less time; 49 only by the second, as the first is 1.5 short.
        assert_eq!(results.times_longer(&results.runs[1]), Some(100.0));
        assert_eq!(results.times_longer(&results.runs[3]), Some(10.0));
        let mut limited = results.runs[3].clone();
        limited.outcome.limited = true;
        assert_eq!(results.times_longer(&limited), None, "a limit is no speed");
    }
}
