//! A seeker (avunsaaja): the person who gets help.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::contact::{ContactMode, PhoneNumber};
use crate::id::{AssociationId, NetworkId, SeekerId, VolunteerId};
use crate::intake::Intake;
use crate::language::LanguageTag;
use crate::meta::Meta;
use crate::place::Place;
use crate::sensitive::Sensitive;
use crate::sorted_set::SortedSet;
use crate::text::Name;

/// The person who gets help; often over 65; reached by phone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seeker {
    /// The network they belong to.
    pub network: NetworkId,
    /// Their identifier.
    pub id: SeekerId,
    /// The association that looks after them, if any.
    #[serde(default)]
    pub association: Option<AssociationId>,
    /// Their key in the coordinators' own list, if imported.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Their name.
    pub name: Sensitive<Name>,
    /// Their phone, if any.
    #[serde(default)]
    pub phone: Option<PhoneNumber>,
    /// Where they live.
    #[serde(default)]
    pub home: Option<Place>,
    /// Languages they speak.
    pub languages: SortedSet<LanguageTag>,
    /// Volunteers they know and like to see again: soft.
    #[serde(default)]
    pub familiar: BTreeSet<VolunteerId>,
    /// Volunteers they do not want: private, never shown to the other side.
    #[serde(default)]
    pub blocked: BTreeSet<VolunteerId>,
    /// What was asked on the phone and holds for every gig of theirs.
    #[serde(default)]
    pub intake: Intake,
    /// Whether their whereabouts may be handed on.
    #[serde(default)]
    pub contact_mode: ContactMode,
    /// Version and times.
    pub meta: Meta,
}
