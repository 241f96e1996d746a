//! What happened, written beside the change: one place that makes identifiers and events, so that they read alike.

use std::sync::Mutex;

use domain::{Assignment, Event, EventId, EventKind, NetworkId, Timestamp, WriteContext};
use store::Tx;
use uuid::{ContextV7, Uuid};

use crate::Error;

/// Keeps identifiers made in the same millisecond in the order in which they were made.
static ORDER: Mutex<ContextV7> = Mutex::new(ContextV7::new());

/// A new identifier that sorts by time (UUIDv7).
pub(crate) fn new_id(now: Timestamp) -> Uuid {
    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
    Uuid::new_v7(uuid::Timestamp::from_unix(&ORDER, seconds, nanos))
}

/// One event to be written.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    kind: EventKind,
    subject: String,
    reason: String,
    data: Vec<(&'static str, String)>,
}

impl Entry {
    /// Something that happened to a resource, named below its network: `gigs/g1`.
    pub(crate) fn new(kind: EventKind, subject: String) -> Self {
        Self { kind, subject, reason: String::new(), data: Vec::new() }
    }

    /// Why, in task words.
    pub(crate) fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }

    /// An id or value that matters to subscribers.
    pub(crate) fn with(mut self, key: &'static str, value: impl ToString) -> Self {
        self.data.push((key, value.to_string()));
        self
    }

    /// The ids of an assignment.
    pub(crate) fn about(self, assignment: &Assignment) -> Self {
        self.with("assignment", &assignment.id)
            .with("volunteer", &assignment.volunteer)
            .with("slot", assignment.slot)
            .with("start", assignment.span.start())
    }

    /// The event of now, by the caller.
    pub(crate) fn event(self, ctx: &WriteContext, network: &NetworkId) -> Event {
        Event {
            network: network.clone(),
            id: EventId::from_uuid(new_id(ctx.now)),
            kind: self.kind,
            subject: self.subject,
            actor: ctx.scope.principal().clone(),
            reason: self.reason,
            time: ctx.now,
            data: self.data.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        }
    }

    /// Writes it in the transaction of the change.
    pub(crate) async fn write(self, tx: &mut Tx, ctx: &WriteContext, network: &NetworkId) -> Result<(), Error> {
        tx.record(&self.event(ctx, network)).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::new_id;

    #[test]
    fn identifiers_of_one_instant_sort_in_the_order_made() {
        let now = "2026-11-22T12:00:00Z".parse().expect("instant");
        let ids: Vec<_> = (0..1000).map(|_| new_id(now)).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
    }
}
