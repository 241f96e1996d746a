//! Texts that are checked as they are read: what is stored is made from the text as it stands in the document, without a copy in between.

use std::fmt::{self, Display};

use serde::Deserializer;
use serde::de::{Error, Visitor};

/// Reads a text into what a check makes of it.
pub(crate) fn checked<'de, D: Deserializer<'de>, T, E: Display>(
    deserializer: D,
    check: fn(&str) -> Result<T, E>,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Checked(check))
}

struct Checked<T, E>(fn(&str) -> Result<T, E>);

impl<T, E: Display> Visitor<'_> for Checked<T, E> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<R: Error>(self, text: &str) -> Result<T, R> {
        (self.0)(text).map_err(R::custom)
    }
}
