//! An offer ends without an answer: withdrawn by a coordinator, or lapsed.

use domain::offer::OfferState;
use domain::{NetworkId, Offer, OfferId, WriteContext};
use store::{Document, Filter, Tx};

use super::{ended, pending, reached};
use crate::guard::{Rest, guarded};
use crate::{Dispatch, Error, load};

impl Dispatch {
    /// A coordinator takes an offer back.
    ///
    /// # Errors
    /// `OFFER_ENDED`, `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn withdraw_offer(&self, ctx: &WriteContext, network: &NetworkId, id: &OfferId) -> Result<Offer, Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let seen = reached(&mut tx, &ctx.scope, network, id).await?;
        let gig = load::gig(&mut tx, &ctx.scope, network, &seen.gig).await?;
        let ended = || ended(&seen, &gig);
        let offer = end_under_lock(&mut tx, ctx, &seen, OfferState::Withdrawn).await?.ok_or_else(ended)?;
        tx.finish(ctx, &offer.full_name(), &offer).await?;
        Ok(offer)
    }

    /// Ends the offers of a network whose lease has run out. Answers how many; safe to call at any time.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND` for a foreign network, or the store's. What was ended before the error stays ended.
    pub async fn expire_offers(&self, ctx: &WriteContext, network: &NetworkId) -> Result<u32, Error> {
        ctx.scope.admit(network)?;
        let lapsed = {
            let mut tx = self.db.read().await?;
            let open = OfferState::OPEN.iter().fold(Filter::any(), |filter, state| filter.state(state.code()));
            let open = tx.all::<Offer>(network, &open).await?;
            open.into_iter().filter(|offer| offer.expire_time <= ctx.now).collect::<Vec<Offer>>()
        };
        let mut count = 0;
        let mut rest = Rest::default();
        for seen in lapsed {
            let ended = rest.after(guarded(self.expire(ctx, &seen)).await, "offer", &seen.id)?;
            count += u32::from(ended == Some(true));
        }
        rest.end(count)
    }

    /// Ends one offer whose lease has run out, if it is still open. Answers whether it was.
    async fn expire(&self, ctx: &WriteContext, seen: &Offer) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        let Some(offer) = end_under_lock(&mut tx, ctx, seen, OfferState::Expired).await? else { return Ok(false) };
        let step = WriteContext { request: None, ..ctx.clone() };
        tx.finish(&step, &offer.full_name(), &offer).await?;
        Ok(true)
    }
}

/// Ends an offer under its gig's lock, if it is still open.
async fn end_under_lock(
    tx: &mut Tx,
    ctx: &WriteContext,
    seen: &Offer,
    state: OfferState,
) -> Result<Option<Offer>, Error> {
    let mut gig = load::gig_locked(tx, &ctx.scope, &seen.network, &seen.gig).await?;
    let Some(mut offer) = tx.get_locked::<Offer>(&seen.network, &seen.id).await? else { return Ok(None) };
    tx.must_be_as_read(ctx, &offer).await?;
    if !offer.state.is_open() {
        return Ok(None);
    }
    pending::end(tx, ctx, &mut offer, state, "").await?;
    if pending::reopen(tx, &mut gig).await? {
        load::store_gig(tx, &mut gig, ctx.now).await?;
    }
    Ok(Some(offer))
}
