//! `keikka volunteer calendar ID`: the secret address under which a volunteer's own gigs can be subscribed to.

use clap::Args;
use serde_json::json;

use super::name_of;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::nouns::Noun;
use crate::output::{Report, note};

/// Arguments of `calendar`.
#[derive(Debug, Args)]
#[command(
    after_help = "A volunteer has one address at a time: each call makes a new one, and the one before opens nothing any more.\n\n\
                        Example: keikka volunteer calendar v7"
)]
pub(crate) struct CalendarArgs {
    /// The volunteer's id, or their resource name in full
    #[arg(value_name = "ID")]
    id: String,
    /// End the calendar instead: its address opens nothing any more
    #[arg(long)]
    revoke: bool,
    /// Let the server check everything and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Makes the address, or ends it.
pub(super) async fn run(context: &Context, noun: &Noun, args: CalendarArgs) -> Result<Exit, Failure> {
    let request = json!({
        "name": name_of(context, noun, &args.id).await?,
        "requestId": Context::request_id(),
        "validateOnly": args.dry_run,
    });
    let (verb, rpc) = if args.revoke { ("end", "RevokeCalendar") } else { ("make", "IssueCalendar") };
    let what = format!("{verb} the calendar of volunteer {}", args.id);
    let path = format!("keikka.registry.v1.VolunteerService/{rpc}");
    let answer = context.client().await?.call(&what, &path, request).await?;
    let done = context.print(&Report::document(answer))?;
    if args.dry_run {
        note("dry run: it could be done, nothing was changed");
    } else if !args.revoke {
        note(
            "the address is told once: whoever knows it can read the calendar. If there was one before, that opens nothing any more: a \
             program that subscribed to it needs this one",
        );
    }
    Ok(done)
}
