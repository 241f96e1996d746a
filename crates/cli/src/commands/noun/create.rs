//! `keikka NOUN create`: from a file, from settings, or both.

use std::path::{Path, PathBuf};

use clap::Args;
use prost_reflect::{Kind, MessageDescriptor, MethodDescriptor};
use serde_json::{Map, Value, json};

use crate::commands::plan_text::wrapped;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::nouns::{Noun, Standard};
use crate::output::{Report, at, note};
use crate::{fields, files, names, setting};

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

/// A refusal of a resource with the flags that would give what is missing.
pub(crate) fn with_missing(prefix: &str, resource: &Value, failure: Failure) -> Failure {
    let violations = failure.server.as_ref().map_or(&[][..], |said| said.violations.as_slice());
    let missing: Vec<String> = violations
        .iter()
        .filter_map(|(field, _)| field.strip_prefix(prefix)?.strip_prefix('.'))
        .filter(|path| {
            let camel = |part: &str| names::camel(part);
            at(resource, &path.split('.').map(camel).collect::<Vec<_>>().join(".")).is_null()
        })
        .map(|path| {
            let leaf = path.rsplit('.').next().unwrap_or(path);
            format!("--set {path}={}", fields::example(leaf).unwrap_or("VALUE"))
        })
        .collect();
    if missing.is_empty() { failure } else { failure.next(format!("add {}", missing.join(" "))) }
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
    let mut answer = answer.map_err(|failure| with_missing(noun.field(), &asked, failure))?;
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

    #[test]
    fn a_missing_field_leads_to_the_flag_that_gives_it() {
        let violations = ["gig.seeker", "gig.kind", "gig.windows", "gig.duration"];
        let said = ServerSaid {
            violations: violations.iter().map(|field| ((*field).to_owned(), "must be there".to_owned())).collect(),
            ..ServerSaid::default()
        };
        let failure = Failure { server: Some(Box::new(said)), ..Failure::failed("cannot create gig") };
        let told = with_missing("gig", &json!({ "kind": "shopping", "duration": "1s" }), failure);
        let next = told.next.expect("a next command");
        assert_eq!(
            next, "add --set seeker=s7 --set windows=2026-11-24T10:00..2026-11-24T14:00",
            "given ones are not missing"
        );
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
