//! The best so far of those who surely can, best first.

use std::cmp::Reverse;

use super::id::Id;
use super::look::Sure;

/// The best so far, best first.
pub(super) struct Top<'a> {
    limit: usize,
    best: Vec<(Sure<'a>, u64)>,
    has_keys: bool,
}

impl<'a> Top<'a> {
    /// Nobody yet, of at most so many. `has_keys`: every id can be ordered by its key.
    pub(super) fn new(limit: usize, has_keys: bool) -> Self {
        Self { limit, best: Vec::new(), has_keys }
    }

    /// Whether somebody with such a total and start may be among them.
    pub(super) fn may(&self, total_milli: i64, start: i64) -> bool {
        self.best.len() < self.limit
            || self
                .best
                .last()
                .is_some_and(|(worst, _)| (Reverse(total_milli), start) <= (Reverse(worst.total_milli), worst.start))
    }

    /// Whether somebody of such a key, with at most that total, is surely not among them.
    pub(super) fn is_beyond(&self, most_milli: i64, start: i64, key: u64) -> bool {
        let worst = if self.has_keys && self.best.len() >= self.limit { self.best.last() } else { None };
        worst.is_some_and(|(worst, worst_key)| {
            (Reverse(most_milli), start, key) > (Reverse(worst.total_milli), worst.start, *worst_key)
        })
    }

    pub(super) fn add(&mut self, sure: Sure<'a>, key: u64) {
        let key = if self.has_keys { key } else { 0 };
        let place = self.best.partition_point(|(other, other_key)| {
            let order = (Reverse(other.total_milli), other.start, *other_key);
            order.cmp(&(Reverse(sure.total_milli), sure.start, key)).then_with(|| id(other).cmp(id(&sure))).is_lt()
        });
        if place < self.limit {
            self.best.insert(place, (sure, key));
            self.best.truncate(self.limit);
        }
    }

    /// Those who are among the best.
    pub(super) fn into_best(self) -> impl Iterator<Item = Sure<'a>> {
        self.best.into_iter().map(|(sure, _)| sure)
    }
}

fn id<'a>(sure: &Sure<'a>) -> &'a Id {
    &sure.who.row.id
}
