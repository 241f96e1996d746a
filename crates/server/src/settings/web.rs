//! Which websites may call from a browser.

use serde::Deserialize;

/// Callers in browsers.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebSettings {
    /// Origins that may call by gRPC-Web: `https://yhdistys.example`. No wildcard. Default: none.
    pub cors_origins: Vec<String>,
    /// Pages of this machine may call too, whatever their port (`http://localhost:5173`), as with `dev`. Refused unless the public port is on
    /// loopback. Default: no.
    pub local_origins: bool,
}
