//! What can go wrong below the use cases. The text shown names facts, never driver text; the driver's error is kept as the source.

use std::fmt;
use std::sync::Arc;

use domain::Refusal;

/// The result of anything the store does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the driver said. Its `Debug` prints the driver's message only: the details of a constraint may quote a person's data.
#[derive(Clone)]
pub struct Cause(Arc<dyn std::error::Error + Send + Sync>);

impl Cause {
    pub(crate) fn new(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(Arc::from(source.into()))
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cause({})", self.0)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

/// What can go wrong in the store.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The database does not answer: not started, shutting down, connection lost. Try again later.
    #[error("the database is not available")]
    Unavailable(#[source] Cause),
    /// The disk or the database is full. Nothing of the transaction is stored.
    #[error("the database is full")]
    Full(#[source] Cause),
    /// Others hold what is needed: a lock, a deadlock, a timeout. The same call may be repeated.
    #[error("the database is busy")]
    Busy(#[source] Cause),
    /// A concurrent change took the same key first. Read again and repeat.
    #[error("a concurrent change took the same key")]
    Conflict(#[source] Cause),
    /// A stored row cannot be read.
    #[error("row {id} of table {table} cannot be read: column {column}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column that cannot be read.
        column: &'static str,
        /// The row's identifier.
        id: String,
    },
    /// More rows than one call may hand back.
    #[error("table {table} has more than {max} rows for this question")]
    TooMany {
        /// The table.
        table: &'static str,
        /// The limit, in rows.
        max: u32,
    },
    /// A text that a key column cannot hold: a NUL character, or more than 1,000 bytes.
    #[error("column {column} of table {table} cannot hold this text: a NUL character or more than 1000 bytes")]
    Unstorable {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// The database was migrated by a newer version of this program.
    #[error("the database has schema {applied}, this program knows {known}: use the newer program")]
    SchemaNewer {
        /// The newest migration in the database.
        applied: i64,
        /// The newest migration this program knows.
        known: i64,
    },
    /// The database cannot be opened, migrated, saved or restored as asked; the text says what to do.
    #[error("{0}")]
    Setup(String),
    /// Anything else the driver said.
    #[error("the database refused a statement")]
    Driver(#[source] Cause),
}

impl Error {
    /// What should have been written elsewhere could not be: the same call may be repeated.
    #[must_use]
    pub fn unavailable(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(Cause::new(source))
    }

    /// Whether the same call may succeed when repeated a little later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Busy(_) | Self::Conflict(_))
    }
}

/// Why an earlier result cannot be handed back.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The same request id came with another body.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}
