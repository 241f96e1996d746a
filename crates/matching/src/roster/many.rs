//! Everybody at once: whole blocks are made side by side, each by one thread from the first member to the last column, so that nothing
//! that only leads there is kept for more than a block.

use std::sync::Arc;

use rayon::prelude::*;

use super::bits::ROWS;
use super::block::Block;
use super::chunk::{Cell, Stead};
use super::row::Prepared;
use super::{Member, Roster};

/// Blocks that are made side by side before they are put in their places.
const TOGETHER: usize = 16;

/// A block that is ready, and what the roster has to know of its members.
struct Made {
    block: Block,
    steads: Vec<Stead>,
    /// Rows of associations that had no number yet.
    unnumbered: Vec<(usize, String)>,
    is_ordered: bool,
    has_demands: bool,
}

impl Roster {
    /// Takes in everybody of a list, made into members; answers where they are kept, in the same order. The work is shared
    /// between threads.
    pub fn insert_all<T: Sync>(&mut self, of: &[T], member: impl Fn(&T) -> Member + Sync) -> Vec<Cell> {
        let mut cells = Vec::with_capacity(of.len());
        let mut left = of.iter();
        // Numbers that are free come first, as for one.
        while !(self.free.is_empty() && self.blocks.last().is_none_or(|last| last.is_full())) {
            let Some(one) = left.next() else { return cells };
            cells.push(self.insert(member(one)));
        }
        for part in left.as_slice().chunks(TOGETHER * ROWS) {
            let mut made: Vec<Result<Made, Vec<Member>>> =
                part.par_chunks(ROWS).map(|some| self.made(some, &member)).collect();
            // Words are numbered in the order of the list, and soon all known.
            while made.iter().any(Result::is_err) {
                made.iter().filter_map(|one| one.as_ref().err()).flatten().for_each(|member| self.learn(member));
                let again = made.par_iter_mut().zip(part.par_chunks(ROWS)).filter(|(one, _)| one.is_err());
                again.for_each(|(one, some)| *one = self.made(some, &member));
            }
            made.into_iter().flatten().for_each(|made| self.add(made, &mut cells));
        }
        cells
    }

    /// The block of some members; those with new words if there are any.
    fn made<T>(&self, of: &[T], member: &impl Fn(&T) -> Member) -> Result<Made, Vec<Member>> {
        let block = Block::with_room(&self.calendar, of.len());
        let steads = Vec::with_capacity(of.len());
        let mut made = Made { block, steads, unnumbered: Vec::new(), is_ordered: true, has_demands: false };
        let mut strange = Vec::new();
        for (at, one) in of.iter().enumerate() {
            let mut member = member(one);
            if !self.knows(&member) {
                strange.push(member);
                continue;
            }
            if !strange.is_empty() {
                continue;
            }
            let unnumbered = member.association.take_if(|name| !self.associations.contains_key(name));
            made.unnumbered.extend(unnumbered.map(|name| (at, name)));
            let Prepared { cell, spot, reach_m, row, windows, marks, is_ordered } = self.prepare(member);
            made.is_ordered &= is_ordered;
            made.has_demands |= !row.demands().is_empty();
            made.block.put(at, row, &windows, &marks);
            made.steads.push(Stead { cell, spot, reach_m });
        }
        if !strange.is_empty() {
            return Err(strange);
        }
        // While it is at hand: what is given back here is taken again for the next one.
        made.block.shrink();
        Ok(made)
    }

    fn add(&mut self, made: Made, cells: &mut Vec<Cell>) {
        let Made { mut block, steads, unnumbered, is_ordered, has_demands } = made;
        for (at, name) in unnumbered {
            self.learn_association(&name);
            block.associations[at] = self.associations[&name];
        }
        block.associations.iter().for_each(|&number| self.counts[number as usize] += 1);
        self.has_keys &= is_ordered;
        self.has_demands |= has_demands;
        let first = self.blocks.len() * ROWS;
        self.blocks.push(Arc::new(block));
        for (at, stead) in steads.into_iter().enumerate() {
            cells.push(stead.cell);
            self.settle((first + at) as u32, stead);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::{Demand, Span, VolunteerRow};

    fn empty() -> Roster {
        Roster::new(Span::new(0, 7 * 86_400), &[0, 86_400], &[0])
    }

    fn member(n: usize) -> Member {
        // New words and associations turn up to the end, and of kinds there are more than have a bit.
        let row = VolunteerRow {
            id: format!("v{n:05}"),
            kinds: vec![format!("k{}", n / 200)],
            languages: vec!["fi".to_owned(), format!("l{}", n / 3_000)],
            windows: vec![Span::new(3_600, 7_200 + 900 * (n as i64 % 4))],
            max_gigs_day: 1,
            max_gigs_week: 1,
            ..VolunteerRow::default()
        };
        Member { row, association: Some(format!("a{}", n / 700)), ..Member::default() }
    }

    fn assert_same(many: &Roster, few: &Roster) {
        assert_eq!(many.count(None), few.count(None));
        for name in ["a0", "a1", "a7", "a17"] {
            assert_eq!(many.count(Some(name)), few.count(Some(name)), "{name}");
        }
        assert_eq!((many.has_keys, many.has_demands), (few.has_keys, few.has_demands));
        assert_eq!(many.blocks.len(), few.blocks.len());
        for (many, few) in many.blocks.iter().zip(&few.blocks) {
            assert_eq!(format!("{many:?}"), format!("{few:?}"));
        }
        assert_eq!(format!("{:?}", many.groups), format!("{:?}", few.groups));
    }

    #[test]
    fn all_at_once_are_kept_as_one_after_another() {
        let numbers: Vec<usize> = (0..3 * ROWS + 100).collect();
        let (mut many, mut few) = (empty(), empty());
        let (some, others) = numbers.split_at(10);
        for &n in some {
            many.insert(member(n));
        }
        assert!(many.remove(Cell::of(None), "v00003"));
        let cells = many.insert_all(others, |&n| member(n));
        for &n in &numbers {
            few.insert(member(n));
            if n == 9 {
                assert!(few.remove(Cell::of(None), "v00003"));
            }
        }
        assert_eq!(cells.len(), others.len());
        assert_same(&many, &few);
    }

    /// Of an association that nobody has named yet all words may be known.
    #[test]
    fn one_of_an_odd_name_or_whom_a_plan_wants_is_known_of_among_all() {
        let demand = Demand { hours: Span::new(3_600, 7_200), gigs: Vec::new(), worth_s: 600 };
        let of = |odd: &str, is_wanted: bool, n: usize| {
            let Member { mut row, association, .. } = member(n);
            (row.kinds, row.languages) = (vec!["k0".to_owned()], Vec::new());
            if n == ROWS + 900 {
                row.id = odd.to_owned();
                row.demands = if is_wanted { vec![Arc::new(demand.clone())] } else { Vec::new() };
            }
            Member { row, association, ..Member::default() }
        };
        let numbers: Vec<usize> = (0..2 * ROWS + 100).collect();
        for (odd, is_wanted) in [("v", false), ("V", false), ("v", true)] {
            let (mut many, mut few) = (empty(), empty());
            // Whoever comes first brings all words.
            many.insert(of(odd, is_wanted, 0));
            many.insert_all(&numbers[1..], |&n| of(odd, is_wanted, n));
            numbers.iter().for_each(|&n| _ = few.insert(of(odd, is_wanted, n)));
            assert_eq!((few.has_keys, few.has_demands), (odd == "v", is_wanted));
            assert_same(&many, &few);
        }
    }
}
