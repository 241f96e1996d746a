//! `keikka dev` as a process of its own, in a folder of its own, on free ports.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::binary::keikka;

/// A running `keikka dev`. Dropped, it is gone with its data.
#[derive(Debug)]
pub struct DevServer {
    child: Child,
    banner: String,
    folder: TempDir,
}

impl DevServer {
    /// Starts one with the sample city and waits until it says that it is ready.
    ///
    /// # Panics
    /// If it does not start: the tests would be about nothing.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts one with more arguments. Its ports are free ones, unless the arguments name the public one.
    ///
    /// # Panics
    /// As [`DevServer::start`].
    #[must_use]
    pub fn start_with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let mut child = Command::new(keikka())
            .args(["dev", "--ops-listen", "127.0.0.1:0"])
            .args(if arguments.contains(&"--listen") { &[][..] } else { &["--listen", "127.0.0.1:0"] })
            .args(arguments)
            .current_dir(folder.path())
            .env_remove("KEIKKA_SERVER")
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("keikka dev can be started");
        let mut banner = String::new();
        let mut lines = BufReader::new(child.stdout.take().expect("stdout is piped"));
        while lines.read_line(&mut banner).expect("keikka dev writes text") > 0 {
            if banner.lines().last().is_some_and(|line| line.starts_with("stop ")) {
                return Self { child, banner, folder };
            }
        }
        let ended = child.wait();
        panic!("keikka dev ended before it was ready ({ended:?}): {banner}");
    }

    /// What it printed when it was ready.
    #[must_use]
    pub fn banner(&self) -> &str {
        &self.banner
    }

    /// The folder that it runs in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The word after a label of the banner: `grpc`, `health`, `metrics`, `key`.
    ///
    /// # Panics
    /// If the banner has no such line.
    #[must_use]
    pub fn told(&self, label: &str) -> &str {
        let line = self.banner.lines().find(|line| line.split_whitespace().next() == Some(label));
        line.and_then(|line| line.split_whitespace().nth(1)).unwrap_or_else(|| panic!("no {label} in {}", self.banner))
    }

    /// The address of its public port.
    #[must_use]
    pub fn url(&self) -> &str {
        self.told("grpc")
    }

    /// A `keikka` that talks to it, in its folder.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = client(self.url(), self.folder());
        command.args(arguments);
        command
    }

    /// Runs `keikka` with these arguments.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("keikka can be started")
    }

    /// Runs `keikka`, expects success, returns its standard output.
    ///
    /// # Panics
    /// If it fails, with what it said.
    #[must_use]
    pub fn stdout(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "keikka {arguments:?}: {} {stderr}", output.status);
        String::from_utf8(output.stdout).expect("keikka writes UTF-8")
    }

    /// Asks it to stop as Ctrl-C does, and waits for its end.
    ///
    /// # Panics
    /// If it cannot be asked or waited for.
    pub fn interrupt(&mut self) -> std::process::ExitStatus {
        let asked = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(asked.expect("kill can be started").success());
        self.child.wait().expect("a child can be waited for")
    }
}

impl Drop for DevServer {
    fn drop(&mut self) {
        // It may have ended already: then there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A `keikka` that talks to a server, in a folder, with an environment that is the same everywhere.
#[must_use]
pub fn client(server: &str, folder: &Path) -> Command {
    let mut command = Command::new(keikka());
    command.current_dir(folder).env("KEIKKA_SERVER", server).stdin(Stdio::null());
    for variable in ["LC_ALL", "LC_MESSAGES", "LANG", "KEIKKA_NETWORK", "KEIKKA_KEY_FILE", "KEIKKA_DATABASE_URL"] {
        command.env_remove(variable);
    }
    command
}

/// The status and body of `GET` on a plain HTTP address.
///
/// # Panics
/// If nobody answers within ten seconds.
#[must_use]
pub fn get(url: &str) -> (u16, String) {
    ask(url, |host, path| format!("GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"))
}

/// The status and body of a form that is sent to a plain HTTP address.
///
/// # Panics
/// If nobody answers within ten seconds.
#[must_use]
pub fn post(url: &str, form: &str) -> (u16, String) {
    let kind = "application/x-www-form-urlencoded";
    ask(url, |host, path| {
        format!(
            "POST /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-type: {kind}\r\n\
             content-length: {}\r\n\r\n{form}",
            form.len()
        )
    })
}

fn ask(url: &str, request: impl Fn(&str, &str) -> String) -> (u16, String) {
    let rest = url.strip_prefix("http://").expect("a plain address");
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host).expect("somebody listens");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time-out can be set");
    stream.write_all(request(host, path).as_bytes()).expect("a request can be sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer within ten seconds");
    let status = answer.split_whitespace().nth(1).and_then(|status| status.parse().ok()).expect("a status line");
    let body = answer.split_once("\r\n\r\n").map_or(String::new(), |(_, body)| body.to_owned());
    (status, body)
}

/// The root of the repository.
#[must_use]
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}
