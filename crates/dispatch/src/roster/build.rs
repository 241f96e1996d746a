//! From rows to a snapshot: pure, ordered by id, the same for the same rows.

use std::collections::{BTreeMap, BTreeSet};

use domain::contact::ContactMode;
use domain::{Assignment, AssignmentState, Days, Gig, GigId, GigState, Seeker, SeekerId, Volunteer, VolunteerId};
use matching::snapshot::{GigRow, Promise, PromiseState, Snapshot, Span, VolunteerRow};

use super::{Frame, LeftOut, Material, Roster, people, task};
use crate::offers::limits::Rests;

impl Roster {
    /// The snapshot of what was read. With `moving`, accepted promises of the period may be moved.
    pub(crate) fn build(material: Material, frame: &Frame, moving: bool) -> Self {
        let known: BTreeSet<&VolunteerId> = material.volunteers.iter().map(|volunteer| &volunteer.id).collect();
        let mut roster = Self { held: by_gig(&material.assignments, &known), ..Self::default() };
        let mut rows: Vec<GigRow> = Vec::new();
        let mut pinned: BTreeSet<String> = BTreeSet::new();
        let row_of = |gig: &Gig| {
            let seeker = material.seekers.get(&gig.seeker);
            if !material.by_hand && seeker.is_some_and(is_mediated) {
                return Err(LeftOut::Mediated);
            }
            task::row(gig, material.kinds.get(&gig.kind), seeker, frame)
        };
        for gig in &material.wanted {
            roster.looked_at.insert(gig.id.clone());
            match row_of(gig) {
                Ok(row) => rows.push(row),
                Err(why) => {
                    roster.left_out.insert(gig.id.clone(), why);
                    if roster.held.contains_key(&gig.id) {
                        pinned.insert(gig.id.to_string());
                        rows.push(task::fixed_row(gig, true));
                    }
                }
            }
        }
        for gig in &material.standing {
            roster.looked_at.insert(gig.id.clone());
            // Whoever should have begun by now may be there already.
            let ahead = gig.start.is_some_and(|start| start > frame.now);
            let movable = moving && ahead && gig.state == GigState::Filled;
            match row_of(gig) {
                // A start that may move is not an agreed one.
                Ok(row) if movable => rows.push(GigRow { agreed_start: None, ..row }),
                _ => {
                    pinned.insert(gig.id.to_string());
                    rows.push(task::fixed_row(gig, true));
                }
            }
        }
        for gig in &material.beside {
            pinned.insert(gig.id.to_string());
            rows.push(task::fixed_row(gig, false));
        }
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        let pairs = Pairs::of(&material.seekers);
        let nobody = BTreeSet::new();
        let days = Days::new(frame.weeks, &frame.zone);
        let mut volunteers: Vec<_> = material
            .volunteers
            .iter()
            .map(|volunteer| {
                let mut apart: BTreeSet<_> = volunteer.blocked_seekers.iter().cloned().collect();
                apart.extend(pairs.apart.get(&volunteer.id).into_iter().flatten().cloned());
                let known = pairs.known.get(&volunteer.id).unwrap_or(&nobody);
                let row = people::row(volunteer, frame, &days, &apart, known, &material.ties.of(&volunteer.id));
                VolunteerRow { demands: material.demands.get(&volunteer.id).cloned().unwrap_or_default(), ..row }
            })
            .collect();
        volunteers.sort_by(|a, b| a.id.cmp(&b.id));
        rest(&material.rests, &mut volunteers);
        let alone = match (material.wanted.as_slice(), material.standing.as_slice()) {
            ([gig], []) => Some(gig),
            _ => None,
        };
        if !material.is_asked_anew {
            let looked_at = material.wanted.iter().chain(&material.standing);
            let looked_at = looked_at.map(|gig| (gig, moving || gig.start.is_none()));
            noes(looked_at, alone, material.by_hand, &mut volunteers);
        }
        if let Some(gig) = alone {
            other_hours(gig, &material.volunteers, &mut volunteers);
        }
        roster.snapshot = Snapshot {
            promises: promises(&material, &rows, &volunteers, &pinned),
            volunteers,
            gigs: rows,
            day_starts: frame.day_starts(),
            week_starts: frame.week_starts(),
            ..Snapshot::default()
        };
        let gigs = material.wanted.into_iter().chain(material.standing).chain(material.beside);
        roster.gigs = gigs.map(|gig| (gig.id.clone(), gig)).collect();
        roster.volunteers =
            material.volunteers.into_iter().map(|volunteer| (volunteer.id.clone(), volunteer)).collect();
        roster
    }

    /// The same with one volunteer only, and those who hold a slot of a gig: it is not free.
    pub(crate) fn only(&self, id: &VolunteerId, gig: &GigId) -> Self {
        let held = self.held.get(gig).map_or(&[][..], Vec::as_slice);
        let stays = |one: &str| one == id.as_str() || held.iter().any(|held| held.volunteer.as_str() == one);
        let mut roster = self.clone();
        roster.snapshot.volunteers.retain(|row| stays(&row.id));
        roster.snapshot.promises.retain(|promise| stays(&promise.volunteer));
        roster.volunteers.retain(|known, _| stays(known.as_str()));
        roster
    }

    /// Somebody of the roster.
    pub(crate) fn person(&self, id: &VolunteerId) -> Option<&Volunteer> {
        self.volunteers.get(id).map(AsRef::as_ref)
    }

    /// Why a gig is left out, if it is.
    pub(crate) fn why_left_out(&self, gig: &domain::GigId) -> Option<LeftOut> {
        self.left_out.get(gig).copied()
    }
}

/// A kind that somebody lately said no to, and a way that they called too far, are not planned for them.
fn rest(rests: &BTreeMap<VolunteerId, Rests>, rows: &mut [VolunteerRow]) {
    for row in rows {
        let Some(rests) = VolunteerId::new(row.id.as_str()).ok().and_then(|id| rests.get(&id)) else { continue };
        row.kinds.retain(|kind| !rests.kinds.iter().any(|resting| resting.as_str() == kind));
        if let Some(way_s) = rests.too_far_s {
            row.max_travel_s = row.max_travel_s.min(i64::from(way_s) - 1);
        }
    }
}

/// Who said no to a gig, or gave it back, is left out of it. Gigs come with whether their hour is free. A no to the hour only takes
/// that hour where one gig is asked about alone; where hours are chosen for many it holds as a whole, as any hour could be chosen. Whom a
/// coordinator let go a person may still pick.
fn noes<'a>(
    gigs: impl Iterator<Item = (&'a Gig, bool)>,
    alone: Option<&Gig>,
    by_hand: bool,
    rows: &mut [VolunteerRow],
) {
    for (gig, is_hour_free) in gigs {
        for no in gig.noes.iter().filter(|no| !(by_hand && no.by_coordinator)) {
            let Ok(at) = rows.binary_search_by(|row| row.id.as_str().cmp(no.volunteer.as_str())) else { continue };
            let row = &mut rows[at];
            if no.forbids(gig.start, is_hour_free && alone.is_none()) {
                row.declined_gigs.push(gig.id.to_string());
            } else if let (Some(hour), None) = (no.hour, gig.start) {
                let hour = Span::new(hour.as_second(), hour.as_second() + i64::from(gig.duration_s));
                row.windows = row.windows.iter().flat_map(|window| without(*window, hour)).collect();
            }
        }
    }
}

/// What is left of a window without an hour in it.
fn without(window: Span, hour: Span) -> impl Iterator<Item = Span> {
    let parts = if window.meets(hour) {
        [Span::new(window.start, hour.start), Span::new(hour.end.max(window.start), window.end)]
    } else {
        [window, Span::new(0, 0)]
    };
    parts.into_iter().filter(|part| part.start < part.end)
}

/// Where one gig is asked about alone, who named another hour for it is available then, with the way there and back if there is one.
fn other_hours(gig: &Gig, people: &[std::sync::Arc<domain::Volunteer>], rows: &mut [VolunteerRow]) {
    for other in &gig.other_hours {
        let person = people.iter().find(|person| person.id == other.volunteer);
        let row = rows.iter_mut().find(|row| row.id == other.volunteer.as_str());
        let (Some(person), Some(row)) = (person, row) else { continue };
        let way_s = if gig.place.is_some() { i64::from(person.travel_limit_min) * 60 } else { 0 };
        let start = other.start.as_second();
        row.windows.push(Span::new(start - way_s, start + i64::from(gig.duration_s) + way_s));
    }
}

/// Whether a coordinator relays for a seeker: no cell leaves, and nothing is matched automatically.
pub(crate) fn is_mediated(seeker: &Seeker) -> bool {
    seeker.contact_mode == ContactMode::Mediated
}

/// What seekers say about volunteers, by volunteer.
#[derive(Default)]
struct Pairs {
    apart: BTreeMap<VolunteerId, BTreeSet<SeekerId>>,
    known: BTreeMap<VolunteerId, BTreeSet<SeekerId>>,
}

impl Pairs {
    fn of(seekers: &BTreeMap<SeekerId, Seeker>) -> Self {
        let mut pairs = Self::default();
        for seeker in seekers.values() {
            for volunteer in &seeker.blocked {
                pairs.apart.entry(volunteer.clone()).or_default().insert(seeker.id.clone());
            }
            for volunteer in &seeker.familiar {
                pairs.known.entry(volunteer.clone()).or_default().insert(seeker.id.clone());
            }
        }
        pairs
    }
}

/// What the volunteers looked at hold now, by gig and slot.
fn by_gig(assignments: &[Assignment], known: &BTreeSet<&VolunteerId>) -> BTreeMap<domain::GigId, Vec<Assignment>> {
    let mut held: BTreeMap<domain::GigId, Vec<Assignment>> = BTreeMap::new();
    let active = |one: &&Assignment| one.state.is_active() && known.contains(&one.volunteer);
    for assignment in assignments.iter().filter(active) {
        held.entry(assignment.gig.clone()).or_default().push(assignment.clone());
    }
    held.values_mut().for_each(|slots| slots.sort_by_key(|assignment| assignment.slot));
    held
}

/// Everything that counts as a promise between rows that are there. What a volunteer said since of its kind or of such ways is about other
/// gigs: it keeps the promise from being taken for one that nobody may have.
fn promises(
    material: &Material,
    gigs: &[GigRow],
    volunteers: &[VolunteerRow],
    pinned: &BTreeSet<String>,
) -> Vec<Promise> {
    let find_gig = |id: &str| gigs.binary_search_by(|row| row.id.as_str().cmp(id)).ok().map(|at| &gigs[at]);
    let has_volunteer = |id: &str| volunteers.binary_search_by(|row| row.id.as_str().cmp(id)).is_ok();
    let rests = |assignment: &Assignment, gig: &GigRow| {
        let said = material.rests.get(&assignment.volunteer);
        said.is_some_and(|said| {
            said.kinds.iter().any(|kind| kind.as_str() == gig.kind) || (said.too_far_s.is_some() && gig.place.is_some())
        })
    };
    let mut promises: Vec<Promise> = material
        .assignments
        .iter()
        .filter(|assignment| assignment.state.counts() && has_volunteer(assignment.volunteer.as_str()))
        .filter_map(|assignment| {
            let gig = find_gig(assignment.gig.as_str())?;
            let is_fixed = pinned.contains(assignment.gig.as_str()) || rests(assignment, gig);
            Some(Promise {
                gig: assignment.gig.to_string(),
                slot: usize::from(assignment.slot),
                volunteer: assignment.volunteer.to_string(),
                start: assignment.span.start().as_second(),
                state: if is_fixed { PromiseState::Started } else { firmness(assignment) },
            })
        })
        .collect();
    promises.sort_by(|a, b| (&a.gig, a.slot).cmp(&(&b.gig, b.slot)));
    promises
}

pub(super) fn firmness(assignment: &Assignment) -> PromiseState {
    match assignment.state {
        AssignmentState::Held => PromiseState::Held,
        AssignmentState::Accepted if assignment.told_time.is_some() => PromiseState::Told,
        AssignmentState::Accepted => PromiseState::Accepted,
        AssignmentState::Started | AssignmentState::Completed | AssignmentState::Released => PromiseState::Started,
    }
}
