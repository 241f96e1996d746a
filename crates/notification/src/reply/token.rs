//! Links and short codes: what a message carries so that its reader can answer, derived from a key, so that a repeat carries the same.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{PhoneNumber, Timestamp, VolunteerId};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use store::{Message, ReplyToken, Tx};
use uuid::Uuid;

use crate::plan::Person;
use crate::{Error, Options};

/// Bytes of a token: 128 bits.
const TOKEN_BYTES: usize = 16;
/// Bytes of a hash by which a contact is known again.
const REACH_BYTES: usize = 12;
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

    /// The token of a message to a contact: 22 characters. For another contact it is another one.
    #[must_use]
    pub fn token(&self, message: Uuid, reach: Option<&str>) -> String {
        let from = [message.as_bytes(), reach.unwrap_or_default().as_bytes()].concat();
        URL_SAFE_NO_PAD.encode(&self.derive("reply", &from)[..TOKEN_BYTES])
    }

    /// The link of a message to a contact.
    #[must_use]
    pub fn link(&self, message: Uuid, reach: Option<&str>) -> String {
        format!("{}{}", self.options.link_base, self.token(message, reach))
    }

    /// A contact as a link remembers it: keyed hashes of phone and e-mail address.
    #[must_use]
    pub(crate) fn reach(&self, person: &Person) -> String {
        let part = |what, text: Option<&str>| {
            text.map_or_else(String::new, |text| {
                URL_SAFE_NO_PAD.encode(&self.derive(what, text.as_bytes())[..REACH_BYTES])
            })
        };
        let phone = person.phone.as_ref().map(|phone| phone.expose());
        format!("{}.{}", part("reach phone", phone), part("reach mail", person.email.as_deref()))
    }

    /// Whether a link that was made for a contact is still for this person: no address that it may have gone to is another's by now. A
    /// new one beside it changes nothing.
    #[must_use]
    pub(crate) fn still_reaches(&self, reach: Option<&str>, person: &Person) -> bool {
        let Some(reach) = reach else { return true };
        let now = self.reach(person);
        reach.split('.').zip(now.split('.')).all(|(then, now)| then.is_empty() || then == now)
    }

    /// Makes the link of a message anew for the contact that the volunteer has now: the one before opens nothing any more.
    pub(crate) async fn remake(&self, tx: &mut Tx, token: &ReplyToken, person: &Person) -> Result<(), Error> {
        let reach = self.reach(person);
        let contact = person.phone.as_ref().filter(|_| token.code.is_some()).map(|phone| self.contact(phone));
        let hash = hash(&self.token(token.message, Some(&reach)));
        let anew = ReplyToken { hash, contact, reach: Some(reach), ..token.clone() };
        tx.remake_reply_token(&token.hash, &anew).await?;
        Ok(())
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
        person: &Person,
        expire: Timestamp,
        now: Timestamp,
    ) -> Result<(), Error> {
        let contact = person.phone.as_ref().map(|phone| self.contact(phone));
        let reach = self.reach(person);
        let asks = message.subject.starts_with("offers/");
        let code =
            if asks { Some(self.free_code(tx, message, volunteer, contact.as_deref(), now).await?) } else { None };
        let token = ReplyToken {
            hash: hash(&self.token(message.id, Some(&reach))),
            network: message.network.clone(),
            message: message.id,
            subject: message.subject.clone(),
            volunteer: volunteer.clone(),
            contact: if asks { contact } else { None },
            code,
            expire_time: expire,
            used_time: None,
            create_time: now,
            reach: Some(reach),
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
