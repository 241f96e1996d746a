//! The threads of one search. What they do is cut into pieces that do not depend on their number, so neither does the plan.

use rayon::{ThreadPool, ThreadPoolBuilder};

/// A pool of so many threads, or the caller's thread where the system gives none.
pub(super) struct Workers(Option<ThreadPool>);

impl Workers {
    /// `threads` threads.
    pub(super) fn new(threads: usize) -> Self {
        Self(ThreadPoolBuilder::new().num_threads(threads.clamp(1, 64)).build().ok())
    }

    /// The threads the caller is on.
    pub(super) fn here() -> Self {
        Self(None)
    }

    /// Does the work on these threads.
    pub(super) fn run<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match &self.0 {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }
}
