//! Languages.

use std::collections::BTreeSet;

use domain::LanguageTag;

use super::Check;
use super::check::nth;

/// A list of languages, each wrong one by its index.
pub(crate) fn list(check: &mut Check, prefix: &str, field: &str, tags: &[String]) -> BTreeSet<LanguageTag> {
    tags.iter()
        .enumerate()
        .filter_map(|(index, tag)| check.take(nth(prefix, field, index), LanguageTag::new(tag)))
        .collect()
}

pub(crate) fn of(tags: &BTreeSet<LanguageTag>) -> Vec<String> {
    tags.iter().map(ToString::to_string).collect()
}
