//! The `keikka` program as a user has it: built once per test run, run as a process of its own.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The path of the program. `KEIKKA_BIN` names another build of it; else it is built by cargo, which does nothing if it is fresh.
///
/// # Panics
/// If it cannot be built: the tests would be about nothing.
#[must_use]
pub fn keikka() -> PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM
        .get_or_init(|| {
            if let Some(given) = std::env::var_os("KEIKKA_BIN") {
                return PathBuf::from(given);
            }
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let built = Command::new(cargo)
                .args([
                    "build",
                    "--quiet",
                    "--package",
                    "cli",
                    "--bin",
                    "keikka",
                    "--message-format",
                    "json-render-diagnostics",
                ])
                .stderr(Stdio::inherit())
                .output()
                .expect("cargo can be started");
            assert!(built.status.success(), "cargo build of the keikka program failed");
            String::from_utf8(built.stdout)
                .expect("cargo speaks UTF-8")
                .lines()
                .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
                .filter(|message| message["target"]["name"] == "keikka")
                .find_map(|message| message["executable"].as_str().map(PathBuf::from))
                .expect("cargo names the program it built")
        })
        .clone()
}
