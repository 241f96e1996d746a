//! A watch of what happens in the town: read message by message, and gone on with after its end.

use std::time::Duration;

use proto::dispatch::v1::{Event, WatchEventsRequest, WatchEventsResponse};
use tonic::{Status, Streaming};

use crate::desk::Desk;
use crate::refused::granted;
use crate::town::NETWORK;

/// Longest wait for a message: far above what any machine takes.
const PATIENCE: Duration = Duration::from_secs(300);

/// A running watch.
#[derive(Debug)]
pub struct Watching {
    stream: Streaming<WatchEventsResponse>,
    /// The token of the last message.
    pub token: String,
}

/// A request to watch the town from now on.
#[must_use]
pub fn now_on() -> WatchEventsRequest {
    WatchEventsRequest { parent: NETWORK.to_owned(), ..WatchEventsRequest::default() }
}

/// A request to watch the town from its beginning.
#[must_use]
pub fn all_of_it() -> WatchEventsRequest {
    WatchEventsRequest { start_time: Some(prost_types::Timestamp::default()), ..now_on() }
}

impl Watching {
    /// Begins, and waits until the watch says that it has begun.
    ///
    /// # Panics
    /// If it is refused, or begins with an event.
    pub async fn begin(desk: &Desk, request: WatchEventsRequest) -> Self {
        let stream = granted(desk.events.clone().watch_events(request).await);
        let mut watching = Self { stream, token: String::new() };
        let first = watching.message().await.expect("a first message");
        assert_eq!(first.event, None, "the first message only says that the watch has begun");
        watching
    }

    /// Goes on from a token.
    pub async fn resume(desk: &Desk, request: WatchEventsRequest, token: &str) -> Self {
        let request = WatchEventsRequest { start_time: None, resume_token: token.to_owned(), ..request };
        Self::begin(desk, request).await
    }

    /// The next message.
    ///
    /// # Errors
    /// The status that the watch ends with.
    ///
    /// # Panics
    /// If none comes at all, or the watch ends without a status.
    pub async fn message(&mut self) -> Result<WatchEventsResponse, Status> {
        let next = tokio::time::timeout(PATIENCE, self.stream.message()).await.expect("a message at last");
        let message = next?.expect("a watch ends with a status");
        assert!(!message.resume_token.is_empty(), "every message says where to go on");
        self.token.clone_from(&message.resume_token);
        Ok(message)
    }

    /// The next event, over whatever silence.
    ///
    /// # Errors
    /// The status that the watch ends with.
    pub async fn event(&mut self) -> Result<Event, Status> {
        loop {
            if let Some(event) = self.message().await?.event {
                return Ok(event);
            }
        }
    }

    /// The next events.
    ///
    /// # Panics
    /// If the watch ends before so many.
    pub async fn events(&mut self, count: usize) -> Vec<Event> {
        let mut events = Vec::with_capacity(count);
        while events.len() < count {
            events.push(self.event().await.expect("an event"));
        }
        events
    }
}
