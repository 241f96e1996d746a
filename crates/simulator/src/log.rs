//! What happened in one run, and what it comes to.

use matching::offer_policy::calibration::BIN_ENDS;

use crate::{
    statistics::{gini, quantile, share_of_largest_tenth},
    world::{DAY_S, World},
};

/// What happened in one run.
#[derive(Debug, Clone)]
pub struct Log {
    days: usize,
    gigs_a_day: usize,
    /// Minutes until somebody had accepted, by gig.
    pub(crate) minutes: Vec<Option<f64>>,
    /// Asks, by volunteer.
    pub(crate) asks: Vec<usize>,
    /// Yeses that came after somebody else's.
    pub(crate) taken: usize,
    /// The chance told and whether it came true, by ask; of our policies only.
    pub(crate) predictions: Vec<(f64, bool)>,
    /// The calibration error that the model itself reports at the end.
    pub(crate) own_calibration: Option<f64>,
    leavers_by_day: Vec<usize>,
    /// For newcomers who were there for 30 days: the day they joined, and the moment of their first gig.
    newcomers: Vec<(usize, Option<i64>)>,
    /// The place of a volunteer among those.
    newcomer_of: Vec<Option<usize>>,
}

/// Days in which a newcomer should have a gig.
const FIRST_GIG_DAYS: usize = 30;

/// What a run comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Measures {
    /// Share of gigs that somebody accepted in time.
    pub fill: f64,
    /// The same in the last third of the time.
    pub fill_last_third: f64,
    /// Median minutes from opening to acceptance.
    pub minutes_median: f64,
    /// The same for nine in ten.
    pub minutes_p90: f64,
    /// All asks by filled gigs.
    pub asks_per_filled: f64,
    /// All asks by all gigs.
    pub asks_per_gig: f64,
    /// "Already taken" by filled gigs.
    pub taken_per_filled: f64,
    /// Share of the volunteers who left.
    pub lost: f64,
    /// Gini coefficient of asks over volunteers.
    pub gini: f64,
    /// Share of all asks that went to the most-messaged tenth of volunteers.
    pub top_tenth: f64,
    /// Share of newcomers with a gig in 30 days.
    pub newcomers: f64,
    /// Calibration error of the chance of a yes before the deadline, against what every ask would have come to.
    pub calibration: Option<f64>,
    /// The calibration error that the model reports of itself.
    pub own_calibration: Option<f64>,
    /// Share filled and share of volunteers still there, by week.
    pub weeks: Vec<(f64, f64)>,
}

impl Log {
    pub(crate) fn new(world: &World) -> Self {
        let days = world.setting.days;
        let counts = |joins_day: usize| joins_day + FIRST_GIG_DAYS <= days;
        let (mut newcomers, mut newcomer_of) = (Vec::new(), Vec::new());
        for one in &world.volunteers {
            let is_one = one.days_since_gig.is_none() && counts(one.joins_day);
            newcomer_of.push(is_one.then_some(newcomers.len()));
            newcomers.extend(is_one.then_some((one.joins_day, None)));
        }
        Self {
            days,
            gigs_a_day: world.setting.gigs_a_day,
            minutes: vec![None; world.gigs.len()],
            asks: vec![0; world.volunteers.len()],
            taken: 0,
            predictions: Vec::new(),
            own_calibration: None,
            leavers_by_day: vec![0; days],
            newcomers,
            newcomer_of,
        }
    }

    pub(crate) fn asked(&mut self, volunteer: usize) {
        self.asks[volunteer] += 1;
    }

    pub(crate) fn left(&mut self, day: usize) {
        self.leavers_by_day[day] += 1;
    }

    pub(crate) fn filled(&mut self, gig: usize, minutes: f64, volunteer: usize, now_s: i64) {
        self.minutes[gig] = Some(minutes);
        if let Some(at) = self.newcomer_of[volunteer] {
            self.newcomers[at].1.get_or_insert(now_s);
        }
    }

    /// What it comes to.
    #[must_use]
    pub fn measures(&self) -> Measures {
        let fill = |gigs: &[Option<f64>]| gigs.iter().flatten().count() as f64 / gigs.len().max(1) as f64;
        let mut minutes: Vec<f64> = self.minutes.iter().flatten().copied().collect();
        minutes.sort_by(f64::total_cmp);
        let filled = minutes.len().max(1) as f64;
        let mut asks: Vec<f64> = self.asks.iter().map(|asks| *asks as f64).collect();
        asks.sort_by(f64::total_cmp);
        let last_third = self.minutes.len() - self.minutes.len() / 3;
        let served = self.newcomers.iter().filter(|(joins_day, first_s)| {
            first_s.is_some_and(|first_s| first_s < (joins_day + FIRST_GIG_DAYS) as i64 * DAY_S)
        });
        Measures {
            fill: fill(&self.minutes),
            fill_last_third: fill(&self.minutes[last_third..]),
            minutes_median: quantile(&minutes, 0.5),
            minutes_p90: quantile(&minutes, 0.9),
            asks_per_filled: asks.iter().sum::<f64>() / filled,
            asks_per_gig: asks.iter().sum::<f64>() / self.minutes.len().max(1) as f64,
            taken_per_filled: self.taken as f64 / filled,
            lost: self.leavers_by_day.iter().sum::<usize>() as f64 / self.asks.len() as f64,
            gini: gini(&asks),
            top_tenth: share_of_largest_tenth(&asks),
            newcomers: served.count() as f64 / self.newcomers.len().max(1) as f64,
            calibration: calibration_error(&self.predictions),
            own_calibration: self.own_calibration,
            weeks: self.weeks(),
        }
    }

    fn weeks(&self) -> Vec<(f64, f64)> {
        (0..self.days / 7)
            .map(|week| {
                let gigs = &self.minutes[week * 7 * self.gigs_a_day..(week + 1) * 7 * self.gigs_a_day];
                let gone: usize = self.leavers_by_day[..(week + 1) * 7].iter().sum();
                let filled = gigs.iter().flatten().count() as f64 / gigs.len().max(1) as f64;
                (filled, 1.0 - gone as f64 / self.asks.len() as f64)
            })
            .collect()
    }
}

/// Sum over bins of |told - come true|, by all asks.
fn calibration_error(predictions: &[(f64, bool)]) -> Option<f64> {
    let mut differences = [0.0; BIN_ENDS.len()];
    for (told, came_true) in predictions {
        let at = BIN_ENDS.iter().position(|end| told <= end).unwrap_or(BIN_ENDS.len() - 1);
        differences[at] += told - f64::from(u8::from(*came_true));
    }
    let wrong: f64 = differences.iter().map(|difference| difference.abs()).sum();
    (!predictions.is_empty()).then(|| wrong / predictions.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calibration_error_is_counted_bin_by_bin() {
        let told: Vec<(f64, bool)> = (0..10).map(|at| (0.2, at < 2)).chain((0..10).map(|at| (0.6, at < 1))).collect();
        assert!((calibration_error(&told).unwrap() - 0.25).abs() < 1e-12);
        assert_eq!(calibration_error(&[]), None);
    }
}
