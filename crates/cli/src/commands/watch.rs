//! `keikka watch`: what happens in the network, a line for each thing, until Ctrl-C. A connection that breaks or a server that restarts is
//! waited for, and gone on with where it ended.

use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;
use domain::EventKind;
use futures_util::StreamExt;
use serde_json::{Value, json};

use super::watch_words::line;
use crate::client::{Answers, Client};
use crate::clock;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::local_time;
use crate::output::{Format, note, stdout};

const METHOD: &str = "keikka.dispatch.v1.EventService/WatchEvents";
/// What a failure begins with.
const WHAT: &str = "watch what happens";
/// The longest a watch asks for: the server ends it before, and it is gone on with.
const WATCH_TIME: Duration = Duration::from_secs(24 * 3600);
/// How long the server may be silent, in seconds, and how long we believe in a connection without a word.
const HEARTBEAT_S: u64 = 15;
const SILENCE_MAX: Duration = Duration::from_secs(4 * HEARTBEAT_S);
/// Pauses between tries to reach the server again: the first, and the longest.
const PAUSE_MIN: Duration = Duration::from_millis(200);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Arguments of `watch`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka watch\n         \
                        keikka watch --kind gig_filled --kind gig_reopened --since 2h\n         \
                        keikka watch --gig g12 -o jsonl\n\
                        Ctrl-C ends it and says how to go on from there.")]
pub(crate) struct WatchArgs {
    /// Only what is of this kind; may be repeated
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(EventKind::ALL.map(EventKind::code)))]
    kind: Vec<String>,
    /// Only what happens to this gig, its offers and its messages; may be repeated
    #[arg(long, value_name = "GIG")]
    gig: Vec<String>,
    /// Only what names this volunteer; may be repeated
    #[arg(long, value_name = "VOLUNTEER")]
    volunteer: Vec<String>,
    /// Begin with what has happened since a time, or so long ago: 2026-11-23T10:00, 90s, 10m, 2h, 1d [default: now]
    #[arg(long, value_name = "TIME", conflicts_with = "resume")]
    since: Option<String>,
    /// Go on where another watch of the same kinds, gigs and volunteers ended
    #[arg(long, value_name = "TOKEN", allow_hyphen_values = true)]
    resume: Option<String>,
    /// End after so many events
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
}

/// Watches until told to stop.
pub(crate) async fn run(context: &Context, args: WatchArgs) -> Result<Exit, Failure> {
    if context.globals.output == Format::Csv {
        return Err(Failure::usage("a watch has no end, and so no CSV").next("-o jsonl"));
    }
    let mut interrupts = interrupted();
    let mut watch = tokio::select! {
        begun = Watch::begin(context, &args) => begun?,
        () = interrupts.heard() => return Ok(Exit::Done),
    };
    loop {
        tokio::select! {
            biased;
            () = interrupts.heard() => break,
            told = watch.next() => {
                if let Some(event) = told? {
                    watch.print(context.globals.output, &event)?;
                }
            }
        }
        if watch.left == Some(0) {
            break;
        }
    }
    note(watch.how_to_go_on());
    Ok(Exit::Done)
}

/// A watch, over however many connections.
struct Watch<'c> {
    context: &'c Context,
    request: Value,
    answers: Answers,
    /// Where to go on.
    token: String,
    left: Option<u32>,
}

impl<'c> Watch<'c> {
    async fn begin(context: &'c Context, args: &WatchArgs) -> Result<Self, Failure> {
        let mut request = json!({
            "parent": context.parent().await?, "kinds": args.kind, "heartbeatInterval": format!("{HEARTBEAT_S}s"),
        });
        let mut subjects = Vec::new();
        for (collection, ids) in [("gigs", &args.gig), ("volunteers", &args.volunteer)] {
            for id in ids {
                subjects.push(context.name(collection, id).await?);
            }
        }
        request["subjects"] = json!(subjects);
        let mut first = request.clone();
        if let Some(since) = &args.since {
            first["startTime"] = json!(local_time::read_since(since, clock::now())?.to_string());
        }
        if let Some(token) = &args.resume {
            first["resumeToken"] = json!(token);
        }
        let answers = open(context.client().await?, first).await?;
        Ok(Self { context, request, answers, token: args.resume.clone().unwrap_or_default(), left: args.limit })
    }

    /// The next event; none for a heartbeat. A connection that ends is made anew.
    async fn next(&mut self) -> Result<Option<Value>, Failure> {
        let failure = match tokio::time::timeout(SILENCE_MAX, self.answers.next()).await {
            Ok(Some(Ok(mut told))) => {
                if let Some(token) = told["resumeToken"].as_str() {
                    token.clone_into(&mut self.token);
                }
                return Ok(told["event"].is_object().then(|| told.take()));
            }
            Ok(Some(Err(failure))) if !is_passing(&failure) => return Err(failure),
            // The longest time of a stream is over: nothing has happened.
            Ok(Some(Err(failure))) if failure.reason() == Some("DEADLINE_PASSED") => None,
            Ok(Some(Err(failure))) => Some(failure),
            Ok(None) => None,
            Err(_) => Some(Failure::new(Exit::Unreachable, "the server says nothing any more")),
        };
        if let Some(failure) = &failure {
            let why = failure.why.as_deref().unwrap_or(&failure.what);
            note(format!("the watch was interrupted: {why}. Trying again until Ctrl-C"));
        }
        self.reconnect().await?;
        if failure.is_some() {
            note("watching again, nothing was missed");
        }
        Ok(None)
    }

    async fn reconnect(&mut self) -> Result<(), Failure> {
        let mut request = self.request.clone();
        request["resumeToken"] = json!(self.token);
        let mut pause = PAUSE_MIN;
        loop {
            let opened = match Client::connect(&self.context.connection()).await {
                Ok(client) => open(&client, request.clone()).await,
                Err(failure) => Err(failure),
            };
            match opened {
                Ok(answers) => {
                    self.answers = answers;
                    return Ok(());
                }
                Err(failure) if !is_passing(&failure) => return Err(failure),
                Err(_) => {}
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    fn print(&mut self, format: Format, told: &Value) -> Result<(), Failure> {
        self.left = self.left.map(|left| left.saturating_sub(1));
        match format {
            Format::Table | Format::Csv => stdout(&(line(&told["event"]) + "\n")),
            Format::Json | Format::Jsonl => stdout(&format!("{told}\n")),
        }
    }

    fn how_to_go_on(&self) -> String {
        let mut command = "keikka watch".to_owned();
        let of = |key: &str| self.request[key].as_array().cloned().unwrap_or_default();
        for kind in of("kinds") {
            command.push_str(&format!(" --kind {}", kind.as_str().unwrap_or_default()));
        }
        for subject in of("subjects") {
            let name = subject.as_str().unwrap_or_default();
            let flag = if name.contains("/gigs/") { "gig" } else { "volunteer" };
            command.push_str(&format!(" --{flag} {}", crate::output::last_segment(name)));
        }
        format!("to go on from here: {command} --resume {}", self.token)
    }
}

async fn open(client: &Client, request: Value) -> Result<Answers, Failure> {
    client.with_timeout(WATCH_TIME).watch(WHAT, METHOD, request).await
}

/// Whether another try may do: the server is gone for a while, ended the stream after its longest time, or gave up a slow reader.
fn is_passing(failure: &Failure) -> bool {
    failure.exit == Exit::Unreachable || failure.reason() == Some("LIMIT_REACHED")
}

/// Ctrl-C and SIGTERM, listened for from now on.
struct Interrupts([Option<tokio::signal::unix::Signal>; 2]);

fn interrupted() -> Interrupts {
    use tokio::signal::unix::{SignalKind, signal};
    Interrupts([SignalKind::interrupt(), SignalKind::terminate()].map(|kind| signal(kind).ok()))
}

impl Interrupts {
    async fn heard(&mut self) {
        let [interrupt, terminate] = &mut self.0;
        let heard = async |of: &mut Option<tokio::signal::unix::Signal>| match of {
            Some(signal) => drop(signal.recv().await),
            None => std::future::pending().await,
        };
        tokio::select! {
            () = heard(interrupt) => {}
            () = heard(terminate) => {}
        }
    }
}
