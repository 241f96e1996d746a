//! Resources as versioned JSON documents beside typed key columns: what a resource declares, and the operations written once for all.

mod asking;
mod association;
mod bulk;
mod gig;
mod kind;
mod network;
mod offer;
mod plan;
mod seeker;
mod skill;
mod sql;
mod volunteer;

use std::collections::VecDeque;
use std::fmt::{Debug, Display};

use domain::{Meta, NetworkId, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::task::{JoinHandle, spawn_blocking};

use bulk::Bulk;
pub use sql::Statements;

use crate::error::{Cause, Error, Result};
use crate::page::{Filter, Page, PageRequest, ROWS_MAX};
use crate::tx::{Tx, Value, key_text, values};

/// An identifier that a resource is found by.
pub trait DocumentId: Debug + Display + Clone + PartialEq + Eq + Ord + Send + Sync + 'static {
    /// The identifier as text.
    fn as_str(&self) -> &str;
}

macro_rules! document_ids {
    ($($id:ident),*) => {$(
        impl DocumentId for domain::$id {
            fn as_str(&self) -> &str {
                domain::$id::as_str(self)
            }
        }
    )*};
}

document_ids!(NetworkId, AssociationId, VolunteerId, SeekerId, KindId, SkillId, GigId, OfferId, PlanId);

/// What a resource puts into the key columns, beside network, id, version and times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Keys<'a> {
    /// The association it belongs to.
    pub association: Option<&'a str>,
    /// Its key in somebody's own list: unique within the network and collection.
    pub external_id: Option<&'a str>,
    /// The code of its state; empty for a resource without states.
    pub state: &'static str,
    /// Its kind.
    pub kind: Option<&'a str>,
    /// Its seeker.
    pub seeker: Option<&'a str>,
    /// When it first starts.
    pub starts: Option<Timestamp>,
    /// When it last ends.
    pub ends: Option<Timestamp>,
}

/// A resource that the store keeps whole, as a JSON document.
pub trait Document: Serialize + DeserializeOwned + Clone + Debug + Send + Sync + 'static {
    /// Its identifier.
    type Id: DocumentId;
    /// Its table, which is also the word for one of it: `volunteer`.
    const TABLE: &'static str;
    /// The word for many of it, as in its name: `volunteers`.
    const COLLECTION: &'static str;

    /// The network it belongs to.
    fn network(&self) -> &NetworkId;
    /// Its identifier.
    fn id(&self) -> &Self::Id;
    /// Its version and times.
    fn meta(&self) -> &Meta;
    /// Its version and times, to be changed with every write.
    fn meta_mut(&mut self) -> &mut Meta;
    /// What goes into the key columns.
    fn keys(&self) -> Keys<'_>;
    /// The static texts for its table.
    #[doc(hidden)]
    fn statements() -> &'static Statements;

    /// Its name below the network: `volunteers/v1`.
    fn name(&self) -> String {
        format!("{}/{}", Self::COLLECTION, self.id())
    }

    /// Its full name: `networks/kouvola/volunteers/v1`. A network's is `networks/kouvola`.
    fn full_name(&self) -> String {
        if Self::COLLECTION == "networks" {
            self.name()
        } else {
            format!("networks/{}/{}", self.network(), self.name())
        }
    }
}

/// Rows of a part of a long list: their texts together are of a size that memory is given anew for without asking the system.
const PART: i64 = 256;
/// Most parts that wait for their turn to become documents.
const PARTS_MAX: usize = 8;

/// What became of an insertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "an insertion may have found its id taken"]
pub enum Inserted {
    /// It is stored.
    Done,
    /// Another has this id in the network; nothing was stored.
    IdTaken,
    /// Another has this external id in the network; nothing was stored.
    ExternalIdTaken,
}

/// A document's row: id, version, body.
type DocumentRow = (String, i64, String);

pub(crate) fn read<D: Document>((id, version, body): DocumentRow) -> Result<D> {
    read_text(&id, version, &body)
}

/// The document of a row.
fn read_text<D: Document>(id: &str, version: i64, body: &str) -> Result<D> {
    let corrupt = |column| Error::Corrupt { table: D::TABLE, column, id: id.to_owned() };
    let document: D = serde_json::from_str(body).map_err(|_| corrupt("body"))?;
    if document.id().as_str() != id {
        return Err(corrupt("id"));
    }
    if document.meta().version != version {
        return Err(corrupt("version"));
    }
    Ok(document)
}

fn body<D: Document>(document: &D) -> Result<String> {
    if let Some(external_id) = document.keys().external_id {
        key_text(D::TABLE, "external_id", external_id)?;
    }
    serde_json::to_string(document).map_err(|error| Error::Driver(Cause::new(error)))
}

/// The conditions of a filter, bound in the order of the placeholders $2 to $7.
macro_rules! filter_values {
    ($network:expr, $filter:expr, $states:expr $(, $more:expr)*) => {
        values![
            $network.as_str(),
            $filter.association.as_ref().map(domain::AssociationId::as_str),
            $states.as_deref(),
            $filter.kind.as_ref().map(domain::KindId::as_str),
            $filter.seeker.as_ref().map(domain::SeekerId::as_str),
            $filter.from,
            $filter.to
            $(, $more)*
        ]
    };
}

impl Tx {
    async fn document<D: Document>(&mut self, sql: &'static str, key: &[Value<'_>]) -> Result<Option<D>> {
        self.row::<DocumentRow>(sql, key).await?.map(read).transpose()
    }

    /// A resource by its id.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if its row cannot be read, else any [`Error`] of the store.
    pub async fn get<D: Document>(&mut self, network: &NetworkId, id: &D::Id) -> Result<Option<D>> {
        self.document(D::statements().get, values![network.as_str(), id.as_str()]).await
    }

    /// A resource by its id, kept from others' hands until this transaction ends. Order of locks: the gig, then volunteers by id.
    ///
    /// # Errors
    /// [`Error::Busy`] if another transaction holds it too long, else as [`Tx::get`].
    pub async fn get_locked<D: Document>(&mut self, network: &NetworkId, id: &D::Id) -> Result<Option<D>> {
        let statements = D::statements();
        let sql = if self.engine().locks_rows() { statements.get_for_update } else { statements.get };
        self.document(sql, values![network.as_str(), id.as_str()]).await
    }

    /// A resource by its id, kept from deletion until this transaction ends: for what a new resource refers to. A deletion takes the
    /// resource with [`Tx::get_locked`] first and then looks for what refers to it; so neither misses the other.
    ///
    /// # Errors
    /// As [`Tx::get_locked`].
    pub async fn get_kept<D: Document>(&mut self, network: &NetworkId, id: &D::Id) -> Result<Option<D>> {
        let statements = D::statements();
        let sql = if self.engine().locks_rows() { statements.get_for_key_share } else { statements.get };
        self.document(sql, values![network.as_str(), id.as_str()]).await
    }

    /// A resource by its key in somebody's own list.
    ///
    /// # Errors
    /// As [`Tx::get`].
    pub async fn by_external_id<D: Document>(&mut self, network: &NetworkId, external_id: &str) -> Result<Option<D>> {
        key_text(D::TABLE, "external_id", external_id)?;
        self.document(D::statements().by_external_id, values![network.as_str(), external_id]).await
    }

    /// Stores a new resource, unless its id or external id is taken.
    ///
    /// # Errors
    /// [`Error::Unstorable`] for an external id no engine can hold, else any [`Error`] of the store.
    pub async fn insert<D: Document>(&mut self, document: &D) -> Result<Inserted> {
        let body = body(document)?;
        let (statements, keys, meta) = (D::statements(), document.keys(), document.meta());
        let (network, id) = (document.network().as_str(), document.id().as_str());
        let stored = self
            .execute(
                statements.insert,
                values![
                    network,
                    id,
                    keys.association,
                    keys.external_id,
                    keys.state,
                    keys.kind,
                    keys.seeker,
                    keys.starts,
                    keys.ends,
                    meta.version,
                    meta.create_time,
                    meta.update_time,
                    &body,
                ],
            )
            .await?;
        if stored == 1 {
            self.touch(network, D::TABLE, id);
            Ok(Inserted::Done)
        } else if self.exists(statements.exists, values![network, id]).await? {
            Ok(Inserted::IdTaken)
        } else {
            Ok(Inserted::ExternalIdTaken)
        }
    }

    /// Stores a changed resource (its `meta` already [`changed`](Meta::changed)) if the stored version is still `from_version`.
    /// Answers whether it was.
    ///
    /// # Errors
    /// [`Error::Conflict`] if another resource has its new external id, [`Error::Unstorable`] for one no engine can hold, else any
    /// [`Error`] of the store.
    pub async fn update<D: Document>(&mut self, document: &D, from_version: i64) -> Result<bool> {
        debug_assert!(document.meta().version > from_version, "a changed resource has a later version");
        let body = body(document)?;
        let (keys, meta) = (document.keys(), document.meta());
        let changed = self
            .execute(
                D::statements().update,
                values![
                    document.network().as_str(),
                    document.id().as_str(),
                    from_version,
                    keys.association,
                    keys.external_id,
                    keys.state,
                    keys.kind,
                    keys.seeker,
                    keys.starts,
                    keys.ends,
                    meta.version,
                    meta.update_time,
                    &body,
                ],
            )
            .await?;
        if changed == 1 {
            self.touch(document.network().as_str(), D::TABLE, document.id().as_str());
        }
        Ok(changed == 1)
    }

    /// Deletes a resource, if it is there and (when told) still of that version. Answers whether it was.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn delete<D: Document>(&mut self, network: &NetworkId, id: &D::Id, version: Option<i64>) -> Result<bool> {
        let deleted = self.execute(D::statements().delete, values![network.as_str(), id.as_str(), version]).await?;
        if deleted == 1 {
            self.touch(network.as_str(), D::TABLE, id.as_str());
        }
        Ok(deleted == 1)
    }

    /// One page of a network's resources, by id.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a row cannot be read, else any [`Error`] of the store.
    pub async fn list<D: Document>(
        &mut self,
        network: &NetworkId,
        filter: &Filter,
        page: &PageRequest,
    ) -> Result<Page<D>> {
        let states = filter.states_text();
        let after = page.after.as_deref().unwrap_or("");
        let limit = i64::from(page.rows()) + 1;
        let rows: Vec<DocumentRow> =
            self.rows(D::statements().list, filter_values!(network, filter, states, after, limit)).await?;
        let documents = rows.into_iter().map(read).collect::<Result<Vec<D>>>()?;
        Ok(Page::cut(documents, page, |document| document.id().to_string()))
    }

    /// All of a network's resources that pass a filter, by id.
    ///
    /// # Errors
    /// [`Error::TooMany`] above [`ROWS_MAX`], [`Error::Corrupt`] if a row cannot be read, else any [`Error`] of the store.
    pub async fn all<D: Document>(&mut self, network: &NetworkId, filter: &Filter) -> Result<Vec<D>> {
        self.all_as(network, filter, |document| document).await
    }

    /// The same, each made into something else as soon as it is read, on one of the threads that read them.
    ///
    /// # Errors
    /// As [`Tx::all`].
    pub async fn all_as<D: Document, T: Send + 'static>(
        &mut self,
        network: &NetworkId,
        filter: &Filter,
        make: impl Fn(D) -> T + Clone + Send + 'static,
    ) -> Result<Vec<T>> {
        let states = filter.states_text();
        let mut found: Vec<T> = Vec::new();
        // One part is read from the database while others become documents, each on a thread of its own.
        let mut parts: VecDeque<JoinHandle<Result<Vec<T>>>> = VecDeque::new();
        let (mut after, mut read_so_far) = (String::new(), 0);
        loop {
            let part: Vec<Bulk> =
                self.rows(D::statements().bulk, filter_values!(network, filter, states, after.as_str(), PART)).await?;
            let Some((rows, last, text)) = part.into_iter().next() else { return Ok(found) };
            let is_last = rows < PART;
            read_so_far += rows;
            if read_so_far > i64::from(ROWS_MAX) {
                return Err(Error::TooMany { table: D::TABLE, max: ROWS_MAX });
            }
            let text = text.unwrap_or_default();
            if is_last && parts.is_empty() && found.is_empty() {
                return bulk::documents(&text, make);
            }
            after = last.unwrap_or_default();
            let make = make.clone();
            parts.push_back(spawn_blocking(move || bulk::documents(&text, make)));
            while parts.len() >= PARTS_MAX || (is_last && !parts.is_empty()) {
                if let Some(part) = parts.pop_front() {
                    found.extend(part.await.map_err(|error| Error::Driver(Cause::new(error)))??);
                }
            }
            if is_last {
                return Ok(found);
            }
        }
    }

    /// How many of a network's resources pass a filter.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn count<D: Document>(&mut self, network: &NetworkId, filter: &Filter) -> Result<u64> {
        let states = filter.states_text();
        let row: Option<(i64,)> = self.row(D::statements().count, filter_values!(network, filter, states)).await?;
        Ok(row.map_or(0, |(count,)| count.unsigned_abs()))
    }
}
