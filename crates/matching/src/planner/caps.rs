//! Day and week caps as the planner sees them: groups of one volunteer's windows that share a number of gigs.
//!
//! A window that crosses midnight counts in full towards both days (and weeks) it touches: the planner does not know
//! on which side a gig will start, and must not break a cap. The same goes for what a fair share of the week costs.

use super::parts::SCALE;
use crate::problem::Problem;

/// Windows that share a cap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cap {
    /// Gigs that may still be added.
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
}

impl Caps {
    /// The caps of all volunteers, less what they have been promised for.
    pub(super) fn new(problem: &Problem) -> Self {
        let mut caps = Self { of_window: vec![Vec::new(); problem.windows.len()], ..Self::default() };
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
            touched.extend((period(span.start)..=period(span.end - 1)).map(|number| (number, window as u32)));
        }
        touched.sort_unstable();
        for group in touched.chunk_by(|a, b| a.0 == b.0) {
            let promised =
                problem.standing_schedule(volunteer).iter().filter(|stop| period(stop.start) == group[0].0).count()
                    as u32;
            let number = self.all.len() as u32;
            self.all.push(Cap {
                room: most.saturating_sub(promised),
                windows: group.iter().map(|&(_, window)| window).collect(),
                standing: promised,
                step_s,
            });
            for &(_, window) in group {
                self.of_window[window as usize].push(number);
            }
        }
    }
}
