//! Work that computes for longer than others should wait: on a thread of its own.

use domain::{Reason, Refusal};

use crate::Error;

/// Runs pure work on a blocking thread. A panic there is our fault and is told as such.
pub(crate) async fn think<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let current = tracing::Span::current();
    tokio::task::spawn_blocking(move || current.in_scope(work)).await.unwrap_or_else(|panic| {
        tracing::error!(error = %panic, "a computation panicked");
        Err(Refusal::new(Reason::Internal, "a computation failed").into())
    })
}
