//! A volunteer says yes: the same claim as everywhere, for the slot and start of their offer.

use domain::offer::OfferState;
use domain::{Assignment, ClaimSource, Gig, NetworkId, Offer, OfferId, WriteContext};
use serde::{Deserialize, Serialize};
use store::Document as _;

use super::{ended, free_slot, locked, pending, reached};
use crate::assign::{Assigned, Seat};
use crate::claim::{Claim, claim};
use crate::roster::gather::holders;
use crate::{Dispatch, Error};

/// An accepted offer with what the yes took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Accepted {
    /// The offer, accepted.
    pub offer: Offer,
    /// The gig as the yes left it.
    pub gig: Gig,
    /// Its assignments that stand then, by slot.
    pub assignments: Vec<Assignment>,
}

impl Accepted {
    /// The assignment that the yes made.
    #[must_use]
    pub fn taken(&self) -> Option<&Assignment> {
        self.assignments.iter().find(|assignment| assignment.volunteer == self.offer.volunteer)
    }
}

impl Dispatch {
    /// Accepts an open offer whose lease still runs.
    ///
    /// # Errors
    /// `OFFER_ENDED` (metadata `filled` if the gig was filled meanwhile), what a claim is refused for, `RESOURCE_NOT_FOUND`, or the
    /// store's.
    pub async fn accept_offer(&self, ctx: &WriteContext, network: &NetworkId, id: &OfferId) -> Result<Accepted, Error> {
        ctx.scope.admit(network)?;
        if self.roads.bounds().is_some() {
            let mut tx = self.db.read().await?;
            if let Ok(offer) = reached(&mut tx, &ctx.scope, network, id).await {
                drop(tx);
                self.prepare_ways(network, &[(&offer.gig, &offer.volunteer)], ctx.now).await;
            }
        }
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let (gig, mut offer) = locked(&mut tx, ctx, network, id).await?;
        if !offer.state.is_open() || offer.expire_time <= ctx.now {
            return Err(ended(&offer, &gig).into());
        }
        let held = holders(&mut tx, network, &gig.id).await?;
        offer.slot = free_slot(&gig, &held, offer.slot);
        pending::end(&mut tx, ctx, &mut offer, OfferState::Accepted, "").await?;
        let seats = [Seat { slot: offer.slot, volunteer: offer.volunteer.clone() }];
        let asked = Claim {
            start: Some(offer.start),
            seats: &seats,
            source: ClaimSource::Offer,
            reason: "",
            roads: &self.roads,
            moved: None,
        };
        let Assigned { gig, assignments } = claim(&mut tx, ctx, gig, asked).await?;
        let done = Accepted { offer, gig, assignments };
        tx.finish(ctx, &done.offer.full_name(), &done).await?;
        Ok(done)
    }
}
