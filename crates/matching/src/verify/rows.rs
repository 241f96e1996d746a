//! A plan's rows, each looked up in the snapshot: what of a plan can be counted at all is decided here.

use std::collections::{BTreeMap, BTreeSet};

use super::Breach;
use crate::{
    plan::Assignment,
    snapshot::{GigRow, Snapshot, VolunteerRow},
};

/// Starts further from the epoch than this many seconds (about 30,000 years) are not counted with.
const MAX_TIME_S: i64 = 1 << 40;

/// Who and what a snapshot names.
pub(super) struct Names<'a> {
    gigs: BTreeMap<&'a str, &'a GigRow>,
    people: BTreeMap<&'a str, &'a VolunteerRow>,
    promises: BTreeSet<(&'a str, usize, &'a str, i64)>,
    promised_starts: BTreeSet<(&'a str, i64)>,
}

/// A row of a plan whose gig is known and was not named before.
pub(super) struct Row<'a> {
    pub(super) gig: &'a GigRow,
    pub(super) assignment: &'a Assignment,
    /// Whether somebody was promised for this start before.
    pub(super) is_promised_start: bool,
    pub(super) seats: Vec<RowSeat<'a>>,
}

/// Who is to sit where.
pub(super) struct RowSeat<'a> {
    pub(super) slot: usize,
    pub(super) id: &'a str,
    /// None if the snapshot does not know them.
    pub(super) volunteer: Option<&'a VolunteerRow>,
    /// Whether this seat at this start was promised before.
    pub(super) is_promised: bool,
}

impl<'a> Names<'a> {
    pub(super) fn of(snapshot: &'a Snapshot) -> Self {
        let promises = || snapshot.promises.iter();
        Self {
            gigs: snapshot.gigs.iter().map(|row| (row.id.as_str(), row)).collect(),
            people: snapshot.volunteers.iter().map(|row| (row.id.as_str(), row)).collect(),
            promises: promises().map(|one| (one.gig.as_str(), one.slot, one.volunteer.as_str(), one.start)).collect(),
            promised_starts: promises().map(|one| (one.gig.as_str(), one.start)).collect(),
        }
    }

    /// The rows of a plan in their order; instead of a row that cannot be looked at, why.
    pub(super) fn rows(&self, assignments: &'a [Assignment]) -> impl Iterator<Item = Result<Row<'a>, Breach>> {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        assignments.iter().map(move |assignment| {
            let Some(&gig) = self.gigs.get(assignment.gig.as_str()) else {
                return Err(Breach::new("UNKNOWN_GIG", format!("gig {} is not in the snapshot", assignment.gig)));
            };
            if !seen.insert(&gig.id) {
                return Err(Breach::new("GIG_TWICE", format!("gig {} is assigned twice", gig.id)));
            }
            Ok(self.row(gig, assignment))
        })
    }

    fn row(&self, gig: &'a GigRow, assignment: &'a Assignment) -> Row<'a> {
        let (id, start) = (gig.id.as_str(), assignment.start);
        let seats = assignment.seats.iter().map(|seat| RowSeat {
            slot: seat.slot,
            id: &seat.volunteer,
            volunteer: self.people.get(seat.volunteer.as_str()).copied(),
            is_promised: self.promises.contains(&(id, seat.slot, &seat.volunteer, start)),
        });
        let is_promised_start = self.promised_starts.contains(&(id, start));
        Row { gig, assignment, is_promised_start, seats: seats.collect() }
    }
}

impl Row<'_> {
    /// Whether anything can be counted from its start.
    pub(super) fn is_countable(&self) -> bool {
        (-MAX_TIME_S..=MAX_TIME_S).contains(&self.assignment.start)
    }

    /// Whether it fills its gig: somebody who is not in the snapshot fills nothing.
    pub(super) fn is_whole(&self) -> bool {
        self.seats.len() == self.gig.slots.len() && self.seats.iter().all(|seat| seat.volunteer.is_some())
    }

    /// Whether all of it was promised before.
    pub(super) fn is_standing(&self) -> bool {
        !self.seats.is_empty() && self.seats.iter().all(|seat| seat.is_promised)
    }
}
