//! Links and short codes: what a message carries so that its reader can answer, derived from a key, so that a repeat carries the same.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{PhoneNumber, Timestamp, VolunteerId};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use store::{Message, ReplyToken, Tx};
use uuid::Uuid;

use crate::{Error, Options};

/// Bytes of a token: 128 bits.
const TOKEN_BYTES: usize = 16;
/// Letters and digits of a short code, two of each (`AB23`): none is mistaken for another or for an answer, and no word looks like it.
pub(super) const CODE_LETTERS: &[u8; 17] = b"ABCDFGHMPQRTUVWXZ";
const CODE_DIGITS: &[u8; 7] = b"2346789";
/// Length of a short code.
pub const CODE_CHARS: usize = 4;
/// Codes that are tried until one is free.
const CODE_TRIES: u32 = 64;

/// Makes links and codes with the server's key.
#[derive(Debug, Clone, Copy)]
pub struct Links<'a> {
    options: &'a Options,
}

impl<'a> Links<'a> {
    pub(crate) fn new(options: &'a Options) -> Self {
        Self { options }
    }

    fn derive(&self, what: &str, from: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.options.reply_key.expose()).expect("any length is a key");
        mac.update(what.as_bytes());
        mac.update(b"\0");
        mac.update(from);
        mac.finalize().into_bytes().into()
    }

    /// The token of a message: 22 characters.
    #[must_use]
    pub fn token(&self, message: Uuid) -> String {
        URL_SAFE_NO_PAD.encode(&self.derive("reply", message.as_bytes())[..TOKEN_BYTES])
    }

    /// The link of a message.
    #[must_use]
    pub fn link(&self, message: Uuid) -> String {
        format!("{}{}", self.options.link_base, self.token(message))
    }

    /// The secret of a calendar: 22 characters.
    pub(crate) fn calendar(&self, id: Uuid) -> String {
        URL_SAFE_NO_PAD.encode(&self.derive("calendar", id.as_bytes())[..TOKEN_BYTES])
    }

    /// The hash under which a number's tokens are found.
    #[must_use]
    pub fn contact(&self, number: &PhoneNumber) -> Vec<u8> {
        self.derive("contact", number.expose().as_bytes()).to_vec()
    }

    fn code(&self, message: Uuid, attempt: u32) -> String {
        let bytes = self.derive("code", &[message.as_bytes().as_slice(), &attempt.to_be_bytes()].concat());
        let sets: [&[u8]; CODE_CHARS] = [CODE_LETTERS, CODE_LETTERS, CODE_DIGITS, CODE_DIGITS];
        let pick = |(byte, set): (&u8, &[u8])| char::from(set[usize::from(*byte) % set.len()]);
        bytes.iter().zip(sets).map(pick).collect()
    }

    /// Writes the token of a message, with a code that no open question to the same volunteer or number has.
    pub(crate) async fn write(
        &self,
        tx: &mut Tx,
        message: &Message,
        volunteer: &VolunteerId,
        phone: Option<&PhoneNumber>,
        expire: Timestamp,
        now: Timestamp,
    ) -> Result<(), Error> {
        let contact = phone.map(|phone| self.contact(phone));
        let asks = message.subject.starts_with("offers/");
        let code =
            if asks { Some(self.free_code(tx, message, volunteer, contact.as_deref(), now).await?) } else { None };
        let token = ReplyToken {
            hash: hash(&self.token(message.id)),
            network: message.network.clone(),
            message: message.id,
            subject: message.subject.clone(),
            volunteer: volunteer.clone(),
            contact: if asks { contact } else { None },
            code,
            expire_time: expire,
            used_time: None,
            create_time: now,
        };
        tx.insert_reply_token(&token).await?;
        Ok(())
    }

    async fn free_code(
        &self,
        tx: &mut Tx,
        message: &Message,
        volunteer: &VolunteerId,
        contact: Option<&[u8]>,
        now: Timestamp,
    ) -> Result<String, Error> {
        let mut open = tx.reply_tokens_of(&message.network, volunteer, now).await?;
        if let Some(contact) = contact {
            open.extend(tx.reply_tokens_of_contact(contact).await?);
        }
        let taken = |code: &String| open.iter().any(|token| token.code.as_ref() == Some(code));
        let free = (0..CODE_TRIES).map(|attempt| self.code(message.id, attempt)).find(|code| !taken(code));
        Ok(free.unwrap_or_else(|| self.code(message.id, CODE_TRIES)))
    }
}

/// The hash under which a token is kept.
#[must_use]
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Whether a text has the form of a token.
#[must_use]
pub fn is_token(text: &str) -> bool {
    text.len() <= 32 && URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == TOKEN_BYTES)
}
