//! Whether the predicted chances come true: yeses expected against yeses seen, in bins of the prediction, and the Brier score.
//!
//! Watches end early when somebody else fills the gig, so a plain share of yeses would be too low. Expected are therefore the yeses
//! that belong to the time watched ([`super::delay::AnswerLaw::expected_yeses`]); the calibration error is
//! sum over bins |expected - seen| / asks (expected calibration error: Naeini, Cooper, Hauskrecht, AAAI 2015). In the Brier score
//! (Brier, Monthly Weather Review, 1950) a silence counts as both of what it may become, by its chance.

use super::half_life::kept;

/// Upper ends of the bins of predicted chances.
pub const BIN_ENDS: [f64; 10] = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 1.0];

/// Days after which an ask counts half.
const HALF_LIFE_DAYS: f64 = 90.0;

/// One bin.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bin {
    /// Asks with a prediction in the bin.
    pub asks: f64,
    /// Yeses to expect of them while they were watched.
    pub expected: f64,
    /// Yeses seen.
    pub seen: f64,
}

/// The record, as it is stored: sums that fade.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Calibration {
    /// By predicted chance; [`BIN_ENDS`] says where each ends.
    pub bins: [Bin; 10],
    /// Sum of squared errors of the predictions.
    pub squares: f64,
    /// Sum of squared errors of each volunteer's own share of yeses: what the model must beat.
    pub squares_of_rate: f64,
    /// When the sums were last faded, in seconds since 1970.
    pub at_s: i64,
}

/// One ask that has ended, for the record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ended {
    /// The predicted chance of a yes.
    pub(super) predicted: f64,
    /// The volunteer's own share of yeses before.
    pub(super) rate: f64,
    /// Yeses to expect in the time watched.
    pub(super) expected: f64,
    /// Whether a yes was seen.
    pub(super) accepted: bool,
    /// 1 for a yes, 0 for a no, the chance of a yes to come for a silence.
    pub(super) yes: f64,
}

impl Calibration {
    pub(super) fn record(&mut self, ended: &Ended, now_s: i64) {
        self.fade(now_s);
        let at = BIN_ENDS.iter().position(|end| ended.predicted <= *end).unwrap_or(BIN_ENDS.len() - 1);
        let bin = &mut self.bins[at];
        bin.asks += 1.0;
        bin.expected += ended.expected;
        bin.seen += f64::from(u8::from(ended.accepted));
        let square = |chance: f64| ended.yes * (1.0 - chance) * (1.0 - chance) + (1.0 - ended.yes) * chance * chance;
        self.squares += square(ended.predicted);
        self.squares_of_rate += square(ended.rate);
    }

    fn fade(&mut self, now_s: i64) {
        let share = kept(now_s - self.at_s, HALF_LIFE_DAYS);
        for bin in &mut self.bins {
            *bin = Bin { asks: bin.asks * share, expected: bin.expected * share, seen: bin.seen * share };
        }
        self.squares *= share;
        self.squares_of_rate *= share;
        self.at_s = self.at_s.max(now_s);
    }

    /// Asks on record, faded.
    #[must_use]
    pub fn asks(&self) -> f64 {
        self.bins.iter().map(|bin| bin.asks).sum()
    }

    /// The expected calibration error, 0 for none; nothing before the first ask.
    #[must_use]
    pub fn error(&self) -> Option<f64> {
        let wrong: f64 = self.bins.iter().map(|bin| (bin.expected - bin.seen).abs()).sum();
        self.of_asks(wrong)
    }

    /// The Brier score of the predictions, less is better.
    #[must_use]
    pub fn brier(&self) -> Option<f64> {
        self.of_asks(self.squares)
    }

    /// The Brier score of telling everybody's own share of yeses instead.
    #[must_use]
    pub fn brier_of_rate(&self) -> Option<f64> {
        self.of_asks(self.squares_of_rate)
    }

    fn of_asks(&self, sum: f64) -> Option<f64> {
        let asks = self.asks();
        (asks > 0.0).then(|| sum / asks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(predicted: f64, accepted: bool) -> Ended {
        let yes = f64::from(u8::from(accepted));
        Ended { predicted, rate: 0.5, expected: predicted, accepted, yes }
    }

    #[test]
    fn the_error_is_the_share_of_yeses_in_the_wrong_bin() {
        let mut record = Calibration::default();
        assert_eq!((record.error(), record.brier()), (None, None));
        // Ten at 0.2 of whom two say yes: right. Ten at 0.6 of whom one does: five too many.
        (0..10).for_each(|at| record.record(&ended(0.2, at < 2), 0));
        (0..10).for_each(|at| record.record(&ended(0.6, at < 1), 0));
        assert!((record.error().unwrap() - 5.0 / 20.0).abs() < 1e-12);
        let brier = (2.0 * 0.64 + 8.0 * 0.04 + 0.16 + 9.0 * 0.36) / 20.0;
        assert!((record.brier().unwrap() - brier).abs() < 1e-12);
        assert!((record.brier_of_rate().unwrap() - 0.25).abs() < 1e-12);
    }

    #[test]
    fn old_asks_fade() {
        let mut record = Calibration::default();
        record.record(&ended(0.9, false), 0);
        record.record(&ended(0.9, true), 900 * 86_400);
        assert!(record.asks() < 1.01 && record.error().unwrap() < 0.11);
    }
}
