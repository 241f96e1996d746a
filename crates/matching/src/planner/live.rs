//! Plans that can still be part of something better, by window.

use super::{parts::Parts, pricing::Found, trips::Trips};

/// Numbers of plans, by window.
#[derive(Debug, Clone, Default)]
pub(super) struct Live {
    first_of_window: Vec<u32>,
    trips: Vec<u32>,
}

impl Live {
    /// Exactly these, which come window by window; they are added to the known ones.
    pub(super) fn new(parts: &Parts<'_>, found: Vec<Found>, trips: &mut Trips) -> Self {
        let mut live = Self { first_of_window: vec![0], trips: Vec::with_capacity(found.len()) };
        let mut found = found.into_iter().peekable();
        for window in 0..parts.problem.windows.len() {
            while let Some(plan) = found.next_if(|plan| plan.window as usize == window) {
                live.trips.push(trips.add(parts, window, &plan.tickets, plan.extra_s) as u32);
            }
            live.first_of_window.push(live.trips.len() as u32);
        }
        live
    }

    /// The plans of one window.
    pub(super) fn of_window(&self, window: usize) -> &[u32] {
        &self.trips[self.first_of_window[window] as usize..self.first_of_window[window + 1] as usize]
    }
}
