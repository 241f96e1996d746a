//! What the provider of text messages calls: a message that came in, a receipt of one that went out.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use domain::{NetworkId, Sensitive};
use http::{HeaderMap, StatusCode, header};
use notification::channel::sms::Provider;
use notification::channel::{Body, Outgoing};
use notification::render::{SmsText, gsm7};
use notification::reply::{callback, number, secret_matches};
use serde::Deserialize;
use tracing::Instrument as _;

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
    let (Some(text), Some(network)) = (received.text, received.network) else {
        // Whom we never wrote to is not written to.
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    if let Some(answer) = provider.inbound.answer(&text) {
        return Ok(([(header::CONTENT_TYPE, "application/json")], answer).into_response());
    }
    write_back_later(&web, network, inbound.from, text);
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Writes back when the callback is answered: the provider that is slow to take a text does not make its own callback fail. So many at
/// once; beyond them who asked hears nothing, and what was answered is confirmed by the outbox anyway.
fn write_back_later(web: &Web, network: NetworkId, from: String, text: String) {
    let Some(hold) = web.gate.reply() else {
        metrics::counter!("keikka_sms_replies_total", "outcome" => "FULL").increment(1);
        tracing::warn!("an answer to a text message was not sent: too many at once");
        return;
    };
    let web = web.clone();
    let task = async move {
        tokio::select! {
            biased;
            () = web.gate.ends().cancelled() => tracing::warn!("an answer to a text message was cut off by the end"),
            () = write_back(&web, network, &from, &text) => {}
        }
        drop(hold);
    };
    tokio::spawn(task.in_current_span());
}

/// Writes back, once: who hears nothing can ask again.
async fn write_back(web: &Web, network: NetworkId, from: &str, text: &str) {
    let (Some(transport), Some(to)) = (&web.sms, number(from)) else { return };
    let text = gsm7::fold(text);
    let segments = gsm7::segments(&text).unwrap_or(1);
    let reference = format!("keikka-reply-{}", uuid::Uuid::now_v7().simple());
    let body = Body::Sms { to: Sensitive::new(to.expose().to_owned()), text: SmsText { text, segments } };
    let sent = transport.send(&Outgoing { network, reference, body }).await;
    let outcome = match &sent {
        Ok(_) => "sent",
        Err(error) => error.code(),
    };
    metrics::counter!("keikka_sms_replies_total", "outcome" => outcome).increment(1);
    if sent.is_err() {
        tracing::warn!(failure = outcome, "an answer to a text message was not sent");
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
