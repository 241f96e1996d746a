//! Offers, the answers to them, and askings.

use dispatch::asking::Outlook;
use domain::Offer;
use domain::asking::Asking;
use domain::offer::{Decline, DeclineReason};
use proto::dispatch::v1 as wire;

use super::{Check, Choice as _, choice, name, time};

pub(crate) fn of(offer: &Offer) -> wire::Offer {
    wire::Offer {
        name: name::of(&offer.network, &offer.id),
        gig: name::of(&offer.network, &offer.gig),
        slot: i32::from(offer.slot),
        volunteer: name::of(&offer.network, &offer.volunteer),
        start_time: Some(time::of(offer.start)),
        expire_time: Some(time::of(offer.expire_time)),
        state: offer.state.wire(),
        // A block is nobody else's business: it looks like any other no.
        decline_reason: choice::wire(offer.decline_reason.map(|reason| match reason {
            DeclineReason::NotThisPerson => DeclineReason::NotThisTime,
            told => told,
        })),
        etag: offer.meta.etag(),
        create_time: time::created(&offer.meta),
        update_time: time::updated(&offer.meta),
        wave: i32::try_from(offer.wave).unwrap_or(i32::MAX),
        sent_time: offer.sent_time.map(time::of),
        delivered_time: offer.delivered_time.map(time::of),
        answer_time: offer.answer_time.map(time::of),
        other_start_time: offer.other_start.map(time::of),
        stands_by: offer.stands_by,
    }
}

/// What a no says. Details that belong to another reason are wrong.
pub(crate) fn decline(check: &mut Check, request: &wire::DeclineOfferRequest) -> Option<Decline> {
    let reason: Option<DeclineReason> = choice::optional(check, "reason", request.reason);
    let reason = reason.unwrap_or(DeclineReason::NotThisTime);
    let other_start = time::optional(check, "other_start_time", request.other_start_time.as_ref());
    let back = time::optional_date(check, "back_date", request.back_date.as_ref());
    let mut only = |field: &str, is_given: bool, with: DeclineReason, word: &str| {
        if is_given && reason != with {
            check.add(field, format!("only goes with the reason {word}"));
        }
    };
    only("other_start_time", request.other_start_time.is_some(), DeclineReason::OtherHour, "OTHER_HOUR");
    only("back_date", request.back_date.is_some(), DeclineReason::Away, "AWAY");
    only("drop_kind", request.drop_kind, DeclineReason::NotThisKind, "NOT_THIS_KIND");
    if reason == DeclineReason::Away && request.back_date.is_none() {
        check.add("back_date", "must be the first day back");
    }
    Some(match reason {
        DeclineReason::NotThisTime => Decline::NotThisTime,
        DeclineReason::OtherHour => Decline::OtherHour { start: other_start },
        DeclineReason::TooFar => Decline::TooFar,
        DeclineReason::NotThisKind => Decline::NotThisKind { drop: request.drop_kind },
        DeclineReason::Away => Decline::Away { back: back? },
        DeclineReason::TooOften => Decline::TooOften,
        DeclineReason::NotThisPerson => Decline::NotThisPerson,
    })
}

/// What may be hoped for of those who were asked for a gig.
pub(crate) fn outlook(outlook: &Outlook) -> wire::AskingOutlook {
    wire::AskingOutlook {
        chance_percent: (outlook.chance.clamp(0.0, 1.0) * 100.0).round() as i32,
        likely_time: outlook.likely_time.map(time::of),
    }
}

/// The asking for a gig.
pub(crate) fn asking(asking: &Asking) -> wire::Asking {
    wire::Asking {
        gig: name::of(&asking.network, &asking.id),
        policy: asking.policy.wire(),
        start_time: Some(time::of(asking.start)),
        deadline_time: Some(time::of(asking.deadline)),
        wave_count: i32::try_from(asking.waves).unwrap_or(i32::MAX),
        next_time: Some(time::of(asking.next_time)),
        state: asking.state.wire(),
        suggestion: choice::wire(asking.suggestion),
    }
}
