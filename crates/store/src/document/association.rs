//! Associations: found by id and by their key in the coordinators' own list.

use super::Keys;
use super::sql::document;

document! { Association, AssociationId, "association", "associations", network: network, keys: |association| Keys {
    association: Some(association.id.as_str()),
    external_id: association.external_id.as_deref(),
    ..Keys::default()
} }
