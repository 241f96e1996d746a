//! `keikka NOUN update ID`: reads the resource, changes what is set, writes it back with the etag that was read, so that nobody's
//! work is overwritten.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::create::{dry_run, from_file, resource_of, what_to_give};
use super::get::fetch_to;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::nouns::{Noun, Standard};
use crate::output::{Report, note};
use crate::setting;

/// Arguments of `update`.
#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    /// Its id, or its resource name in full
    #[arg(value_name = "ID")]
    id: String,
    /// The fields to change as proto3 JSON; - reads stdin
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// A field and its new value; may be repeated
    #[arg(short, long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// A field to empty; may be repeated
    #[arg(long, value_name = "FIELD")]
    unset: Vec<String>,
    /// The version you read; another one now is refused [default: the version that stands]
    #[arg(long, value_name = "ETAG")]
    etag: Option<String>,
    /// Let the server check everything and store nothing
    #[arg(long)]
    dry_run: bool,
}

/// The example in the help.
pub(super) fn example(noun: &Noun) -> String {
    match noun.word {
        "volunteer" => "Example: keikka volunteer update v12 --set travel_limit_minutes=40".to_owned(),
        "gig" => "Example: keikka gig update g12 --set priority=5".to_owned(),
        word => format!("Example: keikka {word} update ID --set FIELD=VALUE --dry-run"),
    }
}

/// Updates.
pub(super) async fn run(context: &Context, noun: &'static Noun, args: UpdateArgs) -> Result<Exit, Failure> {
    if args.file.is_none() && args.set.is_empty() && args.unset.is_empty() {
        return Err(Failure::usage("nothing to change").next("--set FIELD=VALUE, --unset FIELD or --file FILE"));
    }
    let method = noun.has(Standard::Update).expect("the command exists because the method does");
    let descriptor = resource_of(&method, noun);
    let mut resource = fetch_to(context, noun, &args.id, "update").await?;
    let name = resource["name"].as_str().unwrap_or_default().to_owned();
    let network = name.split('/').nth(1).unwrap_or_default().to_owned();
    let mut mask: Vec<String> = Vec::new();
    let given = from_file(args.file.as_deref())?;
    for (key, value) in given.as_object().into_iter().flatten() {
        let field = descriptor.get_field_by_json_name(key).or_else(|| descriptor.get_field_by_name(key));
        let field = field.ok_or_else(|| Failure::usage(format!("{} has no field `{key}`", descriptor.name())))?;
        if !matches!(field.name(), "name" | "etag" | "create_time" | "update_time") {
            resource[field.json_name()] = value.clone();
            mask.push(field.json_name().to_owned());
        }
    }
    for text in &args.set {
        let outermost = setting::set(&mut resource, &descriptor, &network, text)?;
        mask.push(descriptor.get_field_by_name(&outermost).map_or(outermost, |field| field.json_name().to_owned()));
    }
    for field in &args.unset {
        let field = descriptor.get_field_by_name(field).or_else(|| descriptor.get_field_by_json_name(field));
        let field = field.ok_or_else(|| Failure::usage(format!("{} has no such field", descriptor.name())))?;
        resource.as_object_mut().map(|fields| fields.shift_remove(field.json_name()));
        mask.push(field.json_name().to_owned());
    }
    mask.sort();
    mask.dedup();
    let read_etag = given["etag"].as_str().map(str::to_owned);
    if let Some(etag) = args.etag.clone().or(read_etag) {
        resource["etag"] = json!(etag);
    }
    let mut request =
        json!({ noun.field(): resource, "updateMask": mask.join(","), "requestId": Context::request_id() });
    dry_run(&method, &mut request, args.dry_run)?;
    let what = format!("update {} {}", noun.word, args.id);
    let asked = request[noun.field()].clone();
    let answer = context.client().await?.call(&what, &noun.standard(Standard::Update), request).await;
    let mut answer = answer.map_err(|failure| what_to_give((noun.field(), &descriptor), &network, &asked, failure))?;
    let done = context.print(&Report::document(answer[noun.field()].take()))?;
    if args.dry_run {
        note("dry run: everything is in order, nothing was stored");
    }
    Ok(done)
}
