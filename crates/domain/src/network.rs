//! A network (verkosto): the tenant.

use serde::{Deserialize, Serialize};

use crate::id::NetworkId;
use crate::meta::Meta;
use crate::sensitive::Sensitive;
use crate::text::Name;

/// A city's coordinated network of associations and volunteers, with a lead (veturi) and a city contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// Its identifier.
    pub id: NetworkId,
    /// What people call it.
    pub title: Name,
    /// The city it serves.
    pub city: Name,
    /// The leading association or person, as text.
    #[serde(default)]
    pub lead: Option<Sensitive<Name>>,
    /// The city's contact, as text.
    #[serde(default)]
    pub city_contact: Option<Sensitive<Name>>,
    /// Version and times.
    pub meta: Meta,
}
