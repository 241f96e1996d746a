//! Skills of the catalogue.

use domain::{NetworkId, Skill};
use proto::registry::v1 as wire;
use store::Filter;

use super::filter::{FilterError, Term};
use super::noun::{Noun, Target};
use super::{Check, View, name, text, time};

impl Noun for Skill {
    type Wire = wire::Skill;
    const MESSAGE: &'static str = "keikka.registry.v1.Skill";
    const PERSON: bool = false;
    const RENAMED: &'static [(&'static str, &'static str)] = &[("expires", "may_expire")];

    fn read(wire: &wire::Skill, target: &Target<'_, Self>, check: &mut Check) -> Option<Self> {
        let title = text::localized(check, "skill.title", wire.title.as_ref());
        Some(Self {
            network: target.network.clone(),
            id: target.id.clone(),
            title: title?,
            expires: wire.may_expire,
            meta: target.meta(),
        })
    }

    fn show(&self, _: View) -> wire::Skill {
        wire::Skill {
            name: name::of(&self.network, &self.id),
            title: Some(text::wire(&self.title)),
            may_expire: self.expires,
            etag: self.meta.etag(),
            create_time: time::created(&self.meta),
            update_time: time::updated(&self.meta),
        }
    }

    fn narrow(term: &Term, _: &NetworkId, _: &mut Filter) -> Result<(), FilterError> {
        if term.field == "text" { Ok(()) } else { Err(term.unknown()) }
    }

    fn matches(&self, term: &Term) -> bool {
        [&self.title.fi, &self.title.sv, &self.title.en].into_iter().any(|title| term.within(title))
    }

    fn etag(wire: &wire::Skill) -> &str {
        &wire.etag
    }

    fn resource_name(wire: &wire::Skill) -> &str {
        &wire.name
    }
}
