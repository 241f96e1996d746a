//! Locks on a name, held until the transaction ends.

use super::Engine;
use crate::error::Result;
use crate::tx::{Tx, values};

/// The lock function answers void, which no row type reads: it is asked for inside a condition.
const LOCK: &str = "select cast(1 as bigint) where pg_advisory_xact_lock(hashtextextended($1, 0)) is not null";

impl Tx {
    /// Waits until no other writer holds the name. On SQLite there is one writer, and this is it.
    pub(crate) async fn lock_name(&mut self, name: &str) -> Result<()> {
        match self.engine() {
            Engine::Sqlite => Ok(()),
            Engine::Postgres => self.exists(LOCK, values![name]).await.map(drop),
        }
    }
}
