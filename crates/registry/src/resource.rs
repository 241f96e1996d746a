//! What differs between the resources of the registry.

use std::future::Future;

use domain::{Refusal, Scope, Violations, WriteContext};
use store::{Document, Filter, Tx};

use crate::{Error, References, Usage};

/// A resource of the registry: the rules that the five verbs of [`Registry`](crate::Registry) ask for.
pub trait Resource: Document + PartialEq {
    /// Whether a caller's scope reaches it; what is out of reach looks missing.
    fn reachable(&self, scope: &Scope) -> bool {
        let _ = scope;
        true
    }

    /// Fills in what a caller's scope implies: a coordinator's new volunteer belongs to the coordinator's association.
    fn adopt(&mut self, scope: &Scope) {
        let _ = scope;
    }

    /// Narrows a list to what a caller's scope reaches.
    fn narrow(filter: &mut Filter, scope: &Scope) {
        let _ = (filter, scope);
    }

    /// Keeps what an update must not touch because a verb of its own changes it.
    fn keep(&mut self, stored: &Self) {
        let _ = stored;
    }

    /// Refuses changes that a caller of this role may not make of what was there.
    ///
    /// # Errors
    /// [`Reason::PermissionMissing`](domain::Reason::PermissionMissing) naming every such field.
    fn may_change(&self, stored: &Self, scope: &Scope) -> Result<(), Refusal> {
        let _ = (stored, scope);
        Ok(())
    }

    /// Adds everything that is wrong with it, by field. `stored` is what it was before, if it was.
    ///
    /// # Errors
    /// [`Error::Store`] if a reference cannot be looked up.
    fn check(
        &self,
        stored: Option<&Self>,
        tx: &mut Tx,
        references: &mut References,
        violations: &mut Violations,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Who still uses it: it is not deleted while anybody does.
    ///
    /// # Errors
    /// [`Error::Store`] if the users cannot be counted.
    fn usage(&self, tx: &mut Tx) -> impl Future<Output = Result<Usage, Error>> + Send;

    /// What else is created with it, in the same transaction.
    ///
    /// # Errors
    /// [`Error::Store`] if it cannot be stored.
    fn created(&self, tx: &mut Tx, ctx: &WriteContext) -> impl Future<Output = Result<(), Error>> + Send {
        let _ = (tx, ctx);
        async { Ok(()) }
    }

    /// What goes with it, in the same transaction.
    ///
    /// # Errors
    /// [`Error::Store`] if it cannot be deleted.
    fn deleted(&self, tx: &mut Tx, ctx: &WriteContext) -> impl Future<Output = Result<(), Error>> + Send {
        let _ = (tx, ctx);
        async { Ok(()) }
    }
}
