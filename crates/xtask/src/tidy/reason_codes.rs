//! Every reason code has its paragraph in `docs/errors.md`, and every paragraph there has its code.

use std::collections::BTreeSet;

use anyhow::Result;

use super::{Finding, Repository};

/// The tables of codes: every UPPER_SNAKE literal in these files (tests apart) is one.
const TABLES: &[&str] =
    &["crates/domain/src/reason.rs", "crates/matching/src/eligibility/mod.rs", "crates/matching/src/verify/"];

/// Here a heading of the third level (`### CODE`) names one code.
const PAGE: &str = "docs/errors.md";

/// Shorter literals in capitals are not codes.
const CODE_LETTERS_MIN: usize = 4;

pub(super) fn check(repository: &Repository) -> Result<Vec<Finding>> {
    let mut codes = BTreeSet::new();
    for table in TABLES {
        let before = codes.len();
        for (_, text) in repository.files(table, ".rs") {
            codes.extend(literals(text));
        }
        if codes.len() == before {
            return Ok(vec![Finding::new(*table, "holds no reason code: has the table moved? see reason_codes.rs")]);
        }
    }
    let page = repository.text(PAGE).unwrap_or_default();
    let mut findings = Vec::new();
    let mut told = BTreeSet::new();
    for part in page.split("\n#").filter_map(|part| part.strip_prefix("## ")) {
        let (code, body) = part.split_once('\n').unwrap_or((part, ""));
        if body.trim().is_empty() {
            findings.push(Finding::new(PAGE, format!("says nothing about {code}")));
        }
        if !told.insert(code) {
            findings.push(Finding::new(PAGE, format!("tells of {code} twice")));
        }
    }
    findings.extend(codes.difference(&told).map(|code| Finding::new(PAGE, format!("lacks a paragraph `### {code}`"))));
    findings.extend(
        told.difference(&codes).map(|code| Finding::new(PAGE, format!("tells of {code}, which no table holds"))),
    );
    Ok(findings)
}

/// The UPPER_SNAKE string literals of the text, up to its tests.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    let text = text.split("#[cfg(test)]").next().unwrap_or(text);
    text.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| {
        line.split('"').skip(1).step_by(2).filter(|literal| {
            literal.len() >= CODE_LETTERS_MIN
                && literal.starts_with(|letter: char| letter.is_ascii_uppercase())
                && literal.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REASONS: &str = "Full, \"STORAGE_FULL\", Exhausted;\n#[cfg(test)]\nlet x = \"TEST_ONLY\";";
    const RULES: &str = "Rule::Blocked => \"BLOCKED\",\nlet other = \"lower case\";\n// \"COMMENT\"";

    fn facts(page: &str) -> Vec<String> {
        let breaches = ("crates/matching/src/verify/mod.rs", "Breach::new(\"GIG_TWICE\", what)");
        let files = [(TABLES[0], REASONS), (TABLES[1], RULES), breaches, (PAGE, page)];
        check(&Repository::of(&files)).unwrap().into_iter().map(|finding| finding.fact).collect()
    }

    #[test]
    fn page_and_tables_must_agree() {
        let page = "# Errors\n### BLOCKED\nKept apart.\n### GIG_TWICE\nx\n\n### STORAGE_FULL\n\nNo room.\n";
        assert_eq!(facts(page), Vec::<String>::new());
    }

    #[test]
    fn missing_empty_double_and_foreign_paragraphs_are_found() {
        let page = "\n### STORAGE_FULL\n### BLOCKED\nx\n### BLOCKED\nx\n### GONE\nx\n";
        let facts = facts(page).join("\n");
        for part in ["says nothing about STORAGE_FULL", "BLOCKED twice", "tells of GONE"] {
            assert!(facts.contains(part), "{facts}");
        }
        assert!(!facts.contains("TEST_ONLY") && !facts.contains("COMMENT"), "{facts}");
    }

    #[test]
    fn a_table_that_moved_is_noticed() {
        let findings = check(&Repository::of(&[(TABLES[1], RULES)])).unwrap();
        assert!(findings[0].fact.contains("moved"), "{findings:?}");
    }
}
