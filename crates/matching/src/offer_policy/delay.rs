//! When an answer comes, if one comes at all: a lognormal delay for those who answer, and a share who never do (a cure model: Boag,
//! *Maximum likelihood estimates of the proportion of patients cured by cancer therapy*, JRSS B, 1949).
//!
//! Somebody who says yes with probability p answers at all with probability a = p + (1 - p) c, where c is the share of the
//! unwilling who say so. With F the distribution of delays:
//! - silent for t: 1 - a F(t)
//! - yes by T, silent until t: p (F(T) - F(t)) / (1 - a F(t))
//! - a yes still to come, silent until t: p (1 - F(t)) / (1 - a F(t))
//!
//! The sums that make mean, deviation and c are learnt by expectation-maximisation, one answer at a time: silence counts as the
//! answer it may yet become (Cappe, Moulines, *On-line expectation-maximization algorithm*, JRSS B, 2009).

use super::{half_life::kept, normal, prior::Prior};

/// The delay of answers, as it is stored: what was seen, in sums that fade.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Delay {
    /// Answers seen or expected.
    pub answers: f64,
    /// Sum of the logarithms of their minutes.
    pub ln_sum: f64,
    /// Sum of the squares of those logarithms.
    pub ln_squares: f64,
    /// Unwilling who said so.
    pub declines: f64,
    /// All unwilling.
    pub unwilling: f64,
    /// When the sums were last faded, in seconds since 1970.
    pub at_s: i64,
}

/// The law of answers that the sums say: what predictions are made with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnswerLaw {
    /// Mean of the logarithm of the minutes; its exponential is the median.
    pub ln_mean: f64,
    /// Standard deviation of the logarithm of the minutes.
    pub ln_sd: f64,
    /// Share of the unwilling who say so.
    pub decline_share: f64,
}

/// Delays below this are as quick, in minutes.
const QUICKEST_MIN: f64 = 0.1;
/// The deviation is not believed to be smaller.
const LN_SD_MIN: f64 = 0.2;
/// A share of silence below this is rounding.
const SILENT_MIN: f64 = 1e-9;

/// What an ask came to, or has come to so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// They said yes.
    Yes,
    /// They said no, whatever the reason.
    No,
    /// They had not answered when the offer lapsed or was taken back.
    Silent,
}

impl Delay {
    /// The law that prior and sums say together.
    #[must_use]
    pub fn law(&self, prior: &Prior) -> AnswerLaw {
        let weight = prior.answer_weight;
        let (mean, sd) = (prior.answer_median_min.ln(), prior.answer_ln_sd);
        let count = weight + self.answers;
        let ln_mean = (weight * mean + self.ln_sum) / count;
        let square = (weight * (sd * sd + mean * mean) + self.ln_squares) / count;
        let decline_share = (weight * prior.decline_share + self.declines) / (weight + self.unwilling);
        AnswerLaw { ln_mean, ln_sd: (square - ln_mean * ln_mean).max(LN_SD_MIN * LN_SD_MIN).sqrt(), decline_share }
    }

    /// Learns from one ask whose chance of a yes was `yes`, watched for `minutes` until it was answered or ended.
    pub fn learn(&mut self, prior: &Prior, yes: f64, outcome: Outcome, minutes: f64, now_s: i64) {
        let law = self.law(prior);
        self.fade(prior, now_s);
        let ln = minutes.max(QUICKEST_MIN).ln();
        let seen = match outcome {
            Outcome::Silent => law.silence(yes, minutes),
            Outcome::Yes => Seen { ln_sum: ln, ln_squares: ln * ln, answers: 1.0, ..Seen::default() },
            Outcome::No => Seen { ln_sum: ln, ln_squares: ln * ln, answers: 1.0, declines: 1.0, unwilling: 1.0 },
        };
        self.answers += seen.answers;
        self.ln_sum += seen.ln_sum;
        self.ln_squares += seen.ln_squares;
        self.declines += seen.declines;
        self.unwilling += seen.unwilling;
    }

    fn fade(&mut self, prior: &Prior, now_s: i64) {
        let share = kept(now_s - self.at_s, prior.everybody_half_life_days);
        for sum in [&mut self.answers, &mut self.ln_sum, &mut self.ln_squares, &mut self.declines, &mut self.unwilling]
        {
            *sum *= share;
        }
        self.at_s = self.at_s.max(now_s);
    }
}

/// What one ask adds to the sums.
#[derive(Default)]
struct Seen {
    answers: f64,
    ln_sum: f64,
    ln_squares: f64,
    declines: f64,
    unwilling: f64,
}

impl AnswerLaw {
    /// F: the share of answers that have come after some minutes.
    #[must_use]
    pub fn answered_by(&self, minutes: f64) -> f64 {
        if minutes <= 0.0 { 0.0 } else { normal::distribution((minutes.ln() - self.ln_mean) / self.ln_sd) }
    }

    /// The mean minutes of the answers that come within some minutes: the mean of the lognormal distribution cut off there, which is
    /// exp(m + s^2 / 2) Phi(z - s) / Phi(z) with z = (ln(minutes) - m) / s.
    #[must_use]
    pub fn mean_within(&self, minutes: f64) -> f64 {
        if minutes <= 0.0 {
            return 0.0;
        }
        let z = (minutes.ln() - self.ln_mean) / self.ln_sd;
        let within = normal::distribution(z);
        // Where hardly any answer comes in time, those that do come at the end.
        if within < 1e-12 {
            return minutes;
        }
        let mean = (self.ln_mean + self.ln_sd * self.ln_sd / 2.0).exp();
        (mean * normal::distribution(z - self.ln_sd) / within).min(minutes)
    }

    /// a: the chance of any answer from somebody who says yes with probability `yes`.
    #[must_use]
    pub fn answers(&self, yes: f64) -> f64 {
        yes + (1.0 - yes) * self.decline_share
    }

    /// The chance of a yes within `left_min` from now, of somebody silent for `silent_min`.
    #[must_use]
    pub fn yes_within(&self, yes: f64, silent_min: f64, left_min: f64) -> f64 {
        let now = self.answered_by(silent_min);
        let then = self.answered_by(silent_min.max(0.0) + left_min.max(0.0));
        (yes * (then - now) / self.still_silent(yes, now)).clamp(0.0, 1.0)
    }

    /// The chance that somebody silent for `silent_min` says yes one day.
    #[must_use]
    pub fn yes_later(&self, yes: f64, silent_min: f64) -> f64 {
        let now = self.answered_by(silent_min);
        (yes * (1.0 - now) / self.still_silent(yes, now)).clamp(0.0, 1.0)
    }

    /// The yeses to expect from one ask in the minutes that it was watched, as a counting process sees it: the integral of the
    /// hazard of a yes, (p / a) * -ln(1 - a F(t)). Over many asks it equals the yeses seen, however each watch ended (Aalen,
    /// *Nonparametric inference for a family of counting processes*, Annals of Statistics, 1978).
    #[must_use]
    pub fn expected_yeses(&self, yes: f64, watched_min: f64) -> f64 {
        let any = self.answers(yes);
        if any <= 0.0 { 0.0 } else { -self.still_silent(yes, self.answered_by(watched_min)).ln() * yes / any }
    }

    fn still_silent(&self, yes: f64, answered: f64) -> f64 {
        (1.0 - self.answers(yes) * answered).max(SILENT_MIN)
    }

    /// What a silence may yet become: an answer after t, with the moments of the normal tail, or none.
    fn silence(&self, yes: f64, minutes: f64) -> Seen {
        let answered = self.answered_by(minutes);
        let silent = self.still_silent(yes, answered);
        let answers = self.answers(yes) * (1.0 - answered) / silent;
        let declines = (self.answers(yes) - yes) * (1.0 - answered) / silent;
        let z = (minutes.max(QUICKEST_MIN).ln() - self.ln_mean) / self.ln_sd;
        let tail = normal::distribution(-z);
        // Of z in the tail: the mean m = density / tail, the mean square 1 + z m.
        let mean = if tail > 1e-12 { normal::density(z) / tail } else { z };
        let square = 1.0 + z * mean;
        let ln = self.ln_mean + self.ln_sd * mean;
        let ln_square =
            self.ln_mean * self.ln_mean + 2.0 * self.ln_mean * self.ln_sd * mean + self.ln_sd * self.ln_sd * square;
        Seen {
            answers,
            ln_sum: answers * ln,
            ln_squares: answers * ln_square,
            declines,
            unwilling: 1.0 - self.yes_later(yes, minutes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::dice::Dice;
    use super::*;

    const LAW: AnswerLaw = AnswerLaw { ln_mean: 2.5, ln_sd: 1.0, decline_share: 0.3 };

    #[test]
    fn chances_by_the_formulas_of_the_head() {
        let median = LAW.ln_mean.exp();
        assert!((LAW.answered_by(median) - 0.5).abs() < 1e-12 && LAW.answered_by(0.0) == 0.0);
        // p = 0.2: a = 0.2 + 0.8 * 0.3 = 0.44; after the median half of those have spoken.
        assert!((LAW.yes_later(0.2, median) - 0.2 * 0.5 / (1.0 - 0.44 * 0.5)).abs() < 1e-12);
        let left = (LAW.ln_mean + LAW.ln_sd).exp() - median;
        let until = normal::distribution(1.0);
        assert!((LAW.yes_within(0.2, median, left) - 0.2 * (until - 0.5) / (1.0 - 0.44 * 0.5)).abs() < 1e-12);
    }

    #[test]
    fn the_mean_of_timely_answers_is_the_integral_over_them() {
        for until in [2.0_f64, 15.0, 240.0] {
            let steps = 20_000;
            let width = until / f64::from(steps);
            let integral: f64 = (0..steps)
                .map(|step| {
                    let from = f64::from(step) * width;
                    (from + width / 2.0) * (LAW.answered_by(from + width) - LAW.answered_by(from))
                })
                .sum();
            let mean = integral / LAW.answered_by(until);
            assert!((LAW.mean_within(until) / mean - 1.0).abs() < 1e-4, "{until}: {mean}");
        }
        let (never, always) = (LAW.mean_within(1e-9), LAW.mean_within(1e12));
        assert!(
            never <= 1e-9 && LAW.mean_within(0.0) == 0.0 && (always - 3_f64.exp()).abs() < 1e-6,
            "{never} {always}"
        );
    }

    #[test]
    fn silence_lowers_hope_and_time_raises_it() {
        let mut before = 1.0;
        for silent in [0.0, 1.0, 5.0, 20.0, 100.0, 1e6] {
            let hope = LAW.yes_later(0.3, silent);
            assert!(hope < before && hope >= 0.0, "{silent}: {hope}");
            assert!(LAW.yes_within(0.3, silent, 10.0) <= LAW.yes_within(0.3, silent, 20.0));
            before = hope;
        }
    }

    #[test]
    fn the_law_is_found_again_though_watches_are_cut_short() {
        let truth = AnswerLaw { ln_mean: 3.0, ln_sd: 0.8, decline_share: 0.5 };
        let (prior, mut delay, mut dice) = (Prior::default(), Delay::default(), Dice::new(7));
        let (mut expected, mut seen) = (0.0, 0.0);
        for _ in 0..20_000 {
            let yes = 0.2;
            let watched = 5.0 + 60.0 * dice.share();
            let willing = dice.share() < yes;
            let answers = willing || dice.share() < truth.decline_share;
            let minutes = (truth.ln_mean + truth.ln_sd * dice.normal()).exp();
            let (outcome, minutes) = match (answers && minutes <= watched, willing) {
                (false, _) => (Outcome::Silent, watched),
                (true, true) => (Outcome::Yes, minutes),
                (true, false) => (Outcome::No, minutes),
            };
            expected += truth.expected_yeses(yes, minutes);
            seen += f64::from(u8::from(outcome == Outcome::Yes));
            delay.learn(&prior, yes, outcome, minutes, 0);
        }
        let law = delay.law(&prior);
        assert!((law.ln_mean - truth.ln_mean).abs() < 0.05, "{law:?}");
        assert!((law.ln_sd - truth.ln_sd).abs() < 0.05, "{law:?}");
        assert!((law.decline_share - truth.decline_share).abs() < 0.03, "{law:?}");
        assert!((expected / seen - 1.0_f64).abs() < 0.05, "expected {expected}, seen {seen}");
    }

    #[test]
    fn what_was_seen_long_ago_gives_way_to_the_prior() {
        let (prior, mut delay) = (Prior::default(), Delay::default());
        (0..200).for_each(|_| delay.learn(&prior, 0.5, Outcome::Yes, 200.0, 0));
        let then = delay.law(&prior).ln_mean;
        delay.fade(&prior, 20 * 365 * 86_400);
        assert!(then > 200_f64.ln() - 0.4 && (delay.law(&prior).ln_mean - 15_f64.ln()).abs() < 0.01);
    }
}
