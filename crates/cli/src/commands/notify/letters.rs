//! `keikka notify outbox`, `dead-letters` and `retry`: messages that wait, messages that were given up, and another try.

use clap::Args;
use serde_json::{Value, json};

use super::NOTIFICATIONS;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Column, Report, Show, counted, last_segment, note};

/// Messages of one page.
const PAGE: u32 = 500;
/// Most messages that are read: a bound, far above any city's outbox.
const PAGES_MAX: usize = 200;

const OUTBOX: &[Column] = &[
    Column::new("message", "name", Show::Id),
    Column::new("event", "eventKind", Show::Text).within(16),
    Column::new("to", "recipient", Show::Id),
    Column::new("by", "channel", Show::Enum("CHANNEL_")),
    Column::new("tries", "attemptCount", Show::Text),
    Column::new("next", "nextAttemptTime", Show::Time),
];

const DEAD: &[Column] = &[
    Column::new("message", "name", Show::Id),
    Column::new("event", "eventKind", Show::Text).within(16),
    Column::new("to", "recipient", Show::Id),
    Column::new("by", "channel", Show::Enum("CHANNEL_")),
    Column::new("why", "failureReason", Show::Text).within(24),
];

/// What both lists are narrowed by.
#[derive(Debug, Args)]
struct Narrowed {
    /// Only those to this volunteer
    #[arg(long, value_name = "VOLUNTEER")]
    volunteer: Option<String>,
    /// Only those by this channel: sms, email, phone or webhook
    #[arg(long, value_name = "CHANNEL")]
    channel: Option<String>,
}

/// Arguments of `outbox`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka notify outbox --channel phone     the calls that are still to be made")]
pub(super) struct OutboxArgs {
    #[command(flatten)]
    narrowed: Narrowed,
}

/// Arguments of `dead-letters`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka notify dead-letters -o csv\n         keikka notify retry --all")]
pub(super) struct DeadLettersArgs {
    #[command(flatten)]
    narrowed: Narrowed,
}

/// Arguments of `retry`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: keikka notify retry 01935c2e-7a10-7cc3-98c8-8f1a3a1b2c3d\n         keikka notify retry --all --yes"
)]
pub(super) struct RetryArgs {
    /// The messages' ids, or their resource names in full
    #[arg(value_name = "ID", required_unless_present = "all", conflicts_with = "all")]
    ids: Vec<String>,
    /// Every message that was given up
    #[arg(long)]
    all: bool,
    /// Let the server check everything and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// What is still to be told.
pub(super) async fn outbox(context: &Context, args: OutboxArgs) -> Result<Exit, Failure> {
    let found = list(context, "list the outbox", "PENDING", &args.narrowed).await?;
    show(context, found, OUTBOX, "nothing waits to be told")
}

/// What was given up.
pub(super) async fn dead(context: &Context, args: DeadLettersArgs) -> Result<Exit, Failure> {
    let found = list(context, "list the dead letters", "FAILED", &args.narrowed).await?;
    let any = !found.is_empty();
    let done = show(context, found, DEAD, "no message was given up")?;
    if any {
        note("next: keikka notify retry MESSAGE, or --all");
    }
    Ok(done)
}

/// Another try.
pub(super) async fn retry(context: &Context, args: RetryArgs) -> Result<Exit, Failure> {
    let mut names = Vec::new();
    for id in &args.ids {
        names.push(context.name("notifications", id).await?);
    }
    if args.all {
        let narrowed = Narrowed { volunteer: None, channel: None };
        let dead = list(context, "list the dead letters", "FAILED", &narrowed).await?;
        names.extend(dead.iter().filter_map(|one| one["name"].as_str().map(str::to_owned)));
        if names.is_empty() {
            note("no message was given up");
            return Ok(Exit::Done);
        }
        if !args.dry_run {
            context.confirm(&format!("Try {} again?", counted(names.len(), "message")), "nothing was tried again")?;
        }
    }
    let mut tried = Vec::with_capacity(names.len());
    for name in &names {
        let what = format!("try notification {} again", last_segment(name));
        let request = json!({ "name": name, "requestId": Context::request_id(), "validateOnly": args.dry_run });
        let path = format!("{NOTIFICATIONS}/RetryNotification");
        let mut answer = context.client().await?.call(&what, &path, request).await.map_err(|failure| {
            let next = match failure.reason() {
                Some("NOTIFICATION_ENDED") => "keikka notify dead-letters",
                Some("RESOURCE_NOT_FOUND") => "keikka notify outbox, or keikka notify dead-letters",
                _ => return failure,
            };
            failure.next(next)
        })?;
        tried.push(answer["notification"].take());
    }
    let done = show(context, tried, OUTBOX, "")?;
    if args.dry_run {
        note("dry run: it could be done, nothing was changed");
    }
    Ok(done)
}

fn show(context: &Context, found: Vec<Value>, columns: &[Column], none: &str) -> Result<Exit, Failure> {
    if found.is_empty() {
        note(none);
    }
    context.print(&Report::list(json!({ "notifications": found }), &found, columns))
}

async fn list(context: &Context, what: &str, state: &str, narrowed: &Narrowed) -> Result<Vec<Value>, Failure> {
    let mut filter = format!("state = \"{state}\"");
    if let Some(volunteer) = &narrowed.volunteer {
        filter.push_str(&format!(" AND recipient = \"{}\"", context.name("volunteers", volunteer).await?));
    }
    if let Some(channel) = &narrowed.channel {
        filter.push_str(&format!(" AND channel = \"{}\"", channel.to_uppercase()));
    }
    let mut request = json!({ "parent": context.parent().await?, "pageSize": PAGE, "filter": filter });
    let path = format!("{NOTIFICATIONS}/ListNotifications");
    let mut found = Vec::new();
    for _ in 0..PAGES_MAX {
        let mut answer = context.client().await?.call(what, &path, request.clone()).await?;
        if let Value::Array(page) = answer["notifications"].take() {
            found.extend(page);
        }
        request["pageToken"] = answer["nextPageToken"].take();
        if request["pageToken"].as_str().unwrap_or_default().is_empty() {
            return Ok(found);
        }
    }
    note(format!("the first {} messages; there are more", found.len()));
    Ok(found)
}
