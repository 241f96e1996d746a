//! The block of the document about plans: targets, engines side by side, and every single run of keikka.

use super::document::table;
use super::engine::Engine;
use super::fit::{Power, mean, worst};
use super::options::Options;
use super::plans::{Measured, Results};
use super::targets::{TARGETS, against, percent, seconds};
use super::{machine, pictures};

/// The whole block.
pub(super) fn text(options: &Options, results: &Results) -> String {
    let left_out = match results.left_out.as_slice() {
        [] => String::new(),
        lines => format!("Left out: {}.\n\n", lines.join("; ")),
    };
    format!(
        "## Plans\n\n{}. `{}`\n\n{left_out}{}\n### Targets\n\n{}\n{}\n### Side by side\n\n{SIDE_BY_SIDE}\n\n{}\n{}\n### Every week\n\n{}",
        machine::line(),
        options.words,
        verdicts(results),
        targets(results),
        growth(results),
        engines(results),
        PICTURES,
        weeks(results),
    )
}

const SIDE_BY_SIDE: &str = "Means over the seeds, each week measured against keikka's own run with most time in the same run. `of bound`: weight as a
share of the most that any plan of that week can have. `weight x` and `travel x`: keikka's weight and travel over this engine's. CPU is the solve call
alone for VROOM and OR-Tools, the whole process for keikka and the greedy floor. `time x`: CPU over keikka's wall time until it had a plan at least as
good; `limit` where the engine used all the time it was given, which says nothing about its speed. `cut`, `added`: gigs of the
answer that broke a rule that the engine cannot express, gigs that the greedy completion filled.";

const PICTURES: &str = "![Time against size](benchmarks/growth.svg)

![Gap against time](benchmarks/anytime.svg)

![Coverage against peers](benchmarks/coverage.svg)
";

/// How many plans were judged, and what was broken.
fn verdicts(results: &Results) -> String {
    let plans = results.runs.iter().filter(|run| run.outcome.plan.is_some()).count();
    let mut text = format!(
        "{plans} plans, each judged by `keikka verify` and by `tests/peers/check.py`, which share no code: {}.\n",
        if results.runs.iter().all(|run| run.outcome.broken.is_empty()) {
            "no rule is broken"
        } else {
            "RULES ARE BROKEN"
        }
    );
    for run in results.runs.iter().filter(|run| !run.outcome.broken.is_empty()) {
        text += &format!("- {}, {}: {}\n", run.week.name(), run.engine, run.outcome.broken.join("; "));
    }
    let (false_bounds, outweighed) = (results.above_a_bound(), results.outweighed());
    text += match false_bounds.as_slice() {
        [] => "No plan of any engine is above a bound of keikka's.\n",
        _ => "BOUNDS ARE FALSE.\n",
    };
    if outweighed.is_empty() {
        text += "No engine covers more weight than keikka on any week.\n";
    }
    for line in false_bounds.iter().chain(&outweighed) {
        text += &format!("- {line}\n");
    }
    text
}

fn targets(results: &Results) -> String {
    let mut rows = Vec::new();
    let held = TARGETS.iter().flat_map(|target| target.labels(results).into_iter().map(move |label| (target, label)));
    for (target, label) in held {
        let Some((measured, met)) = target.judge(results, label) else { continue };
        let peer = |family| match against(results, label, family) {
            Some((weight, longer)) => format!("{weight:.3}, {}", longer.map_or("limit".to_owned(), times)),
            None => "-".to_owned(),
        };
        let verdict = if met { "met" } else { "missed" }.to_owned();
        let (vroom, or_tools) = (peer("VROOM"), peer("OR-Tools"));
        rows.push(vec![label.to_owned(), target.words(), measured, verdict, vroom, or_tools]);
    }
    if rows.is_empty() {
        return "No week of this run has a target.\n".to_owned();
    }
    let heads =
        ["Volunteers x gigs", "Target", "Measured", "", "VROOM: weight x, time x", "OR-Tools: weight x, time x"];
    table(&heads, &rows)
}

/// How keikka's time grows.
fn growth(results: &Results) -> String {
    let enough = pictures::ENOUGH_GAP;
    let points = pictures::growth_points(results);
    let slope = Power::fit(&points).map_or("too few sizes for a slope".to_owned(), |line| {
        format!("time grows with the volunteers to the power of {:.2}", line.slope)
    });
    let large: Vec<(f64, f64)> = points.iter().copied().filter(|(volunteers, _)| *volunteers >= 10_000.0).collect();
    let from_10_000 =
        Power::fit(&large).map_or(String::new(), |line| format!("; from 10,000 on {:.2} (target: 1.15)", line.slope));
    let usual = results.runs.iter().filter(|run| pictures::is_of_growth(run));
    let runs =
        usual.filter(|run| run.engine.is_ours() && results.ours(run).is_some_and(|last| last.engine == run.engine));
    let (never, all) =
        runs.fold((0, 0), |(never, all), run| (never + u32::from(run.outcome.ms_to_gap(enough).is_none()), all + 1));
    let never = if never > 0 {
        format!(" {never} of {all} runs did not reach it and are not in the line.")
    } else {
        String::new()
    };
    format!("Time until a gap of {} % was proven: {slope}{from_10_000}.{never}\n", percent(enough))
}

fn engines(results: &Results) -> String {
    let mut rows = Vec::new();
    for label in results.labels() {
        for engine in results.engines(label) {
            let runs: Vec<&Measured> = results.of(label).filter(|run| run.engine == engine).collect();
            rows.push(engine_row(results, label, engine, &runs));
        }
    }
    let heads = ["Week", "Engine", "of bound", "weight x", "travel x", "CPU", "worst", "time x", "MiB", "cut", "added"];
    table(&heads, &rows)
}

fn engine_row(results: &Results, label: &str, engine: Engine, runs: &[&Measured]) -> Vec<String> {
    let over = |figure: &dyn Fn(&Measured) -> Option<f64>| mean(runs.iter().filter_map(|run| figure(run)));
    let ratio = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
    let cpu = || runs.iter().map(|run| run.outcome.compared_ms());
    let count = |figure: &dyn Fn(&Measured) -> Option<u64>| {
        over(&|run| figure(run).map(|count| count as f64)).map_or(String::new(), |count| format!("{count:.0}"))
    };
    vec![
        label.to_owned(),
        engine.to_string(),
        over(&|run| results.of_bound(run)).map_or("no plan".to_owned(), |share| format!("{:.2} %", share * 100.0)),
        ratio(over(&|run| results.ours_over(run, |plan| plan.weight))),
        ratio(over(&|run| results.ours_over(run, |plan| plan.travel_s))),
        mean(cpu()).map_or(String::new(), seconds),
        worst(cpu()).map_or(String::new(), seconds),
        if engine.is_ours() { String::new() } else { longer(results, runs) },
        worst(runs.iter().map(|run| run.outcome.peak_mib)).map_or(String::new(), |mib| format!("{mib:.0}")),
        count(&|run| run.outcome.cut),
        count(&|run| run.outcome.added),
    ]
}

/// How many times longer an engine took, where it ended by itself.
fn longer(results: &Results, runs: &[&Measured]) -> String {
    let times_longer = mean(runs.iter().filter_map(|run| results.times_longer(run)));
    let limited = runs.iter().any(|run| run.outcome.limited);
    times_longer.map_or(if limited { "limit" } else { "-" }.to_owned(), times)
}

/// keikka's last run on every week, so that anybody can look up a seed.
fn weeks(results: &Results) -> String {
    let ours = results.labels().into_iter().flat_map(|label| results.ours_of(label));
    let rows: Vec<Vec<String>> = ours.map(week_row).collect();
    table(&["Week", "Status", "Weight", "Bound", "Gigs", "Travel, s", "Gap, %", "Wall", "CPU", "MiB"], &rows)
}

fn week_row(run: &Measured) -> Vec<String> {
    let outcome = &run.outcome;
    let plan = outcome.plan.clone().unwrap_or_default();
    vec![
        run.week.name(),
        outcome.status.clone().unwrap_or_else(|| "no plan".to_owned()),
        format!("{}", plan.weight),
        outcome.bound_weight.map_or(String::new(), |bound| format!("{bound}")),
        format!("{}", plan.gigs),
        format!("{}", plan.travel_s),
        outcome.gap().map_or(String::new(), percent),
        seconds(outcome.wall_ms),
        seconds(outcome.cpu_ms),
        format!("{:.0}", outcome.peak_mib),
    ]
}

/// A ratio of times.
fn times(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.1}") } else { format!("{ratio:.0}") }
}

#[cfg(test)]
mod tests {
    use super::super::plans::tests::results;
    use super::*;

    #[test]
    fn the_block_holds_targets_ratios_and_weeks() {
        let options = super::super::options::parse(&["--seeds", "1,2"]).unwrap();
        let text = text(&options, &results());
        for part in [
            "`cargo xtask bench --seeds 1,2`",
            "4 plans",
            "no rule is broken",
            "No plan of any engine is above a bound",
            "No engine covers more weight than keikka",
            "| 120 x 150 | proven optimal in <= 0.15 s | 75 ms mean",
            "| 120 x 150 | VROOM -x 5 | 96.50 % |",
            "| 120 x 150, seed 2 | optimal | 50 |",
            "too few sizes",
        ] {
            assert!(text.contains(part), "`{part}` is not in\n{text}");
        }
    }

    #[test]
    fn a_broken_rule_is_cried_out() {
        let mut results = results();
        results.runs[1].outcome.broken.push("v1 is at two places".to_owned());
        let text = verdicts(&results);
        assert!(text.contains("RULES ARE BROKEN") && text.contains("VROOM -x 5: v1 is at two places"), "{text}");
    }
}
