//! Languages.

use domain::{LanguageTag, SortedSet};

use super::Check;
use super::check::nth;

/// A list of languages, each wrong one by its index.
pub(crate) fn list(check: &mut Check, prefix: &str, field: &str, tags: &[String]) -> SortedSet<LanguageTag> {
    tags.iter()
        .enumerate()
        .filter_map(|(index, tag)| check.take(nth(prefix, field, index), LanguageTag::new(tag)))
        .collect()
}

pub(crate) fn of(tags: &SortedSet<LanguageTag>) -> Vec<String> {
    tags.iter().map(ToString::to_string).collect()
}
