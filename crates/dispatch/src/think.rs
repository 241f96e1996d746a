//! Work that computes for longer than others should wait: on a thread of its own.

use domain::{Reason, Refusal};

use tokio::sync::Semaphore;

use crate::Error;

/// Volunteers that computations over everybody look at together: each holds a copy of all rows, so that at the size of a nation only one
/// runs at a time, and at the size of a city as many as come.
const PEOPLE_MAX: u32 = 1_000_000;

/// The turns of those computations, one for each volunteer.
static TURNS: Semaphore = Semaphore::const_new(PEOPLE_MAX as usize);

/// The same for work over copies of so many volunteers: it waits for its turn, which ends with the work and not with the caller.
pub(crate) async fn think_of_all<T: Send + 'static>(
    people: usize,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let share = u32::try_from(people).unwrap_or(PEOPLE_MAX).clamp(1, PEOPLE_MAX);
    let turn = TURNS.acquire_many(share).await.map_err(|_| Refusal::new(Reason::Internal, "there are no turns"))?;
    think(move || {
        let _turn = turn;
        work()
    })
    .await
}

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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{PEOPLE_MAX, think_of_all};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_nation_is_looked_at_by_one_at_a_time() {
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let looks = (0..8).map(|_| {
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            tokio::spawn(think_of_all(PEOPLE_MAX as usize + 1, move || {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                (0..1_000).for_each(|_| std::thread::yield_now());
                now.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            }))
        });
        for look in looks.collect::<Vec<_>>() {
            look.await.expect("it ends").expect("it is done");
        }
        assert_eq!((now.load(Ordering::SeqCst), most.load(Ordering::SeqCst)), (0, 1));
    }
}
