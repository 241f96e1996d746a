//! What this crate asks of others: to be told of receipts, and to act on answers. The server joins them to `dispatch`.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use domain::offer::Decline;
use domain::{NetworkId, OfferId, Timestamp, VolunteerId};

/// Work that a port does.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Who hears how far the message with an offer has come. A failure is logged and changes nothing here: a receipt may be told again.
pub trait OfferReceipts: Send + Sync + fmt::Debug {
    /// It was handed to a provider.
    fn sent<'a>(
        &'a self,
        network: &'a NetworkId,
        offer: &'a OfferId,
        now: Timestamp,
    ) -> Doing<'a, Result<(), PortError>>;
    /// The provider says it arrived.
    fn delivered<'a>(
        &'a self,
        network: &'a NetworkId,
        offer: &'a OfferId,
        now: Timestamp,
    ) -> Doing<'a, Result<(), PortError>>;
    /// It will not be sent, or could not: nobody was asked. By default nothing is done, and the lease runs out.
    fn unsent<'a>(
        &'a self,
        _network: &'a NetworkId,
        _offer: &'a OfferId,
        _why: &'a str,
        _now: Timestamp,
    ) -> Doing<'a, Result<(), PortError>> {
        Box::pin(async { Ok(()) })
    }
}

/// Nobody hears.
#[derive(Debug, Clone, Copy)]
pub struct NoReceipts;

impl OfferReceipts for NoReceipts {
    fn sent<'a>(&'a self, _: &'a NetworkId, _: &'a OfferId, _: Timestamp) -> Doing<'a, Result<(), PortError>> {
        Box::pin(async { Ok(()) })
    }

    fn delivered<'a>(&'a self, _: &'a NetworkId, _: &'a OfferId, _: Timestamp) -> Doing<'a, Result<(), PortError>> {
        Box::pin(async { Ok(()) })
    }
}

/// An answer to an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Yes,
    /// No, with what it says. To a yes that can still be taken back, it takes that back first.
    No(Decline),
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The yes stands; a confirmation follows, or word that the second helper is looked for.
    Accepted,
    /// The no is noted.
    Declined,
    /// Somebody else was first.
    AlreadyFilled,
    /// The offer does not hold any more.
    Ended,
    /// The volunteer cannot take the gig as things stand.
    NotAble,
    /// A no to a yes that can no longer be taken back: the promise stands.
    TooLate,
    /// A day or an hour that cannot be: nothing changed.
    Invalid,
}

impl Outcome {
    /// Whether the question is answered: its link has been used then.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Accepted | Self::Declined | Self::AlreadyFilled | Self::Ended)
    }
}

/// Who acts on answers: the same verb as everywhere, safe to repeat.
pub trait OfferAnswers: Send + Sync + fmt::Debug {
    /// Acts on an answer.
    fn answer<'a>(
        &'a self,
        network: &'a NetworkId,
        offer: &'a OfferId,
        volunteer: &'a VolunteerId,
        answer: Answer,
        now: Timestamp,
    ) -> Doing<'a, Result<Outcome, PortError>>;
}

/// A port failed: the same call may be repeated.
#[derive(Debug, thiserror::Error)]
#[error("what a message changes elsewhere could not be written")]
pub struct PortError(#[source] pub Box<dyn std::error::Error + Send + Sync>);
