//! A plan in the making: which edges are used, at which meeting where several helpers must meet.

use super::caps::Caps;
use crate::{
    plan::{self, Assignment, Hours, Plan, Seat, Status, WEIGHT_POINTS},
    problem::{Problem, Stop},
    tour::Round,
};

/// One edge in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Placed {
    /// Number of the edge.
    pub(super) edge: u32,
    /// The meeting (position in `Gigs::starts`, flat) if several helpers must meet.
    pub(super) meeting: Option<u32>,
}

/// Edges in use by window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) of_window: Vec<Vec<Placed>>,
}

/// What a draft is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Worth {
    pub(super) weight: u64,
    pub(super) travel_s: i64,
    /// Bonuses of the pairs less what a week's gigs cost beyond a fair share.
    pub(super) bonus: i64,
    pub(super) gigs_filled: usize,
}

impl Worth {
    /// weight x 20,000 - travel + bonus.
    pub(super) fn objective(&self) -> i64 {
        self.weight as i64 * WEIGHT_POINTS - self.travel_s + self.bonus
    }
}

impl Draft {
    /// Nothing but what is promised.
    pub(super) fn new(problem: &Problem) -> Self {
        Self { of_window: vec![Vec::new(); problem.windows.len()] }
    }

    /// The trip of one window, or `None` if it cannot be done.
    fn trip(&self, problem: &Problem, window: usize) -> Option<(i64, Vec<Stop>)> {
        let placed = &self.of_window[window];
        let round = Round::with_edges(problem, window, placed.iter().map(|placed| placed.edge));
        let items: Vec<u16> = (round.promised..round.items.len())
            .filter(|&item| {
                placed.contains(&Placed {
                    edge: round.items[item].edge.unwrap_or(u32::MAX),
                    meeting: round.items[item].meeting,
                })
            })
            .map(|item| item as u16)
            .collect();
        if items.len() != placed.len() {
            return None;
        }
        let tour = round.best_order(&items)?;
        Some((tour.travel_s, round.stops(&tour)))
    }

    /// Rebuilds everything from the edges alone: helpers, starts, ways and caps; `None` if any rule is broken.
    pub(super) fn settle(&self, problem: &Problem, caps: &Caps) -> Option<(Worth, Vec<Assignment>)> {
        let mut worth = Worth { travel_s: fixed_travel_s(problem), ..Worth::default() };
        for cap in &caps.all {
            let used: usize = cap.windows.iter().map(|&window| self.of_window[window as usize].len()).sum();
            if used > cap.room as usize {
                return None;
            }
            worth.bonus -= cap.cost_s(used as u32);
        }
        let mut seats: Vec<(usize, i64, Seat)> = problem
            .promised
            .pins
            .iter()
            .map(|pin| {
                let seat = Seat {
                    slot: pin.slot,
                    volunteer: problem.volunteer_id(pin.volunteer).to_owned(),
                    promised: Some(pin.state),
                };
                (pin.gig, pin.start, seat)
            })
            .collect();
        let mut taken: Vec<u8> = vec![0; problem.gigs.needs.flat().len()];
        for window in 0..problem.windows.len() {
            if self.of_window[window].is_empty() && problem.promised.in_window.row(window).is_empty() {
                continue;
            }
            let (travel_s, stops) = self.trip(problem, window)?;
            worth.travel_s += travel_s;
            for placed in &self.of_window[window] {
                let edge = placed.edge as usize;
                let need = problem.edges.need[edge] as usize;
                let gig = problem.edges.gig[edge] as usize;
                worth.bonus += i64::from(problem.edges.bonus[edge]);
                let slots = problem.gigs.needs.flat()[need].slots;
                let slot = (0..u8::BITS as usize).filter(|slot| slots >> slot & 1 == 1).nth(taken[need].into())?;
                taken[need] += 1;
                let start = stops.iter().find(|stop| stop.gig == gig)?.start;
                let volunteer = problem.edges.volunteer(problem, edge);
                seats.push((
                    gig,
                    start,
                    Seat { slot, volunteer: problem.volunteer_id(volunteer).to_owned(), promised: None },
                ));
            }
        }
        seats.sort_unstable();
        let mut assignments: Vec<Assignment> = Vec::new();
        for of_gig in seats.chunk_by(|a, b| a.0 == b.0) {
            let (gig, start) = (of_gig[0].0, of_gig[0].1);
            let open: usize = problem.gigs.needs.row(gig).iter().map(|need| usize::from(need.count)).sum();
            let is_whole = of_gig.len() == open + problem.promised.of_gig(gig).len();
            let is_standing = of_gig.iter().all(|(_, _, seat)| seat.promised.is_some());
            let is_together = of_gig.iter().all(|(_, other, _)| *other == start);
            let is_repeated =
                of_gig.iter().any(|(_, _, a)| of_gig.iter().filter(|(_, _, b)| a.volunteer == b.volunteer).count() > 1);
            if !is_together || is_repeated || !(is_whole || is_standing) {
                return None;
            }
            if is_whole {
                worth.weight += u64::from(problem.weight(gig));
                worth.gigs_filled += 1;
            }
            let seats = of_gig.iter().map(|(_, _, seat)| seat.clone()).collect();
            assignments.push(Assignment { gig: problem.gig_id(gig).to_owned(), start, seats });
        }
        Some((worth, assignments))
    }

    /// The finished plan; bounds are the caller's.
    pub(super) fn into_plan(self, problem: &Problem, caps: &Caps, seed: u64) -> Option<Plan> {
        let (worth, assignments) = self.settle(problem, caps)?;
        Some(Plan {
            digest: plan::digest(&assignments),
            assignments,
            status: Status::Greedy,
            weight: worth.weight,
            bound_weight: u64::MAX,
            objective: worth.objective(),
            bound: i64::MAX,
            travel_s: worth.travel_s,
            bonus: worth.bonus,
            gigs_filled: worth.gigs_filled,
            stages: Vec::new(),
            seed,
            hours: Hours::default(),
        })
    }
}

/// Travel that is certain: the round trips of stray promises.
pub(super) fn fixed_travel_s(problem: &Problem) -> i64 {
    (0..problem.volunteer_count())
        .flat_map(|volunteer| problem.promised.stray.row(volunteer).iter().map(move |stop| (volunteer, stop.gig)))
        .map(|(volunteer, gig)| {
            problem.way_out_s(volunteer, gig).unwrap_or(0) + problem.way_back_s(volunteer, gig).unwrap_or(0)
        })
        .sum()
}
