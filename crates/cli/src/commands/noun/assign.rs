//! `keikka gig assign` and `keikka gig claim`: slots for volunteers.

use clap::Args;
use serde_json::{Value, json};

use super::get::fetch_to;
use super::gig_text;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::local_time;
use crate::nouns::Noun;
use crate::output::{counted, last_segment, note};

/// Arguments of `assign`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka gig assign g12 v7 --at 2026-11-24T10:00")]
pub(crate) struct AssignArgs {
    /// The gig's id, or its resource name in full
    #[arg(value_name = "GIG")]
    gig: String,
    /// The volunteers, one for each free slot, in the order of the slots
    #[arg(value_name = "VOLUNTEER", required = true, num_args = 1..=2)]
    volunteers: Vec<String>,
    /// The start [default: the agreed start]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Why these, in task words; kept with the event
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Let the server check everything and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Arguments of `claim`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka gig claim g12 v7 --key-file volunteer.key")]
pub(crate) struct ClaimArgs {
    /// The gig's id, or its resource name in full
    #[arg(value_name = "GIG")]
    gig: String,
    /// Who claims
    #[arg(value_name = "VOLUNTEER")]
    volunteer: String,
    /// Which slot, from 0 [default: the first free one that they fit]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=1))]
    slot: Option<u8>,
    /// The start [default: the agreed start, else the first that they can keep]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Let the server check everything and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Fills the free slots of a gig.
pub(super) async fn assign(context: &Context, args: AssignArgs) -> Result<Exit, Failure> {
    let gig = fetch_to(context, Noun::of("gig").expect("gigs are in the table"), &args.gig, "assign").await?;
    let free = free_slots(&gig);
    if args.volunteers.len() > free.len() {
        return Err(Failure::usage(format!("gig {} has {}", args.gig, counted(free.len(), "free slot")))
            .because(format!("{} named", counted(args.volunteers.len(), "volunteer")))
            .next(format!("who goes: keikka gig get {}", last_segment(&args.gig))));
    }
    let mut assignments = Vec::new();
    for (slot, volunteer) in free.iter().zip(&args.volunteers) {
        assignments.push(json!({ "slot": slot, "volunteer": context.name("volunteers", volunteer).await? }));
    }
    let mut request = json!({
        "name": gig["name"], "etag": gig["etag"], "assignments": assignments,
        "requestId": Context::request_id(), "validateOnly": args.dry_run,
    });
    set_start(&mut request, args.at.as_deref())?;
    if let Some(reason) = &args.reason {
        request["reason"] = json!(reason);
    }
    let sent = send(context, &format!("assign gig {}", args.gig), "AssignVolunteer", request, args.dry_run).await;
    sent.map_err(|failure| what_to_do(failure, &args))
}

/// What leads on where volunteers cannot be assigned.
fn what_to_do(failure: Failure, args: &AssignArgs) -> Failure {
    let gig = last_segment(&args.gig);
    let said = failure.server.as_deref();
    let is_start = said.is_some_and(|said| said.violations.iter().any(|(field, _)| field == "start_time"));
    let who = said.and_then(|said| said.metadata.get("volunteer")).cloned();
    let who = who.or_else(|| args.volunteers.first().cloned()).unwrap_or_default();
    let next = match failure.reason() {
        Some("START_NOT_ALLOWED") => format!("keikka quote {gig} lists the starts; then --at one of them"),
        _ if is_start => format!("keikka quote {gig} lists the starts; then --at one of them"),
        Some("VOLUNTEER_NOT_ABLE" | "VOLUNTEER_BOOKED") => {
            format!("keikka explain {gig} --volunteer {}", last_segment(&who))
        }
        Some("SLOT_TAKEN") => format!("who goes: keikka gig get {gig}"),
        _ => return failure,
    };
    failure.next(next)
}

/// Takes one slot.
pub(super) async fn claim(context: &Context, args: ClaimArgs) -> Result<Exit, Failure> {
    let mut request = json!({
        "name": context.name("gigs", &args.gig).await?,
        "volunteer": context.name("volunteers", &args.volunteer).await?,
        "requestId": Context::request_id(), "validateOnly": args.dry_run,
    });
    if let Some(slot) = args.slot {
        request["slot"] = json!(slot);
    }
    set_start(&mut request, args.at.as_deref())?;
    let claimed = send(context, &format!("claim gig {}", args.gig), "ClaimGig", request, args.dry_run).await;
    claimed.map_err(|failure| match failure.reason() {
        Some("PERMISSION_MISSING") => failure.next(format!(
            "a claim takes the volunteer's own key: --key-file FILE; to decide for them: keikka gig assign {} {}",
            args.gig, args.volunteer
        )),
        _ => failure,
    })
}

fn set_start(request: &mut Value, at: Option<&str>) -> Result<(), Failure> {
    if let Some(at) = at {
        request["startTime"] = json!(local_time::read(at)?.to_string());
    }
    Ok(())
}

async fn send(context: &Context, what: &str, rpc: &str, request: Value, dry_run: bool) -> Result<Exit, Failure> {
    let path = format!("keikka.dispatch.v1.GigService/{rpc}");
    let mut answer = context.client().await?.call(what, &path, request).await?;
    let done = context.print(&gig_text::changed(answer["gig"].take()))?;
    if dry_run {
        note("dry run: it could be done, nothing was changed");
    }
    Ok(done)
}

/// The slots of a gig that nobody has taken.
pub(super) fn free_slots(gig: &Value) -> Vec<usize> {
    let slots = gig["slots"].as_array().map_or(1, |slots| slots.len().max(1));
    let taken: Vec<usize> = gig["assignments"]
        .as_array()
        .map(|all| all.iter().map(|one| one["slot"].as_u64().unwrap_or(0) as usize).collect())
        .unwrap_or_default();
    (0..slots).filter(|slot| !taken.contains(slot)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_slots_are_not_free() {
        let gig = json!({ "slots": [{}, {}], "assignments": [{ "volunteer": "networks/k/volunteers/v1" }] });
        assert_eq!(free_slots(&gig), [1]);
        assert_eq!(free_slots(&json!({ "slots": [{}] })), [0]);
    }
}
