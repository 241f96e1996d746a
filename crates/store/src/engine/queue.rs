//! The queue of jobs: the database's own clock, and the search for a job that nobody else is about to take.

use super::Engine;
use crate::error::{Cause, Error, Result};
use crate::tx::{Row, Tx, Value};

const SQLITE_TIME: &str = "select cast(unixepoch('now', 'subsec') * 1000000 as integer)";
const POSTGRES_TIME: &str = "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)";

/// One question in the words of each engine: on PostgreSQL the row found is locked, and rows that others have locked are passed by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

/// A question for one row that is about to be taken.
macro_rules! candidate {
    ($sql:literal) => {
        $crate::engine::Candidate { sqlite: $sql, postgres: concat!($sql, " for update skip locked") }
    };
}
pub(crate) use candidate;

impl Tx {
    /// The time of the database, which is the same for all its processes: microseconds since 1970.
    pub(crate) async fn database_micros(&mut self) -> Result<i64> {
        let sql = match self.engine() {
            Engine::Sqlite => SQLITE_TIME,
            Engine::Postgres => POSTGRES_TIME,
        };
        let (time,): (i64,) =
            self.row(sql, &[]).await?.ok_or_else(|| Error::Driver(Cause::new("the database told no time")))?;
        Ok(time)
    }

    /// The first row of a question that no other transaction is about to take. On SQLite there is one writer, and this is it.
    pub(crate) async fn candidate<R: Row>(&mut self, question: Candidate, values: &[Value<'_>]) -> Result<Option<R>> {
        let sql = match self.engine() {
            Engine::Sqlite => question.sqlite,
            Engine::Postgres => question.postgres,
        };
        self.row(sql, values).await
    }
}
