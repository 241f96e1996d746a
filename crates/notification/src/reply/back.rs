//! What is written back to a text message: a row of the outbox like every message, so that a provider that is down or slow for a while loses
//! nothing. It is worth telling for half an hour.

use domain::{Channel, EventId, Timestamp};
use jiff::SignedDuration;
use store::{Message, MessageState};

use super::Received;
use crate::template::Template;
use crate::{Error, Notification};

/// How long somebody waits for an answer to their text.
const WORTH: SignedDuration = SignedDuration::from_mins(30);

impl Notification {
    /// Has a worker write back what [`Notification::receive_sms`] says, if it says something.
    ///
    /// # Errors
    /// The store's: the provider may deliver the message again.
    pub async fn write_back(&self, received: &Received, now: Timestamp) -> Result<(), Error> {
        let (Some(network), Some(reply)) = (&received.network, &received.reply) else { return Ok(()) };
        let id = crate::plan::new_id(now);
        let message = Message {
            network: network.clone(),
            id,
            // It tells of no event: each text has an answer of its own.
            event: EventId::from_uuid(id),
            event_kind: format!("reply_{}", reply.name),
            template: Template::Reply.code().to_owned(),
            recipient: format!("volunteers/{}", reply.volunteer),
            subject: reply.subject.clone(),
            channel: Channel::Sms,
            state: MessageState::Pending,
            due_time: now,
            expire_time: Some(now + WORTH),
            attempts: 0,
            next_time: now,
            provider_reference: format!("keikka-reply-{}", id.simple()),
            provider_id: None,
            failure: None,
            sent_time: None,
            create_time: now,
        };
        let mut tx = self.db.write().await?;
        tx.insert_message(&message).await?;
        tx.commit().await?;
        Ok(())
    }
}
