//! The history of events as something to follow: each event has a place, given in the order of commits on both engines, so that whoever
//! goes on from a place neither loses an event nor sees one twice.
//!
//! Neither the number of a row nor its identifier would do: PostgreSQL gives numbers before it commits, and clocks of servers differ. The
//! place is the number that [`change`](crate::change) gives the transaction; within one transaction the rows stand as they were written.

use std::fmt;
use std::str::FromStr;

use domain::{Event, EventId, NetworkId, Timestamp};

use crate::error::{Error, Result};
use crate::tx::{Tx, values};

const TABLE: &str = "event";

const PLACE: &str = "update event set place = $2 where network_id = $1 and place is null";
const LAST: &str = "select place, seq, id from event where network_id = $1 and place is not null \
    order by place desc, seq desc limit 1";
const EARLIEST: &str = "select min(place) from event where network_id = $1 and time >= $2 and place is not null";
const EARLIEST_ROW: &str = "select min(seq) from event where network_id = $1 and time >= $2 and place = $3";
const BEFORE: &str = "select place, seq, id from event where network_id = $1 and (place, seq) < ($2, $3) \
    order by place desc, seq desc limit 1";
const AFTER: &str = "select place, seq, id, body from event where network_id = $1 and (place, seq) > ($2, $3) \
    order by place, seq limit $4";
const IS_THERE: &str =
    "select cast(1 as bigint) from event where network_id = $1 and place = $2 and seq = $3 and id = $4";

/// A place in a network's history of events: right after one of them, or before the first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct EventPlace {
    place: i64,
    seq: i64,
    /// The event it is right after. Another history may have another event there.
    event: Option<EventId>,
}

impl EventPlace {
    /// Whether it comes after another place.
    #[must_use]
    pub fn is_after(&self, other: &Self) -> bool {
        (self.place, self.seq) > (other.place, other.seq)
    }
}

/// An event with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Right after it.
    pub place: EventPlace,
    /// What happened.
    pub event: Event,
}

/// A text that is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a history of events")]
pub struct NotAPlace;

impl fmt::Display for EventPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.place, self.seq, self.event.as_ref().map_or("", EventId::as_str))
    }
}

impl FromStr for EventPlace {
    type Err = NotAPlace;

    fn from_str(text: &str) -> std::result::Result<Self, NotAPlace> {
        let mut parts = text.splitn(3, '.');
        let mut number = || parts.next().and_then(|part| part.parse().ok()).ok_or(NotAPlace);
        let (place, seq) = (number()?, number()?);
        let event = match parts.next().ok_or(NotAPlace)? {
            "" if (place, seq) == (0, 0) => None,
            id => Some(id.parse().map_err(|_| NotAPlace)?),
        };
        Ok(Self { place, seq, event })
    }
}

fn place((place, seq, id): (i64, i64, String)) -> Result<EventPlace> {
    let event = id.parse().map_err(|_| Error::Corrupt { table: TABLE, column: "id", id })?;
    Ok(EventPlace { place, seq, event: Some(event) })
}

impl Tx {
    /// Gives their place to what this transaction wrote down: while the head of the network's changes is its own.
    pub(crate) async fn place_events(&mut self, network: &str, place: i64) -> Result<()> {
        self.execute(PLACE, values![network, place]).await.map(drop)
    }

    /// Where a network's history of events ends, as this transaction sees it.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn last_event_place(&mut self, network: &NetworkId) -> Result<EventPlace> {
        let last = self.row(LAST, values![network.as_str()]).await?;
        last.map_or_else(|| Ok(EventPlace::default()), place)
    }

    /// The place before the first event of an instant or later; the end if there is none.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn event_place_before(&mut self, network: &NetworkId, time: Timestamp) -> Result<EventPlace> {
        let network_id = network.as_str();
        let earliest: Option<(Option<i64>,)> = self.row(EARLIEST, values![network_id, time]).await?;
        let Some((Some(first),)) = earliest else { return self.last_event_place(network).await };
        let row: Option<(Option<i64>,)> = self.row(EARLIEST_ROW, values![network_id, time, first]).await?;
        let Some((Some(seq),)) = row else { return self.last_event_place(network).await };
        let before = self.row(BEFORE, values![network_id, first, seq]).await?;
        before.map_or_else(|| Ok(EventPlace::default()), place)
    }

    /// Whether the history leads over a place: it does not if the database was restored from a backup and went on otherwise.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn has_event_place(&mut self, network: &NetworkId, place: &EventPlace) -> Result<bool> {
        match &place.event {
            None => Ok(true),
            Some(event) => {
                let row = values![network.as_str(), place.place, place.seq, event.as_str()];
                self.exists(IS_THERE, row).await
            }
        }
    }

    /// What happened in a network after a place, in order, at most so many.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a row cannot be read, else any [`Error`] of the store.
    pub async fn events_after(&mut self, network: &NetworkId, after: &EventPlace, rows: u32) -> Result<Vec<Placed>> {
        let bound = values![network.as_str(), after.place, after.seq, i64::from(rows)];
        let found: Vec<(i64, i64, String, String)> = self.rows(AFTER, bound).await?;
        found
            .into_iter()
            .map(|(number, seq, id, body)| {
                let event = crate::event::read((id, body))?;
                let place = EventPlace { place: number, seq, event: Some(event.id.clone()) };
                Ok(Placed { place, event })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_as_it_was_written_and_nothing_else_does() {
        let somewhere = EventPlace { place: 7, seq: 41, event: Some(EventId::new("e-1").expect("id")) };
        for place in [EventPlace::default(), somewhere.clone()] {
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        for text in ["", "7", "7.41", "7.41.", "x.41.e-1", "7.41.E 1", "0.0", "7.41.e.1"] {
            assert_eq!(text.parse::<EventPlace>(), Err(NotAPlace), "{text}");
        }
        assert!(somewhere.is_after(&EventPlace::default()) && !somewhere.is_after(&somewhere));
    }
}
