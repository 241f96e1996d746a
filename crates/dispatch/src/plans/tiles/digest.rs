//! A digest of the rows that a tile is about: equal where nothing has changed in between, so that a tile is planned by others from
//! exactly what the asker knows, or not at all.

use std::collections::HashMap;
use std::fmt::{self, Write as _};

use matching::planner::TileTask;
use matching::snapshot::{GigRow, Snapshot};

/// The rows of a snapshot by id, for digests of its tiles.
#[derive(Debug)]
pub(super) struct Digests<'s> {
    snapshot: &'s Snapshot,
    promises_of_volunteer: HashMap<&'s str, Vec<usize>>,
    promises_of_gig: HashMap<&'s str, Vec<usize>>,
}

impl<'s> Digests<'s> {
    /// Over a snapshot whose rows are sorted by id.
    pub(super) fn new(snapshot: &'s Snapshot) -> Self {
        let mut digests = Self { snapshot, promises_of_volunteer: HashMap::new(), promises_of_gig: HashMap::new() };
        for (number, promise) in snapshot.promises.iter().enumerate() {
            digests.promises_of_volunteer.entry(&promise.volunteer).or_default().push(number);
            digests.promises_of_gig.entry(&promise.gig).or_default().push(number);
        }
        digests
    }

    fn gig(&self, id: &str) -> Option<&'s GigRow> {
        let at = self.snapshot.gigs.binary_search_by(|row| row.id.as_str().cmp(id)).ok()?;
        Some(&self.snapshot.gigs[at])
    }

    /// The digest of everything that a tile depends on; none if a row is not there. Every field counts, also those that are added to a
    /// row later: the rows are written out as they would be for a developer.
    pub(super) fn of(&self, task: &TileTask) -> Option<u64> {
        let snapshot = self.snapshot;
        let mut sum = Sum::default();
        let frame = (&snapshot.day_starts, &snapshot.week_starts, snapshot.detour_permille, snapshot.earth_radius_m);
        sum.eat(&frame);
        for id in &task.volunteers {
            let at = snapshot.volunteers.binary_search_by(|row| row.id.as_str().cmp(id)).ok()?;
            sum.eat(&snapshot.volunteers[at]);
            for &number in self.promises_of_volunteer.get(id.as_str()).into_iter().flatten() {
                let promise = &snapshot.promises[number];
                sum.eat(promise);
                sum.eat(self.gig(&promise.gig)?);
            }
        }
        for id in &task.gigs {
            sum.eat(self.gig(id)?);
            for &number in self.promises_of_gig.get(id.as_str()).into_iter().flatten() {
                sum.eat(&snapshot.promises[number]);
            }
        }
        for lock in &task.locks {
            sum.eat(self.gig(&lock.gig)?);
        }
        Some(sum.0)
    }
}

/// FNV-1a over what is written into it.
struct Sum(u64);

impl Default for Sum {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Sum {
    fn eat(&mut self, row: &dyn fmt::Debug) {
        // Writing into a sum cannot fail.
        let _ = write!(self, "{row:?};");
    }
}

impl fmt::Write for Sum {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use matching::planner::TileLock;
    use matching::snapshot::{Point, Promise, PromiseState, VolunteerRow};

    use super::*;

    fn promise(gig: &str, volunteer: &str, start: i64) -> Promise {
        Promise { gig: gig.into(), slot: 0, volunteer: volunteer.into(), start, state: PromiseState::Accepted }
    }

    fn snapshot() -> Snapshot {
        let volunteer = |id: &str| VolunteerRow { id: id.into(), ..VolunteerRow::default() };
        let gig = |id: &str| GigRow { id: id.into(), duration_s: 3600, ..GigRow::default() };
        Snapshot {
            volunteers: ["v1", "v2", "v3"].map(volunteer).into(),
            gigs: ["g1", "g2", "g3", "g4", "g5"].map(gig).into(),
            promises: vec![promise("g3", "v1", 7200), promise("g5", "v3", 7200)],
            ..Snapshot::default()
        }
    }

    fn task() -> TileTask {
        TileTask {
            volunteers: vec!["v1".into(), "v2".into()],
            gigs: vec!["g1".into(), "g2".into()],
            locks: vec![TileLock { volunteer: 0, window: 0, gig: "g4".into(), start: 0 }],
            ..TileTask::default()
        }
    }

    #[test]
    fn a_change_of_any_row_of_the_tile_is_seen_and_of_no_other() {
        let of = |change: &dyn Fn(&mut Snapshot)| {
            let mut snapshot = snapshot();
            change(&mut snapshot);
            Digests::new(&snapshot).of(&task())
        };
        let before = of(&|_| ());
        assert!(before.is_some());
        type Bend<'a> = (&'a str, &'a dyn Fn(&mut Snapshot));
        let seen: [Bend<'_>; 7] = [
            ("a volunteer", &|s| s.volunteers[1].home = Some(Point { lat: 60.0, lon: 25.0 })),
            ("a gig", &|s| s.gigs[0].weight += 1),
            ("a promised gig", &|s| s.gigs[2].duration_s += 1),
            ("a locked gig", &|s| s.gigs[3].duration_s += 1),
            ("a promise of the people", &|s| s.promises[0].start += 900),
            ("a promise of the gigs", &|s| s.promises.push(promise("g1", "v3", 0))),
            ("the days", &|s| s.day_starts.push(0)),
        ];
        for (what, change) in seen {
            assert_ne!(of(change), before, "{what}");
        }
        let elsewhere = of(&|s| {
            s.volunteers[2].max_gigs_day += 1;
            s.gigs[4].weight += 1;
            s.promises.push(promise("g5", "v3", 900));
        });
        assert_eq!(elsewhere, before);
        assert_eq!(of(&|s| drop(s.volunteers.remove(0))), None);
        assert_eq!(of(&|s| drop(s.gigs.remove(1))), None);
    }
}
