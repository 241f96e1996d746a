//! The one gate that every gRPC call passes: counted, given an id, admitted, bounded in time and number, and answered with a status
//! that says why, whatever happens behind it.

use std::collections::HashSet;
use std::convert::Infallible;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use domain::text::ServiceLanguage;
use domain::{PrincipalId, Reason, Refusal};
use futures_util::FutureExt as _;
use http::{HeaderValue, Request, Response};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tonic::body::Body;
use tower::Service;
use tracing::Instrument as _;

use super::body::{Ending, Watched, has_reason, translated};
use super::share::{Share, Shares};
use super::{Call, Drain, Held, Hold, deadline};
use crate::auth::{Admission, Gatekeeper};
use crate::clock::Clock;
use crate::settings::LimitSettings;
use crate::status;
use crate::telemetry::Tally;

/// The header that carries the id of a call back to the caller.
pub(crate) const REQUEST_ID: &str = "x-request-id";

/// Fewest pages at once, however few calls there may be.
const PAGES_MIN: usize = 8;
/// The part of the calls that pages have a room of their own for.
const PAGES_PART: usize = 4;

/// What the gate keeps to.
#[derive(Debug)]
pub(crate) struct GateSettings {
    gatekeeper: Gatekeeper,
    clock: Clock,
    drain: Drain,
    call_time: Duration,
    stream_time: Duration,
    /// Methods that may take as long as a stream.
    long: HashSet<&'static str>,
    /// Streams that only tell: they end as soon as the server stops.
    telling: HashSet<&'static str>,
    calls: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    /// Pages have a room of their own: whoever fills it takes no call's place.
    pages: Arc<Semaphore>,
    shares: Arc<Shares>,
}

impl GateSettings {
    pub(crate) fn new(gatekeeper: Gatekeeper, clock: Clock, drain: Drain, limits: &LimitSettings) -> Self {
        let mut long: HashSet<&'static str> = ["/keikka.dispatch.v1.MatchingService/ApplyPlan"].into();
        let mut telling = HashSet::new();
        for (path, client_streams, server_streams) in crate::convert::streaming_methods() {
            if client_streams || server_streams {
                long.insert(path);
            }
            if server_streams && !client_streams {
                telling.insert(path);
            }
        }
        Self {
            gatekeeper,
            clock,
            drain,
            call_time: Duration::from_secs(limits.call_s),
            stream_time: Duration::from_secs(limits.stream_s),
            long,
            telling,
            calls: Arc::new(Semaphore::new(limits.calls_max)),
            streams: Arc::new(Semaphore::new(limits.calls_max)),
            pages: Arc::new(Semaphore::new(pages_max(limits))),
            shares: Shares::of(limits.streams_per_principal_max),
        }
    }

    /// Waits until no call is in work any more.
    pub(crate) async fn idle(&self, limits: &LimitSettings) {
        let rooms =
            [(&self.calls, limits.calls_max), (&self.streams, limits.calls_max), (&self.pages, pages_max(limits))];
        for (room, all) in rooms {
            let _all = room.acquire_many(u32::try_from(all).unwrap_or(u32::MAX)).await;
        }
    }

    /// A share of the server for a page, unless it stops or is full.
    pub(crate) fn page(&self) -> Result<Hold, Refusal> {
        if self.drain.begun.is_cancelled() {
            return Err(Refusal::new(Reason::ServerStopping, "the server is stopping"));
        }
        place(&self.pages, None)
    }

    /// Cancelled as soon as the server stops.
    pub(crate) fn stops(&self) -> &CancellationToken {
        &self.drain.begun
    }

    /// How long a page may take.
    pub(crate) fn page_time(&self) -> Duration {
        self.call_time
    }

    /// A place for a call. What is long is bounded for each caller, too: it could keep all others out for as long.
    fn hold(&self, method: &str, who: Option<&PrincipalId>) -> Result<Hold, Refusal> {
        let is_long = self.long.contains(method);
        let share = match who.filter(|_| is_long) {
            Some(who) => {
                let share = self.shares.take(who);
                Some(share.ok_or_else(|| full("too many streams of this caller at once, end one or try again"))?)
            }
            None => None,
        };
        place(if is_long { &self.streams } else { &self.calls }, share)
    }
}

/// A place in a room, with the share of a caller that it takes.
fn place(room: &Arc<Semaphore>, share: Option<Share>) -> Result<Hold, Refusal> {
    let place = Arc::clone(room).try_acquire_owned();
    place.map(|place| Held::new(place, share)).map_err(|_| full("too many calls at once, try again"))
}

fn full(detail: &str) -> Refusal {
    Refusal::new(Reason::LimitReached, detail.to_owned()).with("retry_s", 2)
}

/// Most pages in work at once; none where no call is let in.
fn pages_max(limits: &LimitSettings) -> usize {
    if limits.calls_max == 0 { 0 } else { (limits.calls_max / PAGES_PART).max(PAGES_MIN) }
}

/// The gate before the services.
#[derive(Debug, Clone)]
pub(crate) struct Gate<S> {
    inner: S,
    settings: Arc<GateSettings>,
}

impl<S> Gate<S> {
    pub(crate) fn new(inner: S, settings: Arc<GateSettings>) -> Self {
        Self { inner, settings }
    }
}

impl<S, B> Service<Request<Body>> for Gate<S>
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        // The instance that was polled ready serves this call; its clone waits for the next.
        let next = self.inner.clone();
        let inner = std::mem::replace(&mut self.inner, next);
        let settings = Arc::clone(&self.settings);
        Box::pin(async move { Ok(pass(settings, inner, request).await) })
    }
}

/// An admitted call on its way through.
struct Passage {
    time: Duration,
    stop: CancellationToken,
}

async fn pass<S, B>(settings: Arc<GateSettings>, inner: S, mut request: Request<Body>) -> Response<Body>
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + Send,
    S::Future: Send,
    B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let request_id: Arc<str> = uuid::Uuid::now_v7().hyphenated().to_string().into();
    let language = status::preferred_language(request.headers().get(http::header::ACCEPT_LANGUAGE));
    let label =
        proto::METHODS.binary_search_by(|known| (*known).cmp(request.uri().path())).map(|at| proto::METHODS[at]);
    let span = tracing::info_span!("call", rpc.method = label.unwrap_or("other"), request.id = %request_id);
    let tally = Tally::begin(label.unwrap_or("other"), span.clone());
    let ending = Ending { language, request_id: Arc::clone(&request_id) };

    let admitted = admit(&settings, &mut request, language, &request_id);
    let mut response = match admitted {
        Err(refusal) => refused(&refusal, &ending, tally),
        Ok(passage) => serve(inner, request, passage, &ending, tally).instrument(span).await,
    };
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

fn admit(
    settings: &GateSettings,
    request: &mut Request<Body>,
    language: ServiceLanguage,
    request_id: &Arc<str>,
) -> Result<Passage, Refusal> {
    if settings.drain.begun.is_cancelled() {
        return Err(Refusal::new(Reason::ServerStopping, "the server is stopping"));
    }
    let admission = settings.gatekeeper.admit(request.uri().path(), request.headers())?;
    let Admission::Granted { method, scope, personal_data } = admission else {
        let time = deadline::allowed(request.headers(), settings.stream_time)?;
        return Ok(Passage { time, stop: settings.drain.begun.clone() });
    };
    let cap = if settings.long.contains(method) { settings.stream_time } else { settings.call_time };
    let time = deadline::allowed(request.headers(), cap)?;
    let hold = settings.hold(method, Some(scope.principal()))?;
    let now = settings.clock.now();
    let request_id = Arc::clone(request_id);
    request.extensions_mut().insert(Call { scope, method, personal_data, language, request_id, now, hold });
    let stop = if settings.telling.contains(method) { &settings.drain.begun } else { &settings.drain.last_call };
    Ok(Passage { time, stop: stop.clone() })
}

async fn serve<S, B>(
    mut inner: S,
    request: Request<Body>,
    passage: Passage,
    ending: &Ending,
    tally: Tally,
) -> Response<Body>
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + Send,
    S::Future: Send,
    B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    #[expect(clippy::disallowed_methods, reason = "the edge starts the deadline")]
    let until = tokio::time::Instant::now() + passage.time;
    // The header is cut off by our own deadline, which says DEADLINE_EXCEEDED.
    let work = AssertUnwindSafe(async move { inner.call(request).await }).catch_unwind();
    let answered = tokio::select! {
        biased;
        answered = work => answered,
        () = tokio::time::sleep_until(until) => return refused(&super::body::deadline_passed(), ending, tally),
        () = passage.stop.cancelled() => return refused(&super::body::stopping(), ending, tally),
    };
    let Ok(Ok(response)) = answered else {
        tracing::error!("a call panicked");
        return refused(&status::internal(&ending.request_id), ending, tally);
    };
    if let Some(failed) = tonic::Status::from_header_map(response.headers()) {
        if failed.code() != tonic::Code::Ok && !has_reason(&failed) {
            return refused(&translated(&failed, &ending.request_id), ending, tally);
        }
        tally.end(failed.code());
        return response.map(Body::new);
    }
    let ending = ending.clone();
    response.map(|body| Body::new(Watched::new(Body::new(body), ending, until, passage.stop, tally)))
}

fn refused(refusal: &Refusal, ending: &Ending, tally: Tally) -> Response<Body> {
    let status = status::refused(refusal, ending.language);
    tally.end(status.code());
    status.into_http()
}
