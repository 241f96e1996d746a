//! Offers.

use domain::Offer;
use proto::dispatch::v1 as wire;

use super::{Choice as _, choice, name, time};

pub(crate) fn of(offer: &Offer) -> wire::Offer {
    wire::Offer {
        name: name::of(&offer.network, &offer.id),
        gig: name::of(&offer.network, &offer.gig),
        slot: i32::from(offer.slot),
        volunteer: name::of(&offer.network, &offer.volunteer),
        start_time: Some(time::of(offer.start)),
        expire_time: Some(time::of(offer.expire_time)),
        state: offer.state.wire(),
        decline_reason: choice::wire(offer.decline_reason),
        etag: offer.meta.etag(),
        create_time: time::created(&offer.meta),
        update_time: time::updated(&offer.meta),
    }
}
