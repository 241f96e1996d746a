//! One file per command, one folder for the verbs on nouns. A command reads its arguments, asks the server, and hands a report to the
//! printer; it knows nothing of formats or sockets.

pub(crate) mod admin;
pub(crate) mod board;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod dev;
mod evening;
pub(crate) mod explain;
mod frontier;
pub(crate) mod help;
pub(crate) mod import;
mod local;
pub(crate) mod man;
pub(crate) mod notify;
pub(crate) mod noun;
mod plan_text;
pub(crate) mod quote;
pub(crate) mod rematch;
pub(crate) mod serve;
pub(crate) mod solve;
mod standing;
pub(crate) mod verify;
pub(crate) mod watch;
mod watch_words;

use crate::arguments::{Command, Fixed, Globals};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Runs a command to its end.
pub(crate) fn run(globals: Globals, command: Command) -> Result<Exit, Failure> {
    let context = Context::new(globals);
    match command {
        Command::Fixed(Fixed::Completions(args)) => completions::run(&args),
        Command::Fixed(Fixed::Man(args)) => man::run(&args),
        Command::Fixed(Fixed::Help(args)) => help::run(&args),
        Command::Fixed(Fixed::Solve(args)) => solve::run(&args),
        Command::Fixed(Fixed::Verify(args)) => verify::run(&args),
        command => runtime()?.block_on(run_async(&context, command)),
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed("cannot start").because(error))
}

async fn run_async(context: &Context, command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Noun(noun, verb) => verb.run(context, noun).await,
        Command::Fixed(Fixed::Quote(args)) => quote::run(context, args).await,
        Command::Fixed(Fixed::Explain(args)) => explain::run(context, args).await,
        Command::Fixed(Fixed::Rematch(args)) => rematch::run(context, args).await,
        Command::Fixed(Fixed::Board(args)) => board::run(context, args).await,
        Command::Fixed(Fixed::Watch(args)) => watch::run(context, args).await,
        Command::Fixed(Fixed::Notify(args)) => notify::run(context, args).await,
        Command::Fixed(Fixed::Import(args)) => import::run(context, args).await,
        Command::Fixed(Fixed::Serve(args)) => serve::run(args).await,
        Command::Fixed(Fixed::Dev(args)) => dev::run(context, args).await,
        Command::Fixed(Fixed::Demo(args)) => demo::run(context, args).await,
        Command::Fixed(Fixed::Admin(args)) => admin::run(context, args).await,
        Command::Fixed(Fixed::Completions(_) | Fixed::Man(_) | Fixed::Help(_) | Fixed::Solve(_) | Fixed::Verify(_)) => {
            unreachable!("these need no runtime and were run before")
        }
    }
}
