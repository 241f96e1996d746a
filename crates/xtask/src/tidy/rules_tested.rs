//! Every hard rule and every score term has its own test, in its own file, so none can slip through untested.

use anyhow::Result;

use super::{Finding, Repository};

const FOLDERS: &[&str] = &["crates/matching/src/eligibility/", "crates/matching/src/score/"];

pub(super) fn check(repository: &Repository) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for folder in FOLDERS {
        let index = repository.text(&format!("{folder}mod.rs")).unwrap_or_default();
        let rules = repository
            .files(folder, ".rs")
            .filter(|(path, _)| !path.ends_with("/mod.rs") && !only_for_tests(index, path));
        for (path, text) in rules {
            let tests = text.split_once("mod tests").map(|(_, tests)| tests);
            if !tests.is_some_and(|tests| tests.contains("#[test]")) {
                findings.push(Finding::new(path, "has no test of its own (`mod tests` with a #[test])"));
            }
        }
    }
    Ok(findings)
}

/// Whether the folder's index takes the file in for tests alone.
fn only_for_tests(index: &str, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".rs");
    let mut before = "";
    for line in index.lines().map(str::trim) {
        let rest = line.rsplit_once("mod ").map(|(_, rest)| rest);
        if before == "#[cfg(test)]" && rest == Some(&format!("{name};")) {
            return true;
        }
        before = line;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builders_for_tests_need_no_test() {
        let builder = ("crates/matching/src/score/cases.rs", "fn gig() {}");
        let index = |text| ("crates/matching/src/score/mod.rs", text);
        let for_tests = [index("#[cfg(test)]\npub(crate) mod cases;\nmod travel;"), builder];
        assert_eq!(check(&Repository::of(&for_tests)).unwrap().len(), 0);
        let for_all = [index("mod travel;\npub(crate) mod cases;"), builder];
        assert_eq!(check(&Repository::of(&for_all)).unwrap().len(), 1);
    }

    #[test]
    fn a_rule_without_a_test_is_found() {
        let repository = Repository::of(&[
            ("crates/matching/src/eligibility/mod.rs", "mod skill;"),
            ("crates/matching/src/eligibility/skill.rs", "fn check() {}"),
            ("crates/matching/src/score/travel.rs", "mod tests {\n    #[test]\n    fn far() {}\n}"),
        ]);
        let findings = check(&repository).unwrap();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].place, "crates/matching/src/eligibility/skill.rs");
    }
}
