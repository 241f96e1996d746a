//! The loopback port of operations: numbers for Prometheus, whether the process lives, and reflection.

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use http::StatusCode;
use tonic::service::Routes;

use crate::edge::{GateSettings, Origins};

/// The router of the ops port: `/metrics`, `/healthz`, and gRPC reflection.
pub(crate) fn router(reflection: (Vec<&'static str>, Routes), gate: Arc<GateSettings>) -> axum::Router {
    let pages = axum::Router::new()
        .route("/metrics", get(numbers))
        .with_state(crate::telemetry::recorder())
        // Liveness never touches the database: a slow database is no reason to kill the process.
        .route("/healthz", get(|| async { "ok\n" }));
    crate::edge::public(reflection.0, reflection.1, gate, Origins::default(), pages)
}

/// The page for somebody who opens the public port in a browser.
pub(crate) fn front() -> axum::Router {
    axum::Router::new().route("/", get(|| async { "keikka: this port speaks gRPC and gRPC-Web\n" }))
}

async fn numbers(
    State(recorder): State<Option<&'static metrics_exporter_prometheus::PrometheusHandle>>,
) -> axum::response::Response {
    match recorder {
        Some(recorder) => recorder.render().into_response(),
        None => (StatusCode::SERVICE_UNAVAILABLE, "metrics belong to another part of this process\n").into_response(),
    }
}
