//! Throw-away PostgreSQL clusters: one that lives as long as a test run, one that a developer starts and stops. The clusters
//! have no secrets and listen on the loopback address only.

mod account;
mod cluster;
mod developer;
mod guard;
mod programs;

pub(crate) use guard::Throwaway;
pub(crate) use programs::Programs;

use anyhow::Result;

use crate::arguments::PostgresAction;

/// The variable through which every test learns where PostgreSQL is.
pub(crate) const URL_VARIABLE: &str = "KEIKKA_TEST_POSTGRES_URL";

/// Carries out `cargo xtask postgres ACTION`.
pub(crate) fn run(action: &PostgresAction) -> Result<()> {
    match action {
        PostgresAction::Start => developer::start(),
        PostgresAction::Url => developer::url(),
        PostgresAction::Stop => developer::stop(),
        PostgresAction::Guard(folder) => guard::keep(folder.as_ref(), std::io::stdin()),
    }
}
