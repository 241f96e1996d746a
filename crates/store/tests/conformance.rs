//! Every conformance case on SQLite (a fresh file for each case) and on PostgreSQL (a fresh database for each run).

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use domain::NetworkId;
use store::conformance::{CASES, Case, Subject, shape};
use store::{Database, Engine, OpenOptions};

/// Longest a case may take, on a busy machine.
const CASE_TIME_MAX: Duration = Duration::from_secs(120);

/// Where a throw-away PostgreSQL answers: a role that may create databases.
const POSTGRES_VARIABLE: &str = "KEIKKA_TEST_POSTGRES_URL";

fn postgres_url() -> String {
    std::env::var(POSTGRES_VARIABLE).unwrap_or_else(|_| {
        panic!(
            "{POSTGRES_VARIABLE} is not set: `cargo xtask postgres start` starts a throw-away PostgreSQL and prints it, \
             `cargo xtask test` does all of it"
        )
    })
}

/// A database of its own on the PostgreSQL server, dropped at the end.
struct ThrowAway {
    admin: Database,
    name: String,
    url: String,
}

impl ThrowAway {
    async fn make(name: &str) -> Self {
        let base = postgres_url();
        let admin = Database::open(&base, OpenOptions::default()).await.expect("the PostgreSQL of the tests answers");
        let name = format!("keikka_{name}_{}", std::process::id());
        store::conformance::run_alone(&admin, &format!("drop database if exists {name} with (force)")).await;
        store::conformance::run_alone(&admin, &format!("create database {name}")).await;
        let (base, query) = base.split_once('?').map_or((base.as_str(), None), |(url, query)| (url, Some(query)));
        let server = base.rfind('/').map_or(base, |at| &base[..at]);
        let url = query.map_or_else(|| format!("{server}/{name}"), |query| format!("{server}/{name}?{query}"));
        Self { admin, name, url }
    }

    async fn drop(self) {
        store::conformance::run_alone(&self.admin, &format!("drop database {} with (force)", self.name)).await;
    }
}

async fn open(url: &str) -> Database {
    let database = Database::open(url, OpenOptions::creating()).await.expect("open");
    database.migrate().await.expect("migrate");
    database
}

fn sqlite_url(directory: &Path, name: &str) -> String {
    format!("sqlite://{}", directory.join(format!("{name}.db")).display())
}

/// Runs one case; the failure in words, if any.
async fn run(case: &Case, number: usize, database: Database, url: String) -> Option<String> {
    let network = |suffix| NetworkId::new(format!("case-{number}-{suffix}")).expect("a network id");
    let subject = Subject { database, url, network: network("a"), other: network("b") };
    match tokio::time::timeout(CASE_TIME_MAX, tokio::spawn((case.run)(subject))).await {
        Ok(Ok(())) => None,
        Ok(Err(panic)) => Some(format!("{}: {panic}", case.name)),
        Err(_) => Some(format!("{}: took longer than {CASE_TIME_MAX:?}", case.name)),
    }
}

fn asked_of(engine: Engine) -> impl Iterator<Item = (usize, &'static Case)> {
    CASES.iter().enumerate().filter(move |(_, case)| case.only.is_none_or(|(only, _)| only == engine))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_case_on_sqlite() {
    let directory = tempfile::tempdir().expect("directory");
    let mut failures = Vec::new();
    for (number, case) in asked_of(Engine::Sqlite) {
        let url = sqlite_url(directory.path(), case.name);
        let database = open(&url).await;
        failures.extend(run(case, number, database.clone(), url).await);
        database.close().await;
    }
    assert!(failures.is_empty(), "{} cases failed:\n{}", failures.len(), failures.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_case_on_postgres() {
    let throw_away = ThrowAway::make("conformance").await;
    let database = open(&throw_away.url).await;
    let mut failures = Vec::new();
    for (number, case) in asked_of(Engine::Postgres) {
        failures.extend(run(case, number, database.clone(), throw_away.url.clone()).await);
    }
    database.close().await;
    throw_away.drop().await;
    assert!(failures.is_empty(), "{} cases failed:\n{}", failures.len(), failures.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_have_the_same_tables_columns_and_indexes() {
    let directory = tempfile::tempdir().expect("directory");
    let throw_away = ThrowAway::make("shape").await;
    let (sqlite, postgres) = (open(&sqlite_url(directory.path(), "shape")).await, open(&throw_away.url).await);
    let (ours, theirs) = (shape(&sqlite).await, shape(&postgres).await);
    postgres.close().await;
    throw_away.drop().await;
    let only_one: BTreeSet<_> = ours.symmetric_difference(&theirs).collect();
    assert!(only_one.is_empty(), "on one engine only: {only_one:#?}");
}

#[test]
fn both_migration_folders_hold_the_same_names() {
    let names = |engine: &str| -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(engine);
        let entries = std::fs::read_dir(folder).expect("a migration folder");
        entries.map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn case_names_are_unique() {
    let names: BTreeSet<&str> = CASES.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), CASES.len());
}
