//! Offers: found by state and by their lease, which reaches from their making to their expiry.

use super::Keys;
use super::sql::document;

document! { Offer, OfferId, "offer", "offers", network: network, keys: |offer| Keys {
    state: offer.state.code(),
    starts: Some(offer.meta.create_time),
    ends: Some(offer.expire_time),
    ..Keys::default()
} }
