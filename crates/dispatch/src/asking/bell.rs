//! Word that an asking may have something to do: who looks after askings looks at once, and not when it would have anyway.
//!
//! It rings in this process only, after the change is stored. Another process sees by [`Dispatch::has_due_asking`] what is due.

use domain::asking::{Asking, AskingState};
use domain::{NetworkId, Scope, Timestamp};
use jiff::SignedDuration;
use store::Filter;
use tokio::sync::watch;

use crate::{Dispatch, Error};

/// What is rung.
#[derive(Debug)]
pub(crate) struct Bell(watch::Sender<()>);

impl Default for Bell {
    fn default() -> Self {
        Self(watch::Sender::new(()))
    }
}

impl Bell {
    /// Rings. Whoever is at work hears it afterwards; rung often, it is heard once.
    pub(crate) fn ring(&self) {
        self.0.send_replace(());
    }
}

impl Dispatch {
    /// Changes whenever an asking of this process may have something to do: one was begun, goes on, or got an answer.
    #[must_use]
    pub fn asking_bell(&self) -> watch::Receiver<()> {
        self.bell.0.subscribe()
    }

    /// Whether an asking of a network is to be looked at now. They are counted, none is read.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND` for a foreign network, or the store's.
    pub async fn has_due_asking(&self, scope: &Scope, network: &NetworkId, now: Timestamp) -> Result<bool, Error> {
        scope.admit(network)?;
        let running = Filter::any().state(AskingState::Running.code());
        let upto = now.checked_add(SignedDuration::from_micros(1)).unwrap_or(now);
        let due = Filter { to: Some(upto), ..running };
        Ok(self.db.read().await?.count::<Asking>(network, &due).await? > 0)
    }
}
