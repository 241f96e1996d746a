//! Offers by gig and by volunteer. Everything else about them is as with any document.

use domain::{GigId, NetworkId, Offer, Timestamp, VolunteerId};

use crate::document::{Inserted, read};
use crate::engine::Engine;
use crate::error::{Cause, Error, Result};
use crate::page::ROWS_MAX;
use crate::tx::{Tx, values};

const TABLE: &str = "offer";

const NAME: &str = "update offer set gig_id = $3, volunteer_id = $4 where network_id = $1 and id = $2";
const OF_GIG: &str = "select id, version, body from offer where network_id = $1 and gig_id = $2 and ($3 is null or $3 like '%,' || state || ',%') \
     order by id limit $4";
const CHANGED: &str = "select id, version, body from offer where network_id = $1 and update_time >= $2 and (update_time > $2 or update_time = $2 and id > $3) \
     order by update_time, id limit $4";
macro_rules! of_volunteers {
    ($list:literal) => {
        concat!(
            "select id, version, body from offer where network_id = $1 and volunteer_id in (",
            $list,
            ") and create_time >= $3 order by volunteer_id, create_time, id limit $4"
        )
    };
}
const OF_VOLUNTEERS_SQLITE: &str = of_volunteers!("select value from json_each($2)");
const OF_VOLUNTEERS_POSTGRES: &str = of_volunteers!("select json_array_elements_text(cast($2 as json))");
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
    /// The offers that were made to some volunteers since an instant, those of each together and oldest first.
    ///
    /// # Errors
    /// As [`Tx::offers_of_gig`].
    pub async fn offers_of_volunteers(
        &mut self,
        network: &NetworkId,
        volunteers: &[&VolunteerId],
        since: Timestamp,
    ) -> Result<Vec<Offer>> {
        let ids: Vec<&str> = volunteers.iter().map(|id| id.as_str()).collect();
        let ids = serde_json::to_string(&ids).map_err(|error| Error::Driver(Cause::new(error)))?;
        let sql = if self.engine() == Engine::Sqlite { OF_VOLUNTEERS_SQLITE } else { OF_VOLUNTEERS_POSTGRES };
        let limit = i64::from(ROWS_MAX) + 1;
        whole(self.rows(sql, values![network.as_str(), &ids, since, limit]).await?)
    }

    /// The offers whose last change (their making included) comes after a place in the order of changes: by time, then by id; at most so
    /// many. An empty id is before all that changed at that time.
    ///
    /// # Errors
    /// As [`Tx::offers_of_gig`].
    pub async fn offers_changed_after(
        &mut self,
        network: &NetworkId,
        (time, id): (Timestamp, &str),
        most: u32,
    ) -> Result<Vec<Offer>> {
        let rows: Vec<(String, i64, String)> =
            self.rows(CHANGED, values![network.as_str(), time, id, i64::from(most)]).await?;
        rows.into_iter().map(read).collect()
    }
}

fn whole(rows: Vec<(String, i64, String)>) -> Result<Vec<Offer>> {
    if rows.len() > ROWS_MAX as usize {
        return Err(Error::TooMany { table: TABLE, max: ROWS_MAX });
    }
    rows.into_iter().map(read).collect()
}
