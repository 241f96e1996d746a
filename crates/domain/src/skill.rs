//! A skill (taito) of the catalogue, and a skill that somebody holds.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{NetworkId, SkillId};
use crate::meta::Meta;
use crate::text::{LocalizedText, Name};

/// What a volunteer can do or hold: driving, tools, first aid, escort training.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skill {
    /// The network whose catalogue this is in.
    pub network: NetworkId,
    /// Its identifier.
    pub id: SkillId,
    /// What people call it.
    pub title: LocalizedText,
    /// Whether it must be renewed: a held skill then needs a last day.
    pub expires: bool,
    /// Version and times.
    pub meta: Meta,
}

/// A skill held by a volunteer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldSkill {
    /// Which skill.
    pub skill: SkillId,
    /// The first day on which it is valid, if bounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// The last day on which it is valid, if bounded. It must reach the END of a gig.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// When somebody checked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_time: Option<Timestamp>,
    /// Who checked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_by: Option<Name>,
}
