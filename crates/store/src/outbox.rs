//! The outbox: what is still to be told, and how the telling went. Rows are made by [`Tx::record`].

use domain::event::EventKind;
use domain::{EventId, NetworkId, Timestamp};

use crate::error::{Error, Result};
use crate::page::{Page, PageRequest};
use crate::tx::{Tx, values};

const TABLE: &str = "outbox";

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "select network_id, event_id, kind, state, attempts, next_time, create_time from outbox where network_id = $1 and ",
            $condition
        )
    };
}

const GET: &str = select!("event_id = $2");
const LIST: &str = select!("($2 is null or state = $2) and event_id > $3 order by event_id limit $4");

macro_rules! next {
    ($lock:literal) => {
        concat!(
            "select network_id, event_id, kind, state, attempts, next_time, create_time from outbox \
             where state = 'pending' and next_time <= $1 order by next_time, event_id limit $2",
            $lock
        )
    };
}

const NEXT_ALONE: &str = next!("");
const NEXT_LOCKED: &str = next!(" for update skip locked");
const SETTLE: &str =
    "update outbox set state = $3, attempts = $4, next_time = $5 where network_id = $1 and event_id = $2";

const QUEUE: &str = "select id, is_message from (\
    select event_id as id, cast(0 as bigint) as is_message from outbox \
        where network_id = $1 and state <> 'delivered' and ($2 is null or $2 like '%,' || state || ',%') and event_id > $3 \
    union all select id, cast(1 as bigint) as is_message from message \
        where network_id = $1 and ($2 is null or $2 like '%,' || state || ',%') and id > $3) as queue \
    order by id, is_message limit $4";

/// Where an outbox row is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutboxState {
    /// Still to be told.
    Pending,
    /// Everybody was told.
    Delivered,
    /// Given up after the last attempt.
    Failed,
}

impl OutboxState {
    /// The state as stored and shown.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Pending, Self::Delivered, Self::Failed].into_iter().find(|state| state.code() == code)
    }
}

/// An event that somebody is to be told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// The network.
    pub network: NetworkId,
    /// The event.
    pub event: EventId,
    /// Its kind.
    pub kind: EventKind,
    /// Where the telling is in its life.
    pub state: OutboxState,
    /// Attempts made.
    pub attempts: u32,
    /// When the next attempt is due.
    pub next_time: Timestamp,
    /// When the event was written.
    pub create_time: Timestamp,
}

type Columns = (String, String, String, String, i64, i64, i64);

fn read((network, event, kind, state, attempts, next_time, create_time): Columns) -> Result<OutboxRow> {
    let corrupt = |column| Error::Corrupt { table: TABLE, column, id: event.clone() };
    let time = |micros, column| Timestamp::from_microsecond(micros).map_err(|_| corrupt(column));
    Ok(OutboxRow {
        network: network.parse().map_err(|_| corrupt("network_id"))?,
        event: event.parse().map_err(|_| corrupt("event_id"))?,
        kind: serde_json::from_value(serde_json::Value::String(kind)).map_err(|_| corrupt("kind"))?,
        state: OutboxState::from_code(&state).ok_or_else(|| corrupt("state"))?,
        attempts: u32::try_from(attempts).map_err(|_| corrupt("attempts"))?,
        next_time: time(next_time, "next_time")?,
        create_time: time(create_time, "create_time")?,
    })
}

impl Tx {
    /// The outbox row of an event, if it has one.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the row cannot be read, else any [`Error`] of the store.
    pub async fn outbox_row(&mut self, network: &NetworkId, event: &EventId) -> Result<Option<OutboxRow>> {
        self.row(GET, values![network.as_str(), event.as_str()]).await?.map(read).transpose()
    }

    /// One page of a network's outbox, oldest event first; only in one state if given.
    ///
    /// # Errors
    /// As [`Tx::outbox_row`].
    pub async fn list_outbox(
        &mut self,
        network: &NetworkId,
        state: Option<OutboxState>,
        page: &PageRequest,
    ) -> Result<Page<OutboxRow>> {
        let (state, after) = (state.map(OutboxState::code), page.after.as_deref().unwrap_or(""));
        let rows: Vec<Columns> =
            self.rows(LIST, values![network.as_str(), state, after, i64::from(page.rows()) + 1]).await?;
        let rows = rows.into_iter().map(read).collect::<Result<Vec<OutboxRow>>>()?;
        Ok(Page::cut(rows, page, |row| row.event.to_string()))
    }

    /// The event that has waited longest, kept from others' hands until this transaction ends; one that another holds is passed by.
    ///
    /// # Errors
    /// As [`Tx::outbox_row`].
    pub async fn next_outbox(&mut self, now: Timestamp) -> Result<Option<OutboxRow>> {
        Ok(self.next_outbox_rows(now, 1).await?.pop())
    }

    /// Up to `rows` events that have waited longest, in their order; else as [`Tx::next_outbox`].
    ///
    /// # Errors
    /// As [`Tx::outbox_row`].
    pub async fn next_outbox_rows(&mut self, now: Timestamp, rows: u32) -> Result<Vec<OutboxRow>> {
        let sql = if self.engine().locks_rows() { NEXT_LOCKED } else { NEXT_ALONE };
        let found: Vec<Columns> = self.rows(sql, values![now, i64::from(rows)]).await?;
        found.into_iter().map(read).collect()
    }

    /// Writes how the telling of an event went: its state, tries and next time.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn settle_outbox(&mut self, row: &OutboxRow) -> Result<()> {
        let (network, event) = (row.network.as_str(), row.event.as_str());
        let row = values![network, event, row.state.code(), i64::from(row.attempts), row.next_time];
        self.execute(SETTLE, row).await.map(drop)
    }

    /// One page of what a network has to tell, oldest first: events that wait, and messages, by id and whether it is a message; only in some
    /// states (codes) if given.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn list_queue(
        &mut self,
        network: &NetworkId,
        states: &[&str],
        page: &PageRequest,
    ) -> Result<Page<(String, bool)>> {
        let states = (!states.is_empty()).then(|| format!(",{},", states.join(",")));
        let after = page.after.as_deref().unwrap_or("");
        let row = values![network.as_str(), states.as_deref(), after, i64::from(page.rows()) + 1];
        let rows: Vec<(String, i64)> = self.rows(QUEUE, row).await?;
        let rows = rows.into_iter().map(|(id, is_message)| (id, is_message == 1)).collect();
        Ok(Page::cut(rows, page, |(id, _)| id.clone()))
    }
}
