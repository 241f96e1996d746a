//! The words by which a list may name an entry of the catalogue or an association: its id, its title in any language, or a beginning
//! that only one of them has.

use std::collections::{BTreeSet, HashMap};

use super::{CellError, fold};

/// Shortest beginning of a title that may stand for the whole, in characters.
const BEGINNING_CHARS_MIN: usize = 4;

/// Entries by their words.
#[derive(Debug)]
pub struct Words<Id> {
    noun: &'static str,
    ids: HashMap<String, BTreeSet<Id>>,
}

impl<Id: ToString + Ord + Clone> Words<Id> {
    /// Entries with their titles; `noun` is what one of them is called: `kind`.
    #[must_use]
    pub fn new(entries: impl Iterator<Item = (Id, Vec<String>)>, noun: &'static str) -> Self {
        let mut ids: HashMap<String, BTreeSet<Id>> = HashMap::new();
        for (id, titles) in entries {
            for word in titles.into_iter().chain([id.to_string()]) {
                let word = plain(&word);
                if !word.is_empty() {
                    ids.entry(word).or_default().insert(id.clone());
                }
            }
        }
        Self { noun, ids }
    }

    /// The entry that a word names.
    ///
    /// # Errors
    /// [`CellError`] if none does, or several do.
    pub fn find(&self, word: &str) -> Result<Id, CellError> {
        let word = plain(word);
        let found: BTreeSet<&Id> = match self.ids.get(&word) {
            Some(ids) => ids.iter().collect(),
            None if word.chars().count() >= BEGINNING_CHARS_MIN => {
                self.ids.iter().filter(|(title, _)| title.starts_with(&word)).flat_map(|(_, ids)| ids).collect()
            }
            None => BTreeSet::new(),
        };
        match (found.first(), found.len()) {
            (Some(id), 1) => Ok((*id).clone()),
            (None, _) => Err(CellError::new(format!("names no {} of this network", self.noun))),
            _ => Err(CellError::new(format!("names more than one {} of this network", self.noun))),
        }
    }
}

fn plain(word: &str) -> String {
    fold(word).chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_goes_by_id_title_and_a_beginning_of_its_own() {
        let entries = [
            ("phone-training", "Puhelintukikoulutus"),
            ("first-aid", "Ensiapukoulutus"),
            ("escort", "Saattoapu"),
            ("call", "Mitä kuuluu? -soitto"),
            ("call-back", "Mitä kuuluu takaisin"),
        ];
        let words = Words::new(entries.into_iter().map(|(id, title)| (id.to_owned(), vec![title.to_owned()])), "skill");
        for (word, expected) in [
            ("phone_training", Some("phone-training")),
            ("PUHELINTUKI", Some("phone-training")),
            ("ensiapu", Some("first-aid")),
            ("call", Some("call")),
            ("mitä kuuluu -soitto", Some("call")),
            ("mitä kuuluu", None),
            ("saa", None),
            ("lentäminen", None),
            ("", None),
        ] {
            assert_eq!(words.find(word).ok().as_deref(), expected, "{word}");
        }
    }
}
