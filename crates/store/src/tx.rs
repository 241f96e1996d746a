//! One transaction, and the two primitives that everything else is written with: run a statement, fetch its rows.
//!
//! Here, and nowhere else, a body is pasted once per engine, so that each copy has concrete connection types.

use std::collections::BTreeSet;

use domain::Timestamp;
use sqlx::postgres::{PgRow, Postgres};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{FromRow, Transaction};

use crate::change::Touches;
use crate::engine::Engine;
use crate::error::{Error, Result};

/// One transaction. Dropped without [`Tx::finish`] or [`Tx::commit`], it is rolled back.
#[derive(Debug)]
pub struct Tx {
    pub(crate) inner: Inner,
    /// What was written so far: noted with the commit.
    pub(crate) touches: Touches,
    /// The networks in which something happened: its events get their places with the commit.
    pub(crate) recorded: BTreeSet<String>,
}

impl From<Inner> for Tx {
    fn from(inner: Inner) -> Self {
        Self { inner, touches: Touches::default(), recorded: BTreeSet::new() }
    }
}

/// A transaction of either engine.
#[derive(Debug)]
pub(crate) enum Inner {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

/// A value bound to a placeholder, in one of the forms that both engines store alike.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    /// A text or null.
    Text(Option<&'a str>),
    /// A number or null; instants are microseconds since 1970.
    Int(Option<i64>),
    /// Bytes or null.
    Bytes(Option<&'a [u8]>),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(time: Timestamp) -> Self {
        Self::Int(Some(time.as_microsecond()))
    }
}

impl From<Option<Timestamp>> for Value<'_> {
    fn from(time: Option<Timestamp>) -> Self {
        Self::Int(time.map(Timestamp::as_microsecond))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(Some(bytes))
    }
}

impl<'a> From<Option<&'a [u8]>> for Value<'a> {
    fn from(bytes: Option<&'a [u8]>) -> Self {
        Self::Bytes(bytes)
    }
}

/// The values of a statement, in the order of its placeholders.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::tx::Value::from($value)),*] };
}
pub(crate) use values;

/// A row that reads alike from both engines: a struct that derives `FromRow`, or a tuple.
pub(crate) trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl<R> Row for R where R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// Pastes a body once per engine, with the connection and the bound query.
macro_rules! on_engine {
    ($tx:expr, $query:expr, $values:expr, |$connection:ident, $bound:ident| $body:expr) => {
        match &mut $tx.inner {
            Inner::Sqlite(transaction) => {
                let $connection = &mut **transaction;
                let mut $bound = $query;
                bind_all!($bound, $values);
                $body
            }
            Inner::Postgres(transaction) => {
                let $connection = &mut **transaction;
                let mut $bound = $query;
                bind_all!($bound, $values);
                $body
            }
        }
    };
}

macro_rules! bind_all {
    ($bound:ident, $values:expr) => {
        for value in $values {
            $bound = match *value {
                Value::Text(text) => $bound.bind(text),
                Value::Int(number) => $bound.bind(number),
                Value::Bytes(bytes) => $bound.bind(bytes),
            };
        }
    };
}

impl Tx {
    /// The engine it runs on.
    pub(crate) fn engine(&self) -> Engine {
        match &self.inner {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement; answers how many rows it touched.
    pub(crate) async fn execute(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64> {
        let done = on_engine!(self, sqlx::query(sql), values, |connection, bound| {
            bound.execute(connection).await.map(|done| done.rows_affected())
        });
        done.map_err(Error::from)
    }

    /// Runs a question; answers all its rows.
    pub(crate) async fn rows<R: Row>(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<R>> {
        let rows = on_engine!(self, sqlx::query_as(sql), values, |connection, bound| bound.fetch_all(connection).await);
        rows.map_err(Error::from)
    }

    /// Runs a question that has at most one row.
    pub(crate) async fn row<R: Row>(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<R>> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Whether a question has a row. It selects `cast(1 as bigint)`.
    pub(crate) async fn exists(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<bool> {
        Ok(self.row::<(i64,)>(sql, values).await?.is_some())
    }

    /// Makes everything written in it durable, without an audit row: for migrations of data and tests. Use cases call
    /// [`Tx::finish`].
    ///
    /// # Errors
    /// Any [`Error`] of the store; nothing is stored then.
    pub async fn commit(mut self) -> Result<()> {
        self.note_changes().await?;
        match self.inner {
            Inner::Sqlite(transaction) => transaction.commit().await,
            Inner::Postgres(transaction) => transaction.commit().await,
        }
        .map_err(Error::from)
    }

    /// Forgets everything written in it.
    ///
    /// # Errors
    /// Any [`Error`] of the store; nothing is stored either way.
    pub async fn rollback(self) -> Result<()> {
        match self.inner {
            Inner::Sqlite(transaction) => transaction.rollback().await,
            Inner::Postgres(transaction) => transaction.rollback().await,
        }
        .map_err(Error::from)
    }
}

/// Longest text of a key column, in bytes: an index entry must hold it on both engines.
pub(crate) const KEY_TEXT_BYTES_MAX: usize = 1_000;

/// Refuses a text that one of the engines could not hold in a key column.
pub(crate) fn key_text(table: &'static str, column: &'static str, text: &str) -> Result<()> {
    if text.len() > KEY_TEXT_BYTES_MAX || text.contains('\0') {
        Err(Error::Unstorable { table, column })
    } else {
        Ok(())
    }
}
