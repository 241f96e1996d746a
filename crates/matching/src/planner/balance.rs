//! A large packing program solved nearly: sellers and buyers step towards each other until prices and values agree.
//!
//! A primal-dual method of the first order, restarted Halpern steps with reflection: every step costs two walks over the
//! entries, so it goes where no simplex does. Its prices are near the best ones and prove nothing by themselves: the bound is
//! made elsewhere, in whole numbers. Sums are taken in pieces that do not depend on the number of threads.

use rayon::prelude::*;

use super::workers::Workers;

/// Values in one piece of work.
const PIECE: usize = 8_192;
/// Steps are this much shorter than the longest that is safe.
const SAFE: f64 = 0.998;
/// A start over comes when the steps are this much shorter than at the last one, ...
const SHORT: f64 = 0.2;
/// ... or this much shorter and growing again, ...
const SHORTER: f64 = 0.8;
/// ... or after this share of all steps.
const LONG: f64 = 0.36;

/// Lists of entries.
#[derive(Debug, Default)]
pub(super) struct Entries {
    first: Vec<u32>,
    at: Vec<u32>,
    /// Whole numbers, kept small: a large program is read through twice for every step.
    by: Vec<i16>,
}

/// Maximise `worth x values` with `columns x values <= most` and values from 0 to 1.
#[derive(Debug, Default)]
pub(super) struct Program {
    worth: Vec<f64>,
    columns: Entries,
    pub(super) most: Vec<f64>,
}

/// Values of columns and prices of rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Point {
    pub(super) values: Vec<f64>,
    pub(super) prices: Vec<f64>,
    /// How much prices move for what values move.
    pub(super) pace: f64,
}

impl Entries {
    fn new() -> Self {
        Self { first: vec![0], ..Self::default() }
    }

    /// What is larger than an entry holds is taken for as much as it holds: it makes other prices, and any will do.
    fn push(&mut self, entries: impl Iterator<Item = (u32, i64)>) {
        for (at, by) in entries {
            self.at.push(at);
            self.by.push(by.clamp(-i64::from(i16::MAX), i16::MAX.into()) as i16);
        }
        self.first.push(self.at.len() as u32);
    }

    fn len(&self) -> usize {
        self.first.len() - 1
    }

    fn sum(&self, list: usize, of: &[f64]) -> f64 {
        let range = self.first[list] as usize..self.first[list + 1] as usize;
        self.at[range.clone()].iter().zip(&self.by[range]).map(|(&at, &by)| f64::from(by) * of[at as usize]).sum()
    }

    /// One over the sum of the sizes of each list.
    fn steps(&self) -> Vec<f64> {
        let size = |list: usize| {
            self.by[self.first[list] as usize..self.first[list + 1] as usize].iter().map(|by| f64::from(by.abs())).sum()
        };
        (0..self.len()).map(|list| SAFE / f64::max(size(list), 1.0)).collect()
    }

    /// All of `count` that entries are at, in the order in which they are reached, the others last.
    fn reached(&self, count: usize) -> Vec<u32> {
        in_order(self.at.iter().copied().chain(0..count as u32), count)
    }

    /// The same entries by what they are at.
    fn turned(&self, count: usize) -> Self {
        let mut first = vec![0_u32; count + 1];
        self.at.iter().for_each(|&at| first[at as usize + 1] += 1);
        (0..count).for_each(|at| first[at + 1] += first[at]);
        let mut next = first.clone();
        let (mut at, mut by) = (vec![0; self.at.len()], vec![0; self.at.len()]);
        for list in 0..self.len() {
            for entry in self.first[list] as usize..self.first[list + 1] as usize {
                let place = &mut next[self.at[entry] as usize];
                (at[*place as usize], by[*place as usize]) = (list as u32, self.by[entry]);
                *place += 1;
            }
        }
        Self { first, at, by }
    }
}

impl Program {
    /// A program without columns.
    pub(super) fn new(most: Vec<f64>) -> Self {
        Self { worth: Vec::new(), columns: Entries::new(), most }
    }

    /// Adds a column.
    pub(super) fn push(&mut self, worth: f64, entries: impl Iterator<Item = (u32, i64)>) {
        self.worth.push(worth);
        self.columns.push(entries);
    }

    /// Takes so many steps from a point.
    pub(super) fn balance(self, point: &mut Point, steps: usize, workers: &Workers) {
        // Columns that were found together touch the same rows: these stand side by side.
        let order = self.columns.reached(self.most.len());
        self.balance_in(&order, point, steps, workers);
    }

    /// The same where columns from `first` on stand by place, and some rows are met by columns from everywhere: these rows stand together, the
    /// others as the columns do, so that what is near lies near.
    pub(super) fn balance_by_place(
        self,
        first: usize,
        is_everywhere: &dyn Fn(u32) -> bool,
        point: &mut Point,
        steps: usize,
        workers: &Workers,
    ) {
        let (before, placed) = self.columns.at.split_at(self.columns.first[first] as usize);
        let count = self.most.len();
        let by_place = placed.iter().chain(before).copied().filter(|&row| !is_everywhere(row));
        let order = in_order(by_place.chain(0..count as u32), count);
        self.balance_in(&order, point, steps, workers);
    }

    /// Takes the steps with rows in an order.
    fn balance_in(mut self, order: &[u32], point: &mut Point, steps: usize, workers: &Workers) {
        let place = inverse(order);
        self.columns.at.iter_mut().for_each(|at| *at = place[*at as usize]);
        let (most, prices) = (picked(&self.most, order), picked(&point.prices, order));
        (self.most, point.prices) = (most, prices);
        // One errand for all steps: handing over each one would take as long as the step itself.
        workers.run(|| self.step(point, steps));
        point.prices = picked(&point.prices, &place);
    }

    fn step(&self, point: &mut Point, steps: usize) {
        let rows = self.columns.turned(self.most.len());
        let (x_step, y_step) = (self.columns.steps(), rows.steps());
        // Of values only what is ahead of them is kept: where they stand comes of that and of where they started.
        let (mut to_x, mut ahead) = (point.values.clone(), point.values.clone());
        let mut y = point.prices.clone();
        let mut to_y = y.clone();
        let mut blended: Option<f64> = None;
        let (mut since, mut first, mut before) = (0_usize, 0.0_f64, f64::MAX);
        for step in 0..steps {
            let pace = point.pace;
            let x_moved: Vec<f64> = {
                let start = point.values.par_chunks(PIECE);
                let pieces = to_x.par_chunks_mut(PIECE).zip(ahead.par_chunks_mut(PIECE)).zip(start).enumerate();
                let moved = pieces.map(|(piece, ((to, ahead), start))| {
                    let mut moved = 0.0;
                    for (at, ((to, ahead), start)) in to.iter_mut().zip(ahead).zip(start).enumerate() {
                        let column = piece * PIECE + at;
                        let x = blended.map_or(*start, |share| share * *ahead + (1.0 - share) * start);
                        let gain = self.worth[column] - self.columns.sum(column, &y);
                        *to = (x + x_step[column] / pace * gain).clamp(0.0, 1.0);
                        *ahead = 2.0 * *to - x;
                        moved += (*to - x).powi(2) / x_step[column];
                    }
                    moved
                });
                moved.collect()
            };
            let y_moved: Vec<f64> = {
                let move_piece = |(piece, to): (usize, &mut [f64])| {
                    let mut moved = 0.0;
                    for (at, to) in to.iter_mut().enumerate() {
                        let row = piece * PIECE + at;
                        let excess = rows.sum(row, &ahead) - self.most[row];
                        *to = (y[row] + y_step[row] * pace * excess).max(0.0);
                        moved += (*to - y[row]).powi(2) / y_step[row];
                    }
                    moved
                };
                to_y.par_chunks_mut(PIECE).enumerate().map(move_piece).collect()
            };
            let moved = (x_moved.iter().sum::<f64>() * pace + y_moved.iter().sum::<f64>() / pace).sqrt();
            if since == 0 {
                first = moved;
            }
            let is_over = since > 0
                && (moved <= SHORT * first
                    || (moved <= SHORTER * first && moved > before)
                    || since as f64 >= LONG * step as f64);
            before = moved;
            if is_over {
                let gone = |from: &[f64], to: &[f64], step: &[f64]| {
                    from.iter().zip(to).zip(step).map(|((a, b), step)| (a - b).powi(2) / step).sum::<f64>().sqrt()
                };
                let (by_x, by_y) = (gone(&point.values, &to_x, &x_step), gone(&point.prices, &to_y, &y_step));
                if by_x > 1e-9 && by_y > 1e-9 {
                    point.pace = (by_y / by_x * point.pace).sqrt();
                }
                y.clone_from(&to_y);
                point.values.clone_from(&to_x);
                point.prices.clone_from(&to_y);
                (since, before, blended) = (0, f64::MAX, None);
                continue;
            }
            since += 1;
            let share = since as f64 / (since as f64 + 1.0);
            blended = Some(share);
            let pieces = y.par_chunks_mut(PIECE).zip(to_y.par_chunks(PIECE)).zip(point.prices.par_chunks(PIECE));
            pieces.for_each(|((now, to), start)| {
                for ((now, to), start) in now.iter_mut().zip(to).zip(start) {
                    *now = share * (2.0 * to - *now) + (1.0 - share) * start;
                }
            });
        }
        (point.values, point.prices) = (to_x, to_y);
    }
}

/// All of `count` in the order in which they are named first.
fn in_order(named: impl Iterator<Item = u32>, count: usize) -> Vec<u32> {
    let mut is_named = vec![false; count];
    named.filter(|&one| !std::mem::replace(&mut is_named[one as usize], true)).collect()
}

/// The place of everything in an order.
fn inverse(order: &[u32]) -> Vec<u32> {
    let mut place = vec![0; order.len()];
    order.iter().enumerate().for_each(|(at, &one)| place[one as usize] = at as u32);
    place
}

/// Everything in an order.
fn picked(all: &[f64], order: &[u32]) -> Vec<f64> {
    order.iter().map(|&at| all[at as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two people, two gigs: the first is better at both, but more so at the second.
    fn pairs() -> Program {
        let mut program = Program::new(vec![1.0; 4]);
        for (worth, person, gig) in [(900.0, 0, 2), (1_000.0, 0, 3), (800.0, 1, 2), (300.0, 1, 3)] {
            program.push(worth, [(person, 1), (gig, 1)].into_iter());
        }
        program
    }

    fn balanced(steps: usize, workers: &Workers) -> Point {
        let mut point = Point { values: vec![0.0; 4], prices: vec![0.0; 4], pace: 500.0 };
        pairs().balance(&mut point, steps, workers);
        point
    }

    #[test]
    fn prices_and_values_come_to_the_best_choice() {
        let point = balanced(2_000, &Workers::here());
        for (value, best) in point.values.iter().zip([0.0, 1.0, 1.0, 0.0]) {
            assert!((value - best).abs() < 1e-3, "{point:?}");
        }
        // What everything costs and what is gained beyond is what the best choice is worth.
        let program = pairs();
        let cost: f64 = point.prices.iter().sum();
        let gain = |column: usize| (program.worth[column] - program.columns.sum(column, &point.prices)).max(0.0);
        let gained: f64 = (0..4).map(gain).sum();
        assert!((cost + gained - 1_800.0).abs() < 2.0, "{point:?}");
    }

    #[test]
    fn what_takes_more_than_a_piece_of_work_is_balanced_as_well() {
        let copies = 2_000;
        // Five rows and columns each: no piece begins with a copy.
        let mut program = Program::new(vec![1.0; 5 * copies]);
        for copy in 0..copies as u32 {
            for (worth, person, gig) in [(900.0, 0, 3), (1_000.0, 0, 4), (800.0, 1, 3), (300.0, 1, 4), (100.0, 2, 4)] {
                program.push(worth, [(5 * copy + person, 1), (5 * copy + gig, 1)].into_iter());
            }
        }
        let mut point = Point { values: vec![0.0; 5 * copies], prices: vec![0.0; 5 * copies], pace: 500.0 };
        program.balance(&mut point, 1_000, &Workers::here());
        for (at, value) in point.values.iter().enumerate() {
            let best = [0.0, 1.0, 1.0, 0.0, 0.0][at % 5];
            assert!((value - best).abs() < 1e-2, "column {at}: {value}");
        }
    }

    /// In which order rows stand makes no difference, wherever they are met from.
    #[test]
    fn rows_by_place_come_to_the_same() {
        let copies = 2_000;
        let program = || {
            let mut program = Program::new(vec![1.0; 2 * copies as usize + 2]);
            for (worth, row) in [(50.0, 2 * copies), (70.0, 2 * copies + 1)] {
                program.push(worth, std::iter::once((row, 1)));
            }
            // Everybody has a gig of their own, at the other end of the rows, and one that all could do.
            for person in 0..copies {
                let worth = 500.0 + f64::from(person);
                program.push(worth, [(person, 1), (2 * copies - 1 - person, 1)].into_iter());
                program.push(worth + 300.0, [(person, 1), (2 * copies, 1)].into_iter());
            }
            program
        };
        let start = || Point {
            values: vec![0.0; 2 * copies as usize + 2],
            prices: vec![0.0; 2 * copies as usize + 2],
            pace: 500.0,
        };
        let (mut plain, mut placed) = (start(), start());
        program().balance(&mut plain, 300, &Workers::here());
        program().balance_by_place(2, &|row| row >= 2 * copies, &mut placed, 300, &Workers::here());
        let most = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(most(&plain.values, &placed.values) < 1e-6 && most(&plain.prices, &placed.prices) < 1e-3);
        assert!(plain.values.iter().sum::<f64>() > 1_900.0, "hardly anything is taken");
    }

    /// Of four who want one gig the one to whom it is worth most gets it, wherever the steps begin.
    #[test]
    fn who_wants_it_most_gets_it_from_any_start() {
        for (value, price, worth) in [(1.0, 0.0, 1_000.0), (0.0, 0.0, 10.0), (0.0, 5_000.0, 1_000.0)] {
            let mut program = Program::new(vec![1.0]);
            (0..4).for_each(|person| program.push(worth * (1.0 - 0.1 * f64::from(person)), std::iter::once((0, 1))));
            let mut point = Point { values: vec![value; 4], prices: vec![price], pace: 500.0 };
            program.balance(&mut point, 4_000, &Workers::here());
            assert!((point.values[0] - 1.0).abs() < 1e-2 && point.values[1] < 1e-2, "{point:?}");
            assert!(point.prices[0] > 0.85 * worth && point.prices[0] < 1.05 * worth, "{point:?}");
        }
    }

    #[test]
    fn everything_has_one_place_in_an_order_whoever_names_it_how_often() {
        let order = in_order([2, 0, 2, 2, 0].into_iter().chain(0..4), 4);
        assert_eq!((&order[..], inverse(&order)), (&[2, 0, 1, 3][..], vec![1, 2, 0, 3]));
    }

    #[test]
    fn what_is_too_large_for_an_entry_is_as_large_as_it_holds() {
        let mut entries = Entries::new();
        entries.push([(0, 40_000), (1, -40_000), (2, 3)].into_iter());
        assert_eq!(entries.by, [i16::MAX, -i16::MAX, 3]);
        assert_eq!(entries.steps(), [SAFE / f64::from(2 * i32::from(i16::MAX) + 3)]);
    }

    #[test]
    fn number_of_threads_changes_nothing() {
        let (one, two) = (balanced(300, &Workers::new(1)), balanced(300, &Workers::new(2)));
        assert_eq!((one.values, one.prices), (two.values, two.prices));
    }
}
