//! The open offers of a gig, and what becomes of the gig when the last one ends.

use domain::offer::OfferState;
use domain::{EventKind, Gig, GigAction, GigState, Offer, Timestamp, WriteContext};
use store::{Document, Tx};

use crate::history::Entry;
use crate::{Error, load};

/// The open offers of a gig. Only a gig that is offered has any.
pub(crate) async fn of_gig(tx: &mut Tx, gig: &Gig) -> Result<Vec<Offer>, Error> {
    if gig.state != GigState::Offered {
        return Ok(Vec::new());
    }
    Ok(tx.offers_of_gig(&gig.network, &gig.id, true).await?)
}

/// Withdraws the open offers of a gig that `which` names. The gig is open again if none is left; it is changed, not stored.
pub(crate) async fn withdraw(
    tx: &mut Tx,
    ctx: &WriteContext,
    gig: &mut Gig,
    why: &str,
    which: impl Fn(&Offer) -> bool,
) -> Result<(), Error> {
    let open = of_gig(tx, gig).await?;
    let mut left = 0;
    for mut offer in open {
        if which(&offer) {
            end(tx, ctx, &mut offer, OfferState::Withdrawn, why).await?;
        } else {
            left += 1;
        }
    }
    settle(gig, left)
}

/// Whether an open offer ends when another start is asked for: what a person offered by hand stays.
fn is_for_another(offer: &Offer, start: Timestamp) -> bool {
    offer.wave != 0 && offer.start != start
}

/// How many open offers of a gig [`withdraw_other_starts`] would withdraw.
pub(crate) async fn count_other_starts(tx: &mut Tx, gig: &Gig, start: Timestamp) -> Result<u32, Error> {
    let open = of_gig(tx, gig).await?;
    Ok(u32::try_from(open.iter().filter(|offer| is_for_another(offer, start)).count()).unwrap_or(u32::MAX))
}

/// Withdraws the offers of an asking that now asks for another start: who was asked for the former one hears that the time has changed. The gig
/// is changed, not stored; says whether it was.
pub(crate) async fn withdraw_other_starts(
    tx: &mut Tx,
    ctx: &WriteContext,
    gig: &mut Gig,
    start: Timestamp,
) -> Result<bool, Error> {
    let before = gig.state;
    let mut left = 0;
    for mut offer in of_gig(tx, gig).await? {
        if !is_for_another(&offer, start) {
            left += 1;
            continue;
        }
        offer.state = OfferState::Withdrawn;
        store(tx, ctx, &mut offer).await?;
        ended(&offer, "another start is asked for").with("other_start", start).write(tx, ctx, &gig.network).await?;
    }
    settle(gig, left)?;
    Ok(gig.state != before)
}

/// Ends one offer, in the transaction that changes its gig.
pub(crate) async fn end(
    tx: &mut Tx,
    ctx: &WriteContext,
    offer: &mut Offer,
    state: OfferState,
    why: &str,
) -> Result<(), Error> {
    offer.state = state;
    if matches!(state, OfferState::Accepted | OfferState::Declined) {
        offer.answer_time = Some(ctx.now);
    }
    store(tx, ctx, offer).await?;
    // A yes is told by what becomes of the gig.
    if state == OfferState::Accepted {
        return Ok(());
    }
    ended(offer, why).write(tx, ctx, &offer.network.clone()).await
}

/// An offer has ended.
fn ended(offer: &Offer, why: &str) -> Entry {
    Entry::new(EventKind::OfferEnded, offer.name())
        .because(why)
        .with("gig", &offer.gig)
        .with("volunteer", &offer.volunteer)
        .with("state", offer.state.code())
        .with("told", offer.was_told())
}

/// Stores a changed offer: one version up.
pub(crate) async fn store(tx: &mut Tx, ctx: &WriteContext, offer: &mut Offer) -> Result<(), Error> {
    let from = offer.meta.version;
    offer.meta = offer.meta.changed(ctx.now);
    if tx.update(offer, from).await? { Ok(()) } else { Err(load::changed_meanwhile().into()) }
}

/// Settles a gig one of whose offers has ended; says whether it changed. It is changed, not stored.
pub(crate) async fn reopen(tx: &mut Tx, gig: &mut Gig) -> Result<bool, Error> {
    let (left, before) = (of_gig(tx, gig).await?.len(), gig.state);
    settle(gig, left)?;
    Ok(gig.state != before)
}

/// An offered gig without an open offer is open.
fn settle(gig: &mut Gig, left: usize) -> Result<(), Error> {
    if gig.state == GigState::Offered && left == 0 {
        gig.state = load::after(gig, GigAction::OffersEnded)?;
    }
    Ok(())
}
