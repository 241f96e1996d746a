//! `keikka NOUN create`: from a file, from settings, or both.

use std::path::{Path, PathBuf};

use clap::Args;
use prost_reflect::{Kind, MessageDescriptor, MethodDescriptor};
use serde_json::{Map, Value, json};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::nouns::{Noun, Standard};
use crate::output::{Report, note};
use crate::setting;

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

/// The example in the help.
pub(super) fn example(noun: &Noun) -> String {
    match noun.word {
        "gig" => "Example: keikka gig create g900 --set kind=shopping --set seeker=s7 \\\n           \
                  --set windows=2026-11-24T10:00..2026-11-24T14:00 --dry-run"
            .to_owned(),
        "volunteer" => "Example: keikka volunteer create v900 --file volunteer.json --set languages=fi,sv".to_owned(),
        word => format!("Example: keikka {word} create ID --file {word}.json"),
    }
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
    let mut answer = context.client().await?.call(&what, &noun.standard(Standard::Create), request).await?;
    let done = context.print(&Report::document(answer[noun.field()].take()))?;
    if args.dry_run {
        note("dry run: everything is in order, nothing was stored");
    }
    Ok(done)
}

/// The resource in a file, or an empty one.
pub(super) fn from_file(file: Option<&Path>) -> Result<Value, Failure> {
    let Some(path) = file else { return Ok(Value::Object(Map::new())) };
    let bytes = files::read(path)?;
    let value: Value = serde_json::from_slice(&bytes)
        .map_err(|error| Failure::usage(format!("{} is no JSON", path.display())).because(error))?;
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
