//! Askings: found by state and by when they are looked at next.

use super::Keys;
use super::sql::document;

document! { Asking, GigId, "asking", "askings", network: network, keys: |asking| Keys {
    state: asking.state.code(),
    starts: Some(asking.next_time),
    ..Keys::default()
} }
