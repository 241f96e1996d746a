//! Offers (tarjoukset), first shape: a lease on a slot for one volunteer, answered, lapsed or withdrawn.
//!
//! When and to whom offers go is the offer policy's business, which comes later; here is what one offer may do.

mod accept;
mod end;
mod make;
pub(crate) mod pending;

pub use make::NewOffer;

use domain::{NetworkId, Offer, OfferId, Reason, Refusal, Role, Scope};
use store::{Filter, Page, PageRequest, Tx};

use crate::{Dispatch, Error, load};

impl Dispatch {
    /// One offer.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn get_offer(&self, scope: &Scope, network: &NetworkId, id: &OfferId) -> Result<Offer, Error> {
        scope.admit(network)?;
        let mut tx = self.db.read().await?;
        reached(&mut tx, scope, network, id).await
    }

    /// Offers by id, all or in some states. A volunteer sees their own, an association those of its gigs; a page may therefore
    /// hold fewer rows than asked for.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND` for a foreign network, or the store's.
    pub async fn list_offers(
        &self,
        scope: &Scope,
        network: &NetworkId,
        filter: &Filter,
        page: &PageRequest,
    ) -> Result<Page<Offer>, Error> {
        scope.admit(network)?;
        let mut tx = self.db.read().await?;
        let mut found = tx.list::<Offer>(network, filter, page).await?;
        let mut kept = Vec::with_capacity(found.items.len());
        for offer in found.items {
            if sees(&mut tx, scope, &offer).await? {
                kept.push(offer);
            }
        }
        found.items = kept;
        Ok(found)
    }
}

/// An offer within the caller's reach: a volunteer's own, or one of a gig that a coordinator reaches.
async fn reached(tx: &mut Tx, scope: &Scope, network: &NetworkId, id: &OfferId) -> Result<Offer, Error> {
    let missing = || Refusal::not_found("offer", format!("networks/{network}/offers/{id}"));
    let offer = tx.get::<Offer>(network, id).await?.ok_or_else(missing)?;
    if sees(tx, scope, &offer).await? { Ok(offer) } else { Err(missing().into()) }
}

async fn sees(tx: &mut Tx, scope: &Scope, offer: &Offer) -> Result<bool, Error> {
    if scope.role() == Role::Volunteer {
        return Ok(scope.volunteer() == Some(&offer.volunteer));
    }
    if scope.association().is_none() {
        return Ok(true);
    }
    let gig = tx.get::<domain::Gig>(&offer.network, &offer.gig).await?;
    Ok(gig.is_some_and(|gig| load::reaches_gig(scope, &gig)))
}

/// The offer is not pending any more.
fn ended(offer: &Offer) -> Refusal {
    Refusal::new(Reason::OfferEnded, "the offer is not pending any more")
        .with("state", offer.state.code())
        .with("offer", &offer.id)
}
