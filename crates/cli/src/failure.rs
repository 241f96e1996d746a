//! Why a command did not do what was asked: what, why, and the next command to try. For people as lines, for programs as JSON.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde_json::{Value, json};

use crate::exit::Exit;

/// What the server said, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ServerSaid {
    /// The gRPC code: `NOT_FOUND`.
    pub(crate) status: &'static str,
    /// The stable reason: `RESOURCE_NOT_FOUND`.
    pub(crate) reason: Option<String>,
    /// The dynamic parts of the reason.
    pub(crate) metadata: BTreeMap<String, String>,
    /// Every wrong field, with what must be true of it.
    pub(crate) violations: Vec<(String, String)>,
    /// The message in the caller's language: locale and text.
    pub(crate) localized: Option<(String, String)>,
}

/// A command that did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// How the process ends.
    pub(crate) exit: Exit,
    /// What could not be done: "cannot get gig g12".
    pub(crate) what: String,
    /// Why, if more is known.
    pub(crate) why: Option<String>,
    /// The next command to try.
    pub(crate) next: Option<String>,
    /// What the server said, if it answered.
    pub(crate) server: Option<Box<ServerSaid>>,
}

impl Failure {
    /// A failure of this exit: what could not be done.
    pub(crate) fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self { exit, what: what.into(), why: None, next: None, server: None }
    }

    /// A wrong command line or input.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self::new(Exit::Usage, what)
    }

    /// Something that broke.
    pub(crate) fn failed(what: impl Into<String>) -> Self {
        Self::new(Exit::Failed, what)
    }

    /// The reader of our output went away: a clean end.
    pub(crate) fn reader_gone() -> Self {
        Self::new(Exit::Done, "")
    }

    /// The same with a reason.
    pub(crate) fn because(mut self, why: impl Display) -> Self {
        self.why = Some(why.to_string());
        self
    }

    /// The same with the next command to try.
    pub(crate) fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// The same with a command to try where none is known: nobody is left with a refusal alone. Who said no themselves needs none.
    pub(crate) fn or_next(self, next: String) -> Self {
        let is_told = self.next.is_some() || self.what.is_empty() || self.exit == Exit::Interrupted;
        if is_told { self } else { self.next(next) }
    }

    /// The stable reason that the server gave, if any.
    pub(crate) fn reason(&self) -> Option<&str> {
        self.server.as_ref()?.reason.as_deref()
    }

    /// The lines for people.
    pub(crate) fn text(&self) -> String {
        let mut lines = match &self.why {
            Some(why) if self.what.ends_with('?') => format!("error: {} {why}\n", self.what),
            Some(why) => format!("error: {}: {why}\n", self.what),
            None => format!("error: {}\n", self.what),
        };
        if let Some(said) = &self.server {
            let width = said.violations.iter().map(|(field, _)| field.chars().count()).max().unwrap_or(0);
            for (field, description) in &said.violations {
                lines.push_str(&format!("  {field:width$}  {description}\n"));
            }
            if let Some((_, text)) = said.localized.as_ref().filter(|(locale, _)| !locale.starts_with("en")) {
                lines.push_str(&format!("  {text}\n"));
            }
            if let Some(reason) = &said.reason {
                let parts: Vec<String> = said.metadata.iter().map(|(key, value)| format!("{key}={value}")).collect();
                let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
                lines.push_str(&format!("reason: {reason}{parts}\n"));
            }
        }
        if let Some(next) = &self.next {
            lines.push_str(&format!("next: {next}\n"));
        }
        lines.lines().map(|line| folded(line) + "\n").collect()
    }

    /// The object for programs.
    pub(crate) fn json(&self) -> Value {
        let mut error = json!({ "what": self.what, "exitCode": self.exit.code() });
        if let Some(why) = &self.why {
            error["message"] = json!(why);
        }
        if let Some(said) = &self.server {
            error["status"] = json!(said.status);
            if let Some(reason) = &said.reason {
                error["reason"] = json!(reason);
                error["metadata"] = json!(said.metadata);
            }
            error["violations"] = said
                .violations
                .iter()
                .map(|(field, description)| json!({ "field": field, "description": description }))
                .collect();
            if let Some((locale, text)) = &said.localized {
                error["localizedMessage"] = json!({ "locale": locale, "message": text });
            }
        }
        if let Some(next) = &self.next {
            error["next"] = json!(next);
        }
        json!({ "error": error })
    }
}

/// Columns of a line on stderr.
const WIDTH: usize = 100;

/// A line that is too wide, gone on with on the next ones; words stay whole.
fn folded(line: &str) -> String {
    let mut folded = String::new();
    let mut width = 0;
    for word in line.split_inclusive(' ') {
        let long = word.trim_end().chars().count();
        if width > 0 && width + long > WIDTH {
            folded.truncate(folded.trim_end().len());
            folded.push_str("\n    ");
            width = 4;
        }
        folded.push_str(word);
        width += word.chars().count();
    }
    folded
}

impl From<anyhow::Error> for Failure {
    /// The whole chain of causes, in one line.
    fn from(error: anyhow::Error) -> Self {
        Self::failed(format!("{error:#}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> Failure {
        let said = ServerSaid {
            status: "INVALID_ARGUMENT",
            reason: Some("FIELDS_INVALID".to_owned()),
            violations: vec![("gig.kind".to_owned(), "must be there".to_owned())],
            ..ServerSaid::default()
        };
        let failure = Failure::failed("cannot create gig").because("1 field is invalid: gig.kind");
        Failure { server: Some(Box::new(said)), ..failure.next("keikka kind list") }
    }

    #[test]
    fn a_long_line_is_folded_and_keeps_every_word() {
        let failure =
            Failure::usage("Gig has no field `flavour`").because("its fields are ".to_owned() + &"field, ".repeat(40));
        let text = failure.text();
        assert!(text.lines().count() > 2 && text.lines().all(|line| line.chars().count() <= 100), "{text}");
        assert_eq!(text.matches("field,").count(), 40);
    }

    #[test]
    fn people_read_what_why_and_next() {
        assert_eq!(
            refused().text(),
            "error: cannot create gig: 1 field is invalid: gig.kind\n  gig.kind  must be there\n\
             reason: FIELDS_INVALID\nnext: keikka kind list\n"
        );
    }

    #[test]
    fn programs_read_status_reason_and_violations() {
        let error = &refused().json()["error"];
        assert_eq!(error["status"], "INVALID_ARGUMENT");
        assert_eq!(error["reason"], "FIELDS_INVALID");
        assert_eq!(error["violations"][0]["field"], "gig.kind");
        assert_eq!(error["exitCode"], 1);
    }
}
