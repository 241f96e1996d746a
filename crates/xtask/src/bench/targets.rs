//! What the planner must reach on the weeks it is measured on, and whether it did in this run.

use super::engine::Engine;
use super::fit::{mean, worst};
use super::options::{Shape, Size, thousands};
use super::plans::{Measured, Results};

/// A proven gap within a time and a memory.
pub(super) struct Target {
    pub(super) size: Size,
    /// As a share; 0 is proven optimal.
    pub(super) gap: f64,
    mean_ms: f64,
    worst_ms: f64,
    peak_mib: Option<f64>,
}

const fn usual(volunteers: u32, gigs: u32) -> Size {
    Size { shape: Shape::Usual, volunteers, gigs }
}

const fn busy(volunteers: u32, gigs: u32) -> Size {
    Size { shape: Shape::Busy, volunteers, gigs }
}

/// The targets, small weeks first.
pub(super) const TARGETS: &[Target] = &[
    Target { size: usual(120, 150), gap: 0.0, mean_ms: 150.0, worst_ms: 150.0, peak_mib: None },
    Target { size: busy(40, 150), gap: 0.0, mean_ms: 150.0, worst_ms: 150.0, peak_mib: None },
    Target { size: usual(1_000, 1_200), gap: 0.001, mean_ms: 1_000.0, worst_ms: 2_000.0, peak_mib: Some(300.0) },
    Target { size: busy(300, 1_200), gap: 0.002, mean_ms: 10_000.0, worst_ms: 10_000.0, peak_mib: None },
    Target { size: usual(10_000, 12_000), gap: 0.002, mean_ms: 40_000.0, worst_ms: 40_000.0, peak_mib: Some(2_048.0) },
    Target {
        size: usual(100_000, 120_000),
        gap: 0.005,
        mean_ms: 600_000.0,
        worst_ms: 600_000.0,
        peak_mib: Some(6_144.0),
    },
];

impl Target {
    /// The target in words.
    pub(super) fn words(&self) -> String {
        let gap = if self.gap == 0.0 { "proven optimal".to_owned() } else { format!("gap <= {} %", percent(self.gap)) };
        let time = if self.mean_ms == self.worst_ms {
            format!("in <= {}", seconds(self.worst_ms))
        } else {
            format!("in <= {} mean, <= {} worst", seconds(self.mean_ms), seconds(self.worst_ms))
        };
        let memory = self.peak_mib.map_or(String::new(), |mib| format!(", <= {} MiB", thousands(mib as u32)));
        format!("{gap} {time}{memory}")
    }

    /// Labels of the weeks that are held against this target.
    pub(super) fn labels<'a>(&self, results: &'a Results) -> Vec<&'a str> {
        let is_ours = |label: &&str| results.of(label).any(|run| run.week.size == Some(self.size));
        results.labels().into_iter().filter(is_ours).collect()
    }

    /// What the run shows for the weeks of a label, and whether the target is met. Nothing if keikka did not run.
    pub(super) fn judge(&self, results: &Results, label: &str) -> Option<(String, bool)> {
        let ours = results.ours_of(label);
        let times: Vec<Option<f64>> = ours.iter().map(|run| run.outcome.ms_to_gap(self.gap)).collect();
        let reached: Vec<f64> = times.iter().flatten().copied().collect();
        let peak_mib = worst(ours.iter().map(|run| run.outcome.peak_mib))?;
        let mut words = match (mean(reached.iter().copied()), worst(reached.iter().copied())) {
            (Some(mean), Some(worst)) => format!("{} mean, {} worst", seconds(mean), seconds(worst)),
            _ => "never".to_owned(),
        };
        if reached.len() < times.len() {
            let at_end = worst(ours.iter().filter_map(|run| run.outcome.gap())).unwrap_or(1.0);
            let given = ours.iter().map(|run| run.outcome.wall_ms);
            let given = worst(given).unwrap_or(0.0);
            words = format!(
                "{} of {} seeds ({words}); worst gap at the end {} % after {}",
                reached.len(),
                times.len(),
                percent(at_end),
                seconds(given)
            );
        }
        let met = reached.len() == times.len()
            && mean(reached.iter().copied()).is_some_and(|mean| mean <= self.mean_ms)
            && reached.iter().all(|ms| *ms <= self.worst_ms)
            && self.peak_mib.is_none_or(|limit| peak_mib <= limit);
        Some((format!("{words}; {peak_mib:.0} MiB"), met))
    }
}

/// keikka against the best setting of a peer on weeks of a label: how much more weight, how many times less time to a plan as
/// good. Means over the seeds.
pub(super) fn against(results: &Results, label: &str, family: &str) -> Option<(f64, Option<f64>)> {
    let settings: Vec<Engine> = results.engines(label).into_iter().filter(|engine| engine.family() == family).collect();
    let of = |engine: Engine| results.of(label).filter(move |run| run.engine == engine);
    let weight = |engine: Engine| mean(of(engine).filter_map(|run| results.ours_over(run, |plan| plan.weight)));
    let best =
        settings.into_iter().filter_map(|engine| Some((engine, weight(engine)?))).min_by(|a, b| a.1.total_cmp(&b.1))?;
    let longer: Vec<f64> = of(best.0).filter_map(|run: &Measured| results.times_longer(run)).collect();
    Some((best.1, mean(longer)))
}

/// A share as per cent, with as many decimals as it takes to see it.
pub(super) fn percent(share: f64) -> String {
    let text = format!("{:.3}", share * 100.0);
    if share > 0.0 && text == "0.000" {
        return "< 0.001".to_owned();
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Milliseconds in words.
pub(super) fn seconds(ms: f64) -> String {
    match ms {
        ms if ms < 100.0 => format!("{ms:.0} ms"),
        ms if ms < 10_000.0 => format!("{:.2} s", ms / 1e3),
        ms => format!("{:.0} s", ms / 1e3),
    }
}

#[cfg(test)]
mod tests {
    use super::super::plans::tests::results;
    use super::*;

    #[test]
    fn a_target_is_met_by_every_seed_or_not_at_all() {
        let mut results = results();
        let (words, met) = TARGETS[0].judge(&results, "120 x 150").unwrap();
        assert!(met && words.starts_with("75 ms mean, 0.10 s worst"), "{words}");
        results.runs[2].outcome.stages.pop();
        let (words, met) = TARGETS[0].judge(&results, "120 x 150").unwrap();
        assert!(!met && words.starts_with("1 of 2 seeds"), "{words}");
        assert_eq!(TARGETS[0].labels(&results), ["120 x 150"]);
        assert!(TARGETS[2].labels(&results).is_empty());
    }

    #[test]
    fn targets_are_told_in_words() {
        assert_eq!(TARGETS[2].words(), "gap <= 0.1 % in <= 1.00 s mean, <= 2.00 s worst, <= 300 MiB");
        assert_eq!(TARGETS[0].words(), "proven optimal in <= 0.15 s");
        assert_eq!((percent(0.0), percent(1e-7), percent(0.0125)), ("0".into(), "< 0.001".into(), "1.25".into()));
    }

    #[test]
    fn a_peer_is_measured_by_its_best_setting() {
        let (weight, longer) = against(&results(), "120 x 150", "VROOM").unwrap();
        assert!((weight - (100.0 / 95.0 + 50.0 / 49.0) / 2.0).abs() < 1e-9);
        assert_eq!(longer, Some(55.0));
        assert_eq!(against(&results(), "120 x 150", "OR-Tools"), None);
    }
}
