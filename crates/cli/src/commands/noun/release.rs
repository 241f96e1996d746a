//! `keikka gig release GIG`: a volunteer cannot come, or is let go; their slot is free again.

use clap::Args;
use serde_json::{Value, json};

use super::get::fetch_to;
use super::gig_text;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::nouns::Noun;
use crate::output::{last_segment, note};

/// Arguments of `release`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka gig release g12 --volunteer v7 --reason sairastui")]
pub(crate) struct ReleaseArgs {
    /// The gig's id, or its resource name in full
    #[arg(value_name = "GIG")]
    gig: String,
    /// Who cannot come [default: the only helper]
    #[arg(long, value_name = "VOLUNTEER")]
    volunteer: Option<String>,
    /// Why, in task words; kept with the event
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// The helper has not said that they cannot come: it is your decision, of which they are told; no rematch chooses them for it again
    #[arg(long)]
    let_go: bool,
    /// Let the server check everything and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Finds the helper's assignment and gives it back, after asking.
pub(super) async fn run(context: &Context, args: ReleaseArgs) -> Result<Exit, Failure> {
    let gig = fetch_to(context, Noun::of("gig").expect("gigs are in the table"), &args.gig, "release").await?;
    let assignment = pick(&gig, &args)?;
    let (name, volunteer) = (&assignment["name"], last_segment(assignment["volunteer"].as_str().unwrap_or_default()));
    if !args.dry_run {
        let question = format!("Release {volunteer} from gig {}? The promise to the seeker ends.", args.gig);
        context.confirm(&question, "not released")?;
    }
    let request = request(name, &gig["etag"], &args);
    let what = format!("release {volunteer} from gig {}", args.gig);
    let path = "keikka.dispatch.v1.GigService/ReleaseAssignment";
    let mut answer = context.client().await?.call(&what, path, request).await?;
    let done = context.print(&gig_text::changed(answer["gig"].take()))?;
    if args.dry_run {
        note("dry run: it could be done, nothing was changed");
    }
    Ok(done)
}

/// Whoever cannot come has given it back, unless they are let go.
fn request(name: &Value, etag: &Value, args: &ReleaseArgs) -> Value {
    let mut request = json!({
        "name": name, "etag": etag, "requestId": Context::request_id(), "validateOnly": args.dry_run,
        "givenBack": !args.let_go,
    });
    if let Some(reason) = &args.reason {
        request["reason"] = json!(reason);
    }
    request
}

fn pick<'a>(gig: &'a Value, args: &ReleaseArgs) -> Result<&'a Value, Failure> {
    let helpers = gig["assignments"].as_array().map_or(&[][..], Vec::as_slice);
    let of = |one: &Value| last_segment(one["volunteer"].as_str().unwrap_or_default()).to_owned();
    let who: Vec<String> = helpers.iter().map(of).collect();
    match (&args.volunteer, helpers) {
        (_, []) => Err(Failure::failed(format!("gig {} has no helper to release", args.gig))
            .next(format!("how it stands: keikka gig get {}", last_segment(&args.gig)))),
        (None, [only]) => Ok(only),
        (None, _) => Err(Failure::usage("which helper?").because(who.join(", ")).next("--volunteer ID")),
        (Some(wanted), _) => helpers.iter().find(|one| of(one) == last_segment(wanted)).ok_or_else(|| {
            Failure::failed(format!("{wanted} is no helper of gig {}", args.gig))
                .because(format!("its helpers are {}", who.join(", ")))
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{ReleaseArgs, request};

    #[test]
    fn who_cannot_come_gives_it_back_unless_they_are_let_go() {
        let args = |let_go| ReleaseArgs {
            gig: "g1".to_owned(),
            volunteer: None,
            reason: Some("sairastui".to_owned()),
            let_go,
            dry_run: false,
        };
        for (let_go, given_back) in [(false, true), (true, false)] {
            let request = request(&json!("networks/k/assignments/a1"), &json!("v3"), &args(let_go));
            assert_eq!((&request["givenBack"], &request["reason"]), (&json!(given_back), &json!("sairastui")));
        }
    }
}
