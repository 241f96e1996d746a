//! The true reason why a gig is open, and the single change that would fill it.

use serde::{Deserialize, Serialize};

use crate::id::{GigId, VolunteerId};
use crate::text::LocalizedText;

/// The sort of reason. A gig is exactly one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonClass {
    /// It is filled.
    Filled,
    /// Offers are out.
    Waiting,
    /// Something needed to match is unknown: a place, a language.
    DataMissing,
    /// No volunteer passes every rule.
    NobodyEligible,
    /// Fewer able volunteers than helpers needed.
    TooFewCandidates,
    /// Someone could by the rules of the person, but their time or caps are already promised.
    CappedOut,
    /// Someone could, but was needed elsewhere.
    Outbid,
    /// Someone can: it simply has not been assigned.
    Assignable,
}

/// One step of the filter cascade: how many volunteers are left after a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CascadeStep {
    /// The rule's reason code: `SKILL_MISSING`.
    pub rule: String,
    /// Volunteers left after it.
    pub remaining: u32,
}

/// A volunteer who fails one thing only, and the smallest change that would make them able.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearestMiss {
    /// Who. Shown only to roles that may see volunteers.
    pub volunteer: VolunteerId,
    /// The rule's reason code.
    pub rule: String,
    /// How much the rule is missed by, in the rule's own unit (seconds, gigs, days; 1 where there is no measure).
    pub amount: i64,
    /// The change, in words: "travel limit 25 min instead of 20".
    pub change: LocalizedText,
}

/// What covering the gig would cost elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Competition {
    /// The volunteer who could help.
    pub volunteer: VolunteerId,
    /// The gigs that would fall.
    pub gigs: Vec<GigId>,
    /// Weight lost minus weight gained by the exchange.
    pub weight_lost: i64,
}

/// Why a gig is as it is, proven from the same rules as the matching itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The gig.
    pub gig: GigId,
    /// The sort of reason.
    pub class: ReasonClass,
    /// Volunteers considered, before the first rule.
    pub considered: u32,
    /// The rules in order, with the volunteers left after each.
    pub cascade: Vec<CascadeStep>,
    /// The nearest misses, best first, at most five.
    pub nearest_misses: Vec<NearestMiss>,
    /// What it was outbid by, for [`ReasonClass::Outbid`].
    #[serde(default)]
    pub competition: Option<Competition>,
    /// One sentence for people.
    pub text: LocalizedText,
}
