//! An assignment (kiinnitys): a slot taken by a volunteer. Accepted, it is a promise to the seeker.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{AssignmentId, GigId, NetworkId, VolunteerId};
use crate::text::Name;
use crate::window::TimeWindow;

/// Where an assignment is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentState {
    /// Taken, waiting for the other helper of the same gig; no promise to the seeker yet.
    Held,
    /// A promise: every slot of the gig is taken.
    Accepted,
    /// The helper began.
    Started,
    /// Done.
    Completed,
    /// Given back, or the gig was cancelled.
    Released,
}

impl AssignmentState {
    /// The state as stored and shown.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Accepted => "accepted",
            Self::Started => "started",
            Self::Completed => "completed",
            Self::Released => "released",
        }
    }

    /// Whether it takes up the volunteer's time.
    #[must_use]
    pub fn is_active(self) -> bool {
        matches!(self, Self::Held | Self::Accepted | Self::Started)
    }

    /// Whether it counts against the caps of its day and week.
    #[must_use]
    pub fn counts(self) -> bool {
        self != Self::Released
    }
}

/// The way a slot was filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimSource {
    /// By a coordinator or agent from a quote.
    Quote,
    /// By accepting an offer.
    Offer,
    /// By the volunteer from the board.
    Board,
    /// By applying a plan.
    Plan,
}

/// A slot taken by a volunteer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The network it belongs to.
    pub network: NetworkId,
    /// Its identifier.
    pub id: AssignmentId,
    /// The gig.
    pub gig: GigId,
    /// Which slot of the gig, from 0.
    pub slot: u8,
    /// Who helps.
    pub volunteer: VolunteerId,
    /// From the start to the end of the gig.
    pub span: TimeWindow,
    /// Where it is in its life.
    pub state: AssignmentState,
    /// How the slot was filled.
    pub source: ClaimSource,
    /// When the seeker was told, if so: such a promise is dearer to move.
    #[serde(default)]
    pub told_time: Option<Timestamp>,
    /// Why it was released, in task words.
    #[serde(default)]
    pub release_reason: Option<Name>,
    /// It was given back by the volunteer, or for them: they are not asked for this gig again.
    #[serde(default)]
    pub is_given_back: bool,
    /// When it was made.
    pub create_time: Timestamp,
    /// When it last changed.
    pub update_time: Timestamp,
}
