//! `keikka offer send`, `stop` and `progress`: the asking for a gig, which sends offers by itself.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::progress;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::local_time;
use crate::output::{Format, Report, last_segment, note};

/// How people are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Policy {
    /// Keeps a set amount of expected yeses outstanding
    Paced,
    /// Two at a time, with a pause after each two
    WavesOfTwo,
}

/// Arguments of `send`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka offer send g12 --by 2026-11-24T08:00")]
pub(crate) struct SendArgs {
    /// The gig's id, or its resource name in full
    #[arg(value_name = "GIG")]
    gig: String,
    /// How people are chosen
    #[arg(long, value_enum, default_value = "paced")]
    policy: Policy,
    /// The start to offer [default: the agreed start, else the one that most could keep]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// When a yes must be in [default: two hours before the start, or half way to it]
    #[arg(long, value_name = "TIME")]
    by: Option<String>,
    /// Let the server check everything and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Arguments of `stop`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka offer stop g12")]
pub(crate) struct StopArgs {
    /// The gig's id, or its resource name in full
    #[arg(value_name = "GIG")]
    gig: String,
    /// Let the server check everything and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Arguments of `progress`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka offer progress g12")]
pub(crate) struct ProgressArgs {
    /// The gig's id, or its resource name in full
    #[arg(value_name = "GIG")]
    gig: String,
}

/// Begins to ask.
pub(super) async fn begin(context: &Context, args: SendArgs) -> Result<Exit, Failure> {
    let policy = match args.policy {
        Policy::Paced => "POLICY_PACED",
        Policy::WavesOfTwo => "POLICY_WAVES_OF_TWO",
    };
    let mut request = json!({ "policy": policy });
    for (field, time) in [("startTime", &args.at), ("deadlineTime", &args.by)] {
        if let Some(time) = time {
            request[field] = json!(local_time::read(time)?.to_string());
        }
    }
    send(context, "send offers for", "StartAsking", &args.gig, request, args.dry_run).await
}

/// Stops asking.
pub(super) async fn stop(context: &Context, args: StopArgs) -> Result<Exit, Failure> {
    send(context, "stop offers for", "StopAsking", &args.gig, json!({}), args.dry_run).await
}

/// Shows how far it is.
pub(super) async fn progress(context: &Context, args: ProgressArgs) -> Result<Exit, Failure> {
    let request = json!({ "gig": context.name("gigs", &args.gig).await? });
    let what = format!("show the offers for gig {}", args.gig);
    let path = "keikka.dispatch.v1.OfferService/GetAsking";
    let answer = context.client().await?.call(&what, path, request).await;
    let mut answer = answer.map_err(|failure| where_to_begin(failure, &args.gig))?;
    print(context, answer["asking"].take()).await
}

/// The asking: for people how far it is, for programs the API's own form.
async fn print(context: &Context, asking: Value) -> Result<Exit, Failure> {
    let report = Report::document(asking);
    if context.globals.output != Format::Table {
        return context.print(&report);
    }
    let text = progress::text(context, &report.json).await?;
    context.print(&Report { text, ..report })
}

/// A gig that is not asked for leads to the command that begins it.
fn where_to_begin(failure: Failure, gig: &str) -> Failure {
    let is_asking = |failure: &Failure| {
        failure.server.as_ref().is_some_and(|said| said.metadata.get("resource").is_some_and(|word| word == "asking"))
    };
    if is_asking(&failure) {
        let next = format!("keikka offer send {}", last_segment(gig));
        failure.because("nobody is being asked for it").next(next)
    } else {
        failure
    }
}

async fn send(
    context: &Context,
    verb: &str,
    rpc: &str,
    gig: &str,
    mut request: Value,
    dry_run: bool,
) -> Result<Exit, Failure> {
    request["gig"] = json!(context.name("gigs", gig).await?);
    request["requestId"] = Context::request_id();
    request["validateOnly"] = json!(dry_run);
    let what = format!("{verb} gig {gig}");
    let path = format!("keikka.dispatch.v1.OfferService/{rpc}");
    let answer = context.client().await?.call(&what, &path, request).await;
    let mut answer = answer.map_err(|failure| where_to_begin(failure, gig))?;
    let asking = answer["asking"].take();
    let done = if dry_run { context.print(&Report::document(asking))? } else { print(context, asking).await? };
    if dry_run {
        note("dry run: it could be done, nothing was changed");
    }
    Ok(done)
}
