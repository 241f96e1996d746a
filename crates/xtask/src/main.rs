//! What a developer's hands do, as `cargo xtask COMMAND`. It leaves the product alone: it starts cargo and other programs and
//! never links the product's crates, so it builds in seconds on a machine that cannot build the product yet.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore talks to the terminal")]

use std::process::ExitCode;

mod arguments;
mod bench;
mod demo;
mod postgres;
mod process;
mod setup;
mod stopwatch;
mod suite;
mod tidy;
mod workspace;

use arguments::Command;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// False when the command ran and has told of failures itself.
fn run() -> anyhow::Result<bool> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match arguments::parse(&words)? {
        Command::Help => print!("{}", arguments::HELP),
        Command::Setup(purpose) => setup::run(purpose)?,
        Command::Demo(extra) => demo::run(&extra)?,
        Command::Test(options) => return suite::run(&options),
        Command::Lint => return suite::lint(),
        Command::Tidy => tidy::run()?,
        Command::Bench(options) => return bench::run(&options),
        Command::Simulate(options) => bench::simulate::run(&options)?,
        Command::Postgres(action) => postgres::run(&action)?,
    }
    Ok(true)
}
