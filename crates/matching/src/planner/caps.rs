//! Day and week caps as the planner sees them: groups of one volunteer's windows that share a number of gigs.
//!
//! A window that crosses midnight counts in full towards both days (and weeks) it touches: the planner does not know
//! on which side a gig will start, and must not break a cap. The same goes for what a fair share of the week costs. What a plan could
//! gain by knowing is added to its bounds, which would be false without.

use super::{parts::SCALE, stitch};
use crate::{
    plan::{Plan, Status, WEIGHT_POINTS},
    problem::Problem,
};

/// Windows that share a cap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cap {
    /// Gigs that may still be added: no more than fit into the windows, whatever number was named.
    pub(super) room: u32,
    /// Numbers of the windows.
    pub(super) windows: Vec<u32>,
    /// Gigs of the period that are promised already.
    standing: u32,
    /// What each gig costs for every one before it, in seconds of travel: a fair share of the week.
    step_s: i64,
}

impl Cap {
    /// What the gig that comes after `added` others costs, in seconds of travel; never less than the one before.
    pub(super) fn step_cost_s(&self, added: u32) -> i64 {
        self.step_s * i64::from(self.standing + added)
    }

    /// What so many added gigs cost together.
    pub(super) fn cost_s(&self, added: u32) -> i64 {
        (0..added).map(|before| self.step_cost_s(before)).sum()
    }

    /// Scaled worth of everything the cap has to sell at a scaled price: each place at what the price leaves after its own cost.
    pub(super) fn stock(&self, price: i64, is_costly: bool) -> i64 {
        if self.step_s == 0 || !is_costly {
            return i64::from(self.room) * price;
        }
        (0..self.room).map(|before| (price - self.step_cost_s(before) * SCALE).max(0)).sum()
    }

    /// Scaled worth of one place, at a scaled price: what the price leaves after its own cost.
    pub(super) fn place_worth(&self, price: i64) -> i64 {
        if self.room == 0 { 0 } else { (price - self.step_cost_s(0) * SCALE).max(0) }
    }

    /// Whether adding up to `most` gigs can cost anything.
    pub(super) fn can_cost(&self, most: u32) -> bool {
        most > 0 && self.cost_s(most.min(self.room)) > 0
    }
}

/// All caps of a problem.
#[derive(Debug, Clone, Default)]
pub(super) struct Caps {
    pub(super) all: Vec<Cap>,
    /// Caps of each window.
    pub(super) of_window: Vec<Vec<u32>>,
    /// Most gigs that may be added to each window alone.
    pub(super) window_room: Vec<u32>,
    /// Windows that count towards two days or weeks, though no gig does.
    twice: Vec<u32>,
    /// The shortest gig.
    shortest_s: i64,
}

impl Caps {
    /// The caps of all volunteers, less what they have been promised for.
    pub(super) fn new(problem: &Problem) -> Self {
        let shortest_s = (0..problem.gig_count()).map(|gig| problem.duration_s(gig)).min().unwrap_or(i64::MAX);
        let of_window = vec![Vec::new(); problem.windows.len()];
        let mut caps = Self { of_window, shortest_s, ..Self::default() };
        for volunteer in 0..problem.volunteer_count() {
            let (day, week) = (problem.volunteers.max_gigs_day[volunteer], problem.volunteers.max_gigs_week[volunteer]);
            caps.group(problem, volunteer, day, 0, &|at| problem.day_of(at));
            caps.group(problem, volunteer, week, problem.week_step_s, &|at| problem.week_of(at));
        }
        caps.window_room = caps
            .of_window
            .iter()
            .map(|of| of.iter().map(|&cap| caps.all[cap as usize].room).min().unwrap_or(0))
            .collect();
        caps
    }

    fn group(&mut self, problem: &Problem, volunteer: usize, most: u32, step_s: i64, period: &dyn Fn(i64) -> usize) {
        let mut touched: Vec<(usize, u32)> = Vec::new();
        for window in problem.windows.of(volunteer) {
            let span = problem.windows.span[window];
            if period(span.start) != period(span.end - 1) {
                self.twice.push(window as u32);
            }
            touched.extend((period(span.start)..=period(span.end - 1)).map(|number| (number, window as u32)));
        }
        touched.sort_unstable();
        for group in touched.chunk_by(|a, b| a.0 == b.0) {
            let promised =
                problem.standing_schedule(volunteer).iter().filter(|stop| period(stop.start) == group[0].0).count()
                    as u32;
            let fit = group.iter().map(|&(_, window)| self.fit(problem, window as usize)).fold(0, u32::saturating_add);
            let number = self.all.len() as u32;
            self.all.push(Cap {
                room: most.saturating_sub(promised).min(fit),
                windows: group.iter().map(|&(_, window)| window).collect(),
                standing: promised,
                step_s,
            });
            for &(_, window) in group {
                self.of_window[window as usize].push(number);
            }
        }
    }

    /// Most gigs that can be done one after another in a window.
    fn fit(&self, problem: &Problem, window: usize) -> u32 {
        let span = problem.windows.span[window];
        let one_after_another = (span.end - span.start) / self.shortest_s.max(1);
        u32::try_from(one_after_another).unwrap_or(u32::MAX).min(problem.gig_count() as u32)
    }

    /// Raises a plan's bounds by what windows that count twice could hide: without all that is done in them, any plan that keeps
    /// the caps keeps them here as well, and no gig is worth more than the heaviest.
    pub(super) fn allow_for_midnight(&self, problem: &Problem, plan: &mut Plan) {
        if problem.divided.is_some() && !self.twice.is_empty() {
            // What could be done in a window is not known here.
            (plan.bound, plan.bound_weight) = (stitch::trivial(problem), problem.total_weight());
            return;
        }
        let mut windows = self.twice.clone();
        windows.sort_unstable();
        windows.dedup();
        let in_window = |window: u32| {
            let volunteer = problem.windows.volunteer[window as usize] as usize;
            let span = problem.windows.span[window as usize];
            let days = problem.day_of(span.end - 1) - problem.day_of(span.start) + 1;
            let gigs: usize = days * problem.volunteers.max_gigs_day[volunteer] as usize;
            gigs.min(problem.edges.of_window.range(window as usize).len()) as u64
        };
        let hidden: u64 = windows.into_iter().map(in_window).sum();
        if hidden == 0 {
            return;
        }
        let heaviest = (0..problem.gig_count()).map(|gig| problem.weight(gig)).max().unwrap_or(0);
        let bonus = problem.edges.bonus.iter().copied().max().unwrap_or(0).max(0);
        let worth = i64::from(heaviest) * WEIGHT_POINTS + 2 * i64::from(bonus);
        plan.bound = plan.bound.saturating_add(worth.saturating_mul(i64::try_from(hidden).unwrap_or(i64::MAX)));
        plan.bound_weight = plan.bound_weight.saturating_add(u64::from(heaviest) * hidden).min(problem.total_weight());
        if plan.status == Status::Optimal {
            plan.status = Status::Gap;
        }
    }
}

#[cfg(test)]
#[path = "caps_tests.rs"]
mod tests;
