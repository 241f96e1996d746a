//! Offers (tarjoukset): a lease on a slot for one volunteer, made within what they agreed to, handed over, answered, lapsed or withdrawn.
//!
//! When and to whom offers go is the business of [`asking`](crate::asking); here is what one offer may do.

mod accept;
mod decline;
mod end;
pub mod limits;
pub(crate) mod make;
pub(crate) mod pending;
mod receipts;
pub(crate) mod stand_by;
mod undo;

pub use accept::Accepted;
pub use make::NewOffer;

use domain::offer::OfferState;
use domain::{
    Assignment, Gig, GigId, GigState, NetworkId, Offer, OfferId, Reason, Refusal, Role, Scope, Timestamp, Volunteer,
    VolunteerId, WriteContext,
};
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

    /// Offers by id, all or in some states. A volunteer sees their own, an association those of its gigs to its own volunteers
    /// or with a yes; a page may therefore hold fewer rows than asked for.
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
        if let Some(own) = scope.volunteer() {
            let whose = Whose { gig: None, volunteer: Some(own) };
            return self.some_offers(scope, network, whose, filter, page).await;
        }
        let mut tx = self.db.read().await?;
        let mut found = tx.list::<Offer>(network, filter, page).await?;
        found.items = seen(&mut tx, scope, found.items).await?;
        Ok(found)
    }

    /// One page of the offers of one gig, or to one volunteer, or both, by id, within the caller's reach. Every page but the last is full: what
    /// others were asked is not counted.
    ///
    /// # Errors
    /// As [`Dispatch::list_offers`].
    pub async fn list_offers_of(
        &self,
        scope: &Scope,
        network: &NetworkId,
        whose: Whose<'_>,
        filter: &Filter,
        page: &PageRequest,
    ) -> Result<Page<Offer>, Error> {
        if whose.gig.is_none() && whose.volunteer.is_none() {
            return self.list_offers(scope, network, filter, page).await;
        }
        self.some_offers(scope, network, whose, filter, page).await
    }

    async fn some_offers(
        &self,
        scope: &Scope,
        network: &NetworkId,
        whose: Whose<'_>,
        filter: &Filter,
        page: &PageRequest,
    ) -> Result<Page<Offer>, Error> {
        scope.admit(network)?;
        let mut tx = self.db.read().await?;
        let mut offers = match whose {
            Whose { gig: Some(gig), .. } => tx.offers_of_gig(network, gig, false).await?,
            Whose { volunteer: Some(who), .. } => tx.offers_of_volunteer(network, who, Timestamp::UNIX_EPOCH).await?,
            Whose { gig: None, volunteer: None } => Vec::new(),
        };
        let after = page.after.as_deref().unwrap_or_default();
        offers.retain(|offer| {
            let is_wanted = filter.states.is_empty() || filter.states.iter().any(|code| code == offer.state.code());
            is_wanted && whose.volunteer.is_none_or(|who| *who == offer.volunteer) && *after < *offer.id.to_string()
        });
        offers.sort_by_key(|offer| offer.id.to_string());
        let mut items = seen(&mut tx, scope, offers).await?;
        let rows = page.rows() as usize;
        let has_more = items.len() > rows;
        items.truncate(rows);
        let next = items.last().filter(|_| has_more).map(|offer| offer.id.to_string());
        Ok(Page { items, next })
    }
}

/// Of what, or to whom, offers are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Whose<'a> {
    /// Those of this gig.
    pub gig: Option<&'a GigId>,
    /// Those to this volunteer.
    pub volunteer: Option<&'a VolunteerId>,
}

/// The offers that a caller sees.
async fn seen(tx: &mut Tx, scope: &Scope, offers: Vec<Offer>) -> Result<Vec<Offer>, Error> {
    let mut kept = Vec::with_capacity(offers.len());
    for offer in offers {
        if sees(tx, scope, &offer).await? {
            kept.push(offer);
        }
    }
    Ok(kept)
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
    let gig = tx.get::<Gig>(&offer.network, &offer.gig).await?;
    if !gig.is_some_and(|gig| load::reaches_gig(scope, &gig)) {
        return Ok(false);
    }
    // Who said yes is part of the gig. Whom else the city asked is nobody's business but the city's and their own association's.
    let volunteer = tx.get::<Volunteer>(&offer.network, &offer.volunteer).await?;
    let is_own = volunteer.is_some_and(|volunteer| load::reaches_volunteer(scope, &volunteer));
    Ok(is_own || offer.state == OfferState::Accepted)
}

/// An offer within the caller's reach and its gig, both locked: every change of an offer holds its gig's lock.
async fn locked(tx: &mut Tx, ctx: &WriteContext, network: &NetworkId, id: &OfferId) -> Result<(Gig, Offer), Error> {
    let seen = reached(tx, &ctx.scope, network, id).await?;
    let gig = load::gig_locked(tx, &ctx.scope, network, &seen.gig).await?;
    let offer = tx.get_locked::<Offer>(network, id).await?.unwrap_or(seen);
    tx.must_be_as_read(ctx, &offer).await?;
    Ok((gig, offer))
}

/// The slot that a yes to an offer of `slot` takes: that one, or while somebody has it another that asks for the same.
pub(crate) fn free_slot(gig: &Gig, held: &[Assignment], slot: u8) -> u8 {
    let is_free = |slot: u8| held.iter().all(|one| one.slot != slot);
    let needs = |slot: u8| gig.slots.get(usize::from(slot)).map(|slot| &slot.skills);
    let slots = 0..u8::try_from(gig.slots.len()).unwrap_or(u8::MAX);
    if is_free(slot) {
        slot
    } else {
        slots.into_iter().find(|&other| is_free(other) && needs(other) == needs(slot)).unwrap_or(slot)
    }
}

/// The offer is not open any more. Who was only too late hears so, with thanks.
fn ended(offer: &Offer, gig: &Gig) -> Refusal {
    let is_filled = matches!(gig.state, GigState::Filled | GigState::InProgress | GigState::Completed);
    let is_late = is_filled && !matches!(offer.state, OfferState::Accepted | OfferState::Declined);
    let detail = if is_late { "the gig has already been filled, thank you" } else { "the offer is not open any more" };
    Refusal::new(Reason::OfferEnded, detail)
        .with("state", offer.state.code())
        .with("filled", is_late)
        .with("offer", &offer.id)
}
