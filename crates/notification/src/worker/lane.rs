//! A lane for each channel: it leases some messages at once, keeps a bounded number in work, and gives back what it does not get to.
//!
//! A message whose worker fell silent may have killed it. Such a one is tried alone, with nothing of its channel beside it, so that it takes
//! no other with it a second time.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::{Channel, Timestamp};
use store::{Message, MessageState, channel_code};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Worker;
use super::breaker::{Breaker, Gate};
use crate::Error;

/// Messages that are leased at once, if no more are in work.
const LEASED_MIN: usize = 16;

/// A message in this worker's hands.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) message: Message,
    /// Until when it is, in the database's time.
    pub(super) until: Timestamp,
}

/// What a look into the queue brought.
#[derive(Debug)]
enum Catch {
    Nothing,
    /// One that is tried alone.
    One(Box<Held>),
    Some(Vec<Held>),
}

impl Worker {
    /// Sends what is due on every channel until nothing is. Answers how many were in work.
    ///
    /// # Errors
    /// The store's.
    pub async fn send_due(self: &Arc<Self>) -> Result<usize, Error> {
        let mut lanes = JoinSet::new();
        for channel in self.transports.keys().copied() {
            let lane = Arc::clone(self);
            lanes.spawn(async move { lane.send_due_on(channel).await });
        }
        let mut count = 0;
        for done in lanes.join_all().await {
            count += done?;
        }
        Ok(count)
    }

    async fn send_due_on(self: Arc<Self>, channel: Channel) -> Result<usize, Error> {
        let (mut count, mut work) = (0, JoinSet::new());
        loop {
            let held = match self.catch(channel).await? {
                Catch::Nothing => return Ok(count),
                Catch::One(held) => {
                    count += 1;
                    self.attempt(*held).await;
                    continue;
                }
                Catch::Some(held) => held,
            };
            count += held.len();
            let mut queue = VecDeque::from(held);
            while let Some(held) = queue.pop_front() {
                if self.rests(channel) {
                    queue.push_front(held);
                    count -= queue.len();
                    break;
                }
                if work.len() >= self.pace.pool {
                    work.join_next().await;
                }
                self.begin(&mut work, held);
            }
            while work.join_next().await.is_some() {}
            self.give_back(queue).await;
        }
    }

    /// One channel: as many in work as there is room for, so that a slow channel holds up nobody else.
    pub(super) async fn lane(self: Arc<Self>, channel: Channel, stop: CancellationToken) {
        let mut work = JoinSet::new();
        let mut queue = VecDeque::new();
        while !stop.is_cancelled() {
            while work.try_join_next().is_some() {}
            if queue.is_empty() && work.len() < self.pace.pool {
                let caught = self.catch(channel).await.unwrap_or_else(|error| {
                    tracing::warn!(channel = channel_code(channel), cause = %error, "messages cannot be leased");
                    Catch::Nothing
                });
                match caught {
                    Catch::Nothing => {}
                    Catch::Some(held) => queue.extend(held),
                    Catch::One(held) => {
                        while work.join_next().await.is_some() {}
                        self.begin(&mut work, *held);
                        while work.join_next().await.is_some() {}
                        continue;
                    }
                }
            }
            if self.rests(channel) {
                self.give_back(std::mem::take(&mut queue)).await;
            }
            while work.len() < self.pace.pool
                && let Some(held) = queue.pop_front()
            {
                self.begin(&mut work, held);
            }
            tokio::select! {
                () = stop.cancelled() => {}
                Some(_) = work.join_next() => {}
                () = tokio::time::sleep(self.pace.idle) => {}
            }
        }
        // What was begun is finished, what was not is for the next one at once.
        while work.join_next().await.is_some() {}
        self.give_back(queue).await;
    }

    fn begin(self: &Arc<Self>, work: &mut JoinSet<()>, held: Held) {
        let lane = Arc::clone(self);
        work.spawn(async move { lane.attempt(held).await });
    }

    /// Leases what is due: one that a silent worker left, or else several that wait. While the breaker tries whether the channel works
    /// again, one; while it is open, none.
    async fn catch(&self, channel: Channel) -> Result<Catch, Error> {
        let mut tx = self.notification.db.write().await?;
        let database = tx.database_time().await?;
        let now = self.clock.now(database);
        let gate = self.breaker(channel, |breaker| breaker.gate(now));
        if gate == Gate::Closed {
            tx.rollback().await?;
            return Ok(Catch::Nothing);
        }
        let until = database + self.pace.lease;
        let mut taken = tx.take_over_messages(channel, &self.owner, database, until, 1).await?;
        let alone = !taken.is_empty() || gate == Gate::Probe;
        if taken.is_empty() {
            let rows = if alone { 1 } else { self.pace.pool.max(LEASED_MIN) };
            let rows = u32::try_from(rows).unwrap_or(u32::MAX);
            taken = tx.lease_messages(channel, &self.owner, now, until, rows).await?;
        }
        if taken.is_empty() {
            tx.rollback().await?;
            return Ok(Catch::Nothing);
        }
        tx.commit().await?;
        let mut held: Vec<Held> = taken.into_iter().map(|message| Held { message, until }).collect();
        Ok(match held.pop() {
            Some(one) if alone => Catch::One(Box::new(one)),
            Some(last) => {
                held.push(last);
                Catch::Some(held)
            }
            None => Catch::Nothing,
        })
    }

    fn rests(&self, channel: Channel) -> bool {
        self.breaker(channel, |breaker| Breaker::is_open(breaker))
    }

    /// Puts back what was leased and not begun: it was no try.
    pub(super) async fn give_back(&self, queue: impl IntoIterator<Item = Held>) {
        for held in queue {
            let mut message = held.message;
            message.state = MessageState::Pending;
            message.attempts = message.attempts.saturating_sub(1);
            if let Err(error) = self.settle(&message, held.until - self.pace.lease).await {
                tracing::debug!(message.id = %message.id, cause = %error, "a message stays leased");
            }
        }
    }
}
