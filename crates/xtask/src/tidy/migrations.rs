//! Both engines have the same migrations: same numbers, same names, numbered without a gap.

use std::collections::BTreeSet;

use anyhow::Result;

use super::{Finding, Repository};

const ENGINES: [&str; 2] = ["sqlite", "postgres"];

pub(super) fn check(repository: &Repository) -> Result<Vec<Finding>> {
    let [sqlite, postgres] = ENGINES.map(|engine| names(repository, engine));
    let mut findings = Vec::new();
    for (here, there, other) in [(&sqlite, &postgres, 1), (&postgres, &sqlite, 0)] {
        findings.extend(here.difference(there).map(|name| {
            Finding::new(format!("migrations/{}", ENGINES[other]), format!("lacks {name}, which the other engine has"))
        }));
    }
    for (position, name) in sqlite.iter().enumerate() {
        let number = name.split('_').next().unwrap_or_default();
        if number.parse() != Ok(position + 1) {
            findings.push(Finding::new(
                format!("migrations/sqlite/{name}"),
                format!("is number {} in order", position + 1),
            ));
        }
    }
    Ok(findings)
}

fn names(repository: &Repository, engine: &str) -> BTreeSet<String> {
    let folder = format!("migrations/{engine}/");
    repository.files(&folder, ".sql").map(|(path, _)| path.trim_start_matches(folder.as_str()).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(paths: &[&str]) -> usize {
        let files: Vec<(&str, &str)> = paths.iter().map(|path| (*path, "")).collect();
        check(&Repository::of(&files)).unwrap().len()
    }

    #[test]
    fn drift_between_the_engines_is_found() {
        let both = ["migrations/sqlite/0001_a.sql", "migrations/postgres/0001_a.sql"];
        assert_eq!(count(&both), 0);
        assert_eq!(count(&[both[0]]), 1);
        assert_eq!(count(&[both[0], "migrations/postgres/0001_b.sql"]), 2);
    }

    #[test]
    fn a_gap_in_the_numbers_is_found() {
        assert_eq!(count(&["migrations/sqlite/0002_a.sql", "migrations/postgres/0002_a.sql"]), 1);
    }
}
