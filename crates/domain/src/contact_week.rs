//! The week of the contact budget: the one rule by which an ask counts, for offers and for messages alike.
//!
//! A volunteer agrees to so many asks in a local week, Monday to Sunday. An ask counts in the week in which its message comes.

use jiff::{Timestamp, ToSpan, civil::Weekday};

use crate::availability::MinuteOfDay;

/// A local week, Monday to Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContactWeek {
    start: Timestamp,
    end: Timestamp,
}

impl ContactWeek {
    /// The week that an instant lies in.
    #[must_use]
    pub fn of(time: Timestamp) -> Self {
        let zone = crate::zone();
        let day = time.to_zoned(zone.clone()).date();
        let monday = day.saturating_sub(i64::from(day.weekday().since(Weekday::Monday)).days());
        let midnight = |day| MinuteOfDay::new(0).ok()?.on(day, &zone);
        Self {
            start: midnight(monday).unwrap_or(Timestamp::MIN),
            end: midnight(monday.saturating_add(7.days())).unwrap_or(Timestamp::MAX),
        }
    }

    /// When it begins: a local Monday.
    #[must_use]
    pub fn start(&self) -> Timestamp {
        self.start
    }

    /// When the next one begins.
    #[must_use]
    pub fn end(&self) -> Timestamp {
        self.end
    }

    /// Whether an instant lies in it.
    #[must_use]
    pub fn contains(&self, time: Timestamp) -> bool {
        (self.start..self.end).contains(&time)
    }

    /// Whether asks that came, or will come, at these instants leave nothing of the week's budget.
    #[must_use]
    pub fn is_spent(&self, budget: u8, asks: impl IntoIterator<Item = Timestamp>) -> bool {
        let asks = asks.into_iter().filter(|time| self.contains(*time)).take(usize::from(budget));
        asks.count() >= usize::from(budget)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("instant")
    }

    #[test]
    fn a_week_is_local_and_whole_over_both_changes_of_the_clock() {
        for (inside, start, end) in [
            ("2026-11-25T10:00:00Z", "2026-11-22T22:00:00Z", "2026-11-29T22:00:00Z"),
            ("2026-11-22T22:00:00Z", "2026-11-22T22:00:00Z", "2026-11-29T22:00:00Z"),
            ("2026-11-22T21:59:59Z", "2026-11-15T22:00:00Z", "2026-11-22T22:00:00Z"),
            ("2027-03-28T10:00:00Z", "2027-03-21T22:00:00Z", "2027-03-28T21:00:00Z"),
            ("2027-10-31T10:00:00Z", "2027-10-24T21:00:00Z", "2027-10-31T22:00:00Z"),
        ] {
            let week = ContactWeek::of(at(inside));
            assert_eq!((week.start(), week.end()), (at(start), at(end)), "{inside}");
            assert!(week.contains(week.start()) && !week.contains(week.end()));
        }
    }

    #[test]
    fn asks_of_other_weeks_leave_the_budget_alone() {
        let week = ContactWeek::of(at("2026-11-25T10:00:00Z"));
        let asks =
            ["2026-11-22T20:00:00Z", "2026-11-23T07:00:00Z", "2026-11-29T18:00:00Z", "2026-11-30T07:00:00Z"].map(at);
        assert!(week.is_spent(2, asks) && !week.is_spent(3, asks));
        assert!(week.is_spent(0, []), "who wants no asks gets none");
    }
}
