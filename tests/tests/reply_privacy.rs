//! Links, calendars, codes, numbers and secrets of callbacks reach their pages and nothing else: no log line, no metric.

use std::io;
use std::sync::{Arc, Mutex};

use http::{Method, StatusCode};
use proto::registry::v1 as registry;
use tests::asked_town::{SECRETS, Scene};
use tests::engines::Engine;
use tests::letterbox::{SECRET, phone};
use tests::refused::granted;
use tests::town::volunteer_name;
use tests::visitor::Visitor;

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

#[tokio::test(flavor = "multi_thread")]
async fn no_log_or_metric_tells_a_link_or_who_it_is_for() {
    let lines = Lines::default();
    let writer = lines.clone();
    let filter = "info,server=trace,dispatch=trace,registry=trace,store=trace,notification=trace,axum=trace,hyper=debug,sqlx=debug";
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(filter))
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    let scene = Scene::open(Engine::Sqlite).await;
    let gig = scene.gig("g1", 2).await;
    let (_, link) = scene.ask(&gig, 2, 0).await;
    let letter = scene.letterbox.wait_for_one(&phone(0), "/r/").await;
    scene.visitor.get(&link).await;
    scene.visitor.by_http2().get(&format!("{link}?lang=sv")).await;
    assert_eq!(scene.says(&link, "answer=nothing").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(scene.says(&link, "\u{1}=%zz&&answer").await.status, StatusCode::BAD_REQUEST);
    scene.says(&link, &"a".repeat(20_000)).await;
    scene.after(&link, "answer=yes").await;
    scene.visitor.get(&format!("{link}/gig.ics")).await;
    scene.visitor.get(&format!("{link}x")).await;
    let provider = Visitor::of(scene.server.address()).with("x-keikka-secret", SECRET);
    let text = serde_json::json!({"from": phone(0), "text": format!("E {}", letter.code())}).to_string();
    assert_eq!(provider.ask(Method::POST, "/sms/inbound", text.clone()).await.status, StatusCode::NO_CONTENT);
    let at = format!("/sms/inbound?secret={SECRET}x");
    assert_eq!(Visitor::of(scene.server.address()).ask(Method::POST, &at, text).await.status, StatusCode::FORBIDDEN);
    let request = registry::IssueCalendarRequest { name: volunteer_name("v0"), ..Default::default() };
    let feed = granted(scene.city.volunteers.clone().issue_calendar(request).await).uri;
    let feed = feed.rsplit('/').next().expect("a file").to_owned();
    assert_eq!(scene.visitor.get(&format!("/cal/{feed}")).await.status, StatusCode::OK);
    let metrics = Visitor::of(scene.server.ops_address()).get("/metrics").await.body;
    scene.close().await;

    let log = lines.0.lock().expect("no writer panicked").clone();
    let log = String::from_utf8_lossy(&log);
    for (route, status) in
        [("/r/{token}", "200"), ("/r/{token}", "303"), ("/cal/{file}", "200"), ("/sms/inbound", "403")]
    {
        let counted = metrics.lines().any(|line| {
            line.starts_with("keikka_pages_total") && line.contains(route) && line.contains(&format!("\"{status}\""))
        });
        assert!(counted, "{route} {status} is not counted: {metrics}");
        assert!(log.contains(&format!("http.route=\"{route}\"")), "{route} is not in the log");
    }
    let number = phone(0);
    let token = link.trim_start_matches("/r/");
    let hidden = [token, feed.trim_end_matches(".ics"), SECRET, number.trim_start_matches('+'), &letter.code()];
    for text in hidden.into_iter().chain(SECRETS) {
        for (place, found) in [("the log", log.as_ref()), ("a metric", &metrics)] {
            if let Some(at) = found.find(text) {
                let from = found[..at].char_indices().rev().nth(150).map_or(0, |(at, _)| at);
                panic!("{text} in {place}: {}", &found[from..at + text.len()]);
            }
        }
    }
}
