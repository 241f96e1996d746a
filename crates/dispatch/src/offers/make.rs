//! An offer is made: somebody who is able is asked for a slot, until the lease runs out.

use domain::offer::OfferState;
use domain::{
    EventKind, GigAction, GigId, Meta, NetworkId, Offer, OfferId, Reason, Refusal, Seeker, Timestamp, Volunteer,
    VolunteerId, WriteContext,
};
use store::{Document, Inserted};

use super::pending;
use crate::claim::{Question, able, allowed_start};
use crate::history::{Entry, new_id};
use crate::roster::gather::holders;
use crate::roster::is_mediated;
use crate::{Dispatch, Error, load};

/// What is offered to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOffer {
    /// The network.
    pub network: NetworkId,
    /// The identifier; made by the service if none.
    pub id: Option<OfferId>,
    /// The gig.
    pub gig: GigId,
    /// The slot, from 0.
    pub slot: u8,
    /// Who is asked.
    pub volunteer: VolunteerId,
    /// The start that is offered; none offers the agreed start.
    pub start: Option<Timestamp>,
    /// When the lease runs out.
    pub expire_time: Timestamp,
}

impl Dispatch {
    /// Makes an offer. The gig is then offered until its last pending offer ends.
    ///
    /// # Errors
    /// What a claim would be refused for, as things stand; `RESOURCE_EXISTS` if this volunteer has a pending offer of the gig;
    /// `FIELDS_INVALID`; `RESOURCE_NOT_FOUND`; or the store's.
    pub async fn make_offer(&self, ctx: &WriteContext, new: NewOffer) -> Result<Offer, Error> {
        let network = &new.network;
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let mut gig = load::gig_locked(&mut tx, &ctx.scope, network, &new.gig).await?;
        if usize::from(new.slot) >= gig.slots.len() {
            return Err(Refusal::field("offer.slot", format!("must be below {}", gig.slots.len())).into());
        }
        let held = holders(&mut tx, network, &gig.id).await?;
        if held.iter().any(|assignment| assignment.slot == new.slot) {
            return Err(Refusal::new(Reason::SlotTaken, "the slot is taken").with("slot", new.slot).into());
        }
        let state = load::after(&gig, GigAction::Offer)?;
        let start = allowed_start(&gig, new.start, ctx.now)?;
        if new.expire_time <= ctx.now || new.expire_time > start {
            return Err(Refusal::field("offer.expire_time", "must lie after now and not after the start").into());
        }
        let seeker = tx.get::<Seeker>(network, &gig.seeker).await?;
        if seeker.as_ref().is_some_and(is_mediated) {
            let detail = "a coordinator relays for this seeker: name the helpers by hand";
            return Err(Refusal::new(Reason::GigStateIllegal, detail).with("gig", &gig.id).into());
        }
        let pending = pending::of_gig(&mut tx, &gig).await?;
        if pending.iter().any(|offer| offer.volunteer == new.volunteer) {
            return Err(Refusal::new(Reason::ResourceExists, "this volunteer has a pending offer of the gig").into());
        }
        let found = tx.get_locked::<Volunteer>(network, &new.volunteer).await?;
        let volunteer = found
            .filter(|volunteer| load::reaches_volunteer(&ctx.scope, volunteer))
            .ok_or_else(|| load::no_volunteer(network, &new.volunteer))?;
        let question = Question { gig: &gig, volunteer: &volunteer, slot: new.slot, start, now: ctx.now };
        able(&mut tx, &question).await?;

        let offer = Offer {
            network: network.clone(),
            id: new.id.unwrap_or_else(|| OfferId::from_uuid(new_id(ctx.now))),
            gig: gig.id.clone(),
            slot: new.slot,
            volunteer: new.volunteer,
            start,
            expire_time: new.expire_time,
            state: OfferState::Pending,
            decline_reason: None,
            meta: Meta::created(ctx.now),
        };
        if tx.insert(&offer).await? != Inserted::Done {
            return Err(Refusal::new(Reason::ResourceExists, "the offer id is taken").into());
        }
        gig.state = state;
        load::store_gig(&mut tx, &mut gig, ctx.now).await?;
        Entry::new(EventKind::OfferMade, offer.name())
            .with("gig", &offer.gig)
            .with("volunteer", &offer.volunteer)
            .with("start", offer.start)
            .with("expires", offer.expire_time)
            .write(&mut tx, ctx, &offer.network)
            .await?;
        tx.finish(ctx, &offer.full_name(), &offer).await?;
        Ok(offer)
    }
}
