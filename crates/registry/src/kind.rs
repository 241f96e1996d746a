//! Kinds of the catalogue, with the rules that all gigs of a kind share.

use domain::kind::{GIG_DURATION_MAX_S, GIG_DURATION_MIN_S, ScopeLimit};
use domain::{Gig, Kind, Violations, Volunteer};
use store::{Filter, Tx};

use crate::{Error, References, Resource, Usage, fields};

/// Most helpers of one gig.
const HELPERS_MAX: u8 = 2;
/// Highest least age of a helper, in years.
const MIN_AGE_MAX: u8 = 99;
/// Most scope limits of one kind, and most words of one limit.
const LIMITS_MAX: usize = 50;
/// Longest word of a limit, in characters.
const WORD_CHARS_MAX: usize = 50;

impl Resource for Kind {
    async fn check(
        &self,
        _stored: Option<&Self>,
        tx: &mut Tx,
        references: &mut References,
        violations: &mut Violations,
    ) -> Result<(), Error> {
        fields::localized("kind.title", &self.title, violations);
        if !(1..=HELPERS_MAX).contains(&self.helpers) {
            violations.add("kind.helpers", format!("must be 1 to {HELPERS_MAX}"));
        }
        if !(GIG_DURATION_MIN_S..=GIG_DURATION_MAX_S).contains(&self.duration_s) {
            violations.add("kind.duration_s", "must be 5 minutes to 12 hours");
        }
        if self.min_age.is_some_and(|age| age > MIN_AGE_MAX) {
            violations.add("kind.min_age", format!("must be at most {MIN_AGE_MAX} years"));
        }
        let skills = references.skills(tx).await?;
        for skill in self.required_skills.iter().filter(|skill| !skills.contains_key(*skill)) {
            violations.add("kind.required_skills", format!("skill \"{skill}\" does not exist"));
        }
        if self.scope_limits.len() > LIMITS_MAX {
            violations.add("kind.scope_limits", format!("must list at most {LIMITS_MAX}"));
        }
        for (index, limit) in self.scope_limits.iter().enumerate() {
            scope_limit(&format!("kind.scope_limits[{index}]"), limit, violations);
        }
        Ok(())
    }

    async fn usage(&self, tx: &mut Tx) -> Result<Usage, Error> {
        let accepts = |volunteer: &Volunteer| volunteer.kinds.contains(&self.id) || volunteer.likes.contains(&self.id);
        let usage = Usage::none().with_naming(tx, &self.network, accepts).await?;
        let own = Filter { kind: Some(self.id.clone()), ..Filter::any() };
        usage.with_filtered::<Gig>(tx, &self.network, &own).await
    }
}

fn scope_limit(field: &str, limit: &ScopeLimit, violations: &mut Violations) {
    fields::localized(&format!("{field}.description"), &limit.description, violations);
    fields::localized(&format!("{field}.refer_to"), &limit.refer_to, violations);
    if limit.words.len() > LIMITS_MAX {
        violations.add(format!("{field}.words"), format!("must list at most {LIMITS_MAX}"));
    }
    for (index, word) in limit.words.iter().enumerate() {
        let good = (1..=WORD_CHARS_MAX).contains(&word.chars().count())
            && word.chars().all(char::is_alphanumeric)
            && word.to_lowercase() == *word;
        if !good {
            violations.add(format!("{field}.words[{index}]"), "must be the beginning of one word, in lower case");
        }
    }
}
