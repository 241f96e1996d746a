//! What happened to a gig.

use domain::Event;
use proto::dispatch::v1 as wire;

use super::{name, time};

pub(crate) fn of(event: &Event) -> wire::GigEvent {
    wire::GigEvent {
        name: name::of(&event.network, &event.id),
        kind: event.kind.code().to_owned(),
        actor: event.actor.to_string(),
        reason: event.reason.clone(),
        event_time: Some(time::of(event.time)),
        data: event.data.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
    }
}
