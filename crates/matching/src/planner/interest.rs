//! How far anybody would go at these prices, and for which gigs: what surely gains nothing need not be looked at.
//!
//! A trip is at least as long as the way to any of its gigs and back, so a gig can only be part of a plan that gains something if what it
//! leaves and what the best others leave are more than its way. That cannot be said of who is on the way for a promise anyhow, whom an
//! escort brings along, and where times of roads know short cuts: there only what a gig itself leaves is asked.

use super::{
    caps::Caps,
    parts::SCALE,
    wish::{ROUNDING_S, Wish},
};
use crate::problem::{Candidate, Part, Sieve, could_take};

/// So few gigs are looked at one by one, wherever they are.
const SHORT: usize = 1_000;

/// What the volunteers of a part want.
pub(super) struct Interest<'a> {
    part: &'a Part,
    caps: &'a Caps,
    asked: Asked<'a>,
    /// Whether some gig may make the way of others shorter.
    carries: bool,
    of_volunteer: Vec<Wish>,
    /// Gigs that leave most first.
    best: Vec<u32>,
}

/// What everything costs in a part, scaled.
pub(super) struct Asked<'a> {
    /// The most that each gig leaves to whoever takes part in it.
    pub(super) rewards: &'a [i64],
    /// What any gig costs in each window.
    pub(super) tolls: &'a [i64],
    /// What a plan of each window must gain more than to be wanted.
    pub(super) floors: &'a [i64],
    /// Whether a gig may make the way of others shorter.
    pub(super) is_escort: &'a [bool],
    /// Whether a volunteer takes one gig at most.
    pub(super) is_one: &'a [bool],
}

impl<'a> Interest<'a> {
    pub(super) fn new(part: &'a Part, caps: &'a Caps, asked: Asked<'a>) -> Self {
        let problem = &part.problem;
        let best = best(asked.rewards);
        let carries = asked.is_escort.iter().any(|&is_escort| is_escort);
        let wish = |volunteer: usize| {
            let (windows, is_one) = (problem.windows.of(volunteer), asked.is_one[volunteer]);
            let (tolls, floors) = (&asked.tolls[windows.clone()], &asked.floors[windows]);
            let (wish, is_judged) = Wish::of(problem, caps, volunteer, is_one, tolls, floors);
            if !is_judged || (carries || problem.is_rough()) && !is_one {
                return wish;
            }
            let left = best.iter().map(|&gig| (gig, asked.rewards[gig as usize]));
            wish.judged(left, |gig| could_take(problem, volunteer, gig))
        };
        let of_volunteer = (0..part.volunteers.len()).map(wish).collect();
        Self { part, caps, asked, carries, of_volunteer, best }
    }

    /// Where it is known what everybody looks for, and no gig makes the way of others shorter.
    pub(super) fn of_wishes(part: &'a Part, caps: &'a Caps, asked: Asked<'a>, of_volunteer: Vec<Wish>) -> Self {
        Self { part, caps, carries: false, of_volunteer, best: best(asked.rewards), asked }
    }

    /// The longest straight line from home that these seconds of a way may be, as an angle at the centre of the earth.
    fn line_rad(&self, volunteer: usize, way_s: i64) -> f64 {
        let problem = &self.part.problem;
        problem.measure.angle_rad(problem.measure.reach_m(way_s, problem.volunteers.speed_dkmh[volunteer]))
    }
}

/// Gigs that leave most first.
fn best(rewards: &[i64]) -> Vec<u32> {
    let mut best: Vec<u32> = (0..rewards.len() as u32).collect();
    best.sort_unstable_by_key(|&gig| (-rewards[gig as usize], gig));
    best
}

impl Sieve for Interest<'_> {
    fn farthest_rad(&self, volunteer: usize) -> Option<f64> {
        if self.part.problem.is_rough() {
            return None;
        }
        // There and back is as far, but where somebody is brought elsewhere, and on roads.
        let most_s = self.of_volunteer[volunteer].most_s?;
        Some(self.line_rad(volunteer, if self.carries { most_s } else { most_s / 2 }))
    }

    fn shortlist(&self, volunteer: usize) -> Option<&[u32]> {
        let wish = &self.of_volunteer[volunteer];
        wish.others.filter(|_| !self.carries || self.asked.is_one[volunteer])?;
        let least = wish.least();
        let few = self.best.partition_point(|&gig| self.asked.rewards[gig as usize] > least);
        (few <= SHORT).then(|| &self.best[..few])
    }

    fn is_wanted(&self, volunteer: usize, gig: usize, away_rad: f64) -> bool {
        let wish = &self.of_volunteer[volunteer];
        if self.asked.is_escort[gig] && !self.asked.is_one[volunteer] {
            return true;
        }
        let left = self.asked.rewards[gig] - wish.toll;
        let Some(others) = wish.others else { return left > 0 };
        let all = left.saturating_add(others);
        let is_far = || {
            let way_s = wish.way_s(all);
            away_rad > 0.0
                && !self.part.problem.is_rough()
                && away_rad > self.line_rad(volunteer, if self.carries { way_s } else { way_s / 2 })
        };
        left > 0 && all > wish.floor && !is_far()
    }

    /// Of the gigs of a trip one is the farthest: no trip gains more than the best gigs no farther than that one leave, less its way.
    fn sift(&self, volunteer: usize, window: Option<usize>, found: &mut Vec<Candidate>) {
        let wish = &self.of_volunteer[volunteer];
        if wish.others.is_none() {
            return;
        }
        let (toll, floor, room) = match window {
            Some(window) if !self.asked.is_one[volunteer] => {
                (self.asked.tolls[window], self.asked.floors[window], self.caps.window_room[window] as usize)
            }
            _ => (wish.toll, wish.floor, wish.room),
        };
        let left = |one: &Candidate| self.asked.rewards[one.gig()] - toll;
        let cost = |one: &Candidate| one.way_s().saturating_sub(ROUNDING_S).max(0).saturating_mul(SCALE);
        let mut by_way: Vec<(i64, i64)> = found.iter().map(|one| (cost(one), left(one))).collect();
        by_way.sort_unstable();
        // What the best gigs no farther leave less the way: all of a trip, and all but one.
        let mut best: Vec<i64> = Vec::with_capacity(room + 1);
        let mut gains: Vec<(i64, i64)> = Vec::with_capacity(by_way.len());
        for &(cost, left) in &by_way {
            let at = best.partition_point(|&other| other >= left);
            if left > 0 && at < room {
                best.insert(at, left);
                best.truncate(room);
            }
            let all: i64 = best.iter().sum();
            let last = if best.len() == room { best.last().copied().unwrap_or(0) } else { 0 };
            gains.push((all - cost, all - last - cost));
        }
        for at in (1..gains.len()).rev() {
            let (all, others) = gains[at];
            gains[at - 1] = (gains[at - 1].0.max(all), gains[at - 1].1.max(others));
        }
        found.retain(|one| {
            let at = by_way.partition_point(|&(way, _)| way < cost(one));
            let (all, others) = gains[at];
            all.min(others.saturating_add(left(one))) > floor
        });
    }
}

#[cfg(test)]
#[path = "interest_tests.rs"]
pub(super) mod tests;
