//! A file is a room: it grows by adding rooms beside it.

use anyhow::Result;

use super::{Finding, Repository};

/// Lines in one Rust file.
const LINES_MAX: usize = 500;

pub(super) fn check(repository: &Repository) -> Result<Vec<Finding>> {
    Ok(repository
        .files("", ".rs")
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > LINES_MAX)
        .map(|(path, lines)| Finding::new(path, format!("has {lines} lines, over {LINES_MAX}: split it by noun")))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_501st_line_is_too_many() {
        let (long, full) = ("x\n".repeat(LINES_MAX + 1), "x\n".repeat(LINES_MAX));
        let repository = Repository::of(&[("crates/a/src/long.rs", &long), ("crates/a/src/full.rs", &full)]);
        let findings = check(&repository).unwrap();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].place, "crates/a/src/long.rs");
    }
}
