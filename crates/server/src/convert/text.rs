//! Names, notes and texts in three languages.

use domain::{LocalizedText, Name, Note, Sensitive};
use proto::r#type::v1 as wire;

use super::Check;
use super::check::at;

/// A name that must be there.
pub(crate) fn name(check: &mut Check, field: impl Into<String>, text: &str) -> Option<Name> {
    check.take(field, Name::new(text))
}

/// What stands for a name that could not be read, while the other fields are looked at.
pub(crate) fn unread() -> Name {
    Name::new("x").expect("a letter is a name")
}

/// A name that may be missing.
pub(crate) fn optional_name(check: &mut Check, field: impl Into<String>, text: &str) -> Option<Name> {
    if text.is_empty() { None } else { name(check, field, text) }
}

/// A note that may be missing.
pub(crate) fn optional_note(check: &mut Check, field: impl Into<String>, text: &str) -> Option<Sensitive<Note>> {
    if text.is_empty() {
        None
    } else {
        check.take(field, Note::new(text)).filter(|note| !note.is_empty()).map(Sensitive::new)
    }
}

/// A short text of the coordinators' own that may be missing: a key, an address.
pub(crate) fn optional_line(check: &mut Check, field: impl Into<String>, text: &str) -> Option<String> {
    optional_name(check, field, text).map(String::from)
}

/// A text in three languages; Finnish must be there.
pub(crate) fn localized(check: &mut Check, field: &str, text: Option<&wire::LocalizedText>) -> Option<LocalizedText> {
    let text = check.required(field, text)?;
    let fi = name(check, at(field, "fi"), &text.fi);
    let sv = translation(check, at(field, "sv"), &text.sv);
    let en = translation(check, at(field, "en"), &text.en);
    Some(LocalizedText::new(fi?, sv?, en?))
}

fn translation(check: &mut Check, field: String, text: &str) -> Option<String> {
    if text.is_empty() { Some(String::new()) } else { name(check, field, text).map(String::from) }
}

pub(crate) fn wire(text: &LocalizedText) -> wire::LocalizedText {
    wire::LocalizedText { fi: text.fi.clone(), sv: text.sv.clone(), en: text.en.clone() }
}

/// Writes an optional name; none is empty.
pub(crate) fn of(name: Option<&Name>) -> String {
    name.map(ToString::to_string).unwrap_or_default()
}

/// Writes an optional sensitive text where it may be shown; otherwise empty.
pub(crate) fn shown<T: ToString>(text: Option<&Sensitive<T>>, show: bool) -> String {
    text.filter(|_| show).map(|text| text.expose().to_string()).unwrap_or_default()
}
