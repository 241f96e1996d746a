//! Tiles of divided plans, taken from the queue one after another, whichever process put them there.

use std::future::Future;
use std::time::Duration;

use dispatch::Dispatch;
use dispatch::plans::TileWorker;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::status::chain;

/// How often the queue is looked at while there is nothing in it.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Most tiles that one process plans at once.
const AT_ONCE_MAX: u32 = 64;

/// Takes tiles until told to stop, so many at once. Who stops has given its tiles back.
pub(super) fn take(dispatch: &Dispatch, at_once: u32, stop: &CancellationToken) -> impl Future<Output = ()> + use<> {
    let mut takers = JoinSet::new();
    let first = TileWorker::new(dispatch, "");
    for _ in 0..at_once.clamp(1, AT_ONCE_MAX) {
        // The process id, so that an operator finds it; the rest, so that no two workers are of one name.
        let name = format!("{}-{}", std::process::id(), Uuid::new_v4().simple());
        takers.spawn(take_on(first.beside(name), stop.clone()));
    }
    async move { while takers.join_next().await.is_some() {} }
}

async fn take_on(worker: TileWorker, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match worker.once(stop.cancelled()).await {
            Ok(true) => {
                metrics::counter!("keikka_tiles_taken_total").increment(1);
                continue;
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(cause = chain(&error), "a tile ended early"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}
