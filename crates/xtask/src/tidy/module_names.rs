//! No junk drawers: a module is called after its noun. `tests/support` is the one helper place.

use anyhow::Result;

use super::{Finding, Repository};

const JUNK: &[&str] = &["common", "helper", "helpers", "misc", "types", "util", "utils"];

pub(super) fn check(repository: &Repository) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (path, text) in repository.files("", ".rs") {
        let names = path.trim_end_matches(".rs").split('/');
        for name in names.chain(modules(text)).filter(|name| JUNK.contains(name)) {
            findings.push(Finding::new(path, format!("a module called `{name}` says nothing; name it after its noun")));
        }
    }
    Ok(findings)
}

/// Names of the modules that the text declares.
fn modules(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let line = line.trim_start();
        let rest = line.strip_prefix("pub").map_or(line, |rest| {
            rest.trim_start().strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest)
        });
        let name = rest.trim_start().strip_prefix("mod ")?;
        Some(name.split([';', '{', ' ']).next().unwrap_or(name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn junk_drawers_are_found_by_file_and_by_declaration() {
        let repository = Repository::of(&[
            ("crates/domain/src/utils.rs", ""),
            ("crates/domain/src/helpers/time.rs", ""),
            ("crates/domain/src/lib.rs", "pub(crate) mod misc {\n}\nmod common;\npub mod place;"),
            ("crates/domain/src/commonwealth.rs", "mod utilities;"),
        ]);
        let names: Vec<String> = check(&repository).unwrap().into_iter().map(|finding| finding.fact).collect();
        assert_eq!(names.len(), 4, "{names:?}");
    }
}
