//! Whether enough people could do a gig at all, and come to which of its meetings, wherever they live.
//!
//! Who lives nearest is tried first, and nobody more once it is certain: a gig that can be done is soon done with, however many people live
//! around it.

use std::ops::Range;

use crate::problem::{Places, Problem, candidates};

/// The first circle around a gig, as an angle at the centre of the earth: some 300 metres.
const FIRST_RAD: f64 = 5e-5;
/// How much wider the next one is.
const WIDER: f64 = 2.0;

/// Who could do what in the whole.
pub(super) struct Chances<'p> {
    whole: &'p Problem,
    everybody: &'p [u32],
    homes: Places,
    /// The longest straight line that anybody goes, as an angle.
    reach_rad: f64,
    /// Whether somebody may be brought to a gig that is too far for a trip of their own.
    is_carried: bool,
}

/// What is certain about one gig.
struct Tally {
    needs: Range<usize>,
    meetings: Range<usize>,
    helpers: usize,
    /// Some of those who could come, as many as a meeting needs at most: by meeting, and within it first by need, then of all needs together.
    people: Vec<Vec<u32>>,
    is_sure: Vec<bool>,
}

impl<'p> Chances<'p> {
    /// Of those who take gigs.
    pub(super) fn new(whole: &'p Problem, everybody: &'p [u32]) -> Self {
        let mut homes = vec![None; whole.volunteer_count()];
        let mut reach_rad = 0.0_f64;
        for volunteer in everybody.iter().map(|&volunteer| volunteer as usize) {
            homes[volunteer] = whole.volunteers.home_point[volunteer];
            reach_rad = reach_rad.max(whole.reach_rad(volunteer));
        }
        let is_carried = whole.is_rough() || whole.gigs.destination.iter().any(Option::is_some);
        Self { whole, everybody, homes: Places::new(&homes), reach_rad, is_carried }
    }

    /// Whether a gig can be done, and the meetings of it (positions in `Gigs::starts`) that cannot take place.
    pub(super) fn of(&self, gig: usize) -> (bool, Vec<u32>) {
        let mut tally = Tally::new(self.whole, gig);
        let mut is_sure = false;
        match self.whole.gigs.place_point[gig] {
            None => is_sure = self.everybody.iter().any(|&volunteer| self.count(&mut tally, gig, volunteer)),
            Some(point) => {
                let (mut reach_rad, mut near) = (FIRST_RAD.min(self.reach_rad), Vec::new());
                loop {
                    near.clear();
                    self.homes.near(point, reach_rad, |volunteer, _| near.push(volunteer));
                    is_sure = is_sure || near.iter().any(|&volunteer| self.count(&mut tally, gig, volunteer));
                    if is_sure || reach_rad >= self.reach_rad {
                        break;
                    }
                    reach_rad = (reach_rad * WIDER).min(self.reach_rad);
                }
            }
        }
        let is_dead = |&meeting: &usize| !tally.is_sure[meeting - tally.meetings.start];
        let dead: Vec<u32> = tally.meetings.clone().filter(is_dead).map(|meeting| meeting as u32).collect();
        (is_sure || dead.len() < tally.meetings.len(), dead)
    }

    /// Counts what a volunteer could do; says whether nothing is open any more.
    fn count(&self, tally: &mut Tally, gig: usize, volunteer: u32) -> bool {
        for candidate in candidates(self.whole, volunteer as usize, &[gig as u32]) {
            for window in self.whole.windows.of(volunteer as usize) {
                let Some(starts) = candidate.starts_in(self.whole, window, self.is_carried) else { continue };
                if tally.meetings.is_empty() {
                    return true;
                }
                for (meeting, &start) in self.whole.gigs.starts.row(gig).iter().enumerate() {
                    if starts.start <= start && start <= starts.end {
                        tally.note(self.whole, meeting, candidate.need(), volunteer);
                    }
                }
            }
        }
        !tally.is_sure.is_empty() && tally.is_sure.iter().all(|&is_sure| is_sure)
    }
}

impl Tally {
    fn new(whole: &Problem, gig: usize) -> Self {
        let (needs, meetings) = (whole.gigs.needs.range(gig), whole.gigs.starts.range(gig));
        let helpers = whole.gigs.needs.row(gig).iter().map(|need| usize::from(need.count)).sum();
        let people = vec![Vec::new(); meetings.len() * (needs.len() + 1)];
        Self { is_sure: vec![false; meetings.len()], needs, meetings, helpers, people }
    }

    /// Somebody could come to a meeting: it can take place once every need has as many different people as it needs, and all needs
    /// together too.
    fn note(&mut self, whole: &Problem, meeting: usize, need: usize, volunteer: u32) {
        let lists = meeting * (self.needs.len() + 1)..(meeting + 1) * (self.needs.len() + 1);
        let people = &mut self.people[lists];
        for list in [need - self.needs.start, self.needs.len()] {
            if people[list].len() < self.helpers && !people[list].contains(&volunteer) {
                people[list].push(volunteer);
            }
        }
        let counts = self.needs.clone().map(|need| usize::from(whole.gigs.needs.flat()[need].count));
        let has_each = counts.chain([self.helpers]).zip(people).all(|(count, people)| people.len() >= count);
        self.is_sure[meeting] |= has_each;
    }
}

#[cfg(test)]
#[path = "chances_tests.rs"]
mod tests;
