//! `keikka demo` shows the whole way, fits a hundred columns, and what it tells to do next works.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
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
    for part in [
        "120 volunteers",
        "150 gigs",
        "volunteers are able",
        "KIND",
        "PRIORITY",
        "busiest",
        "travel",
        "asked for",
        "WHAT BECAME OF IT",
        "letters lie in",
        "Look further",
    ] {
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

    // A second demo replaces the first, and the same people answer alike.
    let output = Command::new(keikka())
        .args(["demo", "--budget", "30", "-o", "json"])
        .current_dir(folder.path())
        .output()
        .expect("runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    adds_up(&told["evening"], &text, &data.join("messages"));
}

/// What the evening's funnel says is what was told before, and what lies in the folder.
fn adds_up(evening: &Value, text: &str, messages: &Path) {
    let funnel = &evening["funnel"];
    let count = |key: &str| funnel[key].as_u64().unwrap_or_default();
    let no: u64 = funnel["no"].as_object().into_iter().flatten().filter_map(|(_, count)| count.as_u64()).sum();
    assert_eq!(evening["gigs"].as_array().map(Vec::len), Some(3), "{funnel}");
    assert!(count("asked") >= 6 && count("yes") >= 1 && no >= 1, "it tells a story: {funnel}");
    let ends = count("yes") + no + count("lapsed") + count("withdrawn") + count("open");
    assert_eq!((count("asked"), count("delivered")), (ends, ends), "{funnel}");
    for (word, expected) in
        [("asked", count("asked")), ("yes", count("yes")), ("no", no), ("let off", count("withdrawn"))]
    {
        let line = text.lines().find(|line| line.starts_with(&format!("{word:<11}"))).expect(word);
        let told = line[11..].split_whitespace().next().and_then(|number| number.parse().ok());
        assert_eq!(told, Some(expected), "{word}: {text}\n{funnel}");
    }
    let letters: Vec<String> = std::fs::read_dir(messages)
        .expect("letters")
        .filter_map(|entry| std::fs::read_to_string(entry.ok()?.path()).ok())
        .filter(|text| text.starts_with("To: "))
        .collect();
    let asking = letters.iter().filter(|text| text.contains('?')).count() as u64;
    assert!(asking >= count("asked"), "{asking} letters ask, {funnel}");
}

#[test]
fn the_demo_leaves_a_strangers_folder_alone() {
    let folder = tempfile::tempdir().expect("folder");
    std::fs::write(folder.path().join("mine.txt"), "mine").expect("a file");
    let output = Command::new(keikka()).args(["demo", "--data"]).arg(folder.path()).output().expect("runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(folder.path().join("mine.txt").exists());
}
