//! `keikka demo` shows the whole way, fits a hundred columns, and what it tells to do next works.

use std::process::Command;

use tests::binary::keikka;
use tests::dev_server::DevServer;

#[test]
fn the_demo_shows_the_whole_way_and_its_commands_work() {
    let folder = tempfile::tempdir().expect("folder");
    let run =
        || Command::new(keikka()).args(["demo", "--budget", "30"]).current_dir(folder.path()).output().expect("runs");
    let output = run();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    for part in
        ["120 volunteers", "150 gigs", "volunteers are able", "KIND", "PRIORITY", "busiest", "travel", "Look further"]
    {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 100).collect();
    assert!(wide.is_empty(), "wider than a hundred columns: {wide:#?}");

    let data = folder.path().join(".keikka/demo");
    let server = DevServer::start_with(&["--data", data.to_str().expect("a plain path")]);
    let key = data.join("coordinator.key");
    let after = text.split("another terminal:").nth(1).expect("commands to look further");
    let mut ran = 0;
    for line in after.lines().map(str::trim).filter(|line| line.starts_with("keikka ")) {
        let words: Vec<&str> = line.split_whitespace().skip(1).collect();
        let output = server.command(&words).env("KEIKKA_KEY_FILE", &key).output().expect("runs");
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        ran += 1;
    }
    assert!(ran >= 4, "{after}");
    drop(server);

    assert!(run().status.success(), "a second demo replaces the first");
}

#[test]
fn the_demo_leaves_a_strangers_folder_alone() {
    let folder = tempfile::tempdir().expect("folder");
    std::fs::write(folder.path().join("mine.txt"), "mine").expect("a file");
    let output = Command::new(keikka()).args(["demo", "--data"]).arg(folder.path()).output().expect("runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(folder.path().join("mine.txt").exists());
}
