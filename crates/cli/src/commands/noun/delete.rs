//! `keikka NOUN delete ID`.

use clap::Args;
use serde_json::json;

use super::create::dry_run;
use super::name_of;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::nouns::{Noun, Standard};
use crate::output::{Report, note};

/// Arguments of `delete`.
#[derive(Debug, Args)]
pub(crate) struct DeleteArgs {
    /// Its id, or its resource name in full
    #[arg(value_name = "ID")]
    id: String,
    /// The version you read; another one now is refused
    #[arg(long, value_name = "ETAG")]
    etag: Option<String>,
    /// Let the server check everything and delete nothing
    #[arg(long)]
    dry_run: bool,
}

/// Deletes, after asking.
pub(super) async fn run(context: &Context, noun: &'static Noun, args: DeleteArgs) -> Result<Exit, Failure> {
    let method = noun.has(Standard::Delete).expect("the command exists because the method does");
    let name = name_of(context, noun, &args.id).await?;
    if !args.dry_run {
        context.confirm(&format!("Delete {name}?"), "not deleted")?;
    }
    let mut request = json!({ "name": name, "requestId": Context::request_id() });
    if let Some(etag) = &args.etag {
        request["etag"] = json!(etag);
    }
    dry_run(&method, &mut request, args.dry_run)?;
    let what = format!("delete {} {}", noun.word, args.id);
    let client = context.client().await?;
    client.call(&what, &noun.standard(Standard::Delete), request).await?;
    let done = context.print(&Report { lines: vec![json!({})], ..Report::told(json!({}), String::new()) })?;
    note(if args.dry_run { format!("dry run: {name} could be deleted") } else { format!("deleted {name}") });
    Ok(done)
}
