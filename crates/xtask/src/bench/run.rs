//! One engine on one week: started, measured and judged by `tests/peers/measure.py`, and judged again by `keikka verify`.

use std::path::Path;
use std::process::Command;
use std::str::FromStr;

use anyhow::{Context, Result};

use super::tools::Tools;
use crate::process;

/// A step of keikka's search, from the plan's certificate.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stage {
    pub(super) elapsed_ms: f64,
    pub(super) objective: f64,
    pub(super) bound: Option<f64>,
}

/// What one run cost and what its plan is worth. Worth is by the referee, never by the engine.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Outcome {
    /// Nothing if the program failed or was killed.
    pub(super) plan: Option<Worth>,
    pub(super) wall_ms: f64,
    pub(super) cpu_ms: f64,
    pub(super) peak_mib: f64,
    /// CPU time of a peer's own solve call, without the Python around it.
    pub(super) engine_ms: Option<f64>,
    /// Broken rules, by either judge.
    pub(super) broken: Vec<String>,
    /// What keikka claims: `optimal`, `gap`, `budget`, `greedy`.
    pub(super) status: Option<String>,
    pub(super) bound: Option<f64>,
    pub(super) bound_weight: Option<f64>,
    pub(super) stages: Vec<Stage>,
    /// Gigs of a peer's answer that broke a rule and were left out.
    pub(super) cut: Option<u64>,
    /// Gigs that were added to a peer's answer.
    pub(super) added: Option<u64>,
    /// Whether a peer used all the time it was given: then its time is ours, and says nothing about its speed.
    pub(super) limited: bool,
}

/// A plan's worth.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Worth {
    pub(super) weight: f64,
    pub(super) total: f64,
    pub(super) gigs: f64,
    pub(super) travel_s: f64,
    pub(super) objective: f64,
}

impl Outcome {
    /// The time that is compared: the solve call of a peer, all of keikka.
    pub(super) fn compared_ms(&self) -> f64 {
        self.engine_ms.unwrap_or(self.cpu_ms)
    }

    /// How far the plan may be from the best, as a share of the bound, by what was proven at the end.
    pub(super) fn gap(&self) -> Option<f64> {
        Some(gap(self.plan.as_ref()?.objective, self.bound?))
    }

    /// Milliseconds until a plan was proven to be this close to the best.
    pub(super) fn ms_to_gap(&self, enough: f64) -> Option<f64> {
        let proven = |stage: &&Stage| stage.bound.is_some_and(|bound| gap(stage.objective, bound) <= enough);
        self.stages.iter().find(proven).map(|stage| stage.elapsed_ms.max(1.0))
    }
}

/// How far an objective is below a bound, as a share of the bound.
pub(super) fn gap(objective: f64, bound: f64) -> f64 {
    if objective >= bound { 0.0 } else { (bound - objective) / bound.abs().max(1.0) }
}

/// Runs an engine that writes `plan` for `week`, and judges the plan twice. The engine is killed after `seconds`.
pub(super) fn run(tools: &Tools, week: &Path, plan: &Path, seconds: u64, engine: &Command) -> Result<Outcome> {
    let mut measure = tools.python();
    measure.arg(Tools::script("measure.py")).arg("--instance").arg(week).arg("--plan").arg(plan);
    measure.arg("--seconds").arg(seconds.to_string()).arg("--").arg(engine.get_program()).args(engine.get_args());
    let mut outcome = read(&process::capture(&mut measure)?)?;
    if outcome.plan.is_some() {
        let verify = process::command(&tools.keikka, &["verify"]).arg(week).arg(plan).output();
        let verdict = verify.context("cannot start `keikka verify`")?;
        if !verdict.status.success() {
            outcome.broken.push(format!("keikka verify: {}", String::from_utf8_lossy(&verdict.stdout).trim()));
        }
    }
    Ok(outcome)
}

/// Reads the lines of `measure.py`.
fn read(lines: &str) -> Result<Outcome> {
    let (mut outcome, mut worth, mut exit) = (Outcome::default(), Worth::default(), 1);
    for line in lines.lines() {
        let (name, value) = line.split_once(' ').with_context(|| format!("no name and value: `{line}`"))?;
        match name {
            "exit" => exit = number(value)?,
            "wall_ms" => outcome.wall_ms = number(value)?,
            "cpu_ms" => outcome.cpu_ms = number(value)?,
            "peak_kib" => outcome.peak_mib = number::<f64>(value)? / 1_024.0,
            "weight" => worth.weight = number(value)?,
            "total" => worth.total = number(value)?,
            "gigs" => worth.gigs = number(value)?,
            "travel_s" => worth.travel_s = number(value)?,
            "objective" => worth.objective = number(value)?,
            "broken" => outcome.broken.push(value.to_owned()),
            "status" => outcome.status = Some(value.to_owned()),
            "bound" => outcome.bound = Some(number(value)?),
            "bound_weight" => outcome.bound_weight = Some(number(value)?),
            "stage" => outcome.stages.push(stage(value)?),
            "note" => note(&mut outcome, value)?,
            // Told for people: violations, feasible, of, gap.
            _ => {}
        }
    }
    outcome.plan = (exit == 0).then_some(worth);
    Ok(outcome)
}

fn note(outcome: &mut Outcome, words: &str) -> Result<()> {
    match words.split_once(' ') {
        Some(("engine_ms", value)) => outcome.engine_ms = Some(number(value)?),
        Some(("cut", value)) => outcome.cut = Some(number(value)?),
        Some(("added", value)) => outcome.added = Some(number(value)?),
        Some(("limited", value)) => outcome.limited = value == "true",
        _ => {}
    }
    Ok(())
}

fn stage(words: &str) -> Result<Stage> {
    let mut words = words.split(' ');
    let mut next = || words.next().context("a stage has a time, an objective and a bound");
    let (elapsed_ms, objective, bound) = (number(next()?)?, number(next()?)?, next()?);
    Ok(Stage { elapsed_ms, objective, bound: if bound == "-" { None } else { Some(number(bound)?) } })
}

fn number<T: FromStr>(text: &str) -> Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().with_context(|| format!("`{text}` is no number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "exit 0\nwall_ms 12.5\ncpu_ms 10\npeak_kib 2048\nfeasible true\nweight 3\ntotal 4\ngigs 2\nof 3\n\
         travel_s 600\nobjective 59400\nstatus budget\nbound 60000\nbound_weight 4\nstage 2 40000 80000 greedy\n\
         stage 7 59400 - colgen\nstage 9 59400 60000 mip\nnote engine_ms 5\nnote cut 1\nnote limited true\n";

    #[test]
    fn what_the_script_says_is_read() {
        let outcome = read(SAID).unwrap();
        assert_eq!(outcome.plan.as_ref().unwrap().weight, 3.0);
        assert_eq!((outcome.wall_ms, outcome.peak_mib, outcome.compared_ms()), (12.5, 2.0, 5.0));
        assert_eq!((outcome.cut, outcome.added, outcome.limited), (Some(1), None, true));
        assert_eq!(outcome.gap(), Some(0.01));
    }

    #[test]
    fn a_gap_is_reached_at_the_first_stage_that_proves_it() {
        let outcome = read(SAID).unwrap();
        assert_eq!(outcome.ms_to_gap(0.5), Some(2.0));
        assert_eq!(outcome.ms_to_gap(0.01), Some(9.0));
        assert_eq!(outcome.ms_to_gap(0.001), None);
    }

    #[test]
    fn a_killed_program_has_no_plan() {
        assert_eq!(read("exit -9\nwall_ms 1\n").unwrap().plan, None);
        assert!(read("exit").is_err() && read("exit soon").is_err());
    }
}
