//! `keikka notify template`: what a network says in its own words.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::preview::{lead_to_templates, words};
use super::{Language, Part, TEMPLATES, code};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Column, Report, Show, note};

const COLUMNS: &[Column] = &[
    Column::new("template", "code", Show::Text),
    Column::new("parts", "parts", Show::Text),
    Column::new("own", "own", Show::Text).within(32),
    Column::new("changed", "updateTime", Show::Time),
];

/// Arguments of `template`.
#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true, disable_help_subcommand = true)]
pub(super) struct TemplateArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List what can be said, and what the network says in its own words
    List(ListArgs),
    /// Show the words of a template: the network's own, else the service's
    Get(GetArgs),
    /// Keep the network's own words for a part in a language
    Set(SetArgs),
    /// Forget the network's own words: the service's are said again
    Reset(ResetArgs),
}

/// Arguments of `list`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka notify template list")]
struct ListArgs {}

/// Arguments of `get`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka notify template get offer")]
struct GetArgs {
    /// The template's code, or its resource name in full
    #[arg(value_name = "TEMPLATE")]
    template: String,
}

/// Arguments of `set`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: keikka notify template set offer --part sms --language sv --text 'Hej! { $kind } { $when }: { $link }'\n\
                        Try it first: keikka notify preview offer --part sms --language sv --text ..."
)]
struct SetArgs {
    /// The template's code, or its resource name in full
    #[arg(value_name = "TEMPLATE")]
    template: String,
    /// The part
    #[arg(long, value_enum)]
    part: Part,
    /// The language
    #[arg(long, value_enum)]
    language: Language,
    /// The words, with variables in braces
    #[arg(long, value_name = "TEXT", required_unless_present = "file", conflicts_with = "file")]
    text: Option<String>,
    /// The file with the words; - reads stdin
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Let the server check everything and keep nothing
    #[arg(long)]
    dry_run: bool,
}

/// Arguments of `reset`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka notify template reset offer --language sv")]
struct ResetArgs {
    /// The template's code, or its resource name in full
    #[arg(value_name = "TEMPLATE")]
    template: String,
    /// Only this part
    #[arg(long, value_enum)]
    part: Option<Part>,
    /// Only this language
    #[arg(long, value_enum)]
    language: Option<Language>,
    /// Let the server check everything and forget nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs it.
pub(super) async fn run(context: &Context, args: TemplateArgs) -> Result<Exit, Failure> {
    match args.verb {
        Verb::List(_) => list(context).await,
        Verb::Get(args) => {
            let template = get(context, &args.template).await?;
            context.print(&shown(&template))
        }
        Verb::Set(args) => set(context, args).await,
        Verb::Reset(args) => reset(context, args).await,
    }
}

async fn list(context: &Context) -> Result<Exit, Failure> {
    let request = json!({ "parent": context.parent().await?, "pageSize": 1000 });
    let path = format!("{TEMPLATES}/ListTemplates");
    let answer = context.client().await?.call("list templates", &path, request).await?;
    let mut templates: Vec<Value> = answer["templates"].as_array().cloned().unwrap_or_default();
    for template in &mut templates {
        template["own"] = json!(own(template));
    }
    let report = Report::list(json!({}), &templates, COLUMNS);
    context.print(&Report { json: answer.clone(), lines: entries(&answer["templates"]).to_vec(), ..report })
}

/// Which words are the network's own: `sms/fi`.
fn own(template: &Value) -> Vec<String> {
    let one = |text: &Value| {
        format!("{}/{}", text["part"].as_str().unwrap_or_default(), text["language"].as_str().unwrap_or_default())
    };
    entries(&template["texts"]).iter().map(one).collect()
}

async fn name(context: &Context, template: &str) -> Result<String, Failure> {
    context.name("templates", &template.replace('_', "-")).await
}

async fn get(context: &Context, template: &str) -> Result<Value, Failure> {
    let request = json!({ "name": name(context, template).await? });
    let what = format!("get template {template}");
    let called = context.client().await?.call(&what, &format!("{TEMPLATES}/GetTemplate"), request).await;
    Ok(called.map_err(lead_to_templates)?["template"].take())
}

async fn set(context: &Context, args: SetArgs) -> Result<Exit, Failure> {
    let words = words(args.text, args.file)?.unwrap_or_default();
    let mut template = get(context, &args.template).await?;
    let (part, language) = (code(args.part), code(args.language));
    let is_this = |text: &Value| text["part"] == part.as_str() && text["language"] == language.as_str();
    let mut texts: Vec<Value> = entries(&template["texts"]).iter().filter(|text| !is_this(text)).cloned().collect();
    // The new words first: a refusal names them as the first text.
    texts.insert(0, json!({ "part": part, "language": language, "text": words }));
    template = json!({ "name": template["name"], "etag": template["etag"], "texts": texts });
    let request = json!({
        "template": template, "updateMask": "texts", "requestId": Context::request_id(), "validateOnly": args.dry_run,
    });
    let what = format!("keep words for {}", args.template);
    change(context, &what, "UpdateTemplate", request, args.dry_run).await
}

async fn reset(context: &Context, args: ResetArgs) -> Result<Exit, Failure> {
    let request = json!({
        "name": name(context, &args.template).await?, "part": args.part.map(code), "language": args.language.map(code),
        "requestId": Context::request_id(), "validateOnly": args.dry_run,
    });
    let what = format!("reset template {}", args.template);
    change(context, &what, "ResetTemplate", request, args.dry_run).await
}

async fn change(context: &Context, what: &str, rpc: &str, request: Value, dry_run: bool) -> Result<Exit, Failure> {
    let called = context.client().await?.call(what, &format!("{TEMPLATES}/{rpc}"), request).await;
    let template = called.map_err(lead_to_templates)?["template"].take();
    let done = context.print(&shown(&template))?;
    if dry_run {
        note("dry run: it could be done, nothing was changed");
    }
    Ok(done)
}

/// A template as people read it: what is said now, and whose words it is.
fn shown(template: &Value) -> Report {
    let code = template["code"].as_str().unwrap_or_default();
    let variables = Show::Text.text(&template["variables"]);
    let mut text = format!("{code}: it may name {variables}\n");
    let own = entries(&template["texts"]);
    for default in entries(&template["defaultTexts"]) {
        let is_this = |one: &&Value| one["part"] == default["part"] && one["language"] == default["language"];
        let (said, whose) = own.iter().find(is_this).map_or((default, ""), |own| (own, "  (own words)"));
        let field = |key: &str| said[key].as_str().unwrap_or_default();
        text.push_str(&format!("\n{} {}{whose}\n", field("part"), field("language")));
        for line in field("text").lines() {
            text.push_str(format!("    {line}").trim_end());
            text.push('\n');
        }
    }
    Report::told(template.clone(), text)
}

fn entries(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_says_whose_words_are_said() {
        let template = json!({
            "name": "networks/k/templates/offer", "code": "offer", "variables": ["kind", "when"],
            "texts": [{ "part": "sms", "language": "sv", "text": "Hej { $kind }" }],
            "defaultTexts": [
                { "part": "sms", "language": "fi", "text": "{ $kind }, { $when }" },
                { "part": "sms", "language": "sv", "text": "{ $kind }" },
            ],
        });
        assert_eq!(
            shown(&template).text,
            "offer: it may name kind when\n\nsms fi\n    { $kind }, { $when }\n\nsms sv  (own words)\n    Hej { $kind }\n"
        );
        assert_eq!(own(&template), ["sms/sv"]);
    }
}
