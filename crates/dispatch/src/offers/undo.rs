//! A yes is taken back within its minutes of grace: as if it had not been given, without any consequence.

use domain::offer::{OfferState, UNDOS_MAX};
use domain::{ClaimSource, EventKind, GigAction, GigState, NetworkId, Offer, OfferId, Reason, Refusal, WriteContext};
use store::Document;

use super::{ended, locked, pending, stand_by};
use crate::history::Entry;
use crate::release::{Leaving, release_one};
use crate::roster::gather::holders;
use crate::{Dispatch, Error, load};

impl Dispatch {
    /// Takes a yes back, up to [`UNDO_WINDOW`](domain::offer::UNDO_WINDOW) after it was given and [`UNDOS_MAX`] times at most. The offer is open again while its
    /// lease runs, those who stand by are asked and the asking goes on; nothing is counted against anybody.
    ///
    /// # Errors
    /// `UNDO_TOO_LATE`, `OFFER_ENDED` if it was not accepted, `ASSIGNMENT_STATE_ILLEGAL` if the slot is no longer theirs,
    /// `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn undo_offer(&self, ctx: &WriteContext, network: &NetworkId, id: &OfferId) -> Result<Offer, Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let (mut gig, mut offer) = locked(&mut tx, ctx, network, id).await?;
        if offer.state != OfferState::Accepted {
            return Err(ended(&offer, &gig).into());
        }
        if !offer.may_undo(ctx.now) {
            let detail = if offer.undone < UNDOS_MAX {
                "the minutes in which a yes can be taken back are over: release the slot instead"
            } else {
                "the yes was taken back as often as it can be: release the slot instead"
            };
            return Err(Refusal::new(Reason::UndoTooLate, detail).with("offer", id).into());
        }
        let held = holders(&mut tx, network, &gig.id).await?;
        let own = |one: &&domain::Assignment| one.volunteer == offer.volunteer && one.source == ClaimSource::Offer;
        let Some(leaving) = held.iter().find(own) else {
            let detail = "the slot is no longer this volunteer's";
            return Err(Refusal::new(Reason::AssignmentStateIllegal, detail).with("offer", id).into());
        };
        let quietly = Leaving { is_quiet: true, ..Leaving::new(leaving, None) };
        release_one(&mut tx, ctx, &mut gig, quietly, &held).await?;
        offer.answer_time = None;
        offer.undone = offer.undone.saturating_add(1);
        offer.state = match (offer.delivered_time, offer.sent_time) {
            _ if offer.expire_time <= ctx.now => OfferState::Expired,
            (Some(_), _) => OfferState::Delivered,
            (None, Some(_)) => OfferState::Sent,
            (None, None) => OfferState::Pending,
        };
        pending::store(&mut tx, ctx, &mut offer).await?;
        if offer.state.is_open() && gig.state == GigState::Open {
            gig.state = load::after(&gig, GigAction::Offer)?;
        }
        stand_by::ask(&mut tx, ctx, &mut gig, leaving, &self.roads).await?;
        crate::asking::resume(&mut tx, ctx, &gig).await?;
        load::store_gig(&mut tx, &mut gig, ctx.now).await?;
        Entry::new(EventKind::OfferUndone, offer.name())
            .with("gig", &offer.gig)
            .with("volunteer", &offer.volunteer)
            .with("start", leaving.span.start())
            .write(&mut tx, ctx, network)
            .await?;
        tx.finish(ctx, &offer.full_name(), &offer).await?;
        self.bell.ring();
        Ok(offer)
    }
}
