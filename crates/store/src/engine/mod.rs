//! Opening a database and beginning transactions. All that differs between SQLite and PostgreSQL stands in this folder:
//! `sqlite` and `postgres` open and begin, `dialect` sorts driver errors and holds the statements only one engine knows.

mod dialect;
mod locks;
mod postgres;
mod queue;
mod sqlite;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::{PgPool, SqlitePool};

use crate::error::{Error, Result};
use crate::schema::SchemaState;
use crate::tx::{Inner, Tx};

pub(crate) use dialect::{is_missing_table, may_not};
pub(crate) use postgres::connect_for_migration;
pub(crate) use queue::{Candidate, candidate};
pub(crate) use sqlite::{connect_alone, is_present, make_private};

/// The two engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// SQLite in a file of its own, inside this process.
    Sqlite,
    /// PostgreSQL over a connection.
    Postgres,
}

impl Engine {
    /// The engine's name: `sqlite`, `postgres`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// Whether rows are locked one by one; on SQLite the writer has the whole database to itself.
    pub(crate) fn locks_rows(self) -> bool {
        self == Self::Postgres
    }
}

/// How to open a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOptions {
    /// Make the SQLite file when it is missing. Its directory must be there.
    pub create: bool,
    /// Most connections: readers of SQLite (one writer comes on top), all connections of PostgreSQL.
    pub connections: u32,
    /// How long a transaction waits for its turn before it is [`Error::Busy`].
    pub turn_timeout: Duration,
    /// How long one statement waits for a lock (SQLite: for another process).
    pub lock_timeout: Duration,
    /// How long one statement may take on PostgreSQL.
    pub statement_timeout: Duration,
}

impl Default for OpenOptions {
    /// An existing database, eight connections, 10 s for a turn, 5 s for a lock, 30 s for a statement.
    fn default() -> Self {
        Self {
            create: false,
            connections: 8,
            turn_timeout: Duration::from_secs(10),
            lock_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
        }
    }
}

impl OpenOptions {
    /// The defaults, but a missing SQLite file is made.
    #[must_use]
    pub fn creating() -> Self {
        Self { create: true, ..Self::default() }
    }
}

/// An open database: SQLite or PostgreSQL. Cheap to clone; all clones share the connections.
#[derive(Clone)]
pub struct Database(pub(crate) Pools);

#[derive(Clone)]
pub(crate) enum Pools {
    Sqlite { path: PathBuf, read: SqlitePool, write: SqlitePool },
    Postgres(PgPool),
}

impl fmt::Debug for Database {
    /// Prints the place without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Database({self})")
    }
}

impl fmt::Display for Database {
    /// Prints the place without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Pools::Sqlite { path, .. } => write!(f, "sqlite://{}", path.display()),
            Pools::Postgres(pool) => {
                let options = pool.connect_options();
                let database = options.get_database().unwrap_or_else(|| options.get_username());
                write!(f, "postgres://{}:{}/{database}", options.get_host(), options.get_port())
            }
        }
    }
}

impl Database {
    /// Opens the database that a URL names: `sqlite://PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME`.
    /// It does not migrate; see [`Database::schema`] and [`Database::migrate`].
    ///
    /// # Errors
    /// [`Error::Setup`] for another URL, a missing file or directory, a SQLite library that may corrupt files;
    /// [`Error::SchemaNewer`] for a database of a newer program; [`Error::Unavailable`] if it does not answer.
    pub async fn open(url: &str, options: OpenOptions) -> Result<Self, Error> {
        let database = if let Some(path) = sqlite::path(url)? {
            sqlite::open(&path, &options).await?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self(Pools::Postgres(postgres::open(url, &options).await?))
        } else {
            return Err(Error::Setup("the database URL must begin with sqlite:// or postgres://".to_owned()));
        };
        match database.schema().await? {
            SchemaState::Newer { applied, known } => {
                database.close().await;
                Err(Error::SchemaNewer { applied, known })
            }
            SchemaState::UpToDate { .. } | SchemaState::Behind { .. } => Ok(database),
        }
    }

    /// The engine behind it.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match &self.0 {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// The file of a SQLite database.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Pools::Sqlite { path, .. } => Some(path),
            Pools::Postgres(_) => None,
        }
    }

    /// Begins a transaction that only reads: it sees one state of the database from its first question on.
    ///
    /// # Errors
    /// [`Error::Busy`] if no connection comes free in time, [`Error::Unavailable`] if the database does not answer.
    pub async fn read(&self) -> Result<Tx, Error> {
        match &self.0 {
            Pools::Sqlite { read, .. } => read.begin_with("begin deferred").await.map(Inner::Sqlite),
            Pools::Postgres(pool) => {
                pool.begin_with("begin isolation level repeatable read read only").await.map(Inner::Postgres)
            }
        }
        .map(Tx::from)
        .map_err(|error| self.begin_error(error))
    }

    /// Begins a transaction that reads and writes. On SQLite there is one at a time.
    ///
    /// # Errors
    /// [`Error::Busy`] if no turn comes in time, [`Error::Unavailable`] if the database does not answer.
    pub async fn write(&self) -> Result<Tx, Error> {
        match &self.0 {
            Pools::Sqlite { write, .. } => write.begin_with("begin immediate").await.map(Inner::Sqlite),
            Pools::Postgres(pool) => {
                pool.begin_with("begin isolation level read committed read write").await.map(Inner::Postgres)
            }
        }
        .map(Tx::from)
        .map_err(|error| self.begin_error(error))
    }

    /// Waiting for one's turn at SQLite means it is busy; PostgreSQL that gives no connection may be down as well as busy.
    pub(crate) fn begin_error(&self, error: sqlx::Error) -> Error {
        match &self.0 {
            Pools::Sqlite { .. } => error.into(),
            Pools::Postgres(_) => postgres::no_connection(error),
        }
    }

    /// Asks the database one question that touches no table.
    ///
    /// # Errors
    /// [`Error::Busy`] or [`Error::Unavailable`] if it does not answer.
    pub async fn ping(&self) -> Result<(), Error> {
        let mut tx = self.read().await?;
        tx.exists("select cast(1 as bigint)", &[]).await?;
        tx.rollback().await
    }

    /// Closes all connections, after the transactions in flight have ended. SQLite folds its journal into the file.
    pub async fn close(&self) {
        match &self.0 {
            Pools::Sqlite { read, write, .. } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}
