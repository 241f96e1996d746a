//! The request form.

use domain::Intake;
use proto::r#type::v1 as wire;

use super::check::{at, nth};
use super::{Check, Choice as _, View, choice, text, time};

/// A form that may be missing: then it is empty.
pub(crate) fn read(check: &mut Check, field: &str, intake: Option<&wire::Intake>) -> Intake {
    let Some(intake) = intake else { return Intake::default() };
    Intake {
        consent_time: time::optional(check, at(field, "consent_time"), intake.consent_time.as_ref()),
        needs: intake
            .needs
            .iter()
            .enumerate()
            .filter_map(|(index, need)| choice::required(check, nth(field, "needs", index), *need))
            .collect(),
        door_code: text::optional_note(check, at(field, "door_code"), &intake.door_code),
        taxi: choice::optional(check, at(field, "taxi_ordered_by"), intake.taxi_ordered_by),
        preferred_sex: choice::optional(check, at(field, "preferred_helper_sex"), intake.preferred_helper_sex),
        note: text::optional_note(check, at(field, "notes"), &intake.notes),
    }
}

pub(crate) fn of(intake: &Intake, view: View) -> Option<wire::Intake> {
    if *intake == Intake::default() {
        return None;
    }
    Some(wire::Intake {
        consent_time: intake.consent_time.map(time::of),
        needs: intake.needs.iter().map(|need| need.wire()).collect(),
        door_code: text::shown(intake.door_code.as_ref(), view.secrets()),
        taxi_ordered_by: choice::wire(intake.taxi),
        preferred_helper_sex: choice::wire(intake.preferred_sex),
        notes: text::shown(intake.note.as_ref(), view.people()),
    })
}
