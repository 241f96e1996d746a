//! What every window could hold, ready to be picked from: one item per ticket, and the distances between all places.

use super::{distances::Distances, tickets::Tickets};
use crate::{problem::Problem, tour::Round};

/// All menus.
pub(super) struct Menus {
    of_window: Vec<Round>,
    distances: Distances,
}

impl Menus {
    /// The menus of all windows.
    pub(super) fn new(problem: &Problem) -> Self {
        let of_window = (0..problem.windows.len()).map(|window| Round::menu(problem, window)).collect();
        Self { of_window, distances: Distances::new(problem) }
    }

    /// The same without a table of distances, for few questions.
    pub(super) fn lean(problem: &Problem) -> Self {
        let of_window = (0..problem.windows.len()).map(|window| Round::menu(problem, window)).collect();
        Self { of_window, distances: Distances::none() }
    }

    /// The menu of one window: promised items, then one item per ticket of the window.
    pub(super) fn of(&self, window: usize) -> &Round {
        &self.of_window[window]
    }

    /// Whether every ticket of a window is on its menu.
    pub(super) fn is_whole(&self, tickets: &Tickets, window: usize) -> bool {
        let menu = self.of(window);
        menu.items.len() - menu.promised == tickets.of_window.range(window).len()
    }

    /// Least travel of the promised items and these tickets beyond that of the promised ones alone; `None` if it cannot be done.
    pub(super) fn extra_s(&self, problem: &Problem, tickets: &Tickets, window: usize, picked: &[u32]) -> Option<i64> {
        let round = self.pick(problem, tickets, window, picked);
        let items: Vec<u16> = (round.promised as u16..round.items.len() as u16).collect();
        round.best_order(&items).map(|tour| tour.travel_s - round.promised_travel_s)
    }

    /// The promised items of a window and these tickets, in this order.
    pub(super) fn pick(&self, problem: &Problem, tickets: &Tickets, window: usize, picked: &[u32]) -> Round {
        let menu = self.of(window);
        let first = tickets.of_window.range(window).start;
        let volunteer = problem.windows.volunteer[window] as usize;
        let items: Vec<u16> = picked.iter().map(|&ticket| (ticket as usize - first + menu.promised) as u16).collect();
        menu.pick(&items, |from, to| {
            let is_way = !problem.is_call(from) && !problem.is_call(to);
            if is_way { self.distances.leg_s(problem, volunteer, from, to) } else { 0 }
        })
    }
}
