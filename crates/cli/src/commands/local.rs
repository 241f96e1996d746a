//! A service of one's own for `dev` and `demo`: a data folder with an embedded database and keys, a server in this process, the
//! sample city.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::{NetworkId, PrincipalId, Role, VolunteerId};
use jiff::Timestamp;
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
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::nouns::{Noun, Standard};
use crate::sample::{self, City, Loaded, NETWORK, SEED};

/// Longest wait for a service to say why it ended, once its connections broke.
const END_TIME: Duration = Duration::from_secs(5);

/// The folder of a local service.
#[derive(Debug, Clone)]
pub(super) struct DataFolder(PathBuf);

/// The volunteer of the sample city whose key is made too: only a volunteer can claim.
pub(super) const CLAIMER: &str = "v7";

impl DataFolder {
    /// The folder, made with its keys if it is new.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let folder = Self(path.to_owned());
        std::fs::create_dir_all(path)
            .map_err(|error| Failure::failed(format!("cannot make the folder {}", path.display())).because(error))?;
        folder.make_keys()?;
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

    /// The key of one volunteer of the sample city.
    pub(super) fn volunteer_key(&self) -> PathBuf {
        self.0.join("volunteer.key")
    }

    /// The key of operations.
    pub(super) fn ops_key(&self) -> PathBuf {
        self.0.join("ops.key")
    }

    /// The hashed keys that the server reads.
    fn keys(&self) -> PathBuf {
        self.0.join("keys.toml")
    }

    /// Where messages to people go instead of being sent.
    pub(super) fn messages(&self) -> PathBuf {
        self.0.join("messages")
    }

    /// The key that links in messages are made from.
    fn message_key(&self) -> PathBuf {
        self.0.join("messages.key")
    }

    /// The database.
    pub(super) fn database(&self) -> String {
        format!("sqlite://{}", self.0.join("keikka.db").display())
    }

    /// Makes the keys that are not there: all of them in a new folder, in an old one those that it was made without.
    fn make_keys(&self) -> Result<(), Failure> {
        let id = |text: &str| PrincipalId::new(text).expect("a literal id");
        let network = || Some(NetworkId::new(NETWORK).expect("a literal id"));
        let grant = |text: &str, role| Grant { id: id(text), role, network: None, association: None, volunteer: None };
        let volunteer = VolunteerId::new(CLAIMER).expect("a literal id");
        let grants = [
            (Grant { network: network(), ..grant("local-coordinator", Role::CityCoordinator) }, self.coordinator_key()),
            (grant("local-ops", Role::Ops), self.ops_key()),
            (
                Grant { network: network(), volunteer: Some(volunteer), ..grant("local-volunteer", Role::Volunteer) },
                self.volunteer_key(),
            ),
        ];
        let before = std::fs::read_to_string(self.keys()).ok();
        let known = before.as_deref().unwrap_or("# Hashes of the keys beside this file, made by keikka dev.\n");
        let mut entries = known.to_owned();
        for (grant, path) in grants {
            if known.contains(&format!("id = \"{}\"", grant.id)) {
                continue;
            }
            let key = generate(&grant).map_err(|error| Failure::failed("cannot make a key").because(error))?;
            files::write_private(&path, &format!("{}\n", key.token))?;
            entries.push_str(&key.entry);
        }
        if !self.message_key().exists() {
            let random: String = (0..4).map(|_| uuid::Uuid::new_v4().simple().to_string()).collect();
            files::write_private(&self.message_key(), &random)?;
        }
        if before.as_ref() == Some(&entries) { Ok(()) } else { files::write_private(&self.keys(), &entries) }
    }
}

/// The two ports of a service, bound before anything is written: a port that is taken leaves no folder behind.
#[derive(Debug)]
pub(super) struct Ports {
    public: TcpListener,
    ops: TcpListener,
}

impl Ports {
    /// Binds both.
    pub(super) async fn bind(listen: &str, ops_listen: &str) -> Result<Self, Failure> {
        let public = bind(listen.to_owned(), "--listen").await?;
        let ops = bind(ops_listen.to_owned(), "--ops-listen").await?;
        Ok(Self { public, ops })
    }
}

/// What a staged service has that one for playing has not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stage {
    /// Where the links in its messages lead: to the service that comes after it.
    pub(super) link_server: &'static str,
    /// What time it is there in the beginning.
    pub(super) time: Timestamp,
}

/// A service that runs in this process.
pub(super) struct Local {
    /// The address of the public port.
    pub(super) address: SocketAddr,
    /// The address of the port of operations.
    pub(super) ops_address: SocketAddr,
    /// What time it is for the service.
    pub(super) clock: server::Clock,
    folder: DataFolder,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<Result<(), Failure>>>,
    _telemetry: server::telemetry::Telemetry,
}

impl Local {
    /// Starts on bound ports; its links lead to itself, and its clock is the system's, unless it is staged.
    pub(super) fn start(folder: DataFolder, ports: Ports, stage: Option<Stage>) -> Result<Self, Failure> {
        let (address, ops_address) = (local_address(&ports.public)?, local_address(&ports.ops)?);
        let links = stage.map_or_else(|| format!("http://{address}"), |stage| stage.link_server.to_owned());
        let flags = [
            ("database.url", folder.database()),
            ("database.create", "true".to_owned()),
            ("server.listen", address.to_string()),
            ("server.ops_listen", ops_address.to_string()),
            ("server.reflection", "true".to_owned()),
            ("web.local_origins", "true".to_owned()),
            ("auth.keys_file", folder.keys().display().to_string()),
            ("notification.folder", folder.messages().display().to_string()),
            ("notification.key_file", folder.message_key().display().to_string()),
            ("notification.link_base", format!("{links}/r/")),
            ("telemetry.log_filter", std::env::var("KEIKKA_LOG").unwrap_or_else(|_| "warn".to_owned())),
        ];
        let settings =
            Settings::load(None, [], &flags).map_err(|error| Failure::failed("cannot start").because(error))?;
        let telemetry = telemetry(&settings)?;
        let (stop, stopped) = oneshot::channel();
        let until = async move {
            let _ = stopped.await;
        };
        let clock = server::Clock::system();
        if let Some(stage) = stage {
            clock.advance_s(stage.time.duration_since(clock.now()).as_secs());
        }
        let task = Some(tokio::spawn(serve(settings, ports.public, Some(ports.ops), clock.clone(), until)));
        Ok(Self { address, ops_address, clock, folder, stop: Some(stop), task, _telemetry: telemetry })
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
        match Client::connect(&connection).await {
            Ok(client) => Ok(client),
            Err(failure) => Err(self.cause_of(failure).await),
        }
    }

    /// The folder of the service.
    pub(super) fn folder(&self) -> &DataFolder {
        &self.folder
    }

    /// The address for `--server`.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Runs until the future ends or the service does.
    pub(super) async fn until(&mut self, end: impl Future<Output = ()>) -> Result<(), Failure> {
        tokio::select! {
            () = end => Ok(()),
            failure = self.ended() => Err(failure),
        }
    }

    /// Loads the sample city if there is no network yet.
    pub(super) async fn load_sample(&mut self) -> Result<Option<Loaded>, Failure> {
        match self.fill().await {
            Ok(loaded) => Ok(loaded),
            Err(failure) => Err(self.cause_of(failure).await),
        }
    }

    async fn fill(&mut self) -> Result<Option<Loaded>, Failure> {
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
        match self.task.take() {
            None => Ok(()),
            Some(task) => match task.await {
                Ok(ended) => ended,
                Err(error) => Err(Failure::failed("the service broke").because(error)),
            },
        }
    }

    /// Where a call failed because the service ended, what the service says of its end: that is the cause.
    async fn cause_of(&mut self, failure: Failure) -> Failure {
        if failure.exit != Exit::Unreachable {
            return failure;
        }
        tokio::time::timeout(END_TIME, self.ended()).await.unwrap_or(failure)
    }

    /// Ends when the service does, with the reason. It is told once.
    async fn ended(&mut self) -> Failure {
        let Some(task) = &mut self.task else { return std::future::pending().await };
        let ended = task.await;
        self.task = None;
        match ended {
            Ok(Err(failure)) => {
                let doctor = format!("keikka admin doctor --database {}", self.folder.database());
                failure.next(format!("{doctor}; or begin anew: --data with a new folder"))
            }
            Ok(Ok(())) => Failure::failed("the service stopped by itself"),
            Err(error) => Failure::failed("the service broke").because(error),
        }
    }
}

fn local_address(listener: &TcpListener) -> Result<SocketAddr, Failure> {
    listener.local_addr().map_err(|error| Failure::failed("cannot listen").because(error))
}
