//! What a volunteer agreed to about being asked: hard rules, whoever asks.
//!
//! One open offer at a time of day; at most so many asks a week; a no to a gig is a no; a no to a kind rests for some weeks; "too far" keeps
//! longer ways away for some months. Who said that they stand by for a gig wished to be asked for it: the budget is not counted then.

use domain::offer::{DeclineReason, OfferState};
use domain::{Gig, Offer, Reason, Refusal, Timestamp, Volunteer};
use jiff::SignedDuration;
use store::Tx;

use crate::Error;
use crate::roster::frame::week_of;

/// How long a no to a kind rests, in days.
pub const KIND_REST_DAYS: i64 = 30;
/// How long "too far" keeps ways as long or longer away, in days.
pub const FAR_REST_DAYS: i64 = 90;
/// How far back offers are looked at: the longest of the rests, and more than a week.
const LOOK_BACK_DAYS: i64 = FAR_REST_DAYS;

/// Who is about to be asked for what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) gig: &'a Gig,
    pub(crate) volunteer: &'a Volunteer,
    pub(crate) start: Timestamp,
    pub(crate) travel_s: u32,
    pub(crate) is_invited: bool,
}

/// Refuses an offer that would break what the volunteer agreed to.
pub(crate) async fn check(tx: &mut Tx, asked: &Asked<'_>, now: Timestamp) -> Result<(), Error> {
    let since = days_before(now, LOOK_BACK_DAYS);
    let past = tx.offers_of_volunteer(&asked.gig.network, &asked.volunteer.id, since).await?;
    Ok(judge(asked, &past, now)?)
}

/// The same over offers that are known.
pub(crate) fn judge(asked: &Asked<'_>, past: &[Offer], now: Timestamp) -> Result<(), Refusal> {
    let refuse = |reason, detail: &str| Err(Refusal::new(reason, detail).with("volunteer", &asked.volunteer.id));
    let said = |reason: DeclineReason, days: i64| {
        past.iter().filter(move |offer| {
            offer.decline_reason == Some(reason)
                && offer.answer_time.unwrap_or(offer.meta.update_time) > days_before(now, days)
        })
    };
    let span = asked.gig.span(asked.start);
    let length = SignedDuration::from_secs(i64::from(asked.gig.duration_s));
    let meets = |offer: &&Offer| {
        // The other gig's length is not known here: that it begins within this one, or this one within as long after it, is enough.
        offer.state.is_open()
            && span.is_some_and(|span| offer.start < span.end() && offer.start + length > span.start())
    };
    if past.iter().any(|offer| meets(&offer)) {
        return refuse(Reason::OfferOverlaps, "the volunteer has an open offer at that time");
    }
    // A no is a no, but for an hour that was named instead of it and has not been declined itself.
    let declined = |offer: &&Offer| offer.gig == asked.gig.id && offer.state == OfferState::Declined;
    let is_named = past.iter().filter(declined).any(|offer| offer.other_start == Some(asked.start));
    let is_declined = past.iter().filter(declined).any(|offer| !is_named || offer.start == asked.start);
    if is_declined {
        return refuse(Reason::AlreadyDeclined, "the volunteer has already said no to this gig");
    }
    if said(DeclineReason::NotThisKind, KIND_REST_DAYS).any(|offer| offer.kind.as_ref() == Some(&asked.gig.kind)) {
        return refuse(Reason::KindDeclinedLately, "the volunteer has lately said no to this kind of gig");
    }
    if asked.gig.place.is_some()
        && said(DeclineReason::TooFar, FAR_REST_DAYS).any(|offer| asked.travel_s >= offer.travel_s.max(1))
    {
        return refuse(Reason::VolunteerNotAble, "the volunteer has lately called such a way too far");
    }
    let week = week_of(now);
    let asks = past.iter().filter(|offer| counts(offer) && week_of(offer.meta.create_time) == week).count();
    if !asked.is_invited && asks >= usize::from(asked.volunteer.contact.weekly_budget) {
        return refuse(Reason::ContactBudgetSpent, "the volunteer has been asked this week as often as they agreed to");
    }
    Ok(())
}

/// Whether an offer counts as an ask: one that was taken back before anything was sent does not.
fn counts(offer: &Offer) -> bool {
    offer.was_told() || offer.state != OfferState::Withdrawn
}

/// So many days before an instant.
pub(crate) fn days_before(now: Timestamp, days: i64) -> Timestamp {
    now.saturating_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN)
}

/// When the budget of the next week begins: local Monday.
pub(crate) fn next_week(now: Timestamp) -> Timestamp {
    let monday = week_of(now).saturating_add(jiff::Span::new().days(7));
    crate::roster::frame::midnight(monday, &domain::zone()).unwrap_or(now)
}
