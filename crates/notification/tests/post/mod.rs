//! A small world with a post of its own: people, gigs and events in a storage of either engine, a clock that is set, a box that keeps
//! what is sent.
#![allow(dead_code, reason = "each test file uses a part of it")]

mod peer;
mod storage;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::availability::DaySpan;
use domain::event::EventKind;
use domain::offer::OfferState;
use domain::{
    Assignment, AssignmentState, Channel, ContactMode, Coordinates, Event, Gig, GigState, MinuteOfDay, Name, NetworkId,
    Offer, OfferId, PhoneNumber, Place, Precision, Sensitive, TimeWindow, Timestamp, Volunteer,
};
use jiff::SignedDuration;
use notification::channel::{Accepted, Body, Outgoing, SendError, Transport};
use notification::ports::{Answer, Doing, OfferAnswers, OfferReceipts, Outcome, PortError};
use notification::worker::{Clock, Pace, Worker};
use notification::{Notification, Options};
use store::conformance::sample;
use store::{Database, Document, Message, MessageFilter, OpenOptions, PageRequest};

#[allow(unused_imports, reason = "each test file uses a part of it")]
pub(crate) use peer::Peer;
pub(crate) use storage::Storage;

/// Words that no message may hold: a name, a street, a number, a door code, a note.
pub(crate) const CANARIES: [&str; 9] =
    ["Kanarianen", "Lintukatu", "1234", "kanarianen", "ovikoodi", "Sisar", "4711", "hissi", "Salainen"];

/// One of two numbers, by `KEIKKA_TEST_SIZE`.
pub(crate) fn size(small: usize, full: usize) -> usize {
    match std::env::var("KEIKKA_TEST_SIZE").as_deref() {
        Ok("full") => full,
        _ => small,
    }
}

/// A clock that stands until it is set.
#[derive(Debug)]
pub(crate) struct SetClock(AtomicI64);

impl SetClock {
    pub(crate) fn at(text: &str) -> Arc<Self> {
        let time: Timestamp = text.parse().expect("instant");
        Arc::new(Self(AtomicI64::new(time.as_microsecond())))
    }

    pub(crate) fn time(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).expect("instant")
    }

    pub(crate) fn set(&self, time: Timestamp) {
        self.0.store(time.as_microsecond(), Ordering::SeqCst);
    }

    pub(crate) fn advance(&self, by: SignedDuration) {
        self.set(self.time() + by);
    }
}

impl Clock for SetClock {
    fn now(&self, _database: Timestamp) -> Timestamp {
        self.time()
    }
}

/// What was sent, and when by the clock.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub time: Timestamp,
    pub reference: String,
    pub channel: &'static str,
    pub to: String,
    pub text: String,
    pub calendar: Option<String>,
}

type Script = Arc<dyn Fn(&Letter, usize) -> Result<Accepted, SendError> + Send + Sync>;

/// A channel that keeps what it is given; a script may say how each try ends.
pub(crate) struct PostBox {
    clock: Arc<SetClock>,
    pub letters: Mutex<Vec<Letter>>,
    script: Mutex<Option<Script>>,
}

impl std::fmt::Debug for PostBox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostBox")
    }
}

impl PostBox {
    /// A box whose letters are dated by a clock.
    pub(crate) fn by(clock: &Arc<SetClock>) -> Arc<Self> {
        Arc::new(Self { clock: Arc::clone(clock), letters: Mutex::default(), script: Mutex::default() })
    }

    pub(crate) fn script(
        &self,
        script: impl Fn(&Letter, usize) -> Result<Accepted, SendError> + Send + Sync + 'static,
    ) {
        *self.script.lock().expect("lock") = Some(Arc::new(script));
    }

    pub(crate) fn all(&self) -> Vec<Letter> {
        self.letters.lock().expect("lock").clone()
    }

    pub(crate) fn take(&self) -> Vec<Letter> {
        std::mem::take(&mut *self.letters.lock().expect("lock"))
    }
}

impl Transport for PostBox {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Doing<'a, Result<Accepted, SendError>> {
        Box::pin(async move {
            let (channel, to, text, calendar) = match &message.body {
                Body::Sms { to, text } => ("sms", to.expose().clone(), text.text.clone(), None),
                Body::Mail { to, mail } => {
                    let text = format!("{}\n{}\n{}", mail.subject, mail.text, mail.html);
                    ("email", to.expose().clone(), text, mail.calendar.as_ref().map(|(text, _)| text.clone()))
                }
                Body::Event { association, json, .. } => ("webhook", association.to_string(), json.clone(), None),
            };
            let letter =
                Letter { time: self.clock.time(), reference: message.reference.clone(), channel, to, text, calendar };
            let tries = {
                let mut letters = self.letters.lock().expect("lock");
                letters.push(letter.clone());
                letters.iter().filter(|one| one.reference == letter.reference).count()
            };
            tokio::task::yield_now().await;
            let script = self.script.lock().expect("lock").clone();
            match script {
                Some(script) => script(&letter, tries),
                None => Ok(Accepted::default()),
            }
        })
    }
}

/// Keeps what it is told, and answers as it is set.
#[derive(Debug)]
pub(crate) struct Desk {
    pub told: Mutex<Vec<(String, &'static str)>>,
    pub answers: Mutex<Vec<(String, String, Answer)>>,
    pub outcome: Mutex<Outcome>,
    /// So many of the next receipts cannot be written.
    pub failures: AtomicU64,
}

impl Desk {
    fn note<'a>(&'a self, offer: &'a OfferId, what: &'static str) -> Doing<'a, Result<(), PortError>> {
        if self.failures.load(Ordering::SeqCst) > 0 {
            self.failures.fetch_sub(1, Ordering::SeqCst);
            return Box::pin(async { Err(PortError("busy".into())) });
        }
        self.told.lock().expect("lock").push((offer.to_string(), what));
        Box::pin(async { Ok(()) })
    }
}

impl OfferReceipts for Desk {
    fn sent<'a>(&'a self, _: &'a NetworkId, offer: &'a OfferId, _: Timestamp) -> Doing<'a, Result<(), PortError>> {
        self.note(offer, "sent")
    }

    fn delivered<'a>(&'a self, _: &'a NetworkId, offer: &'a OfferId, _: Timestamp) -> Doing<'a, Result<(), PortError>> {
        self.note(offer, "delivered")
    }

    fn unsent<'a>(
        &'a self,
        _: &'a NetworkId,
        offer: &'a OfferId,
        _: &'a str,
        _: Timestamp,
    ) -> Doing<'a, Result<(), PortError>> {
        self.note(offer, "unsent")
    }
}

impl OfferAnswers for Desk {
    fn answer<'a>(
        &'a self,
        _: &'a NetworkId,
        offer: &'a OfferId,
        volunteer: &'a domain::VolunteerId,
        answer: Answer,
        _: Timestamp,
    ) -> Doing<'a, Result<Outcome, PortError>> {
        self.answers.lock().expect("lock").push((offer.to_string(), volunteer.to_string(), answer));
        let outcome = *self.outcome.lock().expect("lock");
        Box::pin(async move { Ok(outcome) })
    }
}

/// People, gigs and a post.
pub(crate) struct Post {
    pub db: Database,
    pub network: NetworkId,
    pub clock: Arc<SetClock>,
    pub sms: Arc<PostBox>,
    pub mail: Arc<PostBox>,
    pub hook: Arc<PostBox>,
    pub desk: Arc<Desk>,
    pub notification: Notification,
    pub pace: Pace,
    events: AtomicU64,
}

impl Post {
    /// A post over a storage, at noon of a Monday; network, kind and seeker are there.
    pub(crate) async fn open(storage: &Storage) -> Self {
        let db = Database::open(&storage.url(), OpenOptions::creating()).await.expect("database");
        db.migrate().await.expect("schema");
        let clock = SetClock::at("2026-11-23T10:00:00Z");
        let network = NetworkId::new("kouvola").expect("id");
        let options = Options {
            reply_key: Sensitive::new(vec![7; 32]),
            link_base: "https://auta.kouvola.example/r/".to_owned(),
            channels: vec![Channel::Sms, Channel::Email, Channel::Webhook],
            webhooks: vec![(network.clone(), "a1".parse().expect("id"))],
            provider: None,
            mail_from: "keikka@kouvola.example".to_owned(),
        };
        let desk = Desk {
            told: Mutex::default(),
            answers: Mutex::default(),
            outcome: Mutex::new(Outcome::Accepted),
            failures: AtomicU64::new(0),
        };
        let new_box = || PostBox::by(&clock);
        let post = Self {
            notification: Notification::with(db.clone(), options),
            network: network.clone(),
            sms: new_box(),
            mail: new_box(),
            hook: new_box(),
            desk: Arc::new(desk),
            pace: Pace { pool: 4, lease: SignedDuration::from_secs(60), idle: Duration::from_millis(2) },
            events: AtomicU64::new(0),
            clock,
            db,
        };
        let mut seeker = sample::seeker(&network, "s1");
        seeker.contact_mode = ContactMode::Direct;
        seeker.name = Sensitive::new(Name::new("Salainen Seniori").expect("name"));
        post.put(&sample::network(&network)).await;
        post.put(&sample::kind(&network, "shopping")).await;
        post.put(&seeker).await;
        post
    }

    pub(crate) fn transports(&self) -> BTreeMap<Channel, Arc<dyn Transport>> {
        BTreeMap::from([
            (Channel::Sms, Arc::clone(&self.sms) as Arc<dyn Transport>),
            (Channel::Email, Arc::clone(&self.mail) as Arc<dyn Transport>),
            (Channel::Webhook, Arc::clone(&self.hook) as Arc<dyn Transport>),
        ])
    }

    pub(crate) fn worker(&self) -> Arc<Worker> {
        self.worker_with(self.transports())
    }

    pub(crate) fn worker_with(&self, transports: BTreeMap<Channel, Arc<dyn Transport>>) -> Arc<Worker> {
        let receipts = Arc::clone(&self.desk) as Arc<dyn OfferReceipts>;
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        Arc::new(Worker::new(self.notification.clone(), transports, receipts, clock, self.pace))
    }

    /// Tells and sends all that is due now.
    pub(crate) async fn deliver(&self) {
        let worker = self.worker();
        worker.tell_all().await.expect("told");
        worker.send_due().await.expect("sent");
    }

    pub(crate) async fn put<D: Document>(&self, document: &D) {
        let mut tx = self.db.write().await.expect("write");
        let stored = tx.get::<D>(document.network(), document.id()).await.expect("get");
        match stored {
            None => assert_eq!(tx.insert(document).await.expect("insert"), store::Inserted::Done),
            Some(before) => {
                let mut changed = document.clone();
                *changed.meta_mut() = before.meta().changed(self.clock.time());
                assert!(tx.update(&changed, before.meta().version).await.expect("update"));
            }
        }
        tx.commit().await.expect("commit");
    }

    /// A volunteer with a mobile, reached by text message, then by letter; with a name and street that no message may hold.
    pub(crate) fn volunteer(&self, number: usize) -> Volunteer {
        let mut volunteer = sample::volunteer(&self.network, &format!("v{number}"));
        volunteer.name = Sensitive::new(Name::new("Kaisa Kanarianen").expect("name"));
        volunteer.phone = Some(PhoneNumber::new(&format!("+35840{:07}", 2_000_000 + number)).expect("number"));
        volunteer.email = Some(Sensitive::new(format!("v{number}@example.org")));
        volunteer.contact.channels = [Channel::Sms, Channel::Email].into();
        volunteer.contact.weekly_budget = 50;
        volunteer
    }

    /// An open gig of two to four, a day later, at a place with a street.
    pub(crate) fn gig(&self, id: &str) -> Gig {
        let mut gig = sample::gig(&self.network, id);
        let start: Timestamp = "2026-11-24T12:00:00Z".parse().expect("instant");
        gig.windows = vec![TimeWindow::new(start, start + SignedDuration::from_hours(2)).expect("window")];
        gig.note = Some(Sensitive::new(domain::Note::new("ovikoodi 4711, hissi rikki").expect("note")));
        gig.place = Some(Place {
            coordinates: Coordinates::new(60.868, 26.704).expect("Kouvola"),
            precision: Precision::Exact,
            postal_code: Some("45100".to_owned()),
            locality: Some(Name::new("Kouvola").expect("name")),
            street: Some(Sensitive::new(Name::new("Lintukatu 12").expect("name"))),
        });
        gig
    }

    pub(crate) fn start(gig: &Gig) -> Timestamp {
        gig.start.unwrap_or_else(|| gig.windows[0].start())
    }

    /// Writes an event of now.
    pub(crate) async fn event(&self, kind: EventKind, subject: &str, data: &[(&str, String)]) {
        let number = self.events.fetch_add(1, Ordering::Relaxed);
        let event = Event {
            network: self.network.clone(),
            id: format!("e{number:09}").parse().expect("id"),
            kind,
            subject: subject.to_owned(),
            actor: "tests".parse().expect("id"),
            reason: String::new(),
            time: self.clock.time(),
            data: data.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
        };
        let mut tx = self.db.write().await.expect("write");
        tx.record(&event).await.expect("record");
        tx.commit().await.expect("commit");
    }

    /// An offer that holds for some hours, neither stored nor told.
    pub(crate) fn unannounced(&self, id: &str, gig: &Gig, volunteer: &str, hours: i64) -> Offer {
        let now = self.clock.time();
        Offer {
            gig: gig.id.clone(),
            volunteer: volunteer.parse().expect("id"),
            start: Self::start(gig),
            expire_time: now + SignedDuration::from_hours(hours),
            state: OfferState::Pending,
            decline_reason: None,
            slot: 0,
            is_invited: false,
            meta: domain::Meta::created(now),
            ..sample::offer(&self.network, id)
        }
    }

    /// Makes an offer that holds for some hours, with its event.
    pub(crate) async fn offer(&self, id: &str, gig: &Gig, volunteer: &str, hours: i64) -> Offer {
        let offer = self.unannounced(id, gig, volunteer, hours);
        self.put(&offer).await;
        let data =
            [("gig", gig.id.to_string()), ("volunteer", volunteer.to_owned()), ("start", offer.start.to_string())];
        self.event(EventKind::OfferMade, &format!("offers/{id}"), &data).await;
        offer
    }

    /// So many volunteers on one channel, each with an offer of the gig that holds for eight hours, written at once.
    pub(crate) async fn many(&self, gig: &Gig, count: usize, channel: impl Fn(usize) -> Channel) {
        self.put(gig).await;
        let now = self.clock.time();
        let mut tx = self.db.write().await.expect("write");
        for number in 0..count {
            let mut volunteer = self.volunteer(number);
            volunteer.contact.channels = [channel(number)].into();
            assert_eq!(tx.insert(&volunteer).await.expect("insert"), store::Inserted::Done);
            let offer = Offer {
                gig: gig.id.clone(),
                volunteer: volunteer.id.clone(),
                start: Self::start(gig),
                expire_time: now + SignedDuration::from_hours(8),
                state: OfferState::Pending,
                decline_reason: None,
                slot: 0,
                is_invited: false,
                meta: domain::Meta::created(now),
                ..sample::offer(&self.network, &format!("o{number}"))
            };
            assert_eq!(tx.insert(&offer).await.expect("insert"), store::Inserted::Done);
            let event = Event {
                data: BTreeMap::from([("gig".to_owned(), gig.id.to_string())]),
                time: now,
                reason: String::new(),
                ..sample::event(
                    &self.network,
                    &format!("m{number:09}"),
                    EventKind::OfferMade,
                    &format!("offers/o{number}"),
                )
            };
            tx.record(&event).await.expect("record");
        }
        tx.commit().await.expect("commit");
    }

    pub(crate) async fn end_offer(&self, offer: &Offer, state: OfferState, told: bool) {
        self.put(&Offer { state, ..offer.clone() }).await;
        let data = [
            ("gig", offer.gig.to_string()),
            ("volunteer", offer.volunteer.to_string()),
            ("state", state.code().to_owned()),
            ("told", told.to_string()),
        ];
        self.event(EventKind::OfferEnded, &format!("offers/{}", offer.id), &data).await;
    }

    /// Gives a gig to a volunteer.
    pub(crate) async fn fill(&self, gig: &Gig, volunteer: &str) -> Gig {
        self.promise(gig, volunteer, EventKind::GigFilled).await
    }

    /// Gives a gig to a volunteer, for the first time or at another start.
    pub(crate) async fn promise(&self, gig: &Gig, volunteer: &str, kind: EventKind) -> Gig {
        let start = Self::start(gig);
        let mut gig = gig.clone();
        gig.state = GigState::Filled;
        gig.start = Some(start);
        let span = gig.span(start).expect("span");
        let now = self.clock.time();
        let id = format!("x-{}-{}", gig.id, self.events.load(Ordering::Relaxed));
        let assignment = Assignment {
            told_time: None,
            create_time: now,
            update_time: now,
            ..sample::assignment(&self.network, &id, gig.id.as_str(), volunteer, span)
        };
        self.put(&gig).await;
        let mut tx = self.db.write().await.expect("write");
        assert_eq!(tx.claim(&assignment).await.expect("claim"), store::Claimed::Done);
        tx.commit().await.expect("commit");
        let data = [("volunteer", volunteer.to_owned()), ("start", start.to_string())];
        self.event(kind, &format!("gigs/{}", gig.id), &data).await;
        gig
    }

    /// Moves what stands of a gig to another state, at the time of the event that follows.
    pub(crate) async fn change(&self, gig: &Gig, from: AssignmentState, to: AssignmentState) {
        let mut tx = self.db.write().await.expect("write");
        for mut one in tx.assignments_of_gig(&self.network, &gig.id).await.expect("assignments") {
            if one.state == from {
                one.state = to;
                one.update_time = self.clock.time();
                assert!(tx.update_assignment(&one, from).await.expect("update"));
            }
        }
        tx.commit().await.expect("commit");
    }

    pub(crate) async fn messages(&self) -> Vec<Message> {
        let mut tx = self.db.read().await.expect("read");
        let mut all = Vec::new();
        let mut page = PageRequest::first(1_000);
        loop {
            let found = tx.list_messages(&self.network, &MessageFilter::default(), &page).await.expect("list");
            all.extend(found.items);
            page.after = found.next;
            if page.after.is_none() {
                return all;
            }
        }
    }

    /// The one message of a template.
    pub(crate) async fn message(&self, template: &str) -> Message {
        let mut all: Vec<Message> =
            self.messages().await.into_iter().filter(|message| message.template == template).collect();
        assert_eq!(all.len(), 1, "messages of {template}: {all:?}");
        all.remove(0)
    }
}

/// Hours of a day.
pub(crate) fn hours(start: u16, end: u16) -> DaySpan {
    let minute = |minutes| MinuteOfDay::new(minutes).expect("time of day");
    DaySpan::new(minute(start), minute(end)).expect("span")
}
