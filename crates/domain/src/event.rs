//! What happened: one row for each change, with actor and reason, in the same transaction as the change.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{EventId, NetworkId, PrincipalId};

/// What kind of thing happened. Its [`code`](EventKind::code) is the stable name for subscribers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A resource of the registry or a gig was created.
    Created,
    /// A resource was changed.
    Updated,
    /// A resource was deleted.
    Deleted,
    /// A file was imported.
    Imported,
    /// A volunteer was paused, suspended or reinstated.
    StandingChanged,
    /// A gig's slot was taken and waits for the other helper.
    SlotHeld,
    /// A gig was filled: the promise stands.
    GigFilled,
    /// A helper was released and the gig is open again.
    GigReopened,
    /// The helpers began.
    GigStarted,
    /// The gig was completed.
    GigCompleted,
    /// The gig was cancelled.
    GigCancelled,
    /// The gig's last window closed unfilled.
    GigUnmet,
    /// An offer was made.
    OfferMade,
    /// An offer was declined, expired or withdrawn.
    OfferEnded,
    /// A yes was taken back within its minutes of grace.
    OfferUndone,
    /// The other helper of a gig for two was not found in time, and who waited is free again.
    HoldReleased,
    /// Another helper or another start than was promised.
    GigMoved,
    /// Offers go out for a gig by themselves.
    AskingStarted,
    /// Nobody is left to ask: a person must decide what next.
    AskingExhausted,
    /// The asking was stopped.
    AskingStopped,
    /// A plan was made.
    PlanReady,
    /// A plan was applied.
    PlanApplied,
    /// A plan was discarded.
    PlanDiscarded,
    /// A message was given up and lies with the dead letters.
    NotificationParked,
}

impl EventKind {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::Created,
        Self::Updated,
        Self::Deleted,
        Self::Imported,
        Self::StandingChanged,
        Self::SlotHeld,
        Self::GigFilled,
        Self::GigReopened,
        Self::GigStarted,
        Self::GigCompleted,
        Self::GigCancelled,
        Self::GigUnmet,
        Self::OfferMade,
        Self::OfferEnded,
        Self::OfferUndone,
        Self::HoldReleased,
        Self::GigMoved,
        Self::AskingStarted,
        Self::AskingExhausted,
        Self::AskingStopped,
        Self::PlanReady,
        Self::PlanApplied,
        Self::PlanDiscarded,
        Self::NotificationParked,
    ];

    /// The kind of a [`code`](EventKind::code).
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The stable name: `gig_filled`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
            Self::Imported => "imported",
            Self::StandingChanged => "standing_changed",
            Self::SlotHeld => "slot_held",
            Self::GigFilled => "gig_filled",
            Self::GigReopened => "gig_reopened",
            Self::GigStarted => "gig_started",
            Self::GigCompleted => "gig_completed",
            Self::GigCancelled => "gig_cancelled",
            Self::GigUnmet => "gig_unmet",
            Self::OfferMade => "offer_made",
            Self::OfferEnded => "offer_ended",
            Self::OfferUndone => "offer_undone",
            Self::HoldReleased => "hold_released",
            Self::GigMoved => "gig_moved",
            Self::AskingStarted => "asking_started",
            Self::AskingExhausted => "asking_exhausted",
            Self::AskingStopped => "asking_stopped",
            Self::PlanReady => "plan_ready",
            Self::PlanApplied => "plan_applied",
            Self::PlanDiscarded => "plan_discarded",
            Self::NotificationParked => "notification_parked",
        }
    }

    /// Whether somebody is to be told: such an event leaves an outbox row in the same transaction.
    #[must_use]
    pub fn notifies(self) -> bool {
        matches!(
            self,
            Self::GigFilled
                | Self::GigReopened
                | Self::GigCancelled
                | Self::GigUnmet
                | Self::OfferMade
                | Self::OfferEnded
                | Self::OfferUndone
                | Self::SlotHeld
                | Self::HoldReleased
                | Self::GigMoved
                | Self::GigCompleted
                | Self::AskingStarted
                | Self::AskingExhausted
        )
    }
}

/// One thing that happened. It names resources by id only: no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The network it happened in.
    pub network: NetworkId,
    /// Its identifier (UUIDv7: sorts by time).
    pub id: EventId,
    /// What kind of thing happened.
    pub kind: EventKind,
    /// What it happened to, as a resource name below the network: `gigs/g1`.
    pub subject: String,
    /// Who did it.
    pub actor: PrincipalId,
    /// Why, in task words; empty when the action says it all.
    pub reason: String,
    /// When.
    pub time: Timestamp,
    /// Ids and values that matter to subscribers: `volunteer`, `from`, `to`.
    pub data: std::collections::BTreeMap<String, String>,
}

#[cfg(test)]
mod tests {
    use super::EventKind;

    #[test]
    fn a_code_is_how_a_kind_is_stored_and_found_again() {
        for kind in EventKind::ALL {
            assert_eq!(serde_json::to_value(kind).expect("a code"), kind.code());
            assert_eq!(EventKind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(EventKind::from_code("gig_vanished"), None);
    }
}
