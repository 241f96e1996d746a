//! `keikka serve` as a process of its own, which can be told to stop, frozen, or killed.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::binary::keikka;

/// Longest wait for a line of the log, on a busy machine.
const LINE_TIME_MAX: Duration = Duration::from_secs(120);

/// A running `keikka serve` without keys. Dropped, it is killed.
#[derive(Debug)]
pub struct Service {
    child: Child,
    log: Arc<Log>,
    reader: Option<JoinHandle<()>>,
    address: String,
}

/// What it has written so far, and whether more will come.
#[derive(Debug, Default)]
struct Log {
    lines: Mutex<(Vec<String>, bool)>,
    changed: Condvar,
}

impl Log {
    fn note(&self, line: Option<String>) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.1 = line.is_none();
        lines.0.extend(line);
        self.changed.notify_all();
    }

    /// Waits for a line with all these parts.
    fn wait_for(&self, parts: &[&str]) -> Option<String> {
        let found = |lines: &[String]| lines.iter().find(|line| parts.iter().all(|part| line.contains(part))).cloned();
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = |lines: &mut (Vec<String>, bool)| found(&lines.0).is_none() && !lines.1;
        let (lines, _) =
            self.changed.wait_timeout_while(lines, LINE_TIME_MAX, waiting).unwrap_or_else(PoisonError::into_inner);
        found(&lines.0)
    }
}

impl Service {
    /// Starts one over a database, with more arguments, and waits until a port of it answers.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start(database: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new(keikka());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KEIKKA_")) {
            command.env_remove(name);
        }
        let mut child = command
            .args(["serve", "--insecure", "--database", database, "--setting", "telemetry.log_format=text"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("keikka serve can be started");
        let stderr = BufReader::new(child.stderr.take().expect("stderr is piped"));
        let log = Arc::new(Log::default());
        let reader = std::thread::spawn({
            let log = Arc::clone(&log);
            move || {
                stderr.lines().map_while(Result::ok).for_each(|line| log.note(Some(line)));
                log.note(None);
            }
        });
        let mut service = Self { child, log, reader: Some(reader), address: String::new() };
        let ready = service.log.wait_for(&["ready on 127.0.0.1:"]);
        let ready = ready.unwrap_or_else(|| panic!("it is not ready: {}", service.log()));
        service.address = ready.trim_start_matches("ready on ").to_owned();
        service
    }

    /// The address that it said it is ready on: the public port, or the port of operations where there is no other.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The number of the process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal: `TERM` tells it to stop, `STOP` freezes it, `CONT` lets it go on.
    ///
    /// # Panics
    /// If it cannot be sent.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.id().to_string()]).status();
        assert!(sent.expect("kill runs").success(), "{name} was not sent");
    }

    /// Kills it on the spot.
    ///
    /// # Panics
    /// If it cannot be waited for.
    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("a child can be waited for");
    }

    /// Waits for its end, and for the last that it writes.
    ///
    /// # Panics
    /// If it cannot be waited for.
    pub fn wait(&mut self) -> ExitStatus {
        let status = self.child.wait().expect("a child can be waited for");
        self.reader.take().into_iter().for_each(|reader| drop(reader.join()));
        status
    }

    /// Whether it has written a line with all these parts by now.
    #[must_use]
    pub fn has_said(&self, parts: &[&str]) -> bool {
        self.log().lines().any(|line| parts.iter().all(|part| line.contains(part)))
    }

    /// All that it has written by now.
    #[must_use]
    pub fn log(&self) -> String {
        self.log.lines.lock().unwrap_or_else(PoisonError::into_inner).0.join("\n")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
