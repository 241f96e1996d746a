//! A gig (keikka): one help request.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::gig_life::GigState;
use crate::id::{AssociationId, GigId, KindId, NetworkId, SeekerId, SkillId, VolunteerId};
use crate::intake::{Intake, Sex};
use crate::language::LanguageTag;
use crate::meta::Meta;
use crate::place::Place;
use crate::sensitive::Sensitive;
use crate::sorted_set::SortedSet;
use crate::text::{Name, Note};
use crate::window::TimeWindow;

/// Most helpers of one gig.
pub const SLOTS_MAX: usize = 2;
/// Most alternative windows of one gig.
pub const WINDOWS_MAX: usize = 14;
/// Least and most priority.
pub const PRIORITIES: std::ops::RangeInclusive<u8> = 1..=5;

/// One helper's place in a gig.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Slot {
    /// Skills this helper needs beyond those of the kind.
    #[serde(default)]
    pub skills: BTreeSet<SkillId>,
    /// What this helper is: "driver", "carrier", "newcomer".
    #[serde(default)]
    pub label: Option<Name>,
}

/// What would be nice: soft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Wishes {
    /// A wished-for sex of the helper.
    #[serde(default)]
    pub preferred_sex: Option<Sex>,
    /// Someone the seeker knows.
    #[serde(default)]
    pub familiar_face: bool,
}

/// An hour that a volunteer named when they declined another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherHour {
    /// Who could come then.
    pub volunteer: VolunteerId,
    /// When the gig would start.
    pub start: Timestamp,
}

/// A no of a volunteer to a gig, or a slot of it that they gave back; or a coordinator's, who let them go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GigNo {
    /// Whose it is.
    pub volunteer: VolunteerId,
    /// The start that it is a no to, where it is one to the hour only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hour: Option<Timestamp>,
    /// A coordinator let them go: no plan chooses them for it again. They have said no such thing, and may be asked or assigned by hand.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_coordinator: bool,
}

/// One help request with a kind, places, alternative windows, duration, slots and priority.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gig {
    /// The network it belongs to.
    pub network: NetworkId,
    /// Its identifier.
    pub id: GigId,
    /// The association that asks on the seeker's behalf, if any.
    #[serde(default)]
    pub association: Option<AssociationId>,
    /// Its key in the coordinators' own list, if imported.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Its kind.
    pub kind: KindId,
    /// Who gets help.
    pub seeker: SeekerId,
    /// Where it happens (an escort: where it begins). None for a kind without place.
    #[serde(default)]
    pub place: Option<Place>,
    /// Where an escort ends, if elsewhere: the way onward starts there.
    #[serde(default)]
    pub destination: Option<Place>,
    /// Alternative windows, 1 to [`WINDOWS_MAX`]; the gig lies wholly in one.
    pub windows: Vec<TimeWindow>,
    /// How long it takes, in seconds.
    pub duration_s: u32,
    /// One or two helpers' places; filled whole or not at all, same start.
    pub slots: Vec<Slot>,
    /// Languages of which a helper speaks at least one.
    pub languages: SortedSet<LanguageTag>,
    /// 1 (can wait) to 5 (must not wait).
    pub priority: u8,
    /// What would be nice.
    #[serde(default)]
    pub wishes: Wishes,
    /// The campaign it belongs to: "Yhdessä ulos 2026".
    #[serde(default)]
    pub campaign: Option<Name>,
    /// What was asked on the phone for this gig.
    #[serde(default)]
    pub intake: Intake,
    /// What is to be done, in task words.
    #[serde(default)]
    pub note: Option<Sensitive<Note>>,
    /// Where it is in its life.
    pub state: GigState,
    /// The agreed start, once a first helper is held.
    #[serde(default)]
    pub start: Option<Timestamp>,
    /// How many times a helper was released: raises urgency.
    #[serde(default)]
    pub reopened: u32,
    /// Hours at which volunteers said they could come instead: for this gig they count as available then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_hours: Vec<OtherHour>,
    /// Who said no to it or gave it back, and has not said yes since: nobody plans, quotes or shows it for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub noes: Vec<GigNo>,
    /// Why it was cancelled, in task words.
    #[serde(default)]
    pub cancel_reason: Option<Name>,
    /// Version and times.
    pub meta: Meta,
}

impl Gig {
    /// The weight of a priority: 1, 2, 4, 8, 16.
    #[must_use]
    pub fn weight(&self) -> u32 {
        1 << (u32::from(self.priority.clamp(*PRIORITIES.start(), *PRIORITIES.end())) - 1)
    }

    /// Whether it may begin at an instant: it then lies wholly in one of its windows.
    #[must_use]
    pub fn may_start(&self, start: Timestamp) -> bool {
        self.span(start).is_some_and(|span| self.windows.iter().any(|window| window.contains(&span)))
    }

    /// The time it takes when it begins at an instant.
    #[must_use]
    pub fn span(&self, start: Timestamp) -> Option<TimeWindow> {
        let end = start.checked_add(jiff::SignedDuration::from_secs(i64::from(self.duration_s))).ok()?;
        TimeWindow::new(start, end).ok()
    }

    /// Keeps a no; a later one of the same volunteer stands instead of the one before, but one to the hour never weakens one to the gig.
    pub fn note_no(&mut self, volunteer: &VolunteerId, hour: Option<Timestamp>) {
        if hour.is_some() && self.noes.iter().any(|no| no.volunteer == *volunteer && no.hour.is_none()) {
            return;
        }
        self.forget_no(volunteer);
        self.noes.push(GigNo { volunteer: volunteer.clone(), hour, by_coordinator: false });
    }

    /// Keeps that a coordinator let a volunteer go; a no of their own stands instead.
    pub fn note_let_go(&mut self, volunteer: &VolunteerId) {
        if self.noes.iter().all(|no| no.volunteer != *volunteer) {
            self.noes.push(GigNo { volunteer: volunteer.clone(), hour: None, by_coordinator: true });
        }
    }

    /// Forgets a volunteer's no: they said yes. Says whether there was one.
    pub fn forget_no(&mut self, volunteer: &VolunteerId) -> bool {
        let known = self.noes.len();
        self.noes.retain(|no| no.volunteer != *volunteer);
        self.noes.len() < known
    }

    /// Whether an hour was named or refused for it: then not everybody's hours are those of their calendar.
    #[must_use]
    pub fn has_own_hours(&self) -> bool {
        !self.other_hours.is_empty() || self.noes.iter().any(|no| no.hour.is_some())
    }

    /// The end of its last window: after it, an unfilled gig is unmet.
    #[must_use]
    pub fn last_end(&self) -> Option<Timestamp> {
        self.windows.iter().map(TimeWindow::end).max()
    }
}

impl GigNo {
    /// Whether it forbids the gig: one to the hour only does if that hour is agreed, or if whoever asks is free to choose the hour and could
    /// choose that one.
    #[must_use]
    pub fn forbids(&self, agreed: Option<Timestamp>, is_hour_free: bool) -> bool {
        self.hour.is_none_or(|hour| is_hour_free || agreed == Some(hour))
    }
}

#[cfg(test)]
mod tests {
    use super::GigNo;
    use crate::id::VolunteerId;

    #[test]
    fn a_no_to_the_hour_leaves_the_other_hours() {
        let volunteer = VolunteerId::new("v1").expect("id");
        let at = |minute: i8| {
            "2026-11-23T10:00:00Z".parse::<jiff::Timestamp>().expect("time")
                + jiff::SignedDuration::from_mins(minute.into())
        };
        let whole = GigNo { volunteer: volunteer.clone(), hour: None, by_coordinator: false };
        let hour = GigNo { hour: Some(at(0)), ..whole.clone() };
        assert!(whole.forbids(None, false) && whole.forbids(Some(at(1)), false));
        assert!(hour.forbids(Some(at(0)), false) && hour.forbids(None, true) && hour.forbids(Some(at(1)), true));
        assert!(!hour.forbids(Some(at(1)), false) && !hour.forbids(None, false));
    }
}
