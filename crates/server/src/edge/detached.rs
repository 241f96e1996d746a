//! A unit of work is never cancelled halfway: a client that goes away, or a deadline, ends the waiting and not the work.

use std::future::Future;

use tracing::Instrument as _;

use super::Call;
use crate::status::Failure;

/// Runs a use case in a task of its own and waits for it. Dropping this future leaves the task running to its end.
pub(crate) async fn detached<T: Send + 'static>(
    call: &Call,
    work: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> Result<T, Failure> {
    let hold = call.hold.clone();
    let task = async move {
        let done = work.await;
        drop(hold);
        done
    };
    let finished = tokio::spawn(task.in_current_span()).await;
    finished.unwrap_or(Err(Failure::Fault("a use case panicked")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use domain::text::ServiceLanguage;
    use domain::{Principal, PrincipalId, Role, Scope, Timestamp};
    use tokio::sync::{Semaphore, oneshot};

    async fn call(room: &Arc<Semaphore>) -> Call {
        let principal = Principal {
            id: PrincipalId::new("p").expect("id"),
            role: Role::Ops,
            network: None,
            association: None,
            volunteer: None,
        };
        Call {
            scope: Scope::granted(principal, "test"),
            method: "/test",
            personal_data: false,
            language: ServiceLanguage::En,
            request_id: "r".into(),
            now: Timestamp::UNIX_EPOCH,
            hold: crate::edge::Held::new(Arc::clone(room).acquire_owned().await.expect("open"), None),
        }
    }

    #[tokio::test]
    async fn work_goes_on_when_nobody_waits_any_more_and_keeps_its_share() {
        let room = Arc::new(Semaphore::new(1));
        let (go, wait) = oneshot::channel::<()>();
        let (tell, told) = oneshot::channel::<()>();
        let held = call(&room).await;
        let waiting = async move {
            detached(&held, async move {
                wait.await.expect("go");
                tell.send(()).expect("told");
                Ok(())
            })
            .await
        };
        tokio::select! {
            biased;
            _ = waiting => panic!("the work cannot be done yet"),
            () = tokio::task::yield_now() => {}
        }
        assert_eq!(room.available_permits(), 0);
        go.send(()).expect("still listening");
        told.await.expect("the work was done");
        let _free = room.acquire().await.expect("the share came back");
    }

    #[tokio::test]
    async fn a_panic_is_our_fault_and_not_the_end() {
        let call = call(&Arc::new(Semaphore::new(1))).await;
        let done: Result<(), Failure> = detached(&call, async { panic!("boom") }).await;
        assert!(matches!(done, Err(Failure::Fault(_))));
    }
}
