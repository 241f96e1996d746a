//! `keikka dev`: what it prints is true.

use std::os::unix::fs::PermissionsExt;
use std::time::Instant;

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
