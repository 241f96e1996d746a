//! `keikka gig release GIG`: a volunteer cannot come, or is let go; their slot is free again.

use clap::Args;
use serde_json::{Value, json};

use super::get::fetch_to;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::nouns::Noun;
use crate::output::{Report, last_segment, note};

/// Arguments of `release`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka gig release g12 --volunteer v7 --given-back --reason sairastui")]
pub(crate) struct ReleaseArgs {
    /// The gig's id, or its resource name in full
    #[arg(value_name = "GIG")]
    gig: String,
    /// Who cannot come [default: the only helper]
    #[arg(long, value_name = "VOLUNTEER")]
    volunteer: Option<String>,
    /// Why, in task words; kept with the event
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// The volunteer has said so: it is their cancellation, not yours
    #[arg(long)]
    given_back: bool,
    /// Let the server check everything and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Finds the helper's assignment and gives it back, after asking.
pub(super) async fn run(context: &Context, args: ReleaseArgs) -> Result<Exit, Failure> {
    let gig = fetch_to(context, Noun::of("gig").expect("gigs are in the table"), &args.gig, "release").await?;
    let assignment = pick(&gig, &args)?;
    let (name, volunteer) = (&assignment["name"], last_segment(assignment["volunteer"].as_str().unwrap_or_default()));
    if !args.dry_run {
        let question = format!("Release {volunteer} from gig {}? The promise to the seeker ends.", args.gig);
        context.confirm(&question, "not released")?;
    }
    let mut request = json!({
        "name": name, "etag": gig["etag"], "requestId": Context::request_id(), "validateOnly": args.dry_run,
        "givenBack": args.given_back,
    });
    if let Some(reason) = &args.reason {
        request["reason"] = json!(reason);
    }
    let what = format!("release {volunteer} from gig {}", args.gig);
    let path = "keikka.dispatch.v1.GigService/ReleaseAssignment";
    let mut answer = context.client().await?.call(&what, path, request).await?;
    let done = context.print(&Report::document(answer["gig"].take()))?;
    if args.dry_run {
        note("dry run: it could be done, nothing was changed");
    }
    Ok(done)
}

fn pick<'a>(gig: &'a Value, args: &ReleaseArgs) -> Result<&'a Value, Failure> {
    let helpers = gig["assignments"].as_array().map_or(&[][..], Vec::as_slice);
    let of = |one: &Value| last_segment(one["volunteer"].as_str().unwrap_or_default()).to_owned();
    let who: Vec<String> = helpers.iter().map(of).collect();
    match (&args.volunteer, helpers) {
        (_, []) => Err(Failure::failed(format!("gig {} has no helper to release", args.gig))),
        (None, [only]) => Ok(only),
        (None, _) => Err(Failure::usage("which helper?").because(who.join(", ")).next("--volunteer ID")),
        (Some(wanted), _) => helpers.iter().find(|one| of(one) == last_segment(wanted)).ok_or_else(|| {
            Failure::failed(format!("{wanted} is no helper of gig {}", args.gig))
                .because(format!("its helpers are {}", who.join(", ")))
        }),
    }
}
