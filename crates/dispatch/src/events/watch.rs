//! One watch: from its place onwards, what it wants and may see, and word of silence.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use domain::{Event, NetworkId, Reason, Refusal, Scope};
use store::{Database, EventPlace, Placed};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};

use super::EventFilter;
use super::reach::Reach;
use super::tail::{Found, PAGE, Tail};
use crate::Error;

/// A watch of the events of a network.
#[derive(Debug)]
pub struct EventWatch {
    db: Database,
    network: NetworkId,
    filter: EventFilter,
    reach: Reach,
    /// Everything up to here was told or was not wanted.
    place: EventPlace,
    /// Everything up to here was looked at; what is wanted of it waits.
    looked: EventPlace,
    waiting: VecDeque<Arc<Placed>>,
    tail: watch::Receiver<Tail>,
    silence: Interval,
    /// Whether it was told that the watch has begun.
    has_begun: bool,
}

/// What a watch tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What happened; none if nothing did that is wanted, at the beginning or for as long as silence may last.
    pub event: Option<Event>,
    /// Where to go on after this.
    pub place: EventPlace,
}

impl EventWatch {
    pub(super) fn new(
        db: Database,
        scope: Scope,
        network: NetworkId,
        filter: EventFilter,
        place: EventPlace,
        tail: watch::Receiver<Tail>,
        silence: Duration,
    ) -> Self {
        let mut silence = tokio::time::interval(silence);
        silence.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let looked = place.clone();
        let reach = Reach::of(scope);
        let waiting = VecDeque::new();
        Self { db, network, filter, reach, place, looked, waiting, tail, silence, has_begun: false }
    }

    /// What comes next: at first where the watch begins, then each event, and word of silence in between.
    ///
    /// # Errors
    /// The store's. The watch can be gone on with at the last place that it told.
    pub async fn next(&mut self) -> Result<Told, Error> {
        if !self.has_begun {
            self.has_begun = true;
            self.silence.reset();
            return Ok(self.nothing());
        }
        loop {
            if let Some(placed) = self.waiting.pop_front() {
                self.place.clone_from(&placed.place);
                self.silence.reset();
                return Ok(Told { event: Some(placed.event.clone()), place: placed.place.clone() });
            }
            self.place.clone_from(&self.looked);
            // A watch that wants little of much is alive, too.
            tokio::select! {
                biased;
                _ = self.silence.tick() => return Ok(self.nothing()),
                () = std::future::ready(()) => {}
            }
            let found = self.tail.borrow_and_update().after(&self.place)?;
            let next = match found {
                Found::Next(next) => next,
                Found::Behind => self.page().await?,
                Found::Nothing => Vec::new(),
            };
            let Some(last) = next.last() else {
                tokio::select! {
                    biased;
                    changed = self.tail.changed() => changed.map_err(|_| ended())?,
                    _ = self.silence.tick() => return Ok(self.nothing()),
                }
                continue;
            };
            self.looked.clone_from(&last.place);
            let wanted: Vec<Arc<Placed>> = next.into_iter().filter(|placed| self.filter.wants(&placed.event)).collect();
            let mut seen = self.reach.of_these(&self.db, wanted).await?;
            // What is hidden of an event is nothing that one can ask for.
            seen.retain(|placed| self.filter.wants(&placed.event));
            self.waiting = seen.into();
        }
    }

    fn nothing(&self) -> Told {
        Told { event: None, place: self.place.clone() }
    }

    async fn page(&self) -> Result<Vec<Arc<Placed>>, Error> {
        let mut tx = self.db.read().await?;
        let found = tx.events_after(&self.network, &self.place, PAGE).await?;
        tx.rollback().await?;
        Ok(found.into_iter().map(Arc::new).collect())
    }
}

fn ended() -> Refusal {
    Refusal::new(Reason::ServerStopping, "the server is stopping")
}
