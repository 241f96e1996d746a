//! Hands the city to a server, through the same RPCs that everybody uses.

use serde_json::{Value, json};

use super::{City, NETWORK, catalogue, sheet};
use crate::client::Client;
use crate::commands::import::{Rows, send};
use crate::context::Context;
use crate::failure::Failure;
use crate::nouns::{Noun, Standard};

/// How much was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Loaded {
    /// Volunteers.
    pub(crate) volunteers: usize,
    /// Seekers.
    pub(crate) seekers: usize,
    /// Gigs.
    pub(crate) gigs: usize,
}

/// Loads the city: `ops` may make the network, `coordinator` may do the rest.
pub(crate) async fn load(ops: &Client, coordinator: &Client, city: &City) -> Result<Loaded, Failure> {
    let parent = format!("networks/{NETWORK}");
    let network = json!({ "title": "Kouvolan vapaaehtoisverkosto (esimerkki)", "city": "Kouvola" });
    create(ops, "network", None, NETWORK.to_owned(), network).await?;
    for (id, association) in catalogue::associations() {
        create(coordinator, "association", Some(&parent), id, association).await?;
    }
    import(coordinator, &parent, Rows::Volunteers, sheet::volunteers(city)).await?;
    import(coordinator, &parent, Rows::Seekers, sheet::seekers(city)).await?;
    import(coordinator, &parent, Rows::Gigs, sheet::gigs(city)).await?;
    Ok(Loaded { volunteers: city.volunteers.len(), seekers: city.seekers.len(), gigs: city.gigs.len() })
}

async fn import(client: &Client, parent: &str, rows: Rows, text: String) -> Result<(), Failure> {
    let outcome = send(client, parent, rows, "sample.csv", text.into_bytes(), false).await?;
    match outcome.problems.first() {
        None => Ok(()),
        Some(first) => Err(Failure::failed("the sample city does not load").because(first)),
    }
}

async fn create(client: &Client, word: &str, parent: Option<&str>, id: String, resource: Value) -> Result<(), Failure> {
    let noun = Noun::of(word).expect("the sample speaks of nouns in the table");
    let what = format!("create {word} {id}");
    let mut request = json!({ noun.field(): resource, "requestId": Context::request_id() });
    request[format!("{}Id", noun.field())] = json!(id);
    if let Some(parent) = parent {
        request["parent"] = json!(parent);
    }
    client.call(&what, &noun.standard(Standard::Create), request).await.map(drop)
}
