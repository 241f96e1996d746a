//! What a service method knows of the call it serves.

use std::sync::Arc;

use domain::text::ServiceLanguage;
use domain::{RequestKey, Scope, Timestamp, WriteContext};
use tonic::Status;

use super::share::Share;
use crate::status::Failure;

/// A share of the bounded work of the server: while somebody holds it, the call counts as in work.
pub(crate) type Hold = Arc<Held>;

/// What is held.
#[derive(Debug)]
pub(crate) struct Held {
    _room: tokio::sync::OwnedSemaphorePermit,
    _share: Option<Share>,
}

impl Held {
    /// A place in a room, and one of the caller's share if it is bounded.
    pub(crate) fn new(room: tokio::sync::OwnedSemaphorePermit, share: Option<Share>) -> Hold {
        Arc::new(Self { _room: room, _share: share })
    }
}

/// One admitted call to a method of ours.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// What the caller may reach.
    pub(crate) scope: Scope,
    /// The method's path.
    pub(crate) method: &'static str,
    /// Whether the method's rule admits personal data.
    pub(crate) personal_data: bool,
    /// The language the caller prefers.
    pub(crate) language: ServiceLanguage,
    /// The id of this call: in the log, in the answer, and the incident of an internal error.
    pub(crate) request_id: Arc<str>,
    /// When it came.
    pub(crate) now: Timestamp,
    /// Its share of the server.
    pub(crate) hold: Hold,
}

impl Call {
    /// What every write carries.
    pub(crate) fn write(&self, request: Option<RequestKey>, validate_only: bool) -> WriteContext {
        WriteContext {
            scope: self.scope.clone(),
            now: self.now,
            method: self.method,
            request,
            validate_only,
            read_version: None,
        }
    }

    /// What the caller is told of a failure.
    pub(crate) fn status(&self, failure: Failure) -> Status {
        failure.status(self.language, &self.request_id)
    }
}
