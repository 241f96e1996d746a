//! Word of a message that was given up: an event in the transaction that parks it, for whoever watches. Ids and codes only.

use domain::{Event, EventId, EventKind, PrincipalId, Timestamp};
use store::{Message, MessageState, Tx, channel_code};

use crate::Error;

/// Writes down that a message was given up, if it was.
pub(crate) async fn note(tx: &mut Tx, message: &Message, now: Timestamp) -> Result<(), Error> {
    if message.state != MessageState::Failed {
        return Ok(());
    }
    let data = [
        ("about", message.subject.as_str()),
        ("channel", channel_code(message.channel)),
        ("failure", message.failure.as_deref().unwrap_or_default()),
        ("recipient", message.recipient.as_str()),
        ("template", message.template.as_str()),
    ];
    let event = Event {
        network: message.network.clone(),
        id: EventId::from_uuid(crate::plan::new_id(now)),
        kind: EventKind::NotificationParked,
        subject: format!("notifications/{}", message.id.hyphenated()),
        actor: PrincipalId::new("delivery").expect("a valid id"),
        reason: String::new(),
        time: now,
        data: data.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
    };
    Ok(tx.record(&event).await?)
}
