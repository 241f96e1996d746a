//! Which path goes where: gRPC and gRPC-Web to the gate, everything else to our own answer. The gRPC-Web layer stands before the
//! gRPC services only; over other paths it would answer 400.

use std::sync::Arc;

use axum::response::IntoResponse as _;
use domain::{Reason, Refusal};
use http::{HeaderName, HeaderValue, Method, Request, StatusCode, header};
use tonic::body::Body;
use tonic::service::Routes;
use tonic_web::GrpcWebLayer;
use tower::{Layer as _, ServiceExt as _};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::gate::REQUEST_ID;
use super::{Gate, GateSettings};
use crate::status;

/// The router of a port: the named gRPC services behind the gate, pages of HTTP beside them, and an answer to everything else.
pub(crate) fn public(
    services: Vec<&'static str>,
    routes: Routes,
    gate: Arc<GateSettings>,
    origins: Origins,
    pages: axum::Router,
) -> axum::Router {
    let gate = Gate::new(routes.prepare(), gate);
    let web = GrpcWebLayer::new().layer(gate);
    let service = web.map_request(|request: Request<axum::body::Body>| request.map(Body::new));
    let mut router = pages;
    for name in services {
        router = router.route_service(&format!("/{name}/{{*method}}"), service.clone());
    }
    router.fallback(unknown).layer(cors(origins))
}

/// Whose pages may call from a browser.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origins {
    named: Vec<HeaderValue>,
    /// Those of this machine too, whatever their port.
    local: bool,
}

/// Origins from the settings.
///
/// # Errors
/// The first that is a wildcard or no origin.
pub(crate) fn web_origins(origins: &[String], local: bool) -> Result<Origins, String> {
    let named: Result<Vec<HeaderValue>, String> = origins
        .iter()
        .map(|origin| {
            let good = ["https://", "http://"].iter().any(|scheme| {
                origin.strip_prefix(scheme).is_some_and(|host| !host.is_empty() && !host.contains(['/', '*', ' ']))
            });
            HeaderValue::from_str(origin).ok().filter(|_| good).ok_or_else(|| origin.clone())
        })
        .collect();
    Ok(Origins { named: named?, local })
}

/// Whether an origin is a page of this machine: `http://localhost:5173`.
fn is_local(origin: &HeaderValue) -> bool {
    let uri = origin.to_str().ok().and_then(|text| text.parse::<http::Uri>().ok());
    let host = uri.as_ref().and_then(http::Uri::host);
    host.is_some_and(|host| ["localhost", "127.0.0.1", "[::1]"].contains(&host))
}

fn cors(origins: Origins) -> CorsLayer {
    let Origins { named, local } = origins;
    let is_allowed =
        move |origin: &HeaderValue, _: &http::request::Parts| named.contains(origin) || (local && is_local(origin));
    let exposed = ["grpc-status", "grpc-message", "grpc-status-details-bin", REQUEST_ID];
    let allowed = ["content-type", "authorization", "accept-language", "x-grpc-web", "x-user-agent", "grpc-timeout"];
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(is_allowed))
        .allow_methods([Method::POST])
        .allow_headers(allowed.map(HeaderName::from_static))
        .expose_headers(exposed.map(HeaderName::from_static))
        .max_age(std::time::Duration::from_secs(3600))
}

/// What no route knows: a gRPC caller gets a status, a browser a line.
async fn unknown(request: Request<axum::body::Body>) -> axum::response::Response {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if content_type.is_some_and(|kind| kind.starts_with("application/grpc")) {
        let language = status::preferred_language(request.headers().get(header::ACCEPT_LANGUAGE));
        let refusal = Refusal::new(Reason::MethodUnknown, "no such method");
        let response: http::Response<Body> = status::refused(&refusal, language).into_http();
        return response.map(axum::body::Body::new);
    }
    (StatusCode::NOT_FOUND, "keikka: nothing here; this port speaks gRPC and gRPC-Web\n").into_response()
}

#[cfg(test)]
mod tests {
    use super::{is_local, web_origins};
    use http::HeaderValue;

    #[test]
    fn origins_are_explicit() {
        assert!(
            web_origins(&["https://yhdistys.example".to_owned(), "http://127.0.0.1:8080".to_owned()], false).is_ok()
        );
        for bad in ["*", "https://*", "yhdistys.example", "https://", "https://a.example/path"] {
            assert_eq!(web_origins(&[bad.to_owned()], true).err(), Some(bad.to_owned()));
        }
    }

    #[test]
    fn only_pages_of_this_machine_are_local() {
        for local in ["http://localhost:5173", "http://127.0.0.1:8080", "http://[::1]:3000", "https://localhost"] {
            assert!(is_local(&HeaderValue::from_static(local)), "{local}");
        }
        for other in [
            "null",
            "https://localhost.evil.example",
            "http://evil.example#localhost",
            "http://localhost@evil.example",
            "*",
            "",
        ] {
            assert!(!is_local(&HeaderValue::from_static(other)), "{other}");
        }
    }
}
