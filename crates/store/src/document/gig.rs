//! Gigs: found by association, state, kind, seeker and period, which reaches from the first window's start to the last one's end.

use domain::{AssociationId, TimeWindow};

use super::Keys;
use super::sql::document;

document! { Gig, GigId, "gig", "gigs", network: network, keys: |gig| Keys {
    association: gig.association.as_ref().map(AssociationId::as_str),
    external_id: gig.external_id.as_deref(),
    state: gig.state.code(),
    kind: Some(gig.kind.as_str()),
    seeker: Some(gig.seeker.as_str()),
    starts: gig.windows.iter().map(TimeWindow::start).min(),
    ends: gig.last_end(),
} }
