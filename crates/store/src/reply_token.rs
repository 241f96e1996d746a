//! The right to answer that a message carries: a link's hash, and a short code for answers by text message.

use domain::{NetworkId, Timestamp, VolunteerId};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::tx::{Tx, values};

const TABLE: &str = "reply_token";

/// Most open tokens of one number or volunteer that are looked at.
const OPEN_MAX: i64 = 200;

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "select hash, network_id, message_id, subject, volunteer_id, contact_hash, code, expire_time, used_time, create_time, reach \
             from reply_token where ",
            $condition
        )
    };
}

const INSERT: &str = "insert into reply_token (hash, network_id, message_id, subject, volunteer_id, contact_hash, code, expire_time, \
    create_time, reach) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing";
const GET: &str = select!("hash = $1");
const GET_FORMER: &str = select!("former_hash = $1 order by create_time desc limit 1");
const REMAKE: &str =
    "update reply_token set hash = $2, former_hash = $1, contact_hash = $3, reach = $4 where hash = $1";
const OF_MESSAGE: &str = select!("network_id = $1 and message_id = $2");
const OF_CONTACT: &str = select!("contact_hash = $1 order by create_time desc limit $2");
const OF_VOLUNTEER: &str =
    select!("network_id = $1 and volunteer_id = $2 and expire_time > $3 order by create_time desc limit $4");
const USE: &str = "update reply_token set used_time = $2 where hash = $1 and used_time is null and expire_time > $2";
const RENEW: &str = "update reply_token set used_time = null where hash = $1";
const FORGET: &str = "delete from reply_token where network_id = $1 and volunteer_id = $2";
const PURGE: &str = "delete from reply_token where expire_time <= $1";

/// The right to answer that a message carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyToken {
    /// SHA-256 of the token in the link.
    pub hash: Vec<u8>,
    /// The network.
    pub network: NetworkId,
    /// The message that carries it.
    pub message: Uuid,
    /// What may be answered or looked at: `offers/o1`, `gigs/g1`.
    pub subject: String,
    /// Who may.
    pub volunteer: VolunteerId,
    /// Keyed hash of the number that was written to, if one was.
    pub contact: Option<Vec<u8>>,
    /// The short code for an answer by text message, if an answer is asked for.
    pub code: Option<String>,
    /// Until when it holds.
    pub expire_time: Timestamp,
    /// When it was used.
    pub used_time: Option<Timestamp>,
    /// When it was made.
    pub create_time: Timestamp,
    /// For which contact, as the maker writes it; none if it was made before that was kept.
    pub reach: Option<String>,
}

type Columns =
    (Vec<u8>, String, String, String, String, Option<Vec<u8>>, Option<String>, i64, Option<i64>, i64, Option<String>);

fn read(row: Columns) -> Result<ReplyToken> {
    let (hash, network, message, subject, volunteer, contact, code, expire, used, create, reach) = row;
    let corrupt = |column| Error::Corrupt { table: TABLE, column, id: message.clone() };
    let time = |micros, column| Timestamp::from_microsecond(micros).map_err(|_| corrupt(column));
    Ok(ReplyToken {
        hash,
        network: network.parse().map_err(|_| corrupt("network_id"))?,
        message: message.parse().map_err(|_| corrupt("message_id"))?,
        subject,
        volunteer: volunteer.parse().map_err(|_| corrupt("volunteer_id"))?,
        contact,
        code,
        expire_time: time(expire, "expire_time")?,
        used_time: used.map(|micros| time(micros, "used_time")).transpose()?,
        create_time: time(create, "create_time")?,
        reach,
    })
}

impl Tx {
    /// Writes a token, unless its message has one. Answers whether it was written.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn insert_reply_token(&mut self, token: &ReplyToken) -> Result<bool> {
        let message = token.message.hyphenated().to_string();
        let row = values![
            token.hash.as_slice(),
            token.network.as_str(),
            &message,
            &token.subject,
            token.volunteer.as_str(),
            token.contact.as_deref(),
            token.code.as_deref(),
            token.expire_time,
            token.create_time,
            token.reach.as_deref(),
        ];
        Ok(self.execute(INSERT, row).await? == 1)
    }

    /// A token by its hash.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if its row cannot be read, else any [`Error`] of the store.
    pub async fn reply_token(&mut self, hash: &[u8]) -> Result<Option<ReplyToken>> {
        self.row(GET, values![hash]).await?.map(read).transpose()
    }

    /// The token that was made anew in the place of one with this hash.
    ///
    /// # Errors
    /// As [`Tx::reply_token`].
    pub async fn reply_token_after(&mut self, former: &[u8]) -> Result<Option<ReplyToken>> {
        self.row(GET_FORMER, values![former]).await?.map(read).transpose()
    }

    /// Makes a token anew for another contact: its hash, contact and reach are those of `anew`. Only the hash before is remembered. Answers whether
    /// it was there.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn remake_reply_token(&mut self, hash: &[u8], anew: &ReplyToken) -> Result<bool> {
        let row = values![hash, anew.hash.as_slice(), anew.contact.as_deref(), anew.reach.as_deref()];
        Ok(self.execute(REMAKE, row).await? == 1)
    }

    /// The token that a message carries.
    ///
    /// # Errors
    /// As [`Tx::reply_token`].
    pub async fn reply_token_of(&mut self, network: &NetworkId, message: Uuid) -> Result<Option<ReplyToken>> {
        let message = message.hyphenated().to_string();
        self.row(OF_MESSAGE, values![network.as_str(), &message]).await?.map(read).transpose()
    }

    /// The tokens that were sent to a number, the newest first, those that have run out too.
    ///
    /// # Errors
    /// As [`Tx::reply_token`].
    pub async fn reply_tokens_of_contact(&mut self, contact: &[u8]) -> Result<Vec<ReplyToken>> {
        let rows: Vec<Columns> = self.rows(OF_CONTACT, values![contact, OPEN_MAX]).await?;
        rows.into_iter().map(read).collect()
    }

    /// The tokens of a volunteer that hold at an instant, the newest first.
    ///
    /// # Errors
    /// As [`Tx::reply_token`].
    pub async fn reply_tokens_of(
        &mut self,
        network: &NetworkId,
        volunteer: &VolunteerId,
        now: Timestamp,
    ) -> Result<Vec<ReplyToken>> {
        let rows: Vec<Columns> =
            self.rows(OF_VOLUNTEER, values![network.as_str(), volunteer.as_str(), now, OPEN_MAX]).await?;
        rows.into_iter().map(read).collect()
    }

    /// Uses a token, if it holds and was not used. Answers whether it did.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn use_reply_token(&mut self, hash: &[u8], now: Timestamp) -> Result<bool> {
        Ok(self.execute(USE, values![hash, now]).await? == 1)
    }

    /// Lets a token be used again: the answer that it gave was taken back.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn renew_reply_token(&mut self, hash: &[u8]) -> Result<()> {
        self.execute(RENEW, values![hash]).await.map(drop)
    }

    /// Forgets the tokens of a volunteer, who is erased. Answers how many.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn forget_reply_tokens(&mut self, network: &NetworkId, volunteer: &VolunteerId) -> Result<u64> {
        self.execute(FORGET, values![network.as_str(), volunteer.as_str()]).await
    }

    /// Forgets the tokens that ran out before an instant. Answers how many.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn purge_reply_tokens(&mut self, before: Timestamp) -> Result<u64> {
        self.execute(PURGE, values![before]).await
    }
}
