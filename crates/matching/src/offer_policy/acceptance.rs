//! The chance that a volunteer says yes, learnt from every answer and every silence.
//!
//! log-odds of a yes = w . x + u(v): weights w over the features x ([`super::features`]) and an intercept u(v) for each volunteer,
//! u(v) ~ N(0, spread^2), shrunk to the mean of all as far as little is known of them (empirical Bayes: Efron, Morris, *Stein's
//! estimation rule and its competitors*, JASA 1973). Both are normal beliefs, updated one ask at a time by a Newton step on the
//! logistic likelihood (West, Harrison, Migon, *Dynamic generalized linear models*, JASA 1985; Glickman, *Parameter estimation in
//! large dynamic paired comparison experiments*, Applied Statistics 1999):
//!
//!   gain = (y - p) / (1 + i (x' S x + V)), w += S x gain, u += V gain, S and V shrink by i / (1 + i (x' S x + V)),
//!
//! where y is 1 for a yes, 0 for a no and, for a silence of t, the chance of a yes yet to come; i = p (1 - p) - y (1 - y) is the
//! information seen. With y so, (y - p) is exactly the slope of the likelihood of that silence. Old answers fade: between asks every
//! belief goes back to its start as an Ornstein-Uhlenbeck process does, mean by 2^(-t/half-life), variance by its square.
//! A prediction allows for its own doubt: p = logistic(mean / sqrt(1 + pi variance / 8)) (MacKay, *The evidence framework applied to
//! classification networks*, Neural Computation 1992).
//!
//! State is plain numbers: one [`Acceptance`] for a network and one [`Intercept`] for each volunteer, stored as they are.

use super::{
    calibration::{Calibration, Ended},
    delay::{AnswerLaw, Delay, Outcome},
    features::{COUNT, Features, Row, starting_weights},
    half_life::kept,
    prior::Prior,
};

/// What is known of a network's volunteers together.
#[derive(Debug, Clone, PartialEq)]
pub struct Acceptance {
    /// What was believed at the start.
    pub prior: Prior,
    /// Means of the weights.
    pub weights: Row,
    /// Covariance of the weights, row by row.
    pub covariance: [Row; COUNT],
    /// When the weights were last faded, in seconds since 1970.
    pub at_s: i64,
    /// Sum over known volunteers of the expected square of their intercept.
    pub squares: f64,
    /// How many volunteers that is.
    pub known: f64,
    /// When answers come.
    pub delay: Delay,
    /// Whether predictions come true.
    pub calibration: Calibration,
}

/// What is known of one volunteer: the default is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Intercept {
    /// Mean of their log-odds beside everybody's.
    pub mean: f64,
    /// Its variance; meaningless before the first ask.
    pub variance: f64,
    /// When both were last faded, in seconds since 1970.
    pub at_s: i64,
    /// The part of [`Acceptance::squares`] that is theirs; 0 before the first ask.
    pub counted: f64,
    /// How often they were asked.
    pub asked: f64,
    /// How often of those they said yes, or may yet have.
    pub accepted: f64,
}

/// An ask that has ended, to learn from once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lesson {
    /// What was known when they were asked.
    pub features: Features,
    /// The chance that [`Acceptance::chance`] gave then.
    pub predicted: f64,
    /// When they were asked, in seconds since 1970.
    pub asked_s: i64,
    /// When they answered, or when the offer lapsed or was taken back.
    pub ended_s: i64,
    /// What it came to.
    pub outcome: Outcome,
}

/// Asks for which a volunteer's own share of yeses is half trusted, as the thing to beat.
const RATE_WEIGHT: f64 = 4.0;

impl Acceptance {
    /// The belief before the first answer.
    #[must_use]
    pub fn new(prior: Prior, now_s: i64) -> Self {
        let (weights, sd) = starting_weights(&prior);
        let mut covariance = [[0.0; COUNT]; COUNT];
        (0..COUNT).for_each(|at| covariance[at][at] = sd[at] * sd[at]);
        let delay = Delay { at_s: now_s, ..Delay::default() };
        let calibration = Calibration { at_s: now_s, ..Calibration::default() };
        Self { prior, weights, covariance, at_s: now_s, squares: 0.0, known: 0.0, delay, calibration }
    }

    /// The variance of intercepts between volunteers, of the settings and of those known together.
    #[must_use]
    pub fn spread_squared(&self) -> f64 {
        let Prior { spread, spread_weight, .. } = self.prior;
        (spread_weight * spread * spread + self.squares) / (spread_weight + self.known)
    }

    /// The law of answers by now.
    #[must_use]
    pub fn answers(&self) -> AnswerLaw {
        self.delay.law(&self.prior)
    }

    /// The chance that a volunteer asked now says yes, sooner or later.
    #[must_use]
    pub fn chance(&self, volunteer: &Intercept, features: &Features, now_s: i64) -> f64 {
        let row = features.row(&self.prior);
        let (mean, variance) = self.intercept_at(volunteer, now_s);
        let mean = dot(&self.weights, &row) + mean;
        let variance = dot(&self.spread_of(&row), &row) + variance;
        logistic(mean / (1.0 + std::f64::consts::PI * variance / 8.0).sqrt())
    }

    /// Learns from an ask that has ended. Call it once for each, in the order in which they ended.
    pub fn learn(&mut self, volunteer: &mut Intercept, lesson: &Lesson) {
        let now_s = lesson.ended_s;
        let watched_min = (lesson.ended_s - lesson.asked_s).max(0) as f64 / 60.0;
        self.record(volunteer, lesson, watched_min);
        self.fade(now_s);
        let (mean, variance) = self.intercept_at(volunteer, now_s);

        let row = lesson.features.row(&self.prior);
        let spread = self.spread_of(&row);
        let chance = logistic(dot(&self.weights, &row) + mean);
        let yes = match lesson.outcome {
            Outcome::Yes => 1.0,
            Outcome::No => 0.0,
            Outcome::Silent => self.answers().yes_later(chance, watched_min),
        };
        let information = (chance * (1.0 - chance) - yes * (1.0 - yes)).max(0.0);
        let scale = 1.0 + information * (dot(&spread, &row) + variance);
        let gain = (yes - chance) / scale;
        for at in 0..COUNT {
            self.weights[at] += spread[at] * gain;
            for other in 0..COUNT {
                self.covariance[at][other] -= spread[at] * spread[other] * information / scale;
            }
        }
        volunteer.mean = mean + variance * gain;
        volunteer.variance = variance - variance * variance * information / scale;
        volunteer.at_s = volunteer.at_s.max(now_s);
        volunteer.asked += 1.0;
        volunteer.accepted += yes;
        self.count(volunteer);
        self.delay.learn(&self.prior, lesson.predicted, lesson.outcome, watched_min, now_s);
    }

    /// Takes a volunteer out of what is known of all, before their own part is erased.
    pub fn forget(&mut self, volunteer: &Intercept) {
        if volunteer.counted > 0.0 {
            self.known = (self.known - 1.0).max(0.0);
            self.squares = (self.squares - volunteer.counted).max(0.0);
        }
    }

    fn record(&mut self, volunteer: &Intercept, lesson: &Lesson, watched_min: f64) {
        let law = self.answers();
        let rate = (RATE_WEIGHT * self.prior.yes_share + volunteer.accepted) / (RATE_WEIGHT + volunteer.asked);
        let yes = match lesson.outcome {
            Outcome::Yes => 1.0,
            Outcome::No => 0.0,
            Outcome::Silent => law.yes_later(lesson.predicted, watched_min),
        };
        let ended = Ended {
            predicted: lesson.predicted,
            rate,
            expected: law.expected_yeses(lesson.predicted, watched_min),
            accepted: lesson.outcome == Outcome::Yes,
            yes,
        };
        self.calibration.record(&ended, lesson.ended_s);
    }

    /// The step of expectation-maximisation for the spread: each known volunteer counts with their mean squared plus variance.
    fn count(&mut self, volunteer: &mut Intercept) {
        if volunteer.counted == 0.0 {
            self.known += 1.0;
        }
        let square = volunteer.mean * volunteer.mean + volunteer.variance;
        self.squares += square - volunteer.counted;
        volunteer.counted = square;
    }

    /// Mean and variance of an intercept, faded towards those of a stranger.
    fn intercept_at(&self, volunteer: &Intercept, now_s: i64) -> (f64, f64) {
        let stranger = self.spread_squared();
        if volunteer.counted == 0.0 {
            return (0.0, stranger);
        }
        let share = kept(now_s - volunteer.at_s, self.prior.volunteer_half_life_days);
        (volunteer.mean * share, stranger + (volunteer.variance - stranger) * share * share)
    }

    fn fade(&mut self, now_s: i64) {
        let share = kept(now_s - self.at_s, self.prior.everybody_half_life_days);
        let (start, sd) = starting_weights(&self.prior);
        for at in 0..COUNT {
            self.weights[at] = start[at] + (self.weights[at] - start[at]) * share;
            for other in 0..COUNT {
                let first = if at == other { sd[at] * sd[at] } else { 0.0 };
                self.covariance[at][other] = first + (self.covariance[at][other] - first) * share * share;
            }
        }
        self.at_s = self.at_s.max(now_s);
    }

    /// S x.
    fn spread_of(&self, row: &Row) -> Row {
        std::array::from_fn(|at| dot(&self.covariance[at], row))
    }
}

fn dot(one: &Row, other: &Row) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests;
