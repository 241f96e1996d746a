//! `keikka notify preview`: how a message reads before anybody gets it, and how many text messages it takes.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::{Language, NOTIFICATIONS, Part, code};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::output::{Report, Show, number};

/// Arguments of `preview`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka notify preview offer --language fi\n         \
                        keikka notify preview offer --part sms --language sv --text 'Hej! { $kind } { $when }: { $link }'\n\
                        What can be said: keikka notify template list")]
pub(super) struct PreviewArgs {
    /// What is said, such as offer or reminder_evening
    #[arg(value_name = "TEMPLATE")]
    template: String,
    /// Only in this language
    #[arg(long, value_enum)]
    language: Option<Language>,
    /// Only this part; of a letter, subject and body are shown together
    #[arg(long, value_enum)]
    part: Option<Part>,
    /// Try these words in the place of the part in the language; nothing is kept
    #[arg(long, value_name = "TEXT", requires = "part", requires = "language", conflicts_with = "file")]
    text: Option<String>,
    /// Try the words in this file; - reads stdin
    #[arg(long, value_name = "FILE", requires = "part", requires = "language")]
    file: Option<PathBuf>,
}

/// Shows it.
pub(super) async fn run(context: &Context, args: PreviewArgs) -> Result<Exit, Failure> {
    let mut texts = Vec::new();
    if let (Some(words), Some(part), Some(language)) = (words(args.text, args.file)?, args.part, args.language) {
        texts.push(json!({ "part": code(part), "language": code(language), "text": words }));
    }
    let template = args.template.replace('-', "_");
    let request = json!({ "parent": context.parent().await?, "template": template, "texts": texts });
    let what = format!("preview {}", args.template);
    let path = format!("{NOTIFICATIONS}/PreviewNotification");
    let answer = context.client().await?.call(&what, &path, request).await.map_err(lead_to_templates)?;
    let shown: Vec<Value> = answer["previews"]
        .as_array()
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .filter(|one| args.language.is_none_or(|language| one["language"] == code(language).as_str()))
        .filter(|one| args.part.is_none_or(|part| one["channel"] == channel(part)))
        .cloned()
        .collect();
    if shown.is_empty() {
        // What is written back to an answer, and events, have no words of their own.
        let (what, next) = match answer["previews"].as_array().is_none_or(Vec::is_empty) {
            true => ("no words of its own", "keikka notify template list".to_owned()),
            false => ("no such part", format!("keikka notify template get {}", args.template)),
        };
        return Err(Failure::failed(format!("{} has {what}", args.template)).next(next));
    }
    let text: String = shown.iter().map(text).collect::<Vec<_>>().join("\n");
    context.print(&Report::told(json!({ "previews": shown }), text))
}

/// Words given on the command line or in a file.
pub(super) fn words(text: Option<String>, file: Option<PathBuf>) -> Result<Option<String>, Failure> {
    let Some(path) = file else { return Ok(text) };
    let bytes = files::read(&path)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::usage(format!("cannot read {}", path.display())).because("it is not UTF-8 text"))?;
    Ok(Some(text.trim_start_matches('\u{feff}').trim_end().to_owned()))
}

/// A template that there is not leads to those that there are.
pub(super) fn lead_to_templates(failure: Failure) -> Failure {
    let about_template = failure.server.as_ref().is_some_and(|said| {
        said.violations.iter().any(|(field, _)| field == "template")
            || said.metadata.get("resource").is_some_and(|resource| resource == "template")
    });
    if about_template { failure.next("keikka notify template list") } else { failure }
}

fn channel(part: Part) -> &'static str {
    match part {
        Part::Sms => "CHANNEL_SMS",
        Part::Subject | Part::Body => "CHANNEL_EMAIL",
        Part::Call => "CHANNEL_PHONE",
    }
}

fn text(preview: &Value) -> String {
    let channel = Show::Enum("CHANNEL_").text(&preview["channel"]);
    let language = preview["language"].as_str().unwrap_or_default();
    let mut text = format!("{channel} {language}");
    let segments = number(&preview["segmentCount"]);
    if segments > 0 {
        let room = if segments == 1 { 160 } else { 153 * segments };
        let many = if segments == 1 { "text message" } else { "text messages joined" };
        text.push_str(&format!("  {segments} {many}, {} of {room} letters", number(&preview["septetCount"])));
    }
    text.push('\n');
    if let Some(subject) = preview["subject"].as_str().filter(|subject| !subject.is_empty()) {
        text.push_str(&format!("    {subject}\n\n"));
    }
    for line in preview["text"].as_str().unwrap_or_default().lines() {
        text.push_str(format!("    {line}").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_message_says_what_it_takes() {
        let sms = json!({
            "channel": "CHANNEL_SMS", "language": "fi", "text": "Hei!\n\nLähdetkö?", "segmentCount": 2, "septetCount": 203,
        });
        assert_eq!(text(&sms), "sms fi  2 text messages joined, 203 of 306 letters\n    Hei!\n\n    Lähdetkö?\n");
        let letter = json!({ "channel": "CHANNEL_EMAIL", "language": "en", "subject": "Can you?", "text": "Hello!" });
        assert_eq!(text(&letter), "email en\n    Can you?\n\n    Hello!\n");
    }
}
