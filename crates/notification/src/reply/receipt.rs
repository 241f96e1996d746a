//! What a provider says of a text message that it took: it arrived, or it never will and goes another way.

use domain::{Channel, Timestamp};
use store::{Message, MessageState, Tx};

use super::callback::Receipt;
use crate::plan::{About, Recipient};
use crate::ports::OfferReceipts;
use crate::template::Template;
use crate::worker::{asked, parked};
use crate::{Error, Notification, truth};

/// Why a message goes another way, or is given up: the provider could not deliver it.
const UNDELIVERED: &str = "UNDELIVERED";

impl Notification {
    /// Reads a provider's receipt and moves the message, and the offer that it asks about. What did not arrive goes by the next channel of
    /// its recipient, while it is true; where there is none, nobody was told. Answers whether that changed anything.
    ///
    /// # Errors
    /// The store's, or the port's.
    pub async fn receive_receipt(
        &self,
        receipt: &Receipt,
        receipts: &dyn OfferReceipts,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        let by_reference = match &receipt.reference {
            Some(reference) => tx.message_by_reference(reference).await?,
            None => None,
        };
        let message = match (by_reference, &receipt.provider_id) {
            (Some(message), _) => Some(message),
            (None, Some(id)) => tx.message_by_provider(id).await?,
            (None, None) => None,
        };
        // Only text messages have receipts: a late one says nothing of a message that has gone another way since.
        let Some(message) = message.filter(|message| message.channel == Channel::Sms) else { return Ok(false) };
        let (network, id) = (&message.network, message.id);
        let next = if receipt.arrived { None } else { self.next_way(&mut tx, &message, now).await? };
        let changed = match next {
            _ if receipt.arrived => tx.receive_message(network, id, MessageState::Delivered, None, now).await?,
            Some(channel) => tx.reroute_message(&message, channel, UNDELIVERED, now).await?,
            None => {
                let lost =
                    Message { state: MessageState::Failed, failure: Some(UNDELIVERED.to_owned()), ..message.clone() };
                let changed = tx.receive_message(network, id, lost.state, Some(UNDELIVERED), now).await?;
                if changed {
                    parked::note(&mut tx, &lost, now).await?;
                }
                changed
            }
        };
        tx.commit().await?;
        if let Some(offer) = asked(&message).filter(|_| changed && next.is_none()) {
            if receipt.arrived {
                receipts.delivered(network, &offer, now).await?;
            } else {
                receipts.unsent(network, &offer, UNDELIVERED, now).await?;
            }
        }
        Ok(changed)
    }

    /// The next channel of a message that did not arrive, if what it says is still true and there is one.
    async fn next_way(&self, tx: &mut Tx, message: &Message, now: Timestamp) -> Result<Option<Channel>, Error> {
        let (template, recipient) = (Template::from_code(&message.template), Recipient::parse(&message.recipient));
        let (Some(template), Some(recipient)) = (template, recipient) else { return Ok(None) };
        if message.expire_time.is_some_and(|end| now >= end) {
            return Ok(None);
        }
        let Some(event) = tx.event(&message.network, &message.event).await? else { return Ok(None) };
        let about = About::load(tx, &event).await?;
        if !truth::holds(tx, template, &recipient, &about, now).await? {
            return Ok(None);
        }
        let person = recipient.person(tx, &message.network).await?;
        Ok(person.and_then(|person| person.after(message.channel, template.asks(), &self.options.channels)))
    }
}
