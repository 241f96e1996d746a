//! What every command needs: the global options, the client once somebody calls the server, the network once somebody asks.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::arguments::Globals;
use crate::client::Client;
use crate::connection::Connection;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::names;
use crate::nouns::{NOUNS, Noun, Standard};
use crate::output::{Report, note};

/// The state of one run.
#[derive(Debug)]
pub(crate) struct Context {
    /// The global options.
    pub(crate) globals: Globals,
    client: OnceCell<Client>,
    network: OnceCell<String>,
}

/// Refuses an id that is none, before anybody is asked.
pub(crate) fn not_empty(collection: &str, id: &str) -> Result<(), Failure> {
    if !id.trim().is_empty() {
        return Ok(());
    }
    let word = NOUNS.iter().find(|noun| noun.collection == collection).map_or("resource", |noun| noun.word);
    Err(Failure::usage(format!("which {word}?")).because("the id is empty").next(format!("keikka {word} list")))
}

impl Context {
    /// A run with these options.
    pub(crate) fn new(globals: Globals) -> Self {
        Self { globals, client: OnceCell::new(), network: OnceCell::new() }
    }

    /// The client, connected at the first call.
    pub(crate) async fn client(&self) -> Result<&Client, Failure> {
        self.client.get_or_try_init(|| async { Client::connect(&self.connection()).await }).await
    }

    /// How the server is reached.
    pub(crate) fn connection(&self) -> Connection {
        Connection {
            server: self.globals.server.clone(),
            key_file: self.globals.key_file.clone().or_else(|| self.local_key()),
            timeout: Duration::from_secs(self.globals.timeout.into()),
        }
    }

    /// The key that `keikka dev` left in this folder, for a server on this machine.
    fn local_key(&self) -> Option<std::path::PathBuf> {
        let local = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
        let key = std::path::Path::new(crate::commands::dev::FOLDER).join("coordinator.key");
        (local.iter().any(|begin| self.globals.server.starts_with(begin)) && key.exists()).then_some(key)
    }

    /// The id of the network: given, or the only one that the caller reaches.
    pub(crate) async fn network(&self) -> Result<&str, Failure> {
        self.network.get_or_try_init(|| self.find_network()).await.map(String::as_str)
    }

    /// The parent of everything in the network: `networks/kouvola`.
    pub(crate) async fn parent(&self) -> Result<String, Failure> {
        Ok(format!("networks/{}", self.network().await?))
    }

    async fn find_network(&self) -> Result<String, Failure> {
        if let Some(network) = &self.globals.network {
            return Ok(network.strip_prefix("networks/").unwrap_or(network).to_owned());
        }
        let noun = Noun::of("network").expect("networks are in the table");
        let path = noun.standard(Standard::List);
        let answer = self.client().await?.call("find the network", &path, json!({ "pageSize": 20 })).await?;
        let found: Vec<&str> = answer["networks"]
            .as_array()
            .map(|networks| {
                networks.iter().filter_map(|network| network["name"].as_str()?.strip_prefix("networks/")).collect()
            })
            .unwrap_or_default();
        match found.as_slice() {
            [only] => Ok((*only).to_owned()),
            [] => Err(Failure::failed("there is no network yet")
                .next("keikka network create kouvola --set title=.. --set city=Kouvola")),
            many => Err(Failure::usage("which network?")
                .because(format!("there are {}", many.join(", ")))
                .next(format!("--network {}, or KEIKKA_NETWORK", many[0]))),
        }
    }

    /// The resource name of an id in a collection; a name given in full needs no network.
    pub(crate) async fn name(&self, collection: &str, id: &str) -> Result<String, Failure> {
        not_empty(collection, id)?;
        if id.contains('/') {
            return Ok(id.to_owned());
        }
        Ok(names::resource(self.network().await?, collection, id))
    }

    /// Prints a report in the chosen format.
    pub(crate) fn print(&self, report: &Report) -> Result<Exit, Failure> {
        report.print(self.globals.output).map(|()| Exit::Done)
    }

    /// A key for one write: a repeat has no second effect.
    pub(crate) fn request_id() -> Value {
        json!(uuid::Uuid::new_v4().to_string())
    }

    /// Whether [`Context::confirm`] will ask: not where the answer was given beforehand. It fails where nobody is there to answer.
    pub(crate) fn asks(&self, undone: &str) -> Result<bool, Failure> {
        use std::io::IsTerminal;
        if self.globals.yes {
            return Ok(false);
        }
        if self.globals.no_input || !std::io::stdin().is_terminal() {
            return Err(Failure::usage(undone)
                .because("it asks first, and nobody is here to answer")
                .next("add --yes"));
        }
        Ok(true)
    }

    /// Asks before something that cannot be taken back. `undone` begins what is said if it was not allowed: "not deleted".
    pub(crate) fn confirm(&self, question: &str, undone: &str) -> Result<(), Failure> {
        use std::io::BufRead;
        if !self.asks(undone)? {
            return Ok(());
        }
        note(format!("{question} Type yes to go on:"));
        let mut answer = String::new();
        let _ = std::io::stdin().lock().read_line(&mut answer);
        if matches!(answer.trim(), "yes" | "y" | "k" | "kyllä") {
            Ok(())
        } else {
            Err(Failure::new(Exit::Interrupted, undone).because("you did not say yes"))
        }
    }
}
