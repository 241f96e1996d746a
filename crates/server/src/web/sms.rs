//! What the provider of text messages calls: a message that came in, a receipt of one that went out.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use domain::Sensitive;
use http::{HeaderMap, StatusCode, header};
use notification::channel::sms::Provider;
use notification::reply::{callback, secret_matches};
use serde::Deserialize;

use super::Web;
use crate::status::{Failure, chain};

/// The header that carries the provider's secret.
const SECRET: &str = "x-keikka-secret";

/// A secret in the address, for providers that are given nothing but an address.
#[derive(Default, Deserialize)]
pub(super) struct Secret {
    #[serde(default)]
    secret: Option<Sensitive<String>>,
}

/// The provider and the body of a callback that may be believed.
fn believed<'a>(
    web: &'a Web,
    headers: &HeaderMap,
    query: Result<Query<Secret>, QueryRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(&'a Provider, Bytes), StatusCode> {
    let provider = web.rooms.notification.options().provider.as_ref().ok_or(StatusCode::NOT_FOUND)?;
    let body = body.map_err(|rejection| rejection.status())?;
    let in_header = headers.get(SECRET).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let in_query = query.ok().and_then(|Query(query)| query.secret).map(Sensitive::into_inner);
    let given = in_header.or(in_query).or_else(|| callback::secret(&body)).ok_or(StatusCode::UNAUTHORIZED)?;
    if secret_matches(provider, &given) { Ok((provider, body)) } else { Err(StatusCode::FORBIDDEN) }
}

fn failed(failure: &Failure) -> StatusCode {
    // The provider delivers it again.
    tracing::warn!(cause = chain(failure), "a callback waits for its repeat");
    StatusCode::SERVICE_UNAVAILABLE
}

/// A message that came in.
pub(super) async fn inbound(
    State(web): State<Web>,
    query: Result<Query<Secret>, QueryRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, StatusCode> {
    let (provider, body) = believed(&web, &headers, query, body)?;
    let inbound = callback::inbound(provider, &body).ok_or(StatusCode::BAD_REQUEST)?;
    let now = web.clock.now();
    let received = web.rooms.notification.receive_sms(&inbound.from, &inbound.text, &web.offers, now).await;
    let received = match received {
        Ok(received) => received,
        Err(error) => return Err(failed(&error.into())),
    };
    if let Some(text) = &received.text
        && let Some(answer) = provider.inbound.answer(text)
    {
        return Ok(([(header::CONTENT_TYPE, "application/json")], answer).into_response());
    }
    // The provider that is slow to take a text does not make its own callback fail: a worker sends it. Whom we never wrote to is not written to.
    match web.rooms.notification.write_back(&received, now).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(error) => Err(failed(&error.into())),
    }
}

/// A receipt of a message that went out.
pub(super) async fn receipt(
    State(web): State<Web>,
    query: Result<Query<Secret>, QueryRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, StatusCode> {
    let (provider, body) = believed(&web, &headers, query, body)?;
    if !callback::is_receipt(provider, &body) {
        return Err(StatusCode::BAD_REQUEST);
    }
    // A state that is not final says nothing that we keep.
    let Some(receipt) = callback::receipt(provider, &body) else { return Ok(StatusCode::NO_CONTENT) };
    let now = web.clock.now();
    match web.rooms.notification.receive_receipt(&receipt, &web.offers, now).await {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(failed(&error.into())),
    }
}
