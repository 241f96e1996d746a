//! Words as bits: the names that occur in a roster, numbered in the order in which they come.

use std::collections::HashMap;

/// How many words of one sort have a bit; rows with others are kept as they came.
const BITS: usize = 64;

/// The names of one sort: kinds, skills, languages, traits.
#[derive(Debug, Clone, Default)]
pub(super) struct Words(HashMap<Box<str>, u32>);

impl Words {
    /// The bit of a name that is to be kept; none if there are too many.
    pub(super) fn learn(&mut self, name: &str) -> Option<u64> {
        if let Some(bit) = self.bit(name) {
            return Some(bit);
        }
        let number = self.0.len();
        (number < BITS).then(|| {
            self.0.insert(name.into(), number as u32);
            1 << number
        })
    }

    /// Whether a name has a bit, or will have none.
    pub(super) fn has_settled(&self, name: &str) -> bool {
        self.0.len() >= BITS || self.0.contains_key(name)
    }

    /// The bits of names; none if one of them has none.
    pub(super) fn all<'a>(&self, names: impl IntoIterator<Item = &'a String>) -> Option<u64> {
        names.into_iter().try_fold(0, |bits, name| Some(bits | self.bit(name)?))
    }

    /// The number of a name that somebody has.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.0.get(name).copied()
    }

    /// The bit of a name that somebody has.
    pub(super) fn bit(&self, name: &str) -> Option<u64> {
        self.0.get(name).map(|number| 1 << number)
    }

    /// The bits of those names that somebody has, and whether that is all of them.
    pub(super) fn bits<'a>(&self, names: impl IntoIterator<Item = &'a String>) -> (u64, bool) {
        names.into_iter().fold((0, true), |(bits, all), name| match self.bit(name) {
            Some(bit) => (bits | bit, all),
            None => (bits, false),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixty_fifth_word_has_no_bit() {
        let mut words = Words::default();
        let names: Vec<String> = (0..65).map(|n| format!("w{n}")).collect();
        names[..64].iter().for_each(|name| assert!(words.learn(name).is_some()));
        assert_eq!((words.all(&names[..64]), words.all(&names)), (Some(u64::MAX), None));
        assert_eq!((words.learn("w64"), words.learn("w3"), words.bit("w63")), (None, Some(8), Some(1 << 63)));
        assert_eq!(words.bits(&names[62..]), (3 << 62, false));
    }
}
