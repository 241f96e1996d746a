//! Telling: events that wait become messages. Many in one transaction while all goes well; one by one as soon as something does not, so
//! that an event that cannot be told holds up no other.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use domain::Timestamp;
use futures_util::FutureExt as _;
use jiff::SignedDuration;
use store::{OutboxRow, OutboxState, Tx};
use tokio_util::sync::CancellationToken;

use super::Worker;
use crate::Error;
use crate::plan::Unasked;

/// Most events that one transaction tells.
const EVENTS_MAX: u32 = 32;
/// An event that cannot be told is tried again this often.
const TRIES_MAX: u32 = 8;
/// Pause before an event that could not be told is tried again, for each try so far.
const PAUSE: SignedDuration = SignedDuration::from_mins(2);

/// Why an event could not be told.
enum Obstacle {
    /// The database: everything waits for it.
    Database(Error),
    /// The event itself.
    Event(String),
}

/// An event that could not be told is told later, or given up.
fn put_off(row: &mut OutboxRow, now: Timestamp) {
    row.attempts += 1;
    row.next_time = now + PAUSE * i32::try_from(row.attempts).unwrap_or(i32::MAX);
    row.state = if row.attempts >= TRIES_MAX { OutboxState::Failed } else { OutboxState::Pending };
}

impl Worker {
    /// Tells every event that waits. Answers how many were in work.
    ///
    /// # Errors
    /// The store's.
    pub async fn tell_all(&self) -> Result<usize, Error> {
        let mut count = 0;
        loop {
            let rows = match self.tell_rows(EVENTS_MAX).await? {
                Ok(told) => told,
                Err(stopped) => {
                    for _ in 0..stopped {
                        self.tell_one().await?;
                    }
                    stopped
                }
            };
            if rows == 0 {
                return Ok(count);
            }
            count += rows;
        }
    }

    /// Tells some events in one transaction. Answers how many; or how many there were, if one of them could not be told and nothing was.
    async fn tell_rows(&self, rows: u32) -> Result<Result<usize, usize>, Error> {
        let mut tx = self.notification.db.write().await?;
        let now = self.clock.now(tx.database_time().await?);
        let rows = tx.next_outbox_rows(now, rows).await?;
        let count = rows.len();
        let mut unasked = Vec::new();
        for mut row in rows {
            match self.tell_row(&mut tx, &mut row, now).await {
                Ok(told) => unasked.extend(told.map(|told| (row, told))),
                Err(_) => {
                    tx.rollback().await?;
                    return Ok(Err(count));
                }
            }
        }
        match tx.commit().await {
            Ok(()) => {
                self.take_back(unasked, now).await?;
                Ok(Ok(count))
            }
            Err(error) if error.is_transient() => Err(error.into()),
            Err(_) => Ok(Err(count)),
        }
    }

    /// Tells the event that has waited longest, or notes that it could not be told.
    async fn tell_one(&self) -> Result<(), Error> {
        let mut tx = self.notification.db.write().await?;
        let now = self.clock.now(tx.database_time().await?);
        let Some(mut row) = tx.next_outbox(now).await? else { return Ok(tx.rollback().await?) };
        let obstacle = match self.tell_row(&mut tx, &mut row, now).await {
            Ok(unasked) => match tx.commit().await {
                Ok(()) => return self.take_back(unasked.map(|unasked| (row, unasked)), now).await,
                Err(error) if error.is_transient() => return Err(error.into()),
                Err(error) => error.to_string(),
            },
            Err(Obstacle::Database(error)) => return Err(error),
            Err(Obstacle::Event(what)) => {
                tx.rollback().await?;
                what
            }
        };
        // What the failed telling wrote is gone; the row itself is put back by a transaction of its own.
        let mut tx = self.notification.db.write().await?;
        put_off(&mut row, now);
        tx.settle_outbox(&row).await?;
        tx.commit().await?;
        tracing::warn!(event.id = %row.event, network.id = %row.network, cause = obstacle, "an event cannot be told");
        Ok(())
    }

    /// Says of the offers whose questions will not be put that they are unsent: only then are their events told. A worker that dies in
    /// between finds them again.
    async fn take_back(
        &self,
        unasked: impl IntoIterator<Item = (OutboxRow, Unasked)>,
        now: Timestamp,
    ) -> Result<(), Error> {
        for (mut row, Unasked { offer, why }) in unasked {
            match self.receipts.unsent(&row.network, &offer, &why, now).await {
                Ok(()) => row.state = OutboxState::Delivered,
                Err(error) => {
                    put_off(&mut row, now);
                    tracing::warn!(event.id = %row.event, offer.id = %offer, cause = %error, "an offer is not told that it was not sent");
                }
            }
            let mut tx = self.notification.db.write().await?;
            tx.settle_outbox(&row).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Writes an event's messages and that it is told; or that it is in work, while an offer is to be told that its question will not be
    /// put. A panic over it is its own obstacle.
    async fn tell_row(&self, tx: &mut Tx, row: &mut OutboxRow, now: Timestamp) -> Result<Option<Unasked>, Obstacle> {
        let telling = async {
            let unasked = match tx.event(&row.network, &row.event).await? {
                Some(event) => self.notification.tell(tx, &event, now).await?,
                None => None,
            };
            if unasked.is_some() {
                row.next_time = now + PAUSE;
            } else {
                row.state = OutboxState::Delivered;
            }
            tx.settle_outbox(row).await?;
            Ok::<Option<Unasked>, Error>(unasked)
        };
        match AssertUnwindSafe(telling).catch_unwind().await {
            Ok(Ok(unasked)) => Ok(unasked),
            Ok(Err(Error::Store(error))) if error.is_transient() => Err(Obstacle::Database(error.into())),
            Ok(Err(error)) => Err(Obstacle::Event(error.to_string())),
            Err(_) => Err(Obstacle::Event("the telling panicked".to_owned())),
        }
    }

    /// Tells what waits, and counts what there is, until told to stop.
    pub(super) async fn tell(&self, stop: CancellationToken, idle: Duration) {
        loop {
            if let Err(error) = self.tell_all().await {
                tracing::warn!(cause = %error, "events wait to be told");
            }
            if let Err(error) = self.measure().await {
                tracing::debug!(cause = %error, "messages cannot be counted");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(idle) => {}
            }
        }
    }
}
