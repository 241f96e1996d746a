//! The end of an answer: a stream that outlives its deadline or the server ends with a status, and what the transport says about
//! messages it cannot read becomes a status of ours.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use domain::text::ServiceLanguage;
use domain::{Reason, Refusal};
use http::HeaderMap;
use http_body::Frame;
use tokio::time::{Instant, Sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::body::Body;
use tonic::{Code, Status};

use crate::status;
use crate::telemetry::Tally;

/// What an ending needs to know of its call.
#[derive(Debug, Clone)]
pub(crate) struct Ending {
    pub(crate) language: ServiceLanguage,
    pub(crate) request_id: Arc<str>,
}

pub(crate) fn deadline_passed() -> Refusal {
    Refusal::new(Reason::DeadlinePassed, "the deadline passed before the answer was ready")
}

pub(crate) fn stopping() -> Refusal {
    Refusal::new(Reason::ServerStopping, "the server is stopping")
}

/// Whether a status was made by us: it then says its reason.
pub(crate) fn has_reason(status: &Status) -> bool {
    !status.details().is_empty()
}

/// A status that the transport made, in our words: it knows no reasons, and calls malformed input an internal error.
pub(crate) fn translated(status: &Status, incident: &str) -> Refusal {
    match status.code() {
        Code::Internal | Code::InvalidArgument | Code::DataLoss => {
            Refusal::new(Reason::MessageMalformed, "the message cannot be decoded")
        }
        Code::OutOfRange | Code::ResourceExhausted => Refusal::new(Reason::MessageTooLarge, "the message is too large")
            .with("bytes_max", crate::settings::limits::MESSAGE_BYTES_MAX),
        Code::Unimplemented => Refusal::new(Reason::MethodUnknown, "no such method or encoding"),
        Code::Cancelled | Code::DeadlineExceeded => deadline_passed(),
        Code::Unavailable => stopping(),
        Code::Unauthenticated => Refusal::new(Reason::CredentialsMissing, "a bearer key is needed"),
        Code::NotFound => Refusal::new(Reason::ResourceNotFound, "no such service"),
        _ => status::internal(incident),
    }
}

/// The same for a status met within a call.
pub(crate) fn in_our_words(status: &Status, call: &super::Call) -> Status {
    if has_reason(status) {
        return status.clone();
    }
    status::refused(&translated(status, &call.request_id), call.language)
}

/// An answer's body, watched to its end.
pub(crate) struct Watched {
    inner: Body,
    ending: Ending,
    until: Pin<Box<Sleep>>,
    stop: Pin<Box<WaitForCancellationFutureOwned>>,
    tally: Option<Tally>,
}

impl Watched {
    pub(crate) fn new(inner: Body, ending: Ending, until: Instant, stop: CancellationToken, tally: Tally) -> Self {
        let until = Box::pin(tokio::time::sleep_until(until));
        Self { inner, ending, until, stop: Box::pin(stop.cancelled_owned()), tally: Some(tally) }
    }

    fn end_with(&mut self, refusal: &Refusal) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let status = status::refused(refusal, self.ending.language);
        let mut trailers = HeaderMap::new();
        let framed = status.add_header(&mut trailers);
        if let Some(tally) = self.tally.take() {
            tally.end(status.code());
        }
        self.inner = Body::empty();
        Poll::Ready(Some(framed.map(|()| Frame::trailers(trailers))))
    }
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        use std::future::Future as _;
        let this = &mut *self;
        match Pin::new(&mut this.inner).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                let Some(status) = frame.trailers_ref().and_then(Status::from_header_map) else {
                    return Poll::Ready(Some(Ok(frame)));
                };
                if status.code() != Code::Ok && !has_reason(&status) {
                    let refusal = translated(&status, &this.ending.request_id);
                    return this.end_with(&refusal);
                }
                if let Some(tally) = this.tally.take() {
                    tally.end(status.code());
                }
                return Poll::Ready(Some(Ok(frame)));
            }
            Poll::Ready(Some(Err(status))) => {
                let refusal = translated(&status, &this.ending.request_id);
                return this.end_with(&refusal);
            }
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Pending if this.tally.is_none() => return Poll::Pending,
            Poll::Pending => {}
        }
        if this.until.as_mut().poll(cx).is_ready() {
            return this.end_with(&deadline_passed());
        }
        if this.stop.as_mut().poll(cx).is_ready() {
            return this.end_with(&stopping());
        }
        Poll::Pending
    }

    fn is_end_stream(&self) -> bool {
        self.tally.is_none() && http_body::Body::is_end_stream(&self.inner)
    }
}
