//! A map that is cheap to copy and cheap to change: its copies share all parts but those that were changed since.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};
use std::sync::Arc;

/// Into how many parts a map is cut: a change copies one of them.
const PARTS: usize = 256;

/// Which part holds a key: the same in every copy.
type Fixed = BuildHasherDefault<DefaultHasher>;

/// A map in shared parts.
#[derive(Debug, Clone)]
pub(crate) struct Shards<K, V> {
    parts: Vec<Arc<HashMap<K, V, Fixed>>>,
}

impl<K, V> Default for Shards<K, V> {
    fn default() -> Self {
        // One empty part, shared until it is written to.
        let empty = Arc::default();
        Self { parts: vec![empty; PARTS] }
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Shards<K, V> {
    fn part<Q: Hash + ?Sized>(key: &Q) -> usize {
        // The low bits choose the place inside a part.
        (Fixed::default().hash_one(key) >> 48) as usize % PARTS
    }

    /// A map of many pairs, in which each part has room for its share from the beginning.
    pub(crate) fn of(pairs: impl ExactSizeIterator<Item = (K, V)>) -> Self {
        // Shares differ by chance: a few more than the mean.
        let mean = pairs.len() / PARTS;
        let room = if mean == 0 { 0 } else { mean + mean / 16 + 16 };
        let mut parts: Vec<HashMap<K, V, Fixed>> = Vec::new();
        parts.resize_with(PARTS, || HashMap::with_capacity_and_hasher(room, Fixed::default()));
        for (key, value) in pairs {
            parts[Self::part(&key)].insert(key, value);
        }
        Self { parts: parts.into_iter().map(Arc::new).collect() }
    }

    /// The value of a key.
    pub(crate) fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.parts[Self::part(key)].get(key)
    }

    /// Puts a value; answers the one before.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        Arc::make_mut(&mut self.parts[Self::part(&key)]).insert(key, value)
    }

    /// Takes a value out.
    pub(crate) fn remove<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let part = &mut self.parts[Self::part(key)];
        if part.contains_key(key) { Arc::make_mut(part).remove(key) } else { None }
    }

    /// Everything, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.parts.iter().flat_map(|part| part.iter())
    }
}

impl<K: Hash + Eq + Clone, T: Clone> Shards<K, Vec<T>> {
    /// Adds to the list of a key.
    pub(crate) fn push(&mut self, key: K, item: T) {
        Arc::make_mut(&mut self.parts[Self::part(&key)]).entry(key).or_default().push(item);
    }

    /// Drops items from the list of a key, and the list when it is empty.
    pub(crate) fn drop_from<Q: Hash + Eq + ?Sized>(&mut self, key: &Q, gone: impl Fn(&T) -> bool)
    where
        K: Borrow<Q>,
    {
        let part = Arc::make_mut(&mut self.parts[Self::part(key)]);
        if let Some(list) = part.get_mut(key) {
            list.retain(|item| !gone(item));
            if list.is_empty() {
                part.remove(key);
            }
        }
    }

    /// The list of a key.
    pub(crate) fn list<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> &[T]
    where
        K: Borrow<Q>,
    {
        self.get(key).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_keeps_what_it_had() {
        let mut now: Shards<u32, Vec<u32>> = Shards::default();
        (0..1_000).for_each(|n| now.push(n % 10, n));
        let before = now.clone();
        now.drop_from(&3, |n| *n > 3);
        now.remove(&4);
        now.insert(11, vec![]);
        assert_eq!((before.iter().count(), before.list(&3).len(), before.list(&4).len()), (10, 100, 100));
        assert_eq!((now.iter().count(), now.list(&3), now.get(&4)), (10, &[3][..], None));
        assert_eq!(now.iter().map(|(_, list)| list.len()).sum::<usize>(), 801);
    }
}
