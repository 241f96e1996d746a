//! Rows of bits: one row per volunteer, gig or slot, one bit per kind, skill or language.

/// A table of bits with rows of equal width.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct BitRows {
    words_per_row: usize,
    words: Vec<u64>,
}

impl BitRows {
    /// A table of `rows` empty rows that can hold `bits` bits each.
    pub(crate) fn new(rows: usize, bits: usize) -> Self {
        let words_per_row = bits.div_ceil(64).max(1);
        Self { words_per_row, words: vec![0; rows * words_per_row] }
    }

    /// Some of the rows, in the order given.
    pub(crate) fn pick(&self, rows: impl Iterator<Item = usize>) -> Self {
        Self { words_per_row: self.words_per_row, words: rows.flat_map(|row| self.row(row)).copied().collect() }
    }

    /// Sets one bit.
    pub(crate) fn set(&mut self, row: usize, bit: usize) {
        self.words[row * self.words_per_row + bit / 64] |= 1 << (bit % 64);
    }

    /// Whether one bit is set.
    pub(crate) fn has(&self, row: usize, bit: usize) -> bool {
        self.words[row * self.words_per_row + bit / 64] >> (bit % 64) & 1 == 1
    }

    /// The words of one row.
    pub(crate) fn row(&self, row: usize) -> &[u64] {
        &self.words[row * self.words_per_row..(row + 1) * self.words_per_row]
    }

    /// The set bits of one row, ascending.
    pub(crate) fn ones(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        self.row(row).iter().enumerate().flat_map(|(at, &word)| {
            let rest = |word: &u64| Some(word & (word - 1)).filter(|&rest| rest != 0);
            let words = std::iter::successors(Some(word).filter(|&word| word != 0), rest);
            words.map(move |word| at * 64 + word.trailing_zeros() as usize)
        })
    }
}

/// Whether every bit of `needed` is in `held`.
pub(crate) fn covers(held: &[u64], needed: &[u64]) -> bool {
    held.iter().zip(needed).all(|(held, needed)| needed & !held == 0)
}

/// Whether the rows share a bit.
pub(crate) fn shares(a: &[u64], b: &[u64]) -> bool {
    a.iter().zip(b).any(|(a, b)| a & b != 0)
}

/// How many bits the rows share.
pub(crate) fn count_shared(a: &[u64], b: &[u64]) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a & b).count_ones()).sum()
}

/// Whether no bit is set.
pub(crate) fn is_empty(row: &[u64]) -> bool {
    row.iter().all(|&word| word == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_wider_than_a_word_keep_their_bits_apart() {
        let mut rows = BitRows::new(3, 130);
        rows.set(1, 0);
        rows.set(1, 64);
        rows.set(1, 129);
        rows.set(2, 64);
        assert_eq!(rows.ones(1).collect::<Vec<_>>(), [0, 64, 129]);
        assert!(is_empty(rows.row(0)));
        assert!(covers(rows.row(1), rows.row(2)) && !covers(rows.row(2), rows.row(1)));
        assert!(shares(rows.row(1), rows.row(2)) && !shares(rows.row(0), rows.row(1)));
        assert!(rows.has(2, 64) && !rows.has(2, 65));
    }
}
