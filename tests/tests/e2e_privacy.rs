//! Names, phones, streets and codes of people reach their answers and nothing else: no log line, no metric, no error, no operator.

use std::io;
use std::sync::{Arc, Mutex};

use proto::dispatch::v1 as dispatch;
use proto::registry::v1 as registry;
use tests::calendar::Week;
use tests::engines::for_each_engine;
use tests::example::{methods, request};
use tests::importing::List;
use tests::raw::Raw;
use tests::refused::granted;
use tests::test_server::{TestServer, Who};
use tests::town::{self, NETWORK};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tonic_types::StatusExt as _;

/// What must not be found anywhere.
const CANARIES: [&str; 7] = ["Kanaria", "Keltanokka", "49998877", "kanaria@", "Laululinnuntie", "4711KK", "Siivekkäät"];

/// Log lines, kept for the test.
#[derive(Debug, Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no writer panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn clean(where_found: &str, text: &str) {
    for canary in CANARIES {
        if let Some(at) = text.find(canary) {
            let from = text[..at].char_indices().rev().nth(100).map_or(0, |(at, _)| at);
            panic!("{canary} in {where_found}: {}", &text[from..at + canary.len()]);
        }
    }
}

fn volunteer() -> registry::Volunteer {
    registry::Volunteer {
        phone: "044 9998877".to_owned(),
        email: "kanaria@example.org".to_owned(),
        home: Some(proto::r#type::v1::Place { street: "Laululinnuntie 3".to_owned(), ..town::place(0, 0) }),
        ..town::volunteer("Kanaria Keltanokka")
    }
}

fn seeker() -> registry::Seeker {
    registry::Seeker {
        phone: "044 9998877".to_owned(),
        home: Some(proto::r#type::v1::Place { street: "Laululinnuntie 5".to_owned(), ..town::place(900, 0) }),
        intake: Some(proto::r#type::v1::Intake { door_code: "4711KK".to_owned(), ..Default::default() }),
        ..town::seeker("Kanaria Keltanokka")
    }
}

/// A day in the life of the service, with refusals on the way.
async fn day(server: &TestServer) {
    server.desk(Who::Ops).found_network().await;
    let city = server.desk(Who::City);
    city.add_volunteer("v-1", volunteer()).await;
    city.add_seeker("s-1", seeker()).await;
    let week = Week::coming();
    let gig = dispatch::Gig {
        notes: "Siivekkäät ruokittava".to_owned(),
        ..town::gig("shopping", "s-1", week.window(1, 9 * 60, 17 * 60))
    };
    let gig = city.add_gig("g-1", gig).await.name;
    let quote = dispatch::QuoteGigRequest { parent: NETWORK.to_owned(), name: gig.clone(), ..Default::default() };
    let quote = granted(city.matching.clone().quote_gig(quote).await);
    assert!(quote.candidates.iter().any(|candidate| candidate.display_name == "Kanaria Keltanokka"));
    let _ = city.explain(&gig).await;
    let (plan, _) = city.plan(week.whole()).await;
    let apply = dispatch::ApplyPlanRequest { name: plan.name.clone(), ..Default::default() };
    granted(city.matching.clone().apply_plan(apply).await);
    granted(city.cancel(&gig, "asia hoitui").await);
    let told = city
        .import(List::Seekers, "a.csv", "nimi;puhelin;postinumero\nKanaria Keltanokka;0449998877;xx\n".as_bytes())
        .await;
    assert_eq!(told.summary.problems, 1);
    clean("a problem of a file", &format!("{:?}", told.problems));

    for wrong in [
        registry::Volunteer { phone: "Kanaria 49998877".to_owned(), ..volunteer() },
        registry::Volunteer { email: "Keltanokka".to_owned(), ..volunteer() },
        registry::Volunteer { display_name: "Kanaria\u{202e}".repeat(200), ..volunteer() },
        registry::Volunteer { external_id: "Kanaria\0".to_owned(), ..volunteer() },
        registry::Volunteer { languages: vec!["Kanaria".to_owned()], ..volunteer() },
    ] {
        let asked = registry::CreateVolunteerRequest {
            parent: NETWORK.to_owned(),
            volunteer: Some(wrong),
            ..Default::default()
        };
        let status = city.volunteers.clone().create_volunteer(asked).await.expect_err("wrong");
        clean("an error", &format!("{} {:?}", status.message(), status.get_error_details()));
    }
}

/// Every answer that operations can get.
async fn seen_by_operations(server: &TestServer) {
    let raw = Raw::at(&server.url()).with_key(server.key(Who::Ops));
    for (path, method) in methods() {
        if path.contains("/Create") || path.contains("/Delete") || path.contains("/Update") {
            continue;
        }
        let body = prost::Message::encode_to_vec(&request(&method, "kouvola"));
        for answer in raw.call(&path, body).await.unwrap_or_default() {
            clean(&path, &String::from_utf8_lossy(&answer));
        }
    }
    let ops = server.desk(Who::Ops);
    let plans = dispatch::ListPlansRequest { parent: NETWORK.to_owned(), ..Default::default() };
    for plan in granted(ops.matching.clone().list_plans(plans).await).plans {
        let whole = granted(ops.matching.clone().get_plan(dispatch::GetPlanRequest { name: plan.name }).await);
        clean("a plan", &format!("{whole:?}"));
    }
    let everything = desk_events(&ops).await;
    assert!(everything.iter().any(|event| event.kind == "gig_cancelled"), "{everything:?}");
    clean("events", &format!("{everything:?}"));
    let notifications = ops.all_notifications().await;
    assert!(!notifications.is_empty(), "something was to be told");
    clean("notifications", &format!("{notifications:?}"));
}

/// What has happened so far, as a watch tells it.
async fn desk_events(desk: &tests::desk::Desk) -> Vec<dispatch::Event> {
    let mut watch = tests::watching::Watching::begin(desk, tests::watching::all_of_it()).await;
    let mut events = Vec::new();
    while events.last().is_none_or(|last: &dispatch::Event| last.kind != "gig_cancelled") {
        events.push(watch.event().await.expect("an event"));
    }
    events
}

async fn numbers(server: &TestServer) -> String {
    let mut stream = tokio::net::TcpStream::connect(server.ops_address()).await.expect("connect");
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.expect("write");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("read");
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn no_log_metric_error_or_operator_learns_who_somebody_is() {
    let lines = Lines::default();
    let writer = lines.clone();
    let filter =
        "info,server=trace,dispatch=trace,registry=trace,store=trace,notification=trace,matching=trace,sqlx=debug";
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(filter))
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    for_each_engine(|server| async move {
        day(&server).await;
        seen_by_operations(&server).await;
        clean("a metric", &numbers(&server).await);
        server.stop().await;
    })
    .await;
    let log = lines.0.lock().expect("no writer panicked").clone();
    let log = String::from_utf8_lossy(&log);
    assert!(log.contains("call ended") && log.contains("CreateVolunteer"), "the log was not kept: {log}");
    clean("the log", &log);
}
