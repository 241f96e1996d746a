//! Cases on migrations, and the shape of a schema for comparing the engines.

use std::collections::BTreeSet;

use super::Subject;
use crate::tx::values;
use crate::{Database, Engine, Error, MigrationReport, OpenOptions, SchemaState};

const SQLITE_SHAPE: &str = "select m.name, p.name, cast(p.\"notnull\" as bigint) \
    from sqlite_master m join pragma_table_info(m.name) p \
    where m.type = 'table' and m.name not like 'sqlite%' and m.name not like '\\_sqlx%' escape '\\' \
    union all select tbl_name, 'index ' || name, cast(1 as bigint) from sqlite_master \
    where type = 'index' and name not like 'sqlite%'";
const POSTGRES_SHAPE: &str = "select cast(table_name as text), cast(column_name as text), \
    case is_nullable when 'NO' then cast(1 as bigint) else cast(0 as bigint) end from information_schema.columns \
    where table_schema = current_schema() and table_name not like '\\_sqlx%' \
    union all select cast(tablename as text), 'index ' || indexname, cast(1 as bigint) from pg_indexes \
    where schemaname = current_schema() and indexname not like '%\\_pkey' and indexname <> 'assignment_volunteer_time'";

/// Every table with its columns (and whether they must be set) and indexes.
///
/// # Panics
/// If the database cannot be asked.
pub async fn shape(database: &Database) -> BTreeSet<(String, String, bool)> {
    let sql = match database.engine() {
        Engine::Sqlite => SQLITE_SHAPE,
        Engine::Postgres => POSTGRES_SHAPE,
    };
    let mut tx = database.read().await.expect("read");
    let rows: Vec<(String, String, i64)> = tx.rows(sql, &[]).await.expect("shape");
    // SQLite does not call the key of a table "not null" unless it is told to.
    rows.into_iter().map(|(table, column, set)| (table, column.clone(), set == 1 || column == "seq")).collect()
}

pub(super) async fn migrating_again_changes_nothing(subject: Subject) {
    let before = shape(&subject.database).await;
    assert!(before.len() > 100, "{} columns and indexes", before.len());
    let SchemaState::UpToDate { version } = subject.database.schema().await.expect("schema") else {
        panic!("a migrated database is up to date");
    };
    let report = subject.database.migrate().await.expect("migrate");
    assert_eq!(report, MigrationReport { from: version, to: version, applied: 0 });
    assert_eq!(shape(&subject.database).await, before);
}

pub(super) async fn migrating_at_once_is_safe(subject: Subject) {
    let others = futures(&subject, 4).await;
    for report in others {
        assert_eq!(report.expect("migrate").applied, 0);
    }
}

async fn futures(subject: &Subject, count: usize) -> Vec<Result<MigrationReport, Error>> {
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..count {
        let database = subject.database.clone();
        running.spawn(async move { database.migrate().await });
    }
    running.join_all().await
}

pub(super) async fn a_newer_schema_is_refused(subject: Subject) {
    const FUTURE: i64 = 999_999;
    const ADD: &str = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
        values ($1, 'from the future', true, $2, 0)";
    const REMOVE: &str = "delete from _sqlx_migrations where version = $1";
    let mut tx = subject.database.write().await.expect("write");
    tx.execute(ADD, values![FUTURE, b"?".as_slice()]).await.expect("add");
    tx.commit().await.expect("commit");

    let schema = subject.database.schema().await.expect("schema");
    let migrated = subject.database.migrate().await;
    let opened = Database::open(&subject.url, OpenOptions::default()).await;

    let mut tx = subject.database.write().await.expect("write");
    tx.execute(REMOVE, values![FUTURE]).await.expect("remove");
    tx.commit().await.expect("commit");
    assert!(matches!(schema, SchemaState::Newer { applied: FUTURE, .. }), "{schema:?}");
    assert!(matches!(migrated, Err(Error::SchemaNewer { applied: FUTURE, .. })), "{migrated:?}");
    assert!(matches!(opened, Err(Error::SchemaNewer { applied: FUTURE, .. })), "{opened:?}");
}

pub(super) async fn an_empty_database_is_behind(subject: Subject) {
    const CREATE: &str = "create database keikka_empty_case";
    const DROP: &str = "drop database if exists keikka_empty_case with (force)";
    let directory = tempfile::tempdir().expect("directory");
    let url = match subject.database.engine() {
        Engine::Sqlite => format!("sqlite://{}", directory.path().join("empty.db").display()),
        Engine::Postgres => {
            let crate::engine::Pools::Postgres(pool) = &subject.database.0 else { panic!("PostgreSQL") };
            for sql in [DROP, CREATE] {
                sqlx::raw_sql(sql).execute(pool).await.expect("an empty database");
            }
            let place = subject.url.rfind('/').expect("a path");
            format!("{}/keikka_empty_case", &subject.url[..place])
        }
    };
    let empty = Database::open(&url, OpenOptions::creating()).await.expect("open");
    assert!(matches!(empty.schema().await.expect("schema"), SchemaState::Behind { applied: 0, known } if known >= 1));
    let report = empty.migrate().await.expect("migrate");
    assert_eq!((report.from, i64::try_from(report.applied)), (0, Ok(report.to)), "numbers have no gaps");
    assert!(matches!(empty.schema().await.expect("schema"), SchemaState::UpToDate { .. }));
    assert_eq!(shape(&empty).await, shape(&subject.database).await);
    empty.close().await;
    if let crate::engine::Pools::Postgres(pool) = &subject.database.0 {
        sqlx::raw_sql(DROP).execute(pool).await.expect("drop");
    }
}
