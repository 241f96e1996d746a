//! Seekers: found by association. No key column holds a name, phone or place.

use domain::AssociationId;

use super::Keys;
use super::sql::document;

document! { Seeker, SeekerId, "seeker", "seekers", network: network, keys: |seeker| Keys {
    association: seeker.association.as_ref().map(AssociationId::as_str),
    external_id: seeker.external_id.as_deref(),
    seeker: Some(seeker.id.as_str()),
    ..Keys::default()
} }
