//! What a channel says of an offer: handed over, arrived. Told twice or late, it changes nothing.

use domain::offer::OfferState;
use domain::{Gig, NetworkId, Offer, OfferId, Timestamp, WriteContext};
use store::{Document, Tx};

use super::{locked, pending};
use crate::{Dispatch, Error};

impl Dispatch {
    /// The message with the offer was handed to a provider.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn offer_sent(&self, ctx: &WriteContext, network: &NetworkId, id: &OfferId) -> Result<(), Error> {
        self.receipt(ctx, network, id, OfferState::Sent).await
    }

    /// The provider says that it has arrived.
    ///
    /// # Errors
    /// As [`Dispatch::offer_sent`].
    pub async fn offer_delivered(&self, ctx: &WriteContext, network: &NetworkId, id: &OfferId) -> Result<(), Error> {
        self.receipt(ctx, network, id, OfferState::Delivered).await
    }

    /// The message with the offer will not reach anybody: the offer is taken back, so that others are asked.
    ///
    /// # Errors
    /// As [`Dispatch::offer_sent`].
    pub async fn offer_unsent(&self, ctx: &WriteContext, network: &NetworkId, id: &OfferId) -> Result<(), Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        let (gig, offer) = locked(&mut tx, ctx, network, id).await?;
        if !offer.state.is_open() || offer.was_told() {
            return Ok(());
        }
        self.take_back(tx, ctx, gig, offer).await
    }

    /// The provider says that a message which it had taken did not arrive, and there is no other way to the volunteer: nobody was asked,
    /// and others are.
    ///
    /// # Errors
    /// As [`Dispatch::offer_sent`].
    pub async fn offer_undelivered(&self, ctx: &WriteContext, network: &NetworkId, id: &OfferId) -> Result<(), Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        let (gig, mut offer) = locked(&mut tx, ctx, network, id).await?;
        if !offer.state.is_open() || offer.delivered_time.is_some() {
            return Ok(());
        }
        offer.sent_time = None;
        self.take_back(tx, ctx, gig, offer).await
    }

    async fn receipt(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        id: &OfferId,
        state: OfferState,
    ) -> Result<(), Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        let (_, mut offer) = locked(&mut tx, ctx, network, id).await?;
        let mark = |time: &mut Option<Timestamp>| {
            let is_news = time.is_none();
            time.get_or_insert(ctx.now);
            is_news
        };
        let is_news = match state {
            OfferState::Delivered => mark(&mut offer.delivered_time) | mark(&mut offer.sent_time),
            _ => mark(&mut offer.sent_time),
        };
        if !is_news {
            return Ok(());
        }
        // An answer may overtake the receipt: the times are kept, the state stays.
        let is_forward =
            matches!((offer.state, state), (OfferState::Pending, _) | (OfferState::Sent, OfferState::Delivered));
        if is_forward {
            offer.state = state;
        }
        pending::store(&mut tx, ctx, &mut offer).await?;
        tx.finish(ctx, &offer.full_name(), &offer).await?;
        Ok(())
    }

    /// Takes an offer back that has reached nobody.
    async fn take_back(&self, mut tx: Tx, ctx: &WriteContext, mut gig: Gig, mut offer: Offer) -> Result<(), Error> {
        pending::end(&mut tx, ctx, &mut offer, OfferState::Withdrawn, "it could not be sent").await?;
        if pending::reopen(&mut tx, &mut gig).await? {
            crate::load::store_gig(&mut tx, &mut gig, ctx.now).await?;
        }
        crate::asking::look_now(&mut tx, ctx, &gig).await?;
        tx.finish(ctx, &offer.full_name(), &offer).await?;
        self.bell.ring();
        Ok(())
    }
}
