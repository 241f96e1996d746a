//! What messages change about offers, joined to the use cases on gigs: receipts, and answers that come back by text message or link.

use dispatch::{Dispatch, Error};
use domain::{NetworkId, OfferId, Principal, PrincipalId, Reason, Role, Scope, Timestamp, VolunteerId, WriteContext};
use notification::ports::{Answer, Doing, OfferAnswers, OfferReceipts, Outcome, PortError};

/// The use cases on offers, for messages.
#[derive(Debug, Clone)]
pub(crate) struct Offers {
    dispatch: Dispatch,
}

impl Offers {
    pub(crate) fn new(dispatch: Dispatch) -> Self {
        Self { dispatch }
    }

    /// Tells a volunteer's answer once. A no to a yes that may still be taken back takes it back first.
    async fn tell(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        offer: &OfferId,
        answer: Answer,
    ) -> Result<Outcome, Error> {
        let Answer::No(no) = answer else {
            let done = self.dispatch.accept_offer(ctx, network, offer).await;
            return done.map(|_| Outcome::Accepted).or_else(|error| refused(error, "accepted", Outcome::Accepted));
        };
        let done = self.dispatch.decline_offer(ctx, network, offer, no).await;
        let Err(error) = done else { return Ok(Outcome::Declined) };
        if !is_ended(&error, "accepted") {
            return refused(error, "declined", Outcome::Declined);
        }
        match self.dispatch.undo_offer(ctx, network, offer).await {
            Ok(_) => {}
            Err(Error::Refused(refusal)) if refusal.reason == Reason::UndoTooLate => return Ok(Outcome::TooLate),
            Err(error) => return refused(error, "declined", Outcome::Declined),
        }
        // Where the lease has run out meanwhile, nothing is left to decline.
        match self.dispatch.decline_offer(ctx, network, offer, no).await {
            Err(Error::Store(error)) => Err(Error::Store(error)),
            _ => Ok(Outcome::Declined),
        }
    }
}

/// How often an answer is told while others at work are in its way.
const TRIES: usize = 5;

fn is_ended(error: &Error, state: &str) -> bool {
    let Error::Refused(refusal) = error else { return false };
    refusal.reason == Reason::OfferEnded && refusal.metadata.get("state").is_some_and(|known| known == state)
}

/// What a refusal means for the one who answered. The same answer again is no other answer.
fn refused(error: Error, same: &str, outcome: Outcome) -> Result<Outcome, Error> {
    if is_ended(&error, same) {
        return Ok(outcome);
    }
    let Error::Refused(refusal) = error else { return Err(error) };
    let is_late = refusal.metadata.get("filled").is_some_and(|filled| filled == "true");
    match refusal.reason {
        Reason::OfferEnded if is_late => Ok(Outcome::AlreadyFilled),
        Reason::SlotTaken => Ok(Outcome::AlreadyFilled),
        Reason::VolunteerNotAble | Reason::VolunteerBooked => Ok(Outcome::NotAble),
        Reason::FieldsInvalid => Ok(Outcome::Invalid),
        Reason::OfferEnded
        | Reason::ResourceNotFound
        | Reason::StartNotAllowed
        | Reason::GigStateIllegal
        | Reason::AssignmentStateIllegal => Ok(Outcome::Ended),
        _ => Err(Error::Refused(refusal)),
    }
}

/// Whether the same call may go well a moment later: somebody else was at work on the same rows.
pub(crate) fn may_repeat(error: &Error) -> bool {
    match error {
        Error::Store(error) => error.is_transient(),
        Error::Refused(refusal) => refusal.reason == Reason::EtagMismatch,
    }
}

/// A write by the house itself, as the delivery of messages.
fn house(now: Timestamp) -> WriteContext {
    let principal = Principal {
        id: PrincipalId::new("delivery").expect("a valid id"),
        role: Role::Ops,
        network: None,
        association: None,
        volunteer: None,
    };
    context(principal, "tell of a message", now)
}

/// A write by the volunteer whom a link or a code was given to.
pub(crate) fn volunteer(network: &NetworkId, id: &VolunteerId, now: Timestamp) -> WriteContext {
    let principal = Principal {
        id: PrincipalId::new("reply").expect("a valid id"),
        role: Role::Volunteer,
        network: Some(network.clone()),
        association: None,
        volunteer: Some(id.clone()),
    };
    context(principal, "answer an offer", now)
}

fn context(principal: Principal, purpose: &'static str, now: Timestamp) -> WriteContext {
    WriteContext {
        scope: Scope::granted(principal, purpose),
        now,
        method: "reply",
        request: None,
        validate_only: false,
        read_version: None,
    }
}

fn port(error: Error) -> PortError {
    PortError(Box::new(error))
}

impl OfferReceipts for Offers {
    fn sent<'a>(
        &'a self,
        network: &'a NetworkId,
        offer: &'a OfferId,
        now: Timestamp,
    ) -> Doing<'a, Result<(), PortError>> {
        Box::pin(async move { self.dispatch.offer_sent(&house(now), network, offer).await.map_err(port) })
    }

    fn delivered<'a>(
        &'a self,
        network: &'a NetworkId,
        offer: &'a OfferId,
        now: Timestamp,
    ) -> Doing<'a, Result<(), PortError>> {
        Box::pin(async move { self.dispatch.offer_delivered(&house(now), network, offer).await.map_err(port) })
    }

    fn unsent<'a>(
        &'a self,
        network: &'a NetworkId,
        offer: &'a OfferId,
        why: &'a str,
        now: Timestamp,
    ) -> Doing<'a, Result<(), PortError>> {
        Box::pin(async move {
            let ctx = house(now);
            match why {
                "UNDELIVERED" => self.dispatch.offer_undelivered(&ctx, network, offer).await,
                _ => self.dispatch.offer_unsent(&ctx, network, offer).await,
            }
            .map_err(port)
        })
    }
}

impl OfferAnswers for Offers {
    fn answer<'a>(
        &'a self,
        network: &'a NetworkId,
        offer: &'a OfferId,
        id: &'a VolunteerId,
        answer: Answer,
        now: Timestamp,
    ) -> Doing<'a, Result<Outcome, PortError>> {
        Box::pin(async move {
            let ctx = volunteer(network, id, now);
            let mut tries = 0;
            loop {
                tries += 1;
                match self.tell(&ctx, network, offer, answer).await {
                    Ok(outcome) => return Ok(outcome),
                    Err(error) if tries < TRIES && may_repeat(&error) => {}
                    Err(error) => return Err(port(error)),
                }
            }
        })
    }
}
