//! What becomes known of a message after it was handed over: that it arrived or did not, or that a call was made.

use domain::{Channel, NetworkId, Timestamp};
use uuid::Uuid;

use crate::error::Result;
use crate::message::{Message, MessageState, channel_code};
use crate::tx::{Tx, values};

const CALLED: &str = "update message set state = 'delivered', sent_time = $3, update_time = $3, failure = null \
    where network_id = $1 and id = $2 and channel = 'phone' and state = 'pending'";
const RECEIPT: &str = "update message set state = $3, failure = $4, update_time = $5, lease_owner = null, lease_time = null, \
    sent_time = case when sent_time is null and $3 = 'delivered' then $5 else sent_time end \
    where network_id = $1 and id = $2 and (state in ('sent', 'leased') or state in ('pending', 'failed') and $3 = 'delivered')";
const REROUTE: &str = "update message set state = 'pending', channel = $4, attempts = 0, next_time = $6, failure = $5, \
    provider_id = null, sent_time = null, update_time = $6, lease_owner = null, lease_time = null \
    where network_id = $1 and id = $2 and channel = $3 and state in ('sent', 'leased')";

impl Tx {
    /// Says that a call was made, if it was still to be made. Answers whether it was.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn call_made(&mut self, network: &NetworkId, id: Uuid, now: Timestamp) -> Result<bool> {
        let id = id.hyphenated().to_string();
        Ok(self.execute(CALLED, values![network.as_str(), &id, now]).await? == 1)
    }

    /// What the provider said later of a message that was handed over. Answers whether it changed anything: a second receipt does not.
    /// What waits for another try since no answer came, or was given up so, is not tried again once a receipt says that it arrived.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn receive_message(
        &mut self,
        network: &NetworkId,
        id: Uuid,
        state: MessageState,
        failure: Option<&str>,
        now: Timestamp,
    ) -> Result<bool> {
        let id = id.hyphenated().to_string();
        Ok(self.execute(RECEIPT, values![network.as_str(), &id, state.code(), failure, now]).await? == 1)
    }

    /// Lets a message that was handed over and did not arrive wait again, for another channel. Answers whether it does; a message that has
    /// gone on meanwhile is left alone.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn reroute_message(
        &mut self,
        message: &Message,
        to: Channel,
        failure: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let id = message.id.hyphenated().to_string();
        let (from, to) = (channel_code(message.channel), channel_code(to));
        Ok(self.execute(REROUTE, values![message.network.as_str(), &id, from, to, failure, now]).await? == 1)
    }
}
