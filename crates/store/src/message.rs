//! Messages on their way: one row for each recipient of an event, leased by the worker that sends it.
//!
//! A row names resources only. It is written once ([`Tx::insert_message`]); `message_lease` says who may send it.

use domain::{Channel, EventId, NetworkId, Timestamp};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::page::{Page, PageRequest};
use crate::tx::{Tx, values};

const TABLE: &str = "message";

/// Most messages to one recipient that one look at their times names: above any weekly budget.
pub const TIMES_MAX: i64 = 1_000;

macro_rules! message_columns {
    () => {
        "network_id, id, event_id, event_kind, template, recipient, subject, channel, state, due_time, expire_time, attempts, \
         next_time, provider_reference, failure, create_time"
    };
}

pub(crate) use message_columns;

const INSERT: &str = concat!(
    "insert into message (",
    message_columns!(),
    ", update_time) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16) on conflict do nothing"
);
const DROP_PENDING: &str = "update message set state = 'dropped', failure = $5, update_time = $6 \
    where network_id = $1 and subject = $2 and ($3 is null or recipient = $3) \
    and ($4 is null or $4 like '%,' || template || ',%') and state = 'pending'";
const DROP_RECIPIENT: &str = "update message set state = 'dropped', failure = $3, update_time = $4 \
    where network_id = $1 and recipient = $2 and state = 'pending'";
const RETRY: &str = "update message set state = 'pending', attempts = 0, next_time = case when due_time > $3 then due_time else $3 end, \
    failure = null, update_time = $3 \
    where network_id = $1 and id = $2 and (state = 'failed' or state = 'pending' and attempts > 0)";
const GET: &str =
    concat!("select ", message_columns!(), ", provider_id, sent_time from message where network_id = $1 and id = $2");
const BY_REFERENCE: &str =
    concat!("select ", message_columns!(), ", provider_id, sent_time from message where provider_reference = $1");
const BY_PROVIDER: &str = concat!(
    "select ",
    message_columns!(),
    ", provider_id, sent_time from message where provider_id = $1 order by id limit 2"
);
const LIST: &str = concat!(
    "select ",
    message_columns!(),
    ", provider_id, sent_time from message where network_id = $1 and ($2 is null or state = $2) \
     and ($3 is null or recipient = $3) and ($4 is null or subject = $4) and ($5 is null or channel = $5) and id > $6 \
     order by id limit $7"
);
const TIMES: &str = "select subject, case when sent_time is null then next_time else sent_time end from message \
    where network_id = $1 and recipient = $2 and template = $3 and state in ('pending', 'leased', 'sent', 'delivered') \
    and (case when sent_time is null then next_time else sent_time end) >= $4 and id <> $5 order by id limit $6";
const COUNTS: &str = "select channel, state, count(*), min(next_time) from message \
    where state in ('pending', 'leased', 'failed') group by channel, state order by channel, state";

/// Where a message is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageState {
    /// Waits for its time.
    Pending,
    /// Somebody is sending it.
    Leased,
    /// Handed to the provider.
    Sent,
    /// The provider says it arrived.
    Delivered,
    /// Given up.
    Failed,
    /// Not sent on purpose.
    Dropped,
}

impl MessageState {
    const ALL: [Self; 6] = [Self::Pending, Self::Leased, Self::Sent, Self::Delivered, Self::Failed, Self::Dropped];

    /// The state as stored and shown.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Leased => "leased",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }

    /// The state of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether nothing is to be done any more, but for a receipt.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        !matches!(self, Self::Pending | Self::Leased)
    }
}

/// The channel as stored.
#[must_use]
pub fn channel_code(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "sms",
        Channel::Email => "email",
        Channel::Phone => "phone",
        Channel::Webhook => "webhook",
    }
}

fn channel(code: &str) -> Option<Channel> {
    [Channel::Sms, Channel::Email, Channel::Phone, Channel::Webhook].into_iter().find(|it| channel_code(*it) == code)
}

/// One message to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The network.
    pub network: NetworkId,
    /// Its identifier (UUIDv7: sorts by time).
    pub id: Uuid,
    /// The event it tells of.
    pub event: EventId,
    /// The event's kind, as its code.
    pub event_kind: String,
    /// Which template, as its code.
    pub template: String,
    /// Who is told, below the network: `volunteers/v1`.
    pub recipient: String,
    /// What it is about, below the network: `offers/o1`.
    pub subject: String,
    /// By which channel it goes next.
    pub channel: Channel,
    /// Where it is on its way.
    pub state: MessageState,
    /// Not sent before this.
    pub due_time: Timestamp,
    /// Not sent after this.
    pub expire_time: Option<Timestamp>,
    /// Tries on this channel, the one in work included.
    pub attempts: u32,
    /// When it is tried next.
    pub next_time: Timestamp,
    /// What providers are told it is: the same at every try.
    pub provider_reference: String,
    /// What the provider calls it.
    pub provider_id: Option<String>,
    /// Why the last try failed or it was dropped, a stable code.
    pub failure: Option<String>,
    /// When it was handed over.
    pub sent_time: Option<Timestamp>,
    /// When it was written.
    pub create_time: Timestamp,
}

/// Which messages are wanted: every condition that is set must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MessageFilter {
    /// Those in one state.
    pub state: Option<MessageState>,
    /// Those to one recipient.
    pub recipient: Option<String>,
    /// Those about one resource.
    pub subject: Option<String>,
    /// Those on one channel.
    pub channel: Option<Channel>,
}

/// How many messages wait on a channel in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageCount {
    /// The channel.
    pub channel: Channel,
    /// The state: pending, leased or failed.
    pub state: MessageState,
    /// How many.
    pub count: u64,
    /// The earliest time at which one of them is or was to be tried.
    pub oldest: Timestamp,
}

#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Columns {
    network_id: String,
    id: String,
    event_id: String,
    event_kind: String,
    template: String,
    recipient: String,
    subject: String,
    channel: String,
    state: String,
    due_time: i64,
    expire_time: Option<i64>,
    attempts: i64,
    next_time: i64,
    provider_reference: String,
    failure: Option<String>,
    create_time: i64,
    provider_id: Option<String>,
    sent_time: Option<i64>,
}

fn read(row: Columns) -> Result<Message> {
    let id = row.id;
    let corrupt = |column| Error::Corrupt { table: TABLE, column, id: id.clone() };
    let time = |micros, column| Timestamp::from_microsecond(micros).map_err(|_| corrupt(column));
    Ok(Message {
        network: row.network_id.parse().map_err(|_| corrupt("network_id"))?,
        id: id.parse().map_err(|_| corrupt("id"))?,
        event: row.event_id.parse().map_err(|_| corrupt("event_id"))?,
        event_kind: row.event_kind,
        template: row.template,
        recipient: row.recipient,
        subject: row.subject,
        channel: channel(&row.channel).ok_or_else(|| corrupt("channel"))?,
        state: MessageState::from_code(&row.state).ok_or_else(|| corrupt("state"))?,
        due_time: time(row.due_time, "due_time")?,
        expire_time: row.expire_time.map(|micros| time(micros, "expire_time")).transpose()?,
        attempts: u32::try_from(row.attempts).map_err(|_| corrupt("attempts"))?,
        next_time: time(row.next_time, "next_time")?,
        provider_reference: row.provider_reference,
        provider_id: row.provider_id,
        failure: row.failure,
        sent_time: row.sent_time.map(|micros| time(micros, "sent_time")).transpose()?,
        create_time: time(row.create_time, "create_time")?,
    })
}

pub(crate) fn all(rows: Vec<Columns>) -> Result<Vec<Message>> {
    rows.into_iter().map(read).collect()
}

impl Tx {
    /// The database's own time: leases of several processes are measured by one clock.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn database_time(&mut self) -> Result<Timestamp> {
        let micros = self.database_micros().await?;
        let corrupt = |_| Error::Corrupt { table: TABLE, column: "time", id: "database".to_owned() };
        Timestamp::from_microsecond(micros).map_err(corrupt)
    }

    /// Writes a new message, unless its event has already told its recipient the same. Answers whether it was written.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn insert_message(&mut self, message: &Message) -> Result<bool> {
        let id = message.id.hyphenated().to_string();
        let row = values![
            message.network.as_str(),
            &id,
            message.event.as_str(),
            &message.event_kind,
            &message.template,
            &message.recipient,
            &message.subject,
            channel_code(message.channel),
            message.state.code(),
            message.due_time,
            message.expire_time,
            i64::from(message.attempts),
            message.next_time,
            &message.provider_reference,
            message.failure.as_deref(),
            message.create_time,
        ];
        Ok(self.execute(INSERT, row).await? == 1)
    }

    /// Drops what waits to be told about a resource: to one recipient and of some templates (codes), if given. Answers how many.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn drop_messages(
        &mut self,
        network: &NetworkId,
        subject: &str,
        recipient: Option<&str>,
        templates: &[&str],
        failure: &str,
        now: Timestamp,
    ) -> Result<u64> {
        let listed = (!templates.is_empty()).then(|| format!(",{},", templates.join(",")));
        self.execute(DROP_PENDING, values![network.as_str(), subject, recipient, listed.as_deref(), failure, now]).await
    }

    /// Drops all that waits for a recipient, who is erased or gone. Answers how many.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn drop_messages_to(
        &mut self,
        network: &NetworkId,
        recipient: &str,
        failure: &str,
        now: Timestamp,
    ) -> Result<u64> {
        self.execute(DROP_RECIPIENT, values![network.as_str(), recipient, failure, now]).await
    }

    /// Lets a message that was given up, or that was tried and waits for its next try, be tried now, but not before it is due. Answers whether
    /// it was one.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn retry_message(&mut self, network: &NetworkId, id: Uuid, now: Timestamp) -> Result<bool> {
        let id = id.hyphenated().to_string();
        Ok(self.execute(RETRY, values![network.as_str(), &id, now]).await? == 1)
    }

    /// A message by its id.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if its row cannot be read, else any [`Error`] of the store.
    pub async fn message(&mut self, network: &NetworkId, id: Uuid) -> Result<Option<Message>> {
        let id = id.hyphenated().to_string();
        self.row(GET, values![network.as_str(), &id]).await?.map(read).transpose()
    }

    /// A message by what providers are told it is.
    ///
    /// # Errors
    /// As [`Tx::message`].
    pub async fn message_by_reference(&mut self, reference: &str) -> Result<Option<Message>> {
        self.row(BY_REFERENCE, values![reference]).await?.map(read).transpose()
    }

    /// A message by what the provider calls it; none if that names several.
    ///
    /// # Errors
    /// As [`Tx::message`].
    pub async fn message_by_provider(&mut self, provider_id: &str) -> Result<Option<Message>> {
        let mut found = all(self.rows(BY_PROVIDER, values![provider_id]).await?)?;
        Ok(if found.len() == 1 { found.pop() } else { None })
    }

    /// One page of a network's messages, oldest first.
    ///
    /// # Errors
    /// As [`Tx::message`].
    pub async fn list_messages(
        &mut self,
        network: &NetworkId,
        filter: &MessageFilter,
        page: &PageRequest,
    ) -> Result<Page<Message>> {
        let row = values![
            network.as_str(),
            filter.state.map(MessageState::code),
            filter.recipient.as_deref(),
            filter.subject.as_deref(),
            filter.channel.map(channel_code),
            page.after.as_deref().unwrap_or(""),
            i64::from(page.rows()) + 1,
        ];
        let rows = all(self.rows(LIST, row).await?)?;
        Ok(Page::cut(rows, page, |message| message.id.hyphenated().to_string()))
    }

    /// What messages of a template a recipient got from an instant on, or will get, are about, and when each came or will come; another
    /// message (by id) apart; at most [`TIMES_MAX`].
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a time cannot be read, else any [`Error`] of the store.
    pub async fn messages_since(
        &mut self,
        network: &NetworkId,
        recipient: &str,
        template: &str,
        since: Timestamp,
        apart: Uuid,
    ) -> Result<Vec<(String, Timestamp)>> {
        let id = apart.hyphenated().to_string();
        let row = values![network.as_str(), recipient, template, since, &id, TIMES_MAX];
        let rows: Vec<(String, i64)> = self.rows(TIMES, row).await?;
        let corrupt = |_| Error::Corrupt { table: TABLE, column: "sent_time", id: recipient.to_owned() };
        rows.into_iter()
            .map(|(subject, micros)| Ok((subject, Timestamp::from_microsecond(micros).map_err(corrupt)?)))
            .collect()
    }

    /// What waits, is in work or was given up, by channel and state: for gauges.
    ///
    /// # Errors
    /// As [`Tx::message`].
    pub async fn message_counts(&mut self) -> Result<Vec<MessageCount>> {
        let rows: Vec<(String, String, i64, i64)> = self.rows(COUNTS, &[]).await?;
        let corrupt = |column| Error::Corrupt { table: TABLE, column, id: "count".to_owned() };
        rows.into_iter()
            .map(|(code, state, count, oldest)| {
                Ok(MessageCount {
                    channel: channel(&code).ok_or_else(|| corrupt("channel"))?,
                    state: MessageState::from_code(&state).ok_or_else(|| corrupt("state"))?,
                    count: count.unsigned_abs(),
                    oldest: Timestamp::from_microsecond(oldest).map_err(|_| corrupt("next_time"))?,
                })
            })
            .collect()
    }
}
