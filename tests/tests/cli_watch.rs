//! `keikka watch` tells what happens, over a restart of the server too, and ends well; `keikka notify` looks after what people are told.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;
use tests::dev_server::{DevServer, client};

/// A running watch.
struct Watch {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Watch {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("keikka watch starts");
        let lines = BufReader::new(child.stdout.take().expect("stdout is piped"));
        Self { child, lines }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        assert!(self.lines.read_line(&mut line).expect("text") > 0, "the watch has ended");
        line.trim_end().to_owned()
    }

    /// Ctrl-C: how it ends, and what it says on stderr.
    fn interrupt(self) -> (Option<i32>, String) {
        let asked = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(asked.expect("kill runs").success());
        let output = self.child.wait_with_output().expect("it ends");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn json(server: &DevServer, arguments: &[&str]) -> Value {
    let text = server.stdout(&[arguments, &["-o", "json"]].concat());
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?} -o json: {error}: {text}"))
}

#[test]
fn a_watch_tells_what_happened_and_how_to_go_on() {
    let server = DevServer::start();
    assert!(server.run(&["gig", "cancel", "g20", "--reason", "asia hoitui", "--yes"]).status.success());
    let seen = server.run(&["watch", "--since", "1h", "--gig", "g20", "--limit", "2"]);
    let text = String::from_utf8_lossy(&seen.stdout).into_owned();
    assert!(seen.status.success(), "{}", String::from_utf8_lossy(&seen.stderr));
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines.len() == 2 && lines[0].ends_with("gig g20 created") && lines[1].ends_with("g20 called off"),
        "{text}"
    );
    let told = String::from_utf8_lossy(&seen.stderr).into_owned();
    let (_, command) = told.trim_end().split_once("keikka ").expect("how to go on");
    assert!(command.starts_with("watch --gig g20 --resume "), "{told}");

    // The told command goes on right there.
    let mut words: Vec<&str> = command.split_whitespace().collect();
    words.extend(["--limit", "1", "-o", "jsonl"]);
    let mut watch = Watch::start(server.command(&words));
    assert!(server.run(&["gig", "update", "g20", "--set", "priority=5"]).status.code() == Some(1), "it is called off");
    assert!(server.run(&["offer", "list", "--gig", "g20"]).status.success());
    let token = *words.iter().skip_while(|word| **word != "--resume").nth(1).expect("a token");
    // A token may begin with a hyphen, and is a token all the same.
    for words in [["watch", "--resume", "-kA_"].as_slice(), &["gig", "list", "--page-token", "-kA_"]] {
        let refused = server.run(words);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(refused.status.code() == Some(1) && said.contains("TOKEN_INVALID"), "{words:?}: {said}");
    }
    let refused = server.run(&["watch", "--resume", token]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        refused.status.code() == Some(1) && said.contains("RESUME_TOKEN_INVALID") && said.contains("next:"),
        "{said}"
    );
    let (code, _) = {
        let asked = Command::new("kill").args(["-INT", &watch.child.id().to_string()]).status();
        assert!(asked.expect("kill runs").success());
        let mut rest = String::new();
        while watch.lines.read_line(&mut rest).expect("text") > 0 {}
        (watch.child.wait().expect("it ends").code(), rest)
    };
    assert_eq!(code, Some(0), "Ctrl-C is a good end");

    for (arguments, code, says) in [
        (&["watch", "--kind", "gig_vanished"][..], 2, "notification_parked"),
        (&["watch", "--kind", "offers_made"], 2, "'offer_made'"),
        (&["watch", "--since", "yesterday"], 2, "90s, 10m, 2h or 1d"),
        (&["watch", "-o", "csv"], 2, "-o jsonl"),
        (&["watch", "--since", "1h", "--resume", "x"], 2, "cannot be used with"),
    ] {
        let output = server.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(code) && said.contains(says), "{arguments:?}: {said}");
    }
}

#[test]
fn a_watch_outlives_its_server_and_misses_nothing() {
    let mut server = DevServer::start();
    let data = server.folder().join(".keikka/dev");
    let data = data.to_str().expect("a plain path").to_owned();
    let address = server.url().trim_start_matches("http://").to_owned();
    let key = format!("{data}/coordinator.key");
    let watching = ["watch", "--since", "1h", "--gig", "g20", "-o", "json", "--key-file", &key];
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = client(server.url(), folder.path());
    command.args(watching);
    let mut watch = Watch::start(command);
    let kind = |line: String| {
        let told: Value = serde_json::from_str(&line).expect("one JSON object a line");
        assert!(told["resumeToken"].as_str().is_some_and(|token| !token.is_empty()), "{line}");
        told["event"]["kind"].as_str().expect("a kind").to_owned()
    };
    assert_eq!(kind(watch.line()), "created");
    assert!(server.interrupt().success());
    // The same place, the same data, another process.
    let again = DevServer::start_with(&["--data", &data, "--listen", &address]);
    let cancelled = again.run(&["gig", "cancel", "g20", "--reason", "asia hoitui", "--yes", "--key-file", &key]);
    assert!(cancelled.status.success(), "{}", String::from_utf8_lossy(&cancelled.stderr));
    assert_eq!(kind(watch.line()), "gig_cancelled");
    let (code, said) = watch.interrupt();
    assert_eq!(code, Some(0), "{said}");
    for part in ["interrupted", "nothing was missed", "to go on from here: keikka watch --gig g20 --resume "] {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[test]
fn own_words_are_tried_kept_and_reset() {
    let server = DevServer::start();
    let sms = server.stdout(&["notify", "preview", "offer", "--part", "sms", "--language", "en"]);
    assert!(sms.starts_with("sms en  ") && sms.contains(" letters\n    "), "{sms}");
    let words = ["--part", "sms", "--language", "en", "--text"];
    let with = |verb: &[&'static str], text: &'static str| [verb, &words[..], &[text]].concat();
    let tried = server.stdout(&with(&["notify", "preview", "offer"], "Hi! { $kind } { $when }: { $link }"));
    assert!(tried.contains("1 text message, ") && tried.contains("Hi! Shopping"), "{tried}");
    for verb in [&["notify", "preview", "offer"][..], &["notify", "template", "set", "offer"]] {
        let refused = server.run(&with(verb, "{ $name } lives at { $street }"));
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(1), "{said}");
        for part in ["name", "street", "FIELDS_INVALID", "known are"] {
            assert!(said.contains(part), "{part} in {said}");
        }
    }
    let set = ["notify", "template", "set", "offer"];
    let dry = server.run(&[&with(&set, "Hi! { $kind }: { $link }")[..], &["--dry-run"]].concat());
    assert!(dry.status.success() && !server.stdout(&["notify", "template", "get", "offer"]).contains("own words"));
    assert!(server.stdout(&with(&set, "Hi! { $kind }: { $link }")).contains("sms en  (own words)\n    Hi! { $kind }"));
    let listed = json(&server, &["notify", "template", "list"]);
    let offer = listed["templates"].as_array().into_iter().flatten().find(|one| one["code"] == "offer");
    assert_eq!(offer.expect("the offer")["texts"][0]["text"], "Hi! { $kind }: { $link }");
    assert!(server.stdout(&["notify", "preview", "offer", "--language", "en"]).contains("    Hi! Shopping: http"));
    assert!(server.stdout(&["notify", "template", "list"]).contains("sms/en"));
    assert!(!server.stdout(&["notify", "template", "reset", "offer"]).contains("own words"));
    let unknown = server.run(&["notify", "template", "get", "farewell"]);
    let said = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(unknown.status.code() == Some(1) && said.contains("keikka notify template list"), "{said}");
}

#[test]
fn the_outbox_shows_what_waits_and_what_was_given_up() {
    let server = DevServer::start();
    let nothing = server.run(&["notify", "dead-letters"]);
    assert!(nothing.status.success());
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("no message was given up"));
    assert!(server.stdout(&["notify", "outbox", "-o", "csv"]).starts_with("message,"));
    let none = server.run(&["notify", "retry", "--all", "--yes"]);
    assert!(none.status.success() && String::from_utf8_lossy(&none.stderr).contains("no message was given up"));
    let unknown = server.run(&["notify", "retry", "01935c2e-7a10-7cc3-98c8-8f1a3a1b2c3d"]);
    let said = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(unknown.status.code() == Some(1) && said.contains("keikka notify outbox"), "{said}");
}
