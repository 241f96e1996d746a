//! `keikka help [COMMAND..]` and `keikka help exit-codes`.

use clap::Args;

use crate::arguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// Arguments of `help`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka help gig assign; keikka help exit-codes")]
pub(crate) struct HelpArgs {
    /// The command, or `exit-codes`
    #[arg(value_name = "COMMAND")]
    words: Vec<String>,
}

/// Prints the help.
pub(crate) fn run(args: &HelpArgs) -> Result<Exit, Failure> {
    if args.words == ["exit-codes"] {
        return output::stdout(&exit_codes()).map(|()| Exit::Done);
    }
    let mut tree = arguments::tree();
    tree.build();
    let mut command = &mut tree;
    let mut path = vec!["keikka"];
    for word in &args.words {
        path.push(word);
        command = command
            .find_subcommand_mut(word)
            .ok_or_else(|| Failure::usage(format!("there is no command `{}`", path.join(" "))).next("keikka help"))?;
    }
    output::stdout(&command.render_help().to_string()).map(|()| Exit::Done)
}

fn exit_codes() -> String {
    let lines = Exit::ALL.map(|exit| format!("{:>4}  {}\n", exit.code(), exit.meaning()));
    format!("Exit codes of every command:\n\n{}", lines.concat())
}
