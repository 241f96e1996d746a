//! `keikka NOUN get ID`: one resource.

use clap::Args;
use serde_json::{Value, json};

use super::name_of;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::nouns::{Noun, Standard};
use crate::output::Report;

/// Arguments of `get`.
#[derive(Debug, Args)]
pub(crate) struct GetArgs {
    /// Its id, or its resource name in full
    #[arg(value_name = "ID")]
    pub(super) id: String,
}

/// The example in the help.
pub(super) fn example(noun: &Noun) -> String {
    match noun.word {
        "gig" => "Example: keikka gig get g12, the same as keikka gig get networks/kouvola/gigs/g12".to_owned(),
        word => format!("Example: keikka {word} get ID -o json"),
    }
}

/// Gets and prints.
pub(super) async fn run(context: &Context, noun: &'static Noun, args: GetArgs) -> Result<Exit, Failure> {
    let resource = fetch(context, noun, &args.id).await?;
    context.print(&Report::document(resource))
}

/// The resource as it stands.
pub(super) async fn fetch(context: &Context, noun: &Noun, id: &str) -> Result<Value, Failure> {
    fetch_to(context, noun, id, "get").await
}

/// The same for a command that does something else with it: its own verb stands in the failure.
pub(super) async fn fetch_to(context: &Context, noun: &Noun, id: &str, verb: &str) -> Result<Value, Failure> {
    let name = name_of(context, noun, id).await?;
    let what = format!("{verb} {} {id}", noun.word);
    let path = noun.standard(Standard::Get);
    let mut answer = context.client().await?.call(&what, &path, json!({ "name": name })).await?;
    Ok(answer[noun.field()].take())
}
