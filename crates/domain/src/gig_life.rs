//! A gig's life as explicit transitions: which action is legal in which state, and where it leads.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a gig is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GigState {
    /// Asked for, not yet promised.
    Open,
    /// Offers are out.
    Offered,
    /// Every slot is taken: a promise to the seeker.
    Filled,
    /// The helpers are there.
    InProgress,
    /// Done.
    Completed,
    /// Called off.
    Cancelled,
    /// Its last window closed unfilled.
    Unmet,
}

impl GigState {
    /// The state as stored and shown: `open`, `in_progress`, ...
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Offered => "offered",
            Self::Filled => "filled",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Unmet => "unmet",
        }
    }

    /// Whether helpers are still being looked for.
    #[must_use]
    pub fn wants_helpers(self) -> bool {
        matches!(self, Self::Open | Self::Offered)
    }

    /// Whether nothing can happen any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled | Self::Unmet)
    }
}

impl fmt::Display for GigState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What is done to a gig.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GigAction {
    /// Send the first offer.
    Offer,
    /// The last offer lapsed, was declined or withdrawn.
    OffersEnded,
    /// The last free slot was taken.
    Fill,
    /// A helper of a filled gig was released.
    Release,
    /// The helpers began.
    Start,
    /// The helpers finished.
    Complete,
    /// The seeker or a coordinator called it off.
    Cancel,
    /// The last window closed unfilled.
    Close,
}

/// An action that is not legal in the gig's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cannot {action:?} a gig that is {from}")]
pub struct IllegalTransition {
    /// The state the gig is in.
    pub from: GigState,
    /// The action tried.
    pub action: GigAction,
}

impl GigState {
    /// The state that an action leads to.
    ///
    /// # Errors
    /// [`IllegalTransition`] if the action is not legal in this state.
    pub fn after(self, action: GigAction) -> Result<Self, IllegalTransition> {
        use GigAction as A;
        use GigState as S;
        match (self, action) {
            (S::Open | S::Offered, A::Offer) => Ok(S::Offered),
            (S::Offered, A::OffersEnded) | (S::Filled, A::Release) => Ok(S::Open),
            (S::Open | S::Offered, A::Fill) => Ok(S::Filled),
            (S::Filled, A::Start) => Ok(S::InProgress),
            (S::InProgress, A::Complete) => Ok(S::Completed),
            (S::Open | S::Offered | S::Filled | S::InProgress, A::Cancel) => Ok(S::Cancelled),
            (S::Open | S::Offered, A::Close) => Ok(S::Unmet),
            (from, action) => Err(IllegalTransition { from, action }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [GigState; 7] = [
        GigState::Open,
        GigState::Offered,
        GigState::Filled,
        GigState::InProgress,
        GigState::Completed,
        GigState::Cancelled,
        GigState::Unmet,
    ];
    const ACTIONS: [GigAction; 8] = [
        GigAction::Offer,
        GigAction::OffersEnded,
        GigAction::Fill,
        GigAction::Release,
        GigAction::Start,
        GigAction::Complete,
        GigAction::Cancel,
        GigAction::Close,
    ];

    #[test]
    fn the_usual_life_runs_to_completion() {
        let life = [GigAction::Offer, GigAction::Fill, GigAction::Start, GigAction::Complete];
        let end = life.iter().try_fold(GigState::Open, |state, action| state.after(*action));
        assert_eq!(end, Ok(GigState::Completed));
    }

    #[test]
    fn a_released_gig_is_open_again() {
        assert_eq!(GigState::Filled.after(GigAction::Release), Ok(GigState::Open));
    }

    #[test]
    fn nothing_happens_after_the_end() {
        for state in STATES.into_iter().filter(|state| state.is_final()) {
            for action in ACTIONS {
                assert!(state.after(action).is_err(), "{state} {action:?}");
            }
        }
    }

    #[test]
    fn exactly_the_listed_transitions_are_legal() {
        let legal = STATES.iter().flat_map(|s| ACTIONS.iter().map(move |a| s.after(*a))).filter(Result::is_ok).count();
        assert_eq!(legal, 14);
    }
}
