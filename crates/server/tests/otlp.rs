//! Traces reach a collector by OTLP, and carry ids only. A test program of its own: logging is set up once per process.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use http_body::Frame;
use http_body_util::StreamBody;
use server::settings::TelemetrySettings;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;

/// Where collectors take spans.
const EXPORT: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

type Received = Arc<Mutex<Vec<u8>>>;

/// A collector that keeps the bytes and answers with an empty message.
async fn export(State(received): State<Received>, body: Bytes) -> Response {
    received.lock().expect("nobody panicked").extend_from_slice(&body);
    let mut trailers = http::HeaderMap::new();
    trailers.insert("grpc-status", http::HeaderValue::from_static("0"));
    let frames = [Frame::data(Bytes::from_static(&[0; 5])), Frame::trailers(trailers)];
    let frames = tokio_stream::iter(frames.map(Ok::<_, std::convert::Infallible>));
    Response::builder()
        .header("content-type", "application/grpc")
        .body(Body::new(StreamBody::new(frames)))
        .expect("a response")
}

#[tokio::test(flavor = "multi_thread")]
async fn spans_reach_the_collector() {
    let received = Received::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let router = axum::Router::new().route(EXPORT, axum::routing::post(export)).with_state(Arc::clone(&received));
    let routes = tonic::service::Routes::from(router);
    let serving = tonic::transport::Server::builder().add_routes(routes);
    tokio::spawn(serving.serve_with_incoming(TcpListenerStream::new(listener)));

    let settings =
        TelemetrySettings { otlp_endpoint: Some(format!("http://{address}")), ..TelemetrySettings::default() };
    let telemetry = server::telemetry::install(&settings).expect("telemetry is set up");
    assert!(server::telemetry::install(&settings).is_err(), "twice is refused");
    tracing::info_span!("call", rpc.method = "/a.Service/Method").in_scope(|| tracing::info!("in the span"));
    // Sends what is waiting; it blocks, so it is kept off the threads of the collector.
    tokio::task::spawn_blocking(move || drop(telemetry)).await.expect("ends");
    let arrived = async {
        loop {
            let text = String::from_utf8_lossy(&received.lock().expect("nobody panicked")).into_owned();
            if text.contains("/a.Service/Method") && text.contains("keikka") {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), arrived).await.expect("a span comes");
}

#[test]
fn a_filter_that_is_none_is_refused_with_its_key() {
    let settings = TelemetrySettings { log_filter: "a=b=c".to_owned(), ..TelemetrySettings::default() };
    let told = server::telemetry::install(&settings).expect_err("no filter").to_string();
    assert!(told.contains("telemetry.log_filter"), "{told}");
}
