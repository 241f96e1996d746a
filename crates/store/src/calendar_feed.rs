//! The secret address under which a volunteer's own gigs can be subscribed to: its hash only, one for each volunteer.

use domain::{NetworkId, Timestamp, VolunteerId};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::tx::{Tx, values};

const TABLE: &str = "calendar_feed";
const PUT: &str = "insert into calendar_feed (network_id, volunteer_id, id, hash, create_time) values ($1, $2, $3, $4, $5) \
    on conflict (network_id, volunteer_id) do update set id = excluded.id, hash = excluded.hash, create_time = excluded.create_time";
const GET: &str = "select network_id, volunteer_id, id, hash, create_time from calendar_feed where hash = $1";
const FORGET: &str = "delete from calendar_feed where network_id = $1 and volunteer_id = $2";

/// A calendar that is subscribed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarFeed {
    /// The network.
    pub network: NetworkId,
    /// Whose gigs.
    pub volunteer: VolunteerId,
    /// What its secret is derived from.
    pub id: Uuid,
    /// SHA-256 of the secret.
    pub hash: Vec<u8>,
    /// When it was made.
    pub create_time: Timestamp,
}

type Columns = (String, String, String, Vec<u8>, i64);

fn read((network, volunteer, id, hash, create): Columns) -> Result<CalendarFeed> {
    let corrupt = |column| Error::Corrupt { table: TABLE, column, id: id.clone() };
    Ok(CalendarFeed {
        network: network.parse().map_err(|_| corrupt("network_id"))?,
        volunteer: volunteer.parse().map_err(|_| corrupt("volunteer_id"))?,
        hash,
        create_time: Timestamp::from_microsecond(create).map_err(|_| corrupt("create_time"))?,
        id: id.parse().map_err(|_| corrupt("id"))?,
    })
}

impl Tx {
    /// Writes a volunteer's calendar in the place of the one before: that one opens nothing any more.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn put_calendar_feed(&mut self, feed: &CalendarFeed) -> Result<()> {
        let id = feed.id.hyphenated().to_string();
        let row = values![feed.network.as_str(), feed.volunteer.as_str(), &id, feed.hash.as_slice(), feed.create_time];
        self.execute(PUT, row).await.map(drop)
    }

    /// A calendar by the hash of its secret.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if its row cannot be read, else any [`Error`] of the store.
    pub async fn calendar_feed(&mut self, hash: &[u8]) -> Result<Option<CalendarFeed>> {
        self.row(GET, values![hash]).await?.map(read).transpose()
    }

    /// Forgets a volunteer's calendar. Answers whether there was one.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn forget_calendar_feed(&mut self, network: &NetworkId, volunteer: &VolunteerId) -> Result<bool> {
        Ok(self.execute(FORGET, values![network.as_str(), volunteer.as_str()]).await? == 1)
    }
}
