//! One item of a sweep at a time: what goes wrong with one, a panic included, stops no other.

use std::fmt;
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

/// What becomes of the rest of a sweep when an item of it fails.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    failed: Option<Error>,
}

impl Rest {
    /// Goes on after an item that was refused, which is logged; not where the store fails, since the next item would fail as well.
    pub(crate) fn after<T>(
        &mut self,
        done: Result<T, Error>,
        what: &'static str,
        id: &impl fmt::Display,
    ) -> Result<Option<T>, Error> {
        match done {
            Ok(done) => Ok(Some(done)),
            Err(Error::Refused(refusal)) => {
                tracing::error!(what, id = %id, reason = refusal.reason.code(), "an item was not swept");
                self.failed = Some(refusal.into());
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The result of the whole sweep; the last failure, if an item failed.
    pub(crate) fn end<T>(self, swept: T) -> Result<T, Error> {
        self.failed.map_or(Ok(swept), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::{Rest, guarded};
    use crate::Error;

    #[test]
    fn what_is_refused_stops_nobody_else() {
        let refused = || Err(domain::Refusal::not_found("gig", "g1").into());
        let mut rest = Rest::default();
        assert_eq!(rest.after(Ok(1), "gig", &"g0").expect("goes on"), Some(1));
        assert_eq!(rest.after::<u8>(refused(), "gig", &"g1").expect("goes on"), None);
        assert!(rest.end(()).is_err(), "and is told at the end");
        let down = store::Error::unavailable(std::io::Error::other("down"));
        assert!(Rest::default().after::<u8>(Err(down.into()), "gig", &"g2").is_err());
    }

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
