//! Rows as bits: one column holds one bit of every row of a block, so that a rule is asked of 64 rows at once.

use std::ops::Range;

/// Rows of a block.
pub(super) const ROWS: usize = 4_096;
/// Words of a full column.
const WORDS: usize = ROWS / 64;

/// A column that is as long as its last bit.
#[derive(Debug, Clone, Default)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// Sets the bit of a row.
    pub(super) fn set(&mut self, row: usize) {
        if self.0.len() <= row / 64 {
            self.0.resize(row / 64 + 1, 0);
        }
        self.0[row / 64] |= 1 << (row % 64);
    }

    /// Sets the bit of a row if something holds.
    pub(super) fn set_if(&mut self, row: usize, holds: bool) {
        if holds {
            self.set(row);
        }
    }

    /// Clears the bit of a row.
    pub(super) fn clear(&mut self, row: usize) {
        if let Some(word) = self.0.get_mut(row / 64) {
            *word &= !(1 << (row % 64));
        }
    }

    /// Whether the bit of a row is set.
    pub(super) fn has(&self, row: usize) -> bool {
        self.0.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    pub(super) fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }

    pub(super) fn bytes(&self) -> usize {
        size_of::<Self>() + self.0.capacity() * size_of::<u64>()
    }
}

/// Some rows of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Some64(pub(super) [u64; WORDS]);

impl Default for Some64 {
    fn default() -> Self {
        Self::NONE
    }
}

impl Some64 {
    /// No row.
    pub(super) const NONE: Self = Self([0; WORDS]);
    /// Every row, whether it is there or not.
    pub(super) const ALL: Self = Self([u64::MAX; WORDS]);

    /// Those of a column.
    pub(super) fn of(column: &Bits) -> Self {
        let mut some = Self::NONE;
        some.or(column);
        some
    }

    /// Keeps those that a column has.
    pub(super) fn and(&mut self, column: &Bits) {
        let (kept, gone) = self.0.split_at_mut(column.0.len().min(WORDS));
        for (word, other) in kept.iter_mut().zip(&column.0) {
            *word &= other;
        }
        gone.fill(0);
    }

    /// Adds those that a column has.
    pub(super) fn or(&mut self, column: &Bits) {
        for (word, other) in self.0.iter_mut().zip(&column.0) {
            *word |= other;
        }
    }

    /// Drops those that a column has.
    pub(super) fn drop(&mut self, column: &Bits) {
        for (word, other) in self.0.iter_mut().zip(&column.0) {
            *word &= !other;
        }
    }

    /// Keeps those that are also in another set.
    pub(super) fn and_some(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= other;
        }
    }

    /// Adds those of another set.
    pub(super) fn or_some(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }

    /// Drops those of another set.
    pub(super) fn drop_some(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= !other;
        }
    }

    /// Keeps the rows that pass.
    pub(super) fn keep(&mut self, passes: impl Fn(usize) -> bool) {
        for row in self.rows().collect::<Vec<_>>() {
            if !passes(row) {
                self.0[row / 64] &= !(1 << (row % 64));
            }
        }
    }

    /// Whether a row is among them.
    pub(super) fn has(&self, row: usize) -> bool {
        self.0[row / 64] >> (row % 64) & 1 == 1
    }

    /// Adds a row.
    pub(super) fn set(&mut self, row: usize) {
        self.0[row / 64] |= 1 << (row % 64);
    }

    /// Adds the rows of a range.
    pub(super) fn set_range(&mut self, rows: Range<usize>) {
        for word in rows.start / 64..rows.end.div_ceil(64) {
            let (low, high) = (rows.start.saturating_sub(word * 64), (rows.end - word * 64).min(64));
            self.0[word] |= u64::MAX << low & u64::MAX >> (64 - high);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(super) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The rows, ascending.
    pub(super) fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros();
                left &= left.wrapping_sub(1);
                (bit < u64::BITS).then_some(at * 64 + bit as usize)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_meet_where_both_are_long_enough() {
        let (mut short, mut long) = (Bits::default(), Bits::default());
        [3, 64, 70].iter().for_each(|row| short.set(*row));
        [3, 70, 4_095].iter().for_each(|row| long.set(*row));
        let mut both = Some64::of(&long);
        both.and(&short);
        assert_eq!(both.rows().collect::<Vec<_>>(), [3, 70]);
        both.or(&long);
        both.drop(&short);
        assert_eq!((both.rows().collect::<Vec<_>>(), both.count()), (vec![4_095], 1));
        let mut range = Some64::NONE;
        range.set_range(60..130);
        range.set_range(4_095..4_096);
        assert_eq!(range.rows().collect::<Vec<_>>(), (60..130).chain([4_095]).collect::<Vec<_>>());
        long.clear(4_095);
        assert!(!long.has(4_095) && !short.has(4_095) && short.has(64));
    }
}
