//! One call, counted: how many, how they ended, how long they took, how many are in work.

use std::time::Instant;

use tonic::Code;

/// A call that is counted; if it is dropped before its end, the caller went away.
#[derive(Debug)]
pub(crate) struct Tally {
    method: &'static str,
    begun: Instant,
    span: tracing::Span,
    ended: bool,
}

impl Tally {
    /// Counts a call in.
    #[expect(clippy::disallowed_methods, reason = "measures a duration, decides nothing")]
    pub(crate) fn begin(method: &'static str, span: tracing::Span) -> Self {
        metrics::gauge!("keikka_calls_in_flight").increment(1.0);
        Self { method, begun: Instant::now(), span, ended: false }
    }

    /// Counts it out.
    pub(crate) fn end(mut self, code: Code) {
        self.count(code);
    }

    fn count(&mut self, code: Code) {
        self.ended = true;
        let seconds = self.begun.elapsed().as_secs_f64();
        let name = proto::code_name(code);
        metrics::gauge!("keikka_calls_in_flight").decrement(1.0);
        metrics::counter!("keikka_calls_total", "method" => self.method, "code" => name).increment(1);
        metrics::histogram!("keikka_call_duration_seconds", "method" => self.method).record(seconds);
        let duration_ms = (seconds * 1000.0).round();
        self.span.in_scope(|| tracing::info!(rpc.code = name, duration_ms, "call ended"));
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        if !self.ended {
            self.count(Code::Cancelled);
        }
    }
}
