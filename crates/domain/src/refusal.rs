//! A refusal by the rules of the domain: what was wrong, with every wrong field, in words for people and codes for programs.

use std::collections::BTreeMap;
use std::fmt::Display;

use crate::reason::Reason;

/// The class of a refusal, neutral of any transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// The input is wrong whatever the state.
    Invalid,
    /// Not there, or not for this caller.
    NotFound,
    /// Already there.
    AlreadyExists,
    /// Wrong in the present state.
    Precondition,
    /// Somebody was faster; read again and repeat.
    Aborted,
    /// The caller may not.
    Denied,
    /// The caller is not known.
    Unauthenticated,
    /// A limit is reached.
    Exhausted,
    /// Try again later.
    Unavailable,
    /// Our fault.
    Internal,
    /// Too late.
    DeadlineExceeded,
    /// No such verb.
    Unimplemented,
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The field's path in the request: `gig.windows[1].end_time`.
    pub field: String,
    /// What must be true of it, a lower-case sentence without the value.
    pub description: String,
}

/// All wrong fields of one input, collected before anything is refused.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one wrong field.
    pub fn add(&mut self, field: impl Into<String>, description: impl Display) {
        self.0.push(Violation { field: field.into(), description: description.to_string() });
    }

    /// Takes a checked value, or notes its error under the field.
    pub fn take<T, E: Display>(&mut self, field: impl Into<String>, checked: Result<T, E>) -> Option<T> {
        checked.map_err(|error| self.add(field, error)).ok()
    }

    /// Appends those of a part.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The wrong fields, in the order found.
    #[must_use]
    pub fn as_slice(&self) -> &[Violation] {
        &self.0
    }

    /// The value if nothing is wrong, else a refusal that lists everything.
    ///
    /// # Errors
    /// A [`Reason::FieldsInvalid`] refusal with all violations, if any were added or there is no value.
    pub fn into_result<T>(self, value: Option<T>) -> Result<T, Refusal> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Refusal::fields(self)),
        }
    }
}

/// A refusal by the rules of the domain. Its text holds no personal data and no driver text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Refusal {
    /// The stable reason.
    pub reason: Reason,
    /// A lower-case sentence for developers and operators.
    pub detail: String,
    /// The dynamic parts, by name.
    pub metadata: BTreeMap<String, String>,
    /// Every wrong field.
    pub violations: Violations,
}

impl Refusal {
    /// A refusal with a reason and a sentence.
    #[must_use]
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into(), metadata: BTreeMap::new(), violations: Violations::new() }
    }

    /// The same with one more dynamic part.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Display) -> Self {
        self.metadata.insert(key.to_owned(), value.to_string());
        self
    }

    /// Wrong fields, all of them.
    #[must_use]
    pub fn fields(violations: Violations) -> Self {
        let count = violations.as_slice().len();
        let detail = format!("{count} field{} invalid: {}", if count == 1 { " is" } else { "s are" }, {
            let mut names: Vec<&str> = violations.as_slice().iter().map(|v| v.field.as_str()).take(10).collect();
            if count > 10 {
                names.push("...");
            }
            names.join(", ")
        });
        Self { violations, ..Self::new(Reason::FieldsInvalid, detail) }
    }

    /// One wrong field.
    #[must_use]
    pub fn field(field: impl Into<String>, description: impl Display) -> Self {
        let mut violations = Violations::new();
        violations.add(field, description);
        Self::fields(violations)
    }

    /// Not there, or not for this caller: the answer is the same.
    #[must_use]
    pub fn not_found(resource: &str, name: impl Display) -> Self {
        Self::new(Reason::ResourceNotFound, format!("no such {resource}")).with("resource", resource).with("name", name)
    }

    /// The class of the refusal.
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        self.reason.kind()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_listed() {
        let mut violations = Violations::new();
        assert_eq!(violations.take("a", "1".parse::<u8>()), Some(1));
        assert_eq!(violations.take("b", "x".parse::<u8>()), None);
        violations.add("c", "must be there");
        let refusal = violations.into_result(Some(())).expect_err("two fields are wrong");
        assert_eq!(refusal.detail, "2 fields are invalid: b, c");
        assert_eq!(refusal.violations.as_slice().len(), 2);
    }
}
