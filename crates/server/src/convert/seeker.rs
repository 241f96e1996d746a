//! Seekers.

use domain::{NetworkId, Seeker, Sensitive};
use proto::registry::v1 as wire;
use store::Filter;

use super::filter::{FilterError, Term};
use super::noun::{Noun, Target};
use super::{Check, Choice as _, View, choice, intake, language, name, person, place, text, time};

impl Noun for Seeker {
    type Wire = wire::Seeker;
    const MESSAGE: &'static str = "keikka.registry.v1.Seeker";
    const RENAMED: &'static [(&'static str, &'static str)] =
        &[("familiar", "familiar_volunteers"), ("blocked", "blocked_volunteers"), ("name", "display_name")];

    fn read(wire: &wire::Seeker, target: &Target<'_, Self>, check: &mut Check) -> Option<Self> {
        let network = target.network;
        let name = text::name(check, "seeker.display_name", &wire.display_name);
        let phone = person::phone(check, "seeker.phone", &wire.phone);
        let association = name::optional(check, "seeker.association".to_owned(), &wire.association, network);
        let external_id = text::optional_line(check, "seeker.external_id", &wire.external_id);
        let current_home = target.current.and_then(|current| current.home.as_ref());
        let home = place::optional(check, "seeker.home", wire.home.as_ref(), current_home);
        Some(Self {
            network: network.clone(),
            id: target.id.clone(),
            association,
            external_id,
            phone,
            home,
            languages: language::list(check, "seeker", "languages", &wire.languages),
            familiar: name::list(check, "seeker.familiar_volunteers", &wire.familiar_volunteers, network),
            blocked: name::list(check, "seeker.blocked_volunteers", &wire.blocked_volunteers, network),
            intake: intake::read(check, "seeker.intake", wire.intake.as_ref()),
            contact_mode: choice::optional(check, "seeker.contact_mode", wire.contact_mode).unwrap_or_default(),
            name: Sensitive::new(name.unwrap_or_else(text::unread)),
            meta: target.meta(),
        })
    }

    fn show(&self, view: View) -> wire::Seeker {
        let people = view.people();
        wire::Seeker {
            name: name::of(&self.network, &self.id),
            display_name: text::shown(Some(&self.name), people),
            phone: person::of_phone(self.phone.as_ref(), people),
            association: name::of_optional(&self.network, self.association.as_ref()),
            external_id: self.external_id.clone().unwrap_or_default(),
            home: self.home.as_ref().filter(|_| people).map(|home| place::of(home, view)),
            languages: language::of(&self.languages),
            familiar_volunteers: name::of_all(&self.network, &self.familiar),
            blocked_volunteers: if people { name::of_all(&self.network, &self.blocked) } else { Vec::new() },
            intake: intake::of(&self.intake, view),
            contact_mode: self.contact_mode.wire(),
            etag: self.meta.etag(),
            create_time: time::created(&self.meta),
            update_time: time::updated(&self.meta),
        }
    }

    fn narrow(term: &Term, network: &NetworkId, filter: &mut Filter) -> Result<(), FilterError> {
        match term.field.as_str() {
            "association" => filter.association = Some(term.reference(network)?),
            "text" | "external_id" => {}
            _ => return Err(term.unknown()),
        }
        Ok(())
    }

    fn matches(&self, term: &Term) -> bool {
        match term.field.as_str() {
            "text" => term.within(self.name.expose().as_str()),
            "external_id" => self.external_id.as_deref() == Some(term.value.as_str()),
            _ => true,
        }
    }

    fn etag(wire: &wire::Seeker) -> &str {
        &wire.etag
    }

    fn resource_name(wire: &wire::Seeker) -> &str {
        &wire.name
    }
}
