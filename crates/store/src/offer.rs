//! Offers by gig and by volunteer. Everything else about them is as with any document.

use domain::{GigId, NetworkId, Offer, Timestamp, VolunteerId};

use crate::document::{Inserted, read};
use crate::error::{Error, Result};
use crate::page::ROWS_MAX;
use crate::tx::{Tx, values};

const TABLE: &str = "offer";

const NAME: &str = "update offer set gig_id = $3, volunteer_id = $4 where network_id = $1 and id = $2";
const OF_GIG: &str = "select id, version, body from offer where network_id = $1 and gig_id = $2 and ($3 is null or $3 like '%,' || state || ',%') \
     order by id limit $4";
const CHANGED: &str =
    "select id, version, body from offer where network_id = $1 and update_time >= $2 order by update_time, id limit $3";
const OF_VOLUNTEER: &str = "select id, version, body from offer where network_id = $1 and volunteer_id = $2 and create_time >= $3 \
     order by create_time, id limit $4";

impl Tx {
    /// Stores a new offer, found by its gig and its volunteer from now on; both never change.
    ///
    /// # Errors
    /// As [`Tx::insert`].
    pub async fn insert_offer(&mut self, offer: &Offer) -> Result<Inserted> {
        let inserted = self.insert(offer).await?;
        if inserted == Inserted::Done {
            let key = values![offer.network.as_str(), offer.id.as_str(), offer.gig.as_str(), offer.volunteer.as_str()];
            self.execute(NAME, key).await?;
        }
        Ok(inserted)
    }

    /// The offers of a gig by id: those in which an answer is awaited, or all.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a row cannot be read, else any [`Error`] of the store.
    pub async fn offers_of_gig(&mut self, network: &NetworkId, gig: &GigId, only_open: bool) -> Result<Vec<Offer>> {
        const OPEN: &str = ",pending,sent,delivered,";
        let states = only_open.then_some(OPEN);
        let limit = i64::from(ROWS_MAX) + 1;
        let rows = self.rows(OF_GIG, values![network.as_str(), gig.as_str(), states, limit]).await?;
        whole(rows)
    }

    /// The offers that were made to a volunteer since an instant, oldest first.
    ///
    /// # Errors
    /// As [`Tx::offers_of_gig`].
    pub async fn offers_of_volunteer(
        &mut self,
        network: &NetworkId,
        volunteer: &VolunteerId,
        since: Timestamp,
    ) -> Result<Vec<Offer>> {
        let limit = i64::from(ROWS_MAX) + 1;
        let rows = self.rows(OF_VOLUNTEER, values![network.as_str(), volunteer.as_str(), since, limit]).await?;
        whole(rows)
    }
}

impl Tx {
    /// The offers that were made or changed since an instant, in the order of their last change; at most so many.
    ///
    /// # Errors
    /// As [`Tx::offers_of_gig`].
    pub async fn offers_changed_since(
        &mut self,
        network: &NetworkId,
        since: Timestamp,
        most: u32,
    ) -> Result<Vec<Offer>> {
        let rows: Vec<(String, i64, String)> =
            self.rows(CHANGED, values![network.as_str(), since, i64::from(most)]).await?;
        rows.into_iter().map(read).collect()
    }
}

fn whole(rows: Vec<(String, i64, String)>) -> Result<Vec<Offer>> {
    if rows.len() > ROWS_MAX as usize {
        return Err(Error::TooMany { table: TABLE, max: ROWS_MAX });
    }
    rows.into_iter().map(read).collect()
}
