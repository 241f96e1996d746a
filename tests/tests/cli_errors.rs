//! How the command line fails: exit codes, what, why and the next command, as lines and as JSON; and how it ends when nobody reads.

use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tests::binary::keikka;
use tests::dev_server::{DevServer, client};

fn code(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A port on which nobody listens: it was free a moment ago.
fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    format!("http://{}", listener.local_addr().expect("an address"))
}

#[test]
fn an_unreachable_server_is_said_within_three_seconds() {
    let folder = tempfile::tempdir().expect("folder");
    let began = std::time::Instant::now();
    let server = nobody();
    let output = client(&server, folder.path()).args(["gig", "list", "--network", "kouvola"]).output().expect("runs");
    assert!(began.elapsed().as_secs_f64() < 3.5);
    assert_eq!(code(&output), 5);
    let text = stderr(&output);
    assert!(text.contains(&server) && text.contains("refused") && text.contains("keikka admin doctor"), "{text}");
    assert!(output.stdout.is_empty());
}

#[test]
fn with_json_the_error_is_json_on_stderr() {
    let folder = tempfile::tempdir().expect("folder");
    let output = client(&nobody(), folder.path())
        .args(["gig", "get", "g1", "--network", "kouvola", "-o", "json"])
        .output()
        .expect("runs");
    let error: Value = serde_json::from_slice(&output.stderr).expect("JSON and nothing else on stderr");
    assert_eq!(error["error"]["exitCode"], 5);
    assert!(error["error"]["next"].as_str().is_some_and(|next| next.contains("doctor")), "{error}");
}

#[test]
fn a_wrong_command_line_is_two_with_a_suggestion() {
    for (arguments, part) in [
        (&["gig", "lst"][..], "list"),
        (&["rematsh"], "rematch"),
        (&["gig", "list", "--stat", "open"], "--state"),
        (&["gig", "update", "g1", "--network", "kouvola"], "--set"),
        (&["quote"], "--set"),
        (&["gig", "list", "-o", "xml"], "possible values"),
        (&["help", "nothing"], "keikka help"),
    ] {
        let output = Command::new(keikka()).args(arguments).output().expect("runs");
        assert_eq!(code(&output), 2, "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(part), "{arguments:?}: {}", stderr(&output));
        assert!(!stderr(&output).contains("panicked") && output.stdout.is_empty());
    }
}

#[test]
fn refusals_have_their_exits_reasons_and_fields() {
    let server = DevServer::start();
    let missing = server.run(&["gig", "get", "g999"]);
    assert_eq!(code(&missing), 1);
    assert!(
        stderr(&missing).contains("RESOURCE_NOT_FOUND") && stderr(&missing).contains("keikka gig list"),
        "{}",
        stderr(&missing)
    );

    let create = ["gig", "create", "g901", "--set", "priority=9", "--set", "duration=1s", "--dry-run", "-o", "json"];
    let invalid = server.run(&create);
    assert_eq!(code(&invalid), 1);
    let error: Value = serde_json::from_slice(&invalid.stderr).expect("JSON");
    let violations = error["error"]["violations"].as_array().expect("every wrong field");
    assert_eq!(error["error"]["reason"], "FIELDS_INVALID", "{error}");
    assert!(violations.len() >= 2, "{error}");

    std::fs::write(server.folder().join("wrong.key"), "kk_nobody_00\n").expect("a file");
    let unknown = server.run(&["gig", "list", "--key-file", "wrong.key"]);
    assert_eq!(code(&unknown), 4, "{}", stderr(&unknown));
    let denied = server.run(&["gig", "list", "--network", "kouvola", "--key-file", ".keikka/dev/ops.key"]);
    assert_eq!(code(&denied), 4, "{}", stderr(&denied));
    let no_file = server.run(&["gig", "list", "--key-file", "nowhere.key"]);
    assert_eq!(code(&no_file), 4, "{}", stderr(&no_file));

    let unasked = server.run(&["gig", "cancel", "g1", "--no-input"]);
    assert_eq!(code(&unasked), 2, "{}", stderr(&unasked));
    assert!(stderr(&unasked).contains("--yes"));

    let stale = server.run(&["gig", "update", "g1", "--set", "priority=5", "--etag", "v99"]);
    assert_eq!(code(&stale), 1);
    assert!(stderr(&stale).contains("ETAG_MISMATCH"), "{}", stderr(&stale));
}

#[test]
fn a_reader_that_goes_away_is_a_clean_end() {
    let server = DevServer::start();
    for arguments in [&["gig", "list", "--all", "-o", "json"][..], &["help"], &["volunteer", "list", "--all"]] {
        let mut child =
            server.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("keikka starts");
        // Nobody ever reads: the pipe is closed before the first line.
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(code(&output), 0, "{arguments:?}: {}", stderr(&output));
        assert!(output.stderr.is_empty(), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn exit_code_three_means_findings_and_only_when_asked() {
    let server = DevServer::start();
    let plain = server.run(&["rematch", "--budget", "20"]);
    assert_eq!(code(&plain), 0, "{}", stderr(&plain));
    let asked = server.run(&["rematch", "--budget", "20", "--exit-code"]);
    assert_eq!(code(&asked), 3, "{}", stderr(&asked));
}

/// A server that takes every connection, reads a little and hangs up: what a full one does, and what is left of a killed one.
fn hangs_up() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // Whatever comes is dropped with the connection.
            let _ = std::io::Read::read(&mut stream, &mut [0; 1024]);
        }
    });
    format!("http://{address}")
}

#[test]
fn a_connection_that_breaks_is_unreachable_and_an_import_is_run_again() {
    let folder = tempfile::tempdir().expect("folder");
    std::fs::write(folder.path().join("some.csv"), "tunniste;nimi\nv1;Testi\n").expect("a file");
    let server = hangs_up();
    let listed = client(&server, folder.path()).args(["gig", "list"]).output().expect("runs");
    assert_eq!(code(&listed), 5, "{}", stderr(&listed));
    assert!(stderr(&listed).contains("keikka admin doctor"), "{}", stderr(&listed));
    let import = ["import", "volunteers", "some.csv", "--network", "kouvola"];
    let imported = client(&server, folder.path()).args(import).output().expect("runs");
    assert_eq!(code(&imported), 5, "{}", stderr(&imported));
    // A connection may also break before it was one: then nothing was sent, and the server is looked for first.
    let told = stderr(&imported);
    assert!(told.contains("nothing is stored twice") || told.contains("cannot reach the server"), "{told}");
}

#[test]
fn what_is_missing_leads_to_its_own_list() {
    let server = DevServer::start();
    for (arguments, next) in [
        (&["explain", "g106", "--volunteer", "v99999"][..], "next: keikka volunteer list"),
        (&["explain", "g99999"], "next: keikka gig list"),
        (&["board", "v99999"], "next: keikka volunteer list"),
        (&["gig", "list", "--network", "nope"], "next: keikka network list"),
        (&["gig", "list", "--from", "2026-11-23", "--to", "2026-11-23"], "next: for one day: --to 2026-11-24"),
        (&["gig", "create", "--set", "kind=shopping", "--dry-run"], "--set seeker=s7"),
        (&["gig", "cancel", "g2", "--reason", " ", "--yes"], "--reason TEXT"),
        (&["gig", "claim", "g2", "v7"], "--key-file FILE"),
        (&["volunteer", "delete", "v7"], "error: not deleted: "),
        (&["offer", "accept", "o-5", "--on-behalf-of", "v7"], "error: cannot accept offer o-5: "),
        (&["offer", "progress", "g2"], "next: keikka offer send g2"),
        (&["gig", "list", "--kind", "teapot"], "error: cannot list gigs: no such kind; there are call, digital, "),
        (&["gig", "list", "--kind", "teapot"], "next: keikka kind list"),
        (&["volunteer", "list", "--skill", "teapot"], "no such skill; there are "),
        (&["offer", "list", "--volunteer", "v99999"], "next: keikka volunteer list"),
    ] {
        let output = server.run(arguments);
        assert!(!output.status.success() && stderr(&output).contains(next), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn a_file_that_is_no_key_never_leaves_the_machine() {
    let folder = tempfile::tempdir().expect("folder");
    std::fs::write(folder.path().join("secrets"), "password=hunter2\n").expect("a file");
    for file in ["/dev/zero", "secrets"] {
        // Nobody listens there: a key that was sent would be a failed connection.
        let get = ["--key-file", file, "gig", "get", "g1", "--network", "k"];
        let output = client(&nobody(), folder.path()).args(get).output().expect("runs");
        assert_eq!(code(&output), 4, "{file}: {}", stderr(&output));
    }
    let endless = ["gig", "create", "-f", "/dev/zero", "--network", "k"];
    let output = client(&nobody(), folder.path()).args(endless).output().expect("runs");
    assert!(code(&output) == 2 && stderr(&output).contains("larger than"), "{}", stderr(&output));
}

#[test]
fn a_plan_is_not_written_over_its_instance() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("week.json");
    std::fs::write(&path, "{}").expect("a file");
    std::os::unix::fs::symlink(&path, folder.path().join("link.json")).expect("a link");
    for out in ["week.json", "./week.json", "link.json"] {
        let output = Command::new(keikka())
            .current_dir(&folder)
            .args(["solve", "week.json", "--out", out])
            .output()
            .expect("runs");
        assert!(code(&output) == 2 && stderr(&output).contains("--out is the instance"), "{out}: {}", stderr(&output));
    }
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "{}");
}
