//! Every Rust file begins by saying what it is for and what it leaves to others.

use anyhow::Result;

use super::{Finding, Repository};

pub(super) fn check(repository: &Repository) -> Result<Vec<Finding>> {
    Ok(repository
        .files("", ".rs")
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| Finding::new(path, "does not begin with `//!` and what the file is for"))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_heading_is_found() {
        let repository = Repository::of(&[
            ("crates/domain/src/place.rs", "//! Places.\nuse x;"),
            ("crates/domain/src/gig.rs", "use x;"),
        ]);
        let findings = check(&repository).unwrap();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].place, "crates/domain/src/gig.rs");
    }
}
