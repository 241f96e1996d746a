//! `keikka offer accept` and `keikka offer decline`: the volunteer's answer, given by themselves or by the agent on the phone.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::get::fetch_to;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::local_time;
use crate::nouns::Noun;
use crate::output::{Report, last_segment, note};

/// What both answers share.
#[derive(Debug, Args)]
struct Answer {
    /// The offer's id, or its resource name in full
    #[arg(value_name = "ID")]
    id: String,
    /// The volunteer on the phone; an offer made to somebody else is refused
    #[arg(long, value_name = "VOLUNTEER")]
    on_behalf_of: Option<String>,
    /// The version you read; another one now is refused
    #[arg(long, value_name = "ETAG")]
    etag: Option<String>,
    /// Let the server check everything and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Arguments of `accept`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka offer accept o-5 --on-behalf-of v7")]
pub(crate) struct AcceptArgs {
    #[command(flatten)]
    answer: Answer,
}

/// Why a volunteer declines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Why {
    /// Not this time
    NotThisTime,
    /// Not at this hour, but at --other-start
    OtherHour,
    /// Too far
    TooFar,
    /// Not this kind; with --drop-kind never again
    NotThisKind,
    /// Away until --back
    Away,
    /// Asked too often: the weekly budget is halved
    TooOften,
    /// Not this person: private
    NotThisPerson,
}

/// Arguments of `decline`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka offer decline o-5 --reason away --back 2026-12-07")]
pub(crate) struct DeclineArgs {
    #[command(flatten)]
    answer: Answer,
    /// Why
    #[arg(long, value_enum, default_value = "not-this-time")]
    reason: Why,
    /// The start that would suit instead
    #[arg(long, value_name = "TIME")]
    other_start: Option<String>,
    /// The first day back
    #[arg(long, value_name = "DATE")]
    back: Option<jiff::civil::Date>,
    /// Never ask for this kind again
    #[arg(long)]
    drop_kind: bool,
}

/// Says yes.
pub(super) async fn accept(context: &Context, args: AcceptArgs) -> Result<Exit, Failure> {
    let request = json!({});
    send(context, "accept", "AcceptOffer", args.answer, request).await
}

/// Says no.
pub(super) async fn decline(context: &Context, args: DeclineArgs) -> Result<Exit, Failure> {
    let word = args.reason.to_possible_value().map(|value| value.get_name().to_uppercase().replace('-', "_"));
    let mut request = json!({ "reason": format!("DECLINE_REASON_{}", word.unwrap_or_default()) });
    if let Some(start) = &args.other_start {
        request["otherStartTime"] = json!(local_time::read(start)?.to_string());
    }
    if let Some(back) = args.back {
        request["backDate"] = json!({ "year": back.year(), "month": back.month(), "day": back.day() });
    }
    if args.drop_kind {
        request["dropKind"] = json!(true);
    }
    send(context, "decline", "DeclineOffer", args.answer, request).await
}

async fn send(context: &Context, verb: &str, rpc: &str, answer: Answer, mut request: Value) -> Result<Exit, Failure> {
    let noun = Noun::of("offer").expect("offers are in the table");
    let name = super::name_of(context, noun, &answer.id).await?;
    if let Some(volunteer) = &answer.on_behalf_of {
        let offer = fetch_to(context, noun, &answer.id, verb).await?;
        let asked = offer["volunteer"].as_str().unwrap_or_default();
        if asked != context.name("volunteers", volunteer).await? {
            return Err(Failure::usage(format!("offer {} was not made to {volunteer}", answer.id))
                .because(format!("it was made to {}", last_segment(asked)))
                .next(format!("keikka offer list --volunteer {volunteer}")));
        }
    }
    request["name"] = json!(name);
    request["requestId"] = Context::request_id();
    request["validateOnly"] = json!(answer.dry_run);
    if let Some(etag) = &answer.etag {
        request["etag"] = json!(etag);
    }
    let what = format!("{verb} offer {}", answer.id);
    let path = format!("keikka.dispatch.v1.OfferService/{rpc}");
    let mut told = context.client().await?.call(&what, &path, request).await?;
    let done = context.print(&Report::document(told["offer"].take()))?;
    if answer.dry_run {
        note("dry run: it could be done, nothing was changed");
    }
    Ok(done)
}
