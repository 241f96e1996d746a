//! An offer (tarjous): a lease on a slot for one volunteer, who may accept, decline or let it lapse.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::contact::{Channel, ContactPreferences};
use crate::id::{GigId, KindId, NetworkId, OfferId, VolunteerId};
use crate::meta::Meta;

/// How long a yes can be taken back without any consequence.
pub const UNDO_WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// How often the yes to one offer can be taken back: each time others hear of it.
pub const UNDOS_MAX: u8 = 3;

/// Where an offer is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    /// Made, not yet handed to anybody.
    Pending,
    /// Handed to the provider of a channel.
    Sent,
    /// The provider says it has arrived.
    Delivered,
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
    /// All states, in the order of a life.
    pub const ALL: [Self; 7] =
        [Self::Pending, Self::Sent, Self::Delivered, Self::Accepted, Self::Declined, Self::Expired, Self::Withdrawn];
    /// The states in which an answer is awaited.
    pub const OPEN: [Self; 3] = [Self::Pending, Self::Sent, Self::Delivered];

    /// The state as stored and shown.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether an answer is awaited.
    #[must_use]
    pub fn is_open(self) -> bool {
        Self::OPEN.contains(&self)
    }
}

/// Why a volunteer declined, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

/// A no with what it says. Each has its own consequence, and nothing beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decline {
    /// Not this time: nothing follows but that this gig is not asked for again.
    NotThisTime,
    /// Not at this hour, but then: the volunteer counts as available for this gig from that start.
    OtherHour {
        /// The start that would suit; none if the volunteer did not say.
        start: Option<Timestamp>,
    },
    /// Too far: for some months no offer goes out with a way this long or longer.
    TooFar,
    /// Not this kind: it is not asked for again for some weeks.
    NotThisKind {
        /// Never again: the kind is taken from those the volunteer accepts.
        drop: bool,
    },
    /// Away until a day: a pause from today to the day before.
    Away {
        /// The first day back.
        back: Date,
    },
    /// Asked too often: the weekly budget is halved.
    TooOften,
    /// Not this person: a block that nobody else is shown.
    NotThisPerson,
}

impl Decline {
    /// The reason in one word.
    #[must_use]
    pub fn reason(self) -> DeclineReason {
        match self {
            Self::NotThisTime => DeclineReason::NotThisTime,
            Self::OtherHour { .. } => DeclineReason::OtherHour,
            Self::TooFar => DeclineReason::TooFar,
            Self::NotThisKind { .. } => DeclineReason::NotThisKind,
            Self::Away { .. } => DeclineReason::Away,
            Self::TooOften => DeclineReason::TooOften,
            Self::NotThisPerson => DeclineReason::NotThisPerson,
        }
    }
}

/// What was known of a volunteer when they were asked, and what was expected: the acceptance model learns from it when the answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectation {
    /// The chance of a yes, in millionths.
    pub yes_ppm: u32,
    /// The chance with which the policy chose them, in millionths; a million where a person chose.
    pub propensity_ppm: u32,
    /// How often they had been asked about this kind.
    pub kind_asked: u32,
    /// How often they had said yes to it.
    pub kind_accepted: u32,
    /// How often they had been asked in the 7 days before.
    pub asked_in_week: u32,
    /// Days since their last gig; none if they had none.
    pub days_since_gig: Option<u32>,
    /// Whether they had helped this seeker.
    pub knows_seeker: bool,
    /// The channel they read first.
    pub channel: Option<Channel>,
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
    /// The gig's kind; none in offers made before it was kept.
    #[serde(default)]
    pub kind: Option<KindId>,
    /// Which slot of the gig, from 0.
    pub slot: u8,
    /// Who is asked.
    pub volunteer: VolunteerId,
    /// The start that is offered.
    pub start: Timestamp,
    /// When the lease runs out.
    pub expire_time: Timestamp,
    /// In which wave of the asking it was made, from 1; 0 if a coordinator made it or the volunteer stood by.
    #[serde(default)]
    pub wave: u32,
    /// The way from home when it was made, in seconds.
    #[serde(default)]
    pub travel_s: u32,
    /// What was expected; none where nobody asked on purpose.
    #[serde(default)]
    pub expectation: Option<Expectation>,
    /// Where it is in its life.
    pub state: OfferState,
    /// When it was handed to a provider.
    #[serde(default)]
    pub sent_time: Option<Timestamp>,
    /// When the provider said it had arrived.
    #[serde(default)]
    pub delivered_time: Option<Timestamp>,
    /// When the volunteer answered.
    #[serde(default)]
    pub answer_time: Option<Timestamp>,
    /// Why it was declined.
    #[serde(default)]
    pub decline_reason: Option<DeclineReason>,
    /// The start that would suit instead.
    #[serde(default)]
    pub other_start: Option<Timestamp>,
    /// The volunteer came too late and stands by: asked first if a helper drops out.
    #[serde(default)]
    pub stands_by: bool,
    /// The volunteer stood by, and so wished to be asked: it is no ask of their weekly budget.
    #[serde(default)]
    pub is_invited: bool,
    /// How often its yes was taken back.
    #[serde(default)]
    pub undone: u8,
    /// Version and times.
    pub meta: Meta,
}

impl Offer {
    /// Whether the volunteer may have read it: only then is there anything to take back.
    #[must_use]
    pub fn was_told(&self) -> bool {
        self.sent_time.is_some() || self.delivered_time.is_some()
    }

    /// When it counts as an ask, if it does: when its message came, or will come as things stand. One that the volunteer wished for does
    /// not, nor one that was taken back before anything was sent.
    #[must_use]
    pub fn ask_time(&self, contact: &ContactPreferences) -> Option<Timestamp> {
        let counts = !self.is_invited && (self.was_told() || self.state != OfferState::Withdrawn);
        counts.then(|| self.sent_time.unwrap_or_else(|| contact.next_message_time(self.meta.create_time)))
    }

    /// Whether a yes given then can be taken back now without consequence.
    #[must_use]
    pub fn may_undo(&self, now: Timestamp) -> bool {
        self.undo_until().is_some_and(|until| now <= until)
    }

    /// Until when the yes can be taken back, if it is one that can be.
    #[must_use]
    pub fn undo_until(&self) -> Option<Timestamp> {
        let can = self.state == OfferState::Accepted && self.undone < UNDOS_MAX;
        self.answer_time.filter(|_| can).map(|at| at + UNDO_WINDOW)
    }
}

#[cfg(test)]
mod tests {
    use super::OfferState;

    #[test]
    fn a_code_names_one_state() {
        let mut codes: Vec<&str> = OfferState::ALL.iter().map(|state| state.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), OfferState::ALL.len());
        assert!(OfferState::ALL.iter().filter(|state| state.is_open()).count() == OfferState::OPEN.len());
    }
}
