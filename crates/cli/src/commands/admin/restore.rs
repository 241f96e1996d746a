//! `keikka admin restore`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{DatabaseArgs, broken};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Report;

/// Arguments of `restore`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: keikka admin restore --database sqlite:///var/lib/keikka/keikka.db --from keikka-2026-11-22.db\n\
                        PostgreSQL is restored with its own tool: pg_restore"
)]
pub(crate) struct RestoreArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The saved file
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
}

/// Restores, after asking.
pub(super) async fn run(context: &Context, args: RestoreArgs) -> Result<Exit, Failure> {
    let path = args.database.database.strip_prefix("sqlite://").ok_or_else(|| {
        Failure::usage("only a SQLite database is restored here").because("use pg_restore for PostgreSQL")
    })?;
    let target = Path::new(path.split('?').next().unwrap_or(path));
    context.confirm(&format!("Replace {} by {}?", target.display(), args.from.display()), "not restored")?;
    store::restore(&args.from, target).await.map_err(|error| broken("cannot restore", error))?;
    let text = format!("restored {} from {}\n", target.display(), args.from.display());
    context.print(&Report::told(json!({ "database": target.display().to_string() }), text))
}
