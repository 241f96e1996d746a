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
#[serde(from = "StoredSkill", into = "StoredSkill")]
pub struct HeldSkill {
    /// Which skill.
    pub skill: SkillId,
    /// The first day on which it is valid, if bounded.
    pub valid_from: Option<Date>,
    /// The last day on which it is valid, if bounded. It must reach the END of a gig.
    pub valid_until: Option<Date>,
    /// That somebody checked it, if told: of few, so that a nation's skills take half the room.
    pub check: Option<Box<SkillCheck>>,
}

impl HeldSkill {
    /// A skill for good, which nobody checked.
    #[must_use]
    pub fn lasting(skill: SkillId) -> Self {
        Self { skill, valid_from: None, valid_until: None, check: None }
    }
}

/// That somebody checked a skill: when, who, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkillCheck {
    /// When.
    pub time: Option<Timestamp>,
    /// Who did.
    pub by: Option<Name>,
}

impl SkillCheck {
    /// A check of which at least one thing is told.
    #[must_use]
    pub fn told(time: Option<Timestamp>, by: Option<Name>) -> Option<Box<Self>> {
        (time.is_some() || by.is_some()).then(|| Box::new(Self { time, by }))
    }
}

/// A held skill as it is stored.
#[derive(Serialize, Deserialize)]
struct StoredSkill {
    skill: SkillId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    valid_from: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    valid_until: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checked_time: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checked_by: Option<Name>,
}

impl From<StoredSkill> for HeldSkill {
    fn from(stored: StoredSkill) -> Self {
        let StoredSkill { skill, valid_from, valid_until, checked_time, checked_by } = stored;
        Self { skill, valid_from, valid_until, check: SkillCheck::told(checked_time, checked_by) }
    }
}

impl From<HeldSkill> for StoredSkill {
    fn from(held: HeldSkill) -> Self {
        let (checked_time, checked_by) = held.check.map_or((None, None), |check| (check.time, check.by));
        let HeldSkill { skill, valid_from, valid_until, .. } = held;
        Self { skill, valid_from, valid_until, checked_time, checked_by }
    }
}
