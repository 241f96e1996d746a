//! An offer (tarjous): a lease on a slot for one volunteer, who may accept, decline or let it lapse.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{GigId, NetworkId, OfferId, VolunteerId};
use crate::meta::Meta;

/// Where an offer is in its life. Sending and delivery are added with the delivery worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    /// Made, no answer yet.
    Pending,
    /// The volunteer said yes.
    Accepted,
    /// The volunteer said no.
    Declined,
    /// The lease ran out.
    Expired,
    /// Taken back, or the gig was filled otherwise.
    Withdrawn,
}

impl OfferState {
    /// The state as stored and shown.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Why a volunteer declined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    /// Not this time.
    NotThisTime,
    /// Not at this hour.
    OtherHour,
    /// Too far.
    TooFar,
    /// Not this kind.
    NotThisKind,
    /// Away for some time.
    Away,
    /// Asked too often.
    TooOften,
    /// Not this person: private.
    NotThisPerson,
}

/// A lease on a slot for one volunteer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The network it belongs to.
    pub network: NetworkId,
    /// Its identifier.
    pub id: OfferId,
    /// The gig.
    pub gig: GigId,
    /// Which slot of the gig, from 0.
    pub slot: u8,
    /// Who is asked.
    pub volunteer: VolunteerId,
    /// The start that is offered.
    pub start: Timestamp,
    /// When the lease runs out.
    pub expire_time: Timestamp,
    /// Where it is in its life.
    pub state: OfferState,
    /// Why it was declined.
    #[serde(default)]
    pub decline_reason: Option<DeclineReason>,
    /// Version and times.
    pub meta: Meta,
}
