//! A server in this process on free ports, over a storage of its own, with a key for every role.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use domain::{AssociationId, NetworkId, PrincipalId, Role, VolunteerId};
use server::auth::keys::{Grant, generate};
use server::{Clock, ServeError, Settings};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::desk::Desk;
use crate::engines::{Engine, Storage};

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// The operator, of every network.
    Ops,
    /// A coordinator of the city of the tests.
    City,
    /// An agent of its call centre.
    CallCentre,
    /// A coordinator of the association `martat`.
    Association,
    /// That association's website.
    Site,
    /// The volunteer `v-1`.
    Volunteer,
    /// A coordinator of another city.
    ForeignCity,
}

/// Everybody.
pub const EVERYBODY: [Who; 7] =
    [Who::Ops, Who::City, Who::CallCentre, Who::Association, Who::Site, Who::Volunteer, Who::ForeignCity];

impl Who {
    /// The domain's role.
    #[must_use]
    pub fn role(self) -> Role {
        match self {
            Self::Ops => Role::Ops,
            Self::City | Self::ForeignCity => Role::CityCoordinator,
            Self::CallCentre => Role::CallCentreAgent,
            Self::Association => Role::AssociationCoordinator,
            Self::Site => Role::AssociationSite,
            Self::Volunteer => Role::Volunteer,
        }
    }

    fn grant(self) -> Grant {
        let network = match self {
            Self::Ops => None,
            Self::ForeignCity => Some("espoo"),
            _ => Some("kouvola"),
        };
        let bound = matches!(self, Self::Association | Self::Site);
        Grant {
            id: PrincipalId::new(format!("{self:?}").to_lowercase()).expect("an id"),
            role: self.role(),
            network: network.map(|id| NetworkId::new(id).expect("an id")),
            association: bound.then(|| AssociationId::new("martat").expect("an id")),
            volunteer: (self == Self::Volunteer).then(|| VolunteerId::new("v-1").expect("an id")),
        }
    }
}

/// A running server.
#[derive(Debug)]
pub struct TestServer {
    /// The engine under it.
    pub engine: Engine,
    /// Its clock, which a test may set forward.
    pub clock: Clock,
    address: SocketAddr,
    ops_address: SocketAddr,
    keys: Vec<(Who, String)>,
    storage: Storage,
    // Holds the key file.
    folder: TempDir,
    stop: oneshot::Sender<()>,
    running: JoinHandle<Result<(), ServeError>>,
}

impl TestServer {
    /// Starts one over an engine.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start(engine: Engine) -> Self {
        Self::start_with(engine, |_| ()).await
    }

    /// Starts one with settings of its own.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start_with(engine: Engine, change: impl FnOnce(&mut Settings)) -> Self {
        Self::over(engine, Storage::make(engine).await, change).await
    }

    /// Starts one over a storage that is there.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn over(engine: Engine, storage: Storage, change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let mut keys = Vec::new();
        let mut file = String::new();
        for who in EVERYBODY {
            let key = generate(&who.grant()).expect("a key can be made");
            file.push_str(&key.entry);
            keys.push((who, key.token));
        }
        let path = folder.path().join("keys.toml");
        std::fs::write(&path, file).expect("the key file can be written");
        let mut settings = Settings::default();
        settings.database.url = domain::Sensitive::new(storage.url());
        settings.database.create = true;
        settings.auth.keys_file = Some(path);
        settings.server.reflection = true;
        // All callers of a test come from one address.
        settings.limits.connections_per_peer_max = 500;
        settings.limits.pages_per_address_min = 1_000_000;
        settings.limits.pages_per_link_min = 1_000_000;
        change(&mut settings);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let ops_listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let ops_address = ops_listener.local_addr().expect("an address");
        let clock = Clock::system();
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async move {
            // A dropped sender stops it too.
            let _ = stopped.await;
        };
        let serving = server::serve_with(settings, listener, Some(ops_listener), clock.clone(), shutdown);
        let running = tokio::spawn(serving);
        let server = Self { engine, clock, address, ops_address, keys, storage, folder, stop, running };
        server.ready().await;
        server
    }

    /// Where it answers: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The public address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of the ops port.
    #[must_use]
    pub fn ops_address(&self) -> SocketAddr {
        self.ops_address
    }

    /// The storage's URL.
    #[must_use]
    pub fn database_url(&self) -> String {
        self.storage.url()
    }

    /// The folder of its keys.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The key of a caller.
    ///
    /// # Panics
    /// Never: everybody has one.
    #[must_use]
    pub fn key(&self, who: Who) -> &str {
        self.keys.iter().find(|(known, _)| *known == who).map(|(_, key)| key.as_str()).expect("everybody has a key")
    }

    /// A desk of a caller, with a connection of its own.
    #[must_use]
    pub fn desk(&self, who: Who) -> Desk {
        Desk::with_key(&self.url(), self.key(who))
    }

    /// A desk of a caller without a key.
    #[must_use]
    pub fn stranger(&self) -> Desk {
        Desk::at(&self.url())
    }

    /// Stops it and takes its storage away. Answers how long it took to stop.
    ///
    /// # Panics
    /// If it ended with an error.
    pub async fn stop(self) -> Duration {
        let (took, storage) = self.stop_keeping_storage().await;
        storage.remove().await;
        took
    }

    /// Stops it and hands its storage over, for the next server.
    ///
    /// # Panics
    /// If it ended with an error.
    pub async fn stop_keeping_storage(self) -> (Duration, Storage) {
        let begun = Instant::now();
        // It may have ended by itself; then the error below says why.
        let _ = self.stop.send(());
        self.running.await.expect("the server did not panic").expect("the server ended well");
        (begun.elapsed(), self.storage)
    }

    async fn ready(&self) {
        let mut health = tonic_health::pb::health_client::HealthClient::new(
            tonic::transport::Endpoint::from_shared(self.url()).expect("an address").connect_lazy(),
        );
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            match health.check(tonic_health::pb::HealthCheckRequest::default()).await {
                Ok(_) => return,
                Err(status) => {
                    assert!(!self.running.is_finished(), "the server ended at once");
                    assert!(Instant::now() < deadline, "not ready in time: {status}");
                    tokio::task::yield_now().await;
                }
            }
        }
    }
}
