//! Storages of their own, of either engine, gone at the end.

use std::sync::atomic::{AtomicU64, Ordering};

use store::conformance::run_alone;
use store::{Database, OpenOptions};

/// Where a throw-away PostgreSQL answers: a role that may create databases.
const POSTGRES_VARIABLE: &str = "KEIKKA_TEST_POSTGRES_URL";

/// A storage of its own.
pub(crate) enum Storage {
    Folder(tempfile::TempDir),
    Throwaway(String),
}

#[allow(dead_code, reason = "each test file uses a part of it")]
impl Storage {
    /// One of each engine.
    pub(crate) async fn both() -> [Self; 2] {
        [Self::folder(), Self::throwaway().await]
    }

    /// A database on the throw-away PostgreSQL.
    pub(crate) async fn throwaway() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("keikka_post_{}_{number}", std::process::id());
        let admin = Database::open(&base(), OpenOptions::default()).await.expect("the PostgreSQL of the tests answers");
        run_alone(&admin, &format!("drop database if exists {name} with (force)")).await;
        run_alone(&admin, &format!("create database {name}")).await;
        admin.close().await;
        Self::Throwaway(name)
    }

    pub(crate) fn folder() -> Self {
        Self::Folder(tempfile::tempdir().expect("directory"))
    }

    pub(super) fn url(&self) -> String {
        match self {
            Self::Folder(folder) => format!("sqlite://{}", folder.path().join("keikka.db").display()),
            Self::Throwaway(name) => {
                let base = base();
                format!("{}/{name}", &base[..base.rfind('/').expect("a path")])
            }
        }
    }

    pub(crate) async fn remove(self) {
        if let Self::Throwaway(name) = self {
            let admin = Database::open(&base(), OpenOptions::default()).await.expect("answers");
            run_alone(&admin, &format!("drop database if exists {name} with (force)")).await;
            admin.close().await;
        }
    }
}

fn base() -> String {
    std::env::var(POSTGRES_VARIABLE).unwrap_or_else(|_| {
        panic!(
            "{POSTGRES_VARIABLE} is not set: `cargo xtask postgres start` starts a throw-away PostgreSQL and prints it"
        )
    })
}
