//! Who may call.

use std::path::PathBuf;

use serde::Deserialize;

/// The keys of callers.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthSettings {
    /// The file of hashed keys (`keikka admin key` writes its entries). Read again on SIGHUP.
    pub keys_file: Option<PathBuf>,
}
