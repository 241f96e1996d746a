//! How much is accepted at once, and for how long.

use std::time::Duration;

use serde::Deserialize;

/// Largest message that is decoded, in bytes. Files come in chunks of at most 64 KiB.
pub const MESSAGE_BYTES_MAX: usize = 256 * 1024;
/// Largest header list of a call, in bytes.
pub const HEADER_LIST_BYTES_MAX: u32 = 8 * 1024;
/// Most calls at once on one connection.
pub const STREAMS_PER_CONNECTION_MAX: u32 = 100;
/// Idle time after which a connection is asked whether it lives.
pub const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(30);
/// Time it has to answer.
pub const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);

/// The limits that an operator may set.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitSettings {
    /// Most connections at once. Default: 1000.
    pub connections_max: usize,
    /// Most connections at once from one address; raise it behind a proxy. Default: 50.
    pub connections_per_peer_max: usize,
    /// Most calls in work at once, over all connections. Pages have a quarter as many places of their own, at least 8. Default: 256.
    pub calls_max: usize,
    /// Most streams and imports at once of one caller (key). Default: 64.
    pub streams_per_principal_max: usize,
    /// Most pages (links and calendars) a minute for one address of a caller, at least 1. Default: 300.
    pub pages_per_address_min: u32,
    /// Most pages a minute for one link or calendar, at least 1. Default: 60.
    pub pages_per_link_min: u32,
    /// Longest call, in seconds. Default: 10.
    pub call_s: u64,
    /// Longest stream or import, in seconds. Default: 900.
    pub stream_s: u64,
    /// Time for a new connection to say what it speaks, in seconds. Default: 5.
    pub preface_s: u64,
    /// Time for calls to end when the server stops, in seconds. Default: 10.
    pub drain_s: u64,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            connections_max: 1000,
            connections_per_peer_max: 50,
            calls_max: 256,
            streams_per_principal_max: 64,
            pages_per_address_min: 300,
            pages_per_link_min: 60,
            call_s: 10,
            stream_s: 900,
            preface_s: 5,
            drain_s: 10,
        }
    }
}
