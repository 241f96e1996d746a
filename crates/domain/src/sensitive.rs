//! Personal data that must not reach a log: its `Debug` and `Display` print `***`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Wraps a name, phone number, street or secret. The value is reached by [`Sensitive::expose`] only, so each use is easy to find.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself, for the one place that must show it.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself, consumed.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Sensitive<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<T> fmt::Display for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sensitive_value_prints_stars() {
        let phone = Sensitive::new("+358401234567");
        assert_eq!(format!("{phone} {phone:?}"), "*** ***");
        assert_eq!(*phone.expose(), "+358401234567");
    }
}
