//! The command line as clap sees it: the fixed commands by derive, the nouns from their table. From this one tree come parsing,
//! help, completions and man pages.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, Command as Clap, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::noun::{self, Verb};
use crate::commands::{
    admin, board, completions, demo, dev, explain, help, import, man, notify, quote, rematch, serve, solve, verify,
    watch,
};
use crate::connection::DEFAULT_SERVER;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::nouns::{NOUNS, Noun};
use crate::output::{self, Format};

/// Matches help requests with volunteers.
#[derive(Debug, Parser)]
#[command(
    name = "keikka",
    version,
    about = "Matches one-off help requests of people who live at home to volunteers",
    disable_help_subcommand = true,
    propagate_version = false,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Begin with:  keikka dev            a city to play with, in one command\n             keikka gig list       what is asked for\n             keikka help exit-codes"
)]
struct Root {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Fixed,
}

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Globals {
    /// Address of the server
    #[arg(long, global = true, env = "KEIKKA_SERVER", default_value = DEFAULT_SERVER, value_name = "URL", hide_env_values = true)]
    pub(crate) server: String,
    /// File that holds the key to sign in with; for a server on this machine, that of `keikka dev` in this folder
    #[arg(long, global = true, env = "KEIKKA_KEY_FILE", value_name = "FILE", hide_env_values = true)]
    pub(crate) key_file: Option<PathBuf>,
    /// The network; not needed when there is only one
    #[arg(long, global = true, env = "KEIKKA_NETWORK", value_name = "ID", hide_env_values = true)]
    pub(crate) network: Option<String>,
    /// Form of the output
    #[arg(short, long, global = true, value_enum, default_value_t = Format::Table, value_name = "FORMAT", hide_possible_values = false)]
    pub(crate) output: Format,
    /// Longest wait for one answer, in seconds
    #[arg(long, global = true, default_value_t = 30, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub(crate) timeout: u32,
    /// Answer every question with yes
    #[arg(short, long, global = true)]
    pub(crate) yes: bool,
    /// Ask nothing: fail where a question would be asked
    #[arg(long, global = true)]
    pub(crate) no_input: bool,
}

/// The commands that are not nouns.
#[derive(Debug, Subcommand)]
pub(crate) enum Fixed {
    /// Rank the volunteers for a gig while the caller is on the line; writes nothing
    Quote(quote::QuoteArgs),
    /// Say why a gig is open, or why a volunteer can or cannot take it
    Explain(explain::ExplainArgs),
    /// Match all open gigs of a period anew; shows the changes and writes nothing unless told
    Rematch(rematch::RematchArgs),
    /// Show the open gigs that a volunteer may claim
    Board(board::BoardArgs),
    /// Follow what happens: a line for each thing, until Ctrl-C
    Watch(watch::WatchArgs),
    /// Look after what people are told: previews, the outbox, dead letters, own words
    Notify(notify::NotifyArgs),
    /// Import volunteers, seekers or gigs from a CSV or XLSX file; all of it or nothing
    Import(import::ImportArgs),
    /// Run the service
    Serve(serve::ServeArgs),
    /// Run a service to play with: embedded database, sample city, local key
    Dev(dev::DevArgs),
    /// Show the whole way once: load a city, quote, rematch, explain, ask by letter
    Demo(demo::DemoArgs),
    /// Solve one week given as a file and write the plan; no server is needed
    Solve(solve::SolveArguments),
    /// Check a plan for one week given as files and name every broken rule; no server is needed
    Verify(verify::VerifyArguments),
    /// Look after the database and the keys of this machine
    Admin(admin::AdminArgs),
    /// Print the completion script for a shell
    Completions(completions::CompletionsArgs),
    /// Print or write the manual pages
    Man(man::ManArgs),
    /// Explain a command, or the exit codes
    Help(help::HelpArgs),
}

/// A parsed command.
#[derive(Debug)]
pub(crate) enum Command {
    /// One of the fixed ones.
    Fixed(Fixed),
    /// A verb on a noun.
    Noun(&'static Noun, Verb),
}

/// What the words mean.
#[derive(Debug)]
pub(crate) enum Chosen {
    /// A text to print: help or version.
    Text(String),
    /// A command to run.
    Command(Globals, Box<Command>),
}

/// The whole tree, nouns included.
pub(crate) fn tree() -> Clap {
    with_negative_numbers(NOUNS.iter().fold(Root::command(), |tree, of| tree.subcommand(noun::clap(of))))
}

/// `--page-size -1` is a wrong number and no unknown flag: the refusal then names what is allowed.
fn with_negative_numbers(tree: Clap) -> Clap {
    tree.mut_args(|arg| if arg.get_action().takes_values() { arg.allow_negative_numbers(true) } else { arg })
        .mut_subcommands(with_negative_numbers)
}

/// A whole number from 0, for flags without a bound.
pub(crate) fn whole(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "it takes a whole number from 0".to_owned())
}

/// Whether errors should be written as JSON: known before the words are parsed, for the parse may be what fails.
pub(crate) fn wants_json(words: &[OsString]) -> bool {
    let words: Vec<&str> = words.iter().filter_map(|word| word.to_str()).take_while(|word| *word != "--").collect();
    let is_json = |value: &str| matches!(value, "json" | "jsonl");
    words.iter().enumerate().any(|(at, word)| {
        match word.strip_prefix("--output=").or_else(|| word.strip_prefix("-o")) {
            Some(value) if is_json(value.trim_start_matches('=')) => true,
            _ => matches!(*word, "-o" | "--output") && words.get(at + 1).is_some_and(|value| is_json(value)),
        }
    })
}

/// Reads the words of the command line.
pub(crate) fn parse(words: Vec<OsString>) -> Result<Chosen, Failure> {
    let help = help_of(&words);
    let matches = match tree().try_get_matches_from(words) {
        Ok(matches) => matches,
        Err(error) => return not_a_command(&error, &help),
    };
    let wrong = |error: clap::Error| Failure::usage(first_line(&error));
    let globals = Globals::from_arg_matches(&matches).map_err(wrong)?;
    let command = match matches.subcommand() {
        Some((word, below)) => match Noun::of(word) {
            Some(of) => Command::Noun(of, Verb::from_matches(of, below).map_err(wrong)?),
            None => Command::Fixed(Fixed::from_arg_matches(&matches).map_err(wrong)?),
        },
        None => return Err(Failure::usage("no command").next("keikka help")),
    };
    Ok(Chosen::Command(globals, Box::new(command)))
}

fn not_a_command(error: &clap::Error, help: &str) -> Result<Chosen, Failure> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Ok(Chosen::Text(error.to_string())),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            output::note(error.to_string().trim_end());
            Err(Failure::new(Exit::Usage, ""))
        }
        _ => Err(Failure::usage(first_line(error)).next(tip(error, help).unwrap_or_else(|| help.to_owned()))),
    }
}

/// The message without the usage block: lines up to the first empty one, joined.
fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let lines: Vec<&str> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    lines.join(" ").trim_start_matches("error: ").to_owned()
}

/// What clap suggests instead, if it found something alike, or how the command is used where something is missing.
fn tip(error: &clap::Error, help: &str) -> Option<String> {
    let text = error.to_string();
    let line =
        |begin: &str| text.lines().find_map(|line| line.trim().strip_prefix(begin).map(str::trim).map(str::to_owned));
    // The advice to write `-- -x` is only true where a bare word may stand.
    let alike = line("tip: ").filter(|tip| tip.contains("similar"));
    alike.or_else(|| {
        let usage = (error.kind() == ErrorKind::MissingRequiredArgument).then(|| line("Usage: ")).flatten()?;
        Some(with_brackets(&usage, &first_line(error), help))
    })
}

/// A usage in which the flags that may be left out stand in brackets: clap names those that were given as though they were needed.
fn with_brackets(usage: &str, missing: &str, help: &str) -> String {
    let tree = tree();
    let mut command = &tree;
    for word in help.split_whitespace().skip(2) {
        command = command.find_subcommand(word).unwrap_or(command);
    }
    // Options of every command are nobody's to miss; clap names those that were given, be it by the environment.
    let is_global =
        |flag: &str| tree.get_arguments().any(|of| of.is_global_set() && of.get_long() == flag.strip_prefix("--"));
    let is_needed = |flag: &str| {
        let argument = command.get_arguments().find(|argument| argument.get_long() == flag.strip_prefix("--"));
        missing.split_whitespace().any(|word| word == flag) || argument.is_none_or(clap::Arg::is_required_set)
    };
    let mut words = usage.split_whitespace().peekable();
    let mut shown: Vec<String> = Vec::new();
    while let Some(word) = words.next() {
        if is_global(word) {
            words.next_if(|next| next.starts_with('<'));
            continue;
        }
        if !word.starts_with("--") || is_needed(word) {
            shown.push(word.to_owned());
            continue;
        }
        let takes_value = command
            .get_arguments()
            .find(|argument| argument.get_long() == word.strip_prefix("--"))
            .is_some_and(|argument| argument.get_action().takes_values());
        match words.next_if(|_| takes_value) {
            Some(value) => shown.push(format!("[{word} {value}]")),
            None => shown.push(format!("[{word}]")),
        }
    }
    shown.join(" ")
}

/// The help of the command that the words name, as far as they name one: `keikka help gig list`.
pub(crate) fn help_of(words: &[OsString]) -> String {
    let mut command = &tree();
    let mut help = String::from("keikka help");
    for word in words.iter().skip(1).filter_map(|word| word.to_str()) {
        if let Some(below) = command.find_subcommand(word) {
            help.push_str(&format!(" {word}"));
            command = below;
        }
    }
    help
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(line: &str) -> Result<Chosen, Failure> {
        parse(line.split_whitespace().map(OsString::from).collect())
    }

    #[test]
    fn the_tree_is_consistent() {
        tree().debug_assert();
    }

    #[test]
    fn every_command_says_what_it_does() {
        fn check(command: &Clap, path: &str) {
            let path = format!("{path} {}", command.get_name());
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.is_empty() && !about.starts_with("Arguments of"), "{path} has no help: {about}");
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{path} {} has no help", argument.get_id());
            }
            command.get_subcommands().for_each(|below| check(below, &path));
        }
        check(&tree(), "");
    }

    #[test]
    fn a_mistyped_command_gets_a_suggestion() {
        let failure = chosen("keikka gig lst").expect_err("no such verb");
        assert_eq!(failure.exit, Exit::Usage);
        assert!(failure.text().contains("list"), "{}", failure.text());
        let failure = chosen("keikka rematsh").expect_err("no such command");
        assert!(failure.text().contains("rematch"), "{}", failure.text());
    }

    #[test]
    fn a_wrong_value_leads_to_the_help_of_its_own_command() {
        for (line, why, next) in [
            ("keikka gig list --page-size -1", "-1 is not in 1..=1000", "keikka help gig list"),
            ("keikka --timeout -1 gig list", "-1 is not in 1..=3600", "keikka help gig list"),
            ("keikka rematch --seed -1", "a whole number from 0", "keikka help rematch"),
            ("keikka gig get", "required", "keikka gig get <ID>"),
            ("keikka --server http://x --key-file f --no-input gig get", "required", "keikka gig get <ID>"),
            (
                "keikka offer send --policy paced --dry-run",
                "<GIG>",
                "keikka offer send [--policy <POLICY>] [--dry-run] <GIG>",
            ),
            ("keikka gig list --to 2026-11-30", "--from", "keikka gig list --from <DAY> [--to <DAY>]"),
            ("keikka solve week.json", "--out", "keikka solve --out <PLAN> <INSTANCE>"),
            ("keikka gig list --wholly-unknown", "--wholly-unknown", "keikka help gig list"),
        ] {
            let failure = chosen(line).expect_err(line);
            assert!(failure.text().contains(why), "{line}: {}", failure.text());
            assert!(failure.next.as_deref().is_some_and(|said| said.starts_with(next)), "{line}: {}", failure.text());
        }
    }

    #[test]
    fn json_errors_are_known_before_parsing() {
        for (line, json) in
            [("gig list -o json", true), ("gig list -ojson", true), ("x --output=jsonl", true), ("x -o csv", false)]
        {
            let words: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
            assert_eq!(wants_json(&words), json, "{line}");
        }
    }

    #[test]
    fn a_noun_and_its_verb_are_found() {
        let Ok(Chosen::Command(globals, command)) = chosen("keikka gig get g12 -o json --network kouvola") else {
            panic!("a command")
        };
        assert_eq!(globals.output, Format::Json);
        assert!(matches!(*command, Command::Noun(of, Verb::Get(_)) if of.word == "gig"));
    }
}
