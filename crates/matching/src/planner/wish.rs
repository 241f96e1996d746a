//! What somebody looks for at these prices: how much a gig must leave, and how far it may be.

use super::{caps::Caps, parts::SCALE};
use crate::problem::Problem;

/// Gigs that are tried to find the best that somebody can take; behind these it is guessed from above.
const TRIED: usize = 400;
/// What rounding to whole metres and seconds may add to a way, in seconds.
pub(super) const ROUNDING_S: i64 = 4;

/// What a volunteer looks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    /// The most that other gigs of a trip leave; `None`: the way cannot be judged.
    pub(super) others: Option<i64>,
    /// Longest way there and back that can be worth it, in seconds.
    pub(super) most_s: Option<i64>,
    /// What any gig costs at least, and what a plan must gain more than.
    pub(super) toll: i64,
    pub(super) floor: i64,
    /// Most gigs of a trip.
    pub(super) room: usize,
}

impl Wish {
    /// By window what any gig costs there, what a plan must gain more than, and how many gigs it may hold; `is_one`: somebody takes one gig
    /// at most.
    pub(super) fn new(is_one: bool, tolls: &[i64], floors: &[i64], rooms: impl Iterator<Item = u32>) -> Self {
        let floors = floors.iter().copied();
        // Who takes one gig at most looks for one better than the best of all windows, others for a plan in any.
        let floor = if is_one { floors.max() } else { floors.min() }.unwrap_or(0);
        let room = if is_one { 1 } else { rooms.max().unwrap_or(0) as usize };
        Self { others: None, most_s: None, toll: tolls.iter().copied().min().unwrap_or(0), floor, room }
    }

    /// Of somebody in a problem, by what any gig costs in each of their windows and what a plan must gain more than; and whether it can be said
    /// how far they would go. Who is on the way for a promise anyhow may go farther than that.
    pub(super) fn of(
        problem: &Problem,
        caps: &Caps,
        volunteer: usize,
        is_one: bool,
        tolls: &[i64],
        floors: &[i64],
    ) -> (Self, bool) {
        let windows = problem.windows.of(volunteer);
        let is_promised = windows.clone().any(|window| !problem.promised.in_window.row(window).is_empty());
        let wish = Self::new(is_one, tolls, floors, windows.map(|window| caps.window_room[window]));
        (wish, is_one || !is_promised)
    }

    /// The same where the way can be judged, by what gigs leave, those that leave most first.
    pub(super) fn judged(self, best: impl Iterator<Item = (u32, i64)>, can_take: impl Fn(usize) -> bool) -> Self {
        let mut found = Vec::new();
        for (tried, (gig, reward)) in best.enumerate() {
            let left = reward - self.toll;
            if left <= 0 || found.len() == self.room {
                break;
            }
            if tried >= TRIED {
                found.resize(self.room, left);
            } else if can_take(gig as usize) {
                found.push(left);
            }
        }
        let others: i64 = found.iter().take(self.room.saturating_sub(1)).sum();
        let most_s = self.way_s(found.first().map_or(0, |first| first.saturating_add(others)));
        Self { others: Some(others), most_s: Some(most_s), ..self }
    }

    /// A gig that leaves no more than this is not looked for, however near it is.
    pub(super) fn least(&self) -> i64 {
        self.toll.saturating_add(self.others.map_or(0, |others| self.floor.saturating_sub(others).max(0)))
    }

    /// Seconds of travel that this much is worth.
    pub(super) fn way_s(&self, left: i64) -> i64 {
        left.saturating_sub(self.floor).max(0) / SCALE + ROUNDING_S
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_that_somebody_can_take_is_what_a_way_may_be_worth() {
        let wish =
            |room: u32| Wish::new(false, &[7 * SCALE, 5 * SCALE], &[9 * SCALE, 10 * SCALE], [0, room].into_iter());
        let best = || [100, 60, 50, 40, 5].into_iter().zip(0..).map(|(left, gig)| (gig, left * SCALE));
        let judged = |room: u32| {
            let wish = wish(room).judged(best(), |gig| gig != 0);
            (wish.others, wish.most_s, wish.least())
        };
        // Of three the best two besides; each leaves five less than it seems, and nine are gained anyhow.
        assert_eq!(judged(3), (Some(100 * SCALE), Some(155 - 9 + ROUNDING_S), 5 * SCALE));
        assert_eq!(judged(9), (Some(135 * SCALE), Some(190 - 9 + ROUNDING_S), 5 * SCALE));
        assert_eq!(judged(1), (Some(0), Some(55 - 9 + ROUNDING_S), 14 * SCALE));
        assert_eq!(wish(3).least(), 5 * SCALE);
    }

    #[test]
    fn behind_those_that_are_tried_the_best_is_guessed_from_above() {
        let best = || (0..TRIED as u32 + 9).map(|gig| (gig, (5_000 - i64::from(gig)) * SCALE));
        let wish = Wish::new(false, &[0], &[0], std::iter::once(3));
        let others = |first: usize| wish.judged(best(), |gig| gig >= first).others;
        assert_eq!(others(TRIED - 1), Some((5_001 - TRIED as i64 + 5_000 - TRIED as i64) * SCALE));
        assert_eq!(others(TRIED + 5), Some(2 * (5_000 - TRIED as i64) * SCALE));
    }
}
