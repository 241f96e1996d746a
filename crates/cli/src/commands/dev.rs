//! `keikka dev`: a service to play with, in one command and without a configuration.

use std::path::{Path, PathBuf};

use clap::Args;

use super::local::{CLAIMER, DataFolder, Local, Ports};
use super::serve::stopped;
use crate::connection::DEFAULT_SERVER;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{self, note};

/// The folder that `keikka dev` uses, and whose key is used when none is given.
pub(crate) const FOLDER: &str = ".keikka/dev";

/// Arguments of `dev`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka dev\n         keikka dev --data .keikka/demo --listen 127.0.0.1:0")]
pub(crate) struct DevArgs {
    /// Folder for the database and the keys; made if it is not there
    #[arg(long, value_name = "DIR", default_value = FOLDER)]
    data: PathBuf,
    /// Address of the public port; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7207")]
    listen: String,
    /// Address of the port of operations; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7208")]
    ops_listen: String,
    /// Begin with an empty database: no sample city
    #[arg(long)]
    empty: bool,
}

/// Runs until stopped.
pub(crate) async fn run(_context: &Context, args: DevArgs) -> Result<Exit, Failure> {
    let asked_to_stop = stopped();
    let ports = Ports::bind(&args.listen, &args.ops_listen).await?;
    let folder = DataFolder::open(&args.data)?;
    let mut local = Local::start(folder.clone(), ports, None)?;
    local.coordinator().await?;
    if !args.empty
        && let Some(loaded) = local.load_sample().await?
    {
        note(format!(
            "loaded the sample city: {} volunteers, {} seekers, {} gigs of the coming week",
            loaded.volunteers, loaded.seekers, loaded.gigs
        ));
    }
    output::stdout(&banner(&local, &folder, args.empty))?;
    local.until(asked_to_stop).await?;
    local.stop().await?;
    Ok(Exit::Done)
}

fn banner(local: &Local, folder: &DataFolder, is_empty: bool) -> String {
    let (grpc, ops) = (local.url(), format!("http://{}", local.ops_address));
    let mut text =
        boxed(&["keikka dev: for trying and developing, not for production.", "The people in it are made up."]);
    text.push_str(&format!("grpc      {grpc}  (gRPC, gRPC-Web, health, reflection)\n"));
    text.push_str(&format!("health    {ops}/healthz\n"));
    text.push_str(&format!("metrics   {ops}/metrics\n"));
    text.push_str(&format!("data      {}\n", folder.path().display()));
    text.push_str(&format!("messages  {}  (instead of being sent)\n", folder.messages().display()));
    text.push_str(&format!("key       {}\n", folder.coordinator_key().display()));
    if !is_empty {
        text.push_str(&format!("{CLAIMER}'s key  {}\n", folder.volunteer_key().display()));
    }
    let mut exports = String::new();
    if grpc != DEFAULT_SERVER {
        exports.push_str(&format!("          export KEIKKA_SERVER={grpc}\n"));
    }
    if folder.path() != Path::new(FOLDER) || grpc != DEFAULT_SERVER {
        exports.push_str(&format!("          export KEIKKA_KEY_FILE={}\n", folder.coordinator_key().display()));
    }
    text.push_str("try       in another terminal, in this folder:\n");
    text.push_str(&exports);
    text.push_str("          keikka gig list\n");
    if !is_empty {
        let key = folder.volunteer_key();
        text.push_str(&format!("          keikka board {CLAIMER}    then, as that volunteer, take one of them:\n"));
        text.push_str(&format!("          keikka gig claim GIG {CLAIMER} --key-file {}\n", key.display()));
    }
    text.push_str("stop      Ctrl-C\n");
    text
}

fn boxed(lines: &[&str]) -> String {
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let edge = format!("+{}+\n", "-".repeat(width + 2));
    let inner: String = lines.iter().map(|line| format!("| {line:width$} |\n")).collect();
    format!("{edge}{inner}{edge}")
}
