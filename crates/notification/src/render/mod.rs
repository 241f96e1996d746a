//! From a template and values to a text message, a letter, a call: pure.
//!
//! A text message is folded into its alphabet and bounded in segments; a letter has a text and an HTML part. Nothing here knows a
//! person: values hold what a gig is, its town and time, a code and a link.

pub mod calendar;
pub mod gsm7;
mod mail;
pub mod moment;
mod sound;
mod words;

use domain::text::ServiceLanguage;
use store::language_code;

pub use mail::Mail;
pub use words::{OVERRIDE_CHARS_MAX, Overrides, RenderError, Values, Word, phrase, shipped, text};

use crate::template::{Part, Template};

/// Most segments of a text message.
pub const SEGMENTS_MAX: usize = 2;
/// Longest value of a kind or town in a text message, in characters; what is longer is cut.
const SMS_VALUE_CHARS_MAX: usize = 32;

/// A text message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsText {
    /// Its text, in letters of the alphabet.
    pub text: String,
    /// How many segments it takes.
    pub segments: usize,
}

/// A text message of a template.
///
/// # Errors
/// [`RenderError`] if words or values are missing, or it takes more than [`SEGMENTS_MAX`] segments.
pub fn sms(
    template: Template,
    language: ServiceLanguage,
    values: &Values,
    overrides: &Overrides,
) -> Result<SmsText, RenderError> {
    let mut short = values.clone();
    for name in ["kind", "area"] {
        if let Some(Word::Text(text)) = short.get_mut(name) {
            *text = gsm7::fold(text).chars().take(SMS_VALUE_CHARS_MAX).collect::<String>().trim_end().to_owned();
        }
    }
    let text = gsm7::fold(words::words(template, Part::Sms, language, &short, overrides)?.trim());
    let segments = gsm7::segments(&text).unwrap_or(usize::MAX);
    if segments > SEGMENTS_MAX {
        return Err(RenderError::TooLong { max: SEGMENTS_MAX, found: segments });
    }
    Ok(SmsText { text, segments })
}

/// A letter of a template, without a calendar entry.
///
/// # Errors
/// [`RenderError`] if words or values are missing.
pub fn mail(
    template: Template,
    language: ServiceLanguage,
    values: &Values,
    overrides: &Overrides,
) -> Result<Mail, RenderError> {
    let subject = words::words(template, Part::Subject, language, values, overrides)?;
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = words::words(template, Part::Body, language, values, overrides)?;
    let button = match language {
        ServiceLanguage::Fi => "Avaa",
        ServiceLanguage::Sv => "Öppna",
        ServiceLanguage::En => "Open",
    };
    let html = mail::html(&subject, &text, button, language_code(language))?;
    Ok(Mail { subject, text, html, calendar: None })
}

/// What a caller says.
///
/// # Errors
/// [`RenderError`] if words or values are missing.
pub fn call(
    template: Template,
    language: ServiceLanguage,
    values: &Values,
    overrides: &Overrides,
) -> Result<String, RenderError> {
    words::words(template, Part::Call, language, values, overrides)
}

/// Sample values for previews and checks: the kind is named as in the catalogue that every network begins with.
#[must_use]
pub fn sample(language: ServiceLanguage, link_base: &str) -> Values {
    let start = domain::Timestamp::from_second(1_795_514_400).unwrap_or_default();
    let until = domain::Timestamp::from_second(1_795_449_600).unwrap_or_default();
    let kind = match language {
        ServiceLanguage::Fi => "Kauppa-apu",
        ServiceLanguage::Sv => "Hjälp med inköp",
        ServiceLanguage::En => "Shopping",
    };
    let text = |text: &str| Word::Text(text.to_owned());
    Values::from([
        ("kind", text(kind)),
        ("area", text(", Kouvola")),
        ("when", Word::Text(moment::day_and_time(start, language))),
        ("until", Word::Text(moment::day_and_time(until, language))),
        ("minutes", Word::Number(60)),
        ("helpers", Word::Number(1)),
        ("code", text("AB23")),
        ("link", Word::Text(format!("{link_base}AAAAAAAAAAAAAAAAAAAAAA"))),
    ])
}

/// Checks words that a network wants to use for a part of a template, with sample values. Answers how they read.
///
/// # Errors
/// [`RenderError`] naming every unknown variable, else what is wrong.
pub fn check(
    template: Template,
    part: Part,
    language: ServiceLanguage,
    text: &str,
    sample: &Values,
) -> Result<String, RenderError> {
    if !template.parts().contains(&part) {
        return Err(RenderError::NoWords(format!("{}-{}", template.code(), part.code())));
    }
    let read = words::check(template, part, language, text, sample)?;
    if part == Part::Sms {
        let overrides = Overrides::from([((part, language), text.to_owned())]);
        return sms(template, language, sample, &overrides).map(|sms| sms.text);
    }
    Ok(read)
}
