//! The words of keikka as types: who asks, who helps, what is promised.
//!
//! Pure values with their invariants: no I/O, no clock, no async, no SQL, no wire format. Time is passed in. A value that
//! exists is valid: constructors refuse what the domain forbids and say why. `serde` is derived so that the store can keep
//! nested values as versioned JSON documents (`docs/decisions/0001-documents-in-text-columns.md`); the wire has types of its own.
//!
//! **Most common change, a new field:** add it to the noun's struct with `#[serde(default)]`, so that old rows still read; add
//! it to the proto message and to `server/convert/<noun>`; say in the noun's doc what it means and in which unit.

pub mod access;
pub mod asking;
pub mod assignment;
pub mod association;
pub mod availability;
pub mod cell;
mod checked;
pub mod contact;
pub mod contact_week;
pub mod event;
pub mod explanation;
mod finland;
pub mod gig;
pub mod gig_life;
pub mod id;
pub mod intake;
pub mod kind;
pub mod language;
pub mod message_hours;
pub mod meta;
pub mod network;
pub mod offer;
pub mod place;
pub mod plan;
pub mod reason;
pub mod refusal;
pub mod seeker;
pub mod sensitive;
pub mod sheet;
pub mod skill;
mod sorted_set;
pub mod text;
pub mod volunteer;
pub mod window;

pub use access::{Principal, RequestKey, Role, Scope, WriteContext};
pub use asking::Asking;
pub use assignment::{Assignment, AssignmentState, ClaimSource};
pub use association::Association;
pub use availability::{Availability, AvailabilityException, DateRange, Days, MinuteOfDay, WeeklyWindow};
pub use contact::{Channel, ContactMode, ContactPreferences, PhoneNumber};
pub use contact_week::ContactWeek;
pub use event::{Event, EventKind};
pub use explanation::Explanation;
pub use gig::{Gig, Slot};
pub use gig_life::{GigAction, GigState};
pub use id::{
    AssignmentId, AssociationId, EventId, GigId, KindId, NetworkId, OfferId, PlanId, PrincipalId, SeekerId, SkillId,
    VolunteerId,
};
pub use intake::Intake;
pub use jiff::{Timestamp, civil::Date};
pub use kind::Kind;
pub use language::LanguageTag;
pub use meta::Meta;
pub use network::Network;
pub use offer::Offer;
pub use place::{Coordinates, Place, Precision};
pub use plan::Plan;
pub use reason::Reason;
pub use refusal::{Refusal, RefusalKind, Violation, Violations};
pub use seeker::Seeker;
pub use sensitive::Sensitive;
pub use skill::Skill;
pub use sorted_set::{Alike, SortedSet};
pub use text::{LocalizedText, Name, Note};
pub use volunteer::Volunteer;
pub use window::TimeWindow;

/// The time zone of every civil time in keikka: availability, quiet hours, days and weeks of the caps.
pub const ZONE: &str = "Europe/Helsinki";

/// The time zone [`ZONE`] as a value.
///
/// # Panics
/// Never: the zone is compiled in with jiff's bundled database.
#[must_use]
pub fn zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(ZONE).expect("Europe/Helsinki is in the bundled time zone database")
}
