//! Gigs and their assignments.

use dispatch::gigs::{GigFilter, NewGig};
use domain::gig::Wishes;
use domain::{Assignment, Gig, GigState, KindId, NetworkId, SeekerId, Slot};
use proto::dispatch::v1 as wire;
use store::Filter;

use super::check::{at, nth};
use super::filter::{FilterError, Term};
use super::noun::{Noun, Target};
use super::{Check, Choice as _, View, choice, intake, language, name, place, text, time, window};

/// The codes of a gig's state.
const STATES: &[GigState] = &[
    GigState::Open,
    GigState::Offered,
    GigState::Filled,
    GigState::InProgress,
    GigState::Completed,
    GigState::Cancelled,
    GigState::Unmet,
];

impl Noun for Gig {
    type Wire = wire::Gig;
    const MESSAGE: &'static str = "keikka.dispatch.v1.Gig";
    const RENAMED: &'static [(&'static str, &'static str)] = &[("duration_s", "duration"), ("note", "notes")];

    /// Reads a changed gig: what the service itself keeps is taken from what stands.
    fn read(wire: &wire::Gig, target: &Target<'_, Self>, check: &mut Check) -> Option<Self> {
        let current = target.current?;
        let new = read_new(wire, target.network, Some(current), check);
        let duration_s = new.as_ref().and_then(|new| new.duration_s);
        if new.is_some() && duration_s.is_none() {
            check.add("gig.duration", "must be given");
        }
        let new = new?;
        Some(Self {
            network: new.network,
            id: current.id.clone(),
            association: new.association,
            external_id: new.external_id,
            kind: new.kind,
            seeker: new.seeker,
            place: new.place,
            destination: new.destination,
            windows: new.windows,
            duration_s: duration_s?,
            slots: new.slots,
            languages: new.languages,
            priority: new.priority.unwrap_or(dispatch::gigs::PRIORITY_DEFAULT),
            wishes: new.wishes,
            campaign: new.campaign,
            intake: new.intake,
            note: new.note,
            state: current.state,
            start: current.start,
            reopened: current.reopened,
            other_hours: current.other_hours.clone(),
            noes: current.noes.clone(),
            cancel_reason: current.cancel_reason.clone(),
            meta: target.meta(),
        })
    }

    fn show(&self, view: View) -> wire::Gig {
        let people = view.people();
        wire::Gig {
            name: name::of(&self.network, &self.id),
            kind: name::of(&self.network, &self.kind),
            seeker: name::of(&self.network, &self.seeker),
            association: name::of_optional(&self.network, self.association.as_ref()),
            external_id: self.external_id.clone().unwrap_or_default(),
            place: self.place.as_ref().map(|place| place::of(place, view)),
            destination: self.destination.as_ref().map(|place| place::of(place, view)),
            windows: self.windows.iter().map(window::of).collect(),
            duration: Some(time::of_seconds(self.duration_s)),
            slots: self.slots.iter().map(|slot| of_slot(&self.network, slot)).collect(),
            languages: language::of(&self.languages),
            priority: i32::from(self.priority),
            wishes: of_wishes(&self.wishes),
            campaign: text::of(self.campaign.as_ref()),
            intake: intake::of(&self.intake, view),
            notes: text::shown(self.note.as_ref(), people),
            state: self.state.wire(),
            agreed_start_time: self.start.map(time::of),
            assignments: Vec::new(),
            reopened_count: i32::try_from(self.reopened).unwrap_or(i32::MAX),
            cancel_reason: text::of(self.cancel_reason.as_ref()),
            etag: self.meta.etag(),
            create_time: time::created(&self.meta),
            update_time: time::updated(&self.meta),
        }
    }

    fn narrow(term: &Term, network: &NetworkId, filter: &mut Filter) -> Result<(), FilterError> {
        match term.field.as_str() {
            "state" => {
                let codes: Vec<&str> = STATES.iter().map(|state| state.code()).collect();
                filter.states.push(term.choice(&codes)?);
            }
            "kind" => filter.kind = Some(term.reference::<KindId>(network)?),
            "seeker" => filter.seeker = Some(term.reference::<SeekerId>(network)?),
            "association" => filter.association = Some(term.reference(network)?),
            "priority" if term.value.parse::<u8>().is_err() => return Err(term.wrong()),
            "priority" | "campaign" | "external_id" | "text" => {}
            _ => return Err(term.unknown()),
        }
        Ok(())
    }

    fn matches(&self, term: &Term) -> bool {
        match term.field.as_str() {
            "priority" => term.value.parse() == Ok(self.priority),
            "campaign" => self.campaign.as_ref().is_some_and(|campaign| campaign.as_str() == term.value),
            "external_id" => self.external_id.as_deref() == Some(term.value.as_str()),
            "text" => self.note.as_ref().is_some_and(|note| term.within(note.expose().as_str())),
            _ => true,
        }
    }

    fn etag(wire: &wire::Gig) -> &str {
        &wire.etag
    }

    fn resource_name(wire: &wire::Gig) -> &str {
        &wire.name
    }
}

/// Reads a gig that is asked for; what the caller leaves out comes from kind and seeker.
pub(crate) fn read_new(
    wire: &wire::Gig,
    network: &NetworkId,
    current: Option<&Gig>,
    check: &mut Check,
) -> Option<NewGig> {
    let kind = check.take("gig.kind", name::reference::<KindId>(&wire.kind, network));
    let seeker = check.take("gig.seeker", name::reference::<SeekerId>(&wire.seeker, network));
    if wire.windows.is_empty() {
        check.add("gig.windows", "must hold at least one window");
    }
    let windows = wire.windows.iter().enumerate();
    let windows = windows.filter_map(|(index, given)| window::read(check, &nth("gig", "windows", index), given));
    let windows = windows.collect();
    let duration = wire.duration.as_ref().map(|duration| time::seconds(check, "gig.duration", duration));
    let priority = u8::try_from(wire.priority).map_err(|_| "must be 1 to 5");
    let priority = check.take("gig.priority", priority);
    let slots = wire.slots.iter().enumerate();
    let slots = slots.map(|(index, slot)| read_slot(check, &nth("gig", "slots", index), slot, network)).collect();
    let current_place = current.and_then(|gig| gig.place.as_ref());
    let current_destination = current.and_then(|gig| gig.destination.as_ref());
    let (place_field, destination_field) = ("gig.place", "gig.destination");
    let new = NewGig {
        association: name::optional(check, "gig.association".to_owned(), &wire.association, network),
        external_id: text::optional_line(check, "gig.external_id", &wire.external_id),
        place: place::optional(check, place_field, wire.place.as_ref(), current_place),
        destination: place::optional(check, destination_field, wire.destination.as_ref(), current_destination),
        duration_s: duration.flatten(),
        slots,
        languages: language::list(check, "gig", "languages", &wire.languages),
        priority: priority.filter(|priority| *priority > 0),
        wishes: read_wishes(check, wire.wishes.as_ref()),
        campaign: text::optional_name(check, "gig.campaign", &wire.campaign),
        intake: intake::read(check, "gig.intake", wire.intake.as_ref()),
        note: text::optional_note(check, "gig.notes", &wire.notes),
        ..NewGig::new(network.clone(), kind?, seeker?, windows)
    };
    Some(new)
}

/// The storage's filter for gigs, as the use case takes it.
pub(crate) fn filter(filter: Filter) -> GigFilter {
    GigFilter {
        association: filter.association,
        states: STATES.iter().copied().filter(|state| filter.states.iter().any(|code| code == state.code())).collect(),
        kind: filter.kind,
        seeker: filter.seeker,
        from: filter.from,
        to: filter.to,
    }
}

/// A gig with its assignments.
pub(crate) fn with_assignments(gig: &Gig, assignments: &[Assignment], view: View) -> wire::Gig {
    let mut wire = gig.show(view);
    let active = assignments.iter().filter(|assignment| assignment.state.counts());
    wire.assignments = active.map(assignment).collect();
    wire
}

pub(crate) fn assignment(assignment: &Assignment) -> wire::Assignment {
    wire::Assignment {
        name: name::of(&assignment.network, &assignment.id),
        gig: name::of(&assignment.network, &assignment.gig),
        slot: i32::from(assignment.slot),
        volunteer: name::of(&assignment.network, &assignment.volunteer),
        start_time: Some(time::of(assignment.span.start())),
        end_time: Some(time::of(assignment.span.end())),
        state: assignment.state.wire(),
        source: assignment.source.wire(),
        told_time: assignment.told_time.map(time::of),
        release_reason: text::of(assignment.release_reason.as_ref()),
        create_time: Some(time::of(assignment.create_time)),
        update_time: Some(time::of(assignment.update_time)),
    }
}

fn read_slot(check: &mut Check, field: &str, slot: &wire::Slot, network: &NetworkId) -> Slot {
    Slot {
        skills: name::list(check, &at(field, "skills"), &slot.skills, network),
        label: text::optional_name(check, at(field, "label"), &slot.label),
    }
}

fn of_slot(network: &NetworkId, slot: &Slot) -> wire::Slot {
    wire::Slot { skills: name::of_all(network, &slot.skills), label: text::of(slot.label.as_ref()) }
}

fn read_wishes(check: &mut Check, wishes: Option<&wire::Wishes>) -> Wishes {
    let Some(wishes) = wishes else { return Wishes::default() };
    let preferred_sex = choice::optional(check, "gig.wishes.preferred_sex", wishes.preferred_sex);
    Wishes { preferred_sex, familiar_face: wishes.familiar_face }
}

fn of_wishes(wishes: &Wishes) -> Option<wire::Wishes> {
    (*wishes != Wishes::default()).then(|| wire::Wishes {
        preferred_sex: choice::wire(wishes.preferred_sex),
        familiar_face: wishes.familiar_face,
    })
}
