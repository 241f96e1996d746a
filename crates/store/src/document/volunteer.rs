//! Volunteers: found by association and standing. No key column holds a name, phone or place.

use domain::AssociationId;
use domain::volunteer::Standing;

use super::Keys;
use super::sql::document;

document! { Volunteer, VolunteerId, "volunteer", "volunteers", network: network, keys: |volunteer| Keys {
    association: volunteer.association.as_ref().map(AssociationId::as_str),
    external_id: volunteer.external_id.as_deref(),
    state: match volunteer.standing {
        Standing::Active => "active",
        Standing::Paused => "paused",
        Standing::Suspended => "suspended",
    },
    ..Keys::default()
} }
