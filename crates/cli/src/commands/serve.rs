//! `keikka serve`: the service itself. Settings come from flags, the environment and a file, in that order.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use server::Settings;
use server::settings::Role;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::note;

/// Arguments of `serve`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka admin migrate --database sqlite:///var/lib/keikka/keikka.db\n         \
                        keikka serve --config /etc/keikka/keikka.toml\n         \
                        keikka serve --config /etc/keikka/keikka.toml --roles workers --ops-listen 127.0.0.1:7218\n\
                        Every setting can also stand in the environment: KEIKKA_DATABASE_URL is database.url.")]
pub(crate) struct ServeArgs {
    /// File with settings (TOML)
    #[arg(long, value_name = "FILE", env = "KEIKKA_CONFIG", hide_env_values = true)]
    config: Option<PathBuf>,
    /// What this process does: api, workers or both [default: both]
    #[arg(long, value_name = "ROLES")]
    roles: Option<String>,
    /// Where the data is: sqlite://PATH or postgres://USER@HOST/NAME
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Address of the public port: gRPC, gRPC-Web, health
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Address of the port of operations: metrics, health, reflection
    #[arg(long, value_name = "ADDRESS:PORT")]
    ops_listen: Option<String>,
    /// File with the hashed keys of callers
    #[arg(long, value_name = "FILE")]
    keys_file: Option<PathBuf>,
    /// Answer callers without a key; refused unless the public port is on loopback
    #[arg(long)]
    insecure: bool,
    /// Any other setting; may be repeated
    #[arg(long, value_name = "SECTION.KEY=VALUE")]
    setting: Vec<String>,
}

impl ServeArgs {
    fn flags(&self) -> Result<Vec<(&str, String)>, Failure> {
        let mut flags: Vec<(&str, String)> = Vec::new();
        for text in &self.setting {
            let (key, value) = text.split_once('=').ok_or_else(|| {
                Failure::usage(format!("`--setting {text}` has no `=`")).next("--setting limits.calls_max=64")
            })?;
            flags.push((key, value.to_owned()));
        }
        let given = [
            ("server.roles", &self.roles),
            ("database.url", &self.database),
            ("server.listen", &self.listen),
            ("server.ops_listen", &self.ops_listen),
        ];
        flags.extend(given.into_iter().filter_map(|(key, value)| Some((key, value.clone()?))));
        if let Some(path) = &self.keys_file {
            flags.push(("auth.keys_file", path.display().to_string()));
        }
        if self.insecure {
            flags.push(("server.insecure", "true".to_owned()));
        }
        Ok(flags)
    }
}

/// Serves until told to stop.
pub(crate) async fn run(args: ServeArgs) -> Result<Exit, Failure> {
    let settings = Settings::load(args.config.as_deref(), std::env::vars(), &args.flags()?)
        .map_err(|error| Failure::usage("cannot use the settings").because(error).next("keikka help serve"))?;
    let _telemetry = telemetry(&settings)?;
    // A process that only works has no public port.
    let listener = match settings.server.roles.contains(&Role::Api) {
        true => Some(bind(settings.server.listen.to_string(), "--listen").await?),
        false => None,
    };
    let ops_listener = match settings.server.ops_listen {
        Some(address) => Some(bind(address.to_string(), "--ops-listen").await?),
        None => None,
    };
    note(format!("opening the database {}", without_secrets(settings.database.url.expose())));
    let address = listener.as_ref().or(ops_listener.as_ref()).map(TcpListener::local_addr).transpose();
    let address = address.map_err(|error| Failure::failed("cannot listen").because(error))?;
    let ready = tokio::spawn(async move {
        if let Some(address) = address
            && answers(address).await
        {
            note(format!("ready on {address}"));
        }
    });
    let ended = serve(settings, listener, ops_listener, server::Clock::system(), stopped()).await;
    ready.abort();
    ended.map(|()| Exit::Done)
}

/// Whether a port answers; waits until it does. Connections queue at a bound port, so one question is enough.
async fn answers(address: SocketAddr) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET / HTTP/1.1\r\nhost: keikka\r\nconnection: close\r\n\r\n").await?;
        let mut first = [0u8; 12];
        stream.read_exact(&mut first).await.map(|_| first.starts_with(b"HTTP/1.1 "))
    };
    ask.await.unwrap_or(false)
}

/// The address of a database without user, password and options.
fn without_secrets(url: &str) -> String {
    let plain = url.split('?').next().unwrap_or_default();
    match plain.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{}", rest.rsplit_once('@').map_or(rest, |(_, place)| place)),
        None => plain.to_owned(),
    }
}

/// Sets up log lines and traces for this process; they end with what is returned.
pub(super) fn telemetry(settings: &Settings) -> Result<server::telemetry::Telemetry, Failure> {
    server::telemetry::install(&settings.telemetry)
        .map_err(|error| Failure::usage("cannot use the settings").because(error).next("keikka help serve"))
}

/// Serves on bound ports until the future ends.
pub(super) async fn serve(
    settings: Settings,
    listener: impl Into<Option<TcpListener>>,
    ops_listener: Option<TcpListener>,
    clock: server::Clock,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Failure> {
    server::serve_with(settings, listener, ops_listener, clock, stop).await.map_err(|error| {
        let error = anyhow::Error::from(error);
        Failure::failed("the service stopped").because(format!("{error:#}")).next("keikka admin doctor")
    })
}

/// Binds a port, or says who else may have it and which flag moves it.
pub(super) async fn bind(address: String, flag: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(&address).await.map_err(|error| {
        let what = format!("cannot listen on {address}");
        match error.kind() {
            std::io::ErrorKind::InvalidInput => Failure::usage(what).because(&error).next(format!(
                "give {flag} an address of this machine and a port: {flag} 127.0.0.1:0 takes a free one"
            )),
            std::io::ErrorKind::AddrInUse => Failure::failed(what)
                .because(&error)
                .next(format!("another program listens there: stop it, or give {flag} another port")),
            _ => Failure::failed(what).because(&error),
        }
    })
}

/// Ends when the process is asked to stop, by Ctrl-C or SIGTERM. It listens from the call on, not only once somebody waits: who has
/// been told that the service runs may stop it at once.
pub(super) fn stopped() -> impl Future<Output = ()> + Send {
    use tokio::signal::unix::{SignalKind, signal};
    let mut asked = [SignalKind::terminate(), SignalKind::interrupt()].map(|kind| signal(kind).ok());
    async move {
        let [terminate, interrupt] = &mut asked;
        let heard = async |of: &mut Option<tokio::signal::unix::Signal>| match of {
            Some(signal) => drop(signal.recv().await),
            None => std::future::pending().await,
        };
        tokio::select! {
            () = heard(terminate) => {}
            () = heard(interrupt) => {}
        }
        note("stopping");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_named_without_its_password() {
        for (url, shown) in [
            ("sqlite:///var/lib/keikka/keikka.db", "sqlite:///var/lib/keikka/keikka.db"),
            ("postgres://me:se@cret@db.example:5432/keikka?sslmode=require", "postgres://db.example:5432/keikka"),
            ("postgres://db/keikka", "postgres://db/keikka"),
        ] {
            assert_eq!(without_secrets(url), shown);
        }
    }
}
