//! Kinds of the catalogue.

use super::Keys;
use super::sql::document;

document! { Kind, KindId, "kind", "kinds", network: network, keys: |kind| Keys {
    kind: Some(kind.id.as_str()),
    ..Keys::default()
} }
