//! An association (yhdistys): member of a network.

use serde::{Deserialize, Serialize};

use crate::contact::PhoneNumber;
use crate::id::{AssociationId, NetworkId};
use crate::meta::Meta;
use crate::text::Name;

/// A member of a network, with coordinators and volunteers of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Association {
    /// The network it belongs to.
    pub network: NetworkId,
    /// Its identifier.
    pub id: AssociationId,
    /// What people call it.
    pub title: Name,
    /// Its website, if any.
    #[serde(default)]
    pub website: Option<String>,
    /// The phone of its coordinators, if any.
    #[serde(default)]
    pub phone: Option<PhoneNumber>,
    /// The thematic groups (aiheverkostot) it is in.
    #[serde(default)]
    pub subnetworks: Vec<Name>,
    /// Its key in the coordinators' own list, if imported.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Version and times.
    pub meta: Meta,
}
