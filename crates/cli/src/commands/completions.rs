//! `keikka completions SHELL`: from the same tree that parses.

use clap::Args;
use clap_complete::Shell;

use crate::arguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka completions bash > ~/.local/share/bash-completion/completions/keikka")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut arguments::tree(), "keikka", &mut script);
    output::stdout(&String::from_utf8_lossy(&script)).map(|()| Exit::Done)
}
