//! History: one row for each thing that happened, and an outbox row beside it when somebody is to be told.

use domain::{Event, EventId, NetworkId};

use crate::error::{Cause, Error, Result};
use crate::outbox::OutboxState;
use crate::page::{Page, PageRequest};
use crate::tx::{Tx, key_text, values};

const TABLE: &str = "event";
const INSERT: &str = "insert into event (network_id, id, kind, subject, time, body) values ($1, $2, $3, $4, $5, $6)";
const OUTBOX: &str = "insert into outbox (network_id, event_id, kind, state, attempts, next_time, create_time) \
    values ($1, $2, $3, $4, $5, $6, $6)";
const OF_SUBJECT: &str = "select id, body from event \
    where network_id = $1 and ($2 is null or subject = $2) and id > $3 order by id limit $4";

const LAST_OF_SUBJECT: &str = "select id, body from event \
    where network_id = $1 and subject = $2 order by id desc limit 1";

const GET: &str = "select id, body from event where network_id = $1 and id = $2";

type EventRow = (String, String);

pub(crate) fn read((id, body): EventRow) -> Result<Event> {
    let corrupt = |column| Error::Corrupt { table: TABLE, column, id: id.clone() };
    let event: Event = serde_json::from_str(&body).map_err(|_| corrupt("body"))?;
    if event.id.as_str() == id { Ok(event) } else { Err(corrupt("id")) }
}

impl Tx {
    /// Writes down what happened; with it, in the same transaction, that somebody is to be told, if its kind says so.
    ///
    /// # Errors
    /// [`Error::Conflict`] if its id is taken, [`Error::Unstorable`] for a subject no engine can hold, else any [`Error`] of the store.
    pub async fn record(&mut self, event: &Event) -> Result<()> {
        key_text(TABLE, "subject", &event.subject)?;
        let body = serde_json::to_string(event).map_err(|error| Error::Driver(Cause::new(error)))?;
        let (network, id, kind) = (event.network.as_str(), event.id.as_str(), event.kind.code());
        self.execute(INSERT, values![network, id, kind, &event.subject, event.time, &body]).await?;
        if !self.recorded.contains(network) {
            self.recorded.insert(network.to_owned());
        }
        if event.kind.notifies() {
            self.execute(OUTBOX, values![network, id, kind, OutboxState::Pending.code(), 0_i64, event.time]).await?;
        }
        Ok(())
    }

    /// Something that happened, by its id.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if its row cannot be read, else any [`Error`] of the store.
    pub async fn event(&mut self, network: &NetworkId, id: &EventId) -> Result<Option<Event>> {
        self.row(GET, values![network.as_str(), id.as_str()]).await?.map(read).transpose()
    }

    /// One page of what happened in a network, oldest first; only to one resource (`gigs/g1`) if given.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a row cannot be read, else any [`Error`] of the store.
    pub async fn events_of(
        &mut self,
        network: &NetworkId,
        subject: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Event>> {
        let after = page.after.as_deref().unwrap_or("");
        let rows: Vec<EventRow> =
            self.rows(OF_SUBJECT, values![network.as_str(), subject, after, i64::from(page.rows()) + 1]).await?;
        let events = rows.into_iter().map(read).collect::<Result<Vec<Event>>>()?;
        Ok(Page::cut(events, page, |event| event.id.to_string()))
    }

    /// What happened last to one resource (`gigs/g1`), if anything did.
    ///
    /// # Errors
    /// As [`Tx::events_of`].
    pub async fn last_event_of(&mut self, network: &NetworkId, subject: &str) -> Result<Option<Event>> {
        self.row(LAST_OF_SUBJECT, values![network.as_str(), subject]).await?.map(read).transpose()
    }
}
