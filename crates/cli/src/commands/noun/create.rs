//! `keikka NOUN create`: from a file, from settings, or both.

use std::path::{Path, PathBuf};

use clap::Args;
use prost_reflect::{Kind, MessageDescriptor, MethodDescriptor};
use serde_json::{Map, Value, json};

use crate::commands::plan_text::wrapped;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::nouns::{NOUNS, Noun, Standard};
use crate::output::{Report, at, note};
use crate::{fields, files, local_time, names, setting};

/// Arguments of `create`.
#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    /// The last segment of its name; the server makes one if you do not
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// The resource as proto3 JSON; - reads stdin
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// A field and its value, over what the file says; may be repeated
    #[arg(short, long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Let the server check everything and store nothing
    #[arg(long)]
    dry_run: bool,
}

/// The end of the help: the fields that can be set, and an example that works.
pub(super) fn example(noun: &Noun) -> String {
    let (needed, others) = match noun.has(Standard::Create) {
        Some(method) => fields::to_give(&resource_of(&method, noun)),
        None => (Vec::new(), Vec::new()),
    };
    let line = |title: &str, names: &[String]| {
        let lines = wrapped(&names.join(", "), 90);
        if lines.is_empty() { String::new() } else { format!("{title:<9}{}\n", lines.join("\n         ")) }
    };
    let example = match noun.word {
        "gig" => {
            "keikka gig create g900 --set kind=shopping --set seeker=s7 \\\n           \
             --set windows=2026-11-24T10:00..2026-11-24T14:00 --dry-run"
        }
        "volunteer" => {
            "keikka volunteer create v900 --set display_name='Aino Testinen' --set travel_mode=bike \\\n           \
             --set travel_limit_minutes=30 --set languages=fi,sv --set accepted_kinds=shopping \\\n           \
             --set home.postal_code=45100 --set availability.weekly='mon-fri 9-15' --dry-run"
        }
        "seeker" => {
            "keikka seeker create s900 --set display_name='Testi Soittaja' --set languages=fi \\\n           \
             --set home.postal_code=45100 --dry-run"
        }
        "kind" => "keikka kind create baking --set title=Leivonta --set category=household --dry-run",
        "skill" => "keikka skill create singing --set title=Laulutaito --dry-run",
        "association" => "keikka association create kylatalo --set title=Kylätalo --dry-run",
        "network" => {
            "keikka network create iitti --set title=Iitti --set city=Iitti \\\n           \
             --dry-run --key-file .keikka/dev/ops.key"
        }
        "plan" => "keikka plan create --set period=2026-11-23T00:00..2026-11-30T00:00 --dry-run",
        word => return format!("Example: keikka {word} create ID --file {word}.json"),
    };
    format!("{}{}Example: {example}", line("Needed:", &needed), line("Others:", &others))
}

/// A refusal of a resource with what was given for each wrong field, and the flags that give what is missing or something else for what is
/// wrong. A reference to what is not there leads to the list of what is.
pub(crate) fn what_to_give(
    (prefix, message): (&str, &MessageDescriptor),
    network: &str,
    resource: &Value,
    mut failure: Failure,
) -> Failure {
    let Some(said) = failure.server.as_mut() else { return failure };
    let (mut missing, mut wrong, mut lists) = (Vec::new(), Vec::new(), Vec::new());
    for (field, description) in &mut said.violations {
        let Some(path) = field.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.')) else { continue };
        let given = given(resource, path);
        if let Some(words) = given_words(given) {
            description.push_str(&format!("; given: {words}"));
        }
        let leaf = path.rsplit('.').next().unwrap_or(path).split('[').next().unwrap_or(path);
        let noun =
            names::collection_of(leaf).and_then(|collection| NOUNS.iter().find(|of| of.collection == collection));
        match (noun, given.is_null() || given == "") {
            (Some(noun), false) => lists.push(format!("keikka {} list", noun.word)),
            (_, is_missing) => {
                let advised = fields::setting(message, path, network).map(|setting| format!("--set {setting}"));
                if is_missing { &mut missing } else { &mut wrong }.extend(advised);
            }
        }
    }
    let parts = [("add ", missing), ("give ", wrong), ("", lists)].map(|(word, mut parts)| {
        parts.dedup();
        if parts.is_empty() {
            String::new()
        } else {
            format!("{word}{}", parts.join(if word.is_empty() { "; " } else { " " }))
        }
    });
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { failure } else { failure.next(parts.join("; ")) }
}

/// What a resource has at the path of a violation: `windows[0].end_time`.
fn given<'a>(resource: &'a Value, path: &str) -> &'a Value {
    let parts = path.split('.').flat_map(|part| {
        let (name, index) = part.split_once('[').unwrap_or((part, ""));
        [names::camel(name), index.trim_end_matches(']').to_owned()]
    });
    at(resource, &parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("."))
}

/// A plain value as it was given; a longer text is known to who gave it.
fn given_words(given: &Value) -> Option<String> {
    const SHOWN_MAX: usize = 60;
    let text = match given {
        Value::String(text) => {
            let seconds = text.strip_suffix('s').and_then(|seconds| seconds.parse().ok());
            let shown = local_time::show_in_full(text.rsplit('/').next().unwrap_or(text));
            seconds.map_or(shown, local_time::show_seconds)
        }
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty() && text.chars().count() <= SHOWN_MAX).then_some(text)
}

/// Creates.
pub(super) async fn run(context: &Context, noun: &'static Noun, args: CreateArgs) -> Result<Exit, Failure> {
    let method = noun.has(Standard::Create).expect("the command exists because the method does");
    let network = if noun.in_network() { context.network().await?.to_owned() } else { String::new() };
    let mut resource = from_file(args.file.as_deref())?;
    let descriptor = resource_of(&method, noun);
    for text in &args.set {
        setting::set(&mut resource, &descriptor, &network, text)?;
    }
    let mut request = json!({ noun.field(): resource, "requestId": Context::request_id() });
    if noun.in_network() {
        request["parent"] = json!(format!("networks/{network}"));
    }
    if let Some(id) = &args.id {
        request[format!("{}Id", noun.field())] = json!(id);
    }
    dry_run(&method, &mut request, args.dry_run)?;
    let what = format!("create {}", noun.word);
    let asked = request[noun.field()].clone();
    let client = context.client().await?;
    let answer = client.call(&what, &noun.standard(Standard::Create), request).await;
    let mut answer = answer.map_err(|failure| what_to_give((noun.field(), &descriptor), &network, &asked, failure))?;
    let done = context.print(&Report::document(answer[noun.field()].take()))?;
    if args.dry_run {
        note("dry run: everything is in order, nothing was stored");
    }
    Ok(done)
}

/// The resource in a file, or an empty one.
pub(super) fn from_file(file: Option<&Path>) -> Result<Value, Failure> {
    let Some(path) = file else { return Ok(Value::Object(Map::new())) };
    let value = files::read_json(path)?;
    if value.is_object() {
        Ok(value)
    } else {
        Err(Failure::usage(format!("{} holds no JSON object", path.display())).because("one resource is expected"))
    }
}

/// The message of the resource inside a request.
pub(super) fn resource_of(method: &MethodDescriptor, noun: &Noun) -> MessageDescriptor {
    match method.input().get_field_by_json_name(noun.field()).map(|field| field.kind()) {
        Some(Kind::Message(message)) => message,
        _ => unreachable!("{} carries no {}", method.name(), noun.field()),
    }
}

/// Asks the server to store nothing, where it can.
pub(super) fn dry_run(method: &MethodDescriptor, request: &mut Value, asked: bool) -> Result<(), Failure> {
    if !asked {
        return Ok(());
    }
    if method.input().get_field_by_name("validate_only").is_none() {
        return Err(Failure::usage(format!("{} has no dry run", method.name())));
    }
    request["validateOnly"] = json!(true);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::ServerSaid;

    fn refused(violations: &[&str], resource: &Value) -> Failure {
        let said = ServerSaid {
            violations: violations.iter().map(|field| (format!("gig.{field}"), "must be right".to_owned())).collect(),
            ..ServerSaid::default()
        };
        let failure = Failure { server: Some(Box::new(said)), ..Failure::failed("cannot create gig") };
        let gig = crate::client::descriptors().get_message_by_name("keikka.dispatch.v1.Gig").expect("gigs");
        what_to_give(("gig", &gig), "kouvola", resource, failure)
    }

    #[test]
    fn a_missing_field_leads_to_the_flag_that_gives_it_and_a_wrong_one_to_another_value() {
        let given = json!({ "kind": "networks/k/kinds/teapot", "duration": "48000s", "languages": ["xx yy"] });
        let fields =
            ["seeker", "kind", "windows[0].end_time", "duration", "languages[0]", "place.coordinates.latitude"];
        let told = refused(&fields, &given);
        let next = told.next.clone().expect("a next command");
        let parts: Vec<&str> = next.split("; ").collect();
        assert!(parts[0].starts_with("add --set seeker=s7 --set windows=20"), "{next}");
        assert!(parts[0].ends_with("T14:00 --set place.coordinates.latitude=60.87"), "{next}");
        assert_eq!(parts[1..], ["give --set duration=90min --set languages=fi,sv", "keikka kind list"]);
        let text = told.text();
        assert!(text.contains("must be right; given: 13 h 20 min") && text.contains("given: teapot"), "{text}");
    }

    #[test]
    fn every_example_names_every_needed_field() {
        for noun in crate::nouns::NOUNS.iter().filter(|noun| noun.has(Standard::Create).is_some()) {
            let help = example(noun);
            let shown = help.split("Example:").nth(1).expect("an example");
            let needed = help.strip_prefix("Needed:").and_then(|rest| rest.lines().next()).unwrap_or_default();
            for field in needed.split(", ").map(str::trim).filter(|field| !field.is_empty()) {
                assert!(shown.contains(&format!("--set {field}")), "{}: {field} in {help}", noun.word);
            }
        }
    }
}
