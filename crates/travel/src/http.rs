//! One question over HTTP: within a time, of a bounded answer, asked again only where that may help.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::Uri;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::Error;

/// Largest answer in bytes.
const BODY_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Waits before a question is asked again.
const WAITS: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(250)];
/// Idle connections are closed after this: shorter than OSRM's own five seconds.
const IDLE: Duration = Duration::from_secs(3);

/// Connections to services.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    client: Client<HttpConnector, Empty<Bytes>>,
    limit: Duration,
}

/// An answer of any status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
}

impl Http {
    /// Connections whose answers are waited for so long.
    pub(crate) fn new(limit: Duration) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(limit));
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Self { client, limit }
    }

    /// Asks, up to three times where the failure may pass, all within the limit: somebody waits. `base` names the service in errors; `judge`
    /// says what an answer is.
    pub(crate) async fn ask<T>(
        &self,
        base: &str,
        uri: &Uri,
        judge: impl Fn(Answer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let late = |_| Error::Late { url: base.to_owned(), limit: self.limit };
        tokio::time::timeout(self.limit, self.insist(base, uri, judge)).await.map_err(late)?
    }

    async fn insist<T>(&self, base: &str, uri: &Uri, judge: impl Fn(Answer) -> Result<T, Error>) -> Result<T, Error> {
        let mut waits = WAITS.iter();
        loop {
            let error = match self.once(base, uri).await.and_then(&judge) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            match waits.next().filter(|_| error.is_transient()) {
                Some(wait) => tokio::time::sleep(*wait).await,
                None => return Err(error),
            }
        }
    }

    async fn once(&self, base: &str, uri: &Uri) -> Result<Answer, Error> {
        let response = self.client.get(uri.clone()).await.map_err(|error| silent(base, error))?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), BODY_BYTES_MAX);
        let body = body.collect().await.map_err(|cause| Error::Silent { url: base.to_owned(), cause })?;
        Ok(Answer { status, body: body.to_bytes() })
    }
}

fn silent(base: &str, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Silent { url: base.to_owned(), cause: Box::new(error) }
}
