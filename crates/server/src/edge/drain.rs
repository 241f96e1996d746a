//! How the server stops: in two steps, so that calls end well and silence does not hold it up.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// The two steps of stopping.
#[derive(Debug, Clone, Default)]
pub(crate) struct Drain {
    /// No new connections or calls; streams that only tell end; calls in work go on.
    pub(crate) begun: CancellationToken,
    /// Whatever is still open is answered UNAVAILABLE.
    pub(crate) last_call: CancellationToken,
}

impl Drain {
    /// Begins, and after most of the time gives the last call; returns when the time is over.
    pub(crate) async fn run(&self, time: Duration) {
        self.begun.cancel();
        let last = time.mul_f32(0.8);
        tokio::time::sleep(last).await;
        self.last_call.cancel();
        tokio::time::sleep(time - last).await;
    }
}
