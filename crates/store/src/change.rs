//! The change cursor: what was written in a network since one last looked, in the order of commits.
//!
//! A transaction remembers which volunteers, seekers, gigs, assignments, kinds and plans it wrote, and notes them with its very last statements.
//! The head row of the network is locked from there to the end of the commit, so that numbers are given in the order of commits: whoever
//! sees number 7 sees everything up to 7. What happened in the transaction has that number as its place in the history of events. (The lock is always the last one taken, and networks are taken in order: no deadlock.)
//! Every note carries a random stamp. A database that was restored from a backup goes on with other stamps under the same numbers, so that
//! a cursor from before is found lost instead of being believed.

use std::collections::{BTreeMap, BTreeSet};

use domain::{AssignmentId, GigId, KindId, NetworkId, PlanId, SeekerId, VolunteerId};
use uuid::Uuid;

use crate::engine::{Database, Pools};
use crate::error::{Cause, Error, Result};
use crate::tx::{Tx, values};

/// How many writes of a network are remembered: a cursor further back is lost.
pub const CHANGES_KEPT: i64 = 10_000;

/// Most rows that one note names; a bigger write leaves several.
const ITEMS_MAX: usize = 1_000;

const TABLE: &str = "change";
/// Tables whose rows are followed.
const FOLLOWED: [&str; 6] = ["volunteer", "seeker", "gig", "assignment", "kind", "plan"];

const NEXT: &str = "insert into change_head (network_id, seq, stamp) values ($1, 1, $2) \
    on conflict (network_id) do update set seq = change_head.seq + 1, stamp = excluded.stamp returning seq";
const NOTE: &str = "insert into change (network_id, seq, stamp, items) values ($1, $2, $3, $4)";
const HEAD: &str = "select seq, stamp from change_head where network_id = $1";
const FROM: &str = "select seq, stamp, items from change where network_id = $1 and seq >= $2 order by seq";
const PRUNE: &str = "delete from change where seq < \
    (select change_head.seq from change_head where change_head.network_id = change.network_id) - $1";

/// A place in a network's history of writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    seq: i64,
    stamp: i64,
}

/// A row that was written: created, changed or deleted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Touched {
    /// A volunteer.
    Volunteer(VolunteerId),
    /// A seeker.
    Seeker(SeekerId),
    /// A gig.
    Gig(GigId),
    /// An assignment.
    Assignment(AssignmentId),
    /// A kind of the catalogue.
    Kind(KindId),
    /// A plan.
    Plan(PlanId),
}

/// What happened after a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changes {
    /// These rows were written since; none if nothing was.
    Since {
        /// Where to go on from.
        upto: Cursor,
        /// What was written, each row once.
        touched: BTreeSet<Touched>,
    },
    /// The history no longer leads there: read everything anew.
    Lost {
        /// Where to go on from.
        upto: Cursor,
    },
}

/// What a transaction has written so far, by network: table and id.
pub(crate) type Touches = BTreeMap<String, BTreeSet<(&'static str, String)>>;

impl Cursor {
    fn of(head: Option<(i64, i64)>) -> Self {
        head.map_or_else(Self::default, |(seq, stamp)| Self { seq, stamp })
    }
}

impl Database {
    /// Where a network's history stands now: one question without a transaction around it, for those who ask often.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn cursor(&self, network: &NetworkId) -> Result<Cursor> {
        let head: Option<(i64, i64)> = match &self.0 {
            Pools::Sqlite { read, .. } => sqlx::query_as(HEAD).bind(network.as_str()).fetch_optional(read).await,
            Pools::Postgres(pool) => sqlx::query_as(HEAD).bind(network.as_str()).fetch_optional(pool).await,
        }
        .map_err(|error| self.begin_error(error))?;
        Ok(Cursor::of(head))
    }
}

impl Tx {
    /// Remembers that a row was written, if its table is followed.
    pub(crate) fn touch(&mut self, network: &str, table: &'static str, id: &str) {
        if FOLLOWED.contains(&table) {
            match self.touches.get_mut(network) {
                Some(of_network) => of_network.insert((table, id.to_owned())),
                None => self.touches.entry(network.to_owned()).or_default().insert((table, id.to_owned())),
            };
        }
    }

    /// Notes what was written: the last statements of a transaction.
    pub(crate) async fn note_changes(&mut self) -> Result<()> {
        let recorded = std::mem::take(&mut self.recorded);
        let mut touches = std::mem::take(&mut self.touches);
        for network in &recorded {
            touches.entry(network.clone()).or_default();
        }
        for (network, items) in touches {
            let items: Vec<(&str, String)> = items.into_iter().collect();
            let mut parts: Vec<&[(&str, String)]> = items.chunks(ITEMS_MAX).collect();
            if parts.is_empty() {
                // Something happened, and nothing that is followed was written.
                parts.push(&[]);
            }
            let mut place = 0;
            for part in parts {
                let items = serde_json::to_string(part).map_err(|error| Error::Driver(Cause::new(error)))?;
                let stamp = new_stamp();
                let (seq,): (i64,) = self
                    .row(NEXT, values![&network, stamp])
                    .await?
                    .ok_or_else(|| Error::Driver(Cause::new("the head of the changes gave no number")))?;
                self.execute(NOTE, values![&network, seq, stamp, &items]).await?;
                place = seq;
            }
            if recorded.contains(&network) {
                self.place_events(&network, place).await?;
            }
        }
        Ok(())
    }

    /// Where a network's history stands, as this transaction sees it.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn cursor(&mut self, network: &NetworkId) -> Result<Cursor> {
        let head: Option<(i64, i64)> = self.row(HEAD, values![network.as_str()]).await?;
        Ok(Cursor::of(head))
    }

    /// What was written in a network after a cursor and up to what this transaction sees.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a note cannot be read, else any [`Error`] of the store.
    pub async fn changes_after(&mut self, network: &NetworkId, cursor: Cursor) -> Result<Changes> {
        let upto = self.cursor(network).await?;
        if upto == cursor {
            return Ok(Changes::Since { upto, touched: BTreeSet::new() });
        }
        if upto.seq <= cursor.seq || upto.seq - cursor.seq > CHANGES_KEPT {
            return Ok(Changes::Lost { upto });
        }
        let notes: Vec<(i64, i64, String)> = self.rows(FROM, values![network.as_str(), cursor.seq]).await?;
        let ends = (notes.first(), notes.last());
        let leads =
            |end: Option<&(i64, i64, String)>, to: Cursor| end.is_some_and(|(s, t, _)| (*s, *t) == (to.seq, to.stamp));
        let whole = i64::try_from(notes.len()).is_ok_and(|count| count == upto.seq - cursor.seq + 1);
        if !(whole && leads(ends.0, cursor) && leads(ends.1, upto)) {
            return Ok(Changes::Lost { upto });
        }
        let mut touched = BTreeSet::new();
        for (seq, _, items) in &notes[1..] {
            let corrupt = || Error::Corrupt { table: TABLE, column: "items", id: format!("{network}/{seq}") };
            let items: Vec<(String, String)> = serde_json::from_str(items).map_err(|_| corrupt())?;
            for (table, id) in items {
                touched.extend(read(&table, &id).ok_or_else(corrupt)?);
            }
        }
        Ok(Changes::Since { upto, touched })
    }

    /// Forgets all but the last [`CHANGES_KEPT`] writes of every network; answers how many notes went.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn prune_changes(&mut self) -> Result<u64> {
        self.execute(PRUNE, values![CHANGES_KEPT]).await
    }
}

/// A number that no other history will have in the same place.
fn new_stamp() -> i64 {
    let (high, low) = Uuid::new_v4().as_u64_pair();
    (high ^ low.rotate_left(1)) as i64
}

/// A row by table and id: nothing for a table that only a newer program follows, none if the id is not one.
fn read(table: &str, id: &str) -> Option<Option<Touched>> {
    Some(Some(match table {
        "volunteer" => Touched::Volunteer(VolunteerId::new(id).ok()?),
        "seeker" => Touched::Seeker(SeekerId::new(id).ok()?),
        "gig" => Touched::Gig(GigId::new(id).ok()?),
        "assignment" => Touched::Assignment(AssignmentId::new(id).ok()?),
        "kind" => Touched::Kind(KindId::new(id).ok()?),
        "plan" => Touched::Plan(PlanId::new(id).ok()?),
        _ => return Some(None),
    }))
}
