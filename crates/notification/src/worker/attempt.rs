//! One try of one message: the last look, the words, the channel, and what is written of it.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use domain::{Channel, OfferId, Sensitive, Timestamp};
use futures_util::FutureExt as _;
use jiff::SignedDuration;
use store::{Message, MessageState, channel_code};

use super::lane::Held;
use super::{Worker, schedule};
use crate::channel::{Accepted, Body, Outgoing, SendError};
use crate::plan::{Person, Recipient};
use crate::render::{Overrides, RenderError, SmsText, calendar, gsm7};
use crate::template::{Part, Template};
use crate::truth::{Material, Verdict};
use crate::{Error, render};

/// How often a result is written again when the database is busy: what is not written is sent twice.
const SETTLE_TRIES: u32 = 5;
/// Pauses before an offer is told again that it was sent: a database that is full or restarts may be well again.
const TELL_PAUSES_MS: [u64; 5] = [0, 20, 100, 300, 600];

impl Worker {
    /// Tries a leased message. Whatever happens, it harms no other.
    pub(super) async fn attempt(&self, held: Held) {
        let message = held.message.clone();
        let id = message.id;
        let tried = AssertUnwindSafe(self.try_once(held)).catch_unwind().await;
        let failed = match tried {
            Ok(Ok(())) => return,
            Ok(Err(error)) => {
                // The lease runs out, and somebody tries again.
                tracing::warn!(message.id = %id, cause = %error, "a message stays leased");
                return;
            }
            Err(_) => self.park(message, "MESSAGE_POISONED").await,
        };
        if let Err(error) = failed {
            tracing::error!(message.id = %id, cause = %error, "a poisoned message cannot be parked");
        }
    }

    async fn try_once(&self, held: Held) -> Result<(), Error> {
        let mut tx = self.notification.db.read().await?;
        let database = tx.database_time().await?;
        let watch = Watch::start(self, database);
        let now = watch.now();
        let lease = self.pace.lease;
        let left = held.until.duration_since(database);
        if left < lease * 3 / 4 {
            // It has lain about for too long: another might take it before a slow channel has answered.
            tx.rollback().await?;
            self.give_back([held]).await;
            return Ok(());
        }
        let time = Duration::try_from(left - lease / 6).unwrap_or_default();
        let ends = tokio::time::sleep(time);
        let mut message = held.message;
        if message.attempts > schedule::TRIES_MAX {
            // Workers have died over it.
            tx.rollback().await?;
            return self.park(message, "MESSAGE_POISONED").await;
        }
        let verdict = self.notification.look(&mut tx, &message, now).await?;
        let material = match verdict {
            Verdict::Send(material) => material,
            Verdict::Drop(why) => {
                tx.rollback().await?;
                message.state = MessageState::Dropped;
                message.failure = Some(why.to_owned());
                self.unsent(&message, why, now).await;
                return self.settle(&message, now).await;
            }
            Verdict::Remake => {
                tx.rollback().await?;
                self.notification.remake_link(&message).await?;
                message.state = MessageState::Pending;
                message.attempts = message.attempts.saturating_sub(1);
                message.next_time = now;
                return self.settle(&message, now).await;
            }
            Verdict::Wait(until) => {
                tx.rollback().await?;
                message.state = MessageState::Pending;
                message.attempts = message.attempts.saturating_sub(1);
                message.next_time = until;
                return self.settle(&message, now).await;
            }
        };
        let texts = tx.message_texts(&message.network, &message.template).await?;
        tx.rollback().await?;
        let overrides: Overrides = texts
            .into_iter()
            .filter_map(|text| Some(((Part::from_code(&text.part)?, text.language), text.body)))
            .collect();
        let Some(body) = self.body(&message, &material, &overrides, now) else {
            return self.park(message, "RENDER_FAILED").await;
        };
        let Some(transport) = self.transports.get(&message.channel) else {
            return self.next_channel(message, material.person.as_ref(), "CHANNEL_NOT_SET", now).await;
        };
        let outgoing =
            Outgoing { network: message.network.clone(), reference: message.provider_reference.clone(), body };
        let sent = tokio::select! {
            biased;
            sent = transport.send(&outgoing) => sent,
            // The try must end before the lease does: who takes it over then begins after it.
            () = ends => Err(SendError::Ambiguous),
        };
        self.record(message, material.person.as_ref(), sent, watch.now()).await
    }

    /// Writes what became of a try. The offer is told first: who dies in between tells it again, and no offer that was sent stands as
    /// one that was not.
    async fn record(
        &self,
        mut message: Message,
        person: Option<&Person>,
        sent: Result<Accepted, SendError>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let channel = message.channel;
        let outcome = match &sent {
            Ok(_) => "sent",
            Err(SendError::Permanent { .. }) => "permanent",
            Err(_) => "transient",
        };
        metrics::counter!("keikka_message_tries_total", "channel" => channel_code(channel), "outcome" => outcome)
            .increment(1);
        match sent {
            Ok(accepted) => {
                self.breaker(channel, super::Breaker::worked);
                message.state = if accepted.arrived { MessageState::Delivered } else { MessageState::Sent };
                message.provider_id = accepted.provider_id;
                message.sent_time = Some(now);
                message.failure = None;
                self.sent(&message, accepted.arrived, now).await;
                self.settle(&message, now).await
            }
            Err(SendError::Permanent { code }) => {
                self.breaker(channel, super::Breaker::worked);
                self.next_channel(message, person, code, now).await
            }
            Err(error) => {
                if self.breaker(channel, |breaker| breaker.failed(now)) {
                    tracing::warn!(channel = channel_code(channel), failure = error.code(), "a channel rests");
                }
                let retry_after = match &error {
                    SendError::Transient { retry_after, .. } => *retry_after,
                    _ => None,
                };
                let next = schedule::next_time(channel, message.attempts, retry_after, now);
                let has_next = person.is_some_and(|person| self.after(&message, person).is_some());
                let late = message.expire_time.is_some_and(|end| next >= end);
                if late || schedule::had_its_tries(channel, message.attempts, has_next) {
                    return self.next_channel(message, person, error.code(), now).await;
                }
                message.state = MessageState::Pending;
                message.next_time = next;
                message.failure = Some(error.code().to_owned());
                self.settle(&message, now).await
            }
        }
    }

    /// The channel after the one that failed, in the person's order; what stands is told by a call at last.
    fn after(&self, message: &Message, person: &Person) -> Option<Channel> {
        let template = Template::from_code(&message.template);
        if template == Some(Template::Reply) {
            // Whoever wrote a text reads texts.
            return None;
        }
        let asks = template.is_none_or(Template::asks);
        person.after(message.channel, asks, &self.notification.options.channels)
    }

    async fn next_channel(
        &self,
        mut message: Message,
        person: Option<&Person>,
        code: &'static str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let next = person.and_then(|person| self.after(&message, person));
        let late = message.expire_time.is_some_and(|end| now >= end);
        message.failure = Some(code.to_owned());
        let Some(next) = next.filter(|_| !late) else {
            message.state = MessageState::Failed;
            self.unsent(&message, code, now).await;
            return self.settle(&message, now).await;
        };
        message.channel = next;
        message.state = MessageState::Pending;
        message.attempts = 0;
        message.next_time = now;
        self.settle(&message, now).await
    }

    async fn park(&self, mut message: Message, code: &'static str) -> Result<(), Error> {
        let now = self.now().await?;
        tracing::error!(message.id = %message.id, network.id = %message.network, failure = code, "a message is parked");
        message.state = MessageState::Failed;
        message.failure = Some(code.to_owned());
        self.unsent(&message, code, now).await;
        self.settle(&message, now).await
    }

    /// Writes a result: with those of others, or alone if that fails, so that no other's result stands in its way.
    pub(super) async fn settle(&self, message: &Message, now: Timestamp) -> Result<(), Error> {
        if self.ledger.enter(&self.notification.db, &self.owner, message, now).await {
            return Ok(());
        }
        let mut tries = 0;
        loop {
            tries += 1;
            match self.settle_once(message, now).await {
                Err(Error::Store(error)) if error.is_transient() && tries < SETTLE_TRIES => {
                    tracing::debug!(message.id = %message.id, cause = %error, "a result is written again");
                }
                done => return done,
            }
        }
    }

    async fn settle_once(&self, message: &Message, now: Timestamp) -> Result<(), Error> {
        let mut tx = self.notification.db.write().await?;
        if tx.settle_message(message, &self.owner, now).await? {
            super::parked::note(&mut tx, message, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// What the channel carries.
    fn body(&self, message: &Message, material: &Material, overrides: &Overrides, now: Timestamp) -> Option<Body> {
        let template = material.template;
        if let Recipient::Association(association) = Recipient::parse(&message.recipient)? {
            let event = material.event.as_ref()?;
            let json = serde_json::json!({
                "type": event.kind.code(),
                "timestamp": event.time.to_string(),
                "data": { "network": event.network, "subject": event.subject, "event": event.id, "values": event.data },
            });
            return Some(Body::Event { association, now, json: json.to_string() });
        }
        let person = material.person.as_ref()?;
        match message.channel {
            Channel::Sms => {
                let to = Sensitive::new(person.phone.as_ref()?.expose().to_owned());
                if let (Template::Reply, Some(render::Word::Text(text))) = (template, material.values.get("text")) {
                    let text = gsm7::fold(text);
                    let segments = gsm7::segments(&text).unwrap_or(1);
                    return Some(Body::Sms { to, text: SmsText { text, segments } });
                }
                let say = |words: &Overrides| render::sms(template, person.language, &material.values, words);
                let text = worded(message, overrides, say)?;
                Some(Body::Sms { to, text })
            }
            Channel::Email => {
                let to = person.email.clone()?;
                let say = |words: &Overrides| render::mail(template, person.language, &material.values, words);
                let mut mail = worded(message, overrides, say)?;
                mail.calendar = self.calendar(message, material, &to, now);
                Some(Body::Mail { to: Sensitive::new(to), mail: Box::new(mail) })
            }
            Channel::Phone | Channel::Webhook => None,
        }
    }

    fn calendar(
        &self,
        message: &Message,
        material: &Material,
        to: &str,
        now: Timestamp,
    ) -> Option<(String, &'static str)> {
        let method = material.template.calendar()?;
        let gig = material.about.gig.as_ref()?;
        let Recipient::Volunteer(volunteer) = Recipient::parse(&message.recipient)? else { return None };
        let word = |name| match material.values.get(name) {
            Some(render::Word::Text(text)) => text.as_str(),
            _ => "",
        };
        let entry = calendar::Entry {
            network: &gig.network,
            gig: &gig.id,
            volunteer: &volunteer,
            span: gig.span(material.about.start?)?,
            summary: word("kind"),
            area: word("area").trim_start_matches([',', ' ']),
            sequence: gig.meta.version,
            link: material.link.as_deref(),
            addresses: Some((&self.notification.options.mail_from, to)),
            now,
        };
        Some((calendar::file(&entry, method), method.code()))
    }

    /// Tells the offer that it was sent. That it cannot be told is logged: the message was sent all the same.
    async fn sent(&self, message: &Message, arrived: bool, now: Timestamp) {
        let Some(offer) = asked(message) else { return };
        let mut told = Ok(());
        for pause in TELL_PAUSES_MS {
            tokio::time::sleep(Duration::from_millis(pause)).await;
            told = if arrived {
                self.receipts.delivered(&message.network, &offer, now).await
            } else {
                self.receipts.sent(&message.network, &offer, now).await
            };
            if told.is_ok() {
                return;
            }
        }
        if let Err(error) = told {
            tracing::warn!(message.id = %message.id, offer.id = %offer, cause = %error, "an offer is not told that it was sent");
        }
    }

    async fn unsent(&self, message: &Message, why: &str, now: Timestamp) {
        let Some(offer) = asked(message) else { return };
        if let Err(error) = self.receipts.unsent(&message.network, &offer, why, now).await {
            // Its lease runs out.
            tracing::warn!(message.id = %message.id, offer.id = %offer, cause = %error, "an offer is not told that it was not sent");
        }
    }
}

/// Says something in a network's own words, or in the service's where those cannot be used with these values: what is to be told is told.
fn worded<T>(
    message: &Message,
    overrides: &Overrides,
    say: impl Fn(&Overrides) -> Result<T, RenderError>,
) -> Option<T> {
    if let Ok(said) = say(overrides) {
        return Some(said);
    }
    let said = say(&Overrides::new()).ok()?;
    tracing::warn!(network.id = %message.network, template = message.template, "a network's own words cannot be used");
    metrics::counter!("keikka_own_words_failed_total", "template" => message.template.clone()).increment(1);
    Some(said)
}

/// The time since a look at the database's clock, by this machine's: a second look after the try would cost a transaction.
struct Watch<'a> {
    worker: &'a Worker,
    database: Timestamp,
    start: tokio::time::Instant,
}

impl<'a> Watch<'a> {
    #[expect(clippy::disallowed_methods, reason = "it only measures how long a try takes")]
    fn start(worker: &'a Worker, database: Timestamp) -> Self {
        Self { worker, database, start: tokio::time::Instant::now() }
    }

    fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.start.elapsed()).unwrap_or_default();
        self.worker.clock.now(self.database + passed)
    }
}

/// The offer that a message asks about; none for a message that does not ask.
pub(crate) fn asked(message: &Message) -> Option<OfferId> {
    let asks = Template::from_code(&message.template).is_some_and(Template::asks);
    message.subject.strip_prefix("offers/").filter(|_| asks)?.parse().ok()
}
