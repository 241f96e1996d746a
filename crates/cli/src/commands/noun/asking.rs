//! `keikka offer send`, `stop` and `progress`: the asking for a gig, which sends offers by itself.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::progress;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::local_time;
use crate::output::{Format, Report, counted, last_segment, note, number};

/// How people are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Policy {
    /// Keeps a set amount of expected yeses outstanding
    Paced,
    /// Two at a time, with a pause after each two
    WavesOfTwo,
}

/// Arguments of `send`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka offer send g12 --by 2026-11-24T08:00")]
pub(crate) struct SendArgs {
    /// The gig's id, or its resource name in full
    #[arg(value_name = "GIG")]
    gig: String,
    /// How people are chosen
    #[arg(long, value_enum, default_value = "paced")]
    policy: Policy,
    /// The start to offer [default: the agreed start, else the one asked for now, else the first that `keikka quote` lists]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// When a yes must be in [default: as before for the same start, else two hours before it, or half way to it]
    #[arg(long, value_name = "TIME")]
    by: Option<String>,
    /// Ask for this start in place of the one asked for now; asks you first where that takes open offers back
    #[arg(long, requires = "at")]
    replace: bool,
    /// Let the server check everything and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Arguments of `stop`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka offer stop g12")]
pub(crate) struct StopArgs {
    /// The gig's id, or its resource name in full
    #[arg(value_name = "GIG")]
    gig: String,
    /// Let the server check everything and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Arguments of `progress`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka offer progress g12")]
pub(crate) struct ProgressArgs {
    /// The gig's id, or its resource name in full
    #[arg(value_name = "GIG")]
    gig: String,
}

/// Begins to ask.
pub(super) async fn begin(context: &Context, args: SendArgs) -> Result<Exit, Failure> {
    let policy = match args.policy {
        Policy::Paced => "POLICY_PACED",
        Policy::WavesOfTwo => "POLICY_WAVES_OF_TWO",
    };
    let mut request = json!({ "policy": policy });
    for (field, time) in [("startTime", &args.at), ("deadlineTime", &args.by)] {
        if let Some(time) = time {
            request[field] = json!(local_time::read(time)?.to_string());
        }
    }
    request["replace"] = json!(args.replace);
    let what = format!("send offers for gig {}", args.gig);
    if args.replace && !args.dry_run {
        // What it would take back is said before it does.
        let answer = call(context, &what, "StartAsking", &args.gig, request.clone(), true).await?;
        let back = number(&answer["withdrawnCount"]);
        if back > 0 {
            context
                .confirm(&format!("Ask for another start? {}", taken_back("will be", back)), "nothing was changed")?;
        }
    }
    let answer = call(context, &what, "StartAsking", &args.gig, request, args.dry_run).await;
    let answer = answer.map_err(|failure| how_to_replace(failure, &args.gig, args.at.as_deref()))?;
    let back = number(&answer["withdrawnCount"]);
    let done = show(context, answer, args.dry_run).await?;
    if back > 0 {
        note(taken_back(if args.dry_run { "would be" } else { "were" }, back));
    }
    Ok(done)
}

/// `3 open offers for another start were taken back; who was asked hears that the time has changed`.
fn taken_back(word: &str, offers: i64) -> String {
    let offers = counted(usize::try_from(offers).unwrap_or(0), "open offer");
    format!("{offers} for another start {word} taken back; who was asked hears that the time has changed.")
}

/// Another start than the one that is asked for leads to the command that means it.
fn how_to_replace(failure: Failure, gig: &str, at: Option<&str>) -> Failure {
    let said = failure.server.as_ref().filter(|_| failure.reason() == Some("ASKING_RUNS"));
    let Some(metadata) = said.map(|said| &said.metadata) else { return failure };
    let part = |key: &str| metadata.get(key).map(String::as_str).unwrap_or_default();
    let lost = match part("open_offers").parse().unwrap_or(0) {
        0 => "that would end, though nobody has an open offer at the moment".to_owned(),
        open => format!("{} would be taken back", counted(open, "open offer")),
    };
    let why = format!("it is asked for {} now, and {lost}", local_time::show(part("start")));
    let (gig, at) = (last_segment(gig), at.unwrap_or("TIME"));
    failure.because(why).next(format!(
        "keikka offer progress {gig}; or to ask for the other start in its place: keikka offer send {gig} --at {at} --replace"
    ))
}

/// Stops asking.
pub(super) async fn stop(context: &Context, args: StopArgs) -> Result<Exit, Failure> {
    send(context, "stop offers for", "StopAsking", &args.gig, json!({}), args.dry_run).await
}

/// Shows how far it is.
pub(super) async fn progress(context: &Context, args: ProgressArgs) -> Result<Exit, Failure> {
    let request = json!({ "gig": context.name("gigs", &args.gig).await? });
    let what = format!("show the offers for gig {}", args.gig);
    let path = "keikka.dispatch.v1.OfferService/GetAsking";
    let answer = context.client().await?.call(&what, path, request).await;
    let mut answer = answer.map_err(|failure| where_to_begin(failure, &args.gig))?;
    print(context, answer["asking"].take()).await
}

/// The asking: for people how far it is, for programs the API's own form.
async fn print(context: &Context, asking: Value) -> Result<Exit, Failure> {
    let report = Report::document(asking);
    if context.globals.output != Format::Table {
        return context.print(&report);
    }
    let text = progress::text(context, &report.json).await?;
    context.print(&Report { text, ..report })
}

/// A gig that is not asked for leads to the command that begins it.
fn where_to_begin(failure: Failure, gig: &str) -> Failure {
    let is_asking = |failure: &Failure| {
        failure.server.as_ref().is_some_and(|said| said.metadata.get("resource").is_some_and(|word| word == "asking"))
    };
    if is_asking(&failure) {
        let next = format!("keikka offer send {}", last_segment(gig));
        failure.because("nobody is being asked for it").next(next)
    } else {
        failure
    }
}

async fn send(
    context: &Context,
    verb: &str,
    rpc: &str,
    gig: &str,
    request: Value,
    dry_run: bool,
) -> Result<Exit, Failure> {
    let answer = call(context, &format!("{verb} gig {gig}"), rpc, gig, request, dry_run).await?;
    show(context, answer, dry_run).await
}

/// Calls a method on the asking for a gig.
async fn call(
    context: &Context,
    what: &str,
    rpc: &str,
    gig: &str,
    mut request: Value,
    dry_run: bool,
) -> Result<Value, Failure> {
    request["gig"] = json!(context.name("gigs", gig).await?);
    request["requestId"] = Context::request_id();
    request["validateOnly"] = json!(dry_run);
    let path = format!("keikka.dispatch.v1.OfferService/{rpc}");
    let answer = context.client().await?.call(what, &path, request).await;
    answer.map_err(|failure| where_to_begin(failure, gig))
}

/// Shows the asking that an answer tells of.
async fn show(context: &Context, mut answer: Value, dry_run: bool) -> Result<Exit, Failure> {
    let asking = answer["asking"].take();
    let done = if dry_run { context.print(&Report::document(asking))? } else { print(context, asking).await? };
    if dry_run {
        note("dry run: it could be done, nothing was changed");
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::ServerSaid;

    #[test]
    fn another_start_names_what_it_would_take_back_and_the_command_that_does() {
        let metadata = [("start", "2026-11-24T08:00:00Z"), ("open_offers", "3")];
        let said = ServerSaid {
            reason: Some("ASKING_RUNS".to_owned()),
            metadata: metadata.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
            ..ServerSaid::default()
        };
        let failure = Failure { server: Some(Box::new(said)), ..Failure::failed("cannot send offers for gig g1") };
        let text = how_to_replace(failure, "g1", Some("2026-11-24T12:00")).text();
        for part in
            ["it is asked for Tue 24.11. 10:00 now, and 3 open offers would be taken back", "--at 2026-11-24T12:00"]
        {
            assert!(text.replace("\n    ", " ").contains(part), "{part} in {text}");
        }
        let other = Failure::failed("cannot send offers for gig g1");
        assert_eq!(how_to_replace(other.clone(), "g1", None), other);
    }
}
