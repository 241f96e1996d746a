//! Words from templates: Fluent patterns filled with values, the service's own or a network's.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use domain::text::ServiceLanguage;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use store::language_code;

use super::{SEGMENTS_MAX, gsm7, sound};
use crate::template::{Part, Template};

/// Longest text that a network may put in the place of a part, in characters.
pub const OVERRIDE_CHARS_MAX: usize = 2_000;

/// Why words could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The words name variables that the template does not have.
    #[error("unknown variables: {}", .0.join(", "))]
    UnknownVariables(Vec<String>),
    /// The words cannot be read as a Fluent pattern.
    #[error("the text cannot be read: {0}")]
    Unreadable(String),
    /// A text message with letters its alphabet lacks, or of too many segments.
    #[error("a text message may take {max} segments, this takes {found}")]
    TooLong {
        /// Most segments.
        max: usize,
        /// Segments found.
        found: usize,
    },
    /// A question by text message that cannot be answered.
    #[error("the text must hold $link or $code, whatever is chosen: nobody could answer")]
    Unanswerable,
    /// There is no such template or part.
    #[error("there are no words for {0}")]
    NoWords(String),
}

/// A value of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// Text.
    Text(String),
    /// A number, by which plural forms are chosen.
    Number(i64),
}

/// The values of variables, by name.
pub type Values = BTreeMap<&'static str, Word>;

/// A network's own words, by part and language.
pub type Overrides = BTreeMap<(Part, ServiceLanguage), String>;

type Bundle = FluentBundle<FluentResource>;

fn bundle(language: ServiceLanguage, source: &str) -> Result<Bundle, RenderError> {
    let tag: unic_langid::LanguageIdentifier =
        language_code(language).parse().map_err(|_| RenderError::NoWords(language_code(language).to_owned()))?;
    let resource = FluentResource::try_new(source.to_owned())
        .map_err(|(_, errors)| RenderError::Unreadable(errors.first().map_or_else(String::new, ToString::to_string)))?;
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // The marks that isolate directions are in no alphabet of text messages.
    bundle.set_use_isolating(false);
    bundle.add_resource(resource).map_err(|_| RenderError::Unreadable("a name stands twice".to_owned()))?;
    Ok(bundle)
}

fn source(language: ServiceLanguage) -> &'static str {
    match language {
        ServiceLanguage::Fi => include_str!("../texts/fi.ftl"),
        ServiceLanguage::Sv => include_str!("../texts/sv.ftl"),
        ServiceLanguage::En => include_str!("../texts/en.ftl"),
    }
}

fn own(language: ServiceLanguage) -> &'static Bundle {
    static BUNDLES: OnceLock<[Bundle; 3]> = OnceLock::new();
    let all = BUNDLES.get_or_init(|| {
        let read = |language, text| bundle(language, text).expect("the shipped words are read by a test");
        [
            read(
                ServiceLanguage::Fi,
                concat!(include_str!("../texts/fi.ftl"), "\n", include_str!("../texts/page.fi.ftl")),
            ),
            read(
                ServiceLanguage::Sv,
                concat!(include_str!("../texts/sv.ftl"), "\n", include_str!("../texts/page.sv.ftl")),
            ),
            read(
                ServiceLanguage::En,
                concat!(include_str!("../texts/en.ftl"), "\n", include_str!("../texts/page.en.ftl")),
            ),
        ]
    });
    match language {
        ServiceLanguage::Fi => &all[0],
        ServiceLanguage::Sv => &all[1],
        ServiceLanguage::En => &all[2],
    }
}

fn format(bundle: &Bundle, name: &str, values: &Values) -> Result<String, RenderError> {
    let missing = || RenderError::NoWords(name.to_owned());
    let pattern = bundle.get_message(name).and_then(|message| message.value()).ok_or_else(missing)?;
    let mut arguments = FluentArgs::new();
    for (name, word) in values {
        match word {
            Word::Text(text) => arguments.set(*name, text.as_str()),
            Word::Number(number) => arguments.set(*name, FluentValue::from(*number)),
        }
    }
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
    match errors.first() {
        None => Ok(text),
        Some(error) => Err(RenderError::Unreadable(error.to_string())),
    }
}

/// The words of a part of a template in a language: the network's own where it has them.
///
/// # Errors
/// [`RenderError`] if a value is missing or a network's words cannot be read.
pub(super) fn words(
    template: Template,
    part: Part,
    language: ServiceLanguage,
    values: &Values,
    overrides: &Overrides,
) -> Result<String, RenderError> {
    if let Some(text) = overrides.get(&(part, language)) {
        sound::shallow(text)?;
        return format(&bundle(language, &as_message(text))?, "own", values);
    }
    format(own(language), &format!("{}-{}", template.code(), part.code()), values)
}

/// The service's own words for a part of a template in a language, as they would be written in the place of them; none for a part that the
/// template does not have.
#[must_use]
pub fn shipped(template: Template, part: Part, language: ServiceLanguage) -> Option<String> {
    let source = source(language);
    let begin = format!("{}-{} =", template.code(), part.code());
    let mut lines = source.lines().skip_while(|line| !line.starts_with(&begin));
    let first = lines.next()?[begin.len()..].trim().to_owned();
    // A message goes on as long as lines are indented, or empty between such lines.
    let rest: Vec<&str> = lines.take_while(|line| line.is_empty() || line.starts_with([' ', '}'])).collect();
    let indent =
        rest.iter().filter(|line| !line.trim().is_empty()).map(|line| line.len() - line.trim_start().len()).min();
    let rest = rest.iter().map(|line| line.get(indent.unwrap_or(0)..).unwrap_or_default());
    let all: Vec<&str> = std::iter::once(first.as_str()).filter(|line| !line.is_empty()).chain(rest).collect();
    Some(all.join("\n").trim_end().to_owned())
}

/// A phrase of the service without variables: an answer to a text message.
///
/// # Errors
/// [`RenderError::NoWords`] for a name that no file has.
pub fn phrase(name: &str, language: ServiceLanguage) -> Result<String, RenderError> {
    format(own(language), name, &Values::new())
}

/// A text of the service with its variables: a piece of a page.
///
/// # Errors
/// [`RenderError`] for a name that no file has, or a variable without a value.
pub fn text(name: &str, language: ServiceLanguage, values: &Values) -> Result<String, RenderError> {
    format(own(language), name, values)
}

/// A text as a message of a Fluent file: lines are indented, so that none of them begins another message.
fn as_message(text: &str) -> String {
    let mut source = "own =\n".to_owned();
    for line in text.lines() {
        source.push_str("    ");
        source.push_str(line);
        source.push('\n');
    }
    source
}

/// Checks words that a network wants to use: readable whichever variants are chosen, of variables that the template has, and nothing else looked up.
///
/// # Errors
/// [`RenderError`] naming what is wrong; unknown variables are all named.
pub(super) fn check(
    template: Template,
    part: Part,
    language: ServiceLanguage,
    text: &str,
    sample: &Values,
) -> Result<String, RenderError> {
    if text.trim().is_empty() || text.chars().count() > OVERRIDE_CHARS_MAX {
        return Err(RenderError::Unreadable(format!("must have 1 to {OVERRIDE_CHARS_MAX} characters")));
    }
    let unknown: Vec<String> =
        variables(text).into_iter().filter(|name| !template.variables().contains(&name.as_str())).collect();
    if !unknown.is_empty() {
        return Err(RenderError::UnknownVariables(unknown));
    }
    sound::shallow(text)?;
    let source = as_message(text);
    let read = format(&bundle(language, &source)?, "own", sample)?;
    let resource = FluentResource::try_new(source)
        .map_err(|(_, errors)| RenderError::Unreadable(errors.first().map_or_else(String::new, ToString::to_string)))?;
    let longest = sound::longest(&resource, sample)?;
    if part == Part::Sms {
        let found = gsm7::segments(&gsm7::fold(longest.trim())).unwrap_or(usize::MAX);
        if found > SEGMENTS_MAX {
            return Err(RenderError::TooLong { max: SEGMENTS_MAX, found });
        }
        if template.asks() && !sound::names_one(&resource, &["link", "code"]) {
            return Err(RenderError::Unanswerable);
        }
    }
    Ok(read)
}

/// The variables that a pattern names inside braces, each once, in the order of their names.
fn variables(text: &str) -> Vec<String> {
    let mut found = std::collections::BTreeSet::new();
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '$' if depth > 0 => {
                let name: String = text[at + 1..]
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
                    .collect();
                found.insert(name);
            }
            _ => {}
        }
    }
    found.into_iter().collect()
}
