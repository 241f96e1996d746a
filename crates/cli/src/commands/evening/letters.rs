//! The letters of the evening as they lie in the folder, told apart by the language that each reader wants.

use std::collections::BTreeMap;
use std::path::Path;

use crate::output::last_segment;

/// Languages of letters: code of the API, word, in the order in which they are shown.
const LANGUAGES: [(&str, &str); 3] =
    [("SERVICE_LANGUAGE_FI", "Finnish"), ("SERVICE_LANGUAGE_SV", "Swedish"), ("SERVICE_LANGUAGE_EN", "English")];

/// A letter to a volunteer.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Letter {
    to: String,
    subject: String,
    text: String,
}

impl Letter {
    fn read(text: &str) -> Option<Self> {
        let (head, text) = text.split_once("\n\n")?;
        let line = |begin: &str| head.lines().find_map(|line| line.strip_prefix(begin));
        let to = line("To: ")?.split('@').next()?.to_owned();
        Some(Self { to, subject: line("Subject: ")?.to_owned(), text: text.to_owned() })
    }

    /// Whether it asks: the subject of an offer is a question.
    fn asks(&self) -> bool {
        self.subject.contains('?')
    }
}

/// The letters of a folder, oldest first: their names begin with the time.
fn letters(folder: &Path) -> Vec<Letter> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(".mail.txt"));
    paths.sort();
    paths.iter().filter_map(|path| Letter::read(&std::fs::read_to_string(path).ok()?)).collect()
}

/// How many letters there are, and the first question in each language.
pub(super) fn text(folder: &Path, readers: &BTreeMap<String, String>) -> String {
    let letters = letters(folder);
    let mut text =
        format!("{} letters lie in {}. The first question in each language:\n", letters.len(), folder.display());
    for (code, word) in LANGUAGES {
        let is_read = |who: &str| readers.iter().any(|(name, language)| last_segment(name) == who && language == code);
        if let Some(letter) = letters.iter().find(|letter| letter.asks() && is_read(&letter.to)) {
            text.push_str(&format!("  {word}, to {:<6}{}\n", format!("{}:", letter.to), letter.subject));
        }
    }
    text
}

/// The link in the letter that a notification became.
pub(super) fn link(folder: &Path, notification: &str) -> Option<String> {
    let reference = last_segment(notification).replace('-', "");
    let text = std::fs::read_to_string(folder.join(format!("keikka-{reference}.mail.txt"))).ok()?;
    let letter = Letter::read(&text)?;
    letter.text.lines().find(|line| line.starts_with("http")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_question_in_each_language_is_shown() {
        let folder = tempfile::tempdir().expect("a folder");
        for (id, text) in [
            ("1", "To: v1@example.org\nSubject: Autatko?\n\nVastaa:\n\nhttp://127.0.0.1:7207/r/abc\n"),
            ("2", "To: v2@example.org\nSubject: Du behövs inte mera\n\nTack!\n"),
            ("3", "To: v2@example.org\nSubject: Kan du hjälpa?\n\nHej!\n"),
            ("4", "To: v1@example.org\nSubject: Autatko taas?\n\nHei!\n"),
        ] {
            std::fs::write(folder.path().join(format!("keikka-{id}.mail.txt")), text).expect("a letter");
        }
        let reads = |id: &str, language: &str| (format!("networks/k/volunteers/{id}"), language.to_owned());
        let people = [reads("v1", "SERVICE_LANGUAGE_FI"), reads("v2", "SERVICE_LANGUAGE_SV")].into_iter().collect();
        let told = text(folder.path(), &people);
        assert!(told.starts_with("4 letters lie in "), "{told}");
        assert!(told.ends_with("\n  Finnish, to v1:   Autatko?\n  Swedish, to v2:   Kan du hjälpa?\n"), "{told}");
        let found = link(folder.path(), "networks/k/notifications/1");
        assert_eq!(found.as_deref(), Some("http://127.0.0.1:7207/r/abc"));
    }
}
