//! The delivery worker: tells events, and sends what is due, each channel in a lane of its own with a bounded number in work.
//!
//! At least once: a message is leased, sent, and settled; a worker that dies in between leaves a lease that runs out, and the next one
//! sends it again under the same reference. What is in work dies with the worker; nothing else is repeated.

mod attempt;
pub mod breaker;
mod parked;
pub mod schedule;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{Channel, Timestamp};
use jiff::SignedDuration;
use store::{Message, channel_code};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::channel::Transport;
use crate::plan::Told;
use crate::ports::OfferReceipts;
use crate::{Error, Notification};

pub(crate) use attempt::asked;
use breaker::{Breaker, Gate};

/// What time it is: the database's, or what a test says.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The time now, given the database's.
    fn now(&self, database: Timestamp) -> Timestamp;
}

/// The database's time as it is.
#[derive(Debug, Clone, Copy)]
pub struct DatabaseClock;

impl Clock for DatabaseClock {
    fn now(&self, database: Timestamp) -> Timestamp {
        database
    }
}

/// How a worker works.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Most messages of one channel in work at once.
    pub pool: usize,
    /// How long a message may be in work before another takes it: longer than any channel takes.
    pub lease: SignedDuration,
    /// Pause between two looks when nothing is due.
    pub idle: Duration,
}

impl Default for Pace {
    /// Eight at once, a minute, a second.
    fn default() -> Self {
        Self { pool: 8, lease: SignedDuration::from_secs(60), idle: Duration::from_secs(1) }
    }
}

/// Delivers. Shared by its lanes.
#[derive(Debug)]
pub struct Worker {
    pub(crate) notification: Notification,
    pub(crate) transports: BTreeMap<Channel, Arc<dyn Transport>>,
    pub(crate) receipts: Arc<dyn OfferReceipts>,
    clock: Arc<dyn Clock>,
    pace: Pace,
    /// Who holds the leases: another for each start of a process.
    pub(crate) owner: String,
    breakers: Mutex<BTreeMap<Channel, Breaker>>,
}

impl Worker {
    /// A worker over transports by channel. It says that it sends on those only; calls are made by people.
    #[must_use]
    pub fn new(
        notification: Notification,
        transports: BTreeMap<Channel, Arc<dyn Transport>>,
        receipts: Arc<dyn OfferReceipts>,
        clock: Arc<dyn Clock>,
        pace: Pace,
    ) -> Self {
        let owner = Uuid::new_v4().simple().to_string();
        Self { notification, transports, receipts, clock, pace, owner, breakers: Mutex::default() }
    }

    /// Works until told to stop; what is in work is then finished.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let mut lanes = JoinSet::new();
        let telling = Arc::clone(&self);
        let until = stop.clone();
        lanes.spawn(async move { telling.tell(until).await });
        for channel in self.transports.keys().copied() {
            let (lane, until) = (Arc::clone(&self), stop.clone());
            lanes.spawn(async move { lane.lane(channel, until).await });
        }
        while let Some(ended) = lanes.join_next().await {
            if ended.is_err() && !stop.is_cancelled() {
                tracing::error!("a lane of the delivery worker ended early");
            }
        }
    }

    /// The time now.
    ///
    /// # Errors
    /// The store's.
    pub async fn now(&self) -> Result<Timestamp, Error> {
        let mut tx = self.notification.db.read().await?;
        let now = tx.database_time().await?;
        tx.rollback().await?;
        Ok(self.clock.now(now))
    }

    /// Tells every event that waits. Answers how many.
    ///
    /// # Errors
    /// The store's.
    pub async fn tell_all(&self) -> Result<usize, Error> {
        let mut count = 0;
        while self.notification.tell_next(self.now().await?).await? != Told::Nothing {
            count += 1;
        }
        Ok(count)
    }

    /// Sends what is due on every channel until nothing is. Answers how many were in work.
    ///
    /// # Errors
    /// The store's.
    pub async fn send_due(self: &Arc<Self>) -> Result<usize, Error> {
        let mut lanes = JoinSet::new();
        for channel in self.transports.keys().copied() {
            let lane = Arc::clone(self);
            lanes.spawn(async move {
                let mut count = 0;
                loop {
                    let leased = lane.lease(channel, lane.pace.pool).await?;
                    if leased.is_empty() {
                        return Ok::<usize, Error>(count);
                    }
                    count += leased.len();
                    let mut work = JoinSet::new();
                    for message in leased {
                        let lane = Arc::clone(&lane);
                        work.spawn(async move { lane.attempt(message).await });
                    }
                    work.join_all().await;
                }
            });
        }
        let mut count = 0;
        for done in lanes.join_all().await {
            count += done?;
        }
        Ok(count)
    }

    async fn tell(&self, stop: CancellationToken) {
        loop {
            if let Err(error) = self.tell_all().await {
                tracing::warn!(cause = %error, "events wait to be told");
            }
            if let Err(error) = self.measure().await {
                tracing::debug!(cause = %error, "messages cannot be counted");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.pace.idle) => {}
            }
        }
    }

    async fn measure(&self) -> Result<(), Error> {
        let mut tx = self.notification.db.read().await?;
        for count in tx.message_counts().await? {
            let value = f64::from(u32::try_from(count.count).unwrap_or(u32::MAX));
            let (channel, state) = (channel_code(count.channel), count.state.code());
            metrics::gauge!("keikka_messages", "channel" => channel, "state" => state).set(value);
        }
        Ok(())
    }

    /// One channel: as many in work as there is room for, so that a slow channel holds up nobody else.
    async fn lane(self: Arc<Self>, channel: Channel, stop: CancellationToken) {
        let mut work = JoinSet::new();
        while !stop.is_cancelled() {
            while work.try_join_next().is_some() {}
            let room = self.pace.pool.saturating_sub(work.len());
            let leased = if room == 0 { Ok(Vec::new()) } else { self.lease(channel, room).await };
            let leased = leased.unwrap_or_else(|error| {
                tracing::warn!(channel = channel_code(channel), cause = %error, "messages cannot be leased");
                Vec::new()
            });
            let waits = leased.is_empty();
            for message in leased {
                let lane = Arc::clone(&self);
                work.spawn(async move { lane.attempt(message).await });
            }
            if waits {
                tokio::select! {
                    () = stop.cancelled() => {}
                    Some(_) = work.join_next() => {}
                    () = tokio::time::sleep(self.pace.idle) => {}
                }
            }
        }
        work.join_all().await;
    }

    async fn lease(&self, channel: Channel, room: usize) -> Result<Vec<Message>, Error> {
        let mut tx = self.notification.db.write().await?;
        let now = self.clock.now(tx.database_time().await?);
        let room = match self.breaker(channel, |breaker| breaker.gate(now)) {
            Gate::Open => room,
            Gate::Probe => 1,
            Gate::Closed => 0,
        };
        if room == 0 {
            tx.rollback().await?;
            return Ok(Vec::new());
        }
        let rows = u32::try_from(room).unwrap_or(u32::MAX);
        let leased = tx.lease_messages(channel, &self.owner, now, now + self.pace.lease, rows).await?;
        tx.commit().await?;
        Ok(leased)
    }

    pub(crate) fn breaker<T>(&self, channel: Channel, with: impl FnOnce(&mut Breaker) -> T) -> T {
        let mut breakers = self.breakers.lock().unwrap_or_else(PoisonError::into_inner);
        with(breakers.entry(channel).or_default())
    }
}
