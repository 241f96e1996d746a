//! Why the server does not start, or ends.

/// Why the server does not start, or ends. Each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// No keys, and not allowed to go without.
    #[error(
        "no keys: set auth.keys_file (make keys with `keikka admin key`), or server.insecure on a loopback address"
    )]
    NoKeys,
    /// Without keys on an address that others reach.
    #[error("server.insecure is for loopback only, and {0} is not a loopback address")]
    InsecureBeyondLoopback(std::net::SocketAddr),
    /// The ops port on an address that others reach.
    #[error("server.ops_listen must be a loopback address, and {0} is none")]
    OpsBeyondLoopback(std::net::SocketAddr),
    /// The key file cannot be used.
    #[error(transparent)]
    Keys(#[from] crate::auth::keys::KeyError),
    /// The settings of messages cannot be used.
    #[error("messages cannot be delivered as the settings ask")]
    Delivery(#[from] crate::DeliveryError),
    /// Methods without an access rule.
    #[error("these methods have no access rule: {0}")]
    MethodsWithoutRule(String),
    /// A wildcard or something that is no origin.
    #[error("web.cors_origins: {0} is not an origin such as https://yhdistys.example")]
    Origin(String),
    /// Pages of any local program would reach a server that others reach too.
    #[error(
        "web.local_origins is for a server.listen on loopback, and {0} is not: name the origins in web.cors_origins"
    )]
    LocalOriginsBeyondLoopback(std::net::SocketAddr),
    /// The database cannot be opened or used.
    #[error("the database cannot be used")]
    Store(#[from] store::Error),
    /// Migrations are missing.
    #[error("the database has schema {applied} and this program needs {known}: run `keikka admin migrate` first")]
    SchemaBehind {
        /// The newest migration applied; 0 for an empty database.
        applied: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// The reflection service cannot be built.
    #[error("reflection cannot be set up")]
    Reflection(#[from] tonic_reflection::server::Error),
    /// Road times were set up wrongly.
    #[error("the settings of travel cannot be used")]
    Travel(#[from] ::travel::Error),
    /// No file was named.
    #[error("travel.provider is file: set travel.file too")]
    NoTravelFile,
    /// The file of travel times cannot be opened.
    #[error("travel.file {} cannot be read", .path.display())]
    TravelFile {
        /// Where it should be.
        path: std::path::PathBuf,
        /// Why not.
        #[source]
        cause: std::io::Error,
    },
    /// The file of travel times has wrong rows.
    #[error("travel.file cannot be used")]
    TravelRows(#[from] ::travel::MatrixError),
    /// A socket failed.
    #[error("a socket failed")]
    Socket(#[from] std::io::Error),
}
