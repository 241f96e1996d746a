//! Lists of lists, laid out flat: the compressed rows in which a problem keeps whatever varies in number.

use std::ops::Range;

/// Rows of unequal length in one flat vector.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rows<T> {
    first: Vec<u32>,
    flat: Vec<T>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { first: vec![0], flat: Vec::new() }
    }
}

impl<T> Rows<T> {
    /// Ends the current row with the given items.
    pub(crate) fn push(&mut self, row: impl IntoIterator<Item = T>) {
        self.flat.extend(row);
        self.first.push(u32::try_from(self.flat.len()).expect("a problem has fewer than 2^32 entries"));
    }

    /// So many empty rows.
    pub(crate) fn of_nothing(rows: usize) -> Self {
        Self { first: vec![0; rows + 1], flat: Vec::new() }
    }

    /// Positions of one row in the flat vector.
    pub(crate) fn range(&self, row: usize) -> Range<usize> {
        self.first[row] as usize..self.first[row + 1] as usize
    }

    /// One row.
    pub(crate) fn row(&self, row: usize) -> &[T] {
        &self.flat[self.range(row)]
    }

    /// Everything in row order.
    pub(crate) fn flat(&self) -> &[T] {
        &self.flat
    }
}

impl<T: Copy> Rows<T> {
    /// Groups `(row, item)` pairs, keeping the order of the items within a row.
    pub(crate) fn group(rows: usize, pairs: &[(usize, T)]) -> Self {
        let mut first = vec![0_u32; rows + 1];
        for &(row, _) in pairs {
            first[row + 1] += 1;
        }
        for row in 0..rows {
            first[row + 1] += first[row];
        }
        let mut sorted: Vec<u32> = (0..pairs.len() as u32).collect();
        sorted.sort_by_key(|&at| pairs[at as usize].0);
        Self { first, flat: sorted.into_iter().map(|at| pairs[at as usize].1).collect() }
    }
}

/// The sorted, distinct names of something, each with its position as its number.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Names(Vec<String>);

impl Names {
    /// Numbers the given names in their order.
    pub(crate) fn new<'a>(names: impl IntoIterator<Item = &'a String>) -> Self {
        let mut all: Vec<String> = names.into_iter().cloned().collect();
        all.sort_unstable();
        all.dedup();
        Self(all)
    }

    /// The number of a name, if it is known.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.0.binary_search_by(|known| known.as_str().cmp(name)).ok()
    }

    /// The name with that number.
    pub(crate) fn name(&self, number: usize) -> &str {
        &self.0[number]
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grouping_keeps_order_within_rows_and_empty_rows() {
        let rows = Rows::group(4, &[(2, 'a'), (0, 'b'), (2, 'c')]);
        assert_eq!(
            (rows.row(0), rows.row(1), rows.row(2), rows.row(3)),
            (&['b'][..], &[][..], &['a', 'c'][..], &[][..])
        );
    }

    #[test]
    fn names_are_numbered_in_their_order_once() {
        let names = Names::new(&["tools".to_owned(), "car".to_owned(), "tools".to_owned()]);
        assert_eq!(
            (names.len(), names.number("car"), names.number("tools"), names.number("it")),
            (2, Some(0), Some(1), None)
        );
        assert_eq!(names.name(1), "tools");
    }
}
