//! How far anybody would go at these prices, and for which gigs: what surely gains nothing need not be looked at.
//!
//! A trip is at least as long as the way to any of its gigs and back, so a gig can only be part of a plan that gains something if what it
//! leaves and what the best others leave are more than its way. That cannot be said of who is on the way for a promise anyhow, whom an
//! escort brings along, and where times of roads know short cuts: there only what a gig itself leaves is asked.

use super::{caps::Caps, parts::SCALE};
use crate::problem::{Part, Sieve, could_take};

/// Gigs that are tried to find the best that somebody can take; behind these it is guessed from above.
const TRIED: usize = 400;
/// What rounding to whole metres and seconds may add to a way, in seconds.
const ROUNDING_S: i64 = 4;

/// What the volunteers of a part want.
pub(super) struct Interest<'a> {
    part: &'a Part,
    asked: Asked<'a>,
    of_volunteer: Vec<Wish>,
}

/// What everything costs in a part.
pub(super) struct Asked<'a> {
    /// The most that each gig leaves to whoever takes part in it, scaled.
    pub(super) rewards: &'a [i64],
    /// What each volunteer pays for any gig at least, scaled.
    pub(super) tolls: &'a [i64],
    /// Whether a gig may make the way of others shorter.
    pub(super) is_escort: &'a [bool],
    /// Whether a volunteer takes one gig at most.
    pub(super) is_one: &'a [bool],
}

#[derive(Debug, Clone, Copy)]
struct Wish {
    /// The most that other gigs of a trip leave, scaled; `None`: the way cannot be judged.
    others: Option<i64>,
    /// Longest way from home that can be worth it, in seconds.
    farthest_s: Option<i64>,
}

impl<'a> Interest<'a> {
    pub(super) fn new(part: &'a Part, caps: &Caps, asked: Asked<'a>) -> Self {
        let problem = &part.problem;
        let mut best: Vec<u32> = (0..problem.gig_count() as u32).collect();
        best.sort_unstable_by_key(|&gig| (-asked.rewards[gig as usize], gig));
        let carries = asked.is_escort.iter().any(|&is_escort| is_escort);
        let wish = |volunteer: usize| {
            let is_one = asked.is_one[volunteer];
            let is_promised =
                problem.windows.of(volunteer).any(|window| !problem.promised.in_window.row(window).is_empty());
            let is_unclear = carries || is_promised || problem.is_rough();
            if is_unclear && !is_one {
                return Wish { others: None, farthest_s: None };
            }
            let rooms = problem.windows.of(volunteer).map(|window| caps.window_room[window] as usize);
            let room = if is_one { 1 } else { rooms.max().unwrap_or(0) };
            let (toll, mut found) = (asked.tolls[volunteer], Vec::new());
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
            let most_s = found.first().map_or(0, |first| first.saturating_add(others)) / SCALE + ROUNDING_S;
            // There and back is as far, but where somebody is brought elsewhere, and on roads.
            let farthest_s = (!problem.is_rough()).then_some(if carries { most_s } else { most_s / 2 });
            Wish { others: Some(others), farthest_s }
        };
        let of_volunteer = (0..part.volunteers.len()).map(wish).collect();
        Self { part, asked, of_volunteer }
    }
}

impl Sieve for Interest<'_> {
    fn farthest_rad(&self, volunteer: usize) -> Option<f64> {
        let problem = &self.part.problem;
        let speed = problem.volunteers.speed_dkmh[volunteer];
        let line_m = problem.measure.reach_m(self.of_volunteer[volunteer].farthest_s?, speed);
        Some(problem.measure.angle_rad(line_m))
    }

    fn is_wanted(&self, volunteer: usize, gig: usize) -> bool {
        let is_carrying = self.asked.is_escort[gig] && !self.asked.is_one[volunteer];
        is_carrying || self.asked.rewards[gig] > self.asked.tolls[volunteer]
    }

    fn is_worth_the_way(&self, volunteer: usize, gig: usize, there_and_back_s: i64) -> bool {
        let Some(others) = self.of_volunteer[volunteer].others else { return true };
        let left = (self.asked.rewards[gig] - self.asked.tolls[volunteer]).saturating_add(others);
        left > there_and_back_s.saturating_sub(ROUNDING_S).saturating_mul(SCALE)
    }
}

#[cfg(test)]
#[path = "interest_tests.rs"]
mod tests;
