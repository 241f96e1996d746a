//! Poisoned messages among three thousand: each harms only itself, the worker goes on, and the gauge that operators are told to watch says
//! how many were parked.

mod post;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use domain::text::ServiceLanguage;
use domain::{Channel, Gig, GigState};
use jiff::SignedDuration;
use metrics::{Counter, Gauge, GaugeFn, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use notification::channel::{Accepted, SendError};
use store::{MessageState, MessageText};
use tokio_util::sync::CancellationToken;

use post::{Post, Storage};

/// Those that are delivered, and the poisoned ones among them.
const GOOD: usize = 3_000;
const PANICS: usize = 7;
const REFUSED: usize = 1_008;
const BUSY: usize = 2_009;
/// One of the good ones: own words that cannot be used are no poison.
const OVERSIZE: usize = 2_910;
const POISONED: usize = 3;

/// How a message ended, and why.
type End = (&'static str, Option<String>);

/// The gauges of this process.
#[derive(Debug, Default)]
struct Gauges(Mutex<BTreeMap<String, f64>>);

struct Hand(&'static Gauges, String);

impl GaugeFn for Hand {
    fn increment(&self, value: f64) {
        *self.0.0.lock().expect("lock").entry(self.1.clone()).or_default() += value;
    }
    fn decrement(&self, value: f64) {
        self.increment(-value);
    }
    fn set(&self, value: f64) {
        self.0.0.lock().expect("lock").insert(self.1.clone(), value);
    }
}

struct Reader(&'static Gauges);

impl Recorder for Reader {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        Counter::noop()
    }
    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        let labels: Vec<String> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        Gauge::from_arc(Arc::new(Hand(self.0, format!("{} {}", key.name(), labels.join(" ")))))
    }
    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

fn gauges() -> &'static Gauges {
    static GAUGES: OnceLock<&'static Gauges> = OnceLock::new();
    GAUGES.get_or_init(|| {
        let gauges: &'static Gauges = Box::leak(Box::default());
        assert!(metrics::set_global_recorder(Reader(gauges)).is_ok(), "the only recorder of this process");
        gauges
    })
}

/// Waits for a condition; the limit only ends a test that hangs.
async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(600), waiting).await.unwrap_or_else(|_| panic!("{what} never comes"));
}

/// Both engines in one test: the gauges are the process's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_poisoned_messages_among_three_thousand_harm_nobody_else() {
    let gauges = gauges();
    for storage in Storage::both().await {
        let mut post = Post::open(&storage).await;
        post.pace.pool = 8;
        post.pace.idle = Duration::from_millis(20);
        let gig = Gig { state: GigState::Offered, ..post.gig("g1") };
        post.many(&gig, GOOD + POISONED, |_| Channel::Sms).await;
        // Words that are too long for a text message, as a row may hold that was written before they were checked.
        let mut long = post.volunteer(OVERSIZE);
        long.contact.channels = [Channel::Sms].into();
        long.contact.language = ServiceLanguage::Sv;
        post.put(&long).await;
        let words = MessageText {
            part: "sms".to_owned(),
            language: ServiceLanguage::Sv,
            body: "ja ".repeat(2_000),
            update_time: post.clock.time(),
        };
        let mut tx = post.db.write().await.expect("write");
        tx.put_message_text(&post.network, "offer", &words).await.expect("put");
        tx.commit().await.expect("commit");
        let number = |number: usize| format!("+35840{:07}", 2_000_000 + number);
        let (panics, refused, busy) = (number(PANICS), number(REFUSED), number(BUSY));
        let tries = Arc::new(AtomicUsize::new(0));
        let busy_tries = Arc::clone(&tries);
        post.sms.script(move |letter, _| {
            if letter.to == panics {
                panic!("poison");
            } else if letter.to == refused {
                Err(SendError::Permanent { code: "PROVIDER_REFUSED" })
            } else if letter.to == busy {
                busy_tries.fetch_add(1, Ordering::SeqCst);
                Err(SendError::Transient { code: "PROVIDER_ERROR", retry_after: None })
            } else {
                Ok(Accepted::default())
            }
        });
        std::panic::set_hook(Box::new(|_| {}));
        let stop = CancellationToken::new();
        let running = tokio::spawn(post.worker().run(stop.clone()));
        for turn in 1..=8 {
            until("the next try", async || tries.load(Ordering::SeqCst) == turn).await;
            post.clock.advance(SignedDuration::from_secs(601));
        }
        let failed = "keikka_messages channel=sms state=failed";
        until("the gauge", async || {
            gauges.0.lock().expect("lock").get(failed).is_some_and(|count| (*count - 3.0).abs() < 0.1)
        })
        .await;
        until("the end", async || post.messages().await.iter().all(|one| one.state.is_terminal())).await;
        assert!(!running.is_finished(), "the worker lives");
        stop.cancel();
        running.await.expect("one worker from the first message to the last");
        let _ = std::panic::take_hook();

        let mut ends: BTreeMap<End, Vec<(String, u32)>> = BTreeMap::new();
        for message in post.messages().await {
            let end = (message.state.code(), message.failure);
            ends.entry(end).or_default().push((message.recipient, message.attempts));
        }
        let sent = ends.remove(&(MessageState::Sent.code(), None)).expect("the good ones");
        assert_eq!(sent.len(), GOOD);
        let parked = |code: &str, number: usize, tries| {
            (("failed", Some(code.to_owned())), vec![(format!("volunteers/v{number}"), tries)])
        };
        let wanted = BTreeMap::from([
            parked("MESSAGE_POISONED", PANICS, 1),
            parked("PROVIDER_REFUSED", REFUSED, 1),
            parked("PROVIDER_ERROR", BUSY, 8),
        ]);
        assert_eq!(ends, wanted);
        let oversize = post.sms.all().into_iter().find(|letter| letter.to == number(OVERSIZE)).expect("sent");
        assert!(oversize.text.contains("Kan du"), "in the service's words: {}", oversize.text);
        gauges.0.lock().expect("lock").clear();
        storage.remove().await;
    }
}

/// What is measured is what the operator's table tells to watch.
#[test]
fn the_operators_table_names_the_gauges_of_messages() {
    let table = include_str!("../../../docs/operations.md");
    for row in ["| `keikka_messages{state=\"failed\"}` |", "| `keikka_channel_rests` |"] {
        assert!(table.contains(row), "{row}");
    }
}
