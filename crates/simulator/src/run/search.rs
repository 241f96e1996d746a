//! The search for one gig's helper in the course of a run.

use matching::offer_policy::{Asked, Features};

/// Where a search stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum State {
    #[default]
    Ahead,
    Open,
    Filled,
    Unmet,
}

/// A search.
#[derive(Debug, Clone, Default)]
pub(super) struct Search {
    pub(super) state: State,
    pub(super) asked: Vec<Ask>,
    pub(super) next_look_s: Option<i64>,
}

/// One who was, or is to be, asked.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) volunteer: usize,
    pub(super) travel_min: f64,
    pub(super) at_s: i64,
    pub(super) is_silent: bool,
    /// What the policy knew and told; of ours only.
    pub(super) features: Features,
    pub(super) yes: f64,
}

impl Ask {
    pub(super) fn plain(volunteer: usize, travel_min: f64, at_s: i64) -> Self {
        Self { volunteer, travel_min, at_s, is_silent: true, features: Features::default(), yes: 0.0 }
    }

    pub(super) fn seen(&self) -> Asked {
        Asked { volunteer: self.volunteer, asked_s: self.at_s, yes: self.yes, is_silent: self.is_silent }
    }
}
