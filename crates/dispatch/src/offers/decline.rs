//! A volunteer says no: each reason has its own consequence, in the same transaction, and nothing beyond it.

use domain::availability::DateRange;
use domain::gig::OtherHour;
use domain::offer::{Decline, OfferState};
use domain::{EventKind, Gig, NetworkId, Offer, OfferId, Refusal, Volunteer, WriteContext};
use jiff::Span;
use store::{Document, Tx};

use super::{ended, locked, pending};
use crate::history::Entry;
use crate::roster::frame::local_day;
use crate::{Dispatch, Error, load};

/// Longest pause that an answer may ask for, in days.
const AWAY_DAYS_MAX: i64 = 366;

impl Dispatch {
    /// A volunteer says no, for a reason that stays with the coordinators.
    ///
    /// # Errors
    /// `OFFER_ENDED`, `FIELDS_INVALID` for a day or an hour that cannot be, `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn decline_offer(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        id: &OfferId,
        no: Decline,
    ) -> Result<Offer, Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let (mut gig, mut offer) = locked(&mut tx, ctx, network, id).await?;
        if !offer.state.is_open() {
            return Err(ended(&offer, &gig).into());
        }
        offer.decline_reason = Some(no.reason());
        note_hour(&mut gig, &mut offer, no, ctx)?;
        let hour = matches!(no, Decline::OtherHour { .. }).then_some(offer.start);
        gig.note_no(&offer.volunteer, hour);
        change_volunteer(&mut tx, ctx, &gig, &offer, no).await?;
        pending::end(&mut tx, ctx, &mut offer, OfferState::Declined, "").await?;
        pending::reopen(&mut tx, &mut gig).await?;
        load::store_gig(&mut tx, &mut gig, ctx.now).await?;
        crate::asking::look_now(&mut tx, ctx, &gig).await?;
        tx.finish(ctx, &offer.full_name(), &offer).await?;
        self.bell.ring();
        Ok(offer)
    }
}

/// Keeps the hour that would suit: with the offer, and with the gig if it may start then.
fn note_hour(gig: &mut Gig, offer: &mut Offer, no: Decline, ctx: &WriteContext) -> Result<(), Refusal> {
    gig.other_hours.retain(|other| other.volunteer != offer.volunteer);
    let Decline::OtherHour { start: Some(start) } = no else { return Ok(()) };
    let start = crate::gigs::whole_second(start);
    if start <= ctx.now {
        return Err(Refusal::field("other_start_time", "must lie ahead"));
    }
    if start == offer.start {
        return Err(Refusal::field("other_start_time", "must differ from the start that is declined"));
    }
    offer.other_start = Some(start);
    if gig.may_start(start) && gig.start.is_none_or(|agreed| agreed == start) {
        gig.other_hours.push(OtherHour { volunteer: offer.volunteer.clone(), start });
    }
    Ok(())
}

/// What the answer changes about the volunteer themselves.
async fn change_volunteer(tx: &mut Tx, ctx: &WriteContext, gig: &Gig, offer: &Offer, no: Decline) -> Result<(), Error> {
    if matches!(
        no,
        Decline::NotThisTime | Decline::OtherHour { .. } | Decline::TooFar | Decline::NotThisKind { drop: false }
    ) {
        return Ok(());
    }
    let Some(known) = tx.get_locked::<Volunteer>(&offer.network, &offer.volunteer).await? else { return Ok(()) };
    let mut volunteer = known.clone();
    match no {
        Decline::NotThisKind { .. } => {
            volunteer.kinds.remove(&gig.kind);
            volunteer.likes.remove(&gig.kind);
        }
        Decline::Away { back } => {
            let today = local_day(ctx.now);
            let last = today.saturating_add(Span::new().days(AWAY_DAYS_MAX));
            if back <= today || back > last {
                return Err(Refusal::field("back_date", format!("must lie after {today} and not after {last}")).into());
            }
            let last = back.saturating_sub(Span::new().days(1));
            let pause = DateRange::new(today, last).map_err(|error| Refusal::field("back_date", error.to_string()))?;
            let pauses = std::mem::take(&mut volunteer.availability.pauses);
            volunteer.availability.pauses = pauses.into_iter().chain([pause]).collect();
        }
        Decline::TooOften => {
            let budget = volunteer.contact.weekly_budget;
            volunteer.contact.weekly_budget = (budget / 2).max(budget.min(1));
        }
        Decline::NotThisPerson => {
            volunteer.blocked_seekers.insert(gig.seeker.clone());
        }
        Decline::NotThisTime | Decline::OtherHour { .. } | Decline::TooFar => {}
    }
    if volunteer == known {
        return Ok(());
    }
    volunteer.meta = known.meta.changed(ctx.now);
    if !tx.update(&volunteer, known.meta.version).await? {
        return Err(load::changed_meanwhile().into());
    }
    // The answer itself is private: the event says only that something was answered.
    Entry::new(EventKind::Updated, volunteer.name())
        .because("an answer to an offer")
        .write(tx, ctx, &volunteer.network)
        .await
}
