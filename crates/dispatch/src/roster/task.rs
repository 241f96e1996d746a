//! A stored gig as a row of the snapshot, or why it cannot be one.

use std::collections::BTreeSet;

use domain::{Gig, Kind, Seeker, Slot};
use matching::snapshot::{GigRow, SlotRow, Span};

use super::frame::Frame;
use super::people::{knows_trait, sex_trait};
use super::point;

/// A skill that nobody can hold: it keeps a free slot from being filled by a machine.
const NOBODY: &str = "(by hand only)";

/// Why a gig is not matched automatically.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LeftOut {
    /// A coordinator relays for the seeker: helpers are named by hand.
    Mediated,
    /// The kind happens at a place, and none is known.
    PlaceMissing,
    /// The kind or the seeker is not in the registry any more.
    RowMissing,
    /// What is left of its windows in the period is shorter than the gig.
    NoTimeLeft,
}

/// The row of a gig that is to be matched.
pub(super) fn row(gig: &Gig, kind: Option<&Kind>, seeker: Option<&Seeker>, frame: &Frame) -> Result<GigRow, LeftOut> {
    let (Some(kind), Some(seeker)) = (kind, seeker) else { return Err(LeftOut::RowMissing) };
    if kind.place_bound && gig.place.is_none() {
        return Err(LeftOut::PlaceMissing);
    }
    let duration_s = i64::from(gig.duration_s);
    let windows: Vec<Span> = gig
        .windows
        .iter()
        .filter_map(|window| frame.cut(window))
        .filter(|span| span.end - span.start >= duration_s)
        .collect();
    let agreed_start = gig.start.map(|start| start.as_second());
    let in_time =
        agreed_start.is_none_or(|start| windows.iter().any(|w| w.holds(Span::new(start, start + duration_s))));
    if windows.is_empty() || !in_time {
        return Err(LeftOut::NoTimeLeft);
    }
    let wished = gig.wishes.preferred_sex.or(gig.intake.preferred_sex).or(seeker.intake.preferred_sex);
    let known = gig.wishes.familiar_face.then(|| knows_trait(&gig.seeker));
    Ok(GigRow {
        windows,
        agreed_start,
        slots: gig.slots.iter().map(|slot| SlotRow { skills: skills(slot, kind).into_iter().collect() }).collect(),
        languages_any: languages(gig),
        weight: gig.weight(),
        min_age: kind.min_age.map(u32::from),
        wishes: wished.map(sex_trait).into_iter().chain(known).collect(),
        ..outline(gig)
    })
}

/// The row of a gig that only takes up time: its free slots, if any, stay free. `counts` says whether its weight does.
pub(super) fn fixed_row(gig: &Gig, counts: bool) -> GigRow {
    let windows = gig.windows.iter().map(|w| Span::new(w.start().as_second(), w.end().as_second())).collect();
    GigRow {
        windows,
        slots: gig.slots.iter().map(|_| SlotRow { skills: vec![NOBODY.to_owned()] }).collect(),
        languages_any: languages(gig),
        weight: if counts { gig.weight() } else { 0 },
        ..outline(gig)
    }
}

fn outline(gig: &Gig) -> GigRow {
    GigRow {
        id: gig.id.to_string(),
        kind: gig.kind.to_string(),
        seeker: Some(gig.seeker.to_string()),
        place: gig.place.as_ref().map(point),
        destination: gig.destination.as_ref().map(point),
        duration_s: i64::from(gig.duration_s),
        ..GigRow::default()
    }
}

/// The skills of a slot: its own and those of the kind.
fn skills(slot: &Slot, kind: &Kind) -> BTreeSet<String> {
    slot.skills.iter().chain(&kind.required_skills).map(ToString::to_string).collect()
}

/// What is compared is the language, not the region: `sv-FI` and `sv` are one.
fn languages(gig: &Gig) -> Vec<String> {
    let distinct: BTreeSet<&str> = gig.languages.iter().map(|tag| tag.language()).collect();
    distinct.into_iter().map(str::to_owned).collect()
}
