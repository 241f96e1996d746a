//! All wrong fields of one request: those that break a rule of the proto first, then those the domain refuses, each once.

use std::fmt::Display;

use domain::{Refusal, Violations};

/// Collects wrong fields.
#[derive(Debug, Default)]
pub(crate) struct Check {
    violations: Violations,
}

impl Check {
    /// Begins with the fields of a request that break a rule of the proto.
    pub(crate) fn of(request: &impl proto::Validate) -> Self {
        let mut check = Self::default();
        for violation in request.violations() {
            check.add(violation.field, violation.message);
        }
        check
    }

    /// Notes a wrong field; the first word on a field stands.
    pub(crate) fn add(&mut self, field: impl Into<String>, description: impl Display) {
        let field = field.into();
        if !self.violations.as_slice().iter().any(|known| known.field == field) {
            self.violations.add(field, description);
        }
    }

    /// Takes a checked value, or notes its error under the field.
    pub(crate) fn take<T, E: Display>(&mut self, field: impl Into<String>, checked: Result<T, E>) -> Option<T> {
        checked.map_err(|error| self.add(field, error)).ok()
    }

    /// The same for a field of which the proto checks the parts: what is known of a part is not told of the whole again.
    pub(crate) fn take_whole<T, E: Display>(&mut self, field: String, checked: Result<T, E>) -> Option<T> {
        let below = format!("{field}.");
        if self.violations.as_slice().iter().any(|known| known.field.starts_with(&below)) {
            return checked.ok();
        }
        self.take(field, checked)
    }

    /// A required value: notes that it must be there.
    pub(crate) fn required<T>(&mut self, field: impl Into<String>, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.add(field, "must be given");
        }
        value
    }

    /// The value if nothing is wrong.
    ///
    /// # Errors
    /// A refusal that lists every wrong field.
    pub(crate) fn finish<T>(self, value: Option<T>) -> Result<T, Refusal> {
        self.violations.into_result(value)
    }

    /// As [`Check::finish`], with the value beside the refusal where one could be made of the fields that are right.
    ///
    /// # Errors
    /// A refusal that lists every wrong field, and the value.
    pub(crate) fn finish_or_both<T>(self, value: Option<T>) -> Result<T, (Refusal, Option<T>)> {
        match value {
            Some(value) if self.violations.is_empty() => Ok(value),
            value => Err((Refusal::fields(self.violations), value)),
        }
    }

    /// Whether nothing is wrong so far.
    #[cfg(test)]
    pub(crate) fn is_clean(&self) -> bool {
        self.violations.is_empty()
    }

    /// The wrong fields so far.
    #[cfg(test)]
    pub(crate) fn fields(&self) -> Vec<&str> {
        self.violations.as_slice().iter().map(|violation| violation.field.as_str()).collect()
    }
}

/// The path of a field below another: `gig` and `place` are `gig.place`.
pub(crate) fn at(prefix: &str, field: &str) -> String {
    if prefix.is_empty() { field.to_owned() } else { format!("{prefix}.{field}") }
}

/// The path of an item of a list.
pub(crate) fn nth(prefix: &str, field: &str, index: usize) -> String {
    format!("{}[{index}]", at(prefix, field))
}
