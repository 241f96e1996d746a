//! Somebody with a browser: pages of the public port by HTTP/1.1 or HTTP/2, each request on a connection of its own.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

/// A page, or whatever was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The text.
    pub body: String,
}

impl Answer {
    /// A header as text; empty if it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Who visits.
#[derive(Debug, Clone)]
pub struct Visitor {
    address: SocketAddr,
    by_http2: bool,
    headers: Vec<(&'static str, String)>,
}

impl Visitor {
    /// A visitor of a server by HTTP/1.1.
    #[must_use]
    pub fn of(address: SocketAddr) -> Self {
        Self { address, by_http2: false, headers: Vec::new() }
    }

    /// The same by HTTP/2.
    #[must_use]
    pub fn by_http2(&self) -> Self {
        Self { by_http2: true, ..self.clone() }
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(&self, name: &'static str, value: impl Into<String>) -> Self {
        let mut visitor = self.clone();
        visitor.headers.push((name, value.into()));
        visitor
    }

    /// Looks at a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, "").await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, form: impl Into<Bytes>) -> Answer {
        let kind = "application/x-www-form-urlencoded";
        self.with("content-type", kind).ask(Method::POST, path, form).await
    }

    /// Sends anything.
    ///
    /// # Panics
    /// If no answer comes.
    pub async fn ask(&self, method: Method, path: &str, body: impl Into<Bytes>) -> Answer {
        let stream = TcpStream::connect(self.address).await.expect("connect");
        let place = if self.by_http2 { format!("http://{}{path}", self.address) } else { path.to_owned() };
        let mut request = Request::builder().method(method).uri(place);
        if !self.by_http2 {
            request = request.header(header::HOST, self.address.to_string());
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Full::new(body.into())).expect("a request");
        let answer = if self.by_http2 {
            let (mut sender, connection) =
                hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.expect("h2");
            tokio::spawn(connection);
            sender.send_request(request).await
        } else {
            let (mut sender, connection) =
                hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("http/1.1");
            tokio::spawn(connection);
            sender.send_request(request).await
        };
        let (head, body) = answer.expect("an answer").into_parts();
        let body = body.collect().await.expect("a whole answer").to_bytes();
        Answer { status: head.status, headers: head.headers, body: String::from_utf8_lossy(&body).into_owned() }
    }
}
