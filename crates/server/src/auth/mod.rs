//! Who calls and what they may: bearer keys, and the access rule of each RPC. Deny by default: a method without a rule is closed.

mod keyring;
pub mod keys;
mod rule;

pub use keyring::Keyring;
pub(crate) use rule::{Admission, Gatekeeper, admits_every_method};

use std::sync::{Arc, RwLock};

/// The keys in force; swapped whole when the file is read again.
#[derive(Debug, Clone)]
pub struct CurrentKeys(Arc<RwLock<Arc<Keyring>>>);

impl CurrentKeys {
    /// The keys to begin with.
    #[must_use]
    pub fn new(keyring: Keyring) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(keyring))))
    }

    /// The keys as they are now.
    #[must_use]
    pub fn get(&self) -> Arc<Keyring> {
        Arc::clone(&self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Replaces all keys.
    pub fn replace(&self, keyring: Keyring) {
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(keyring);
    }
}
