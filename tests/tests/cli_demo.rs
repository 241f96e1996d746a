//! `keikka demo` shows the whole way, fits a hundred columns, and what it tells to do next works: its commands, and the link of a letter.

use std::path::Path;
use std::process::Command;

use jiff::Timestamp;
use serde_json::Value;
use tests::binary::keikka;
use tests::dev_server::{DevServer, get, post};

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
        "  Finnish, to v",
        "  Swedish, to v",
        "  English, to v",
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
        let words: Vec<&str> = line.split_whitespace().take_while(|word| *word != "#").skip(1).collect();
        let output = server.command(&words).env("KEIKKA_KEY_FILE", &key).output().expect("runs");
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        let told = String::from_utf8_lossy(&output.stdout);
        if words[0] == "watch" {
            assert!(told.contains(" is asked, answer by ") && told.contains(" said no"), "the evening is seen: {told}");
        }
        ran += 1;
    }
    assert!(ran >= 8, "{after}");
    let run = |words: &[&str]| -> Value {
        let output = server.command(words).env("KEIKKA_KEY_FILE", &key).output().expect("runs");
        serde_json::from_slice(&output.stdout).expect("one JSON document")
    };
    nothing_lies_in_the_future(&run(&["offer", "list", "--all", "-o", "json"]));
    a_letter_can_be_answered(after, server.url(), &data.join("messages"), run);
    drop(server);

    // A second demo replaces the first.
    let output = Command::new(keikka())
        .args(["demo", "--budget", "30", "-o", "json"])
        .current_dir(folder.path())
        .output()
        .expect("runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    adds_up(&told["evening"], &text, &data.join("messages"));
}

/// Whoever starts the city again after the demo finds an evening that is over: nothing was made, sent or answered later than now.
fn nothing_lies_in_the_future(listed: &Value) {
    let now = Timestamp::now();
    let offers = listed["offers"].as_array().expect("offers");
    for offer in offers {
        for time in ["createTime", "sentTime", "deliveredTime", "answerTime", "updateTime"] {
            let Some(at) = offer[time].as_str() else { continue };
            assert!(at.parse::<Timestamp>().expect("an instant") <= now, "{time} lies ahead of {now}: {offer}");
        }
    }
    assert!(offers.len() >= 6, "{listed}");
}

/// The link that the demo shows leads to the service it tells to start, to a question that can be answered; so do the links of all letters.
fn a_letter_can_be_answered(after: &str, server: &str, messages: &Path, run: impl Fn(&[&str]) -> Value) {
    const USUAL: &str = "http://127.0.0.1:7207";
    let link = after.lines().map(str::trim).find(|line| line.starts_with("http")).expect("a link");
    // The test's service has a free port and not the usual one.
    let here = link.replace(USUAL, server);
    assert!(link.starts_with(&format!("{USUAL}/r/")) && here != link, "{link}");
    let (status, page) = get(&here);
    assert!(status == 200 && page.contains("value=\"yes\"") && page.contains("Can you help?"), "{status} {page}");
    let (status, page) = post(&here, "answer=yes");
    assert!(status == 200 || status == 303, "{status} {page}");
    let who = after.lines().find_map(|line| line.split(" was asked for as well, and ").nth(1)).expect("who is asked");
    let who = who.split(' ').next().expect("a volunteer");
    let accepted = run(&["offer", "list", "--volunteer", who, "--state", "accepted", "-o", "json"]);
    assert_eq!(accepted["offers"].as_array().map(Vec::len), Some(1), "{who}: {accepted}");
    let letters = std::fs::read_dir(messages).expect("letters").filter_map(|entry| {
        let text = std::fs::read_to_string(entry.ok()?.path()).ok()?;
        text.starts_with("To: ").then_some(text)
    });
    let links: Vec<String> = letters
        .flat_map(|text| text.lines().filter(|line| line.contains("/r/")).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let strange: Vec<&String> =
        links.iter().filter(|line| !line.contains(&format!("{USUAL}/r/")) && !line.contains(server)).collect();
    assert!(links.len() >= 6 && strange.is_empty(), "{strange:?}");
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
    // The run before this one told its own evening to people: who answers when hangs on the hour.
    let told = |word: &str| -> u64 {
        let line = text.lines().find(|line| line.starts_with(&format!("{word:<11}")));
        line.and_then(|line| line[11..].split_whitespace().next()?.parse().ok()).unwrap_or(0)
    };
    let ends: u64 = ["yes", "no", "silent", "let off"].into_iter().map(told).sum();
    assert!(told("asked") >= 6 && told("yes") >= 1 && told("no") >= 1, "{text}");
    assert!(told("delivered") == told("asked") && ends <= told("asked"), "{text}");
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
