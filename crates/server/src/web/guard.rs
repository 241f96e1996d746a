//! What every page passes on its way in and out: a share of the server, a bounded time, the question where a form comes from, the headers
//! that keep a page to itself, and a count by route.

use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use notification::reply::callback::CALLBACK_BYTES_MAX;
use tracing::Instrument as _;

use super::words::Words;
use super::{Web, pace, pages};
use crate::edge::Peer;
use crate::status;

/// Routes that are counted for each address and each link.
const PACED: [&str; 2] = ["/r/", "/cal/"];

/// Nothing is loaded, from anywhere, and no other site shows the page in a frame.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Lets a request through, or says why not. What has begun is finished, even if nobody waits for it any more.
#[expect(clippy::disallowed_methods, reason = "measures a duration, decides nothing")]
pub(super) async fn pass(State(web): State<Web>, route: MatchedPath, request: Request, next: Next) -> Response {
    let (begun, method) = (Instant::now(), request.method().clone());
    let words = Words(status::preferred_language(request.headers().get(header::ACCEPT_LANGUAGE)));
    let span = tracing::info_span!("page", http.route = route.as_str(), request.id = %uuid::Uuid::now_v7());
    let mut response = match paced(&web, route.as_str(), &request) {
        Ok(()) => admitted(&web, words, request, next).instrument(span.clone()).await,
        Err(wait) => {
            metrics::counter!("keikka_pages_slowed_total").increment(1);
            pages::slow(words, wait)
        }
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, pages::policy());
    let status = response.status().as_u16();
    let seconds = begun.elapsed().as_secs_f64();
    let labels =
        [("route", route.as_str().to_owned()), ("method", named(&method).to_owned()), ("status", status.to_string())];
    metrics::counter!("keikka_pages_total", &labels).increment(1);
    metrics::histogram!("keikka_page_duration_seconds", "route" => route.as_str().to_owned()).record(seconds);
    let duration_ms = (seconds * 1000.0).round();
    span.in_scope(|| tracing::info!(http.method = named(&method), http.status = status, duration_ms, "page ended"));
    response
}

/// Counts a page for who asks and for what is asked for. What the provider of text messages calls is no page.
fn paced(web: &Web, route: &str, request: &Request) -> Result<(), Duration> {
    if !PACED.iter().any(|prefix| route.starts_with(prefix)) {
        return Ok(());
    }
    let limits = &web.limits;
    if let Some(Peer(peer)) = request.extensions().get::<Peer>() {
        limits.of_address.admit(pace::client(*peer, request.headers(), &limits.proxies))?;
    }
    // The page of a link and its calendar file count as one.
    limits.of_link.admit(request.uri().path().split('/').nth(2))
}

/// Who sends slowly waits in line alone: a share of the server is taken only for a request that is whole.
async fn admitted(web: &Web, words: Words, request: Request, next: Next) -> Response {
    if request.method() == Method::POST && !is_own(request.headers()) {
        return pages::refused(words, StatusCode::FORBIDDEN);
    }
    let request = tokio::select! {
        biased;
        () = web.gate.stops().cancelled() => return busy(words),
        request = whole(request, web.gate.page_time()) => request,
    };
    let request = match request {
        Ok(request) => request,
        Err(status) => return pages::refused(words, status),
    };
    let hold = match web.gate.page() {
        Ok(hold) => hold,
        Err(refusal) => {
            tracing::info!(reason = refusal.reason.code(), "page refused");
            return busy(words);
        }
    };
    let work = tokio::spawn(
        async move {
            let done = next.run(request).await;
            drop(hold);
            done
        }
        .in_current_span(),
    );
    match tokio::time::timeout(web.gate.page_time(), work).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            tracing::error!("a page panicked");
            pages::failed(words)
        }
        Err(_) => busy(words),
    }
}

/// The request with all of its body, which only a POST has; or the status for one that is too large, too slow or broken off.
async fn whole(request: Request, time: Duration) -> Result<Request, StatusCode> {
    let (head, body) = request.into_parts();
    if head.method != Method::POST {
        return Ok(Request::from_parts(head, Body::empty()));
    }
    let length = head.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > CALLBACK_BYTES_MAX as u64) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match tokio::time::timeout(time, to_bytes(body, CALLBACK_BYTES_MAX)).await {
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
        Ok(Ok(bytes)) => Ok(Request::from_parts(head, Body::from(bytes))),
        Ok(Err(error)) if is_limit(&error) => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
    }
}

fn is_limit(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(|cause| cause.is::<http_body_util::LengthLimitError>())
}

fn busy(words: Words) -> Response {
    let mut response = pages::busy(words);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    response.into_response()
}

/// A method as a label: what is none of ours has no name.
fn named(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}

/// Whether a POST does not come from another site's page. A browser says where from; who says nothing is no browser of today. The
/// link itself is the right, so this only keeps what is strange out.
fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match text("origin") {
        // Our own pages hide where they are (no-referrer), and older browsers then say "null".
        None | Some("null") => true,
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text("host")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(body: Body) -> Request {
        http::Request::post("/r/x").body(body).expect("a request")
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_waited_for_a_time() {
        let endless = futures_util::stream::pending::<Result<bytes::Bytes, std::io::Error>>();
        let read = whole(post(Body::from_stream(endless)), Duration::from_secs(10)).await;
        assert_eq!(read.map(drop), Err(StatusCode::REQUEST_TIMEOUT));
    }

    #[tokio::test]
    async fn a_body_is_whole_or_refused() {
        use futures_util::stream;
        let bytes = |size: usize| Ok::<_, std::io::Error>(bytes::Bytes::from(vec![b'a'; size]));
        let time = Duration::from_secs(3600);
        let read = async |parts: Vec<_>| whole(post(Body::from_stream(stream::iter(parts))), time).await;
        let large = read(vec![bytes(CALLBACK_BYTES_MAX), bytes(1)]).await;
        assert_eq!(large.map(drop), Err(StatusCode::PAYLOAD_TOO_LARGE));
        let broken = read(vec![bytes(1), Err(std::io::Error::other("gone"))]).await;
        assert_eq!(broken.map(drop), Err(StatusCode::BAD_REQUEST));
        let good = read(vec![bytes(CALLBACK_BYTES_MAX - 1), bytes(1)]).await.expect("whole");
        let body = to_bytes(good.into_body(), usize::MAX).await.expect("bytes");
        assert_eq!(body.len(), CALLBACK_BYTES_MAX);
    }

    #[test]
    fn a_form_of_another_site_is_kept_out() {
        let own = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            is_own(&headers)
        };
        assert!(own(&[]) && own(&[("origin", "null")]) && own(&[("sec-fetch-site", "none")]));
        assert!(own(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(own(&[("origin", "https://auta.example"), ("host", "auta.example")]));
        for foreign in [
            [("sec-fetch-site", "cross-site"), ("host", "auta.example")],
            [("sec-fetch-site", "same-site"), ("host", "auta.example")],
            [("origin", "https://evil.example"), ("host", "auta.example")],
            [("origin", "auta.example"), ("host", "auta.example")],
        ] {
            assert!(!own(&foreign), "{foreign:?}");
        }
    }
}
