//! A set of few values, such as the kinds that somebody accepts: sorted, in one piece of memory that is no larger than they are, and
//! which copies share. A tree takes room for eleven where there is one, and a nation's roster holds millions of these, most of them alike.

use std::collections::HashSet;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A set of few values, ascending. Looking for one halves the rest at each step; adding or taking one copies all.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortedSet<T>(Arc<[T]>);

impl<T> SortedSet<T> {
    /// A set of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::default())
    }

    /// The values, ascending.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it stands in the same memory as another: a copy, or [shared](Alike::share).
    #[must_use]
    pub fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        *self = Self::new();
    }
}

impl<T: Ord> SortedSet<T> {
    /// Whether a value is in it.
    #[must_use]
    pub fn contains(&self, value: &T) -> bool {
        self.0.binary_search(value).is_ok()
    }

    /// What is in this one and not in another, ascending.
    pub fn difference<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a T> {
        self.iter().filter(|value| !other.contains(value))
    }
}

impl<T: Ord + Clone> SortedSet<T> {
    /// Puts a value in; answers whether it was not there.
    pub fn insert(&mut self, value: T) -> bool {
        let Err(at) = self.0.binary_search(&value) else { return false };
        let mut values = self.0.to_vec();
        values.insert(at, value);
        self.0 = values.into();
        true
    }

    /// Takes a value out; answers whether it was there.
    pub fn remove(&mut self, value: &T) -> bool {
        let Ok(at) = self.0.binary_search(value) else { return false };
        let mut values = self.0.to_vec();
        values.remove(at);
        self.0 = values.into();
        true
    }
}

/// Sets that many people have alike, each kept once.
#[derive(Debug)]
pub struct Alike<T>(HashSet<SortedSet<T>>);

/// Most different sets that are remembered: beyond, what comes is rarely seen again.
const ALIKE_MAX: usize = 10_000;

impl<T> Default for Alike<T> {
    fn default() -> Self {
        Self(HashSet::new())
    }
}

impl<T: Hash + Ord + Clone> Alike<T> {
    /// Puts in a set's place the one that was seen before, if there is one: the same values, in the same memory.
    pub fn share(&mut self, set: &mut SortedSet<T>) {
        match self.0.get(set) {
            Some(known) => *set = known.clone(),
            None if self.0.len() < ALIKE_MAX => {
                self.0.insert(set.clone());
            }
            None => {}
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for SortedSet<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_set().entries(self.iter()).finish()
    }
}

impl<T> Default for SortedSet<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Ord> From<Vec<T>> for SortedSet<T> {
    fn from(mut values: Vec<T>) -> Self {
        if !values.is_sorted_by(|a, b| a < b) {
            values.sort_unstable();
            values.dedup();
        }
        Self(values.into())
    }
}

impl<T: Ord, const N: usize> From<[T; N]> for SortedSet<T> {
    fn from(values: [T; N]) -> Self {
        Vec::from(values).into()
    }
}

impl<T: Ord> FromIterator<T> for SortedSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        values.into_iter().collect::<Vec<T>>().into()
    }
}

impl<'a, T> IntoIterator for &'a SortedSet<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Serialize> Serialize for SortedSet<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_ref().serialize(serializer)
    }
}

impl<'de, T: Ord + Deserialize<'de>> Deserialize<'de> for SortedSet<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn it_holds_and_answers_what_a_tree_does() {
        let numbers = [5, 1, 5, 3, 1, 9, 2];
        let (mut few, mut tree): (SortedSet<u8>, BTreeSet<u8>) = (SortedSet::from(numbers), BTreeSet::from(numbers));
        for number in [4, 5, 0, 255, 9, 9] {
            assert_eq!((few.contains(&number), few.insert(number)), (tree.contains(&number), tree.insert(number)));
        }
        for number in [7, 5, 0, 0] {
            assert_eq!(few.remove(&number), tree.remove(&number));
        }
        assert!(few.iter().eq(&tree) && few.len() == tree.len(), "{few:?} {tree:?}");
        assert_eq!(format!("{few:?}"), format!("{tree:?}"));
        let (others, other_tree) = ([2, 4, 6], BTreeSet::from([2, 4, 6]));
        assert!(few.difference(&others.into()).eq(tree.difference(&other_tree)));
        few.clear();
        assert!(few.is_empty() && few == SortedSet::new());
    }

    #[test]
    fn who_has_the_same_shares_it_and_a_change_is_nobody_elses() {
        let mut alike = Alike::default();
        let (mut one, mut other, mut third) = (SortedSet::from([1, 2]), SortedSet::from([2, 1]), SortedSet::from([3]));
        [&mut one, &mut other, &mut third].into_iter().for_each(|set| alike.share(set));
        assert!(Arc::ptr_eq(&one.0, &other.0) && third == [3].into());
        assert!(one.insert(3) && other.remove(&1));
        assert_eq!((one, other), ([1, 2, 3].into(), [2].into()));
    }

    #[test]
    fn its_text_is_that_of_a_tree_and_any_order_is_read() {
        let read = |text| serde_json::from_str::<SortedSet<String>>(text).expect("a list");
        let set = read(r#"["fi","en","fi"]"#);
        assert_eq!(set, ["en".to_owned(), "fi".to_owned()].into());
        assert_eq!(serde_json::to_string(&set).expect("text"), r#"["en","fi"]"#);
        assert_eq!(serde_json::to_string(&read("[]")).expect("text"), "[]");
    }
}
