//! `keikka notify`: what people are told. What waits, what was given up, trying again, how messages read, and a network's own words.

mod letters;
mod preview;
mod template;

use clap::{Args, Subcommand, ValueEnum};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

const NOTIFICATIONS: &str = "keikka.notification.v1.NotificationService";
const TEMPLATES: &str = "keikka.notification.v1.TemplateService";

/// Arguments of `notify`.
#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true, disable_help_subcommand = true)]
pub(crate) struct NotifyArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show how a message reads, by channel and language, with sample values
    Preview(preview::PreviewArgs),
    /// List what is still to be told: messages that wait, and events whose messages are not written yet
    Outbox(letters::OutboxArgs),
    /// List messages that were given up, with the reason
    DeadLetters(letters::DeadLettersArgs),
    /// Try messages again that were given up or wait for their next try
    Retry(letters::RetryArgs),
    /// See, change and reset a network's own words
    Template(template::TemplateArgs),
}

/// Runs it.
pub(crate) async fn run(context: &Context, args: NotifyArgs) -> Result<Exit, Failure> {
    match args.what {
        What::Preview(args) => preview::run(context, args).await,
        What::Outbox(args) => letters::outbox(context, args).await,
        What::DeadLetters(args) => letters::dead(context, args).await,
        What::Retry(args) => letters::retry(context, args).await,
        What::Template(args) => template::run(context, args).await,
    }
}

/// A part of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// A text message
    Sms,
    /// The subject of a letter
    Subject,
    /// The body of a letter
    Body,
    /// What a caller says
    Call,
}

/// A language that people are told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Language {
    /// Finnish
    Fi,
    /// Swedish
    Sv,
    /// English
    En,
}

/// The word of a choice, as the API has it.
fn code(choice: impl ValueEnum) -> String {
    choice.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}
