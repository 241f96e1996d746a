//! `keikka admin migrate`.

use clap::Args;
use serde_json::json;
use store::OpenOptions;

use super::{DatabaseArgs, broken};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Report;

/// Arguments of `migrate`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka admin migrate --database sqlite:///var/lib/keikka/keikka.db")]
pub(crate) struct MigrateArgs {
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Migrates.
pub(super) async fn run(context: &Context, args: MigrateArgs) -> Result<Exit, Failure> {
    let database = args.database.open(OpenOptions::creating()).await?;
    let report = database.migrate().await.map_err(|error| broken("cannot migrate", error))?;
    database.close().await;
    let text = match report.applied {
        0 => format!("up to date at migration {}\n", report.to),
        applied => format!("{applied} migrations applied: from {} to {}\n", report.from, report.to),
    };
    let json = json!({ "from": report.from, "to": report.to, "applied": report.applied });
    context.print(&Report::told(json, text))
}
