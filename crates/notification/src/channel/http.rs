//! One HTTP request to one address: resolve, check, connect to what was checked, send, read a bounded answer. No redirect is followed.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::address::Reach;

/// Most bytes of an answer that are read.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, at most 64 KiB.
    pub body: Bytes,
}

/// Why nothing came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The URL is no `https` (or, where allowed, `http`) URL with a host.
    Url,
    /// The name does not resolve.
    Name,
    /// It resolves to an address that is not to be reached.
    Address,
    /// No connection: nothing was sent.
    Connect,
    /// The request was sent, and no whole answer came.
    Silent,
}

/// Where names lead, if not the system says so.
type Names = Arc<dyn Fn(&str, u16) -> Vec<SocketAddr> + Send + Sync>;

/// Sends requests. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    reach: Reach,
    tls: Arc<ClientConfig>,
    time: Duration,
    names: Option<Names>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("reach", &self.reach).field("time", &self.time).finish_non_exhaustive()
    }
}

impl Client {
    /// A client that trusts the public authorities, reaches `reach` and gives up after `time`.
    ///
    /// # Panics
    /// Never: ring offers the protocol versions that are asked for.
    #[must_use]
    pub fn new(reach: Reach, time: Duration) -> Self {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring offers TLS 1.2 and 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { reach, tls: Arc::new(tls), time, names: None }
    }

    /// The same, with a word of its own about where names lead: for tests of names whose address changes.
    #[doc(hidden)]
    #[must_use]
    pub fn with_names(self, names: impl Fn(&str, u16) -> Vec<SocketAddr> + Send + Sync + 'static) -> Self {
        Self { names: Some(Arc::new(names)), ..self }
    }

    /// Sends one request and reads its answer.
    ///
    /// # Errors
    /// [`Fault`]; only after [`Fault::Silent`] may the other side have acted on it.
    pub async fn send(&self, method: Method, url: &str, headers: HeaderMap, body: Vec<u8>) -> Result<Answer, Fault> {
        let uri: Uri = url.parse().map_err(|_| Fault::Url)?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if !matches!(self.reach, Reach::Public) => false,
            _ => return Err(Fault::Url),
        };
        let authority = uri.authority().ok_or(Fault::Url)?.clone();
        if authority.as_str().contains('@') {
            return Err(Fault::Url);
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = authority.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let path = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        let mut request = Request::builder().method(method).uri(path).header(http::header::HOST, authority.as_str());
        if let Some(all) = request.headers_mut() {
            all.extend(headers);
        }
        let request = request.body(Full::new(Bytes::from(body))).map_err(|_| Fault::Url)?;

        let deadline = tokio::time::sleep(self.time);
        tokio::pin!(deadline);
        let stream = tokio::select! {
            () = &mut deadline => return Err(Fault::Connect),
            stream = self.connect(&host, port) => stream?,
        };
        let exchange = async {
            if secure {
                let name = ServerName::try_from(host.clone()).map_err(|_| Fault::Url)?;
                let stream = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await;
                exchange(stream.map_err(|_| Fault::Connect)?, request).await
            } else {
                exchange(stream, request).await
            }
        };
        tokio::select! {
            () = &mut deadline => Err(Fault::Silent),
            answer = exchange => answer,
        }
    }

    /// Connects to the address that was checked: the name is not asked again.
    async fn connect(&self, host: &str, port: u16) -> Result<TcpStream, Fault> {
        let found: Vec<SocketAddr> = match &self.names {
            Some(names) => names(host, port),
            None => tokio::net::lookup_host((host, port)).await.map_err(|_| Fault::Name)?.collect(),
        };
        if found.is_empty() {
            return Err(Fault::Name);
        }
        let address = *self.reach.admit(&found).map_err(|_| Fault::Address)?;
        TcpStream::connect(address).await.map_err(|_| Fault::Connect)
    }
}

async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Answer, Fault>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|_| Fault::Connect)?;
    let ends_with_us = tokio::spawn(connection);
    let answer = async {
        let response = sender.send_request(request).await.map_err(|_| Fault::Silent)?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await.map_err(|_| Fault::Silent)?;
        Ok(Answer { status: parts.status, headers: parts.headers, body: body.to_bytes() })
    }
    .await;
    ends_with_us.abort();
    answer
}
