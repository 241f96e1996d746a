//! The two storage engines under the same test: a file of its own, and a database of its own on the throw-away PostgreSQL.

use std::future::Future;
use std::io::Write as _;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use store::{Database, OpenOptions};
use tempfile::TempDir;

use crate::test_server::TestServer;

/// Where a throw-away PostgreSQL answers: a role that may create databases.
pub const POSTGRES_VARIABLE: &str = "KEIKKA_TEST_POSTGRES_URL";

/// A storage engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// A server.
    Postgres,
}

/// Both engines.
pub const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

/// Runs a test on a fresh server over each engine, one after the other. A missing PostgreSQL is a failure, not a skip.
///
/// # Panics
/// If the test does, or an engine is not there.
pub async fn for_each_engine<Test, Done>(test: Test)
where
    Test: Fn(TestServer) -> Done,
    Done: Future<Output = ()>,
{
    for engine in ENGINES {
        let server = TestServer::start(engine).await;
        let running = AssertUnwindSafe(test(server)).catch_unwind();
        if let Err(panic) = running.await {
            let _ = writeln!(std::io::stderr(), "this was on {engine:?}");
            std::panic::resume_unwind(panic);
        }
    }
}

/// A storage of its own: gone when dropped.
#[derive(Debug)]
pub enum Storage {
    /// A folder with a file.
    Folder(TempDir),
    /// A database on the server.
    Throwaway {
        /// Its URL.
        url: String,
        /// Its name.
        name: String,
    },
}

impl Storage {
    /// Makes one.
    ///
    /// # Panics
    /// If PostgreSQL is asked for and not there: the sentence says what to do.
    pub async fn make(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::Folder(tempfile::tempdir().expect("a folder can be made")),
            Engine::Postgres => {
                let name = format!("keikka_e2e_{}", uuid::Uuid::new_v4().simple());
                let admin = admin().await;
                store::conformance::run_alone(&admin, &format!("create database {name}")).await;
                admin.close().await;
                Self::Throwaway { url: url_of(&name), name }
            }
        }
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        match self {
            Self::Folder(folder) => format!("sqlite://{}", folder.path().join("keikka.db").display()),
            Self::Throwaway { url, .. } => url.clone(),
        }
    }

    /// Takes it away. What is not taken away goes with the throw-away PostgreSQL.
    pub async fn remove(self) {
        if let Self::Throwaway { name, .. } = self {
            let admin = admin().await;
            store::conformance::run_alone(&admin, &format!("drop database if exists {name} with (force)")).await;
            admin.close().await;
        }
    }
}

fn postgres_url() -> String {
    std::env::var(POSTGRES_VARIABLE).unwrap_or_else(|_| {
        panic!(
            "{POSTGRES_VARIABLE} is not set: `cargo xtask postgres start` starts a throw-away PostgreSQL and prints it, \
             `cargo xtask test` does all of it"
        )
    })
}

async fn admin() -> Database {
    Database::open(&postgres_url(), OpenOptions::default()).await.expect("the PostgreSQL of the tests answers")
}

/// The URL of another database on the same server.
fn url_of(name: &str) -> String {
    let base = postgres_url();
    let (base, query) = base.split_once('?').map_or((base.as_str(), None), |(url, query)| (url, Some(query)));
    let server = base.rfind('/').map_or(base, |at| &base[..at]);
    query.map_or_else(|| format!("{server}/{name}"), |query| format!("{server}/{name}?{query}"))
}
