//! Field rules: the seam in front of the generated checks. All violations of a message at once, each with its path and a sentence.

use prost_protovalidate::ValidationError;

/// One field that breaks its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldViolation {
    /// The path of the field in the message: `gig.windows[1].end_time`.
    pub field: String,
    /// The rule's id: `string.max_len`.
    pub rule: String,
    /// What must be true, a lower-case sentence without the value: "must be at most 200 characters".
    pub message: String,
}

/// A message that knows the field rules declared in its proto.
pub trait Validate {
    /// Every field that breaks its rule, in the order of the fields; empty when all is well.
    fn violations(&self) -> Vec<FieldViolation>;
}

pub(crate) fn broken(checked: Result<(), ValidationError>) -> Vec<FieldViolation> {
    checked
        .err()
        .map(|e| e.violations().iter().map(|v| FieldViolation { field: v.field_path().to_owned(), rule: v.rule_id().to_owned(), message: v.message().to_owned() }).collect())
        .unwrap_or_default()
}

#[allow(unused_imports, clippy::all, clippy::pedantic)]
mod generated {
    use crate as keikka;
    include!(concat!(env!("OUT_DIR"), "/validate_impl.rs"));
    include!(concat!(env!("OUT_DIR"), "/field_rules.rs"));
}
