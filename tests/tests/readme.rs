//! Every command of the README runs. `cargo xtask test` is what continuous integration runs, and `cargo xtask demo` runs the program's
//! own `demo` on a release build, which `cli_demo` runs on this one.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tests::binary::keikka;
use tests::dev_server::{DevServer, repository};

/// The commands of the README: lines with a prompt in fenced `console` blocks.
fn commands() -> Vec<String> {
    let text = fs::read_to_string(repository().join("README.md")).expect("there is a README");
    let mut inside = false;
    let mut found = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(language) => inside = language == "console",
            None if inside => found.extend(line.strip_prefix("$ ").map(str::to_owned)),
            None => {}
        }
    }
    found
}

#[test]
fn every_command_of_the_tour_runs() {
    let server = DevServer::start();
    let program = keikka();
    let mut path = vec![program.parent().expect("the program lies in a folder").to_owned()];
    path.extend(tests::buf::program().parent().map(Path::to_owned));
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let mut ran = 0;
    for command in commands() {
        let first = command.split_whitespace().next().unwrap_or_default();
        // The service itself runs already; the two that build are what CI is.
        if first == "cargo" || command == "keikka dev" {
            continue;
        }
        let here = command.replace("http://127.0.0.1:7207", server.url());
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", &here])
            .current_dir(server.folder())
            .env("PATH", std::env::join_paths(&path).expect("a path"))
            .env("KEIKKA_SERVER", server.url())
            .env_remove("KEIKKA_KEY_FILE")
            .stdin(Stdio::null())
            .output()
            .expect("bash runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}: {}\n{said}", output.status);
        says_something(&command, &String::from_utf8_lossy(&output.stdout));
        ran += 1;
    }
    assert!(ran >= 15, "only {ran} commands were found");
}

/// A tour that shows nothing teaches nothing: the gig that is explained is open and has its reasons, the board has gigs.
fn says_something(command: &str, told: &str) {
    if command.starts_with("keikka explain") {
        assert!(!told.contains("filled") && told.contains("left:"), "{command}: {told}");
        let wanted = if command.contains("--volunteer") { "would have to change" } else { "one change would do" };
        assert!(told.contains(wanted), "{command}: {told}");
    } else if command.starts_with("keikka board") {
        assert!(told.lines().count() > 1, "{command}: {told}");
    }
}

#[test]
fn the_two_first_commands_are_those_of_ci_and_of_the_demo() {
    let commands = commands();
    assert_eq!(&commands[..2], ["cargo xtask demo", "cargo xtask test"]);
    let ci = fs::read_to_string(repository().join(".ci/run")).expect("CI has a script");
    assert!(ci.lines().any(|line| line == "exec cargo xtask test"), "{ci}");
    let demo = fs::read_to_string(repository().join("crates/xtask/src/demo.rs")).expect("xtask has a demo");
    assert!(demo.contains("release/keikka\"), &[\"demo\"]"), "{demo}");
}
