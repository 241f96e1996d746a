//! Networks.

use domain::{Network, NetworkId, Sensitive};
use proto::registry::v1 as wire;
use store::Filter;

use super::filter::{FilterError, Term};
use super::noun::{Noun, Target};
use super::{Check, View, name, text, time};

impl Noun for Network {
    type Wire = wire::Network;
    const MESSAGE: &'static str = "keikka.registry.v1.Network";
    const PERSON: bool = false;

    fn read(wire: &wire::Network, target: &Target<'_, Self>, check: &mut Check) -> Option<Self> {
        let title = text::name(check, "network.title", &wire.title);
        let city = text::name(check, "network.city", &wire.city);
        let lead = text::optional_name(check, "network.lead", &wire.lead).map(Sensitive::new);
        let city_contact = text::optional_name(check, "network.city_contact", &wire.city_contact).map(Sensitive::new);
        Some(Self { id: target.id.clone(), title: title?, city: city?, lead, city_contact, meta: target.meta() })
    }

    fn show(&self, view: View) -> wire::Network {
        wire::Network {
            name: name::of_network(&self.id),
            title: self.title.to_string(),
            city: self.city.to_string(),
            lead: text::shown(self.lead.as_ref(), view.people()),
            city_contact: text::shown(self.city_contact.as_ref(), view.people()),
            etag: self.meta.etag(),
            create_time: time::created(&self.meta),
            update_time: time::updated(&self.meta),
        }
    }

    fn narrow(term: &Term, _: &NetworkId, _: &mut Filter) -> Result<(), FilterError> {
        Err(term.unknown())
    }

    fn etag(wire: &wire::Network) -> &str {
        &wire.etag
    }

    fn resource_name(wire: &wire::Network) -> &str {
        &wire.name
    }
}
