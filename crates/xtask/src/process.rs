//! Starting programs: run and check, run and capture, run while reading along. Nothing here knows what the programs are for.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// What `cargo run` tells the program it runs about itself. Passed on, it would make another cargo build anew what depends on it
/// (ring's build script does), and a plain `cargo build` afterwards build it anew again.
const OF_THIS_PACKAGE: &[&str] =
    &["CARGO_BIN_", "CARGO_CRATE_NAME", "CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_PRIMARY_PACKAGE"];

/// A command that starts in the workspace root, reads nothing from the terminal and knows nothing of this package.
pub(crate) fn command(program: impl AsRef<Path>, arguments: &[&str]) -> Command {
    let mut command = Command::new(program.as_ref());
    command.args(arguments).current_dir(crate::workspace::root()).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let ours = name.to_str().is_some_and(|name| OF_THIS_PACKAGE.iter().any(|prefix| name.starts_with(prefix)));
        if ours {
            command.env_remove(name);
        }
    }
    command
}

/// Runs to the end with its output on our streams; an unsuccessful exit is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let words = spelled(command);
    let status = command.status().with_context(|| format!("cannot start `{words}`"))?;
    succeed(status, &words)
}

/// Runs to the end and returns what it wrote to standard output; an unsuccessful exit is an error with what it said.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let words = spelled(command);
    let output = command.output().with_context(|| format!("cannot start `{words}`"))?;
    if !output.status.success() {
        bail!(
            "`{words}` failed ({}): {}{}",
            output.status,
            String::from_utf8_lossy(&output.stderr),
            String::from_utf8_lossy(&output.stdout)
        );
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{words}` wrote something that is no UTF-8"))
}

/// How long to wait for the rest of the output once the program itself has ended: a server that a test forgot may hold the
/// pipe open for ever.
const LAST_WORDS: Duration = Duration::from_secs(5);

enum Message {
    Line(String),
    StreamEnded,
    Exited(std::io::Result<ExitStatus>),
}

/// Runs to the end, passing each line of both streams on and to `reader`. Returns how it ended; only a failure to start is an
/// error.
pub(crate) fn follow(command: &mut Command, reader: &mut dyn FnMut(&str)) -> Result<ExitStatus> {
    let words = spelled(command);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{words}`"))?;
    let stdout = child.stdout.take().expect("stdout was piped above");
    let stderr = child.stderr.take().expect("stderr was piped above");
    let (send, receive) = sync_channel(1_024);
    let (from_stdout, from_stderr) = (send.clone(), send.clone());
    thread::spawn(move || pass_on(stdout, &mut std::io::stdout(), &from_stdout));
    thread::spawn(move || pass_on(stderr, &mut std::io::stderr(), &from_stderr));
    thread::spawn(move || send.send(Message::Exited(child.wait())));

    let mut streams = 2;
    let mut exited = None;
    while streams > 0 || exited.is_none() {
        let message = match exited {
            None => receive.recv().ok(),
            Some(_) => receive.recv_timeout(LAST_WORDS).ok(),
        };
        match message {
            Some(Message::Line(line)) => reader(&line),
            Some(Message::StreamEnded) => streams -= 1,
            Some(Message::Exited(status)) => exited = Some(status),
            None => break,
        }
    }
    exited.context("the waiting thread is gone")?.with_context(|| format!("cannot wait for `{words}`"))
}

fn pass_on(from: impl Read, to: &mut impl Write, send: &SyncSender<Message>) {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    // A closed terminal must not stop the reading: the child would hang on a full pipe.
    while let Ok(1..) = from.read_until(b'\n', &mut line) {
        let _ = to.write_all(&line).and_then(|()| to.flush());
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        if send.send(Message::Line(text)).is_err() {
            return;
        }
        line.clear();
    }
    let _ = send.send(Message::StreamEnded);
}

fn succeed(status: ExitStatus, words: &str) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    bail!("`{words}` failed ({status})")
}

/// The command as a person would type it.
pub(crate) fn spelled(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let mut words = vec![name.to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follow_sees_every_line_of_both_streams() {
        let mut seen = Vec::new();
        let status = follow(&mut command("/bin/sh", &["-c", "echo one; echo two >&2; exit 3"]), &mut |line: &str| {
            seen.push(line.to_owned())
        })
        .unwrap();
        seen.sort();
        assert_eq!(seen, ["one", "two"]);
        assert_eq!(status.code(), Some(3));
    }

    #[test]
    fn a_started_program_does_not_learn_of_this_package() {
        // cargo tells its test programs the same as `cargo run` does.
        assert!(std::env::var_os("CARGO_PKG_NAME").is_some());
        let told = capture(&mut command("/usr/bin/env", &[])).unwrap();
        assert!(!told.contains("CARGO_PKG_") && !told.contains("CARGO_MANIFEST_"), "{told}");
    }

    #[test]
    fn capture_tells_what_a_failed_program_said() {
        let error = capture(&mut command("/bin/sh", &["-c", "echo lost >&2; exit 1"])).unwrap_err();
        assert!(error.to_string().contains("lost"), "{error}");
    }
}
