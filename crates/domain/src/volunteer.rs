//! A volunteer (vapaaehtoinen): the person who helps.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use crate::availability::Availability;
use crate::contact::{ContactPreferences, PhoneNumber};
use crate::id::{AssociationId, KindId, NetworkId, SeekerId, VolunteerId};
use crate::intake::Sex;
use crate::language::LanguageTag;
use crate::meta::Meta;
use crate::place::Place;
use crate::sensitive::Sensitive;
use crate::skill::HeldSkill;
use crate::sorted_set::SortedSet;
use crate::text::Name;

/// Most gigs a day or week that a cap may allow.
pub const CAP_MAX: u8 = 50;
/// Longest one-way trip that a limit may allow, in minutes.
pub const TRAVEL_LIMIT_MAX_MIN: u16 = 240;

/// How a volunteer moves. The speed is the one of `domain.md`, in 0.1 km/h.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TravelMode {
    /// On foot, 4.5 km/h.
    Walk,
    /// By bicycle, 14 km/h.
    Bike,
    /// By car, 35 km/h.
    Car,
}

impl TravelMode {
    /// Speed in 0.1 km/h, door to door.
    #[must_use]
    pub fn speed_dkmh(self) -> u32 {
        match self {
            Self::Walk => 45,
            Self::Bike => 140,
            Self::Car => 350,
        }
    }
}

/// Whether a volunteer takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Takes part.
    #[default]
    Active,
    /// Pauses until resumed (dated pauses are part of the availability).
    Paused,
    /// Taken out by a coordinator.
    Suspended,
}

/// Most gigs in a local calendar day and in an ISO week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caps {
    /// Gigs starting on one day, 0 to [`CAP_MAX`].
    pub per_day: u8,
    /// Gigs starting in one ISO week, 0 to [`CAP_MAX`].
    pub per_week: u8,
}

impl Default for Caps {
    /// One a day, two a week.
    fn default() -> Self {
        Self { per_day: 1, per_week: 2 }
    }
}

/// Reads a list into a piece of memory of its size: one that is cut down in place keeps the rest, up to twice as much, and a nation holds
/// millions of these.
pub(crate) fn just_so_many<'de, D: Deserializer<'de>, T: Deserialize<'de>>(list: D) -> Result<Box<[T]>, D::Error> {
    let mut list: Vec<T> = Vec::deserialize(list)?;
    Ok(list.drain(..).collect())
}

/// The person who helps: what they can do, where and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Volunteer {
    /// The network they belong to.
    pub network: NetworkId,
    /// Their identifier.
    pub id: VolunteerId,
    /// The association they came through, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub association: Option<AssociationId>,
    /// Their key in the coordinators' own list, if imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Their name.
    pub name: Sensitive<Name>,
    /// Their phone, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<PhoneNumber>,
    /// Their e-mail address, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Sensitive<String>>,
    /// Their sex, if told: only for a seeker's soft wish.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// The year they were born, if told: for kinds with a least age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_year: Option<i16>,
    /// Home; without it only gigs without a place can be matched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub home: Option<Place>,
    /// How they move.
    pub travel_mode: TravelMode,
    /// Longest one-way trip from home, in minutes.
    pub travel_limit_min: u16,
    /// Kinds they accept: a hard rule.
    pub kinds: SortedSet<KindId>,
    /// Kinds they like best: soft, a subset of the accepted.
    #[serde(default, skip_serializing_if = "SortedSet::is_empty")]
    pub likes: SortedSet<KindId>,
    /// Skills they hold.
    #[serde(default, deserialize_with = "just_so_many", skip_serializing_if = "<[_]>::is_empty")]
    pub skills: Box<[HeldSkill]>,
    /// Languages they speak.
    pub languages: SortedSet<LanguageTag>,
    /// When they can help.
    pub availability: Availability,
    /// Most gigs a day and a week.
    pub caps: Caps,
    /// How they may be reached.
    #[serde(default)]
    pub contact: ContactPreferences,
    /// Seekers they do not go to: private, never shown to the other side.
    #[serde(default, skip_serializing_if = "SortedSet::is_empty")]
    pub blocked_seekers: SortedSet<SeekerId>,
    /// Whether they take part.
    #[serde(default)]
    pub standing: Standing,
    /// Why they are paused or suspended, in task words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing_reason: Option<Name>,
    /// The day they joined, if told: newcomers get a first gig.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<Date>,
    /// Version and times.
    pub meta: Meta,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nation_of_them_fits_into_memory() {
        // With the two counts of an `Arc`, half a kibibyte: the next size that is given out is a quarter larger.
        assert!(size_of::<Volunteer>() + 2 * size_of::<usize>() <= 512, "{}", size_of::<Volunteer>());
    }
}
