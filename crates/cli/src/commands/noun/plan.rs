//! `keikka plan show` and `keikka plan apply`.

use clap::Args;
use serde_json::json;

use super::get::fetch_to;
use crate::commands::plan_text::{Counts, Detail, promised, text, who_hears};
use crate::commands::rematch::asked_for;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::nouns::Noun;
use crate::output::{Report, note};

/// Arguments of `show`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka plan show p-3 --open 100")]
pub(crate) struct ShowArgs {
    /// The plan's id, or its resource name in full
    #[arg(value_name = "PLAN")]
    plan: String,
    /// Most changes to list
    #[arg(long, default_value_t = 200, value_name = "N")]
    changes: usize,
    /// Most open gigs to list
    #[arg(long, default_value_t = 50, value_name = "N")]
    open: usize,
}

/// Arguments of `apply`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka plan apply p-3")]
pub(crate) struct ApplyArgs {
    /// The plan's id, or its resource name in full
    #[arg(value_name = "PLAN")]
    plan: String,
    /// The version you read; another one now is refused [default: the version that stands]
    #[arg(long, value_name = "ETAG")]
    etag: Option<String>,
    /// Ask the plan's volunteers, who may say no, instead of promising for them
    #[arg(long)]
    ask: bool,
    /// Let the server check that it could be applied, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Shows a plan.
pub(super) async fn show(context: &Context, args: ShowArgs) -> Result<Exit, Failure> {
    let plan = fetch_to(context, noun(), &args.plan, "show").await?;
    let detail = Detail { changes_max: args.changes, open_max: args.open };
    let text = text(&plan, detail);
    context.print(&Report::told(plan, text))
}

/// Applies a plan.
pub(super) async fn apply(context: &Context, args: ApplyArgs) -> Result<Exit, Failure> {
    let plan = fetch_to(context, noun(), &args.plan, "apply").await?;
    let counts = Counts::of(&plan);
    if !args.dry_run {
        context.confirm(&format!("Apply {}? {}", args.plan, who_hears(&plan, args.ask)), "not applied")?;
    }
    let etag = args.etag.map_or_else(|| plan["etag"].clone(), |etag| json!(etag));
    let request = json!({
        "name": plan["name"], "etag": etag, "requestId": Context::request_id(), "validateOnly": args.dry_run,
        "ask": args.ask,
    });
    let what = format!("apply plan {}", args.plan);
    let path = noun().path("ApplyPlan");
    let mut answer = context.client().await?.call(&what, &path, request).await?;
    let applied = answer["plan"].take();
    let text = text(&applied, Detail { changes_max: 20, open_max: 10 });
    let done = context.print(&Report::told(applied, text))?;
    note(if args.dry_run {
        "dry run: it could be applied, nothing was changed".to_owned()
    } else if args.ask {
        asked_for(&answer, counts)
    } else {
        promised(&args.plan, &plan)
    });
    Ok(done)
}

fn noun() -> &'static Noun {
    Noun::of("plan").expect("plans are in the table")
}
