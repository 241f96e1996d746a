//! The accept loop: how many connections, how many of one peer, and how each is served and stopped.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use super::{Drain, preface};
use crate::settings::{LimitSettings, limits};

/// What the accept loop keeps to.
#[derive(Debug, Clone)]
pub(crate) struct Acceptor {
    connections_max: usize,
    per_peer_max: usize,
    preface_time: Duration,
    drain: Drain,
}

impl Acceptor {
    pub(crate) fn new(settings: &LimitSettings, drain: Drain) -> Self {
        Self {
            connections_max: settings.connections_max,
            per_peer_max: settings.connections_per_peer_max,
            preface_time: Duration::from_secs(settings.preface_s),
            drain,
        }
    }
}

/// The address that a request came from: the caller's, or a proxy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// How many connections each peer has.
#[derive(Debug, Clone, Default)]
struct Peers(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One connection of a peer; forgotten when dropped.
struct Guest {
    peers: Peers,
    address: IpAddr,
}

impl Peers {
    fn admit(&self, address: IpAddr, max: usize) -> Option<Guest> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_insert(0);
        if *count >= max {
            return None;
        }
        *count += 1;
        Some(Guest { peers: self.clone(), address })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut counts = self.peers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

/// Accepts and serves connections until the drain begins, then lets them end. Returns when all have ended; whoever calls bounds
/// the wait, and dropping the future closes what is left.
pub(crate) async fn serve_connections(listener: TcpListener, router: axum::Router, acceptor: Acceptor) {
    let places = Arc::new(Semaphore::new(acceptor.connections_max));
    let peers = Peers::default();
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = acceptor.drain.begun.cancelled() => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors or the like: the listener itself stays good.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let (Ok(place), Some(guest)) =
            (Arc::clone(&places).try_acquire_owned(), peers.admit(peer.ip(), acceptor.per_peer_max))
        else {
            metrics::counter!("keikka_connections_refused_total").increment(1);
            continue;
        };
        let (router, acceptor) = (router.clone(), acceptor.clone());
        connections.spawn(async move {
            let _held = (place, guest);
            metrics::gauge!("keikka_connections").increment(1.0);
            serve_one(stream, Peer(peer.ip()), router, &acceptor).await;
            metrics::gauge!("keikka_connections").decrement(1.0);
        });
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn serve_one(stream: TcpStream, peer: Peer, router: axum::Router, acceptor: &Acceptor) {
    // Failing to switch off Nagle's delay is no reason to refuse a caller.
    let _ = stream.set_nodelay(true);
    let opened = tokio::select! {
        biased;
        () = acceptor.drain.begun.cancelled() => return,
        opened = preface::open(stream, acceptor.preface_time) => opened,
    };
    let Ok(opened) = opened else { return };
    let service = router.map_request(move |mut request: http::Request<Incoming>| {
        request.extensions_mut().insert(peer);
        request.map(axum::body::Body::new)
    });
    let service = TowerToHyperService::new(service);
    let builder = builder(acceptor.preface_time);
    let connection = builder.serve_connection(TokioIo::new(opened), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = acceptor.drain.begun.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

fn builder(header_time: Duration) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits::STREAMS_PER_CONNECTION_MAX)
        .max_header_list_size(limits::HEADER_LIST_BYTES_MAX)
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(100)
        .keep_alive_interval(limits::KEEPALIVE_INTERVAL)
        .keep_alive_timeout(limits::KEEPALIVE_TIMEOUT);
    builder.http1().timer(TokioTimer::new()).header_read_timeout(header_time).max_headers(64);
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_gets_its_share_and_gets_it_back() {
        let peers = Peers::default();
        let address = IpAddr::from([127, 0, 0, 1]);
        let first = peers.admit(address, 1);
        assert!(first.is_some() && peers.admit(address, 1).is_none());
        assert!(peers.admit(IpAddr::from([127, 0, 0, 2]), 1).is_some());
        drop(first);
        assert!(peers.admit(address, 1).is_some());
        assert!(peers.0.lock().expect("lock").is_empty(), "nobody is left");
    }
}
