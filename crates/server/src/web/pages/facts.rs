//! The gig on a page: what everybody may know who is asked, and what a promise opens.

use dispatch::invitation::{Area, Details, Stage};
use domain::Place;
use domain::intake::{Need, TaxiOrder};
use maud::{Markup, html};
use notification::render::moment;

use super::super::words::Words;
use super::Page;

/// Ways are told in steps of so many minutes: no more is known, and no more is to be.
const WAY_STEP_MIN: u32 = 5;

impl Page<'_> {
    /// What, where, when, how long; and by when to answer.
    pub(super) fn facts(&self, words: Words, title: &str) -> Markup {
        let invitation = self.invitation;
        let way = invitation.travel_s.div_ceil(60).next_multiple_of(WAY_STEP_MIN);
        let is_asked = self.stage == Stage::Asked;
        html! {
            dl {
                dt { (words.say("what")) }
                dd { (title) }
                @if let Some(span) = invitation.span {
                    dt { (words.say("when")) }
                    dd { (moment::day_and_time(span.start(), words.0)) }
                }
                dt { (words.say("length")) }
                dd { (words.minutes("minutes", invitation.duration_s.div_ceil(60))) }
                @if !invitation.has_place {
                    dt { (words.say("where")) }
                    dd { (words.say("from_home")) }
                } @else if let Some(area) = invitation.area.as_ref().map(coarse).filter(|area| !area.is_empty()) {
                    dt { (words.say("where")) }
                    dd { (area) }
                }
                @if is_asked && invitation.has_place && invitation.travel_s > 0 {
                    dt { (words.say("way")) }
                    dd { (words.minutes("way_minutes", way)) }
                }
                @if let Some(until) = invitation.expire_time {
                    dt { (words.say("until")) }
                    dd { (moment::day_and_time(until, words.0)) }
                }
            }
        }
    }

    /// Where and to whom, while it is open.
    pub(super) fn details(&self, words: Words) -> Markup {
        let Some(details) = &self.invitation.details else {
            return html! { p { (words.say("closed")) } };
        };
        if details.is_mediated {
            return html! { p { (words.say("mediated")) } };
        }
        html! {
            h2 { (words.say("details_title")) }
            dl {
                @if let Some(person) = &details.person {
                    dt { (words.say("person")) }
                    dd { (person.expose().as_str()) }
                }
                @if let Some(phone) = &details.phone {
                    dt { (words.say("phone")) }
                    dd { a href={ "tel:" (phone.expose()) } { (phone.expose()) } }
                }
                @if let Some(place) = &details.place {
                    dt { (words.say("address")) }
                    dd { (whole(place)) }
                }
                @if let Some(place) = &details.destination {
                    dt { (words.say("destination")) }
                    dd { (whole(place)) }
                }
                @if let Some(code) = &details.door_code {
                    dt { (words.say("door")) }
                    dd { (code.expose().as_str()) }
                }
                (task(details, words))
            }
        }
    }
}

/// What the task needs, in task words.
fn task(details: &Details, words: Words) -> Markup {
    let taxi = match details.taxi {
        Some(TaxiOrder::Seeker) => Some("taxi_seeker"),
        Some(TaxiOrder::Volunteer) => Some("taxi_volunteer"),
        Some(TaxiOrder::CallCentre) => Some("taxi_call_centre"),
        Some(TaxiOrder::None) | None => None,
    };
    html! {
        @if !details.needs.is_empty() {
            dt { (words.say("needs")) }
            dd { ul { @for need in &details.needs { li { (words.say(named(*need))) } } } }
        }
        @if let Some(taxi) = taxi {
            dt { (words.say("taxi")) }
            dd { (words.say(taxi)) }
        }
        @if !details.notes.is_empty() {
            dt { (words.say("notes")) }
            @for note in &details.notes { dd { (note.expose().as_str()) } }
        }
    }
}

fn named(need: Need) -> &'static str {
    match need {
        Need::StepFreeCar => "need_step_free_car",
        Need::TwoCarriers => "need_two_carriers",
        Need::Wheelchair => "need_wheelchair",
        Need::WalkingFrame => "need_walking_frame",
        Need::ArmToHold => "need_arm_to_hold",
        Need::PetsAtHome => "need_pets_at_home",
        Need::StairsNoLift => "need_stairs_no_lift",
        Need::SpeakClearly => "need_speak_clearly",
    }
}

/// The postal area.
fn coarse(area: &Area) -> String {
    let parts = [area.postal_code.as_deref(), area.locality.as_ref().map(|name| name.as_str())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn whole(place: &Place) -> String {
    let street = place.street.as_ref().map(|street| street.expose().as_str().to_owned());
    let area = coarse(&Area { postal_code: place.postal_code.clone(), locality: place.locality.clone() });
    [street, Some(area).filter(|area| !area.is_empty())].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
