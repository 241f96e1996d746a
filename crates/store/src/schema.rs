//! The schema: embedded migrations, run only when told, and what they have reached.

use sqlx::Connection;
use sqlx::migrate::{MigrateError, Migrator};

use crate::engine::{Database, Pools, connect_for_migration, is_missing_table, may_not};
use crate::error::{Cause, Error, Result};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

const APPLIED: &str = "select version from _sqlx_migrations where success = true order by version";

/// How the schema of a database relates to this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaState {
    /// As this program expects.
    UpToDate {
        /// The newest migration.
        version: i64,
    },
    /// Migrations are missing: run `keikka admin migrate`.
    Behind {
        /// The newest migration applied; 0 for an empty database.
        applied: i64,
        /// The newest migration this program knows.
        known: i64,
    },
    /// Made by a newer program: refused.
    Newer {
        /// The newest migration applied.
        applied: i64,
        /// The newest migration this program knows.
        known: i64,
    },
}

/// What a migration did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MigrationReport {
    /// The newest migration before; 0 for an empty database.
    pub from: i64,
    /// The newest migration now.
    pub to: i64,
    /// How many were applied.
    pub applied: usize,
}

impl Database {
    fn migrator(&self) -> &'static Migrator {
        match &self.0 {
            Pools::Sqlite { .. } => &SQLITE,
            Pools::Postgres(_) => &POSTGRES,
        }
    }

    async fn applied(&self) -> Result<Vec<i64>> {
        let versions: sqlx::Result<Vec<i64>> = match &self.0 {
            Pools::Sqlite { read, .. } => sqlx::query_scalar(APPLIED).fetch_all(read).await,
            Pools::Postgres(pool) => sqlx::query_scalar(APPLIED).fetch_all(pool).await,
        };
        match versions {
            Ok(versions) => Ok(versions),
            Err(error) if is_missing_table(&error) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    /// How the schema relates to this program.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn schema(&self) -> Result<SchemaState, Error> {
        Ok(compare(&self.applied().await?, self.migrator()))
    }

    /// Applies the missing migrations, one migrator at a time (PostgreSQL: under an advisory lock). Safe to repeat.
    ///
    /// # Errors
    /// [`Error::SchemaNewer`] for a database of a newer program, [`Error::Setup`] if a migration differs from the one that was
    /// applied, else any [`Error`] of the store.
    pub async fn migrate(&self) -> Result<MigrationReport, Error> {
        let before = self.applied().await?;
        if let SchemaState::Newer { applied, known } = compare(&before, self.migrator()) {
            return Err(Error::SchemaNewer { applied, known });
        }
        match &self.0 {
            Pools::Sqlite { write, .. } => SQLITE.run(write).await,
            Pools::Postgres(pool) => {
                let mut connection = connect_for_migration(pool).await?;
                let done = POSTGRES.run_direct(None, &mut connection, false).await;
                // The migrations stand or fall by themselves; a connection that does not close takes its lock with it.
                let _ = connection.close().await;
                done
            }
        }
        .map_err(migration_error)?;
        let after = self.applied().await?;
        let newest = |versions: &[i64]| versions.last().copied().unwrap_or(0);
        Ok(MigrationReport {
            from: newest(&before),
            to: newest(&after),
            applied: after.len().saturating_sub(before.len()),
        })
    }
}

fn compare(applied: &[i64], migrator: &Migrator) -> SchemaState {
    let known = migrator.iter().map(|migration| migration.version).max().unwrap_or(0);
    let newest = applied.last().copied().unwrap_or(0);
    if applied.iter().any(|version| !migrator.version_exists(*version)) {
        SchemaState::Newer { applied: newest, known }
    } else if migrator.iter().any(|migration| !applied.contains(&migration.version)) {
        SchemaState::Behind { applied: newest, known }
    } else {
        SchemaState::UpToDate { version: known }
    }
}

fn migration_error(error: MigrateError) -> Error {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) if may_not(&error) => Error::Setup(
            "the database user may not make the tables or the extension btree_gist: let an administrator run \
             `create extension btree_gist` in the database, and make the user its owner"
                .to_owned(),
        ),
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        MigrateError::VersionMismatch(version) => {
            Error::Setup(format!("migration {version} differs from the one that was applied to this database"))
        }
        MigrateError::Dirty(version) => {
            Error::Setup(format!("migration {version} was applied by half; restore the backup made before it"))
        }
        other => Error::Driver(Cause::new(other)),
    }
}
