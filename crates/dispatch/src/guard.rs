//! One item of a sweep at a time: what goes wrong with one, a panic included, stops no other.

use std::panic::AssertUnwindSafe;

use domain::{Reason, Refusal};
use futures_util::FutureExt as _;

use crate::Error;

/// Does a step of a sweep. A panic in it ends the step alone, and is told as our fault.
pub(crate) async fn guarded<T>(step: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    AssertUnwindSafe(step).catch_unwind().await.unwrap_or_else(|_| {
        // Where it was is in the log already.
        Err(Refusal::new(Reason::Internal, "a step of a sweep panicked").into())
    })
}

#[cfg(test)]
mod tests {
    use super::guarded;
    use crate::Error;

    #[tokio::test]
    async fn a_panic_is_an_error_of_its_own_step() {
        let broken = guarded(async {
            tokio::task::yield_now().await;
            if true {
                panic!("one gig is broken")
            }
            Ok(())
        });
        assert!(matches!(broken.await, Err(Error::Refused(refusal)) if refusal.reason == domain::Reason::Internal));
        assert_eq!(guarded(async { Ok(7) }).await.expect("the next one"), 7);
    }
}
