//! What many volunteers have alike is kept once: a million people accept some dozens of sets of kinds and speak as many of languages.

use std::sync::{Mutex, PoisonError};

use domain::{Alike, KindId, LanguageTag, Volunteer};

/// The sets that were seen so far, by all who read volunteers.
#[derive(Debug, Default)]
pub(super) struct Likeness(Mutex<Sets>);

#[derive(Debug, Default)]
struct Sets {
    kinds: Alike<KindId>,
    languages: Alike<LanguageTag>,
}

impl Likeness {
    /// Lets somebody share what others have alike.
    pub(super) fn share(&self, mut volunteer: Volunteer) -> Volunteer {
        let mut sets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sets.kinds.share(&mut volunteer.kinds);
        sets.kinds.share(&mut volunteer.likes);
        sets.languages.share(&mut volunteer.languages);
        volunteer
    }
}
