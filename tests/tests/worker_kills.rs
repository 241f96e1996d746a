//! 5,000 messages and a worker process that is killed a hundred times (SIGKILL), at moments chosen so that each part of the work is hit:
//! nobody is left out, a death repeats one message at most, under the same reference, and nothing reaches who declined, was erased or
//! whose offer had ended, whoever held the message when that happened.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use domain::availability::DaySpan;
use domain::event::EventKind;
use domain::offer::OfferState;
use domain::{
    Channel, Gig, GigState, Meta, MinuteOfDay, NetworkId, Offer, OfferId, PhoneNumber, TimeWindow, Volunteer,
    VolunteerId,
};
use jiff::SignedDuration;
use store::conformance::sample;
use store::{Database, Inserted, Message, MessageFilter, MessageState, OpenOptions, OutboxState, PageRequest};
use tests::binary::keikka;
use tests::engines::{Engine, Storage};
use tests::sms_peer::{Moment, SmsPeer};
use uuid::Uuid;

const MESSAGES: usize = 5_000;
const KILLS: usize = 100;
/// After so many kills, some people withdraw.
const WITHDRAW_EVERY: usize = 10;
/// How many then do, of each sort.
const WITHDRAW: usize = 5;
/// How many do in all.
const WITHDRAWN: usize = (KILLS - 1) / WITHDRAW_EVERY * WITHDRAW * 3;
/// The longest that one step may take: a guard against a test that hangs, far above what any machine needs.
const PATIENCE: Duration = Duration::from_secs(600);

struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("small")
    }
}

fn phone(number: usize) -> String {
    format!("+35840{:07}", 2_000_000 + number)
}

/// People who may be written to at any hour, each with an offer of the same gig that holds for a day.
async fn people(db: &Database, network: &NetworkId, count: usize) {
    let mut tx = db.write().await.expect("write");
    let now = tx.database_time().await.expect("time");
    let start = now + SignedDuration::from_hours(30);
    let gig = Gig {
        state: GigState::Offered,
        windows: vec![TimeWindow::new(start, start + SignedDuration::from_hours(2)).expect("a window")],
        ..sample::gig(network, "g1")
    };
    assert_eq!(tx.insert(&sample::network(network)).await.expect("insert"), Inserted::Done);
    assert_eq!(tx.insert(&sample::kind(network, gig.kind.as_str())).await.expect("insert"), Inserted::Done);
    assert_eq!(tx.insert(&sample::seeker(network, gig.seeker.as_str())).await.expect("insert"), Inserted::Done);
    assert_eq!(tx.insert(&gig).await.expect("insert"), Inserted::Done);
    let time = |minutes| MinuteOfDay::new(minutes).expect("a time of day");
    let always = DaySpan::new(time(0), time(1_440)).expect("a day");
    for number in 0..count {
        let mut volunteer = sample::volunteer(network, &format!("v{number}"));
        volunteer.phone = Some(PhoneNumber::new(&phone(number)).expect("a number"));
        volunteer.contact.channels = [Channel::Sms].into();
        volunteer.contact.hours = Some(always);
        volunteer.contact.weekly_budget = 7;
        assert_eq!(tx.insert(&volunteer).await.expect("insert"), Inserted::Done);
        let offer = Offer {
            gig: gig.id.clone(),
            volunteer: volunteer.id.clone(),
            start,
            expire_time: now + SignedDuration::from_hours(24),
            state: OfferState::Pending,
            decline_reason: None,
            slot: 0,
            sent_time: None,
            delivered_time: None,
            meta: Meta::created(now),
            ..sample::offer(network, &format!("o{number}"))
        };
        assert_eq!(tx.insert(&offer).await.expect("insert"), Inserted::Done);
        let subject = format!("offers/o{number}");
        let event = sample::event(network, &format!("m{number:09}"), EventKind::OfferMade, &subject);
        let data = BTreeMap::from([("gig".to_owned(), gig.id.to_string())]);
        tx.record(&domain::Event { data, time: now, reason: String::new(), ..event }).await.expect("record");
    }
    tx.commit().await.expect("commit");
}

/// A worker process over a database: one message in work at a time, so that a death repeats one at most.
fn worker(url: &str, folder: &Path) -> Child {
    let mut command = Command::new(keikka());
    command.args(["serve", "--roles", "workers", "--database", url]).current_dir(folder);
    for setting in [
        "notification.sms_file=sms.toml",
        "notification.key_file=reply.key",
        "notification.pool=1",
        "notification.lease_s=10",
        "server.sweep_interval_s=3600",
        "telemetry.log_filter=error",
    ] {
        command.args(["--setting", setting]);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("a worker starts")
}

async fn messages(db: &Database, network: &NetworkId) -> Vec<Message> {
    let mut tx = db.read().await.expect("read");
    let (mut all, mut page) = (Vec::new(), PageRequest::first(1_000));
    loop {
        let found = tx.list_messages(network, &MessageFilter::default(), &page).await.expect("list");
        all.extend(found.items);
        page.after = found.next;
        if page.after.is_none() {
            return all;
        }
    }
}

/// Of those whom no message has reached, some decline, some are erased, and the offer of some ends: first those whose message the dead
/// worker left in its hands. Answers whose.
async fn withdraw(db: &Database, network: &NetworkId, peer: &SmsPeer, before: &BTreeMap<String, usize>) -> Vec<usize> {
    let reached: BTreeSet<String> = peer.handed().into_iter().map(|one| one.to).collect();
    let number = |message: &Message| -> usize {
        message.recipient.trim_start_matches("volunteers/v").parse().expect("one of ours")
    };
    let mut open = messages(db, network).await;
    let is_new = |to: &String| !reached.contains(to) && !before.contains_key(to);
    open.retain(|one| !one.state.is_terminal() && is_new(&phone(number(one))));
    open.sort_by_key(|one| (one.state != MessageState::Leased, Uuid::from_u128(one.id.as_u128().rotate_left(64))));
    let chosen: Vec<usize> = open.iter().map(number).take(3 * WITHDRAW).collect();
    for (at, number) in chosen.iter().enumerate() {
        let offer: OfferId = format!("o{number}").parse().expect("id");
        let volunteer: VolunteerId = format!("v{number}").parse().expect("id");
        let mut tx = db.write().await.expect("write");
        let now = tx.database_time().await.expect("time");
        if at % 3 == 1 {
            assert!(tx.delete::<Volunteer>(network, &volunteer, None).await.expect("delete"));
            let recipient = format!("volunteers/{volunteer}");
            tx.drop_messages_to(network, &recipient, "RECIPIENT_GONE", now).await.expect("drop");
            tx.forget_reply_tokens(network, &volunteer).await.expect("forget");
        } else {
            let before = tx.get_locked::<Offer>(network, &offer).await.expect("get").expect("there");
            let version = before.meta.version;
            let meta = before.meta.changed(now);
            let after = match at % 3 {
                0 => Offer { state: OfferState::Declined, meta, ..before },
                _ => Offer { expire_time: now, meta, ..before },
            };
            assert!(tx.update(&after, version).await.expect("update"));
        }
        tx.commit().await.expect("commit");
    }
    chosen
}

async fn all_ended(db: &Database, network: &NetworkId) {
    let ended = async {
        loop {
            let mut tx = db.read().await.expect("read");
            let page = PageRequest::first(1);
            let waiting = tx.list_outbox(network, Some(OutboxState::Pending), &page).await.expect("outbox").items;
            let counts = tx.message_counts().await.expect("counts");
            tx.rollback().await.expect("rollback");
            if waiting.is_empty() && counts.iter().all(|count| count.state == MessageState::Failed) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    if tokio::time::timeout(PATIENCE, ended).await.is_err() {
        let all = messages(db, network).await;
        let open: Vec<_> = all.iter().filter(|one| !one.state.is_terminal()).take(3).collect();
        panic!("some messages never end: {open:?}");
    }
}

async fn survives(engine: Engine, seed: u64) {
    let storage = Storage::make(engine).await;
    let folder = tempfile::tempdir().expect("a folder");
    let peer = SmsPeer::start().await;
    std::fs::write(folder.path().join("sms.toml"), peer.provider()).expect("written");
    std::fs::write(folder.path().join("reply.key"), b"0123456789abcdef0123456789abcdef").expect("written");
    let db = Database::open(&storage.url(), OpenOptions::creating()).await.expect("a database");
    db.migrate().await.expect("a schema");
    let network = NetworkId::new("kouvola").expect("id");
    people(&db, &network, MESSAGES + WITHDRAWN).await;

    let mut dice = Dice(seed);
    let mut withdrawn = BTreeMap::new();
    for kill in 1..=KILLS {
        let moment = [Moment::Connected, Moment::Taken, Moment::Answered][dice.below(3)];
        peer.kill(worker(&storage.url(), folder.path()), dice.below(2 * MESSAGES / KILLS - 15), moment);
        tokio::time::timeout(PATIENCE, peer.killed()).await.expect("the worker gets to work");
        if kill % WITHDRAW_EVERY == 0 && kill < KILLS {
            let so_far = peer.handed().len();
            let more = withdraw(&db, &network, &peer, &withdrawn).await;
            withdrawn.extend(more.into_iter().map(|number| (phone(number), so_far)));
        }
    }
    let mut last = worker(&storage.url(), folder.path());
    all_ended(&db, &network).await;
    last.kill().expect("it lives to the end");
    last.wait().expect("it is dead");

    let handed = peer.handed();
    for (at, one) in handed.iter().enumerate() {
        let late = withdrawn.get(&one.to).is_some_and(|since| at >= *since);
        assert!(!late, "seed {seed}: {} was written to after they had withdrawn", one.to);
    }
    let mut references: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for one in &handed {
        references.entry(&one.to).or_default().insert(&one.reference);
    }
    let missing: Vec<String> = (0..MESSAGES + WITHDRAWN)
        .map(phone)
        .filter(|to| !withdrawn.contains_key(to) && !references.contains_key(to.as_str()))
        .collect();
    assert!(missing.is_empty(), "seed {seed}: nobody wrote to {missing:?}");
    assert_eq!((withdrawn.len(), references.len()), (WITHDRAWN, MESSAGES), "seed {seed}");
    assert!(references.values().all(|all| all.len() == 1), "seed {seed}: a repeat under another reference");
    let twice = handed.len() - references.len();
    assert!(twice <= KILLS && twice * 50 < MESSAGES, "seed {seed}: {twice} repeats at {KILLS} deaths");

    let mut tx = db.read().await.expect("read");
    for message in messages(&db, &network).await {
        let number: usize = message.recipient.trim_start_matches("volunteers/v").parse().expect("one of ours");
        if withdrawn.contains_key(&phone(number)) {
            assert_eq!(message.state, MessageState::Dropped, "seed {seed}: {message:?}");
            continue;
        }
        assert_eq!(message.state, MessageState::Sent, "seed {seed}: {message:?}");
        let offer: OfferId = format!("o{number}").parse().expect("id");
        let offer = tx.get::<Offer>(&network, &offer).await.expect("get").expect("there");
        assert_eq!(offer.state, OfferState::Sent, "seed {seed}: the offer of {number} is told that it was sent");
    }
    tx.rollback().await.expect("rollback");
    db.close().await;
    storage.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_messages_outlive_a_hundred_workers_on_sqlite() {
    survives(Engine::Sqlite, 0x5eed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_messages_outlive_a_hundred_workers_on_postgres() {
    survives(Engine::Postgres, 0x5eed2).await;
}
