//! What neighbours may want at all at these prices, of everything there is: the gigs of the part in which they are asked.
//!
//! A gig that leaves much is worth a long way, one that leaves little only a short one. So gigs stand on shelves by what they leave, and
//! neighbours look over each shelf only as far as it is worth it for any of them: however many gigs lie farther off, nobody sees them. That
//! cannot be said where somebody is brought along to others, or where times of roads know short cuts.

use std::collections::BinaryHeap;

use super::{parts::SCALE, wish::Wish};
use crate::{
    problem::{Places, Problem, could_take},
    snapshot::Point,
    travel::{Measure, Spot},
};

/// What leaves less than one part in so many of the best of a shelf stands on the next.
const LESS: i64 = 2;

/// All gigs that leave anything, those that leave most first.
pub(super) struct Shelves {
    all: Vec<Shelf>,
    /// What each gig leaves.
    rewards: Vec<i64>,
}

struct Shelf {
    /// The most that one of these gigs leaves.
    most: i64,
    places: Places,
    calls: Vec<u32>,
}

/// One of some neighbours.
#[derive(Debug, Clone, Copy)]
pub(super) struct Neighbour {
    pub(super) volunteer: usize,
    pub(super) wish: Wish,
    /// Whether it can be said how far they would go.
    pub(super) is_judged: bool,
}

/// Neighbours and how far they live from their midst.
struct Street {
    midst: Point,
    /// As an angle; `None`: no home.
    away_rad: Vec<Option<f64>>,
}

/// The gigs that leave most of those that were offered; of equals the first.
pub(super) struct Best {
    most: usize,
    /// The worst on top: what it leaves, below zero, and the gig.
    kept: BinaryHeap<(i64, u32)>,
}

impl Best {
    /// So many at most.
    pub(super) fn new(most: usize) -> Self {
        Self { most, kept: BinaryHeap::with_capacity(most + 1) }
    }

    /// A gig and what it leaves.
    pub(super) fn offer(&mut self, left: i64, gig: u32) {
        if self.kept.len() < self.most {
            self.kept.push((-left, gig));
        } else if let Some(mut worst) = self.kept.peek_mut()
            && (-left, gig) < *worst
        {
            *worst = (-left, gig);
        }
    }

    /// What leaves less than this is not kept.
    fn least(&self) -> i64 {
        let worst = self.kept.peek().filter(|_| self.kept.len() == self.most);
        worst.map_or(i64::MIN, |&(left, _)| -left)
    }

    /// Those that were kept.
    pub(super) fn gigs(&self) -> impl Iterator<Item = u32> {
        self.kept.iter().map(|&(_, gig)| gig)
    }
}

impl Shelves {
    /// By what each gig leaves at most; what leaves nothing is left out.
    pub(super) fn new(whole: &Problem, rewards: Vec<i64>) -> Self {
        let mut best: Vec<u32> = (0..whole.gig_count() as u32).filter(|&gig| rewards[gig as usize] > 0).collect();
        best.sort_unstable_by_key(|&gig| (-rewards[gig as usize], gig));
        let mut all = Vec::new();
        let mut rest = best.as_slice();
        while let Some(&first) = rest.first() {
            let most = rewards[first as usize];
            let (shelf, below) = rest.split_at(rest.partition_point(|&gig| rewards[gig as usize] > most / LESS));
            let mut places = vec![None; whole.gig_count()];
            shelf.iter().for_each(|&gig| places[gig as usize] = whole.gigs.place_point[gig as usize]);
            let calls = shelf.iter().copied().filter(|&gig| whole.is_call(gig as usize)).collect();
            all.push(Shelf { most, places: Places::new(&places), calls });
            rest = below;
        }
        Self { all, rewards }
    }

    /// What these neighbours look for, and the gigs that any of them may want, ascending.
    pub(super) fn wanted(&self, whole: &Problem, neighbours: &mut [Neighbour]) -> Vec<u32> {
        let street = Street::new(whole, neighbours);
        self.judge(whole, &street, neighbours);
        let least = neighbours.iter().map(|one| one.wish.least()).min().unwrap_or(0);
        let mut wanted: Vec<u32> = Vec::new();
        for shelf in self.all.iter().take_while(|shelf| shelf.most > least) {
            let mut far_rad: Option<f64> = None;
            for (one, away_rad) in neighbours.iter().zip(&street.away_rad) {
                if let (Some(reach), Some(away)) = (reach_rad(whole, one, shelf.most), *away_rad) {
                    far_rad = Some(far_rad.unwrap_or(0.0).max(reach + away));
                }
            }
            let first = wanted.len();
            if let Some(far_rad) = far_rad {
                shelf.places.near(street.midst, far_rad, |gig, _| wanted.push(gig));
            }
            wanted.extend_from_slice(&shelf.calls);
            let mut kept = first;
            for at in first..wanted.len() {
                if self.rewards[wanted[at] as usize] > least {
                    wanted[kept] = wanted[at];
                    kept += 1;
                }
            }
            wanted.truncate(kept);
        }
        wanted.sort_unstable();
        wanted
    }

    /// Offers all calls that may still be among the best.
    pub(super) fn offer_calls(&self, best: &mut Best, left: impl Fn(u32) -> i64) {
        for shelf in &self.all {
            if shelf.most < best.least() {
                break;
            }
            shelf.calls.iter().for_each(|&gig| best.offer(left(gig), gig));
        }
    }

    /// Offers the places in reach of some neighbours that may still be among the best; they leave less by the way there and back from a midst
    /// at a speed.
    pub(super) fn offer_places(
        &self,
        whole: &Problem,
        neighbours: &[u32],
        (midst, speed_dkmh): (Point, u32),
        best: &mut Best,
        left: impl Fn(u32) -> i64,
    ) {
        let people = || neighbours.iter().map(|&volunteer| volunteer as usize);
        let home =
            |volunteer: usize| Some((Spot::from(whole.volunteers.home_point[volunteer]?), whole.reach_rad(volunteer)));
        let homes: Vec<(Spot, f64)> = people().filter_map(home).collect();
        let far_rad =
            homes.iter().map(|&(home, reach_rad)| away_rad(Spot::from(midst), home) + reach_rad).fold(0.0, f64::max);
        let mut last = 0;
        for shelf in &self.all {
            let left_most = shelf.most.saturating_sub(best.least());
            if left_most < 0 {
                break;
            }
            let way_s = left_most / (2 * SCALE);
            let worth_rad = whole.measure.angle_rad(whole.measure.reach_m(way_s, speed_dkmh));
            shelf.places.near(midst, far_rad.min(worth_rad), |gig, _| {
                let Some(place) = whole.gigs.place_point[gig as usize].map(Spot::from) else { return };
                let is_reached = |at: &usize| away_rad(homes[*at].0, place) <= homes[*at].1;
                // Who reaches one reaches most of the others.
                let who = [last].into_iter().filter(|&at| at < homes.len()).chain(0..homes.len()).find(is_reached);
                if let Some(at) = who {
                    last = at;
                    best.offer(left(gig), gig);
                }
            });
        }
    }

    /// Finds out how far everybody would go for what there is around them.
    fn judge(&self, whole: &Problem, street: &Street, neighbours: &mut [Neighbour]) {
        let reach = neighbours.iter().zip(&street.away_rad);
        let reach = reach.filter_map(|(one, away)| Some(whole.reach_rad(one.volunteer) + (*away)?));
        let far_rad = reach.fold(0.0, f64::max);
        // Most need only what leaves most: shelf after shelf is looked at as far as somebody asks.
        let mut shelves = self.all.iter();
        let mut best: Vec<(u32, i64)> = Vec::new();
        for one in neighbours.iter_mut().filter(|one| one.is_judged) {
            let mut at = 0;
            let next = std::iter::from_fn(|| {
                while at >= best.len() {
                    let shelf = shelves.next()?;
                    let first = best.len();
                    let left = |gig: u32| (gig, self.rewards[gig as usize]);
                    shelf.places.near(street.midst, far_rad, |gig, _| best.push(left(gig)));
                    best.extend(shelf.calls.iter().map(|&gig| left(gig)));
                    best[first..].sort_unstable_by_key(|&(gig, left)| (-left, gig));
                }
                at += 1;
                Some(best[at - 1])
            });
            one.wish = one.wish.judged(next, |gig| could_take(whole, one.volunteer, gig));
        }
    }
}

impl Street {
    fn new(whole: &Problem, neighbours: &[Neighbour]) -> Self {
        let volunteers: Vec<u32> = neighbours.iter().map(|one| one.volunteer as u32).collect();
        let midst = midst(whole, &volunteers);
        let away = |one: &Neighbour| {
            whole.volunteers.home_point[one.volunteer].map(|home| away_rad(Spot::from(midst), Spot::from(home)))
        };
        Self { midst, away_rad: neighbours.iter().map(away).collect() }
    }
}

/// The midst of the homes of some volunteers.
pub(super) fn midst(whole: &Problem, volunteers: &[u32]) -> Point {
    let home = |&volunteer: &u32| whole.volunteers.home_point[volunteer as usize];
    let homes: Vec<Point> = volunteers.iter().filter_map(home).collect();
    let middle = |of: fn(&Point) -> f64| homes.iter().map(of).sum::<f64>() / homes.len().max(1) as f64;
    Point { lat: middle(|home| home.lat), lon: middle(|home| home.lon) }
}

/// No less than what two spots are apart, as an angle.
fn away_rad(one: Spot, other: Spot) -> f64 {
    let earth = Measure::earth();
    earth.angle_rad(earth.metres(one, other) as f64)
}

/// How far somebody would go for a gig that leaves so much, as an angle; `None`: for none.
fn reach_rad(whole: &Problem, one: &Neighbour, most: i64) -> Option<f64> {
    let (wish, reach_rad) = (&one.wish, whole.reach_rad(one.volunteer));
    let left = most - wish.toll;
    let Some(others) = wish.others else { return (left > 0).then_some(reach_rad) };
    let all = left.saturating_add(others);
    if left <= 0 || all <= wish.floor {
        return None;
    }
    let line_m = whole.measure.reach_m(wish.way_s(all) / 2, whole.volunteers.speed_dkmh[one.volunteer]);
    Some(whole.measure.angle_rad(line_m).min(reach_rad))
}

#[cfg(test)]
#[path = "wants_tests.rs"]
mod tests;
