//! A peer that is a process of its own, in Python.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Most lines of a peer that are kept.
const LINES_MAX: usize = 10_000;

/// A peer in Python: it says its port, and ends with us.
pub(crate) struct Peer {
    _child: Child,
    lines: tokio::sync::mpsc::Receiver<String>,
    pub(crate) port: u16,
}

impl Peer {
    pub(crate) async fn start(script: &str, arguments: &[&str], environment: &[(&str, String)]) -> Self {
        let place = format!("{}/../../tests/peers/{script}", env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new("python3");
        command.arg(place).args(arguments).env("PYTHONDONTWRITEBYTECODE", "1").kill_on_drop(true);
        for (name, value) in environment {
            command.env(name, value);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3 runs");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let port = lines.next_line().await.expect("a line").expect("the peer says its port").parse().expect("a port");
        // Read at once, however late it is looked at: a full pipe would stop the peer.
        let (sender, receiver) = tokio::sync::mpsc::channel(LINES_MAX);
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                if sender.send(line).await.is_err() {
                    return;
                }
            }
        });
        Self { _child: child, lines: receiver, port }
    }

    pub(crate) async fn line(&mut self) -> serde_json::Value {
        let line = tokio::time::timeout(Duration::from_secs(30), self.lines.recv()).await;
        serde_json::from_str(&line.expect("in time").expect("the peer goes on")).expect("JSON")
    }
}
