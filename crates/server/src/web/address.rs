//! Where a page is and in which language it is read: the token of its path, and `?lang=`.

use std::fmt;

use serde::Deserialize;

use super::words::Words;

/// The token of a link. It is a right, and prints as stars.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(super) struct Token(String);

impl Token {
    /// The token itself, for the one who looks it up.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What a page may be asked for beside its path.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    /// The language, by its code.
    #[serde(default)]
    lang: Option<String>,
}

impl Asked {
    /// The language that was chosen, if one was.
    pub(super) fn words(&self) -> Option<Words> {
        Words::of_code(self.lang.as_deref()?)
    }

    /// The same choice, to be carried on.
    pub(super) fn query(&self) -> String {
        self.words().map_or_else(String::new, |words| format!("?lang={}", words.code()))
    }
}
