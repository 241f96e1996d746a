//! What a volunteer agreed to about being asked: hard rules, whoever asks.
//!
//! One open offer at a time of day; at most so many asks a week ([`ContactWeek`]); a no to a gig is a no, but for one to the hour; a no to a
//! kind rests for some weeks; "too far" keeps longer ways away for some months. Who said that they stand by for a gig wished to be asked for it: the budget is not counted then.

use std::collections::BTreeSet;

use domain::gig::GigNo;
use domain::offer::DeclineReason;
use domain::{ContactWeek, Gig, KindId, Offer, Reason, Refusal, Timestamp, Volunteer};
use jiff::SignedDuration;
use store::Tx;

use crate::Error;

/// How long a no to a kind rests, in days.
pub const KIND_REST_DAYS: i64 = 30;
/// How long "too far" keeps ways as long or longer away, in days.
pub const FAR_REST_DAYS: i64 = 90;
/// How far back offers are looked at: the longest of the rests, and more than a week.
pub(crate) const LOOK_BACK_DAYS: i64 = FAR_REST_DAYS;

/// Who is about to be asked for what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) gig: &'a Gig,
    pub(crate) volunteer: &'a Volunteer,
    pub(crate) start: Timestamp,
    pub(crate) travel_s: u32,
    pub(crate) is_invited: bool,
}

/// What the noes of the last months say of any gig, for who books people without asking them: kinds that rest, and the shortest way that was
/// called too far, in seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rests {
    pub(crate) kinds: BTreeSet<KindId>,
    pub(crate) too_far_s: Option<u32>,
}

impl Rests {
    /// Of the offers that one volunteer had.
    pub(crate) fn of<'o>(past: impl Iterator<Item = &'o Offer>, now: Timestamp) -> Self {
        let mut rests = Self::default();
        for offer in past {
            if said(offer, DeclineReason::NotThisKind, KIND_REST_DAYS, now) {
                rests.kinds.extend(offer.kind.clone());
            }
            // To a call there is no way: nothing is learnt of the others.
            if offer.travel_s > 0 && said(offer, DeclineReason::TooFar, FAR_REST_DAYS, now) {
                let way_s = offer.travel_s;
                rests.too_far_s = Some(rests.too_far_s.map_or(way_s, |known| known.min(way_s)));
            }
        }
        rests
    }
}

/// Whether an offer was declined so in the last days.
fn said(offer: &Offer, reason: DeclineReason, days: i64, now: Timestamp) -> bool {
    let time = offer.answer_time.unwrap_or(offer.meta.update_time);
    offer.decline_reason == Some(reason) && time > days_before(now, days)
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
    let rests = Rests::of(past.iter(), now);
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
    let own = |no: &&GigNo| no.volunteer == asked.volunteer.id && !no.by_coordinator;
    if asked.gig.noes.iter().find(own).is_some_and(|no| no.forbids(Some(asked.start), false)) {
        return refuse(Reason::AlreadyDeclined, "the volunteer has already said no to this gig, or given it back");
    }
    if rests.kinds.contains(&asked.gig.kind) {
        return refuse(Reason::KindDeclinedLately, "the volunteer has lately said no to this kind of gig");
    }
    if asked.gig.place.is_some() && rests.too_far_s.is_some_and(|way_s| asked.travel_s >= way_s) {
        return refuse(Reason::VolunteerNotAble, "the volunteer has lately called such a way too far");
    }
    let contact = &asked.volunteer.contact;
    let asks = past.iter().filter_map(|offer| offer.ask_time(contact));
    let week = ContactWeek::before(contact.next_message_time(now));
    if !asked.is_invited && week.is_spent(contact.weekly_budget, asks) {
        return refuse(
            Reason::ContactBudgetSpent,
            "the volunteer has been asked in the last seven days as often as they agreed to",
        );
    }
    Ok(())
}

/// So many days before an instant.
pub(crate) fn days_before(now: Timestamp, days: i64) -> Timestamp {
    now.saturating_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN)
}
