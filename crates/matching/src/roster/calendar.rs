//! The days of a roster's horizon, and what somebody's windows are on each: as in their usual week, none, or otherwise.

use crate::snapshot::Span;

/// Seconds of a quarter of an hour.
pub(super) const QUARTER_S: i64 = 900;
/// Quarters of a usual day.
pub(super) const QUARTERS: usize = 96;
/// Days of a week.
pub(super) const WEEK: usize = 7;
/// Seconds of a usual day.
const DAY_S: i64 = QUARTERS as i64 * QUARTER_S;
/// Most days that are known; what lies later is always looked at row by row.
const DAYS_MAX: usize = 128;

/// The local days of a horizon.
#[derive(Debug, Clone, Default)]
pub(super) struct Calendar {
    /// Where each begins, and where the last one ends.
    starts: Vec<i64>,
    /// The week of each day, from 0.
    weeks: Vec<usize>,
    /// Where each week begins, and where the last one ends.
    week_starts: Vec<i64>,
}

impl Calendar {
    /// The whole days and weeks inside a horizon.
    pub(super) fn new(horizon: Span, day_starts: &[i64], week_starts: &[i64]) -> Self {
        let inside = |starts: &[i64]| -> Vec<i64> {
            let mut inside: Vec<i64> =
                starts.iter().copied().filter(|start| horizon.start <= *start && *start <= horizon.end).collect();
            inside.sort_unstable();
            inside.dedup();
            inside
        };
        let (mut starts, week_starts) = (inside(day_starts), inside(week_starts));
        starts.truncate(DAYS_MAX + 1);
        let weeks = starts.iter().map(|start| week_starts.partition_point(|week| week <= start)).collect();
        Self { starts, weeks, week_starts }
    }

    /// How many days.
    pub(super) fn days(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// How many weeks there may be numbers of.
    pub(super) fn weeks(&self) -> usize {
        self.week_starts.len() + 1
    }

    /// The number of the week of an instant.
    pub(super) fn week_at(&self, at: i64) -> usize {
        self.week_starts.partition_point(|week| *week <= at)
    }

    /// The number of the week of a day.
    pub(super) fn week(&self, day: usize) -> usize {
        self.weeks[day]
    }

    /// Where a day begins.
    pub(super) fn start(&self, day: usize) -> i64 {
        self.starts[day]
    }

    /// The span of a week, if it lies wholly in the horizon.
    pub(super) fn week_span(&self, week: usize) -> Option<Span> {
        let first = week.checked_sub(1)?;
        Some(Span::new(*self.week_starts.get(first)?, *self.week_starts.get(week)?))
    }

    /// The day of an instant, if it is one of 24 hours.
    pub(super) fn usual_day(&self, at: i64) -> Option<usize> {
        let day = self.starts.partition_point(|start| *start <= at).checked_sub(1)?;
        (self.starts.get(day + 1)? - self.starts[day] == DAY_S).then_some(day)
    }

    /// The usual day that a span lies in.
    pub(super) fn day_of(&self, span: Span) -> Option<usize> {
        let day = self.usual_day(span.start)?;
        (span.end <= self.starts[day + 1]).then_some(day)
    }

    /// Whether a day is one of 24 hours, and a span lies in it.
    fn holds(&self, day: usize, span: Span) -> bool {
        let ends = self.starts.get(day).zip(self.starts.get(day + 1));
        ends.is_some_and(|(start, end)| *start <= span.start && span.end <= *end && end - start == DAY_S)
    }

    /// The days that a span touches.
    pub(super) fn touched(&self, span: Span) -> std::ops::Range<usize> {
        let first = self.starts.partition_point(|start| *start <= span.start).saturating_sub(1);
        let end = self.starts.partition_point(|start| *start < span.end).min(self.days());
        first.min(end)..end
    }

    /// Somebody's usual week and the days on which it holds, from windows that do not overlap, ascending.
    pub(super) fn usual(&self, windows: &[Span]) -> Usual {
        let days = self.days();
        let (mut hours, mut odd) = ([0_u128; DAYS_MAX], [false; DAYS_MAX]);
        let (mut before, mut day) = (i64::MIN, 0);
        for span in windows {
            // Windows that touch are two round trips, which bits cannot say.
            let apart = before < span.start;
            before = span.end;
            // The days ascend as the windows do: none is searched for from the beginning.
            while self.starts.get(day + 1).is_some_and(|next| *next <= span.start) {
                day += 1;
            }
            match self.holds(day, *span).then(|| quarters(*span, self.starts[day])).flatten() {
                Some(bits) if apart => hours[day] |= bits,
                _ => self.touched(Span::new(span.start - 1, span.end)).for_each(|day| odd[day] = true),
            }
        }
        let mut usual = Usual { hours: [0; WEEK], is_usual: 0, is_odd: 0 };
        for weekday in 0..WEEK {
            let of = || (weekday..days).step_by(WEEK).filter(|day| !odd[*day] && hours[*day] != 0);
            let how_often = |day: &usize| of().filter(|other| hours[*other] == hours[*day]).count();
            let Some(first) = of().next() else { continue };
            // The first one, unless others are more frequent.
            let most =
                if of().all(|day| hours[day] == hours[first]) { Some(first) } else { of().max_by_key(how_often) };
            usual.hours[weekday] = most.map_or(0, |day| hours[day]);
        }
        for day in 0..days {
            let as_ever = !odd[day] && hours[day] == usual.hours[day % WEEK];
            if as_ever && hours[day] != 0 {
                usual.is_usual |= 1 << day;
            } else if odd[day] || hours[day] != 0 {
                usual.is_odd |= 1 << day;
            }
        }
        usual
    }
}

/// Somebody's usual week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Usual {
    /// Quarters of an hour by day of the week, counted from the first day of the horizon.
    pub(super) hours: [u128; WEEK],
    /// Days on which just these hold.
    pub(super) is_usual: u128,
    /// Days on which others hold, or promises are not simple. On the rest there is nothing.
    pub(super) is_odd: u128,
}

/// The quarters of a window within its day; none if it does not begin and end with one.
fn quarters(span: Span, day_start: i64) -> Option<u128> {
    let (from, to) = (span.start - day_start, span.end - day_start);
    if from % QUARTER_S != 0 || to % QUARTER_S != 0 {
        return None;
    }
    let (from, to) = ((from / QUARTER_S) as u32, (to / QUARTER_S) as u32);
    Some(((1_u128 << to) - 1) & !((1_u128 << from) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const H: i64 = 3_600;

    #[test]
    fn a_usual_week_has_days_off_and_odd_days() {
        let day_starts: Vec<i64> = (0..=21).map(|day| day * DAY_S).collect();
        let calendar = Calendar::new(Span::new(0, 21 * DAY_S), &day_starts, &[0, 7 * DAY_S, 14 * DAY_S]);
        assert_eq!((calendar.days(), calendar.week(8), calendar.week_at(8 * DAY_S)), (21, 2, 2));
        let nine_to_noon = |day: i64| Span::new(day * DAY_S + 9 * H, day * DAY_S + 12 * H);
        let odd = Span::new(15 * DAY_S + 9 * H + 60, 15 * DAY_S + 12 * H);
        let touching =
            [Span::new(16 * DAY_S + 9 * H, 16 * DAY_S + 10 * H), Span::new(16 * DAY_S + 10 * H, 16 * DAY_S + 11 * H)];
        let usual = calendar.usual(&[nine_to_noon(1), nine_to_noon(8), odd, touching[0], touching[1]]);
        assert_eq!(usual.is_usual, 1 << 1 | 1 << 8);
        assert_eq!(usual.is_odd, 1 << 15 | 1 << 16);
        assert_eq!(usual.hours[1], ((1 << 12) - 1) << 36);
    }
}
