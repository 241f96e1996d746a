//! The time that somebody's promises leave for calls on a day, in a word each: a look passes over the lulls of thousands of people one after
//! another, and fetches nobody's row.

use super::bits::ROWS;
use super::calendar::Calendar;
use super::gaps::{self, Spare, Ways};
use super::row::{Kept, Row};
use crate::{
    snapshot::Span,
    travel::{Ruler, Spot},
};

/// Bits of an instant of a day, and of seconds to spare.
const SECOND_BITS: u32 = 17;
// The row has the rest.
const _: () = assert!(ROWS <= 1 << (u64::BITS - 3 * SECOND_BITS));

/// A lull of one row: the row, from when until when in seconds from the day's start, and how much of it calls may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lull(u64);

impl Lull {
    /// A lull of the first row; none if it holds no call, or lies beyond a day.
    fn new(from: i64, until: i64, spare_s: i64) -> Option<Self> {
        let spare_s = spare_s.min(until - from);
        let fits = from >= 0 && spare_s > 0 && until < 1 << SECOND_BITS;
        fits.then_some(Self((((from as u64) << SECOND_BITS) | until as u64) << SECOND_BITS | spare_s as u64))
    }

    /// The same lull of another row.
    pub(super) fn of_row(self, row: usize) -> Self {
        Self(self.0 & ((1 << (3 * SECOND_BITS)) - 1) | (row as u64) << (3 * SECOND_BITS))
    }

    /// Whose it is.
    pub(super) fn row(self) -> usize {
        (self.0 >> (3 * SECOND_BITS)) as usize
    }

    /// The first and the last second of the day at which a call may start that takes so long; none if it takes longer than there is to
    /// spare.
    pub(super) fn starts(self, duration_s: i64) -> Option<(i64, i64)> {
        let bits = |low: u32| (self.0 >> low & ((1 << SECOND_BITS) - 1)) as i64;
        Spare { from: bits(2 * SECOND_BITS), until: bits(SECOND_BITS), spare_s: bits(0) }.starts(duration_s)
    }
}

/// The lulls of one row among those of a day, by row.
pub(super) fn of_row(lulls: &[Lull], row: usize) -> &[Lull] {
    let from = lulls.partition_point(|lull| lull.row() < row);
    let count = lulls[from..].iter().take_while(|lull| lull.row() == row).count();
    &lulls[from..from + count]
}

/// The lulls that somebody's promises leave on a day of usual hours, ascending; none if that is not so simple and the rules must be asked.
pub(super) fn on_day(
    calendar: &Calendar,
    ruler: &Ruler,
    day: usize,
    row: &Row,
    windows: &[Span],
    promises: &[Kept],
) -> Option<Vec<Lull>> {
    let start = calendar.start(day);
    let whole = Span::new(start, calendar.start(day + 1));
    let touching = || promises.iter().filter(|kept| kept.trip().meets(whole));
    if touching().any(|kept| calendar.week_at(kept.start) != calendar.week(day)) {
        return None;
    }
    if promises.iter().filter(|kept| whole.start <= kept.start && kept.start < whole.end).count()
        >= usize::from(row.max_gigs_day)
    {
        return Some(Vec::new());
    }
    let ways = Ways {
        ruler,
        home: row.home().map(Spot::from),
        speed_dkmh: u32::from(row.speed_dkmh),
        place: None,
        end: None,
        out_s: 0,
        back_s: 0,
    };
    let mut lulls = Vec::new();
    for &window in windows.iter().filter(|window| window.meets(whole)) {
        let inside: Vec<&Kept> = touching().filter(|kept| kept.trip().meets(window)).collect();
        for spare in gaps::spares(window, &inside, &ways)? {
            lulls.extend(Lull::new(spare.from - start, spare.until - start, spare.spare_s));
        }
    }
    Some(lulls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lull_holds_what_there_is_to_spare() {
        let lull = Lull::new(3_600, 86_400, 1_800).expect("of a day").of_row(4_095);
        assert_eq!((lull.row(), lull.starts(1_800), lull.starts(1_801)), (4_095, Some((3_600, 84_600)), None));
        assert_eq!(lull.of_row(7).row(), 7);
        // No more than it is long, whatever there is to spare.
        assert_eq!(Lull::new(60, 120, 900).and_then(|lull| lull.starts(61)), None);
        assert_eq!((Lull::new(60, 60, 900), Lull::new(60, 120, 0), Lull::new(-1, 120, 60)), (None, None, None));
    }

    #[test]
    fn lulls_of_a_row_lie_together() {
        let lull = |row| Lull::new(0, 60, 60).expect("of a day").of_row(row);
        let all = [lull(1), lull(3), lull(3), lull(9)];
        assert_eq!((of_row(&all, 3).len(), of_row(&all, 2).len(), of_row(&all, 9).len()), (2, 0, 1));
    }
}
