//! When somebody can come whose calendar is simple there: intervals of starts, counted for everybody together.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::row::Kept;
use crate::{
    problem::{Problem, START_GRID_S},
    quote::FeasibleStart,
    score::{
        fair_share,
        needed_elsewhere::{self, Room},
        travel,
    },
    snapshot::{Demand, Span},
};

/// Starts that are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Interval {
    /// The first of them.
    pub(super) first: i64,
    /// The last.
    pub(super) last: i64,
    /// Seconds of travel that the gig adds there.
    pub(super) extra_s: i64,
}

/// The gig's hours.
#[derive(Debug)]
pub(super) struct Hours {
    /// Starts that can be told to a caller, ascending.
    pub(super) grid: Vec<i64>,
    /// Whether each is a step after the one before.
    is_even: bool,
    /// The alternatives, ascending.
    pub(super) windows: Vec<Span>,
    pub(super) duration_s: i64,
    /// From the first second of any window to the last.
    pub(super) reach: Span,
}

impl Hours {
    /// The hours of a gig by its starts and windows.
    pub(super) fn new(grid: Vec<i64>, windows: Vec<Span>, duration_s: i64) -> Option<Self> {
        let first = windows.iter().map(|span| span.start).min()?;
        let last = windows.iter().map(|span| span.end).max()?;
        let is_even = grid.windows(2).all(|pair| pair[1] - pair[0] == START_GRID_S);
        Some(Self { grid, is_even, windows, duration_s, reach: Span::new(first, last) })
    }

    /// How many starts of the grid lie before an instant.
    pub(super) fn before(&self, instant: i64) -> usize {
        match self.grid.first() {
            Some(&first) if self.is_even => {
                let steps = (instant - first + START_GRID_S - 1).div_euclid(START_GRID_S);
                (steps.max(0) as usize).min(self.grid.len())
            }
            _ => self.grid.partition_point(|start| *start < instant),
        }
    }

    /// Whether a window of somebody's could hold the gig if there were no way to it.
    pub(super) fn fit(&self, window: Span) -> bool {
        let shared_s = |span: &Span| window.end.min(span.end) - window.start.max(span.start);
        self.windows.iter().any(|span| shared_s(span) >= self.duration_s)
    }

    /// The starts that a window of somebody's leaves beside nothing else.
    pub(super) fn starts(&self, window: Span, out_s: i64, back_s: i64, found: &mut Vec<Interval>) {
        for span in &self.windows {
            let first = span.start.max(window.start + out_s);
            let last = span.end.min(window.end - back_s) - self.duration_s;
            if first <= last {
                found.push(Interval { first, last, extra_s: out_s + back_s });
            }
        }
    }
}

/// How many can come when.
#[derive(Debug)]
pub(super) struct Tally {
    /// Changes of the number from one start of the grid to the next.
    steps: Vec<i64>,
    /// Exact moments, as long as nobody can come at a start of the grid.
    moments: BTreeMap<i64, usize>,
    on_grid: bool,
}

/// Somebody's best start, and what is gained or lost by when it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Best {
    pub(super) start: i64,
    /// What the way and the week make of it.
    pub(super) milli: i64,
}

impl Tally {
    pub(super) fn new(grid: usize) -> Self {
        Self { steps: vec![0; grid + 1], moments: BTreeMap::new(), on_grid: false }
    }

    /// One more at a range of starts of the grid.
    pub(super) fn add_range(&mut self, from: usize, to: usize) {
        self.steps[from] += 1;
        self.steps[to] -= 1;
        self.on_grid = true;
    }

    /// So many more at one start of the grid.
    pub(super) fn add_many(&mut self, at: usize, count: usize) {
        if count > 0 {
            self.steps[at] += count as i64;
            self.steps[at + 1] -= count as i64;
            self.on_grid = true;
        }
    }

    /// One more at an exact moment.
    pub(super) fn add_moment(&mut self, start: i64) {
        if !self.on_grid {
            *self.moments.entry(start).or_default() += 1;
        }
    }

    /// Counts somebody in who may start within these intervals; answers their best start, if they have any.
    pub(super) fn count(
        &mut self,
        problem: &Problem,
        hours: &Hours,
        person: &Person<'_>,
        found: &mut [Interval],
    ) -> Option<Best> {
        found.sort_unstable();
        if person.is_free() { self.count_free(hours, found) } else { self.count_busy(problem, hours, person, found) }
    }

    /// Somebody without promises: every start has the same way and is as good as another, so the first on the grid is the best.
    fn count_free(&mut self, hours: &Hours, found: &[Interval]) -> Option<Best> {
        let mut done = 0;
        let mut best = None;
        for &Interval { first, last, .. } in found {
            let from = hours.before(first).max(done);
            let to = hours.before(last + 1);
            if from < to {
                best = best.or(Some(hours.grid[from]));
                self.add_range(from, to);
                done = to;
            }
        }
        if best.is_none() {
            let mut before = None;
            for one in found.iter().filter(|one| before.replace(one.first) != Some(one.first)) {
                self.add_moment(one.first);
            }
            best = found.first().map(|one| one.first);
        }
        best.map(|start| Best { start, milli: travel::milli(found[0].extra_s) })
    }

    /// Somebody with promises: caps and shares count by day and week, and each gap has a way of its own.
    fn count_busy(
        &mut self,
        problem: &Problem,
        hours: &Hours,
        person: &Person<'_>,
        found: &[Interval],
    ) -> Option<Best> {
        let mut done = 0;
        let mut best: Option<Best> = None;
        let mut better = |one: Best| match best {
            Some(known) if (known.milli, -known.start) >= (one.milli, -one.start) => {}
            _ => best = Some(one),
        };
        for &Interval { first, last, extra_s } in found {
            let from = hours.before(first).max(done);
            let to = hours.before(last + 1);
            for at in from..to {
                if let Some(one) = person.at(problem, hours.grid[at], extra_s) {
                    self.add_range(at, at + 1);
                    better(one);
                }
            }
            done = done.max(to);
        }
        if best.is_some() {
            return best;
        }
        let mut moments: Vec<Best> =
            found.iter().filter_map(|one| person.at(problem, one.first, one.extra_s)).collect();
        moments.dedup();
        moments.iter().for_each(|one| self.add_moment(one.start));
        moments.into_iter().max_by_key(|one| (one.milli, -one.start))
    }

    /// The starts at which somebody can come: those of the grid where there are any, else the exact moments between.
    pub(super) fn starts(&self, hours: &Hours) -> Vec<FeasibleStart> {
        if !self.on_grid {
            return self.moments.iter().map(|(&start, &able)| FeasibleStart { start, able }).collect();
        }
        let mut able = 0;
        let running = hours.grid.iter().zip(&self.steps).map(|(&start, step)| {
            able += step;
            FeasibleStart { start, able: usize::try_from(able).unwrap_or(0) }
        });
        running.filter(|at| at.able > 0).collect()
    }
}

/// What is needed of somebody to say what a day or week still allows.
#[derive(Debug)]
pub(super) struct Person<'a> {
    /// The promises that count in these weeks.
    pub(super) promises: &'a [&'a Kept],
    /// What the last plan wants them for.
    pub(super) demands: &'a [Arc<Demand>],
    pub(super) max_gigs_day: usize,
    pub(super) max_gigs_week: usize,
}

impl Person<'_> {
    /// Whether one start is as good as another.
    pub(super) fn is_free(&self) -> bool {
        self.promises.is_empty() && self.demands.is_empty()
    }

    /// What a start is worth to somebody whose day and week have room for it.
    pub(super) fn at(&self, problem: &Problem, start: i64, extra_s: i64) -> Option<Best> {
        let (day, week) = (problem.day_of(start), problem.week_of(start));
        let same_day = self.promises.iter().filter(|kept| problem.day_of(kept.start) == day).count();
        let same_week = self.promises.iter().filter(|kept| problem.week_of(kept.start) == week).count();
        let has_room = same_day < self.max_gigs_day && same_week < self.max_gigs_week;
        let milli = travel::milli(extra_s) + fair_share::week_milli(same_week as i64);
        let room = Room { same_day, same_week, max_day: self.max_gigs_day, max_week: self.max_gigs_week };
        let lost = || match self.demands {
            [] => 0,
            demands => needed_elsewhere::demanded_milli(problem, demands, 0, start, room),
        };
        has_room.then(|| Best { start, milli: milli + lost() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_before_an_instant_are_counted_alike_on_even_and_uneven_grids() {
        let even: Vec<i64> = (0..7).map(|step| 10_000 + step * START_GRID_S).collect();
        let uneven = vec![10_000, 10_900, 11_200, 15_000];
        for grid in [even, uneven, vec![10_000], Vec::new()] {
            let hours = Hours::new(grid.clone(), vec![Span::new(10_000, 20_000)], 900).expect("a window");
            for instant in 9_000..17_000 {
                let counted = grid.iter().filter(|start| **start < instant).count();
                assert_eq!(hours.before(instant), counted, "{grid:?} before {instant}");
            }
        }
    }
}
