//! The pending offers of a gig, and what becomes of the gig when the last one ends.

use domain::offer::OfferState;
use domain::{EventKind, Gig, GigAction, GigState, Offer, WriteContext};
use store::{Document, Filter, Tx};

use crate::history::Entry;
use crate::{Error, load};

/// The pending offers of a gig. Only a gig that is offered has any.
pub(crate) async fn of_gig(tx: &mut Tx, gig: &Gig) -> Result<Vec<Offer>, Error> {
    if gig.state != GigState::Offered {
        return Ok(Vec::new());
    }
    let pending = tx.all::<Offer>(&gig.network, &Filter::any().state(OfferState::Pending.code())).await?;
    Ok(pending.into_iter().filter(|offer| offer.gig == gig.id).collect())
}

/// Withdraws the pending offers of a gig that `which` names. The gig is open again if none is left; it is changed, not stored.
pub(crate) async fn withdraw(
    tx: &mut Tx,
    ctx: &WriteContext,
    gig: &mut Gig,
    why: &str,
    which: impl Fn(&Offer) -> bool,
) -> Result<(), Error> {
    let pending = of_gig(tx, gig).await?;
    let mut left = 0;
    for mut offer in pending {
        if which(&offer) {
            end(tx, ctx, &mut offer, OfferState::Withdrawn, why).await?;
        } else {
            left += 1;
        }
    }
    settle(gig, left)
}

/// Ends one offer, in the transaction that changes its gig.
pub(crate) async fn end(
    tx: &mut Tx,
    ctx: &WriteContext,
    offer: &mut Offer,
    state: OfferState,
    why: &str,
) -> Result<(), Error> {
    let from = offer.meta.version;
    offer.state = state;
    offer.meta = offer.meta.changed(ctx.now);
    if !tx.update(offer, from).await? {
        return Err(load::changed_meanwhile().into());
    }
    // A yes is told by what becomes of the gig.
    if state == OfferState::Accepted {
        return Ok(());
    }
    Entry::new(EventKind::OfferEnded, offer.name())
        .because(why)
        .with("gig", &offer.gig)
        .with("volunteer", &offer.volunteer)
        .with("state", state.code())
        .write(tx, ctx, &offer.network.clone())
        .await
}

/// An offered gig without a pending offer is open.
pub(crate) fn settle(gig: &mut Gig, left: usize) -> Result<(), Error> {
    if gig.state == GigState::Offered && left == 0 {
        gig.state = load::after(gig, GigAction::OffersEnded)?;
    }
    Ok(())
}
