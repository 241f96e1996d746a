//! A text message gateway in this process, over real sockets: it keeps what it is given, and can kill the sender at a chosen moment.

use std::process::Child;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// Most bytes of a request.
const REQUEST_BYTES_MAX: usize = 16 * 1024;
/// Longest wait for a message, on a busy machine.
const HANDED_TIME_MAX: Duration = Duration::from_secs(120);

/// A message that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// The sender's reference.
    pub reference: String,
    /// The number.
    pub to: String,
}

/// When the sender dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// As soon as it connects, before it has said anything.
    Connected,
    /// When its message is taken and the answer is not yet on its way.
    Taken,
    /// When the answer is on its way.
    Answered,
}

#[derive(Debug, Default)]
struct State {
    handed: Vec<Handed>,
    connections: usize,
    victim: Option<(Child, usize, Moment)>,
    is_silent_to_replies: bool,
}

/// The gateway.
#[derive(Debug, Clone)]
pub struct SmsPeer {
    state: Arc<Mutex<State>>,
    killed: Arc<Notify>,
    port: u16,
}

impl SmsPeer {
    /// Starts one on a free port; it lives as long as the test.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let peer = Self { state: Arc::default(), killed: Arc::default(), port };
        let serving = peer.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let peer = serving.clone();
                tokio::spawn(async move { peer.serve(stream).await });
            }
        });
        peer
    }

    /// Takes what is written back to somebody's text from now on, and never says so.
    pub fn hush_replies(&self) {
        self.state().is_silent_to_replies = true;
    }

    /// Waits until so many messages whose reference begins like this were handed over.
    ///
    /// # Panics
    /// If they do not come.
    pub async fn wait_for(&self, beginning: &str, count: usize) {
        let deadline = Instant::now() + HANDED_TIME_MAX;
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        loop {
            ticks.tick().await;
            let handed = self.handed();
            if handed.iter().filter(|one| one.reference.starts_with(beginning)).count() >= count {
                return;
            }
            assert!(Instant::now() < deadline, "{count} of {beginning:?} are not in {handed:?}");
        }
    }

    /// Where messages are sent.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/send", self.port)
    }

    /// The provider as a settings file of the server describes it.
    #[must_use]
    pub fn provider(&self) -> String {
        format!(
            "url = \"{}\"\nid_path = \"/id\"\n[body]\nto = \"{{to}}\"\ntext = \"{{text}}\"\n\
             reference = \"{{reference}}\"\n",
            self.url()
        )
    }

    /// What was handed over so far, in order.
    #[must_use]
    pub fn handed(&self) -> Vec<Handed> {
        self.state().handed.clone()
    }

    /// Kills a process (SIGKILL) at a moment of the `after`th message or connection from now on. [`SmsPeer::killed`] waits for it.
    pub fn kill(&self, child: Child, after: usize, moment: Moment) {
        let mut state = self.state();
        let so_far = if moment == Moment::Connected { state.connections } else { state.handed.len() };
        state.victim = Some((child, so_far + after.max(1), moment));
    }

    /// Waits until the process is killed.
    ///
    /// # Panics
    /// If it ended by itself: a worker does not.
    pub async fn killed(&self) {
        loop {
            tokio::select! {
                () = self.killed.notified() => return,
                () = tokio::time::sleep(Duration::from_millis(200)) => {
                    let mut state = self.state();
                    let ended = state.victim.as_mut().and_then(|(child, ..)| child.try_wait().ok().flatten());
                    assert!(ended.is_none(), "the worker ended by itself: {ended:?}");
                }
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics while it holds this")
    }

    /// Kills the victim, if this is its moment. Answers whether it was.
    fn at(&self, moment: Moment, count: usize) -> bool {
        let mut state = self.state();
        if !state.victim.as_ref().is_some_and(|(_, due, of)| *of == moment && count >= *due) {
            return false;
        }
        if let Some((mut child, ..)) = state.victim.take() {
            drop(state);
            child.kill().expect("it can be killed");
            child.wait().expect("it is dead");
            self.killed.notify_one();
        }
        true
    }

    async fn serve(&self, mut stream: TcpStream) {
        let connections = {
            let mut state = self.state();
            state.connections += 1;
            state.connections
        };
        if self.at(Moment::Connected, connections) {
            // What the dead had said already is not taken.
            return;
        }
        let Some(body) = body(&mut stream).await else { return };
        let message: serde_json::Value = serde_json::from_slice(&body).expect("the worker sends JSON");
        let text = |name: &str| message[name].as_str().expect("a text").to_owned();
        let reference = text("reference");
        let is_reply = reference.starts_with("keikka-reply-");
        let (count, is_silent) = {
            let mut state = self.state();
            state.handed.push(Handed { reference, to: text("to") });
            (state.handed.len(), state.is_silent_to_replies && is_reply)
        };
        if is_silent {
            return std::future::pending().await;
        }
        self.at(Moment::Taken, count);
        let id = format!("{{\"id\":\"p-{count}\"}}");
        let answer = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{id}", id.len());
        // Who is dead does not hear it.
        let _ = stream.write_all(answer.as_bytes()).await;
        self.at(Moment::Answered, count);
    }
}

/// The body of a request; none if the sender is gone before it is whole.
async fn body(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    loop {
        let head = request.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(head) = head {
            let text = String::from_utf8_lossy(&request[..head]).to_lowercase();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
            if request.len() >= head + 4 + length {
                return Some(request[head + 4..head + 4 + length].to_vec());
            }
        }
        if request.len() > REQUEST_BYTES_MAX || stream.read_buf(&mut request).await.ok()? == 0 {
            return None;
        }
    }
}
