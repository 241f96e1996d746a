//! How far anybody would go at these prices, and for which gigs: what surely gains nothing need not be looked at.
//!
//! A trip is at least as long as the way to any of its gigs and back, so a gig can only be part of a plan that gains something if what it
//! leaves and what the best others leave are more than its way. That cannot be said of who is on the way for a promise anyhow, whom an
//! escort brings along, and where times of roads know short cuts: there only what a gig itself leaves is asked.

use super::{caps::Caps, parts::SCALE};
use crate::problem::{Candidate, Part, Sieve, could_take};

/// Gigs that are tried to find the best that somebody can take; behind these it is guessed from above.
const TRIED: usize = 400;
/// So few gigs are looked at one by one, wherever they are.
const SHORT: usize = 1_000;
/// What rounding to whole metres and seconds may add to a way, in seconds.
const ROUNDING_S: i64 = 4;

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

#[derive(Debug, Clone, Copy)]
struct Wish {
    /// The most that other gigs of a trip leave; `None`: the way cannot be judged.
    others: Option<i64>,
    /// Longest way from home that can be worth it, in seconds.
    farthest_s: Option<i64>,
    /// What any gig costs at least, and what a plan must gain more than.
    toll: i64,
    floor: i64,
    /// Most gigs of a trip.
    room: usize,
}

impl<'a> Interest<'a> {
    pub(super) fn new(part: &'a Part, caps: &'a Caps, asked: Asked<'a>) -> Self {
        let problem = &part.problem;
        let mut best: Vec<u32> = (0..problem.gig_count() as u32).collect();
        best.sort_unstable_by_key(|&gig| (-asked.rewards[gig as usize], gig));
        let carries = asked.is_escort.iter().any(|&is_escort| is_escort);
        let wish = |volunteer: usize| {
            let is_one = asked.is_one[volunteer];
            let windows = problem.windows.of(volunteer);
            let toll = asked.tolls[windows.clone()].iter().copied().min().unwrap_or(0);
            let floors = asked.floors[windows.clone()].iter().copied();
            // Who takes one gig at most looks for one better than the best of all windows, others for a plan in any.
            let floor = if is_one { floors.max() } else { floors.min() }.unwrap_or(0);
            let rooms = windows.clone().map(|window| caps.window_room[window] as usize);
            let room = if is_one { 1 } else { rooms.max().unwrap_or(0) };
            let wish = Wish { others: None, farthest_s: None, toll, floor, room };
            let is_promised = windows.clone().any(|window| !problem.promised.in_window.row(window).is_empty());
            if (carries || is_promised || problem.is_rough()) && !is_one {
                return wish;
            }
            let mut found = Vec::new();
            for (tried, &gig) in best.iter().enumerate() {
                let left = asked.rewards[gig as usize] - toll;
                if left <= 0 || found.len() == room {
                    break;
                }
                if tried >= TRIED {
                    found.resize(room, left);
                } else if could_take(problem, volunteer, gig as usize) {
                    found.push(left);
                }
            }
            let others: i64 = found.iter().take(room.saturating_sub(1)).sum();
            let most_s = wish.way_s(found.first().map_or(0, |first| first.saturating_add(others)));
            // There and back is as far, but where somebody is brought elsewhere, and on roads.
            let farthest_s = (!problem.is_rough()).then_some(if carries { most_s } else { most_s / 2 });
            Wish { others: Some(others), farthest_s, ..wish }
        };
        let of_volunteer = (0..part.volunteers.len()).map(wish).collect();
        Self { part, caps, asked, carries, of_volunteer, best }
    }

    /// The longest straight line from home that these seconds of a way may be, as an angle at the centre of the earth.
    fn line_rad(&self, volunteer: usize, way_s: i64) -> f64 {
        let problem = &self.part.problem;
        problem.measure.angle_rad(problem.measure.reach_m(way_s, problem.volunteers.speed_dkmh[volunteer]))
    }
}

impl Wish {
    /// Seconds of travel that this much is worth.
    fn way_s(&self, left: i64) -> i64 {
        left.saturating_sub(self.floor).max(0) / SCALE + ROUNDING_S
    }
}

impl Sieve for Interest<'_> {
    fn farthest_rad(&self, volunteer: usize) -> Option<f64> {
        Some(self.line_rad(volunteer, self.of_volunteer[volunteer].farthest_s?))
    }

    fn shortlist(&self, volunteer: usize) -> Option<&[u32]> {
        let wish = &self.of_volunteer[volunteer];
        let others = wish.others.filter(|_| !self.carries || self.asked.is_one[volunteer])?;
        let least = wish.toll.saturating_add(wish.floor.saturating_sub(others).max(0));
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
            wish.farthest_s.is_some()
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
mod tests;
