//! What a caller is told when something is refused: the details of a status, taken apart.

use std::collections::HashMap;

use tonic::{Code, Response, Status};
use tonic_types::StatusExt;

/// A refusal as a caller's program sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The class.
    pub code: Code,
    /// `ErrorInfo.reason`; empty if the status carries none.
    pub reason: String,
    /// `ErrorInfo.metadata`.
    pub metadata: HashMap<String, String>,
    /// The wrong fields, in order.
    pub fields: Vec<String>,
}

impl From<&Status> for Refused {
    fn from(status: &Status) -> Self {
        let details = status.get_error_details();
        let (reason, metadata) =
            details.error_info().map(|info| (info.reason.clone(), info.metadata.clone())).unwrap_or_default();
        let fields = details.bad_request().map(|wrong| wrong.field_violations.clone()).unwrap_or_default();
        Self { code: status.code(), reason, metadata, fields: fields.into_iter().map(|wrong| wrong.field).collect() }
    }
}

/// The refusal of a call that must be refused.
///
/// # Panics
/// If it was not.
#[must_use]
pub fn refused<T: std::fmt::Debug>(answer: Result<Response<T>, Status>) -> Refused {
    match answer {
        Ok(answer) => panic!("should be refused: {:?}", answer.into_inner()),
        Err(status) => Refused::from(&status),
    }
}

/// Code and reason of a call that must be refused.
///
/// # Panics
/// If it was not.
#[must_use]
pub fn code_and_reason<T: std::fmt::Debug>(answer: Result<Response<T>, Status>) -> (Code, String) {
    let refused = refused(answer);
    (refused.code, refused.reason)
}

/// The answer of a call that must succeed.
///
/// # Panics
/// If it was refused, with what was told.
pub fn granted<T>(answer: Result<Response<T>, Status>) -> T {
    match answer {
        Ok(answer) => answer.into_inner(),
        Err(status) => panic!("refused: {:?}: {} {:?}", status.code(), status.message(), Refused::from(&status)),
    }
}
