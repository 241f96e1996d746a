//! Which websites may call from a browser.

use serde::Deserialize;

/// Callers in browsers.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebSettings {
    /// Origins that may call by gRPC-Web: `https://yhdistys.example`. No wildcard. Default: none.
    pub cors_origins: Vec<String>,
}
