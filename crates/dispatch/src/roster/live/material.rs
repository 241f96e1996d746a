//! What a snapshot needs, from memory: for one gig beside everybody, for the board.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{Assignment, Gig, GigId, GigState, TimeWindow, Timestamp, Volunteer, VolunteerId};
use store::Document;

use super::super::{Frame, Material, Ties};
use super::Live;
use super::members::remembered_from;

/// Whether something that reaches over a span touches a period.
pub(super) fn touches(start: Timestamp, end: Timestamp, from: Timestamp, to: Timestamp) -> bool {
    end > from && start < to
}

impl Live {
    /// One gig beside the volunteers that pass, and what stands in the frame's weeks. The gig may be one that is not stored.
    pub(crate) fn one_gig(&self, gig: &Gig, frame: &Frame, who: impl Fn(&Volunteer) -> bool) -> Material {
        let mut material = Material::default();
        for volunteer in self.volunteers.iter().map(|(_, volunteer)| volunteer).filter(|volunteer| who(volunteer)) {
            material.volunteers.push(Arc::clone(volunteer));
        }
        self.add_weeks(&mut material, frame);
        material.ties = self.ties(&material.volunteers, frame.now);
        material.demands = self.demands_on(&material.volunteers);
        self.add_rules(&mut material, gig);
        if gig.state.wants_helpers() {
            material.wanted = vec![gig.clone()];
        } else {
            material.standing = vec![gig.clone()];
        }
        self.add_beside(&mut material);
        material
    }

    /// Open gigs for the board, beside what one volunteer has promised in the frame's weeks, if one is asked about.
    pub(crate) fn open_gigs(&self, person: Option<&Volunteer>, gigs: Vec<Gig>, frame: &Frame) -> Material {
        let mut material = Material::default();
        gigs.iter().for_each(|gig| self.add_rules(&mut material, gig));
        material.wanted = gigs;
        if let Some(person) = person {
            material.volunteers = vec![Arc::new(person.clone())];
            self.add_weeks(&mut material, frame);
            material.ties = self.ties(&material.volunteers, frame.now);
            self.add_beside(&mut material);
        }
        material
    }

    /// The gigs that want helpers and have a window in a period, by id.
    pub(crate) fn wanted(&self, period: TimeWindow) -> Vec<Gig> {
        let inside = |gig: &Gig| {
            let keys = gig.keys();
            gig.state.wants_helpers()
                && keys.starts.zip(keys.ends).is_some_and(|(a, b)| touches(a, b, period.start(), period.end()))
        };
        let mut found: Vec<Gig> =
            self.gigs.iter().filter(|(_, gig)| inside(gig)).map(|(_, gig)| Gig::clone(gig)).collect();
        found.sort_by(|a, b| a.id.cmp(&b.id));
        found
    }

    /// Who holds a slot of a gig now, by slot.
    pub(crate) fn holders(&self, gig: &GigId) -> Vec<Assignment> {
        let active = self.of_gig.list(gig).iter().filter(|assignment| assignment.state.is_active());
        let mut held: Vec<Assignment> = active.map(|assignment| Assignment::clone(assignment)).collect();
        held.sort_by_key(|assignment| assignment.slot);
        held
    }

    /// What counts in the frame's weeks.
    fn add_weeks(&self, material: &mut Material, frame: &Frame) {
        let (from, to) = (frame.weeks.start(), frame.weeks.end());
        for volunteer in &material.volunteers {
            let counts = |one: &&Arc<Assignment>| touches(one.span.start(), one.span.end(), from, to);
            let of_one = self.of_volunteer.list(&volunteer.id).iter().filter(counts);
            material.assignments.extend(of_one.map(|assignment| Assignment::clone(assignment)));
        }
    }

    /// The kind and the seeker of a gig.
    fn add_rules(&self, material: &mut Material, gig: &Gig) {
        if let Some(kind) = self.kinds.get(&gig.kind) {
            material.kinds.entry(kind.id.clone()).or_insert_with(|| (**kind).clone());
        }
        if let Some(seeker) = self.seekers.get(&gig.seeker) {
            material.seekers.entry(seeker.id.clone()).or_insert_with(|| (**seeker).clone());
        }
    }

    /// The gigs of assignments that are not among the gigs looked at. Assignments of gigs that are gone are dropped.
    fn add_beside(&self, material: &mut Material) {
        let known: BTreeSet<&GigId> = material.wanted.iter().chain(&material.standing).map(|gig| &gig.id).collect();
        let missing: BTreeSet<&GigId> =
            material.assignments.iter().map(|assignment| &assignment.gig).filter(|id| !known.contains(id)).collect();
        material.beside = missing.into_iter().filter_map(|id| self.gig(id).map(|gig| Gig::clone(gig))).collect();
    }

    /// Who of these has helped whom in the time that is remembered.
    fn ties(&self, volunteers: &[Arc<Volunteer>], now: Timestamp) -> Ties {
        let from = remembered_from(now);
        let mut done: Vec<Assignment> = Vec::new();
        let mut gigs: BTreeMap<GigId, Gig> = BTreeMap::new();
        let past = |one: &&Arc<Assignment>| touches(one.span.start(), one.span.end(), from, now);
        for id in volunteers.iter().map(|volunteer| &volunteer.id) {
            for assignment in self.of_volunteer.list::<VolunteerId>(id).iter().filter(past) {
                done.push(Assignment::clone(assignment));
                let completed = |gig: &&Arc<Gig>| {
                    let keys = gig.keys();
                    gig.state == GigState::Completed
                        && keys.starts.zip(keys.ends).is_some_and(|(a, b)| touches(a, b, from, now))
                };
                if let Some(gig) = self.gig(&assignment.gig).filter(completed) {
                    gigs.entry(gig.id.clone()).or_insert_with(|| Gig::clone(gig));
                }
            }
        }
        Ties::from_past(&done, &gigs, now)
    }
}
