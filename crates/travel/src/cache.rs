//! Times that have been asked for: from cell to cell, for a while, and no more than fit.
//!
//! Two generations take turns: what is asked for moves to the young one, and when that is full the old one is forgotten. So what is used
//! stays, nothing has to be sorted, and there are never more pairs than the limit.

use std::collections::HashMap;

/// What is known of one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// So many seconds.
    Seconds(u32),
    /// It does not exist.
    None,
    /// An end lies off the map of the service: nothing is known.
    OffMap,
}

/// Mode, from, to.
pub(crate) type Key = (u32, u64, u64);

/// Times by way.
#[derive(Debug)]
pub(crate) struct Cache {
    young: HashMap<Key, (Way, i64)>,
    old: HashMap<Key, (Way, i64)>,
    pairs_max: usize,
    lasts_s: i64,
}

impl Cache {
    /// An empty cache for so many pairs, each of which is believed for so many seconds.
    pub(crate) fn new(pairs_max: usize, lasts_s: i64) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), pairs_max, lasts_s }
    }

    /// What is known of a way at a time in seconds.
    pub(crate) fn get(&mut self, key: Key, now_s: i64) -> Option<Way> {
        let lasts_s = self.lasts_s;
        let is_fresh = |at: i64| (now_s - at).abs() < lasts_s;
        if let Some(&(way, at)) = self.young.get(&key) {
            return is_fresh(at).then_some(way);
        }
        let (way, at) = self.old.remove(&key)?;
        if !is_fresh(at) {
            return None;
        }
        self.put(key, way, at);
        Some(way)
    }

    /// Notes what has been said of a way.
    pub(crate) fn put(&mut self, key: Key, way: Way, now_s: i64) {
        if self.young.len() >= self.pairs_max / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, (way, now_s));
    }

    /// How many pairs it holds.
    pub(crate) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_makes_room() {
        let mut cache = Cache::new(100, 60);
        cache.put((350, 0, 1), Way::None, 0);
        for n in 0..1_000 {
            cache.put((350, n, 7), Way::Seconds(n as u32), 0);
            assert_eq!(cache.get((350, 0, 1), 0), Some(Way::None), "asked for all the time");
            assert!(cache.len() <= 100, "{}", cache.len());
        }
        assert_eq!(cache.get((350, 999, 7), 0), Some(Way::Seconds(999)));
        assert_eq!(cache.get((350, 3, 7), 0), None, "long not asked for");
    }

    #[test]
    fn nothing_is_believed_for_ever() {
        let mut cache = Cache::new(100, 60);
        cache.put((45, 1, 2), Way::Seconds(5), 1_000);
        assert_eq!(cache.get((45, 1, 2), 1_059), Some(Way::Seconds(5)));
        assert_eq!(cache.get((45, 1, 2), 1_060), None);
        assert_eq!(cache.get((45, 1, 2), 930), None, "nor if the clock was set back");
        assert_eq!(cache.get((45, 2, 1), 1_000), None, "the way back is another");
    }
}
