//! SQLite: one writer, a few readers, every commit on the disk before it is answered.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqlitePool};

use super::{Database, OpenOptions, Pools};
use crate::error::{Error, Result};

/// The first release without the WAL-reset bug, which corrupts files that several connections write (3.7.0 to 3.51.2).
const VERSION_MIN: (u32, u32, u32) = (3, 51, 3);

/// The path in a `sqlite:` URL; none for another scheme.
pub(super) fn path(url: &str) -> Result<Option<PathBuf>> {
    let Some(rest) = url.strip_prefix("sqlite:") else { return Ok(None) };
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() || path.contains(":memory:") {
        return Err(Error::Setup("a SQLite URL names a file: sqlite:///var/lib/keikka/keikka.db".to_owned()));
    }
    Ok(Some(PathBuf::from(path)))
}

/// Opens a file with its writer and readers.
pub(super) async fn open(path: &Path, options: &OpenOptions) -> Result<Database> {
    present(path, options.create)?;
    let connect = settings(path, options);
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(options.turn_timeout)
        .after_release(|connection, _| Box::pin(is_clean(connection)))
        .connect_with(connect.clone().journal_mode(SqliteJournalMode::Wal))
        .await
        .map_err(|error| open_error(path, error))?;
    check_version(&write).await?;
    let read = SqlitePoolOptions::new()
        .max_connections(options.connections.max(1))
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(options.turn_timeout)
        // A connection to a file does not break while it waits.
        .test_before_acquire(false)
        .connect_with(connect.pragma("query_only", "on"))
        .await?;
    Ok(Database(Pools::Sqlite { path: path.to_owned(), read, write }))
}

/// A file that is no database at all, or whose first page is damaged, is named; the rest is sorted as ever.
fn open_error(path: &Path, error: sqlx::Error) -> Error {
    match error.into() {
        Error::Driver(_) => Error::Setup(format!("{} is no SQLite database, or is damaged", path.display())),
        other => other,
    }
}

/// Whether a returned writer is out of its transaction. When SQLite itself rolls back (a full disk), sqlx 0.9.0 goes on believing that
/// the transaction is open and would refuse every later one: such a connection is closed, and the next writer gets a new one.
async fn is_clean(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// One connection outside the pools, for saving and checking a file.
pub(crate) async fn connect_alone(path: &Path) -> Result<SqliteConnection> {
    Ok(settings(path, &OpenOptions::default()).connect().await?)
}

fn settings(path: &Path, options: &OpenOptions) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(options.lock_timeout)
        .pragma("secure_delete", "on")
        .disable_statement_logging()
}

/// Whether the path names a file.
pub(crate) fn is_present(path: &Path) -> bool {
    path.is_file()
}

/// Makes sure that the file is there, readable by its owner only when it is made here.
fn present(path: &Path, create: bool) -> Result<()> {
    if is_present(path) {
        return Ok(());
    }
    if !create {
        return Err(Error::Setup(format!("no database file {}", path.display())));
    }
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if !directory.is_dir() {
        return Err(Error::Setup(format!("no directory {} for the database file", directory.display())));
    }
    make_private(path)
}

/// Makes an empty file that only its owner can read: it will hold people's data.
pub(crate) fn make_private(path: &Path) -> Result<()> {
    let mut file = std::fs::OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    match file.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(Error::Setup(format!("cannot make the file {}: {}", path.display(), error.kind()))),
    }
}

async fn check_version(pool: &SqlitePool) -> Result<()> {
    let (version,): (String,) = sqlx::query_as("select sqlite_version()").fetch_one(pool).await?;
    if is_safe(&version) {
        Ok(())
    } else {
        Err(Error::Setup(format!("SQLite {version} may corrupt its file; 3.51.3 or newer is needed")))
    }
}

fn is_safe(version: &str) -> bool {
    let mut numbers = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next()) >= VERSION_MIN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_with_the_journal_bug_is_refused() {
        for (version, safe) in
            [("3.51.2", false), ("3.7.0", false), ("3.51.3", true), ("3.52.0", true), ("4.0", true), ("", false)]
        {
            assert_eq!(is_safe(version), safe, "{version}");
        }
    }

    #[test]
    fn a_url_names_a_file() {
        assert_eq!(path("sqlite:///a/b.db").expect("url"), Some(PathBuf::from("/a/b.db")));
        assert_eq!(path("sqlite:b.db").expect("url"), Some(PathBuf::from("b.db")));
        assert_eq!(path("postgres://x").expect("url"), None);
        assert!(path("sqlite::memory:").is_err() && path("sqlite://").is_err());
    }
}
