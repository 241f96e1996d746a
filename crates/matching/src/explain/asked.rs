//! The gig that is asked about, with what is the same for every schedule: its starts, and the rules that each volunteer breaks at any hour.

use super::{Rests, Schedules};
use crate::{
    eligibility::{Insertion, RuleSet, at_start, check, seat_is_free},
    openings,
    problem::{Problem, Stop},
    quote::can_fill,
};

/// One gig and everybody who is considered for it.
pub(super) struct Asked<'a> {
    pub(super) problem: &'a Problem,
    pub(super) gig: usize,
    /// The open slots.
    pub(super) slots: Vec<usize>,
    /// The starts of the grid.
    grid: Vec<i64>,
    /// Everybody but those who hold a slot of the gig, with the rules that they break at any hour, as they may be told, slot by slot.
    who: Vec<usize>,
    broken: Vec<RuleSet>,
    /// Who is not asked for which hours.
    pub(super) rests: Rests<'a>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(problem: &'a Problem, gig: usize, rests: Rests<'a>) -> Self {
        let slots = problem.open_slots(gig);
        let (mut who, mut broken) = (Vec::new(), Vec::new());
        for volunteer in 0..problem.volunteer_count() {
            if !seat_is_free(problem.standing_schedule(volunteer), gig) {
                continue;
            }
            who.push(volunteer);
            broken.extend(slots.iter().map(|&slot| check(problem, volunteer, gig, slot).told()));
        }
        Self { problem, gig, slots, grid: openings::grid(problem, gig), who, broken, rests }
    }

    /// Everybody who is considered.
    pub(super) fn who(&self) -> &[usize] {
        &self.who
    }

    /// Everybody with each open slot, and the rules that they break at any hour.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize, RuleSet)> {
        let pairs = self.who.iter().flat_map(|&volunteer| self.slots.iter().map(move |&slot| (volunteer, slot)));
        pairs.zip(&self.broken).map(|((volunteer, slot), broken)| (volunteer, slot, *broken))
    }

    /// One of [`Asked::who`] by position: each open slot, and the rules that they break at any hour.
    pub(super) fn of(&self, position: usize) -> impl Iterator<Item = (usize, RuleSet)> {
        let broken = &self.broken[position * self.slots.len()..(position + 1) * self.slots.len()];
        self.slots.iter().copied().zip(broken.iter().copied())
    }

    /// The starts of the grid.
    pub(super) fn grid(&self) -> &[i64] {
        &self.grid
    }

    /// Whether there is a start at all.
    pub(super) fn has_starts(&self) -> bool {
        !self.grid.is_empty()
    }

    /// The starts worth trying for one volunteer: where helpers must meet, the grid of the planner; else the grid for people and the
    /// earliest start of every gap, which together miss nothing.
    pub(super) fn starts(&self, volunteer: usize, schedule: &[Stop]) -> Vec<i64> {
        let mut starts = self.grid.clone();
        if self.slots.len() == 1 {
            starts.extend(openings::earliest_in_gaps(self.problem, volunteer, schedule, self.gig));
            starts.sort_unstable();
            starts.dedup();
        }
        starts
    }

    /// The same, with those first at which the gig fits if it does anywhere.
    pub(super) fn likely_starts(&self, volunteer: usize, schedule: &[Stop]) -> Vec<i64> {
        if self.slots.len() != 1 {
            return self.grid.clone();
        }
        let mut starts = openings::earliest_in_gaps(self.problem, volunteer, schedule, self.gig);
        starts.extend_from_slice(&self.grid);
        starts
    }

    /// Whether somebody can take a slot at a start, where the rules that they break at any hour are known.
    pub(super) fn can(
        &self,
        volunteer: usize,
        schedule: &[Stop],
        slot: usize,
        start: i64,
        broken: RuleSet,
    ) -> Result<Insertion, RuleSet> {
        at_start(self.problem, volunteer, schedule, self.gig, slot, start, broken)
    }

    /// Who can take which slot at which start: `(start, volunteer, slot)`, by start.
    pub(super) fn able(&self, schedules: &Schedules) -> Vec<(i64, usize, usize)> {
        let mut found = Vec::new();
        for (volunteer, slot, broken) in self.pairs().filter(|(.., broken)| broken.is_empty()) {
            let schedule = schedules.of(volunteer);
            for start in self.starts(volunteer, schedule) {
                if self.can(volunteer, schedule, slot, start, broken).is_ok() {
                    found.push((start, volunteer, slot));
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// Whether every open slot could be filled, or at least somebody could take one.
    pub(super) fn filled(&self, schedules: &Schedules) -> Filled {
        if self.slots.len() == 1 {
            // Whoever can is enough.
            let mut pairs = self.pairs().filter(|(.., broken)| broken.is_empty());
            let somebody = pairs.any(|(volunteer, slot, broken)| {
                let schedule = schedules.of(volunteer);
                let mut starts = self.likely_starts(volunteer, schedule).into_iter();
                starts.any(|start| self.can(volunteer, schedule, slot, start, broken).is_ok())
            });
            return if somebody { Filled::Wholly } else { Filled::No };
        }
        let able = self.able(schedules);
        let together = able.chunk_by(|a, b| a.0 == b.0).any(|at| {
            can_fill(&self.slots, &at.iter().map(|(_, volunteer, slot)| (*volunteer, *slot)).collect::<Vec<_>>())
        });
        match (together, able.is_empty()) {
            (true, _) => Filled::Wholly,
            (false, false) => Filled::Partly,
            (false, true) => Filled::No,
        }
    }
}

/// How much of the gig could be filled at one start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filled {
    /// No slot.
    No,
    /// Some slot, but not all.
    Partly,
    /// Every slot, each by a helper of its own.
    Wholly,
}
