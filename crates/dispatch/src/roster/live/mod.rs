//! The live roster: what quotes, the board and explanations read of a network, kept in memory and brought up to date from the store's change
//! cursor before each answer. An answer is never older than the call: whoever writes and then asks, on whatever server, finds what
//! they wrote.
//!
//! A [`Live`] is one moment of a network and never changes; [`Rosters`] swaps it for the next one, so that readers wait for no writer.

mod demands;
mod follow;
mod likeness;
mod material;
mod members;
mod shards;
mod turns;

use std::sync::Arc;

use domain::{
    Assignment, AssignmentId, Gig, GigId, Kind, KindId, NetworkId, Seeker, SeekerId, Timestamp, Volunteer, VolunteerId,
};
use jiff::SignedDuration;
use store::Cursor;

use demands::Demands;
use likeness::Likeness;
use members::Members;
use shards::Shards;
pub(crate) use turns::Rosters;

/// A live roster is read anew after so many days, so that what is long over does not stay.
const FRESH_DAYS: i64 = 7;

/// One moment of a network.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    /// The network.
    network: NetworkId,
    /// The moment, in the network's history of writes.
    cursor: Cursor,
    /// The time of the call for which everything was read.
    read: Timestamp,
    /// Everybody.
    volunteers: Shards<VolunteerId, Arc<Volunteer>>,
    /// What they have alike.
    likeness: Arc<Likeness>,
    /// All seekers.
    seekers: Shards<SeekerId, Arc<Seeker>>,
    /// The catalogue.
    kinds: Shards<KindId, Arc<Kind>>,
    /// Gigs that are wanted, promised or remembered.
    gigs: Shards<GigId, Arc<Gig>>,
    /// What counts or is remembered, by its id.
    assignments: Shards<AssignmentId, Arc<Assignment>>,
    /// The same by volunteer.
    of_volunteer: Shards<VolunteerId, Vec<Arc<Assignment>>>,
    /// The same by gig.
    of_gig: Shards<GigId, Vec<Arc<Assignment>>>,
    /// Completed gigs by seeker.
    completed_of: Shards<SeekerId, Vec<GigId>>,
    /// What the last plans want people's hours for.
    demands: Demands,
    /// The volunteers as the core's index has them.
    members: Members,
}

impl Live {
    /// Whether it can be brought up to date, rather than read anew.
    fn lasts(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.read);
        age.abs() < SignedDuration::from_hours(24 * FRESH_DAYS) && !self.demands.are_old(now)
    }

    /// A gig that is wanted, promised or remembered.
    pub(crate) fn gig(&self, id: &GigId) -> Option<&Arc<Gig>> {
        self.gigs.get(id)
    }

    /// What a volunteer is or was promised for, as far as it counts or is remembered.
    pub(crate) fn assignments_of(&self, id: &VolunteerId) -> &[Arc<Assignment>] {
        self.of_volunteer.list(id)
    }

    /// A volunteer.
    pub(crate) fn volunteer(&self, id: &VolunteerId) -> Option<&Arc<Volunteer>> {
        self.volunteers.get(id)
    }
}
