//! Who came too late may stand by: asked first, before anybody else, if a helper drops out.

use domain::offer::OfferState;
use domain::{Assignment, Gig, GigId, GigState, NetworkId, Offer, OfferId, Timestamp, Volunteer, WriteContext};
use jiff::SignedDuration;
use store::{Document, Tx};
use travel::Roads;

use super::make::{Ask, lock, make};
use super::{ended, locked, pending};
use crate::{Dispatch, Error, load};

/// How long those who stand by have to answer.
const LEASE: SignedDuration = SignedDuration::from_hours(2);

impl Dispatch {
    /// Notes that the volunteer of an offer that came to nothing stands by while the gig is filled.
    ///
    /// # Errors
    /// `OFFER_ENDED` if it was declined or accepted, `GIG_STATE_ILLEGAL` unless the gig is filled and lies ahead,
    /// `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn stand_by(&self, ctx: &WriteContext, network: &NetworkId, id: &OfferId) -> Result<Offer, Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let (gig, mut offer) = locked(&mut tx, ctx, network, id).await?;
        if !matches!(offer.state, OfferState::Withdrawn | OfferState::Expired) {
            return Err(ended(&offer, &gig).into());
        }
        if gig.state != GigState::Filled || gig.start.is_none_or(|start| start <= ctx.now) {
            return Err(load::illegal(&gig).into());
        }
        offer.stands_by = true;
        pending::store(&mut tx, ctx, &mut offer).await?;
        tx.finish(ctx, &offer.full_name(), &offer).await?;
        Ok(offer)
    }
}

/// The offers of those who stand by for a gig, in the order in which they said so.
pub(crate) async fn of_gig(tx: &mut Tx, network: &NetworkId, gig: &GigId) -> Result<Vec<Offer>, Error> {
    let mut all = tx.offers_of_gig(network, gig, false).await?;
    all.retain(|offer| offer.stands_by);
    all.sort_by_key(|offer| offer.meta.update_time);
    Ok(all)
}

/// A helper has dropped out of a gig: those who stand by are asked for the slot, at the start that was agreed. Who cannot any more is
/// passed over. The gig is changed, not stored.
pub(crate) async fn ask(
    tx: &mut Tx,
    ctx: &WriteContext,
    gig: &mut Gig,
    left: &Assignment,
    roads: &Roads,
) -> Result<(), Error> {
    let start = left.span.start();
    let mut standing = of_gig(tx, &gig.network, &gig.id).await?;
    standing.retain(|offer| offer.volunteer != left.volunteer);
    lock(tx, gig, standing.iter().map(|offer| &offer.volunteer)).await?;
    for mut offer in standing {
        // The time to answer begins when a message may come.
        let known = tx.get::<Volunteer>(&gig.network, &offer.volunteer).await?;
        let from = known.map_or(ctx.now, |volunteer| volunteer.contact.next_message_time(ctx.now));
        let lease_end: Timestamp = from.checked_add(LEASE).unwrap_or(start).min(start);
        let ask = Ask {
            id: None,
            slot: left.slot,
            volunteer: offer.volunteer.clone(),
            start: Some(start),
            expire_time: lease_end,
            wave: 0,
            is_invited: true,
            expectation: None,
        };
        match make(tx, ctx, gig, ask, roads).await {
            Ok(_) => {
                offer.stands_by = false;
                pending::store(tx, ctx, &mut offer).await?;
            }
            Err(Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
