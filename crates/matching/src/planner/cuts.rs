//! Cuts: sums of parts of rows, rounded down. They tighten the relaxation until most weeks need no branching at all.
//!
//! Take rows `a x <= b` of whole numbers, add them up in whole multiples, divide and round down on both sides: every whole
//! solution keeps the result, fractional ones often do not. Two families are looked for: halves of several rows, and for
//! every cap all parts of its row with parts of the rows of its windows. A cut has a price like any row, so the bounds of this crate
//! stay their own proof; and a cut's share in a plan that is not in the program yet follows from the plan's rows.

use std::collections::{BTreeMap, BTreeSet};

use super::{parts::Parts, rows::Rows, tickets::NONE};

/// Least violation of a cut that is worth adding.
const LEAST_VIOLATION: f64 = 0.02;
/// Most cuts that are added in a round.
const MAX_ADDED: usize = 60;
/// Most cuts in all.
pub(super) const MAX_CUTS: usize = 1_500;
/// Most rows that are combined.
const MAX_ROWS: usize = 3_000;
/// Most neighbours of a row that are tried.
const MAX_NEIGHBOURS: usize = 40;
/// Greatest divisor of a cut of one cap.
const MAX_DIVISOR: i64 = 6;
/// With fewer cuts of up to three rows, those of any number are looked for.
const FEW: usize = 5;
/// Values below this are zero.
const ZERO: f64 = 1e-6;

/// Coefficients of one column in the rows.
pub(super) type Entries = Vec<(u32, i64)>;

/// One cut.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut {
    /// The rows with their multiples, ascending.
    rows: Vec<(u32, i64)>,
    /// What the sum is divided by.
    divisor: i64,
    /// Its right-hand side.
    pub(super) most: i64,
}

/// All cuts found so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Cuts {
    pub(super) all: Vec<Cut>,
    /// Cuts of each row with the row's multiple.
    of_row: Vec<Vec<(u32, i64)>>,
    /// Rows in which plans have coefficients below zero.
    can_be_negative: Vec<bool>,
}

impl Cuts {
    /// No cuts yet over these rows.
    pub(super) fn new(rows: &Rows) -> Self {
        let mut can_be_negative = vec![false; rows.count];
        for &(row, _) in rows.meetings.iter().flat_map(|meeting| &meeting.balances) {
            can_be_negative[row as usize] = true;
        }
        Self { all: Vec::new(), of_row: vec![Vec::new(); rows.count], can_be_negative }
    }

    /// The share of a column in every cut it touches.
    pub(super) fn shares(&self, entries: &[(u32, i64)]) -> Vec<(u32, i64)> {
        let mut sums: Vec<(u32, i64)> = Vec::new();
        for &(row, by) in entries {
            for &(cut, times) in &self.of_row[row as usize] {
                match sums.iter_mut().find(|(known, _)| *known == cut) {
                    Some((_, sum)) => *sum += by * times,
                    None => sums.push((cut, by * times)),
                }
            }
        }
        sums.iter_mut().for_each(|(cut, sum)| *sum = sum.div_euclid(self.all[*cut as usize].divisor));
        sums.retain(|&(_, sum)| sum != 0);
        sums
    }

    /// The cuts with a price, and their prices.
    pub(super) fn priced(&self, prices: &[i64]) -> (Self, Vec<i64>) {
        let mut priced = Self {
            all: Vec::new(),
            of_row: vec![Vec::new(); self.of_row.len()],
            can_be_negative: self.can_be_negative.clone(),
        };
        let mut of_cut = Vec::new();
        for (cut, &price) in self.all.iter().zip(prices).filter(|(_, price)| **price > 0) {
            priced.push(cut.clone());
            of_cut.push(price);
        }
        (priced, of_cut)
    }

    /// The most that one plan could be paid for each entry below zero, by row: a sum that is less by a part of a cut, divided
    /// and rounded down, is less by no more than that part divided and rounded up.
    pub(super) fn credits(&self, prices: &[i64]) -> BTreeMap<u32, i64> {
        let mut of_row = BTreeMap::new();
        for (cut, price) in self.all.iter().zip(prices) {
            for &(row, times) in cut.rows.iter().filter(|(row, _)| self.can_be_negative[*row as usize]) {
                *of_row.entry(row).or_default() += price * ((times + cut.divisor - 1) / cut.divisor);
            }
        }
        of_row
    }

    fn push(&mut self, cut: Cut) {
        let number = self.all.len() as u32;
        cut.rows.iter().for_each(|&(row, times)| self.of_row[row as usize].push((number, times)));
        self.all.push(cut);
    }

    /// Adds the cuts that a fractional solution breaks most; says how many.
    pub(super) fn separate(&mut self, parts: &Parts<'_>, columns: &[(Entries, f64)]) -> usize {
        let room = MAX_ADDED.min(MAX_CUTS.saturating_sub(self.all.len()));
        let search = Separation::new(parts, columns);
        let mut found = of_caps(parts, columns);
        found.extend(search.broken());
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let mut uses = vec![0_u8; parts.rows.count];
        let mut added = 0;
        for (_, cut) in found {
            /// No row serves in more new cuts than this: the rest would mostly say the same.
            const MAX_USES: u8 = 3;
            let is_new = !self.of_row[cut.rows[0].0 as usize].iter().any(|&(known, _)| self.all[known as usize] == cut);
            if added < room && is_new && cut.rows.iter().all(|&(row, _)| uses[row as usize] < MAX_USES) {
                cut.rows.iter().for_each(|&(row, _)| uses[row as usize] += 1);
                self.push(cut);
                added += 1;
            }
        }
        added
    }
}

/// Broken cuts of single caps: a part `p / q` of the cap's row with parts `u / q` of its windows' rows, for all small p and q; the
/// best parts of the windows are found window by window.
fn of_caps(parts: &Parts<'_>, columns: &[(Entries, f64)]) -> Vec<(f64, Cut)> {
    let mut of_row: BTreeMap<u32, Vec<(u32, i64, f64)>> = BTreeMap::new();
    let is_cap: BTreeSet<u32> = parts.rows.of_cap.iter().copied().filter(|&row| row != NONE).collect();
    for (entries, value) in columns.iter().filter(|(_, value)| *value > ZERO) {
        for &(row, by) in entries.iter().filter(|(row, _)| is_cap.contains(row)) {
            // The first entry of a plan is its window.
            of_row.entry(row).or_default().push((entries[0].0, by, *value));
        }
    }
    let mut found = Vec::new();
    for (row, mut plans) in of_row {
        if plans.iter().all(|(_, _, value)| *value > 1.0 - ZERO) {
            continue;
        }
        plans.sort_by_key(|&(window, by, _)| (window, by));
        let room = most_of_row(parts, row);
        let parts = (2..=(room + 1).min(MAX_DIVISOR)).flat_map(|q| (1..q).map(move |p| (p, q)));
        let broken = parts.filter_map(|(p, q)| of_cap(row, room, &plans, p, q));
        found.extend(broken.max_by(|a, b| a.0.total_cmp(&b.0)));
    }
    found
}

/// The most broken cut with the part `p / q` of one cap.
fn of_cap(row: u32, room: i64, plans: &[(u32, i64, f64)], p: i64, q: i64) -> Option<(f64, Cut)> {
    // Best left-hand side for each total of parts, with the parts chosen: windows one after the other.
    let of_window: Vec<&[(u32, i64, f64)]> = plans.chunk_by(|a, b| a.0 == b.0).collect();
    let totals = (of_window.len() as i64 * (q - 1)) as usize + 1;
    let mut best: Vec<Option<(f64, Vec<i64>)>> = vec![None; totals];
    best[0] = Some((0.0, Vec::new()));
    for group in &of_window {
        let mut next: Vec<Option<(f64, Vec<i64>)>> = vec![None; totals];
        for (total, entry) in best.iter().enumerate() {
            let Some((left, chosen)) = entry else { continue };
            for u in 0..q {
                let left =
                    left + group.iter().map(|&(_, by, value)| (p * by + u).div_euclid(q) as f64 * value).sum::<f64>();
                let Some(slot) = next.get_mut(total + u as usize) else { continue };
                if slot.as_ref().is_none_or(|(most, _)| left > *most + ZERO) {
                    let mut chosen = chosen.clone();
                    chosen.push(u);
                    *slot = Some((left, chosen));
                }
            }
        }
        best = next;
    }
    let broken = best.into_iter().enumerate().filter_map(|(total, entry)| {
        let (left, chosen) = entry?;
        let most = (p * room + total as i64).div_euclid(q);
        Some((left - most as f64, most, chosen))
    });
    let (violation, most, chosen) = broken.max_by(|a, b| a.0.total_cmp(&b.0))?;
    let mut rows: Vec<(u32, i64)> =
        of_window.iter().zip(chosen).filter(|(_, u)| *u > 0).map(|(group, u)| (group[0].0, u)).collect();
    rows.push((row, p));
    rows.sort_unstable();
    (violation > LEAST_VIOLATION).then_some((violation, Cut { rows, divisor: q, most }))
}

/// The right-hand side of a row read as `<=`.
fn most_of_row(parts: &Parts<'_>, row: u32) -> i64 {
    parts.rows.bounds[row as usize].1.round() as i64
}

/// A row in the search: which nonzero columns it holds an odd number of times.
struct Odd {
    row: u32,
    most: i64,
    slack: f64,
    is_fractional: bool,
    mask: Vec<u64>,
}

/// The search for broken cuts in one solution.
struct Separation {
    values: Vec<f64>,
    rows: Vec<Odd>,
    neighbours: Vec<Vec<u32>>,
}

impl Separation {
    fn new(parts: &Parts<'_>, columns: &[(Entries, f64)]) -> Self {
        let used: Vec<&(Entries, f64)> = columns.iter().filter(|(_, value)| *value > ZERO).collect();
        let words = used.len().div_ceil(64).max(1);
        let mut fill = vec![0.0; parts.rows.count];
        let mut masks: Vec<Option<Vec<u64>>> = vec![None; parts.rows.count];
        let mut is_fractional = vec![false; parts.rows.count];
        for (at, (entries, value)) in used.iter().enumerate() {
            for &(row, by) in entries {
                fill[row as usize] += by as f64 * value;
                let mask = masks[row as usize].get_or_insert_with(|| vec![0; words]);
                mask[at / 64] ^= u64::from(by % 2 != 0) << (at % 64);
                is_fractional[row as usize] |= *value < 1.0 - ZERO;
            }
        }
        // Rows that a fractional column touches, and those that share a column with such a row.
        let mut is_near = is_fractional.clone();
        for (entries, _) in &used {
            if entries.iter().any(|&(row, _)| is_fractional[row as usize]) {
                entries.iter().for_each(|&(row, _)| is_near[row as usize] = true);
            }
        }
        let mut rows: Vec<Odd> = Vec::new();
        for (row, mask) in masks.into_iter().enumerate() {
            let most = most_of_row(parts, row as u32);
            let slack = (most as f64 - fill[row]).max(0.0);
            if let Some(mask) = mask.filter(|_| is_near[row] && slack < 1.0 - LEAST_VIOLATION) {
                rows.push(Odd { row: row as u32, most, slack, is_fractional: is_fractional[row], mask });
            }
        }
        rows.sort_by(|a, b| {
            b.is_fractional.cmp(&a.is_fractional).then(a.slack.total_cmp(&b.slack)).then(a.row.cmp(&b.row))
        });
        rows.truncate(MAX_ROWS);
        let mut place = vec![usize::MAX; parts.rows.count];
        rows.iter().enumerate().for_each(|(at, row)| place[row.row as usize] = at);
        let mut neighbours: Vec<Vec<u32>> = vec![Vec::new(); rows.len()];
        for (entries, _) in &used {
            let odd: Vec<usize> = entries
                .iter()
                .filter(|(_, by)| by % 2 != 0)
                .map(|&(row, _)| place[row as usize])
                .filter(|&at| at != usize::MAX)
                .collect();
            for &a in &odd {
                neighbours[a].extend(odd.iter().filter(|&&b| b != a).map(|&b| b as u32));
            }
        }
        for of_row in &mut neighbours {
            of_row.sort_unstable();
            of_row.dedup();
            of_row.truncate(MAX_NEIGHBOURS);
        }
        Self { values: used.iter().map(|(_, value)| *value).collect(), rows, neighbours }
    }

    /// Sum of the values of the columns in a mask, given up beyond `limit`.
    fn sum(&self, mask: &[u64], limit: f64) -> f64 {
        let mut sum = 0.0;
        for (at, &word) in mask.iter().enumerate() {
            let mut rest = word;
            while rest != 0 {
                sum += self.values[at * 64 + rest.trailing_zeros() as usize];
                rest &= rest - 1;
            }
            if sum > limit {
                break;
            }
        }
        sum
    }

    /// Broken cuts of one to three rows, and of any number where these are few.
    fn broken(&self) -> Vec<(f64, Cut)> {
        let mut found: Vec<(f64, Vec<usize>)> = Vec::new();
        let words = self.rows.first().map_or(0, |row| row.mask.len());
        let mut pair = vec![0_u64; words];
        let mut all = vec![0_u64; words];
        for i in 0..self.rows.len() {
            let alone = self.rows[i].slack + self.sum(&self.rows[i].mask, 1.5);
            if self.rows[i].most % 2 != 0 && alone < 1.0 - 2.0 * LEAST_VIOLATION {
                found.push((alone, vec![i]));
            }
            for &j in self.neighbours[i].iter().filter(|&&j| (j as usize) > i) {
                let j = j as usize;
                xor(&mut pair, &self.rows[i].mask, &self.rows[j].mask);
                let both = self.rows[i].slack + self.rows[j].slack;
                if (self.rows[i].most + self.rows[j].most) % 2 != 0 {
                    let loss = both + self.sum(&pair, 1.5);
                    if loss < 1.0 - 2.0 * LEAST_VIOLATION {
                        found.push((loss, vec![i, j]));
                    }
                }
                for &k in self.neighbours[i].iter().chain(&self.neighbours[j]) {
                    let k = k as usize;
                    if k <= j || (self.rows[i].most + self.rows[j].most + self.rows[k].most) % 2 == 0 {
                        continue;
                    }
                    xor(&mut all, &pair, &self.rows[k].mask);
                    let loss = both + self.rows[k].slack + self.sum(&all, 1.5);
                    if loss < 1.0 - 2.0 * LEAST_VIOLATION {
                        found.push((loss, vec![i, j, k]));
                    }
                }
            }
        }
        if found.len() < FEW {
            found.extend(self.balanced());
        }
        found.into_iter().map(|(loss, rows)| ((1.0 - loss) / 2.0, self.cut(rows))).collect()
    }

    /// Broken cuts of any number of rows without slack: sums of rows that hold every column an even number of
    /// times and have an odd right-hand side. Elimination over parities finds a basis of all such sums (Koster, Zymolka and Kutschka,
    /// Algorithms to separate {0, 1/2}-Chvátal-Gomory cuts, 2009).
    fn balanced(&self) -> Vec<(f64, Vec<usize>)> {
        let tight: Vec<usize> = (0..self.rows.len()).filter(|&row| self.rows[row].slack < ZERO).collect();
        let words = tight.len().div_ceil(64);
        let alone = |(at, &row): (usize, &usize)| {
            let mut summed = vec![0; words];
            summed[at / 64] |= 1 << (at % 64);
            Sum { mask: self.rows[row].mask.clone(), summed }
        };
        let mut sums: Vec<Sum> = tight.iter().enumerate().map(alone).collect();
        let uses = |column: usize| sums.iter().filter(|sum| holds(&sum.mask, column)).count();
        let mut columns: Vec<(usize, usize)> =
            (0..self.values.len()).map(|column| (uses(column), column)).filter(|(uses, _)| *uses > 0).collect();
        columns.sort_unstable();
        for (_, column) in columns {
            let odd = (0..sums.len()).filter(|&at| holds(&sums[at].mask, column));
            let Some(pivot) = odd.min_by_key(|&at| (sums[at].width(), at)) else { continue };
            let pivot = sums.swap_remove(pivot);
            sums.iter_mut().filter(|sum| holds(&sum.mask, column)).for_each(|sum| sum.add(&pivot));
        }
        let rows_of = |sum: &Sum| -> Vec<usize> {
            tight.iter().enumerate().filter(|(at, _)| holds(&sum.summed, *at)).map(|(_, &row)| row).collect()
        };
        let is_odd = |rows: &Vec<usize>| rows.iter().map(|&row| self.rows[row].most).sum::<i64>() % 2 != 0;
        let mut broken: Vec<Vec<usize>> = sums.iter().map(rows_of).filter(is_odd).collect();
        broken.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        broken.into_iter().map(|rows| (rows.iter().map(|&row| self.rows[row].slack).sum(), rows)).collect()
    }

    fn cut(&self, rows: Vec<usize>) -> Cut {
        let most: i64 = rows.iter().map(|&row| self.rows[row].most).sum();
        let mut rows: Vec<(u32, i64)> = rows.into_iter().map(|row| (self.rows[row].row, 1)).collect();
        rows.sort_unstable();
        Cut { rows, divisor: 2, most: most.div_euclid(2) }
    }
}

/// A sum of rows: the columns that it holds an odd number of times, and the rows.
struct Sum {
    mask: Vec<u64>,
    summed: Vec<u64>,
}

impl Sum {
    fn add(&mut self, other: &Self) {
        self.mask.iter_mut().zip(&other.mask).for_each(|(own, other)| *own ^= other);
        self.summed.iter_mut().zip(&other.summed).for_each(|(own, other)| *own ^= other);
    }

    /// Number of its rows, then of its odd columns.
    fn width(&self) -> (u32, u32) {
        let count = |bits: &[u64]| bits.iter().map(|word| word.count_ones()).sum();
        (count(&self.summed), count(&self.mask))
    }
}

fn holds(bits: &[u64], at: usize) -> bool {
    bits[at / 64] >> (at % 64) & 1 == 1
}

fn xor(out: &mut [u64], a: &[u64], b: &[u64]) {
    out.iter_mut().zip(a.iter().zip(b)).for_each(|(out, (a, b))| *out = a ^ b);
}

/// Coefficients of a plan in the rows.
pub(super) fn trip_entries(parts: &Parts<'_>, window: usize, of_plan: &[u32]) -> Entries {
    let (rows, tickets) = (parts.rows, parts.tickets);
    let mut entries = vec![(rows.of_window[window], 1)];
    let caps = parts.caps.of_window[window].iter().map(|&cap| rows.of_cap[cap as usize]).filter(|&row| row != NONE);
    entries.extend(caps.map(|row| (row, of_plan.len() as i64)));
    for &ticket in of_plan {
        let ticket = ticket as usize;
        if tickets.is_single(ticket) {
            entries.push((rows.of_gig[tickets.gig[ticket] as usize], 1));
        } else {
            entries.push((rows.balance_of_ticket[ticket], -1));
            entries.push((rows.link_of_ticket[ticket], 1));
        }
    }
    entries
}

/// Coefficients of a meeting in the rows.
pub(super) fn meeting_entries(parts: &Parts<'_>, meeting: usize) -> Entries {
    let meeting = &parts.rows.meetings[meeting];
    let mut entries = vec![(parts.rows.of_gig[meeting.gig as usize], 1)];
    entries.extend(meeting.balances.iter().map(|&(row, count)| (row, i64::from(count))));
    entries.extend(meeting.links.iter().map(|&row| (row, -1)));
    entries
}

#[cfg(test)]
#[path = "cuts_tests.rs"]
mod tests;
