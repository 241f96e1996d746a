//! Where the server listens.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use serde::Deserialize;

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers callers on the public port, and solves the plans that they ask for.
    Api,
    /// Does what time brings: sweeps; and takes tiles of divided plans.
    Workers,
}

/// Addresses and manner of serving.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerSettings {
    /// What this process does. Default: everything.
    pub roles: Vec<Role>,
    /// The public port: gRPC, gRPC-Web and health.
    pub listen: SocketAddr,
    /// The loopback port of operations: metrics, `/healthz`, reflection. Default: none.
    pub ops_listen: Option<SocketAddr>,
    /// Answer callers without a key. Refused unless the public port is on loopback. Default: no.
    pub insecure: bool,
    /// Reflection on the public port too, as `dev` does. Default: no.
    pub reflection: bool,
    /// Addresses of the proxies in front of the public port, whose `X-Forwarded-For` is believed when pages are counted. Default: none, and
    /// whoever connects is the caller.
    pub trusted_proxies: Vec<IpAddr>,
    /// Seconds between two sweeps (lapsed offers, gigs past their last window, old repeat keys). Default: 30.
    pub sweep_interval_s: u64,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            roles: vec![Role::Api, Role::Workers],
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 7207)),
            ops_listen: None,
            insecure: false,
            reflection: false,
            trusted_proxies: Vec::new(),
            sweep_interval_s: 30,
        }
    }
}
