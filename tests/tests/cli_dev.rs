//! `keikka dev`: what it prints is true.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use tests::binary::keikka;
use tests::dev_server::{DevServer, get};

#[test]
fn every_printed_url_answers() {
    let server = DevServer::start();
    let urls: Vec<&str> = server.banner().split_whitespace().filter(|word| word.starts_with("http://")).collect();
    assert!(urls.len() >= 3, "{}", server.banner());
    for url in urls {
        let (status, body) = get(url);
        assert_eq!(status, 200, "{url}: {body}");
    }
    assert!(server.banner().contains("not for production"));
}

#[test]
fn the_key_is_private_and_works_without_being_named() {
    let server = DevServer::start();
    let key = server.folder().join(server.told("key"));
    let mode = std::fs::metadata(key).expect("the key is there").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    assert!(server.stdout(&["network", "list"]).contains("kouvola"));
}

#[test]
fn it_stops_when_asked_and_finds_its_city_again() {
    let mut server = DevServer::start();
    let before = server.stdout(&["gig", "list", "--all", "-o", "jsonl"]);
    let data = server.folder().join(".keikka/dev");
    let began = Instant::now();
    assert!(server.interrupt().success());
    assert!(began.elapsed().as_secs_f64() < 5.0, "{:?}", began.elapsed());
    let again = DevServer::start_with(&["--data", data.to_str().expect("a plain path")]);
    let key = data.join("coordinator.key");
    let listed =
        again.stdout(&["gig", "list", "--all", "-o", "jsonl", "--key-file", key.to_str().expect("a plain path")]);
    assert_eq!(listed, before);
}

#[test]
fn the_sample_is_as_large_as_it_says() {
    let server = DevServer::start();
    for (noun, count) in [("volunteer", 120), ("seeker", 110), ("gig", 150), ("kind", 8), ("skill", 9)] {
        let lines = server.stdout(&[noun, "list", "--all", "-o", "jsonl"]);
        assert_eq!(lines.lines().count(), count, "{noun}");
    }
}

#[test]
fn an_empty_one_has_no_network() {
    let server = DevServer::start_with(&["--empty"]);
    let output = server.run(&["gig", "list"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("keikka network create"));
}

#[test]
fn a_volunteer_claims_with_their_own_key() {
    let server = DevServer::start();
    let key = server.folder().join(".keikka/dev/volunteer.key");
    assert!(server.banner().contains(".keikka/dev/volunteer.key"), "{}", server.banner());
    let key = key.to_str().expect("a plain path");
    let board = server.stdout(&["board", "v7", "-o", "csv", "--key-file", key]);
    let gig = board.lines().nth(1).and_then(|line| line.split(',').next()).expect("v7 may take something");
    let claimed = server.stdout(&["gig", "claim", gig, "v7", "-o", "json", "--key-file", key]);
    assert!(claimed.contains("volunteers/v7"), "{claimed}");
    let other = server.run(&["gig", "claim", gig, "v8", "--key-file", key]);
    assert!(!other.status.success(), "nobody claims for somebody else: {}", String::from_utf8_lossy(&other.stdout));
}

#[test]
fn a_folder_made_without_the_volunteers_key_gets_it() {
    let mut server = DevServer::start();
    let data = server.folder().join(".keikka/dev");
    assert!(server.interrupt().success());
    let keys = std::fs::read_to_string(data.join("keys.toml")).expect("hashes");
    let older = keys.split("[[key]]").take(3).collect::<Vec<_>>().join("[[key]]");
    assert!(!older.contains("local-volunteer") && older.contains("local-ops"), "{older}");
    std::fs::write(data.join("keys.toml"), &older).expect("a file");
    let coordinator = std::fs::read(data.join("coordinator.key")).expect("a key");
    let again = DevServer::start_with(&["--data", data.to_str().expect("a plain path")]);
    let key = data.join("volunteer.key");
    let board = again.run(&["board", "v7", "--key-file", key.to_str().expect("a plain path")]);
    assert!(board.status.success(), "{}", String::from_utf8_lossy(&board.stderr));
    assert_eq!(std::fs::read(data.join("coordinator.key")).expect("a key"), coordinator, "the others stay");
}

fn dev(folder: &std::path::Path, arguments: &[&str]) -> Output {
    Command::new(keikka()).current_dir(folder).arg("dev").args(arguments).output().expect("runs")
}

#[test]
fn a_taken_port_leaves_no_folder_and_names_its_flag() {
    let folder = tempfile::tempdir().expect("folder");
    let holder = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let taken = holder.local_addr().expect("an address").to_string();
    for (listen, ops_listen, flag) in
        [(taken.as_str(), "127.0.0.1:0", "give --listen"), ("127.0.0.1:0", taken.as_str(), "give --ops-listen")]
    {
        let output = dev(folder.path(), &["--data", "two", "--listen", listen, "--ops-listen", ops_listen]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(flag), "{said}");
        assert!(!folder.path().join("two").exists(), "keys of a service that never ran");
    }
}

#[test]
fn an_address_that_is_none_is_a_wrong_flag() {
    let folder = tempfile::tempdir().expect("folder");
    for (listen, ops_listen, flag) in
        [("kotona", "127.0.0.1:0", "give --listen"), ("127.0.0.1:0", "kotona", "give --ops-listen")]
    {
        let output = dev(folder.path(), &["--data", "two", "--listen", listen, "--ops-listen", ops_listen]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains(flag), "{said}");
        assert!(!folder.path().join("two").exists(), "keys of a service that never ran");
    }
}

#[test]
fn a_database_that_is_none_is_told_and_not_the_broken_connection() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    std::fs::create_dir(&data).expect("a folder");
    std::fs::write(data.join("keikka.db"), "a text, and long enough to be taken for a page ".repeat(40))
        .expect("a file");
    let output = dev(folder.path(), &["--data", "data", "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("keikka.db is no SQLite database") && said.contains("--data"), "{said}");
    assert!(!said.contains("transport"), "{said}");
}

#[test]
fn a_service_says_what_it_waits_for_and_when_it_is_ready() {
    let folder = tempfile::tempdir().expect("folder");
    let mut child = Command::new(keikka())
        .current_dir(folder.path())
        .args(["serve", "--insecure", "--database", "sqlite://new.db", "--setting", "database.create=true"])
        .args(["--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0"])
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("keikka serve can be started");
    let mut told = Vec::new();
    for line in BufReader::new(child.stderr.take().expect("stderr is piped")).lines().map_while(Result::ok) {
        told.push(line);
        if told.last().is_some_and(|line| line.starts_with("ready on 127.0.0.1:")) {
            break;
        }
    }
    child.kill().expect("it can be ended");
    child.wait().expect("a child can be waited for");
    assert!(told.iter().any(|line| line == "opening the database sqlite://new.db"), "{told:?}");
    assert!(told.last().is_some_and(|line| line.starts_with("ready on")), "it ended before it was ready: {told:?}");
}

#[test]
fn a_page_of_this_machine_may_call_and_one_of_the_net_may_not() {
    use std::io::{Read as _, Write as _};
    let server = DevServer::start();
    let address = server.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let preflight = |origin: &str| {
        let mut stream = std::net::TcpStream::connect(&address).expect("connect");
        let head = format!(
            "OPTIONS /keikka.dispatch.v1.BoardService/ListBoard HTTP/1.1\r\nhost: {address}\r\norigin: {origin}\r\n\
             access-control-request-method: POST\r\n\
             access-control-request-headers: authorization,content-type,x-grpc-web,x-user-agent\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).expect("write");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("read");
        answer.to_lowercase()
    };
    let allowed = preflight("http://localhost:5173");
    assert!(allowed.starts_with("http/1.1 200"), "{allowed}");
    let told = |name: &str| {
        allowed.lines().find_map(|line| line.strip_prefix(&format!("access-control-{name}: "))).unwrap_or_default()
    };
    assert_eq!((told("allow-origin"), told("allow-methods")), ("http://localhost:5173", "post"));
    for header in ["authorization", "content-type", "x-grpc-web", "x-user-agent"] {
        assert!(told("allow-headers").contains(header), "{header} in {allowed}");
    }
    let foreign = preflight("https://evil.example");
    assert!(!foreign.contains("access-control-allow-origin"), "{foreign}");
}
