//! How tired of messages somebody is: +1 for each ask, +0.5 for "already taken", -1 for a gig done; half is gone after five days.
//!
//! level(t) = level(s) * 2^(-(t - s) / half-life), never below 0. Being turned away costs engagement (Lo, Manshadi, Rodilitz,
//! Shameli, *Commitment on Volunteer Crowdsourcing Platforms*); the weights are a first guess, to be fitted again on answers.

use super::half_life::kept;

/// What an ask adds.
pub const ASKED: f64 = 1.0;
/// What "already taken" adds.
pub const ALREADY_TAKEN: f64 = 0.5;
/// What a gig done takes away.
pub const DONE: f64 = 1.0;
/// Days after which half is gone.
pub const HALF_LIFE_DAYS: f64 = 5.0;

/// The fatigue of one volunteer, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Fatigue {
    /// The level at [`Fatigue::at_s`], 0 or more.
    pub level: f64,
    /// When that was, in seconds since 1970.
    pub at_s: i64,
}

impl Fatigue {
    /// The level at a later moment.
    #[must_use]
    pub fn level_at(&self, now_s: i64) -> f64 {
        self.level * kept(now_s - self.at_s, HALF_LIFE_DAYS)
    }

    /// They are asked.
    pub fn asked(&mut self, now_s: i64) {
        self.add(ASKED, now_s);
    }

    /// They said yes and heard that somebody was first.
    pub fn already_taken(&mut self, now_s: i64) {
        self.add(ALREADY_TAKEN, now_s);
    }

    /// They did a gig.
    pub fn done(&mut self, now_s: i64) {
        self.add(-DONE, now_s);
    }

    fn add(&mut self, what: f64, now_s: i64) {
        *self = Self { level: (self.level_at(now_s) + what).max(0.0), at_s: self.at_s.max(now_s) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    #[test]
    fn asks_add_up_and_fade() {
        let mut fatigue = Fatigue::default();
        fatigue.asked(0);
        fatigue.asked(5 * DAY);
        assert!((fatigue.level_at(5 * DAY) - 1.5).abs() < 1e-12);
        fatigue.already_taken(10 * DAY);
        assert!((fatigue.level_at(10 * DAY) - 1.25).abs() < 1e-12);
        fatigue.done(10 * DAY);
        assert!((fatigue.level_at(15 * DAY) - 0.125).abs() < 1e-12);
    }

    #[test]
    fn a_steady_stream_of_asks_settles_at_its_closed_form() {
        // One ask each day: 1 / (1 - 2^(-1/5)) just after an ask.
        let mut fatigue = Fatigue::default();
        (0..400).for_each(|day| fatigue.asked(day * DAY));
        assert!((fatigue.level - 1.0 / (1.0 - (-0.2_f64).exp2())).abs() < 1e-9, "{fatigue:?}");
    }

    #[test]
    fn nobody_is_less_than_fresh() {
        let mut fatigue = Fatigue::default();
        fatigue.done(0);
        assert!(fatigue.level_at(DAY).abs() < 1e-12);
    }
}
