//! Plans that can still be part of something better, by window.

use super::{parts::Parts, pricing::Found, trips::Trips};

/// Numbers of plans with what each loses against the best of its window at the prices of the proof; by window, the least loss first.
#[derive(Debug, Clone, Default)]
pub(super) struct Live {
    of_window: Vec<Vec<u32>>,
    losses: Vec<Vec<i64>>,
}

impl Live {
    /// Exactly these, which come window by window; they are added to the known ones. `best` are the (scaled) gains of the best plans.
    pub(super) fn new(parts: &Parts<'_>, mut found: Vec<Found>, best: &[i64], trips: &mut Trips) -> Self {
        let windows = parts.problem.windows.len();
        let mut live = Self { of_window: vec![Vec::new(); windows], losses: vec![Vec::new(); windows] };
        for own in found.chunk_by_mut(|a, b| a.window == b.window) {
            let window = own[0].window as usize;
            own.sort_by(|a, b| b.gain.cmp(&a.gain).then_with(|| a.tickets.cmp(&b.tickets)));
            live.of_window[window] = trips.add_all(parts, window, own);
            live.losses[window] = own.iter().map(|plan| best[window] - plan.gain).collect();
        }
        live
    }

    /// The plans of one window.
    pub(super) fn of_window(&self, window: usize) -> &[u32] {
        &self.of_window[window]
    }

    /// The plans of all windows.
    pub(super) fn all(&self) -> impl Iterator<Item = u32> {
        self.of_window.iter().flatten().copied()
    }

    /// Keeps the plans that lose no more than this (scaled).
    pub(super) fn narrow(&mut self, slack: i64) {
        for (plans, losses) in self.of_window.iter_mut().zip(&mut self.losses) {
            let kept = losses.partition_point(|&loss| loss <= slack);
            plans.truncate(kept);
            losses.truncate(kept);
        }
    }
}
