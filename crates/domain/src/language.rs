//! Languages a person speaks, as BCP 47 tags.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use smol_str::SmolStr;

use crate::checked::checked;

/// Why a text is not a language tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a BCP 47 language tag such as fi, sv, en, ru or ar")]
pub struct LanguageError;

/// A language by its BCP 47 tag, in canonical form (`fi`, `sv-FI`). Two people have a common language when the language
/// subtags are equal, whatever the region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct LanguageTag(SmolStr);

impl LanguageTag {
    /// A tag from text; case is put right.
    ///
    /// # Errors
    /// [`LanguageError`] unless the text is a well-formed tag with a language.
    pub fn new(text: &str) -> Result<Self, LanguageError> {
        // As nearly all are; three letters may be `und`, which is no language.
        if text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_lowercase()) {
            return Ok(Self(SmolStr::new(text)));
        }
        let tag: unic_langid::LanguageIdentifier = text.trim().parse().map_err(|_| LanguageError)?;
        if tag.language.is_empty() { Err(LanguageError) } else { Ok(Self(SmolStr::new(tag.to_string()))) }
    }

    /// The canonical tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language subtag alone: `sv` of `sv-FI`. This is what matching compares.
    #[must_use]
    pub fn language(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for LanguageTag {
    type Error = LanguageError;
    fn try_from(text: String) -> Result<Self, LanguageError> {
        Self::new(&text)
    }
}

impl From<LanguageTag> for String {
    fn from(tag: LanguageTag) -> String {
        tag.0.into()
    }
}

impl<'de> Deserialize<'de> for LanguageTag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(deserializer, Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_canonical() {
        assert_eq!(LanguageTag::new("SV-fi").map(|t| t.to_string()), Ok("sv-FI".to_owned()));
        assert_eq!(LanguageTag::new("sv-FI").map(|t| t.language().to_owned()), Ok("sv".to_owned()));
    }

    #[test]
    fn words_and_nothing_are_refused() {
        for bad in ["", "suomenkieli", "f", "und", "12"] {
            assert_eq!(LanguageTag::new(bad), Err(LanguageError), "{bad:?}");
        }
    }
}
