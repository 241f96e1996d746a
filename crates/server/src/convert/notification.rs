//! Notifications: rows of the outbox with the event they tell of.

use notification::Delivery;
use proto::notification::v1 as wire;
use store::OutboxState;

use super::{name, time};

/// The collection of notifications; the id is the event's.
const COLLECTION: &str = "notifications";

pub(crate) fn of(delivery: &Delivery) -> wire::Notification {
    let (row, event) = (&delivery.row, &delivery.event);
    let network = name::of_network(&row.network);
    let pending = row.state == OutboxState::Pending;
    wire::Notification {
        name: format!("{network}/{COLLECTION}/{}", row.event),
        event_kind: event.kind.code().to_owned(),
        subject: format!("{network}/{}", event.subject),
        recipient: recipient(delivery),
        state: state(row.state).into(),
        attempt_count: i32::try_from(row.attempts).unwrap_or(i32::MAX),
        next_attempt_time: pending.then(|| time::of(row.next_time)),
        create_time: Some(time::of(row.create_time)),
        ..wire::Notification::default()
    }
}

/// The volunteer whom the event is about, if it is about one.
fn recipient(delivery: &Delivery) -> String {
    let volunteer = delivery.event.data.get("volunteer").and_then(|id| id.parse::<domain::VolunteerId>().ok());
    name::of_optional(&delivery.row.network, volunteer.as_ref())
}

fn state(state: OutboxState) -> wire::notification::State {
    match state {
        OutboxState::Pending => wire::notification::State::Pending,
        OutboxState::Delivered => wire::notification::State::Delivered,
        OutboxState::Failed => wire::notification::State::Failed,
    }
}

/// The state that a filter's code names: what the outbox does not know matches nothing.
pub(crate) const STATES: [(&str, Option<OutboxState>); 5] = [
    ("pending", Some(OutboxState::Pending)),
    ("sent", None),
    ("delivered", Some(OutboxState::Delivered)),
    ("failed", Some(OutboxState::Failed)),
    ("dropped", None),
];
