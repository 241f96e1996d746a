//! The week of the contact budget: the one rule by which an ask counts, for offers and for messages alike.
//!
//! A volunteer agrees to so many asks in any seven days. An ask counts from when its message comes.

use jiff::{SignedDuration, Timestamp};

/// Seven days, and the hour that the clock may give back.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24 + 1);

/// The week before an instant at which somebody would be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContactWeek {
    start: Timestamp,
}

impl ContactWeek {
    /// The week before an instant.
    #[must_use]
    pub fn before(time: Timestamp) -> Self {
        Self { start: time.checked_sub(WEEK).unwrap_or(Timestamp::MIN) }
    }

    /// When it begins: what came then or earlier does not count any more.
    #[must_use]
    pub fn start(&self) -> Timestamp {
        self.start
    }

    /// Whether an ask at an instant counts. So does one that is still to come: its own week would hold this one.
    #[must_use]
    pub fn counts(&self, time: Timestamp) -> bool {
        time > self.start
    }

    /// Whether asks that came, or will come, at these instants leave nothing of the budget.
    #[must_use]
    pub fn is_spent(&self, budget: u8, asks: impl IntoIterator<Item = Timestamp>) -> bool {
        let asks = asks.into_iter().filter(|time| self.counts(*time)).take(usize::from(budget));
        asks.count() >= usize::from(budget)
    }

    /// From when on a budget that is spent by these asks leaves room for one; none if it never does.
    #[must_use]
    pub fn free_from(&self, budget: u8, asks: impl IntoIterator<Item = Timestamp>) -> Option<Timestamp> {
        let mut asks: Vec<Timestamp> = asks.into_iter().filter(|time| self.counts(*time)).collect();
        asks.sort_unstable();
        let oldest_that_must_pass = asks.len().checked_sub(usize::from(budget))?;
        asks.get(oldest_that_must_pass)?.checked_add(WEEK).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("instant")
    }

    #[test]
    fn any_seven_days_hold_no_more_asks_than_were_agreed_to() {
        let asks = ["2026-11-22T10:00:00Z", "2026-11-25T10:00:00Z", "2026-11-28T10:00:00Z"].map(at);
        for (now, spent_two, spent_three) in [
            ("2026-11-28T10:00:00Z", true, true),
            ("2026-11-29T11:00:00Z", true, false),
            ("2026-12-02T10:59:59Z", true, false),
            ("2026-12-02T11:00:00Z", false, false),
        ] {
            let week = ContactWeek::before(at(now));
            assert_eq!((week.is_spent(2, asks), week.is_spent(3, asks)), (spent_two, spent_three), "{now}");
        }
        let week = ContactWeek::before(at("2026-11-28T10:00:00Z"));
        assert_eq!(week.free_from(2, asks), Some(at("2026-12-02T11:00:00Z")));
        assert_eq!(week.free_from(3, asks), Some(at("2026-11-29T11:00:00Z")));
        assert!(week.is_spent(0, []) && week.free_from(0, asks).is_none(), "who wants no asks gets none");
    }

    #[test]
    fn an_ask_that_is_still_to_come_counts() {
        let week = ContactWeek::before(at("2026-11-25T20:00:00Z"));
        assert!(week.is_spent(1, [at("2026-11-26T07:00:00Z")]));
    }
}
