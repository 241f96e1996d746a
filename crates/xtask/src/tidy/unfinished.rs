//! Nothing half-done is committed, no test is switched off, nothing waits by sleeping. A sleep that polls a condition against a
//! deadline says so on its line or the line above: `// tidy: polls ...`.

use anyhow::Result;

use super::{Finding, Repository};

/// What may not stand in a source, and why. Written in two halves, else this file would find itself.
const FORBIDDEN: &[(&str, &str, &str)] = &[
    ("TO", "DO", "finish it or file it"),
    ("FIX", "ME", "finish it or file it"),
    ("to", "do!", "finish it"),
    ("unimple", "mented!", "finish it"),
    ("#[ign", "ore", "a test that never runs tests nothing"),
    ("thread::", "sleep", "wait for a condition with a deadline"),
];

/// The comment that lets a polling sleep stand.
const LEAVE: &str = "// tidy: polls";

pub(super) fn check(repository: &Repository) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for ending in [".rs", ".proto", ".sql"] {
        for (path, text) in repository.files("", ending) {
            findings.extend(in_text(path, text));
        }
    }
    Ok(findings)
}

fn in_text(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut before = "";
    for (number, line) in text.lines().enumerate() {
        for (head, tail, advice) in FORBIDDEN {
            let word = format!("{head}{tail}");
            let left = *head == "thread::" && (before.contains(LEAVE) || line.contains(LEAVE));
            if stands_alone(line, &word) && !left {
                findings.push(Finding::new(format!("{path}:{}", number + 1), format!("`{word}`: {advice}")));
            }
        }
        before = line;
    }
    findings
}

/// Whether `word` is in the line and not as a part of a longer word.
fn stands_alone(line: &str, word: &str) -> bool {
    let part = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    line.match_indices(word)
        .any(|(at, _)| !part(line[..at].chars().next_back()) && !part(line[at + word.len()..].chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_forbidden_word_is_found_with_its_line() {
        for (head, tail, _) in FORBIDDEN {
            let text = format!("//! A.\n  {head}{tail}(1);\n");
            let findings = in_text("crates/a/src/lib.rs", &text);
            assert_eq!(findings.len(), 1, "{head}{tail}");
            assert_eq!(findings[0].place, "crates/a/src/lib.rs:2");
        }
    }

    #[test]
    fn a_polling_sleep_may_stand_when_it_says_so() {
        let sleep = concat!("std::thread::", "sleep(pause);");
        assert_eq!(in_text("a.rs", &format!("// tidy: polls the port\n{sleep}")).len(), 0);
        assert_eq!(in_text("a.rs", &format!("// short\n{sleep}")).len(), 1);
    }

    #[test]
    fn words_that_only_contain_one_are_left_alone() {
        assert_eq!(in_text("a.rs", concat!("let METO", "DOLOGY = 1;")).len(), 0);
    }
}
