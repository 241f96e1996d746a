//! From settings and sockets to a running server, and to its end.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use store::{Database, OpenOptions, SchemaState};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tonic::service::Routes;
use tonic_health::ServingStatus;

use crate::auth::{CurrentKeys, Gatekeeper, Keyring, admits_every_method};
use crate::clock::Clock;
use crate::edge::{Acceptor, Drain, GateSettings, public, serve_connections, web_origins};
use crate::error::ServeError;
use crate::services::{Rooms, Services};
use crate::settings::{Role, Settings};
use crate::web::{Limits, Web};
use crate::workers::{self, Delivery};

/// Names of the reflection services.
const REFLECTION: [&str; 2] = ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"];
/// The name of the health service.
const HEALTH: &str = "grpc.health.v1.Health";
/// Longest wait for the storage to close.
const CLOSE_TIME: Duration = Duration::from_secs(2);

/// Serves until `shutdown` completes, then lets calls end and returns, at the latest `limits.drain_s` plus a few seconds later.
/// `listener` is the public port, which a process without the role `api` has none of; `ops_listener` is the loopback port of
/// operations.
///
/// # Errors
/// [`ServeError`] if the server must not or cannot start: its text says what to do.
pub async fn serve(
    settings: Settings,
    listener: impl Into<Option<TcpListener>>,
    ops_listener: Option<TcpListener>,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), ServeError> {
    serve_with(settings, listener, ops_listener, Clock::system(), shutdown).await
}

/// The same with a clock that a test may set forward.
///
/// # Errors
/// As [`serve`].
pub async fn serve_with(
    settings: Settings,
    listener: impl Into<Option<TcpListener>>,
    ops_listener: Option<TcpListener>,
    clock: Clock,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), ServeError> {
    crate::telemetry::recorder();
    let listener = listener.into().filter(|_| settings.server.roles.contains(&Role::Api));
    let address = listener.as_ref().map(TcpListener::local_addr).transpose()?;
    let keys = keys(&settings, address, ops_listener.as_ref())?;
    if let Err(methods) = admits_every_method() {
        return Err(ServeError::MethodsWithoutRule(methods.join(", ")));
    }
    if let Some(public) = address.filter(|public| settings.web.local_origins && !public.ip().is_loopback()) {
        return Err(ServeError::LocalOriginsBeyondLoopback(public));
    }
    let origins = web_origins(&settings.web.cors_origins, settings.web.local_origins).map_err(ServeError::Origin)?;
    let roads = settings.travel.roads()?;
    let delivery = Delivery::read(&settings.notification)?;
    let db = open(&settings).await?;
    let division = settings.planner.division(db.engine());
    if settings.planner.share_tiles && !division.is_shared {
        tracing::warn!("planner.share_tiles needs PostgreSQL: this process plans alone");
    }
    let options = match &delivery {
        Some(delivery) => delivery.options.clone(),
        None => Delivery::none(&settings.notification)?,
    };
    let rooms = Arc::new(Rooms::new(db.clone(), division, roads, options));
    let drain = Drain::default();
    let gatekeeper = Gatekeeper::new(keys.clone(), settings.server.insecure);
    let gate = Arc::new(GateSettings::new(gatekeeper, clock.clone(), drain.clone(), &settings.limits));
    let (health, health_service) = tonic_health::server::health_reporter();
    health.set_service_status("", ServingStatus::Serving).await;

    let acceptor = Acceptor::new(&settings.limits, drain.clone());
    let mut served = tokio::task::JoinSet::new();
    if let Some(listener) = listener {
        let routes = Services::new(Arc::clone(&rooms)).routes().add_service(health_service);
        let mut names = service_names();
        names.push(HEALTH);
        let reflection = settings.server.reflection;
        let (names, routes) = if reflection { with_reflection(names, routes)? } else { (names, routes) };
        let pages = crate::web::routes(Web::new(&rooms, clock.clone(), Arc::clone(&gate), Limits::new(&settings)));
        let router = public(names, routes, Arc::clone(&gate), origins, crate::ops::front().merge(pages));
        served.spawn(serve_connections(listener, router, acceptor.clone()));
    }
    if let Some(listener) = ops_listener {
        let reflection = with_reflection(Vec::new(), Routes::default())?;
        served.spawn(serve_connections(listener, crate::ops::router(reflection, Arc::clone(&gate)), acceptor));
    }
    let work = workers::begin(&rooms, clock, &settings, delivery, &drain.begun);
    // Listened for from here on: a hangup must not end the process.
    let hangups = signal(SignalKind::hangup())?;
    let reload = tokio::spawn(reload_keys(settings.auth.keys_file.clone(), hangups, keys, drain.clone()));
    tracing::info!(storage = %db, "ready");

    shutdown.await;
    tracing::info!("stopping");
    health.set_service_status("", ServingStatus::NotServing).await;
    rooms.dispatch.cancel_solves();
    drain.begun.cancel();
    let time = Duration::from_secs(settings.limits.drain_s);
    let ended = async {
        while served.join_next().await.is_some() {}
        gate.idle(&settings.limits).await;
    };
    let in_time = tokio::select! {
        () = ended => true,
        () = drain.run(time) => false,
    };
    if !in_time {
        tracing::warn!("calls were still in work at the end of the drain time");
    }
    served.shutdown().await;
    let _ = tokio::time::timeout(CLOSE_TIME, work).await;
    reload.abort();
    settle(&rooms).await;
    let _ = tokio::time::timeout(CLOSE_TIME, db.close()).await;
    tracing::info!("stopped");
    Ok(())
}

/// Waits a moment for solves that were cancelled to say so in the storage.
async fn settle(rooms: &Rooms) {
    let _ = tokio::time::timeout(CLOSE_TIME, rooms.dispatch.solves_ended()).await;
}

/// The keys to begin with, if the server may start with them on these addresses.
fn keys(settings: &Settings, public: Option<SocketAddr>, ops: Option<&TcpListener>) -> Result<CurrentKeys, ServeError> {
    if let Some(listener) = ops {
        let address = listener.local_addr()?;
        if !address.ip().is_loopback() {
            return Err(ServeError::OpsBeyondLoopback(address));
        }
    }
    if let Some(public) = public.filter(|public| settings.server.insecure && !public.ip().is_loopback()) {
        return Err(ServeError::InsecureBeyondLoopback(public));
    }
    let keyring = settings.auth.keys_file.as_deref().map(Keyring::read).transpose()?.unwrap_or_default();
    if keyring.is_empty() && !settings.server.insecure && public.is_some() {
        return Err(ServeError::NoKeys);
    }
    Ok(CurrentKeys::new(keyring))
}

/// The database, open and of the schema that this program knows.
async fn open(settings: &Settings) -> Result<Database, ServeError> {
    let create = settings.database.create;
    let options = OpenOptions { create, ..OpenOptions::default() };
    let db = Database::open(settings.database.url.expose(), options).await?;
    if create {
        db.migrate().await?;
    }
    match db.schema().await? {
        SchemaState::UpToDate { .. } => Ok(db),
        SchemaState::Behind { applied, known } => {
            db.close().await;
            Err(ServeError::SchemaBehind { applied, known })
        }
        SchemaState::Newer { applied, known } => {
            db.close().await;
            Err(ServeError::Store(store::Error::SchemaNewer { applied, known }))
        }
    }
}

/// The names of our own services, from the table of methods.
fn service_names() -> Vec<&'static str> {
    let mut names: Vec<&'static str> =
        proto::METHODS.iter().filter_map(|path| path.trim_start_matches('/').split('/').next()).collect();
    names.dedup();
    names
}

/// Adds reflection, v1 and v1alpha, over every descriptor of ours.
fn with_reflection(mut names: Vec<&'static str>, routes: Routes) -> Result<(Vec<&'static str>, Routes), ServeError> {
    let builder = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(proto::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    names.extend(REFLECTION);
    Ok((names, routes.add_service(builder().build_v1()?).add_service(builder().build_v1alpha()?)))
}

/// Reads the key file again on SIGHUP. A wrong file changes nothing.
async fn reload_keys(path: Option<PathBuf>, mut hangups: Signal, keys: CurrentKeys, drain: Drain) {
    let Some(path) = path else { return };
    loop {
        tokio::select! {
            () = drain.begun.cancelled() => return,
            hangup = hangups.recv() => if hangup.is_none() { return },
        }
        match Keyring::read(&path) {
            Ok(keyring) => {
                tracing::info!(keys = keyring.len(), "keys read again");
                keys.replace(keyring);
            }
            Err(error) => tracing::error!(cause = crate::status::chain(&error), "keys not changed"),
        }
    }
}
