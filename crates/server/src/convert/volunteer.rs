//! Volunteers.

use domain::skill::{HeldSkill, SkillCheck};
use domain::volunteer::{Caps, Standing, TravelMode};
use domain::{KindId, NetworkId, Sensitive, SkillId, Volunteer};
use proto::registry::v1 as wire;
use store::Filter;

use super::check::{at, nth};
use super::filter::{FilterError, Term};
use super::noun::{Noun, Target};
use super::{Check, Choice as _, View, availability, choice, language, name, person, place, text, time};

/// Longest one-way trip when the caller says nothing, in minutes.
const TRAVEL_LIMIT_DEFAULT_MIN: u16 = 30;
/// The codes of a volunteer's state.
const STATES: &[&str] = &["active", "paused", "suspended"];

impl Noun for Volunteer {
    type Wire = wire::Volunteer;
    const MESSAGE: &'static str = "keikka.registry.v1.Volunteer";
    const RENAMED: &'static [(&'static str, &'static str)] = &[
        ("kinds", "accepted_kinds"),
        ("likes", "liked_kinds"),
        ("travel_limit_min", "travel_limit_minutes"),
        ("caps.per_day", "max_gigs_per_day"),
        ("caps.per_week", "max_gigs_per_week"),
        ("name", "display_name"),
        ("joined", "join_date"),
    ];

    fn read(wire: &wire::Volunteer, target: &Target<'_, Self>, check: &mut Check) -> Option<Self> {
        let network = target.network;
        let name = text::name(check, "volunteer.display_name", &wire.display_name);
        let phone = person::phone(check, "volunteer.phone", &wire.phone);
        let email = text::optional_line(check, "volunteer.email", &wire.email).map(Sensitive::new);
        let association = name::optional(check, "volunteer.association".to_owned(), &wire.association, network);
        let external_id = text::optional_line(check, "volunteer.external_id", &wire.external_id);
        let current_home = target.current.and_then(|current| current.home.as_ref());
        let home = place::optional(check, "volunteer.home", wire.home.as_ref(), current_home);
        let travel_mode: Option<TravelMode> = choice::required(check, "volunteer.travel_mode", wire.travel_mode);
        let limit = match wire.travel_limit_minutes {
            0 => Some(TRAVEL_LIMIT_DEFAULT_MIN),
            given => u16::try_from(given).ok(),
        };
        let travel_limit_min = check.take("volunteer.travel_limit_minutes", limit.ok_or("must be 1 to 240"));
        let caps = caps(check, wire);
        let birth_year = wire.birth_year.map(i16::try_from).transpose().map_err(|_| "must be a year");
        let birth_year = check.take("volunteer.birth_year", birth_year).flatten();
        let skills = wire.skills.iter().enumerate();
        let skills = skills.filter_map(|(at, held)| held_skill(check, &nth("volunteer", "skills", at), held, network));
        let skills = skills.collect();
        let current = target.current;
        Some(Self {
            network: network.clone(),
            id: target.id.clone(),
            association,
            external_id,
            name: Sensitive::new(name.unwrap_or_else(text::unread)),
            phone,
            email,
            sex: choice::optional(check, "volunteer.sex", wire.sex),
            birth_year,
            home,
            travel_mode: travel_mode.unwrap_or(TravelMode::Walk),
            travel_limit_min: travel_limit_min.unwrap_or(TRAVEL_LIMIT_DEFAULT_MIN),
            kinds: name::list(check, "volunteer.accepted_kinds", &wire.accepted_kinds, network),
            likes: name::list(check, "volunteer.liked_kinds", &wire.liked_kinds, network),
            skills,
            languages: language::list(check, "volunteer", "languages", &wire.languages),
            availability: availability::read(check, "volunteer.availability", wire.availability.as_ref()),
            caps: caps.unwrap_or_default(),
            contact: person::contact(check, "volunteer.contact", wire.contact.as_ref()),
            blocked_seekers: name::list(check, "volunteer.blocked_seekers", &wire.blocked_seekers, network),
            standing: current.map_or(Standing::Active, |current| current.standing),
            standing_reason: current.and_then(|current| current.standing_reason.clone()),
            joined: time::optional_date(check, "volunteer.join_date", wire.join_date.as_ref()),
            meta: target.meta(),
        })
    }

    fn show(&self, view: View) -> wire::Volunteer {
        let people = view.people();
        wire::Volunteer {
            name: name::of(&self.network, &self.id),
            display_name: text::shown(Some(&self.name), people),
            phone: person::of_phone(self.phone.as_ref(), people),
            email: text::shown(self.email.as_ref(), people),
            association: name::of_optional(&self.network, self.association.as_ref()),
            external_id: self.external_id.clone().unwrap_or_default(),
            home: self.home.as_ref().map(|home| place::of(home, view)),
            travel_mode: self.travel_mode.wire(),
            travel_limit_minutes: i32::from(self.travel_limit_min),
            accepted_kinds: name::of_all(&self.network, &self.kinds),
            liked_kinds: name::of_all(&self.network, &self.likes),
            skills: self.skills.iter().map(|held| of_held_skill(&self.network, held)).collect(),
            languages: language::of(&self.languages),
            availability: availability::of(&self.availability),
            max_gigs_per_day: Some(i32::from(self.caps.per_day)),
            max_gigs_per_week: Some(i32::from(self.caps.per_week)),
            contact: Some(person::of_contact(&self.contact)),
            birth_year: self.birth_year.filter(|_| people).map(i32::from),
            sex: choice::wire(self.sex.filter(|_| people)),
            blocked_seekers: if people { name::of_all(&self.network, &self.blocked_seekers) } else { Vec::new() },
            join_date: self.joined.map(time::of_date),
            state: self.standing.wire(),
            state_reason: text::of(self.standing_reason.as_ref()),
            etag: self.meta.etag(),
            create_time: time::created(&self.meta),
            update_time: time::updated(&self.meta),
        }
    }

    fn narrow(term: &Term, network: &NetworkId, filter: &mut Filter) -> Result<(), FilterError> {
        match term.field.as_str() {
            "state" => filter.states.push(term.choice(STATES)?),
            "association" => filter.association = Some(term.reference(network)?),
            "kind" => drop(term.reference::<KindId>(network)?),
            "skill" => drop(term.reference::<SkillId>(network)?),
            "text" | "external_id" => {}
            _ => return Err(term.unknown()),
        }
        Ok(())
    }

    fn matches(&self, term: &Term) -> bool {
        match term.field.as_str() {
            "kind" => term.reference(&self.network).is_ok_and(|kind| self.kinds.contains(&kind)),
            "skill" => {
                let skill = term.reference::<SkillId>(&self.network);
                skill.is_ok_and(|skill| self.skills.iter().any(|held| held.skill == skill))
            }
            "text" => term.within(self.name.expose().as_str()),
            "external_id" => self.external_id.as_deref() == Some(term.value.as_str()),
            _ => true,
        }
    }

    fn etag(wire: &wire::Volunteer) -> &str {
        &wire.etag
    }

    fn resource_name(wire: &wire::Volunteer) -> &str {
        &wire.name
    }
}

fn caps(check: &mut Check, wire: &wire::Volunteer) -> Option<Caps> {
    let default = Caps::default();
    let mut cap = |field: &str, given: Option<i32>, default: u8| {
        let cap = given.map_or(Ok(default), u8::try_from);
        check.take(at("volunteer", field), cap.map_err(|_| "must be 0 to 50"))
    };
    let per_day = cap("max_gigs_per_day", wire.max_gigs_per_day, default.per_day);
    let per_week = cap("max_gigs_per_week", wire.max_gigs_per_week, default.per_week.max(per_day.unwrap_or(0)));
    Some(Caps { per_day: per_day?, per_week: per_week? })
}

fn held_skill(check: &mut Check, field: &str, held: &wire::HeldSkill, network: &NetworkId) -> Option<HeldSkill> {
    let skill = check.take(at(field, "skill"), name::reference(&held.skill, network));
    let valid_from = time::optional_date(check, at(field, "valid_from"), held.valid_from.as_ref());
    let valid_until = time::optional_date(check, at(field, "valid_until"), held.valid_until.as_ref());
    let checked_time = time::optional(check, at(field, "checked_time"), held.checked_time.as_ref());
    let checked_by = text::optional_name(check, at(field, "checked_by"), &held.checked_by);
    Some(HeldSkill { skill: skill?, valid_from, valid_until, check: SkillCheck::told(checked_time, checked_by) })
}

fn of_held_skill(network: &NetworkId, held: &HeldSkill) -> wire::HeldSkill {
    let check = held.check.as_deref();
    wire::HeldSkill {
        skill: name::of(network, &held.skill),
        valid_from: held.valid_from.map(time::of_date),
        valid_until: held.valid_until.map(time::of_date),
        checked_time: check.and_then(|check| check.time).map(time::of),
        checked_by: text::of(check.and_then(|check| check.by.as_ref())),
    }
}
