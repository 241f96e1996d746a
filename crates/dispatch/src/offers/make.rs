//! An offer is made: somebody who is able, and may be asked, is asked for a slot until the lease runs out.

use domain::offer::{Expectation, OfferState};
use domain::{
    EventKind, Gig, GigAction, GigId, Meta, NetworkId, Offer, OfferId, Reason, Refusal, Seeker, Timestamp, Volunteer,
    VolunteerId, WriteContext,
};
use store::{Document, Inserted, Tx};
use travel::Roads;

use super::limits::{self, Asked};
use super::pending;
use crate::claim::{Question, able, allowed_start};
use crate::history::{Entry, new_id};
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

/// One offer to be made of a gig that is locked.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) id: Option<OfferId>,
    pub(crate) slot: u8,
    pub(crate) volunteer: VolunteerId,
    pub(crate) start: Option<Timestamp>,
    pub(crate) expire_time: Timestamp,
    /// The wave of the asking; 0 if a person made it, or the volunteer stood by.
    pub(crate) wave: u32,
    /// The volunteer has said that they stand by: asking them is what they wished for.
    pub(crate) is_invited: bool,
    /// What is expected of it.
    pub(crate) expectation: Option<Expectation>,
}

impl Dispatch {
    /// Makes an offer. The gig is then offered until its last open offer ends.
    ///
    /// # Errors
    /// What a claim would be refused for, as things stand; `RESOURCE_EXISTS` if this volunteer has an open offer of the gig;
    /// what a volunteer's own limits forbid (`OFFER_OVERLAPS`, `CONTACT_BUDGET_SPENT`, `ALREADY_DECLINED`,
    /// `KIND_DECLINED_LATELY`); `FIELDS_INVALID`; `RESOURCE_NOT_FOUND`; or the store's.
    pub async fn make_offer(&self, ctx: &WriteContext, new: NewOffer) -> Result<Offer, Error> {
        let network = &new.network;
        ctx.scope.admit(network)?;
        self.prepare_ways(network, &[(&new.gig, &new.volunteer)], ctx.now).await;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let mut gig = load::gig_locked(&mut tx, &ctx.scope, network, &new.gig).await?;
        let ask = Ask {
            id: new.id,
            slot: new.slot,
            volunteer: new.volunteer,
            start: new.start,
            expire_time: new.expire_time,
            wave: 0,
            is_invited: false,
            expectation: None,
        };
        let offer = make(&mut tx, ctx, &mut gig, ask, &self.roads).await?;
        load::store_gig(&mut tx, &mut gig, ctx.now).await?;
        tx.finish(ctx, &offer.full_name(), &offer).await?;
        Ok(offer)
    }
}

/// Makes an offer of a gig that is locked. The gig is changed, not stored.
pub(crate) async fn make(
    tx: &mut Tx,
    ctx: &WriteContext,
    gig: &mut Gig,
    ask: Ask,
    roads: &Roads,
) -> Result<Offer, Error> {
    let network = gig.network.clone();
    if usize::from(ask.slot) >= gig.slots.len() {
        return Err(Refusal::field("offer.slot", format!("must be below {}", gig.slots.len())).into());
    }
    let stood = tx.assignments_of_gig(&network, &gig.id).await?;
    if stood.iter().any(|one| one.state.is_active() && one.slot == ask.slot) {
        return Err(Refusal::new(Reason::SlotTaken, "the slot is taken").with("slot", ask.slot).into());
    }
    let state = load::after(gig, GigAction::Offer)?;
    let start = allowed_start(gig, ask.start, ctx.now)?;
    if ask.expire_time <= ctx.now || ask.expire_time > start {
        return Err(Refusal::field("offer.expire_time", "must lie after now and not after the start").into());
    }
    let seeker = tx.get::<Seeker>(&network, &gig.seeker).await?;
    if seeker.as_ref().is_some_and(is_mediated) {
        let detail = "a coordinator relays for this seeker: name the helpers by hand";
        return Err(Refusal::new(Reason::GigStateIllegal, detail).with("gig", &gig.id).into());
    }
    let open = pending::of_gig(tx, gig).await?;
    if open.iter().any(|offer| offer.volunteer == ask.volunteer) {
        return Err(Refusal::new(Reason::ResourceExists, "this volunteer has an open offer of the gig").into());
    }
    let found = tx.get_locked::<Volunteer>(&network, &ask.volunteer).await?;
    let volunteer = found
        // Whoever lets the slot go need not reach those who stand by for it.
        .filter(|volunteer| ask.is_invited || load::reaches_volunteer(&ctx.scope, volunteer))
        .ok_or_else(|| load::no_volunteer(&network, &ask.volunteer))?;
    let question = Question { gig, volunteer: &volunteer, slot: ask.slot, start, now: ctx.now, roads, has_noes: false };
    let travel_s = able(tx, &question).await?;
    let asked = Asked { gig, volunteer: &volunteer, start, travel_s, is_invited: ask.is_invited };
    limits::check(tx, &asked, ctx.now).await?;

    let offer = Offer {
        network,
        id: ask.id.unwrap_or_else(|| OfferId::from_uuid(new_id(ctx.now))),
        gig: gig.id.clone(),
        kind: Some(gig.kind.clone()),
        slot: ask.slot,
        volunteer: ask.volunteer,
        start,
        expire_time: ask.expire_time,
        wave: ask.wave,
        travel_s,
        expectation: ask.expectation,
        state: OfferState::Pending,
        sent_time: None,
        delivered_time: None,
        answer_time: None,
        decline_reason: None,
        other_start: None,
        stands_by: false,
        is_invited: ask.is_invited,
        undone: 0,
        meta: Meta::created(ctx.now),
    };
    if tx.insert_offer(&offer).await? != Inserted::Done {
        return Err(Refusal::new(Reason::ResourceExists, "the offer id is taken").into());
    }
    gig.state = state;
    Entry::new(EventKind::OfferMade, offer.name())
        .with("gig", &offer.gig)
        .with("volunteer", &offer.volunteer)
        .with("start", offer.start)
        .with("expires", offer.expire_time)
        .with("wave", offer.wave)
        .write(tx, ctx, &offer.network)
        .await?;
    Ok(offer)
}

/// Locks those who are about to be asked in the order of their ids, as every other write does.
pub(crate) async fn lock<'v>(tx: &mut Tx, gig: &Gig, who: impl Iterator<Item = &'v VolunteerId>) -> Result<(), Error> {
    let mut ids: Vec<&VolunteerId> = who.collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        tx.get_locked::<Volunteer>(&gig.network, id).await?;
    }
    Ok(())
}
