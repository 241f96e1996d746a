//! A kind of gig (keikkalaji): a catalogue entry with its rules.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::{KindId, NetworkId, SkillId};
use crate::meta::Meta;
use crate::text::LocalizedText;

/// Shortest gig, in seconds (5 minutes).
pub const GIG_DURATION_MIN_S: u32 = 300;
/// Longest gig, in seconds (12 hours).
pub const GIG_DURATION_MAX_S: u32 = 43_200;

/// The family a kind belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Talonmies Pikkarainen: a lamp, a shelf, snow.
    Household,
    /// Shopping, pharmacy.
    Errand,
    /// "Mitä kuuluu?": has no place.
    Call,
    /// Saattoapu, Yhdessä ulos: may end elsewhere.
    Escort,
    /// Help to a family with children.
    Family,
    /// Help with a phone or computer.
    Digital,
}

/// Work that is outside a volunteer's scope, and where to turn instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeLimit {
    /// What is not done: "electrical work", "ladder over 2 m".
    pub description: LocalizedText,
    /// Where to turn instead.
    pub refer_to: LocalizedText,
    /// Lower-case word beginnings that give it away in a gig's text.
    #[serde(default)]
    pub words: Vec<String>,
}

/// A catalogue entry. It carries the rules of all gigs of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    /// The network whose catalogue this is in.
    pub network: NetworkId,
    /// Its identifier.
    pub id: KindId,
    /// What people call it.
    pub title: LocalizedText,
    /// The family it belongs to.
    pub category: Category,
    /// Whether a gig of this kind happens at a place; a call does not.
    pub place_bound: bool,
    /// How many helpers a gig gets when the caller says nothing: 1 or 2.
    pub helpers: u8,
    /// Whether the first visit to a seeker always takes two helpers.
    pub first_visit_two: bool,
    /// Skills that every slot of such a gig needs.
    #[serde(default)]
    pub required_skills: BTreeSet<SkillId>,
    /// How long a gig takes when the caller says nothing, in seconds.
    pub duration_s: u32,
    /// Youngest helper, in full years, if bounded.
    #[serde(default)]
    pub min_age: Option<u8>,
    /// What is outside a volunteer's scope.
    #[serde(default)]
    pub scope_limits: Vec<ScopeLimit>,
    /// Version and times.
    pub meta: Meta,
}

impl Kind {
    /// The limit that a text runs into, if any: a word of the text begins with one of the limit's words.
    #[must_use]
    pub fn limit_hit(&self, text: &str) -> Option<&ScopeLimit> {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        self.scope_limits.iter().find(|limit| {
            limit.words.iter().any(|stem| !stem.is_empty() && words.iter().any(|word| word.starts_with(stem.as_str())))
        })
    }
}
