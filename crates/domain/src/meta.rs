//! What every stored resource carries: its version and times.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Version and times of a stored resource. The version is the `etag` on the wire: it grows by one with every write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// 1 at creation, one more with each change.
    pub version: i64,
    /// When it was created.
    pub create_time: Timestamp,
    /// When it was last changed.
    pub update_time: Timestamp,
}

impl Meta {
    /// Of a resource created now.
    #[must_use]
    pub fn created(now: Timestamp) -> Self {
        Self { version: 1, create_time: now, update_time: now }
    }

    /// Of the same resource after a change now.
    #[must_use]
    pub fn changed(self, now: Timestamp) -> Self {
        Self { version: self.version + 1, create_time: self.create_time, update_time: now }
    }

    /// The version as the opaque text that callers hand back.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("v{}", self.version)
    }
}
