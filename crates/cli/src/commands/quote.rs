//! `keikka quote`: who could help and when, while the caller is on the line. Writes nothing.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::noun::what_to_give;
use super::standing::{explanation_text, points, points_mean, term_text, ways};
use crate::client::descriptors;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::local_time;
use crate::output::{Column, Report, Show, at, columns_text, last_segment, number};
use crate::{files, setting};

const COLUMNS: &[Column] = &[
    Column::new("volunteer", "volunteer", Show::Id),
    Column::new("name", "displayName", Show::Text).within(24),
    Column::new("slot", "slot", Show::Text),
    Column::new("start", "startTime", Show::Time),
    Column::new("travel s", "travelSeconds", Show::Text),
    Column::new("millipoints", "total", Show::Text),
];

/// Columns of a line.
const WIDTH: usize = 100;
/// What two columns of the candidates mean.
const COLUMNS_MEAN: &str = "START: when it suits them best beside what they have promised. TRAVEL: one way, from home.";
/// In which order starts are listed.
const STARTS_MEAN: &str = "In brackets, how many could come then. Asking without a start asks for the first of these.";
/// Starts that are listed.
const STARTS_SHOWN: usize = 9;
/// How likely asking fills a gig, most likely first; the last is of an older server, which does not say.
const LIKELIHOODS: [(&str, &str); 4] = [
    ("LIKELIHOOD_LIKELY", "likely"),
    ("LIKELIHOOD_POSSIBLE", "possible"),
    ("LIKELIHOOD_UNLIKELY", "unlikely"),
    ("", ""),
];

/// Arguments of `quote`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka quote g12\n         \
                        keikka quote --set kind=shopping --set seeker=s7 --set windows=2026-11-24T10:00..2026-11-24T14:00")]
pub(crate) struct QuoteArgs {
    /// The id of a stored gig, or its resource name in full
    #[arg(value_name = "GIG", conflicts_with_all = ["file", "set"])]
    gig: Option<String>,
    /// What the caller asks for, as the JSON of a gig; - reads stdin
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// A field of what the caller asks for; may be repeated
    #[arg(short, long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Most volunteers to show
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    limit: u32,
}

/// Quotes and prints.
pub(crate) async fn run(context: &Context, args: QuoteArgs) -> Result<Exit, Failure> {
    let (request, subject) = request(context, &args).await?;
    let what = format!("quote {subject}");
    let asked = request["gig"].clone();
    let parent = request["parent"].as_str().unwrap_or_default().to_owned();
    let answer = context.client().await?.call(&what, "keikka.dispatch.v1.MatchingService/QuoteGig", request).await;
    let network = last_segment(&parent);
    let answer =
        answer.map_err(|failure| what_to_do(what_to_give(("gig", &gig_fields()), network, &asked, failure)))?;
    let candidates: Vec<Value> = answer["candidates"].as_array().cloned().unwrap_or_default();
    let text = text(&subject, &answer, &candidates);
    context.print(&Report { text, ..Report::list(answer, &candidates, COLUMNS) })
}

/// A gig that wants nobody leads to who goes, and to the way in which it would want somebody again.
fn what_to_do(failure: Failure) -> Failure {
    let metadata = failure.server.as_ref().map(|said| &said.metadata);
    let part = |key: &str| metadata.and_then(|metadata| metadata.get(key));
    let Some(gig) = part("helpers").and(part("gig")).cloned() else { return failure };
    failure.next(format!("keikka gig get {gig} shows who goes; if somebody cannot: keikka gig release {gig}"))
}

/// What can be said of a gig.
fn gig_fields() -> prost_reflect::MessageDescriptor {
    descriptors().get_message_by_name("keikka.dispatch.v1.Gig").expect("the API has gigs")
}

async fn request(context: &Context, args: &QuoteArgs) -> Result<(Value, String), Failure> {
    if let Some(gig) = &args.gig {
        let name = context.name("gigs", gig).await?;
        let parent = name.split('/').take(2).collect::<Vec<_>>().join("/");
        let subject = format!("gig {}", last_segment(&name));
        return Ok((json!({ "parent": parent, "name": name, "candidateLimit": args.limit }), subject));
    }
    if args.file.is_none() && args.set.is_empty() {
        return Err(Failure::usage("what is to be quoted?")
            .next("keikka quote GIG, or --set kind=.. --set seeker=.. --set windows=.."));
    }
    let mut gig = match &args.file {
        Some(path) => files::read_json(path)?,
        None => json!({}),
    };
    let network = context.network().await?.to_owned();
    let descriptor = gig_fields();
    for text in &args.set {
        setting::set(&mut gig, &descriptor, &network, text)?;
    }
    let parent = format!("networks/{network}");
    Ok((json!({ "parent": parent, "gig": gig, "candidateLimit": args.limit }), "the caller's request".to_owned()))
}

/// What people read.
pub(crate) fn text(subject: &str, answer: &Value, candidates: &[Value]) -> String {
    let mut text = format!(
        "{subject}: {} of {} volunteers are able\n",
        number(&answer["ableCount"]),
        number(&answer["consideredCount"])
    );
    if !candidates.is_empty() {
        text.push_str(&format!("\n{}", table(candidates)));
        text.push_str(&format!("\n{COLUMNS_MEAN}\n{}\n", points_mean(candidates)));
    }
    if let Some(starts) = starts(&answer["feasibleStarts"]) {
        text.push_str(&format!("\nstarts  {starts}\n\n{STARTS_MEAN}\n"));
    }
    if answer["explanation"].is_object() {
        let mut explanation = answer["explanation"].clone();
        // The heading has said what it is about; a request that is only talked about has no id that anybody knows.
        explanation["gig"] = Value::Null;
        text.push_str(&format!("\n{}", explanation_text(&explanation)));
    }
    if let Some(ways) = ways(&answer["travelSource"]) {
        text.push_str(&format!("\n{ways}\n"));
    }
    text
}

/// The candidates within a hundred columns: what their points are made of stands beside them where that fits, else under each.
fn table(candidates: &[Value]) -> String {
    let mut rows: Vec<Vec<String>> = candidates.iter().enumerate().map(row).collect();
    let headings = ["#", "id", "name", "start", "travel", "points", "of which"];
    let widths = [3, usize::MAX, 18, 16, 9, 8, usize::MAX];
    let beside = columns_text(&headings, &widths, &rows);
    if beside.lines().all(|line| line.chars().count() <= WIDTH) {
        return beside;
    }
    let under: Vec<String> = rows.iter_mut().filter_map(Vec::pop).collect();
    let shown = columns_text(&headings[..headings.len() - 1], &widths, &rows);
    let mut lines = shown.lines();
    let mut text = format!("{}\n", lines.next().unwrap_or_default());
    for (line, terms) in lines.zip(under) {
        text.push_str(&format!("{line}\n     {terms}\n"));
    }
    text
}

fn row((index, candidate): (usize, &Value)) -> Vec<String> {
    let terms: Vec<String> =
        candidate["terms"].as_array().map(|terms| terms.iter().filter_map(term_text).collect()).unwrap_or_default();
    vec![
        (index + 1).to_string(),
        Show::Id.text(&candidate["volunteer"]),
        at(candidate, "displayName").as_str().unwrap_or_default().to_owned(),
        Show::Time.text(&candidate["startTime"]),
        local_time::show_seconds(number(&candidate["travelSeconds"])),
        points(&candidate["total"]),
        terms.join(", "),
    ]
}

/// The likeliest starts with how many are able then, those at which asking most likely fills the gig first: by class, then by how many could
/// come, the earliest of equals. The server chooses in the same order where it is told none.
fn starts(starts: &Value) -> Option<String> {
    let starts = starts.as_array().filter(|starts| !starts.is_empty())?;
    let class = |start: &Value| {
        let likelihood = start["likelihood"].as_str().unwrap_or_default().to_owned();
        LIKELIHOODS.iter().position(|(class, _)| *class == likelihood)
    };
    let mut shown: Vec<&Value> = starts.iter().collect();
    shown.sort_by_key(|start| (class(start), std::cmp::Reverse(number(&start["ableVolunteers"]))));
    shown.truncate(STARTS_SHOWN);
    let mut lines: Vec<String> = Vec::new();
    for (class, words) in LIKELIHOODS {
        let of_class: Vec<String> = shown
            .iter()
            .filter(|start| start["likelihood"].as_str().unwrap_or_default() == class)
            .map(|start| format!("{} ({})", Show::Time.text(&start["startTime"]), number(&start["ableVolunteers"])))
            .collect();
        // Three to a line keeps it within a hundred columns.
        for (at, three) in of_class.chunks(3).enumerate() {
            lines.push(format!("{:<9} {}", if at == 0 { words } else { "" }, three.join(", ")).trim_end().to_owned());
        }
    }
    let more = starts.len().saturating_sub(STARTS_SHOWN);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    Some(lines.join("\n        "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_stand_under_how_likely_they_are_filled() {
        let at = |hour: u32, class: &str| json!({ "startTime": format!("2026-11-24T{hour:02}:00:00Z"), "ableVolunteers": 12, "likelihood": class });
        let classes = ["LIKELIHOOD_POSSIBLE", "LIKELIHOOD_LIKELY", "LIKELIHOOD_POSSIBLE", "LIKELIHOOD_POSSIBLE"];
        let mut all: Vec<Value> = (7..).zip(classes).map(|(hour, class)| at(hour, class)).collect();
        all.extend((11..18).map(|hour| at(hour, "LIKELIHOOD_POSSIBLE")));
        all[10]["ableVolunteers"] = json!(13);
        let text = starts(&json!(all)).expect("starts");
        let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
        assert!(lines[0].starts_with("likely    Tue 24.11. 10:00 (12)") && lines.len() == 5, "{text}");
        assert!(lines[1].starts_with("possible  Tue 24.11. 19:00 (13), Tue 24.11. 09:00 (12), "), "most first: {text}");
        assert_eq!((lines.len(), lines.last().copied()), (5, Some("and 2 more")), "{text}");
        assert!(text.lines().all(|line| line.chars().count() + 8 <= WIDTH), "{text}");
        assert_eq!(starts(&json!([])), None);
    }

    #[test]
    fn a_filled_gig_leads_to_who_goes() {
        let said = |metadata: &[(&str, &str)]| crate::failure::ServerSaid {
            metadata: metadata.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            ..Default::default()
        };
        let failure = |said| Failure { server: Some(Box::new(said)), ..Failure::failed("cannot quote gig g1") };
        let filled = failure(said(&[("gig", "g1"), ("state", "filled"), ("helpers", "1")]));
        assert!(what_to_do(filled).next.is_some_and(|next| next.contains("keikka gig release g1")));
        assert_eq!(what_to_do(failure(said(&[("gig", "g1"), ("state", "cancelled")]))).next, None);
    }

    fn candidate(id: &str, terms: &[(&str, i64)]) -> Value {
        let terms: Vec<Value> = terms.iter().map(|(code, points)| json!({ "code": code, "points": points })).collect();
        json!({
            "volunteer": format!("networks/k/volunteers/{id}"), "displayName": "Aino Testinen-Esimerkki",
            "startTime": "2026-11-24T10:00:00Z", "travelSeconds": 6300, "total": -144_366, "terms": terms,
        })
    }

    #[test]
    fn a_row_fits_a_hundred_columns_and_no_term_is_lost() {
        let few = candidate("v1", &[("TRAVEL", -79_366), ("LIKES", 5000)]);
        let beside = table(std::slice::from_ref(&few));
        assert!(beside.lines().count() == 2 && beside.ends_with("travel -79.4, likes +5\n"), "{beside}");
        let all = [
            ("TRAVEL", -179_366),
            ("FAMILIAR", 35_000),
            ("LIKES", 5000),
            ("FAIR_SHARE", 10_000),
            ("WISHES", 2500),
            ("NEEDED_ELSEWHERE", -5_333_300),
        ];
        let id = "01a20196-0f3c-7d41-9f7e-0123456789ab";
        let under = table(&[few, candidate(id, &all)]);
        assert!(under.lines().all(|line| line.chars().count() <= 100), "{under}");
        for part in [
            id,
            "travel -179.4, familiar +35, likes +5, fair share +10, wishes +2.5, needed elsewhere -5333.3\n",
            "     travel -79.4, likes +5\n",
        ] {
            assert!(under.contains(part), "{part} in {under}");
        }
        assert_eq!(under.lines().count(), 5, "{under}");
    }
}
