//! What many volunteers have alike is kept once: a million people accept some dozens of sets of kinds and speak as many of languages.

use domain::{Alike, KindId, LanguageTag, Volunteer};

/// The sets that were seen so far.
#[derive(Debug, Default)]
pub(super) struct Likeness {
    kinds: Alike<KindId>,
    languages: Alike<LanguageTag>,
}

impl Likeness {
    /// Lets somebody share what others have alike.
    pub(super) fn share(&mut self, volunteer: &mut Volunteer) {
        self.kinds.share(&mut volunteer.kinds);
        self.kinds.share(&mut volunteer.likes);
        self.languages.share(&mut volunteer.languages);
    }
}
