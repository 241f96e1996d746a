//! Associations.

use domain::{Association, NetworkId};
use proto::registry::v1 as wire;
use store::Filter;

use super::check::nth;
use super::filter::{FilterError, Term};
use super::noun::{Noun, Target};
use super::{Check, View, name, person, text, time};

impl Noun for Association {
    type Wire = wire::Association;
    const MESSAGE: &'static str = "keikka.registry.v1.Association";
    const PERSON: bool = false;

    fn read(wire: &wire::Association, target: &Target<'_, Self>, check: &mut Check) -> Option<Self> {
        let title = text::name(check, "association.title", &wire.title);
        let website = text::optional_line(check, "association.website", &wire.website);
        let phone = person::phone(check, "association.phone", &wire.phone);
        let external_id = text::optional_line(check, "association.external_id", &wire.external_id);
        let subnetworks = wire
            .subnetworks
            .iter()
            .enumerate()
            .filter_map(|(index, title)| text::name(check, nth("association", "subnetworks", index), title))
            .collect();
        Some(Self {
            network: target.network.clone(),
            id: target.id.clone(),
            title: title?,
            website,
            phone,
            subnetworks,
            external_id,
            meta: target.meta(),
        })
    }

    fn show(&self, view: View) -> wire::Association {
        wire::Association {
            name: name::of(&self.network, &self.id),
            title: self.title.to_string(),
            website: self.website.clone().unwrap_or_default(),
            phone: person::of_phone(self.phone.as_ref(), view.people()),
            subnetworks: self.subnetworks.iter().map(ToString::to_string).collect(),
            external_id: self.external_id.clone().unwrap_or_default(),
            etag: self.meta.etag(),
            create_time: time::created(&self.meta),
            update_time: time::updated(&self.meta),
        }
    }

    fn narrow(term: &Term, _: &NetworkId, _: &mut Filter) -> Result<(), FilterError> {
        match term.field.as_str() {
            "external_id" | "text" => Ok(()),
            _ => Err(term.unknown()),
        }
    }

    fn matches(&self, term: &Term) -> bool {
        match term.field.as_str() {
            "external_id" => self.external_id.as_deref() == Some(term.value.as_str()),
            "text" => term.within(self.title.as_str()),
            _ => true,
        }
    }

    fn etag(wire: &wire::Association) -> &str {
        &wire.etag
    }

    fn resource_name(wire: &wire::Association) -> &str {
        &wire.name
    }
}
