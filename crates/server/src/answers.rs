//! What messages change about offers, joined to the use cases on gigs: receipts, and answers that come back by text message or link.

use dispatch::{Dispatch, Error};
use domain::offer::{Decline, DeclineReason};
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
fn volunteer(network: &NetworkId, id: &VolunteerId, now: Timestamp) -> WriteContext {
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
        _why: &'a str,
        now: Timestamp,
    ) -> Doing<'a, Result<(), PortError>> {
        Box::pin(async move { self.dispatch.offer_unsent(&house(now), network, offer).await.map_err(port) })
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
            let is_yes = answer == Answer::Yes;
            let done = match answer {
                Answer::Yes => self.dispatch.accept_offer(&ctx, network, offer).await.map(|_| Outcome::Accepted),
                Answer::No(reason) => {
                    let no = worded(reason);
                    self.dispatch.decline_offer(&ctx, network, offer, no).await.map(|_| Outcome::Declined)
                }
            };
            match done {
                Ok(outcome) => Ok(outcome),
                Err(Error::Refused(refusal)) => {
                    let says = |key: &str, value: &str| refusal.metadata.get(key).is_some_and(|known| known == value);
                    match refusal.reason {
                        // The same answer again is no other answer.
                        Reason::OfferEnded if is_yes && says("state", "accepted") => Ok(Outcome::Accepted),
                        Reason::OfferEnded if !is_yes && says("state", "declined") => Ok(Outcome::Declined),
                        Reason::OfferEnded if says("filled", "true") => Ok(Outcome::AlreadyFilled),
                        Reason::SlotTaken => Ok(Outcome::AlreadyFilled),
                        Reason::VolunteerNotAble | Reason::VolunteerBooked => Ok(Outcome::NotAble),
                        Reason::OfferEnded | Reason::ResourceNotFound => Ok(Outcome::Ended),
                        _ => Err(port(Error::Refused(refusal))),
                    }
                }
                Err(error) => Err(port(error)),
            }
        })
    }
}

/// A reason in one word, as a text message can tell it; what needs more is asked on the page.
fn worded(reason: Option<DeclineReason>) -> Decline {
    match reason {
        Some(DeclineReason::OtherHour) => Decline::OtherHour { start: None },
        Some(DeclineReason::TooFar) => Decline::TooFar,
        Some(DeclineReason::NotThisKind) => Decline::NotThisKind { drop: false },
        Some(DeclineReason::TooOften) => Decline::TooOften,
        Some(DeclineReason::NotThisPerson) => Decline::NotThisPerson,
        Some(DeclineReason::NotThisTime | DeclineReason::Away) | None => Decline::NotThisTime,
    }
}
