//! Whatever the command line refuses, it says what leads on, and what it advises works.

use std::process::Output;

use serde_json::Value;
use tests::calendar::Week;
use tests::dev_server::DevServer;

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What it said is next.
fn next(output: &Output) -> String {
    let error: Value = serde_json::from_slice(&output.stderr).unwrap_or_else(|_| panic!("{}", stderr(output)));
    error["error"]["next"].as_str().unwrap_or_else(|| panic!("no next command: {error}")).to_owned()
}

/// The words of a command as a shell splits them.
fn words(command: &str) -> Vec<String> {
    let output =
        std::process::Command::new("sh").args(["-c", &format!("printf '%s\\n' {command}")]).output().expect("a shell");
    String::from_utf8(output.stdout).expect("UTF-8").lines().map(str::to_owned).collect()
}

/// The line that names the next command.
fn next_line(output: &Output) -> String {
    stderr(output).lines().find(|line| line.starts_with("next: ")).expect("a next command").to_owned()
}

#[test]
fn the_flags_that_are_advised_are_taken() {
    let server = DevServer::start();
    for (command, needs) in [
        (&["quote"][..], &["--set", "kind=shopping"][..]),
        (&["gig", "create", "--dry-run"], &["--set", "kind=shopping", "--set", "seeker=s7"]),
        (&["gig", "create", "--dry-run"], &["--set", "kind=shopping", "--set", "seeker=s7", "--set", "windows=[{}]"]),
        (
            &["gig", "create", "--dry-run"],
            &["--set", "kind=call", "--set", "seeker=s7", "--set", "languages=xx yy", "--set", "duration=800min"],
        ),
        (&["quote"], &["--set", "kind=", "--set", "seeker="]),
        (&["volunteer", "create", "--dry-run"], &["--set", "display_name=Testi", "--set", "travel_limit_minutes=999"]),
        (&["gig", "update", "g1", "--dry-run"], &["--set", "priority=9"]),
    ] {
        let asked = [command, needs, &["-o", "json"]].concat();
        let refused = server.run(&asked);
        assert_eq!(refused.status.code(), Some(1), "{asked:?}: {}", stderr(&refused));
        let advised = next(&refused);
        let flags = advised.replace("add ", "").replace("give ", "").replace(';', "");
        let flags = words(&flags);
        let again: Vec<&str> = asked.iter().copied().chain(flags.iter().map(String::as_str)).collect();
        let done = server.run(&again);
        assert!(done.status.success(), "{again:?}: {}", stderr(&done));
    }
}

#[test]
fn every_refusal_says_what_leads_on() {
    let server = DevServer::start();
    std::fs::write(server.folder().join("bad.json"), "{\"volunteers\": [").expect("a file");
    std::fs::write(server.folder().join("list.json"), "[]").expect("a file");
    let window = "windows=2020-01-01T10:00..2020-01-01T12:00";
    let day = Week::coming().date(1);
    let coming = &format!("windows={day}T10:00..{day}T14:00");
    for (command, exit, part) in [
        (&["quote", "--set", "kind=nosuch", "--set", "seeker=s7", "--set", coming][..], 1, "keikka kind list"),
        (&["quote", "--set", "kind=shopping", "--set", "seeker=nosuch", "--set", coming], 1, "keikka seeker list"),
        (&["quote", "--set", "kind=shopping", "--set", "seeker=s7", "--set", window], 1, "--set windows="),
        (&["quote", "--set", "windows[0].end_time=2026-11-24T14:00"], 2, "--set windows="),
        (&["quote", "--set", "flavour=sweet"], 2, "keikka help quote"),
        (&["quote", "--set", "windows=soon"], 2, "--set windows="),
        (&["quote", "--kind", "nosuch"], 2, "keikka help quote"),
        (&["quote", ""], 2, "keikka gig list"),
        (&["quote", "-f", "/nosuch"], 2, "a file that is there"),
        (&["quote", "-f", "bad.json"], 2, "keikka help quote"),
        (&["gig", "create", "-f", "list.json"], 2, "keikka help gig create"),
        (&["explain", ""], 2, "keikka gig list"),
        (&["explain", "g1", "--volunteer", ""], 2, "keikka volunteer list"),
        (&["gig", "get", ""], 2, "keikka gig list"),
        (&["gig", "assign", "g20", "v7"], 1, "keikka quote g20"),
        (&["gig", "assign", "g20", "v7", "--at", "soon"], 2, "keikka help gig assign"),
        (&["gig", "list", "--from", "soon"], 2, "keikka help gig list"),
        (&["gig", "get"], 2, "keikka gig get <ID>"),
        (&["solve", "bad.json", "--out", "plan.json"], 2, "keikka help solve"),
        (&["solve", "bad.json", "--out", "plan.json", "--budget", "25h"], 2, "keikka help solve"),
        (&["gig", "release", "g20"], 1, "keikka gig get g20"),
        (&["gig", "cancel", "g20"], 2, "add --yes"),
    ] {
        let output = server.run(&[command, &["-o", "json"]].concat());
        assert_eq!(output.status.code(), Some(exit), "{command:?}: {}", stderr(&output));
        assert!(next(&output).contains(part), "{command:?}: {}", stderr(&output));
    }
    let solve = server.run(&["solve", "bad.json", "--out", "plan.json"]);
    assert!(!stderr(&solve).contains("?:"), "{}", stderr(&solve));
}

#[test]
fn what_is_missing_or_wrong_is_told_once_and_what_was_given_with_it() {
    let server = DevServer::start();
    let missing = server.run(&["gig", "get", "--key-file", "some.key", "--server", "http://127.0.0.1:1"]);
    assert!(!next_line(&missing).contains("--key-file"), "{}", stderr(&missing));
    let long = server.run(&["gig", "create", "--set", "duration=99999999min", "--dry-run"]);
    assert!(stderr(&long).contains("at most 12 hours; given: 1666666 h 39 min"), "{}", stderr(&long));
    let latitude = ["--set", "place.coordinates.latitude=95", "--set", "place.coordinates.longitude=26.7"];
    let wrong = server.run(&[&["gig", "create", "--dry-run", "-o", "json"], &latitude[..]].concat());
    assert_eq!(stderr(&wrong).matches("\"field\": \"gig.place").count(), 1, "{}", stderr(&wrong));
}

#[test]
fn what_is_only_talked_about_is_named_by_nobody_and_a_call_has_no_way() {
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
    let change = &nobody["explanation"]["nearestMisses"][0]["change"]["en"];
    assert_eq!(change, "speaks a language of the gig: tlh", "{nobody}");
    assert_eq!(nobody["travelSource"], "TRAVEL_SOURCE_STRAIGHT_LINE", "{nobody}");
    let call: Value = serde_json::from_str(&ask("call", "fi")).expect("JSON");
    assert!(call["candidates"].is_array() && call["travelSource"].is_null(), "{call}");
}
