//! `keikka explain GIG [--volunteer V]`: the same answer as the API's, in words.

use clap::Args;
use serde_json::{Value, json};

use super::standing::{candidate_text, english, explanation_text, misses_text, points_mean, ways};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Report, Show, last_segment};

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
    let mut text = text(&answer);
    if let Some(volunteer) = args.volunteer.as_deref().filter(|_| !answer["verdict"].is_object()) {
        text.push_str(&standing_of(context, &answer, volunteer).await?);
    }
    context.print(&Report::told(answer, text))
}

/// The server's answer.
pub(crate) async fn fetch(context: &Context, gig: &str, volunteer: Option<&str>) -> Result<Value, Failure> {
    let mut request = json!({ "name": context.name("gigs", gig).await? });
    if let Some(volunteer) = volunteer {
        request["volunteer"] = json!(context.name("volunteers", volunteer).await?);
    }
    let what = format!("explain gig {}", last_segment(gig));
    context.client().await?.call(&what, "keikka.dispatch.v1.MatchingService/ExplainGig", request).await
}

/// What can be said of a volunteer where the rules are judged no more: the gig has its helpers.
async fn standing_of(context: &Context, answer: &Value, volunteer: &str) -> Result<String, Failure> {
    let name = &answer["explanation"]["gig"];
    let path = "keikka.dispatch.v1.GigService/GetGig";
    let found = context.client().await?.call("get the gig", path, json!({ "name": name })).await?;
    Ok(helpers_text(&found["gig"], last_segment(volunteer)))
}

fn helpers_text(gig: &Value, volunteer: &str) -> String {
    let helpers = gig["assignments"].as_array().map_or(&[][..], Vec::as_slice);
    let id = |one: &Value| Show::Id.text(&one["volunteer"]);
    match helpers.iter().find(|one| id(one) == volunteer) {
        Some(own) => format!("\n{volunteer} is its helper, from {}\n", Show::Time.text(&own["startTime"])),
        None => {
            let others: Vec<String> = helpers.iter().map(id).collect();
            let others = if others.is_empty() { "nobody".to_owned() } else { others.join(" and ") };
            let are = if helpers.len() > 1 { "are" } else { "is" };
            format!(
                "\n{volunteer} is no helper of it: {others} {are}. What {volunteer} may take: keikka board {volunteer}\n"
            )
        }
    }
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
    if verdict["candidate"].is_object() || answer["explanation"]["chosen"].is_object() {
        let explanation = &answer["explanation"];
        let shown = [&verdict["candidate"], &explanation["chosen"], &explanation["runnerUp"]];
        text.push_str(&format!("\n{}\n", points_mean(shown)));
    }
    if let Some(ways) = ways(&answer["travelSource"]) {
        text.push_str(&format!("\n{ways}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filled_gig_says_how_the_volunteer_stands_to_it() {
        let gig = json!({ "assignments": [
            { "volunteer": "networks/k/volunteers/v3", "startTime": "2026-11-23T08:00:00Z" }
        ] });
        assert_eq!(helpers_text(&gig, "v3"), "\nv3 is its helper, from Mon 23.11. 10:00\n");
        let text = helpers_text(&gig, "v7");
        assert!(text.contains("v7 is no helper of it: v3 is") && text.contains("keikka board v7"), "{text}");
    }
}
