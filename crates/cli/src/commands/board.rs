//! `keikka board VOLUNTEER`: open gigs that a volunteer may claim, with coarse places only.

use clap::Args;
use serde_json::{Value, json};

use super::standing::ways;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Column, Format, Report, Show, more_windows, note};

const COLUMNS: &[Column] = &[
    Column::new("gig", "gig", Show::Id),
    Column::new("kind", "kindTitle", Show::Title).within(22),
    Column::new("near", "place.locality", Show::Text).within(13),
    Column::new("when", "windows", Show::Windows).within(25),
    Column::new("takes", "duration", Show::Minutes),
    Column::new("free", "freeSlotCount", Show::Text),
    Column::new("prio", "priority", Show::Text),
];

/// Arguments of `board`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka board v7")]
pub(crate) struct BoardArgs {
    /// The volunteer's id, or resource name in full
    #[arg(value_name = "VOLUNTEER")]
    volunteer: String,
    /// Most gigs to show
    #[arg(long, default_value_t = 50, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    page_size: u32,
}

/// Shows the board.
pub(crate) async fn run(context: &Context, args: BoardArgs) -> Result<Exit, Failure> {
    let volunteer = context.name("volunteers", &args.volunteer).await?;
    let parent = volunteer.split('/').take(2).collect::<Vec<_>>().join("/");
    let what = format!("show the board of {}", args.volunteer);
    let request = json!({ "parent": parent, "volunteer": volunteer, "pageSize": args.page_size });
    let path = "keikka.dispatch.v1.BoardService/ListBoardGigs";
    let answer = context.client().await?.call(&what, path, request).await?;
    let gigs: Vec<Value> = answer["gigs"].as_array().cloned().unwrap_or_default();
    let ways = ways(&answer["travelSource"]);
    let more = !answer["nextPageToken"].as_str().unwrap_or_default().is_empty();
    let done = context.print(&Report::list(answer, &gigs, COLUMNS))?;
    if context.globals.output == Format::Table
        && let Some(words) = more_windows(COLUMNS, &gigs)
    {
        note(words);
    }
    if let Some(ways) = ways.filter(|_| context.globals.output == Format::Table) {
        note(ways);
    }
    if more {
        note(format!("the first {} gigs; there are more: --page-size", gigs.len()));
    } else if gigs.is_empty() {
        note("no open gig that this volunteer could take");
    }
    Ok(done)
}
