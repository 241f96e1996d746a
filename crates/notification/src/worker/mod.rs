//! The delivery worker: tells events, and sends what is due, each channel in a lane of its own with a bounded number in work.
//!
//! At least once: a message is leased, sent, and settled; a worker that dies in between leaves a lease that runs out, and the next one
//! sends it again under the same reference. What is in work dies with the worker; nothing else is repeated. Leases are measured in the
//! database's time, and a try ends before its lease does: two workers never send one message at the same time.

mod attempt;
pub mod breaker;
mod lane;
mod ledger;
pub(crate) mod parked;
pub mod schedule;
mod telling;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::{Channel, Timestamp};
use jiff::SignedDuration;
use store::channel_code;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::channel::Transport;
use crate::ports::OfferReceipts;
use crate::{Error, Notification};

pub(crate) use attempt::asked;
use breaker::Breaker;
use ledger::Ledger;

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
    /// How long a message is in one worker's hands before another takes it. A channel is given half of it to answer.
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
    ledger: Ledger,
    /// What the last count found, so that a count of nothing is told too.
    counted: Mutex<BTreeSet<(&'static str, &'static str)>>,
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
        Self {
            notification,
            transports,
            receipts,
            clock,
            pace,
            owner,
            breakers: Mutex::default(),
            ledger: Ledger::default(),
            counted: Mutex::default(),
        }
    }

    /// Works until told to stop; what is in work is then finished.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let mut lanes = JoinSet::new();
        let telling = Arc::clone(&self);
        let until = stop.clone();
        lanes.spawn(async move { telling.tell(until, telling.pace.idle).await });
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

    /// Counts what waits, is in work and was given up, and which channels rest.
    async fn measure(&self) -> Result<(), Error> {
        let mut tx = self.notification.db.read().await?;
        let counts = tx.message_counts().await?;
        tx.rollback().await?;
        let mut before = std::mem::take(&mut *self.counted.lock().unwrap_or_else(PoisonError::into_inner));
        let mut found = BTreeSet::new();
        for count in counts {
            let value = f64::from(u32::try_from(count.count).unwrap_or(u32::MAX));
            let (channel, state) = (channel_code(count.channel), count.state.code());
            metrics::gauge!("keikka_messages", "channel" => channel, "state" => state).set(value);
            before.remove(&(channel, state));
            found.insert((channel, state));
        }
        for (channel, state) in before {
            metrics::gauge!("keikka_messages", "channel" => channel, "state" => state).set(0.0);
        }
        *self.counted.lock().unwrap_or_else(PoisonError::into_inner) = found;
        for channel in self.transports.keys() {
            let rests = if self.breaker(*channel, |breaker| breaker.is_open()) { 1.0 } else { 0.0 };
            metrics::gauge!("keikka_channel_rests", "channel" => channel_code(*channel)).set(rests);
        }
        Ok(())
    }

    /// The channels on which nothing is sent for a while, since their provider does not work.
    #[must_use]
    pub fn resting(&self) -> Vec<Channel> {
        self.transports.keys().copied().filter(|channel| self.breaker(*channel, |breaker| breaker.is_open())).collect()
    }

    pub(crate) fn breaker<T>(&self, channel: Channel, with: impl FnOnce(&mut Breaker) -> T) -> T {
        let mut breakers = self.breakers.lock().unwrap_or_else(PoisonError::into_inner);
        with(breakers.entry(channel).or_default())
    }
}
