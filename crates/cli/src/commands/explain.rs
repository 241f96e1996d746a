//! `keikka explain GIG [--volunteer V]`: the same answer as the API's, in words.

use clap::Args;
use serde_json::{Value, json};

use super::standing::{candidate_text, english, explanation_text, misses_text};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Report, last_segment};

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka explain g12\n         keikka explain g12 --volunteer v7")]
pub(crate) struct ExplainArgs {
    /// The gig's id, or its resource name in full
    #[arg(value_name = "GIG")]
    gig: String,
    /// Ask about this volunteer: can they take it, and if not, what would have to change
    #[arg(long, value_name = "VOLUNTEER")]
    volunteer: Option<String>,
}

/// Explains and prints.
pub(crate) async fn run(context: &Context, args: ExplainArgs) -> Result<Exit, Failure> {
    let answer = fetch(context, &args.gig, args.volunteer.as_deref()).await?;
    let text = text(&answer);
    context.print(&Report::told(answer, text))
}

/// The server's answer.
pub(crate) async fn fetch(context: &Context, gig: &str, volunteer: Option<&str>) -> Result<Value, Failure> {
    let mut request = json!({ "name": context.name("gigs", gig).await? });
    if let Some(volunteer) = volunteer {
        request["volunteer"] = json!(context.name("volunteers", volunteer).await?);
    }
    let what = format!("explain gig {}", last_segment(gig));
    context.client().await?.call(&what, "keikka.dispatch.v1.MatchingService/ExplainGig", request).await.map_err(
        |failure| match failure.reason() {
            Some("RESOURCE_NOT_FOUND") => failure.next("keikka gig list"),
            _ => failure,
        },
    )
}

/// What people read.
pub(crate) fn text(answer: &Value) -> String {
    let mut text = explanation_text(&answer["explanation"]);
    let verdict = &answer["verdict"];
    if verdict.is_object() {
        let who = last_segment(verdict["volunteer"].as_str().unwrap_or_default());
        let able = if verdict["able"].as_bool() == Some(true) { "can take it" } else { "cannot take it" };
        text.push_str(&format!("\n{who} {able}: {}\n", english(&verdict["text"])));
        text.push_str(&misses_text("what would have to change", &verdict["brokenRules"]));
        text.push_str(&candidate_text("score", &verdict["candidate"]));
    }
    text
}
