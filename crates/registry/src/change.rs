//! What every change leaves behind, and what a stale one is told.

use std::collections::BTreeMap;

use domain::{Event, EventId, EventKind, NetworkId, WriteContext};
use store::{Document, Tx};
use uuid::Uuid;

use crate::Error;

/// An event of now, by the caller.
fn event(ctx: &WriteContext, network: &NetworkId, kind: EventKind, subject: String) -> Event {
    let seconds = u64::try_from(ctx.now.as_second()).unwrap_or(0);
    let nanos = u32::try_from(ctx.now.subsec_nanosecond()).unwrap_or(0);
    Event {
        network: network.clone(),
        id: EventId::from_uuid(Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos))),
        kind,
        subject,
        actor: ctx.scope.principal().clone(),
        reason: String::new(),
        time: ctx.now,
        data: BTreeMap::new(),
    }
}

/// The event of a resource that was created, changed or deleted, with the version it has now.
pub(crate) fn of<D: Document>(ctx: &WriteContext, kind: EventKind, resource: &D) -> Event {
    let mut event = event(ctx, resource.network(), kind, resource.name());
    event.data.insert("version".to_owned(), resource.meta().version.to_string());
    event
}

/// Writes down that a resource changed.
pub(crate) async fn record<D: Document>(
    tx: &mut Tx,
    ctx: &WriteContext,
    kind: EventKind,
    resource: &D,
    reason: &str,
) -> Result<(), Error> {
    Ok(tx.record(&Event { reason: reason.to_owned(), ..of(ctx, kind, resource) }).await?)
}
