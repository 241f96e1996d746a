//! The roster (miehistö): stored volunteers, gigs and promises as the matching core sees them.
//!
//! [`gather`] reads rows inside one transaction, [`live`] keeps them in memory, [`Roster::build`] turns them into a `matching::Snapshot`, sorted by id and
//! without a clock, so that equal rows give an equal plan. Whatever the core cannot know (local midnights, the validity of
//! a skill by date, who relays for whom) is settled here and nowhere else.

mod build;
pub(crate) mod familiar;
pub(crate) mod frame;
pub(crate) mod gather;
pub(crate) mod live;
mod people;
mod task;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{Assignment, Gig, GigId, Kind, KindId, Seeker, SeekerId, Timestamp, Volunteer, VolunteerId};
use matching::snapshot::{Demand, Point, Snapshot};

use crate::offers::limits::Rests;

pub(crate) use build::is_mediated;
pub(crate) use familiar::Ties;
pub(crate) use frame::Frame;
pub(crate) use task::LeftOut;

/// What was read for a snapshot.
#[derive(Debug, Clone, Default)]
pub(crate) struct Material {
    /// The catalogue, as far as the gigs need it.
    pub(crate) kinds: BTreeMap<KindId, Kind>,
    /// The seekers of the gigs.
    pub(crate) seekers: BTreeMap<SeekerId, Seeker>,
    /// The volunteers looked at.
    pub(crate) volunteers: Vec<Arc<Volunteer>>,
    /// Gigs to be matched: they want helpers and lie in the period.
    pub(crate) wanted: Vec<Gig>,
    /// Gigs of the period that are promised already.
    pub(crate) standing: Vec<Gig>,
    /// Gigs outside the period that take up a volunteer's time or caps.
    pub(crate) beside: Vec<Gig>,
    /// What counts against time and caps, of the volunteers looked at.
    pub(crate) assignments: Vec<Assignment>,
    /// Who has helped whom before.
    pub(crate) ties: Ties,
    /// What volunteers said lately of kinds and ways, where nobody asks them.
    pub(crate) rests: BTreeMap<VolunteerId, Rests>,
    /// What the last plan wants volunteers for, where that is to be weighed.
    pub(crate) demands: BTreeMap<VolunteerId, Vec<Arc<Demand>>>,
    /// A coordinator names or picks the helpers: seekers for whom one relays are not left out.
    pub(crate) by_hand: bool,
    /// The volunteer says yes, or is about to be asked: a no that they gave before does not hold.
    pub(crate) is_asked_anew: bool,
}

/// A snapshot with the rows it was made from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Roster {
    /// What matching is told.
    pub(crate) snapshot: Snapshot,
    /// The volunteers by id: their versions are what a plan is compared with.
    pub(crate) volunteers: BTreeMap<VolunteerId, Arc<Volunteer>>,
    /// Every gig in the snapshot and every gig left out, by id.
    pub(crate) gigs: BTreeMap<GigId, Gig>,
    /// The gigs that the period is about: wanted, promised or left out.
    pub(crate) looked_at: BTreeSet<GigId>,
    /// Gigs that cannot be matched automatically, and why.
    pub(crate) left_out: BTreeMap<GigId, LeftOut>,
    /// What stands, by gig, ordered by slot.
    pub(crate) held: BTreeMap<GigId, Vec<Assignment>>,
}

/// The point of a place, for the travel measure.
fn point(place: &domain::Place) -> Point {
    Point { lat: place.coordinates.lat(), lon: place.coordinates.lon() }
}

/// The first whole second at or after an instant.
pub(crate) fn second_from(time: Timestamp) -> i64 {
    time.as_second() + i64::from(time.subsec_nanosecond() > 0)
}

/// The instant of a second of the snapshot.
pub(crate) fn instant(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("seconds of a snapshot come from timestamps")
}
