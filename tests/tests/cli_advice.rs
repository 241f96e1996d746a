//! Whatever the command line refuses, it says what leads on, and what it advises works.

use serde_json::Value;
use tests::calendar::Week;
use tests::dev_server::DevServer;

#[test]
fn what_is_only_talked_about_is_named_by_nobody() {
    let server = DevServer::start();
    let ask = |kind: &str, language: &str| {
        let day = Week::coming().date(1);
        let (kind, window) = (format!("kind={kind}"), format!("windows={day}T10:00..{day}T14:00"));
        let language = format!("languages={language}");
        server.stdout(&[
            "quote",
            "--set",
            &kind,
            "--set",
            "seeker=s7",
            "--set",
            &window,
            "--set",
            &language,
            "-o",
            "json",
        ])
    };
    let nobody: Value = serde_json::from_str(&ask("shopping", "tlh")).expect("JSON");
    assert!(nobody["explanation"].is_object() && nobody["candidates"].is_null(), "{nobody}");
    assert_eq!(nobody["explanation"]["gig"], Value::Null, "{nobody}");
}
