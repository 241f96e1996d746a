//! `keikka gig events GIG`: what happened, who did it, why.

use clap::Args;
use serde_json::{Value, json};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Column, Report, Show};

const COLUMNS: &[Column] = &[
    Column::new("when", "eventTime", Show::Time),
    Column::new("what", "kind", Show::Text),
    Column::new("by", "actor", Show::Text).within(24),
    Column::new("why", "reason", Show::Text).within(40),
];

/// Arguments of `events`.
#[derive(Debug, Args)]
pub(crate) struct EventsArgs {
    /// The gig's id, or its resource name in full
    #[arg(value_name = "GIG")]
    gig: String,
}

/// Shows the events of a gig, at most a thousand.
pub(super) async fn run(context: &Context, args: EventsArgs) -> Result<Exit, Failure> {
    let parent = context.name("gigs", &args.gig).await?;
    let what = format!("show the events of gig {}", args.gig);
    let path = "keikka.dispatch.v1.GigService/ListGigEvents";
    let answer = context.client().await?.call(&what, path, json!({ "parent": parent, "pageSize": 1000 })).await?;
    let events: Vec<Value> = answer["events"].as_array().cloned().unwrap_or_default();
    context.print(&Report::list(answer, &events, COLUMNS))
}
