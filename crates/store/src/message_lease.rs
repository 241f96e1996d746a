//! Who may send a message: a worker takes those that are due ([`Tx::lease_messages`]), or one that another left behind
//! ([`Tx::take_over_messages`]), and puts each back or ends it while it holds the lease ([`Tx::settle_message`]).
//!
//! Leases are measured in the database's own time ([`Tx::database_time`]) and in no other, so that workers whose clocks differ agree on
//! who holds what.

use domain::{Channel, Timestamp};

use crate::error::Result;
use crate::message::{Message, all, channel_code, message_columns};
use crate::tx::{Tx, values};

/// Most messages that one call leases.
pub const LEASE_ROWS_MAX: u32 = 256;

// What waits and what was left behind are two statements: each walks the index from its longest waiting row on, however many wait.
macro_rules! lease {
    ($due:literal, $lock:literal) => {
        concat!(
            "update message set state = 'leased', lease_owner = $1, lease_time = $4, attempts = attempts + 1, update_time = $3 \
             where (network_id, id) in (select network_id, id from message where channel = $2 and ",
            $due,
            " limit $5",
            $lock,
            ") returning ",
            message_columns!(),
            ", provider_id, sent_time"
        )
    };
}

const LEASE_ALONE: &str = lease!("state = 'pending' and next_time <= $3 order by next_time", "");
const LEASE_LOCKED: &str =
    lease!("state = 'pending' and next_time <= $3 order by next_time", " for update skip locked");
const TAKE_OVER_ALONE: &str = lease!("state = 'leased' and lease_time <= $3 order by lease_time", "");
const TAKE_OVER_LOCKED: &str =
    lease!("state = 'leased' and lease_time <= $3 order by lease_time", " for update skip locked");
const SETTLE: &str = "update message set state = $4, channel = $5, attempts = $6, next_time = $7, failure = $8, provider_id = $9, \
    sent_time = $10, update_time = $11, lease_owner = null, lease_time = null \
    where network_id = $1 and id = $2 and state = 'leased' and lease_owner = $3";

impl Tx {
    /// Takes up to `rows` messages of a channel that are due at `now`, longest waiting first, for `owner` until `until` in the database's
    /// time. Others at work are not waited for. Each taking counts as a try.
    ///
    /// # Errors
    /// Any [`crate::Error`] of the store.
    pub async fn lease_messages(
        &mut self,
        channel: Channel,
        owner: &str,
        now: Timestamp,
        until: Timestamp,
        rows: u32,
    ) -> Result<Vec<Message>> {
        let sql = if self.engine().locks_rows() { LEASE_LOCKED } else { LEASE_ALONE };
        self.take(sql, channel, owner, now, until, rows).await
    }

    /// Takes up to `rows` messages of a channel whose lease has run out at `database_now`, in the database's time: whoever held them may
    /// have died over one of them. Else as [`Tx::lease_messages`].
    ///
    /// # Errors
    /// Any [`crate::Error`] of the store.
    pub async fn take_over_messages(
        &mut self,
        channel: Channel,
        owner: &str,
        database_now: Timestamp,
        until: Timestamp,
        rows: u32,
    ) -> Result<Vec<Message>> {
        let sql = if self.engine().locks_rows() { TAKE_OVER_LOCKED } else { TAKE_OVER_ALONE };
        self.take(sql, channel, owner, database_now, until, rows).await
    }

    async fn take(
        &mut self,
        sql: &'static str,
        channel: Channel,
        owner: &str,
        now: Timestamp,
        until: Timestamp,
        rows: u32,
    ) -> Result<Vec<Message>> {
        let rows = i64::from(rows.min(LEASE_ROWS_MAX));
        let mut taken = all(self.rows(sql, values![owner, channel_code(channel), now, until, rows]).await?)?;
        taken.sort_by_key(|message| (message.next_time, message.id));
        Ok(taken)
    }

    /// Puts a leased message back or ends it, if `owner` still holds its lease. Answers whether it did.
    ///
    /// # Errors
    /// Any [`crate::Error`] of the store.
    pub async fn settle_message(&mut self, message: &Message, owner: &str, now: Timestamp) -> Result<bool> {
        let id = message.id.hyphenated().to_string();
        let row = values![
            message.network.as_str(),
            &id,
            owner,
            message.state.code(),
            channel_code(message.channel),
            i64::from(message.attempts),
            message.next_time,
            message.failure.as_deref(),
            message.provider_id.as_deref(),
            message.sent_time,
            now,
        ];
        Ok(self.execute(SETTLE, row).await? == 1)
    }
}
