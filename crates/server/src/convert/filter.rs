//! Filters of lists: terms `field = "value"` joined by AND, a small part of AIP-160.

use domain::NetworkId;

use super::name::{self, Segment};

/// Most terms of one filter.
const TERMS_MAX: usize = 10;

/// One term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// The field.
    pub(crate) field: String,
    /// The value it must have.
    pub(crate) value: String,
}

/// Why a filter is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FilterError {
    /// Not terms joined by AND.
    #[error("must be terms such as field = \"value\", joined by AND, each field once, at most 10")]
    Form,
    /// A field that cannot be filtered by.
    #[error("cannot filter by {0}")]
    Field(String),
    /// A value of another form than the field has.
    #[error("has a value for {0} of another form")]
    Value(String),
    /// A value of a field that has but few, and this is none of them.
    #[error("has a {field} that is none of {known}")]
    Choice { field: String, known: String },
}

/// Reads a filter; empty is no term.
pub(crate) fn terms(text: &str) -> Result<Vec<Term>, FilterError> {
    let mut rest = text.trim();
    let mut terms = Vec::new();
    while !rest.is_empty() {
        if !terms.is_empty() {
            rest = rest
                .strip_prefix("AND")
                .filter(|after| after.starts_with(char::is_whitespace))
                .ok_or(FilterError::Form)?;
        }
        let (term, after) = term(rest.trim_start())?;
        if terms.iter().any(|known: &Term| known.field == term.field) {
            return Err(FilterError::Form);
        }
        terms.push(term);
        rest = after.trim_start();
        if terms.len() > TERMS_MAX {
            return Err(FilterError::Form);
        }
    }
    Ok(terms)
}

fn term(text: &str) -> Result<(Term, &str), FilterError> {
    let field_end = text.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).ok_or(FilterError::Form)?;
    let (field, rest) = text.split_at(field_end);
    let rest = rest.trim_start().strip_prefix('=').ok_or(FilterError::Form)?.trim_start();
    let (value, rest) = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').ok_or(FilterError::Form)?,
        None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
    };
    if field.is_empty() || value.is_empty() {
        return Err(FilterError::Form);
    }
    Ok((Term { field: field.to_owned(), value: value.to_owned() }, rest))
}

impl Term {
    /// The value as a reference to a resource of the network.
    pub(crate) fn reference<I: Segment>(&self, network: &NetworkId) -> Result<I, FilterError> {
        name::reference(&self.value, network).map_err(|_| self.wrong())
    }

    /// The value as a code among those known: `ACTIVE`, or with its field before it `STATE_ACTIVE`, is `active`.
    pub(crate) fn choice(&self, known: &[&str]) -> Result<String, FilterError> {
        let code = self.code();
        match known.contains(&code.as_str()) {
            true => Ok(code),
            false => Err(FilterError::Choice { field: self.field.clone(), known: known.join(", ") }),
        }
    }

    /// The value as a code, known or not.
    pub(crate) fn code(&self) -> String {
        let lower = self.value.to_lowercase();
        let bare = lower.strip_prefix(&self.field).and_then(|rest| rest.strip_prefix('_'));
        bare.unwrap_or(&lower).to_owned()
    }

    /// The refusal of the value.
    pub(crate) fn wrong(&self) -> FilterError {
        FilterError::Value(self.field.clone())
    }

    /// The refusal of the field.
    pub(crate) fn unknown(&self) -> FilterError {
        FilterError::Field(self.field.clone())
    }

    /// Whether a text holds the value, whatever the case.
    pub(crate) fn within(&self, text: &str) -> bool {
        text.to_lowercase().contains(&self.value.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        terms(text).expect(text).into_iter().map(|term| (term.field, term.value)).collect()
    }

    #[test]
    fn terms_are_joined_by_and() {
        let both = vec![("state".to_owned(), "OPEN".to_owned()), ("text".to_owned(), "a AND b".to_owned())];
        assert_eq!(pairs(r#"state = "OPEN" AND text = "a AND b""#), both);
        assert_eq!(pairs(r#" state=OPEN AND text="a AND b" "#), both);
        assert_eq!(pairs("  "), vec![]);
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in [
            "state",
            "state =",
            "= x",
            "state = \"x",
            "a = b OR c = d",
            "a = b ANDc = d",
            "A = b",
            "a = b AND a = c",
            &"a = b AND ".repeat(11),
        ] {
            assert_eq!(terms(bad), Err(FilterError::Form), "{bad}");
        }
    }

    #[test]
    fn a_state_is_known_by_either_spelling() {
        let term = |value: &str| Term { field: "state".to_owned(), value: value.to_owned() };
        assert_eq!(term("STATE_IN_PROGRESS").choice(&["in_progress"]), Ok("in_progress".to_owned()));
        assert_eq!(term("in_progress").choice(&["in_progress"]), Ok("in_progress".to_owned()));
        let told = term("GONE").choice(&["open", "filled"]).expect_err("none of them").to_string();
        assert_eq!(told, "has a state that is none of open, filled");
    }
}
