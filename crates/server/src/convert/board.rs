//! What the board shows of a gig: task, time band and coarse place, never who or where exactly.

use dispatch::board::{BoardGig, CoarsePlace};
use domain::NetworkId;
use proto::dispatch::v1 as wire;
use proto::r#type::v1 as shared;

use super::{Choice as _, language, name, text, time, window};

pub(crate) fn of(gig: &BoardGig, network: &NetworkId) -> wire::BoardGig {
    wire::BoardGig {
        gig: name::of(network, &gig.gig),
        etag: format!("v{}", gig.version),
        kind: name::of(network, &gig.kind),
        kind_title: Some(text::wire(&gig.title)),
        place: gig.place.as_ref().map(coarse),
        destination: gig.destination.as_ref().map(coarse),
        windows: gig.windows.iter().map(window::of).collect(),
        duration: Some(time::of_seconds(gig.duration_s)),
        slot_count: i32::from(gig.slots),
        free_slot_count: i32::try_from(gig.free_slots.len()).unwrap_or(i32::MAX),
        languages: language::of(&gig.languages),
        priority: i32::from(gig.priority),
        campaign: text::of(gig.campaign.as_ref()),
        needs: gig.needs.iter().map(|need| need.wire()).collect(),
        travel_seconds: gig.travel_s,
    }
}

fn coarse(place: &CoarsePlace) -> shared::CoarsePlace {
    shared::CoarsePlace { h3_cell: place.cell.clone(), locality: text::of(place.locality.as_ref()) }
}
