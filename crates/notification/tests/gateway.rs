//! 2,000 text messages and a gateway that misbehaves in every way it can, as a process of its own: each message comes to an end, none is
//! sent oftener than a silence explains, the gateway's wish to be left alone is heeded, and letters go on as if nothing were.
//!
//! Times are scaled: the server waits ten seconds for a provider, the gateway is slow for twenty and silent for thirty; here it is half a
//! second, one and one and a half. Nothing is asserted about how long anything takes: what a slow machine makes of an answer is taken from
//! what the channel said of it, not from what was drawn.

mod post;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{Channel, Gig, GigState, Timestamp};
use jiff::SignedDuration;
use notification::Notification;
use notification::channel::address::Reach;
use notification::channel::http::Client;
use notification::channel::sms::{Provider, SmsTransport};
use notification::channel::{Accepted, Body, Outgoing, SendError, Transport};
use notification::ports::{Doing, OfferReceipts};
use notification::reply::callback;
use store::MessageState;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use post::{Desk, Peer, Post, SetClock, Storage};

const TEXTS: usize = 2_000;
const LETTERS: usize = 200;
const POOL: usize = 64;
/// Steps of the clock in seconds: short ones first, so that a Retry-After that is not heeded shows; the last goes on and on.
const STEPS_S: [i64; 8] = [11, 31, 41, 91, 121, 301, 11, 601];

type Outcome = Result<Accepted, SendError>;

/// A try: when by the clock, and what the channel said.
#[derive(Debug, Clone)]
struct Try {
    time: Timestamp,
    outcome: Outcome,
}

/// A channel whose tries are written down.
#[derive(Debug)]
struct Watched {
    inner: SmsTransport,
    clock: Arc<SetClock>,
    tries: Mutex<BTreeMap<String, Vec<Try>>>,
}

impl Transport for Watched {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Doing<'a, Outcome> {
        Box::pin(async move {
            let time = self.clock.time();
            let outcome = self.inner.send(message).await;
            let Body::Sms { to, .. } = &message.body else { panic!("a text message") };
            let one = Try { time, outcome: outcome.clone() };
            self.tries.lock().expect("lock").entry(to.expose().clone()).or_default().push(one);
            outcome
        })
    }
}

fn provider(port: u16) -> Provider {
    serde_json::from_value(serde_json::json!({
        "url": format!("http://127.0.0.1:{port}/send"),
        "headers": {"authorization": "Bearer secret"},
        "body": {"to": "{to}", "text": "{text}", "reference": "{reference}"},
        "id_path": "/messages/0/id",
    }))
    .expect("provider")
}

/// Where the gateway's receipts come in: the product's reading of each, and what it changed.
async fn callbacks(notification: Notification, desk: Arc<Desk>, clock: Arc<SetClock>) -> (u16, Arc<Mutex<[usize; 2]>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let counts: Arc<Mutex<[usize; 2]>> = Arc::default();
    let counted = Arc::clone(&counts);
    tokio::spawn(async move {
        let shape = provider(1);
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            let at = loop {
                assert!(stream.read_buf(&mut request).await.expect("read") > 0, "the gateway hung up");
                let at = request.windows(4).position(|four| four == b"\r\n\r\n");
                if let Some(at) = at.filter(|_| request.ends_with(b"}")) {
                    break at;
                }
            };
            let receipt = callback::receipt(&shape, &request[at + 4..]).expect("a receipt");
            let receipts: &dyn OfferReceipts = &*desk;
            let changed = notification.receive_receipt(&receipt, receipts, clock.time()).await.expect("received");
            counted.lock().expect("lock")[usize::from(changed)] += 1;
            let answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
            stream.write_all(answer).await.expect("answered");
        }
    });
    (port, counts)
}

/// Asks the gateway for something, without the product's client.
async fn ask(port: u16, path: &str) -> serde_json::Value {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("connected");
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await.expect("asked");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("answered");
    let at = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a body");
    serde_json::from_slice(&answer[at + 4..]).expect("JSON")
}

/// What the gateway drew for each try, by number, oldest first.
async fn ledger(port: u16) -> BTreeMap<String, Vec<String>> {
    let mut drawn: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in ask(port, "/ledger").await.as_array().expect("a list") {
        let text = |name: &str| entry[name].as_str().expect("a text").to_owned();
        drawn.entry(text("to")).or_default().push(text("drawn"));
    }
    drawn
}

async fn is_borne(storage: Storage, seed: u64) {
    let mut post = Post::open(&storage).await;
    post.pace.pool = POOL;
    let gig = Gig { state: GigState::Offered, ..post.gig("g1") };
    post.many(&gig, TEXTS + LETTERS, |number| if number < TEXTS { Channel::Sms } else { Channel::Email }).await;
    let (back, receipts) = callbacks(post.notification.clone(), Arc::clone(&post.desk), Arc::clone(&post.clock)).await;
    let environment = [
        ("SEED", seed.to_string()),
        ("SILENCE_S", "1.5".to_owned()),
        ("SLOW_S", "1".to_owned()),
        ("RECEIPTS_URL", format!("http://127.0.0.1:{back}/receipt")),
    ];
    let gateway = Peer::start("sms_gateway.py", &[], &environment).await;
    let client = Client::new(Reach::Any, Duration::from_millis(500));
    let inner = SmsTransport::new(client, provider(gateway.port)).expect("a channel");
    let watched = Arc::new(Watched { inner, clock: Arc::clone(&post.clock), tries: Mutex::default() });
    let mut transports = post.transports();
    transports.insert(Channel::Sms, Arc::clone(&watched) as Arc<dyn Transport>);
    let worker = post.worker_with(transports);
    worker.tell_all().await.expect("told");

    // At first everything fails: the breaker opens before the flood, and no letter waits for it.
    ask(gateway.port, "/outage/on").await;
    worker.send_due().await.expect("sent");
    assert_eq!(worker.resting(), [Channel::Sms], "seed {seed}");
    let asked: usize = ledger(gateway.port).await.values().map(Vec::len).sum();
    assert!(asked <= POOL + 10, "seed {seed}: {asked} requests into an outage");
    assert_eq!(post.mail.all().len(), LETTERS, "seed {seed}: the letters are through");
    post.clock.advance(SignedDuration::from_secs(11));
    worker.send_due().await.expect("sent");
    let probed: usize = ledger(gateway.port).await.values().map(Vec::len).sum();
    assert_eq!((probed, worker.resting()), (asked + 1, vec![Channel::Sms]), "seed {seed}: one asks whether it works");
    ask(gateway.port, "/outage/off").await;

    let mut has_closed = false;
    for round in 0.. {
        post.clock.advance(SignedDuration::from_secs(STEPS_S[round.min(STEPS_S.len() - 1)]));
        worker.send_due().await.expect("sent");
        has_closed |= worker.resting().is_empty();
        if post.messages().await.iter().all(|one| one.state.is_terminal()) {
            break;
        }
        // Receipts come late: some of what no answer came to has been repeated by then, some has not.
        if round % 3 == 2 {
            ask(gateway.port, "/receipts").await;
        }
    }
    ask(gateway.port, "/receipts").await;
    assert!(has_closed, "seed {seed}: the breaker never closed");

    let (drawn, tries) = (ledger(gateway.port).await, watched.tries.lock().expect("lock").clone());
    for message in post.messages().await.iter().filter(|one| one.channel == Channel::Sms) {
        assert!(message.state.is_terminal(), "seed {seed}: {message:?}");
        let number: usize = message.recipient.trim_start_matches("volunteers/v").parse().expect("ours");
        let to = format!("+35840{:07}", 2_000_000 + number);
        let (drawn, tries) = (&drawn[&to], &tries[&to]);
        let is = |names: &[&str]| drawn.iter().filter(|one| names.contains(&one.as_str())).count();
        let taken = drawn.len() - is(&["outage", "error", "busy"]);
        let unclear = tries.iter().filter(|one| one.outcome == Err(SendError::Ambiguous)).count();
        let clear = tries.iter().filter(|one| one.outcome.is_ok()).count();
        assert!(
            clear <= 1 && taken <= clear + unclear,
            "seed {seed}: one more send for each silence: {drawn:?} {tries:?}"
        );
        assert_eq!(message.state == MessageState::Delivered, taken > 0, "seed {seed}: {drawn:?} {message:?}");
        assert!(taken > 0 || message.attempts == 8, "seed {seed}: given up after eight tries: {drawn:?} {message:?}");
        for (before, after) in tries.iter().zip(tries.iter().skip(1)) {
            let wait = match &before.outcome {
                Err(SendError::Transient { retry_after: Some(wait), .. }) => wait.as_secs(),
                _ => 0,
            };
            let waited = (after.time - before.time).get_seconds().unsigned_abs();
            assert!(waited >= wait.max(10), "seed {seed}: {waited} s instead of {wait}: {tries:?}");
        }
        let arrived = ("o".to_owned() + &number.to_string(), "delivered");
        let told = post.desk.told.lock().expect("lock").iter().filter(|one| **one == arrived).count();
        assert_eq!(told, usize::from(taken > 0), "seed {seed}: {drawn:?}: a second receipt changes nothing");
    }
    let counts = *receipts.lock().expect("lock");
    let drawn_twice = drawn.values().flatten().filter(|one| *one == "twice").count();
    assert!(drawn_twice * 50 > TEXTS && counts[0] >= drawn_twice, "seed {seed}: {counts:?}, {drawn_twice} twice");
    storage.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_misbehaves_is_borne_on_sqlite() {
    is_borne(Storage::folder(), 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_misbehaves_is_borne_on_postgres() {
    is_borne(Storage::throwaway().await, 2).await;
}
