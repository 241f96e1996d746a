//! A service of one's own for `dev` and `demo`: a data folder with an embedded database and keys, a server in this process, the
//! sample city.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::{NetworkId, PrincipalId, Role};

use serde_json::json;
use server::Settings;
use server::auth::keys::{Grant, generate};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::serve::{bind, serve, telemetry};
use crate::client::Client;
use crate::clock;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::files;
use crate::nouns::{Noun, Standard};
use crate::sample::{self, City, Loaded, NETWORK, SEED};

/// The folder of a local service.
#[derive(Debug, Clone)]
pub(super) struct DataFolder(PathBuf);

impl DataFolder {
    /// The folder, made with its keys if it is new.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let folder = Self(path.to_owned());
        std::fs::create_dir_all(path)
            .map_err(|error| Failure::failed(format!("cannot make the folder {}", path.display())).because(error))?;
        if !folder.keys().exists() {
            folder.make_keys()?;
        }
        Ok(folder)
    }

    /// The folder itself.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// The key that a city coordinator signs in with.
    pub(super) fn coordinator_key(&self) -> PathBuf {
        self.0.join("coordinator.key")
    }

    /// The key of operations.
    pub(super) fn ops_key(&self) -> PathBuf {
        self.0.join("ops.key")
    }

    /// The hashed keys that the server reads.
    fn keys(&self) -> PathBuf {
        self.0.join("keys.toml")
    }

    /// The database.
    pub(super) fn database(&self) -> String {
        format!("sqlite://{}", self.0.join("keikka.db").display())
    }

    fn make_keys(&self) -> Result<(), Failure> {
        let id = |text: &str| PrincipalId::new(text).expect("a literal id");
        let network = NetworkId::new(NETWORK).expect("a literal id");
        let grants = [
            (
                Grant {
                    id: id("local-coordinator"),
                    role: Role::CityCoordinator,
                    network: Some(network),
                    association: None,
                    volunteer: None,
                },
                self.coordinator_key(),
            ),
            (
                Grant { id: id("local-ops"), role: Role::Ops, network: None, association: None, volunteer: None },
                self.ops_key(),
            ),
        ];
        let mut entries = String::from("# Hashes of the keys beside this file, made by keikka dev.\n");
        for (grant, path) in grants {
            let key = generate(&grant).map_err(|error| Failure::failed("cannot make a key").because(error))?;
            files::write_private(&path, &format!("{}\n", key.token))?;
            entries.push_str(&key.entry);
        }
        files::write_private(&self.keys(), &entries)
    }
}

/// A service that runs in this process.
pub(super) struct Local {
    /// The address of the public port.
    pub(super) address: SocketAddr,
    /// The address of the port of operations.
    pub(super) ops_address: SocketAddr,
    folder: DataFolder,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Result<(), Failure>>,
    _telemetry: server::telemetry::Telemetry,
}

impl Local {
    /// Starts on bound ports.
    pub(super) async fn start(folder: DataFolder, listen: &str, ops_listen: &str) -> Result<Self, Failure> {
        let listener = bind(listen.to_owned()).await?;
        let ops_listener = bind(ops_listen.to_owned()).await?;
        let (address, ops_address) = (local_address(&listener)?, local_address(&ops_listener)?);
        let flags = [
            ("database.url", folder.database()),
            ("database.create", "true".to_owned()),
            ("server.listen", address.to_string()),
            ("server.ops_listen", ops_address.to_string()),
            ("server.reflection", "true".to_owned()),
            ("auth.keys_file", folder.keys().display().to_string()),
            ("telemetry.log_filter", std::env::var("KEIKKA_LOG").unwrap_or_else(|_| "warn".to_owned())),
        ];
        let settings =
            Settings::load(None, [], &flags).map_err(|error| Failure::failed("cannot start").because(error))?;
        let telemetry = telemetry(&settings)?;
        let (stop, stopped) = oneshot::channel();
        let until = async move {
            let _ = stopped.await;
        };
        let task = tokio::spawn(serve(settings, listener, Some(ops_listener), until));
        Ok(Self { address, ops_address, folder, stop: Some(stop), task, _telemetry: telemetry })
    }

    /// A client with the coordinator's key. If the service could not start, says why.
    pub(super) async fn coordinator(&mut self) -> Result<Client, Failure> {
        self.client(self.folder.coordinator_key()).await
    }

    /// A client with the key of operations.
    pub(super) async fn ops(&mut self) -> Result<Client, Failure> {
        self.client(self.folder.ops_key()).await
    }

    async fn client(&mut self, key: PathBuf) -> Result<Client, Failure> {
        let connection = Connection { server: self.url(), key_file: Some(key), timeout: Duration::from_secs(60) };
        tokio::select! {
            client = Client::connect(&connection) => client,
            ended = &mut self.task => Err(gone(ended)),
        }
    }

    /// The address for `--server`.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Runs until the future ends or the service does.
    pub(super) async fn until(&mut self, end: impl Future<Output = ()>) -> Result<(), Failure> {
        tokio::select! {
            () = end => Ok(()),
            ended = &mut self.task => Err(gone(ended)),
        }
    }

    /// Loads the sample city if there is no network yet.
    pub(super) async fn load_sample(&mut self) -> Result<Option<Loaded>, Failure> {
        let (coordinator, ops) = (self.coordinator().await?, self.ops().await?);
        let noun = Noun::of("network").expect("networks are in the table");
        let listed = ops.call("look for a network", &noun.standard(Standard::List), json!({ "pageSize": 1 })).await?;
        if listed["networks"].as_array().is_some_and(|networks| !networks.is_empty()) {
            return Ok(None);
        }
        sample::load(&ops, &coordinator, &City::of(clock::now(), SEED)).await.map(Some)
    }

    /// Stops the service and waits for it.
    pub(super) async fn stop(mut self) -> Result<(), Failure> {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        match (&mut self.task).await {
            Ok(ended) => ended,
            Err(error) => Err(Failure::failed("the service broke").because(error)),
        }
    }
}

fn gone(ended: Result<Result<(), Failure>, tokio::task::JoinError>) -> Failure {
    match ended {
        Ok(Err(failure)) => failure,
        Ok(Ok(())) => Failure::failed("the service stopped by itself"),
        Err(error) => Failure::failed("the service broke").because(error),
    }
}

fn local_address(listener: &TcpListener) -> Result<SocketAddr, Failure> {
    listener.local_addr().map_err(|error| Failure::failed("cannot listen").because(error))
}
