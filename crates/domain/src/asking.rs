//! The asking for one gig: offers go out by themselves, a few at a time, until it is filled or nobody is left to ask.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{AssociationId, GigId, NetworkId};
use crate::meta::Meta;

/// How the people to ask are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskingPolicy {
    /// A set amount of expected yeses is kept outstanding; more as the deadline comes near.
    #[default]
    Paced,
    /// Two at a time, with a pause after each two.
    WavesOfTwo,
}

impl AskingPolicy {
    /// The policy as stored and shown.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Paced => "paced",
            Self::WavesOfTwo => "waves_of_two",
        }
    }
}

/// Where an asking is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskingState {
    /// Offers go out.
    Running,
    /// Nobody is left to ask, or the deadline has passed: a person must decide what next.
    Exhausted,
    /// The gig is filled, or wants nobody any more. It goes on if a helper drops out.
    Over,
    /// A coordinator stopped it.
    Stopped,
}

impl AskingState {
    /// The state as stored and shown.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Exhausted => "exhausted",
            Self::Over => "over",
            Self::Stopped => "stopped",
        }
    }
}

/// What a coordinator could do when nobody is left to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suggestion {
    /// Ask people who live farther away.
    WiderRadius,
    /// Agree on another time with the seeker.
    OtherTime,
    /// Ring the association's coordinator.
    AssociationCoordinator,
}

impl Suggestion {
    /// The suggestion as stored and shown.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::WiderRadius => "wider_radius",
            Self::OtherTime => "other_time",
            Self::AssociationCoordinator => "association_coordinator",
        }
    }
}

/// The asking for one gig. Its identifier is the gig's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asking {
    /// The network it belongs to.
    pub network: NetworkId,
    /// The gig.
    pub id: GigId,
    /// The association whose coordinator began it: only its volunteers are asked. None where the city asks everybody.
    #[serde(default)]
    pub association: Option<AssociationId>,
    /// How people are chosen.
    pub policy: AskingPolicy,
    /// The start that is offered.
    pub start: Timestamp,
    /// When the search for a helper at this start began, the last time; none in rows made before it was kept.
    #[serde(default)]
    pub begun_time: Option<Timestamp>,
    /// When a yes must be in; after it people ring around.
    pub deadline: Timestamp,
    /// Waves sent so far.
    pub waves: u32,
    /// When it is looked at next.
    pub next_time: Timestamp,
    /// Where it is.
    pub state: AskingState,
    /// What could be done, once exhausted.
    #[serde(default)]
    pub suggestion: Option<Suggestion>,
    /// Version and times.
    pub meta: Meta,
}

impl Asking {
    /// When the search that is going on began.
    #[must_use]
    pub fn begun(&self) -> Timestamp {
        self.begun_time.unwrap_or(self.meta.create_time)
    }
}
