//! The three pictures of the plans: time against size, gap against time, coverage against peers.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::engine::Engine;
use super::fit::Power;
use super::options::Shape;
use super::plans::{Measured, Results};
use super::plot::{Axis, Chart, Series, stairs};
use super::run;
use super::targets::percent;

/// The gap that counts as solved where time is set against size.
pub(super) const ENOUGH_GAP: f64 = 0.005;

/// The smallest gap that a logarithmic axis shows, in per cent: proven optimal lies there.
const FLOOR_PERCENT: f64 = 0.001;

/// Most weeks in one picture of curves.
const CURVES_MAX: usize = 7;

/// Writes the pictures into a folder.
pub(super) fn write(results: &Results, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (name, svg) in [("growth", growth(results)), ("anytime", anytime(results)), ("coverage", coverage(results))] {
        let file = folder.join(format!("{name}.svg"));
        fs::write(&file, svg).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// Whether a run's week is one of the row of sizes.
pub(super) fn is_of_growth(run: &Measured) -> bool {
    run.week.seed.is_some() && run.week.size.is_some_and(|size| size.shape == Shape::Usual)
}

/// Volunteers, and milliseconds until keikka had proven a gap that is small enough.
pub(super) fn growth_points(results: &Results) -> Vec<(f64, f64)> {
    let ours = results.labels().into_iter().flat_map(|label| results.ours_of(label)).filter(|run| is_of_growth(run));
    ours.filter_map(|run| Some((f64::from(run.week.volunteers), run.outcome.ms_to_gap(ENOUGH_GAP)?))).collect()
}

fn growth(results: &Results) -> String {
    let mut all = vec![(format!("keikka, gap <= {} %", percent(ENOUGH_GAP)), growth_points(results))];
    for engine in [Engine::Vroom(0), Engine::Vroom(5), Engine::OrTools, Engine::Greedy] {
        let runs = results.runs.iter().filter(|run| run.engine == engine && is_of_growth(run));
        // A run that used all it was given shows the limit, not the engine.
        let done = runs.filter(|run| run.outcome.plan.is_some() && !run.outcome.limited);
        let points = done.map(|run| (f64::from(run.week.volunteers), run.outcome.compared_ms().max(1.0))).collect();
        all.push((engine.to_string(), points));
    }
    all.retain(|(_, points)| !points.is_empty());
    let points = || all.iter().flat_map(|(_, points)| points.iter().copied());
    let x = Axis::decades("volunteers (1.2 gigs each)", points().map(|point| point.0));
    let y = Axis::decades("milliseconds", points().map(|point| point.1));
    let mut chart = Chart::new("Time against size", x, y, None);
    for (colour, (name, points)) in all.iter().enumerate() {
        chart.draw(&Series { name: name.clone(), points: points.clone(), dots: true, dashed: false, colour });
        let Some(line) = Power::fit(points) else { continue };
        let ends = points.iter().map(|point| point.0);
        let (low, high) = ends.fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at), high.max(at)));
        let path = vec![(low, line.at(low)), (high, line.at(high))];
        let name = format!("slope {:.2}", line.slope);
        chart.draw(&Series { name, points: path, dots: false, dashed: true, colour });
    }
    chart.svg()
}

/// keikka's longest run on the first seed of the largest weeks.
fn curves(results: &Results) -> Vec<&Measured> {
    let firsts = results.labels().into_iter().filter_map(|label| results.ours_of(label).into_iter().next());
    let mut curves: Vec<&Measured> = firsts.filter(|run| !run.outcome.stages.is_empty()).collect();
    curves.sort_by_key(|run| std::cmp::Reverse(run.week.volunteers));
    curves.truncate(CURVES_MAX);
    curves
}

/// Gap in per cent by time, proven at that moment and known afterwards.
fn gaps(run: &Measured) -> [Vec<(f64, f64)>; 2] {
    let shown = |gap: f64| (gap * 100.0).max(FLOOR_PERCENT);
    let outcome = &run.outcome;
    let bounds = outcome.stages.iter().filter_map(|stage| stage.bound).chain(outcome.bound);
    let best = bounds.fold(f64::INFINITY, f64::min);
    let mut proven: Vec<(f64, f64)> = Vec::new();
    let mut known = Vec::new();
    for stage in &outcome.stages {
        let at = stage.elapsed_ms.max(1.0);
        proven.extend(stage.bound.map(|bound| (at, shown(run::gap(stage.objective, bound)))));
        known.push((at, shown(run::gap(stage.objective, best))));
    }
    for points in [&mut proven, &mut known] {
        let last = points.last().copied();
        points.extend(last.map(|(_, gap)| (outcome.wall_ms, gap)));
    }
    [stairs(&proven), stairs(&known)]
}

fn anytime(results: &Results) -> String {
    let curves = curves(results);
    let gaps: Vec<[Vec<(f64, f64)>; 2]> = curves.iter().map(|run| gaps(run)).collect();
    let points = || gaps.iter().flatten().flatten().copied();
    let x = Axis::decades("milliseconds since the start", points().map(|point| point.0));
    let y = Axis::decades("gap, % (0 is drawn at 0.001)", points().map(|point| point.1));
    let mut chart = Chart::new("Gap against time: proven by then (line), true by the last bound (dashes)", x, y, None);
    for (colour, (run, [proven, known])) in curves.iter().zip(gaps).enumerate() {
        chart.draw(&Series { name: run.week.name(), points: proven, dots: false, dashed: false, colour });
        chart.draw(&Series { name: "  in truth".to_owned(), points: known, dots: false, dashed: true, colour });
    }
    chart.svg()
}

fn coverage(results: &Results) -> String {
    let labels: Vec<String> = results.labels().into_iter().rev().map(str::to_owned).collect();
    let mut all: Vec<(Engine, Vec<(f64, f64)>)> = Vec::new();
    for run in &results.runs {
        let row = labels.iter().position(|label| *label == run.week.label);
        let (Some(row), Some(share)) = (row, results.of_bound(run)) else { continue };
        // keikka once, with most time.
        if run.engine.is_ours() && results.ours(run).is_some_and(|last| last.engine != run.engine) {
            continue;
        }
        let engine = if run.engine.is_ours() { Engine::Keikka(std::time::Duration::ZERO) } else { run.engine };
        match all.iter_mut().find(|(known, _)| *known == engine) {
            Some((_, points)) => points.push((share * 100.0, row as f64)),
            None => all.push((engine, vec![(share * 100.0, row as f64)])),
        }
    }
    let shares = all.iter().flat_map(|(_, points)| points.iter().map(|point| point.0));
    let x = Axis::even("weight, % of what any plan can reach at most", shares, 1.0);
    let y = Axis::even("", [-0.5, labels.len() as f64 - 0.5].into_iter(), 0.5);
    let mut chart = Chart::new("Coverage against peers: one dot for each seed", x, y, Some(&labels));
    for (colour, (engine, points)) in all.into_iter().enumerate() {
        let name = if engine.is_ours() { "keikka".to_owned() } else { engine.to_string() };
        // Each engine a little lower than the one before it, so that equal ones are seen.
        let points = points.into_iter().map(|(x, row)| (x, row + 0.24 - 0.12 * colour as f64)).collect();
        chart.draw(&Series { name, points, dots: true, dashed: false, colour });
    }
    chart.svg()
}

#[cfg(test)]
mod tests {
    use super::super::plans::tests::results;
    use super::*;

    #[test]
    fn every_engine_is_in_the_picture_of_coverage() {
        let svg = coverage(&results());
        assert!(svg.contains(">keikka<") && svg.contains(">VROOM -x 5<") && svg.contains(">120 x 150<"), "{svg}");
        // A dot for each of two seeds and one beside each name.
        assert_eq!(svg.matches("<circle").count(), 6);
    }

    #[test]
    fn gaps_fall_to_the_floor_when_proven() {
        let results = results();
        let [proven, known] = gaps(&results.runs[0]);
        assert_eq!(proven.first().unwrap().0, 10.0);
        assert_eq!(proven.last().unwrap(), &(150.0, FLOOR_PERCENT));
        assert_eq!(known, proven);
        assert!(anytime(&results).contains("120 x 150, seed 1"));
    }

    #[test]
    fn growth_takes_only_the_row_of_sizes() {
        let mut results = results();
        assert_eq!(growth_points(&results), [(120.0, 100.0), (120.0, 50.0)]);
        results.runs.iter_mut().for_each(|run| run.week.size = None);
        assert!(growth_points(&results).is_empty());
    }
}
