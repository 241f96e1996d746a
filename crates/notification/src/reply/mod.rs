//! What comes back: links that are opened, text messages that are answered, receipts of providers.

mod back;
pub mod callback;
mod receipt;
mod restraint;
pub mod sms;
pub mod token;

use domain::offer::OfferState;
use domain::offer::{Decline, UNDO_WINDOW};
use domain::text::ServiceLanguage;
use domain::{NetworkId, Offer, OfferId, PhoneNumber, Timestamp, Volunteer, VolunteerId};
use store::{ReplyToken, Tx};
use uuid::Uuid;

pub(crate) use restraint::Restraint;
use sms::Reading;

use crate::channel::sms::Provider;
use crate::plan::Person;
use crate::plan::phone::PhoneClass;
use crate::ports::{Answer, OfferAnswers, Outcome};
use crate::render::phrase;
use crate::{Error, Notification, truth};

/// What a link opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The network.
    pub network: NetworkId,
    /// What it is about: `offers/o1` may be answered, `gigs/g1` looked at.
    pub subject: String,
    /// Whose link it is.
    pub volunteer: VolunteerId,
    /// The language they are spoken to in.
    pub language: ServiceLanguage,
    /// Until when it may be used to answer, or its details are shown.
    pub expire_time: Timestamp,
    /// Whether that lies ahead.
    pub is_open: bool,
    /// When it was used to answer.
    pub used_time: Option<Timestamp>,
    /// It was made for a phone number or e-mail address that the volunteer has no more: it opens nothing, whoever reads it now.
    pub is_former: bool,
}

impl Opened {
    /// The offer that may be answered, if the link is one's.
    #[must_use]
    pub fn offer(&self) -> Option<OfferId> {
        self.subject.strip_prefix("offers/")?.parse().ok()
    }
}

/// What a message that came in led to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Received {
    /// The sender's network, if we ever wrote to them.
    pub network: Option<NetworkId>,
    /// What to write back; nothing to somebody we never wrote to, to a number that texts do not go to, or to one that has heard as much
    /// of late.
    pub text: Option<String>,
    /// What became of the answer, if it was one.
    pub outcome: Option<Outcome>,
    /// The same as a message that [`Notification::write_back`] has sent, if there is a text.
    pub reply: Option<Reply>,
}

/// What is written back, and to whom. It names its words only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub(crate) volunteer: VolunteerId,
    /// What they were last asked or told about.
    pub(crate) subject: String,
    pub(crate) name: &'static str,
}

impl Notification {
    /// What a link opens; none for a token that is mangled or foreign, or whose volunteer is gone. One that has run out still tells whose it
    /// was: see [`Opened::is_open`]. Changes nothing.
    ///
    /// # Errors
    /// The store's.
    pub async fn open_link(&self, token: &str, now: Timestamp) -> Result<Option<Opened>, Error> {
        if !token::is_token(token) {
            return Ok(None);
        }
        let mut tx = self.db.read().await?;
        let hash = token::hash(token);
        let (found, is_remade) = match tx.reply_token(&hash).await? {
            Some(found) => (found, false),
            None => match tx.reply_token_after(&hash).await? {
                Some(found) => (found, true),
                None => return Ok(None),
            },
        };
        let Some(volunteer) = truth::volunteer(&mut tx, &found.network, &found.volunteer).await? else {
            return Ok(None);
        };
        let is_former =
            is_remade || !self.links().still_reaches(found.reach.as_deref(), &Person::volunteer(&volunteer));
        Ok(Some(Opened {
            is_former,
            is_open: found.expire_time > now && !is_former,
            network: found.network,
            subject: found.subject,
            volunteer: found.volunteer,
            language: volunteer.contact.language,
            expire_time: found.expire_time,
            used_time: found.used_time,
        }))
    }

    /// Answers an offer by its link: once. None for a link that opens nothing or no offer; a link that was used or has run out answers
    /// [`Outcome::Ended`].
    ///
    /// # Errors
    /// The store's, or the port's: the link can be used again then.
    pub async fn answer_link(
        &self,
        token: &str,
        answer: Answer,
        answers: &dyn OfferAnswers,
        now: Timestamp,
    ) -> Result<Option<Outcome>, Error> {
        let Some(opened) = self.open_link(token, now).await? else { return Ok(None) };
        let Some(offer) = opened.offer() else { return Ok(None) };
        if opened.used_time.is_some() || !opened.is_open {
            return Ok(Some(Outcome::Ended));
        }
        let outcome = answers.answer(&opened.network, &offer, &opened.volunteer, answer, now).await?;
        if outcome.is_final() {
            self.used(&token::hash(token), now).await?;
        }
        Ok(Some(outcome))
    }

    /// Lets a link be used again: the answer that it gave was taken back.
    ///
    /// # Errors
    /// The store's.
    pub async fn renew_link(&self, token: &str) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        tx.renew_reply_token(&token::hash(token)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Reads a text message that came in, acts on it, and says what to write back in the sender's language.
    ///
    /// # Errors
    /// The store's, or the port's: the provider may deliver the message again.
    pub async fn receive_sms(
        &self,
        from: &str,
        text: &str,
        answers: &dyn OfferAnswers,
        now: Timestamp,
    ) -> Result<Received, Error> {
        let Some(number) = number(from) else { return Ok(Received::default()) };
        let mut tx = self.db.read().await?;
        let contact = self.links().contact(&number);
        let tokens = tx.reply_tokens_of_contact(&contact).await?;
        let (tokens, newest) = present(&mut tx, tokens, &number).await?;
        let Some((network, language)) = newest else { return Ok(Received::default()) };
        let reading = sms::read(text, language);
        let undoable = match &reading {
            Some(Reading { yes: false, .. }) => undoable(&mut tx, &tokens, now).await?,
            _ => Vec::new(),
        };
        let stands = match &reading {
            Some(Reading { code: None, .. }) if undoable.is_empty() => promised(&mut tx, &tokens, now).await?,
            _ => false,
        };
        tx.rollback().await?;
        let is_reachable = PhoneClass::of(&number).refusal().is_none();
        let say = |name: &'static str, outcome: Option<Outcome>| -> Result<Received, Error> {
            // Somebody who writes yes or no is told why it cannot be; any other text may be an automat's.
            let once = !matches!(name, "wrong_code" | "which_code");
            let is_heard = is_reachable && (outcome.is_some() || self.restraint.admits(&contact, name, once, now));
            let text = if is_heard { Some(phrase(&format!("reply_{name}"), language)?) } else { None };
            let last = tokens.first().filter(|_| is_heard);
            let reply =
                last.map(|last| Reply { volunteer: last.volunteer.clone(), subject: last.subject.clone(), name });
            Ok(Received { network: Some(network.clone()), text, outcome, reply })
        };
        let Some(reading) = reading else {
            return say(if sms::asks_for_an_end(text) { "stop" } else { "unclear" }, None);
        };
        if stands {
            let (name, outcome) =
                if reading.yes { ("accepted", Outcome::Accepted) } else { ("too_late", Outcome::TooLate) };
            return say(name, Some(outcome));
        }
        let token = match pick(&tokens, &undoable, reading.code.as_deref(), now) {
            Ok(token) => token,
            Err(name) => return say(name, None),
        };
        let Some(offer) = asks(token) else { return say("ended", None) };
        let answer = if reading.yes { Answer::Yes } else { Answer::No(Decline::NotThisTime) };
        let outcome = answers.answer(&token.network, &offer, &token.volunteer, answer, now).await?;
        if outcome.is_final() {
            self.used(&token.hash, now).await?;
        }
        let name = match outcome {
            Outcome::Accepted => "accepted",
            Outcome::Declined => "declined",
            Outcome::AlreadyFilled => "filled",
            Outcome::Ended | Outcome::Invalid => "ended",
            Outcome::NotAble => "not_able",
            Outcome::TooLate => "too_late",
        };
        say(name, Some(outcome))
    }

    /// Says that a call of the list was made.
    ///
    /// # Errors
    /// The store's.
    pub async fn called(&self, network: &NetworkId, message: Uuid, now: Timestamp) -> Result<bool, Error> {
        let mut tx = self.db.write().await?;
        let changed = tx.call_made(network, message, now).await?;
        tx.commit().await?;
        Ok(changed)
    }

    async fn used(&self, hash: &[u8], now: Timestamp) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        tx.use_reply_token(hash, now).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A number as providers write it: with or without `+`.
#[must_use]
pub fn number(from: &str) -> Option<PhoneNumber> {
    let text = from.trim();
    let text = if text.starts_with(['+', '0']) { text.to_owned() } else { format!("+{text}") };
    PhoneNumber::new(&text).ok()
}

/// The offer that a token asks about, if it asks.
fn asks(token: &ReplyToken) -> Option<OfferId> {
    token.subject.strip_prefix("offers/")?.parse().ok()
}

/// The tokens of those whose number it still is, newest first, with the network and language of the newest: a number that was given up
/// may be somebody else's by now.
async fn present(
    tx: &mut Tx,
    tokens: Vec<ReplyToken>,
    number: &PhoneNumber,
) -> Result<(Vec<ReplyToken>, Option<(NetworkId, ServiceLanguage)>), Error> {
    let mut known: Vec<(NetworkId, VolunteerId, Option<ServiceLanguage>)> = Vec::new();
    let mut kept = Vec::with_capacity(tokens.len());
    let mut newest = None;
    for token in tokens {
        let found = known.iter().find(|(network, id, _)| *network == token.network && *id == token.volunteer);
        let language = match found {
            Some((.., language)) => *language,
            None => {
                let volunteer: Option<Volunteer> = truth::volunteer(tx, &token.network, &token.volunteer).await?;
                let own = volunteer.filter(|volunteer| volunteer.phone.as_ref() == Some(number));
                let language = own.map(|volunteer| volunteer.contact.language);
                known.push((token.network.clone(), token.volunteer.clone(), language));
                language
            }
        };
        let Some(language) = language else { continue };
        newest.get_or_insert_with(|| (token.network.clone(), language));
        kept.push(token);
    }
    Ok((kept, newest))
}

/// Whether no question is open, and the one that was answered last was answered with a yes whose promise still stands.
async fn promised(tx: &mut Tx, tokens: &[ReplyToken], now: Timestamp) -> Result<bool, Error> {
    let asking = || tokens.iter().filter_map(|token| Some((token, asks(token)?)));
    if asking().any(|(token, _)| token.expire_time > now && token.used_time.is_none()) {
        return Ok(false);
    }
    let Some((token, offer)) =
        asking().filter(|(token, _)| token.used_time.is_some()).max_by_key(|(token, _)| token.used_time)
    else {
        return Ok(false);
    };
    let offer = tx.get::<Offer>(&token.network, &offer).await?;
    let Some(offer) = offer.filter(|offer| offer.state == OfferState::Accepted) else { return Ok(false) };
    let held = tx.assignments_of_gig(&token.network, &offer.gig).await?;
    Ok(held.iter().any(|one| one.volunteer == token.volunteer && one.state.is_active()))
}

/// The tokens whose yes can be taken back now.
async fn undoable<'a>(tx: &mut Tx, tokens: &'a [ReplyToken], now: Timestamp) -> Result<Vec<&'a ReplyToken>, Error> {
    let mut found = Vec::new();
    for token in tokens.iter().filter(|token| token.used_time.is_some_and(|at| now <= at + UNDO_WINDOW)) {
        let Some(offer) = asks(token) else { continue };
        if tx.get::<Offer>(&token.network, &offer).await?.is_some_and(|offer| offer.may_undo(now)) {
            found.push(token);
        }
    }
    Ok(found)
}

/// The token that an answer means: by its code, or the only one that is open or whose yes may be taken back by this answer; else the
/// phrase that says why none.
fn pick<'a>(
    tokens: &'a [ReplyToken],
    undoable: &[&'a ReplyToken],
    code: Option<&str>,
    now: Timestamp,
) -> Result<&'a ReplyToken, &'static str> {
    if let Some(code) = code {
        let found = tokens.iter().find(|token| token.code.as_deref() == Some(code)).ok_or("wrong_code")?;
        let may = found.expire_time > now || undoable.iter().any(|token| token.hash == found.hash);
        return if may { Ok(found) } else { Err("ended") };
    }
    let open = tokens.iter().filter(|token| token.expire_time > now && token.used_time.is_none());
    let mut meant = open.chain(undoable.iter().copied());
    match (meant.next(), meant.next()) {
        (Some(only), None) => Ok(only),
        (Some(_), Some(_)) => Err("which_code"),
        (None, _) => Err("ended"),
    }
}

/// Whether a callback may be believed: its secret is the provider's. A provider without a secret is never believed.
#[must_use]
pub fn secret_matches(provider: &Provider, given: &str) -> bool {
    use subtle::ConstantTimeEq as _;
    let Some(secret) = &provider.callback_secret else { return false };
    !secret.expose().is_empty() && bool::from(secret.expose().as_bytes().ct_eq(given.as_bytes()))
}
