//! A volunteer says yes: the same claim as everywhere, for the slot and start of their offer.

use domain::offer::OfferState;
use domain::{ClaimSource, NetworkId, Offer, OfferId, WriteContext};

use super::{ended, pending, reached};
use crate::assign::{Assigned, Seat};
use crate::claim::{Claim, claim};
use crate::{Dispatch, Error, load};

impl Dispatch {
    /// Accepts a pending offer whose lease still runs.
    ///
    /// # Errors
    /// `OFFER_ENDED`, what a claim is refused for, `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn accept_offer(&self, ctx: &WriteContext, network: &NetworkId, id: &OfferId) -> Result<Assigned, Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let seen = reached(&mut tx, &ctx.scope, network, id).await?;
        let gig = load::gig_locked(&mut tx, &ctx.scope, network, &seen.gig).await?;
        // Read again under the gig's lock: every change of its offers holds that lock.
        let mut offer = tx.get_locked::<Offer>(network, id).await?.unwrap_or(seen);
        tx.must_be_as_read(ctx, &offer).await?;
        if offer.state != OfferState::Pending || offer.expire_time <= ctx.now {
            return Err(ended(&offer).into());
        }
        pending::end(&mut tx, ctx, &mut offer, OfferState::Accepted, "").await?;
        let seats = [Seat { slot: offer.slot, volunteer: offer.volunteer.clone() }];
        let asked = Claim { start: Some(offer.start), seats: &seats, source: ClaimSource::Offer, reason: "" };
        let done = claim(&mut tx, ctx, gig, asked).await?;
        tx.finish(ctx, &format!("networks/{network}/offers/{id}"), &done).await?;
        Ok(done)
    }
}
