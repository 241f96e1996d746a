//! Saving, checking and restoring a SQLite file. PostgreSQL has tools of its own, and is pointed at them.

use std::fs::File;
use std::path::{Path, PathBuf};

use sqlx::{Connection, SqliteConnection};
use uuid::Uuid;

use crate::engine::{Database, Engine, OpenOptions, connect_alone, is_present, make_private};
use crate::error::{Error, Result};

/// Lists the first hundred problems of a file, or `ok`.
const CHECK: &str = "pragma integrity_check(100)";

impl Database {
    /// Saves the whole database into one new file, while others read and write: a copy of one moment, checked, on the disk, and
    /// under its final name only when complete. Only its owner can read it.
    ///
    /// # Errors
    /// [`Error::Setup`] on PostgreSQL (use `pg_dump`), if the file is there already, or if the copy fails its check;
    /// [`Error::Full`] if the disk is full.
    pub async fn backup_to(&self, path: &Path) -> Result<(), Error> {
        let Some(live) = self.file() else {
            return Err(Error::Setup("a PostgreSQL database is saved with pg_dump -Fc".to_owned()));
        };
        if path.exists() {
            return Err(Error::Setup(format!("{} is there already; a backup does not replace a file", path.display())));
        }
        let part = beside(path, "part");
        let saved = async {
            make_private(&part)?;
            let mut connection = connect_alone(live).await?;
            sqlx::query("vacuum into $1").bind(part.to_string_lossy().into_owned()).execute(&mut connection).await?;
            connection.close().await?;
            check_file(&part).await?;
            settle(&part, path)
        };
        let done = saved.await;
        if done.is_err() {
            discard(&part);
        }
        done
    }

    /// Looks through the whole file for damage: the problems found, in the engine's words; none for a sound file.
    ///
    /// # Errors
    /// [`Error::Setup`] on PostgreSQL (use `pg_amcheck`), else any [`Error`] of the store.
    pub async fn integrity(&self) -> Result<Vec<String>, Error> {
        match (self.engine(), self.file()) {
            (Engine::Sqlite, Some(file)) => problems(&mut connect_alone(file).await?).await,
            _ => Err(Error::Setup("a PostgreSQL database is checked with pg_amcheck".to_owned())),
        }
    }
}

/// Puts a saved file in the place of a database that no process has open. The saved file is checked first and stays where it is; the
/// database that was there is kept beside the new one, as `NAME.before-restore`.
///
/// # Errors
/// [`Error::Setup`] if the saved file is missing, damaged or no database, or if a process has the target open;
/// [`Error::SchemaNewer`] if a newer program made it.
pub async fn restore(saved: &Path, target: &Path) -> Result<(), Error> {
    if !is_present(saved) {
        return Err(Error::Setup(format!("no file {}", saved.display())));
    }
    let part = beside(target, "part");
    let restored = async {
        copy(saved, &part)?;
        check_file(&part).await?;
        check_schema(&part).await?;
        if is_present(target) {
            release(target).await?;
            rename(target, &beside_named(target, "before-restore"))?;
        }
        settle(&part, target)
    };
    let done = restored.await;
    if done.is_err() {
        discard(&part);
    }
    done
}

async fn problems(connection: &mut SqliteConnection) -> Result<Vec<String>> {
    let found: Vec<String> = sqlx::query_scalar(CHECK).fetch_all(connection).await?;
    Ok(found.into_iter().filter(|problem| problem != "ok").collect())
}

/// Refuses a file that is damaged or no database of ours.
async fn check_file(path: &Path) -> Result<()> {
    let damaged = |what: &str| Error::Setup(format!("{} is no sound database file: {what}", path.display()));
    let mut connection = connect_alone(path).await.map_err(|_| damaged("it cannot be opened"))?;
    let found = problems(&mut connection).await.map_err(|_| damaged("it cannot be read"))?;
    connection.close().await.map_err(|_| damaged("it cannot be closed"))?;
    match found.first() {
        None => Ok(()),
        Some(first) => Err(damaged(first)),
    }
}

/// Refuses a file without our schema, or with a newer one.
async fn check_schema(path: &Path) -> Result<()> {
    let url = format!("sqlite://{}", path.display());
    let database = Database::open(&url, OpenOptions { connections: 1, ..OpenOptions::default() }).await?;
    let applied = match database.schema().await {
        Ok(crate::SchemaState::Behind { applied, .. }) => applied,
        Ok(crate::SchemaState::UpToDate { version }) => version,
        Ok(crate::SchemaState::Newer { applied, known }) => return Err(Error::SchemaNewer { applied, known }),
        Err(error) => return Err(error),
    };
    database.close().await;
    if applied == 0 {
        return Err(Error::Setup("the saved file holds no keikka database".to_owned()));
    }
    Ok(())
}

/// Makes sure that nobody has the file open, and folds its journal into it: leaving WAL mode needs the file alone. A file too damaged
/// for that is let go as it is.
async fn release(path: &Path) -> Result<()> {
    let Ok(mut connection) = connect_alone(path).await else { return Ok(()) };
    let left = sqlx::query("pragma journal_mode = delete").execute(&mut connection).await.map_err(Error::from);
    let closed = connection.close().await;
    match left {
        Err(Error::Busy(_)) => Err(Error::Setup(format!("{} is open; stop the server first", path.display()))),
        Ok(_) | Err(_) => closed.or(Ok(())),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    beside_named(path, &format!("{}.{ending}", Uuid::new_v4().simple()))
}

fn beside_named(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// Brings a complete file under its final name, durably.
fn settle(part: &Path, path: &Path) -> Result<()> {
    sync(part)?;
    rename(part, path)?;
    for journal in ["-wal", "-shm"] {
        discard(&with_suffix(path, journal));
    }
    match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => sync(directory),
        _ => sync(Path::new(".")),
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn discard(path: &Path) {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        // A part that is not there needs no discarding.
        let _ = std::fs::remove_file(with_suffix(path, suffix));
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    make_private(to)?;
    std::fs::copy(from, to).map(drop).map_err(|error| file_error("copy", from, &error))
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    std::fs::rename(from, to).map_err(|error| file_error("rename", from, &error))
}

fn sync(path: &Path) -> Result<()> {
    File::open(path).and_then(|file| file.sync_all()).map_err(|error| file_error("write", path, &error))
}

fn file_error(what: &str, path: &Path, error: &std::io::Error) -> Error {
    Error::Setup(format!("cannot {what} {}: {}", path.display(), error.kind()))
}
