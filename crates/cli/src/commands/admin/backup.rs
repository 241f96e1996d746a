//! `keikka admin backup`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use store::OpenOptions;

use super::{DatabaseArgs, broken};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Report;

/// Arguments of `backup`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: keikka admin backup --database sqlite:///var/lib/keikka/keikka.db --to keikka-2026-11-22.db\n\
                        PostgreSQL is saved with its own tool: pg_dump -Fc"
)]
pub(crate) struct BackupArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The file to write; it must not be there yet
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Saves.
pub(super) async fn run(context: &Context, args: BackupArgs) -> Result<Exit, Failure> {
    let database = args.database.open(OpenOptions::default()).await?;
    database.backup_to(&args.to).await.map_err(|error| broken("cannot save the database", error))?;
    database.close().await;
    let bytes = std::fs::metadata(&args.to).map(|file| file.len()).unwrap_or(0);
    let text = format!("saved and checked: {} ({bytes} bytes)\n", args.to.display());
    context.print(&Report::told(json!({ "file": args.to.display().to_string(), "bytes": bytes }), text))
}
