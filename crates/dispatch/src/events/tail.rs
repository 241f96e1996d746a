//! One look at the store for all watches of a network: what happened last, in a short list that all of them read from.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::NetworkId;
use store::{Database, EventPlace, Placed};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

/// How often the store is looked at, however many watch.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Events that are kept for those who are nearly up to date; who is further behind reads the store.
const KEPT: usize = 512;
/// Events of one look.
pub(super) const PAGE: u32 = 256;

/// The tails of the networks that somebody watches.
#[derive(Debug, Default)]
pub(crate) struct Tails {
    known: Mutex<HashMap<NetworkId, watch::Sender<Tail>>>,
}

/// The last that happened in a network.
#[derive(Debug, Default)]
pub(super) struct Tail {
    /// The place before the first event kept; none before the first look.
    from: Option<EventPlace>,
    events: VecDeque<Arc<Placed>>,
    /// Why the last look saw nothing, if so.
    failure: Option<store::Error>,
}

/// What a watch finds behind its place.
#[derive(Debug)]
pub(super) enum Found {
    /// This, the next in order; at most [`PAGE`].
    Next(Vec<Arc<Placed>>),
    /// It is too far behind, or nobody has looked yet: the store knows.
    Behind,
    /// Nothing.
    Nothing,
}

impl Tail {
    /// What comes after a place.
    ///
    /// # Errors
    /// Why the last look saw nothing, if so.
    pub(super) fn after(&self, place: &EventPlace) -> Result<Found, store::Error> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let Some(from) = self.from.as_ref().filter(|from| !from.is_after(place)) else { return Ok(Found::Behind) };
        let upto = self.events.back().map_or(from, |last| &last.place);
        if !upto.is_after(place) {
            return Ok(Found::Nothing);
        }
        let next = self.events.partition_point(|placed| !placed.place.is_after(place));
        Ok(Found::Next(self.events.iter().skip(next).take(PAGE as usize).cloned().collect()))
    }

    fn upto(&self) -> Option<EventPlace> {
        self.events.back().map(|last| last.place.clone()).or_else(|| self.from.clone())
    }

    fn add(&mut self, placed: Vec<Placed>) {
        self.events.extend(placed.into_iter().map(Arc::new));
        while self.events.len() > KEPT {
            self.from = self.events.pop_front().map(|oldest| oldest.place.clone());
        }
    }
}

impl Tails {
    fn lock(&self) -> MutexGuard<'_, HashMap<NetworkId, watch::Sender<Tail>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The tail of a network, which is looked after from now on until nobody follows it any more.
    pub(super) fn follow(self: &Arc<Self>, db: &Database, network: &NetworkId) -> watch::Receiver<Tail> {
        let mut known = self.lock();
        if let Some(tail) = known.get(network) {
            return tail.subscribe();
        }
        let (tail, follower) = watch::channel(Tail::default());
        known.insert(network.clone(), tail.clone());
        tokio::spawn(look_after(Arc::clone(self), tail, db.clone(), network.clone()));
        follower
    }

    /// Forgets a tail that nobody follows. Answers whether it did: who comes while it is asked is not left alone.
    fn forget_if_alone(&self, network: &NetworkId, tail: &watch::Sender<Tail>) -> bool {
        let mut known = self.lock();
        let alone = tail.receiver_count() == 0;
        if alone {
            known.remove(network);
        }
        alone
    }
}

async fn look_after(tails: Arc<Tails>, tail: watch::Sender<Tail>, db: Database, network: NetworkId) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if tails.forget_if_alone(&network, &tail) {
            return;
        }
        while look(&tail, &db, &network).await {}
    }
}

/// One look. Answers whether there may be more to see at once.
async fn look(tail: &watch::Sender<Tail>, db: &Database, network: &NetworkId) -> bool {
    let upto = tail.borrow().upto();
    match seen(db, network, upto.as_ref()).await {
        Ok(Seen::End(place)) => {
            tail.send_modify(|tail| (tail.from, tail.failure) = (Some(place), None));
            false
        }
        Ok(Seen::Events(events)) => {
            let more = events.len() == PAGE as usize;
            tail.send_if_modified(|tail| {
                let news = !events.is_empty() || tail.failure.is_some();
                tail.failure = None;
                tail.add(events);
                news
            });
            more
        }
        Err(error) => {
            tail.send_modify(|tail| tail.failure = Some(error));
            false
        }
    }
}

enum Seen {
    /// The first look: only where the history ends.
    End(EventPlace),
    /// What came since.
    Events(Vec<Placed>),
}

async fn seen(db: &Database, network: &NetworkId, upto: Option<&EventPlace>) -> Result<Seen, store::Error> {
    let mut tx = db.read().await?;
    let seen = match upto {
        None => Seen::End(tx.last_event_place(network).await?),
        Some(place) => Seen::Events(tx.events_after(network, place, PAGE).await?),
    };
    tx.rollback().await?;
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Event, EventId, EventKind, PrincipalId, Timestamp};

    fn placed(number: usize) -> Placed {
        let event = Event {
            network: NetworkId::new("kouvola").expect("id"),
            id: EventId::new(format!("e-{number}")).expect("id"),
            kind: EventKind::Updated,
            subject: "gigs/g1".to_owned(),
            actor: PrincipalId::new("p").expect("id"),
            reason: String::new(),
            time: Timestamp::UNIX_EPOCH,
            data: std::collections::BTreeMap::new(),
        };
        Placed { place: place(number), event }
    }

    fn place(number: usize) -> EventPlace {
        if number == 0 {
            EventPlace::default()
        } else {
            format!("{number}.{number}.e-{number}").parse().expect("place")
        }
    }

    #[test]
    fn it_keeps_the_last_and_sends_who_is_further_behind_to_the_store() {
        let mut tail = Tail::default();
        assert!(matches!(tail.after(&place(0)), Ok(Found::Behind)), "nobody has looked");
        tail.from = Some(place(0));
        assert!(matches!(tail.after(&place(0)), Ok(Found::Nothing)));
        tail.add((1..=KEPT + 10).map(placed).collect());
        assert_eq!(tail.events.len(), KEPT);
        assert!(matches!(tail.after(&place(9)), Ok(Found::Behind)));
        let Ok(Found::Next(next)) = tail.after(&place(10)) else { panic!("the oldest that is kept is the next") };
        assert_eq!((next.len(), &next[0].place), (PAGE as usize, &place(11)));
        let Ok(Found::Next(next)) = tail.after(&place(KEPT + 8)) else { panic!("two more") };
        assert_eq!(next.len(), 2);
        assert!(matches!(tail.after(&place(KEPT + 10)), Ok(Found::Nothing)));
        assert!(matches!(tail.after(&place(KEPT + 99)), Ok(Found::Nothing)), "who has read the store may be ahead");
    }
}
