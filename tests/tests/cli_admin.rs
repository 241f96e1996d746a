//! `keikka admin`: a database made, looked at, saved and put back; keys made.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tests::binary::keikka;
use tests::dev_server::DevServer;

fn admin(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(keikka());
    command.current_dir(folder).arg("admin").args(arguments);
    for variable in ["KEIKKA_SERVER", "KEIKKA_KEY_FILE", "KEIKKA_DATABASE_URL"] {
        command.env_remove(variable);
    }
    command.output().expect("runs")
}

fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_database_is_made_once() {
    let folder = tempfile::tempdir().expect("folder");
    let migrate = ["migrate", "--database", "sqlite://new.db"];
    assert!(done(&admin(folder.path(), &migrate)).contains("migrations applied"));
    assert!(done(&admin(folder.path(), &migrate)).contains("up to date"));
}

#[test]
fn a_saved_database_comes_back() {
    let mut server = DevServer::start();
    let folder = server.folder().to_owned();
    let database = "sqlite://.keikka/dev/keikka.db";
    let listed = server.stdout(&["gig", "list", "--all", "-o", "jsonl"]);
    done(&admin(&folder, &["backup", "--database", database, "--to", "saved.db"]));
    let twice = admin(&folder, &["backup", "--database", database, "--to", "saved.db"]);
    assert_eq!(twice.status.code(), Some(1), "a backup does not replace a file");
    assert!(server.run(&["gig", "cancel", "g1", "--yes"]).status.success());
    assert!(server.interrupt().success());

    let unasked = admin(&folder, &["restore", "--database", database, "--from", "saved.db", "--no-input"]);
    assert_eq!(unasked.status.code(), Some(2));
    done(&admin(&folder, &["restore", "--database", database, "--from", "saved.db", "--yes"]));
    let data = folder.join(".keikka/dev");
    let again = DevServer::start_with(&["--data", data.to_str().expect("a plain path")]);
    let key = data.join("coordinator.key");
    let after =
        again.stdout(&["gig", "list", "--all", "-o", "jsonl", "--key-file", key.to_str().expect("a plain path")]);
    assert_eq!(after, listed);
}

#[test]
fn the_doctor_names_what_is_wrong_and_what_to_do() {
    let server = DevServer::start();
    let well = server.run(&["admin", "doctor", "--database", "sqlite://.keikka/dev/keikka.db", "-o", "json"]);
    let found: Value = serde_json::from_slice(&well.stdout).expect("JSON");
    assert!(well.status.success(), "{found}");
    let checks: Vec<&str> =
        found["findings"].as_array().expect("findings").iter().filter_map(|f| f["check"].as_str()).collect();
    assert_eq!(checks, ["key", "server", "access", "database", "schema", "file"]);

    let folder = tempfile::tempdir().expect("folder");
    let ill = admin(folder.path(), &["doctor", "--server", "http://127.0.0.1:1", "--database", "sqlite://none.db"]);
    let text = String::from_utf8_lossy(&ill.stdout);
    assert_eq!(ill.status.code(), Some(1), "{text}");
    assert!(text.contains("keikka dev") && text.contains("migrate"), "{text}");
}

#[test]
fn a_key_is_written_once_and_its_hash_goes_to_the_server() {
    let folder = tempfile::tempdir().expect("folder");
    let make = ["key", "call-centre-1", "--role", "call_centre_agent", "--for-network", "kouvola"];
    let files = ["--keys-file", "keys.toml", "--out", "call.key"];
    let printed = done(&admin(folder.path(), &[&make[..], &files].concat()));
    let key = std::fs::read_to_string(folder.path().join("call.key")).expect("a key");
    let entries = std::fs::read_to_string(folder.path().join("keys.toml")).expect("entries");
    let secret = key.trim().rsplit('_').next().expect("a secret");
    assert!(key.starts_with("kk_call-centre-1_") && entries.contains("call-centre-1"));
    assert!(!entries.contains(secret) && !printed.contains(secret));
    assert_eq!(admin(folder.path(), &[&make[..], &files].concat()).status.code(), Some(1), "the id is taken");
    assert_eq!(admin(folder.path(), &["key", "x", "--role", "call_centre_agent"]).status.code(), Some(2));
    assert_eq!(admin(folder.path(), &["key", "x", "--role", "king"]).status.code(), Some(2));
}
