//! A breaker for each channel: when nearly all fails nothing is sent for a while, then one message tries whether it works again.
//!
//! Failures in a row alone do not open it: of many messages in work at once, those that nobody answered end together, and a provider that
//! takes every second one would be left alone most of the day.

use domain::Timestamp;
use jiff::SignedDuration;

/// Transient failures in a row that open the breaker, if hardly anything worked before them either.
pub const FAILURES_MAX: u32 = 10;
/// How much may have worked of the last 32 messages for the breaker to open.
const WORKED_MAX: u32 = 3;
/// First pause of an open breaker; it doubles with each probe that fails.
const PAUSE: SignedDuration = SignedDuration::from_secs(10);
/// Longest pause.
const PAUSE_MAX: SignedDuration = SignedDuration::from_mins(5);

/// How many messages may be in work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// As many as there is room for.
    Open,
    /// One, to see whether it works.
    Probe,
    /// None.
    Closed,
}

/// The breaker of one channel.
#[derive(Debug, Clone, Default)]
pub struct Breaker {
    failures: u32,
    /// The last 32 messages, a bit for each that worked.
    history: u32,
    pauses: u32,
    until: Option<Timestamp>,
}

impl Breaker {
    /// How many messages may be in work at an instant.
    #[must_use]
    pub fn gate(&self, now: Timestamp) -> Gate {
        match self.until {
            None => Gate::Open,
            Some(until) if now >= until => Gate::Probe,
            Some(_) => Gate::Closed,
        }
    }

    /// Whether the provider did not work when last tried: nothing is sent, but for one message now and then.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.until.is_some()
    }

    /// The provider took a message, or refused one for a reason of the message's own: it works.
    pub fn worked(&mut self) {
        *self = Self { history: self.history << 1 | 1, ..Self::default() };
    }

    /// The provider did not work. Answers whether that opened the breaker, or kept it open.
    pub fn failed(&mut self, now: Timestamp) -> bool {
        self.failures = self.failures.saturating_add(1);
        self.history <<= 1;
        let probe = self.until.is_some_and(|until| now >= until);
        let works = self.failures < FAILURES_MAX || self.history.count_ones() > WORKED_MAX;
        if works || (self.until.is_some() && !probe) {
            return false;
        }
        let pause = PAUSE * 2_i32.pow(self.pauses.min(8));
        self.until = Some(now + pause.min(PAUSE_MAX));
        self.pauses += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_probes_and_closes() {
        let at = |second| Timestamp::from_second(second).expect("instant");
        let mut breaker = Breaker::default();
        for _ in 1..FAILURES_MAX {
            assert!(!breaker.failed(at(0)));
        }
        assert_eq!(breaker.gate(at(0)), Gate::Open);
        assert!(breaker.failed(at(0)));
        assert_eq!((breaker.gate(at(9)), breaker.gate(at(10))), (Gate::Closed, Gate::Probe));
        assert!(!breaker.failed(at(5)), "what was in work does not make it longer");
        assert!(breaker.failed(at(10)));
        assert_eq!((breaker.gate(at(29)), breaker.gate(at(30))), (Gate::Closed, Gate::Probe));
        let mut still = breaker.clone();
        for _ in 0..20 {
            still.failed(at(100_000));
        }
        assert_ne!(still.gate(at(100_300)), Gate::Closed, "never longer than five minutes");
        breaker.worked();
        assert_eq!(breaker.gate(at(30)), Gate::Open);
        assert!(!breaker.failed(at(30)), "it begins to count anew");
    }

    #[test]
    fn silences_that_end_together_do_not_open_it() {
        let at = |second| Timestamp::from_second(second).expect("instant");
        let mut breaker = Breaker::default();
        for _ in 0..100 {
            // Every second one is taken, and at the end of each lot come those that nobody answered.
            for _ in 0..8 {
                breaker.worked();
                assert!(!breaker.failed(at(0)));
            }
            for _ in 0..12 {
                assert!(!breaker.failed(at(0)));
            }
        }
        let more = (0..40).position(|_| breaker.failed(at(0)));
        assert!(more.is_some_and(|more| more < 32), "nothing works any more: {more:?}");
    }
}
