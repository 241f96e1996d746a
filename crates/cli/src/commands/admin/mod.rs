//! `keikka admin`: the database and the keys of this machine. The one command that opens the store itself.

mod backup;
mod doctor;
mod key;
mod migrate;
mod restore;

use clap::{Args, Subcommand};
use store::{Database, OpenOptions};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Arguments of `admin`.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true, disable_help_subcommand = true)]
pub(crate) struct AdminArgs {
    #[command(subcommand)]
    command: AdminCommand,
}

#[derive(Debug, Subcommand)]
enum AdminCommand {
    /// Bring the schema of a database up to date; safe to repeat
    Migrate(migrate::MigrateArgs),
    /// Save a SQLite database into one checked file, while the service runs
    Backup(backup::BackupArgs),
    /// Put a saved file in the place of a SQLite database; the old one is kept beside it
    Restore(restore::RestoreArgs),
    /// Look for what is wrong: server, key, database
    Doctor(doctor::DoctorArgs),
    /// Make a key for a caller
    Key(key::KeyArgs),
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
struct DatabaseArgs {
    /// Where the data is: sqlite://PATH or postgres://USER@HOST/NAME
    #[arg(long, value_name = "URL", env = "KEIKKA_DATABASE_URL", hide_env_values = true)]
    database: String,
}

impl DatabaseArgs {
    async fn open(&self, options: OpenOptions) -> Result<Database, Failure> {
        Database::open(&self.database, options).await.map_err(|error| broken("cannot open the database", error))
    }
}

/// A failure of the store, with its causes.
fn broken(what: &str, error: store::Error) -> Failure {
    Failure::failed(what).because(format!("{:#}", anyhow::Error::from(error)))
}

/// Runs the command.
pub(crate) async fn run(context: &Context, args: AdminArgs) -> Result<Exit, Failure> {
    match args.command {
        AdminCommand::Migrate(args) => migrate::run(context, args).await,
        AdminCommand::Backup(args) => backup::run(context, args).await,
        AdminCommand::Restore(args) => restore::run(context, args).await,
        AdminCommand::Doctor(args) => doctor::run(context, args).await,
        AdminCommand::Key(args) => key::run(context, args),
    }
}
