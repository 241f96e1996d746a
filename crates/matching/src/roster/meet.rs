//! Several helpers at one start: who could take which slot when, and at which starts all slots are filled by different people.

use std::ops::Range;

use super::fit::{Best, Hours, Interval, Person};
use super::look::{Look, Somebody, Sure, person};
use crate::{
    problem::Problem,
    quote::{FeasibleStart, can_fill},
    score::travel,
};

/// Somebody who has starts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taker<'a> {
    pub(super) who: Somebody<'a>,
    /// The open slots that they suit, as bits.
    pub(super) slots: u8,
    /// What is the same at every start.
    pub(super) worth_milli: i64,
}

/// Starts of the grid that are alike.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    from: usize,
    to: usize,
    milli: i64,
}

#[derive(Debug)]
struct Kept<'a> {
    taker: Taker<'a>,
    stretches: Range<usize>,
    intervals: Range<usize>,
}

/// Those who can, and when.
#[derive(Debug, Default)]
pub(super) struct Several<'a> {
    people: Vec<Kept<'a>>,
    stretches: Vec<Stretch>,
    intervals: Vec<Interval>,
    /// Changes of the number of those who suit some slots, from one start of the grid to the next.
    steps: Vec<(u8, Vec<i64>)>,
    /// Exact moments between, and the slots of somebody who may come then.
    moments: Vec<(i64, u8)>,
}

impl<'a> Several<'a> {
    /// Counts somebody in who may start within these intervals.
    pub(super) fn count(
        &mut self,
        problem: &Problem,
        hours: &Hours,
        person: &Person<'_>,
        taker: Taker<'a>,
        found: &mut [Interval],
    ) {
        found.sort_unstable();
        let (stretches, intervals) = (self.stretches.len(), self.intervals.len());
        let (mut done, mut before, moments) = (0, None, self.moments.len());
        for &Interval { first, last, extra_s } in found.iter() {
            let from = hours.before(first).max(done);
            let to = hours.before(last + 1);
            if from < to && person.is_free() {
                self.stretches.push(Stretch { from, to, milli: travel::milli(extra_s) });
            } else {
                for at in from..to {
                    if let Some(one) = person.at(problem, hours.grid[at], extra_s) {
                        self.stretches.push(Stretch { from: at, to: at + 1, milli: one.milli });
                    }
                }
            }
            done = done.max(to);
            let is_new = before.replace(first) != Some(first) && hours.grid.binary_search(&first).is_err();
            if is_new && person.at(problem, first, extra_s).is_some() {
                self.moments.push((first, taker.slots));
            }
        }
        if self.stretches.len() == stretches && self.moments.len() == moments {
            return;
        }
        for at in stretches..self.stretches.len() {
            let Stretch { from, to, .. } = self.stretches[at];
            self.add(hours, taker.slots, from, to);
        }
        self.intervals.extend_from_slice(found);
        let (stretches, intervals) = (stretches..self.stretches.len(), intervals..self.intervals.len());
        self.people.push(Kept { taker, stretches, intervals });
    }

    fn add(&mut self, hours: &Hours, slots: u8, from: usize, to: usize) {
        let at = self.steps.iter().position(|(known, _)| *known == slots).unwrap_or_else(|| {
            self.steps.push((slots, vec![0; hours.grid.len() + 1]));
            self.steps.len() - 1
        });
        self.steps[at].1[from] += 1;
        self.steps[at].1[to] -= 1;
    }

    /// One more who suits some slots at a start.
    pub(super) fn add_start(&mut self, hours: &Hours, start: i64, slots: u8) {
        match hours.grid.binary_search(&start) {
            Ok(at) => self.add(hours, slots, at, at + 1),
            Err(_) => self.moments.push((start, slots)),
        }
    }

    /// The starts at which so many slots are filled by different people, ascending: of the grid and between.
    pub(super) fn feasible(&mut self, hours: &Hours, slots: usize) -> Vec<FeasibleStart> {
        let mut starts = Vec::new();
        let mut counts: Vec<(u8, usize)> = self.steps.iter().map(|(slots, _)| (*slots, 0)).collect();
        for (at, &start) in hours.grid.iter().enumerate() {
            for (count, (_, steps)) in counts.iter_mut().zip(&self.steps) {
                count.1 = count.1.saturating_add_signed(steps[at] as isize);
            }
            starts.extend(filled(start, slots, &counts));
        }
        self.moments.sort_unstable();
        for together in self.moments.chunk_by(|a, b| a.0 == b.0).filter(|together| together.len() >= slots) {
            let counts: Vec<(u8, usize)> =
                together.chunk_by(|a, b| a.1 == b.1).map(|one| (one[0].1, one.len())).collect();
            starts.extend(filled(together[0].0, slots, &counts));
        }
        starts.sort_by_key(|at| at.start);
        starts
    }
}

/// The start with its number of people, if they fill all slots.
fn filled(start: i64, slots: usize, counts: &[(u8, usize)]) -> Option<FeasibleStart> {
    let mut who = Vec::new();
    let mut number = 0;
    for &(suits, count) in counts {
        // More of the same are no more help.
        for _ in 0..count.min(slots) {
            who.extend((0..slots).filter(|slot| suits >> slot & 1 == 1).map(|slot| (number, slot)));
            number += 1;
        }
    }
    let all: Vec<usize> = (0..slots).collect();
    let able = counts.iter().map(|(_, count)| count).sum();
    can_fill(&all, &who).then_some(FeasibleStart { start, able })
}

impl<'a> Look<'a> {
    /// Of those who surely can: everybody at their best start that all helpers can keep. Answers how many they are.
    pub(super) fn meet(&mut self, starts: &[FeasibleStart]) -> usize {
        let mut sums = vec![0_usize; self.hours.grid.len() + 1];
        for (at, start) in self.hours.grid.iter().enumerate() {
            sums[at + 1] = sums[at] + usize::from(starts.binary_search_by_key(start, |at| at.start).is_ok());
        }
        let several = std::mem::take(&mut self.several);
        let mut able = 0;
        for kept in &several.people {
            let on_grid = several.stretches[kept.stretches.clone()].iter().filter_map(|stretch| {
                // The first start of the stretch that all can keep.
                let before = sums[stretch.from];
                let at = sums.partition_point(|sum| *sum <= before) - 1;
                (at < stretch.to).then(|| Best { start: self.hours.grid[at], milli: stretch.milli })
            });
            let best = on_grid.max_by_key(|one| (one.milli, -one.start));
            let between = || self.between(kept.taker.who, &several.intervals[kept.intervals.clone()], starts);
            let Some(best) = best.or_else(between) else { continue };
            able += 1;
            let Taker { who, slots, worth_milli } = kept.taker;
            self.sure.push(Sure { total_milli: worth_milli + best.milli, start: best.start, who, slots });
        }
        able
    }

    /// The best exact moment that all helpers can keep, for somebody who can keep no start of the grid.
    fn between(&self, who: Somebody<'a>, intervals: &[Interval], starts: &[FeasibleStart]) -> Option<Best> {
        let exact = starts.iter().map(|at| at.start).filter(|start| self.hours.grid.binary_search(start).is_err());
        let near = self.near(who.row);
        let person = person(who.row, &near);
        exact
            .filter_map(|start| {
                let within = intervals.iter().find(|one| one.first <= start && start <= one.last)?;
                person.at(self.problem, start, within.extra_s)
            })
            .max_by_key(|one| (one.milli, -one.start))
    }
}
