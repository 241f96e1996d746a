//! `keikka solve INSTANCE --out PLAN`: the planner on one neutral file, without a server.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, ValueEnum};
use matching::{
    plan::{Plan, SOLVER},
    planner::{self, SolveOptions},
    problem::Problem,
    score, verify,
};
use serde::Serialize;

use crate::{
    arguments,
    clock::Stopwatch,
    exit::Exit,
    failure::Failure,
    neutral::{Instance, NeutralPlan},
    output,
};

/// Longest budget that may be asked for.
const MAX_BUDGET: Duration = Duration::from_secs(24 * 3600);

/// Solve one week given as a file and write the plan; no server is needed
#[derive(Debug, Args)]
pub(crate) struct SolveArguments {
    /// The instance, a `keikka-city/1` or `keikka-city/2` JSON file
    instance: PathBuf,
    /// Where to write the plan
    #[arg(long, value_name = "PLAN")]
    out: PathBuf,
    /// How long it may take: 10s, 500ms, 2m
    #[arg(long, default_value = "10s", value_parser = duration, allow_hyphen_values = true)]
    budget: Duration,
    /// Decides between plans that are equally good
    #[arg(long, default_value_t = 0, value_parser = arguments::whole)]
    seed: u64,
    /// Threads to use; the plan is the same with any number
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// How to search
    #[arg(long, value_enum, default_value_t = Search::Exact)]
    search: Search,
    /// Times from cell to cell instead of straight lines: CSV with `from_cell,to_cell,mode,seconds`; empty seconds mean no way
    #[arg(long, value_name = "FILE")]
    travel_matrix: Option<PathBuf>,
}

/// How far the search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Search {
    /// Until it is proven best, or the budget is used
    Exact,
    /// Only the quick plan
    Greedy,
}

/// What is printed: one JSON object.
#[derive(Debug, Serialize)]
struct Summary {
    status: &'static str,
    weight: u64,
    bound_weight: u64,
    gap: f64,
    gigs: usize,
    of: usize,
    travel_s: i64,
    wall_ms: u128,
    peak_rss_mb: Option<f64>,
    objective: i64,
    bound: i64,
    digest: String,
    seed: u64,
    solver: &'static str,
}

/// Runs the command.
pub(crate) fn run(arguments: &SolveArguments) -> Result<Exit, Failure> {
    let began = Stopwatch::start();
    if is_same_file(&arguments.instance, &arguments.out) {
        return Err(Failure::usage(format!("--out is the instance itself: {}", arguments.out.display()))
            .because("the plan would be written over it")
            .next("--out with another file"));
    }
    let (instance, snapshot) = Instance::read_with(&arguments.instance, arguments.travel_matrix.as_deref())?;
    let mut problem = Problem::compile(&snapshot).map_err(|error| {
        Failure::usage(format!("cannot use instance {}", arguments.instance.display())).because(error)
    })?;
    if instance.has_soft_terms() {
        score::apply_pair_bonuses(&mut problem);
    }
    let options = SolveOptions {
        budget: arguments.budget,
        seed: arguments.seed,
        threads: arguments.threads.max(1),
        greedy_only: arguments.search == Search::Greedy,
        ..SolveOptions::default()
    };
    let plan = planner::solve(&problem, &options, &|| began.elapsed(), &mut |_| {});
    let breaches = verify::check(&snapshot, &plan);
    if let Some(first) = breaches.first() {
        let why = format!("{} breaches, first {}: {}", breaches.len(), first.code, first.what);
        return Err(Failure::failed("the plan did not pass its own check and was not written").because(why));
    }
    NeutralPlan::new(&instance, &plan).write(&arguments.out)?;
    output::stdout(&summary(&instance, &plan, began.elapsed()))?;
    Ok(Exit::Done)
}

/// Whether two paths lead to one file, be it over a link. A file that is not there yet is no other.
fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |path: &Path| fs::metadata(path).ok().map(|found| (found.dev(), found.ino()));
    place(one).is_some_and(|found| place(other) == Some(found))
}

fn summary(instance: &Instance, plan: &Plan, wall: Duration) -> String {
    let summary = Summary {
        status: plan.status.word(),
        weight: plan.weight,
        bound_weight: plan.bound_weight,
        gap: plan.gap(),
        gigs: plan.gigs_filled,
        of: instance.gig_count(),
        travel_s: plan.travel_s,
        wall_ms: wall.as_millis(),
        peak_rss_mb: peak_rss_mb(),
        objective: plan.objective,
        bound: plan.bound,
        digest: plan.digest_word(),
        seed: plan.seed,
        solver: SOLVER,
    };
    let mut line = serde_json::to_string(&summary).unwrap_or_default();
    line.push('\n');
    line
}

/// The most memory this process has used so far, in MiB, where the system tells.
fn peak_rss_mb() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some((kib / 1024.0 * 10.0).round() / 10.0)
}

/// Reads `10s`, `500ms`, `2m` or plain seconds.
fn duration(text: &str) -> Result<Duration, String> {
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 =
        text[..split].parse().map_err(|_| format!("{text:?} is not a duration such as 10s, 500ms or 2m"))?;
    let seconds = match &text[split..] {
        "ms" => number / 1000.0,
        "" | "s" => number,
        "m" => number * 60.0,
        "h" => number * 3600.0,
        unit => return Err(format!("{unit:?} is not one of ms, s, m, h")),
    };
    if seconds <= MAX_BUDGET.as_secs_f64() {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err(format!("at most 24h, not {text}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_the_same_under_every_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("week.json"), folder.path().join("link.json"));
        fs::write(&file, "{}").expect("a file");
        std::os::unix::fs::symlink(&file, &link).expect("a link");
        assert!(is_same_file(&file, &file) && is_same_file(&file, &link));
        assert!(!is_same_file(&file, &folder.path().join("plan.json")));
        let missing = folder.path().join("none.json");
        assert!(!is_same_file(&missing, &missing), "nothing is lost where nothing is");
    }

    #[test]
    fn durations_are_read_with_their_units() {
        assert_eq!(duration("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1.5m"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("7"), Ok(Duration::from_secs(7)));
        assert!(
            duration("soon").is_err()
                && duration("3 days").is_err()
                && duration("-1s").is_err()
                && duration("25h").is_err()
        );
    }
}
