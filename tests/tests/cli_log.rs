//! What the service writes while it runs: one line a call with its method and outcome, as settings ask, and nothing about people.

use std::process::{Command, Stdio};

use serde_json::Value;
use tests::binary::keikka;
use tests::dev_server::client;

/// A service on its own, with a database and two keys made by `keikka admin`.
#[test]
fn a_service_writes_its_calls_and_no_people() {
    let folder = tempfile::tempdir().expect("a folder");
    let admin = |arguments: &[&str]| {
        let mut command = client("http://127.0.0.1:1", folder.path());
        let output = command.args(arguments).output().expect("keikka runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let database = format!("sqlite://{}", folder.path().join("keikka.db").display());
    admin(&["admin", "migrate", "--database", &database]);
    admin(&["admin", "key", "boss", "--role", "ops", "--keys-file", "keys.toml", "--out", "boss.key"]);
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
    let address = format!("127.0.0.1:{port}");
    let log = folder.path().join("service.log");
    let mut service = Command::new(keikka())
        .args(["serve", "--database", &database, "--listen", &address, "--keys-file", "keys.toml"])
        .args(["--setting", "telemetry.log_format=json", "--setting", "telemetry.log_filter=info"])
        .current_dir(folder.path())
        .stderr(std::fs::File::create(&log).expect("a log"))
        .stdout(Stdio::null())
        .spawn()
        .expect("keikka serve starts");
    let url = format!("http://{address}");
    let call = |arguments: &[&str]| {
        let mut command = client(&url, folder.path());
        command.args(["--key-file", "boss.key"]).args(arguments).output().expect("keikka runs")
    };
    let created = loop {
        let output =
            call(&["network", "create", "testila", "--set", "title=Testilä", "--set", "city=Salaisuuskaupunki"]);
        // Exit 5: nobody answers yet.
        if output.status.code() != Some(5) {
            break output;
        }
        assert!(service.try_wait().expect("a child").is_none(), "the service ended: {}", read(&log));
    };
    assert!(created.status.success(), "{}", String::from_utf8_lossy(&created.stderr));
    assert!(!call(&["network", "get", "nowhere"]).status.success());
    let stopped = Command::new("kill").args(["-TERM", &service.id().to_string()]).status().expect("kill runs");
    assert!(stopped.success() && service.wait().expect("it ends").success());

    let text = read(&log);
    let lines: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let with = |word: &str| lines.iter().filter(|line| line.to_string().contains(word)).count();
    assert!(with("NetworkService/CreateNetwork") >= 1 && with("NetworkService/GetNetwork") >= 1, "{text}");
    assert!(!text.contains("Salaisuuskaupunki") && !text.contains("kk_"), "{text}");
}

fn read(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).expect("the log")
}
