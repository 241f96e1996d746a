//! Where the data is.

use domain::Sensitive;
use serde::Deserialize;

/// The database.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `sqlite://PATH` or `postgres://...`; the latter may hold a password and is never printed.
    pub url: Sensitive<String>,
    /// Make a missing SQLite file and bring its schema up to date at start: for `dev`, `demo` and tests. Default: no.
    pub create: bool,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self { url: Sensitive::new("sqlite://keikka.db".to_owned()), create: false }
    }
}
