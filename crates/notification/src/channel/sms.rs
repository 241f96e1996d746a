//! Text messages through any provider with an HTTP interface: the operator describes its requests, answers and callbacks.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::Sensitive;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Deserialize;
use serde_json::Value;

use super::http::{Client, Fault};
use super::{Accepted, Body, Outgoing, SendError, Transport};
use crate::ports::Doing;

/// Longest wait that a provider's `Retry-After` is believed.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(3_600);

/// In which form fields are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// A JSON document.
    #[default]
    Json,
    /// A web form; fields must be texts.
    Form,
}

/// How to talk to a provider. In texts, `{to}` stands for the number in E.164 form, `{to_msisdn}` for the same without `+`, `{text}` for the
/// message, `{reference}` for our reference and `{sender}` for the sender.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Where messages are sent: `https://...`.
    pub url: String,
    /// The method. Default: POST.
    #[serde(default = "post")]
    pub method: String,
    /// Headers; they may hold a secret and are never printed.
    #[serde(default)]
    pub headers: BTreeMap<String, Sensitive<String>>,
    /// The sender that phones show.
    #[serde(default)]
    pub sender: String,
    /// The form of the body. Default: json.
    #[serde(default)]
    pub form: Form,
    /// The body: a document whose texts may hold placeholders.
    pub body: Value,
    /// Where the answer names the message, as a JSON pointer: `/messages/0/id`.
    #[serde(default)]
    pub id_path: Option<String>,
    /// The secret that callbacks must carry in the header `x-keikka-secret` or the field `secret`; without one they are refused.
    #[serde(default)]
    pub callback_secret: Option<Sensitive<String>>,
    /// The shape of delivery receipts.
    #[serde(default)]
    pub receipt: ReceiptShape,
    /// The shape of messages that come in.
    #[serde(default)]
    pub inbound: InboundShape,
}

/// Fields of a delivery receipt, as JSON pointers; a web form's field `status` is `/status`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReceiptShape {
    /// Our reference, if the provider gives it back.
    pub reference: String,
    /// The provider's own id.
    pub id: String,
    /// The state.
    pub state: String,
    /// States that mean it arrived.
    pub delivered: Vec<String>,
    /// States that mean it never will.
    pub failed: Vec<String>,
}

impl Default for ReceiptShape {
    fn default() -> Self {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        Self {
            reference: "/reference".to_owned(),
            id: "/id".to_owned(),
            state: "/status".to_owned(),
            delivered: texts(&["DELIVERED"]),
            failed: texts(&["UNDELIVERED", "REJECTED", "EXPIRED", "FAILED"]),
        }
    }
}

/// Fields of a message that comes in, as JSON pointers.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InboundShape {
    /// Whom it is from.
    pub from: String,
    /// What it says.
    pub text: String,
    /// Our answer to the callback, a document whose texts may hold `{text}`: for providers that send it on to the phone. Default: none,
    /// what is written back goes out as a message of its own.
    pub answer: Option<Value>,
}

impl Default for InboundShape {
    fn default() -> Self {
        Self { from: "/from".to_owned(), text: "/text".to_owned(), answer: None }
    }
}

impl InboundShape {
    /// The answer to a callback that carries this text back to the phone, if the provider does that.
    #[must_use]
    pub fn answer(&self, text: &str) -> Option<String> {
        self.answer.as_ref().map(|body| fill(body, &[("text", text)]).to_string())
    }
}

fn post() -> String {
    "POST".to_owned()
}

/// Sends text messages to a provider.
#[derive(Debug)]
pub struct SmsTransport {
    client: Client,
    provider: Provider,
    method: Method,
    headers: HeaderMap,
}

impl SmsTransport {
    /// A channel to a provider; none if its method or headers are none.
    #[must_use]
    pub fn new(client: Client, provider: Provider) -> Option<Self> {
        let method = Method::from_bytes(provider.method.as_bytes()).ok()?;
        let mut headers = HeaderMap::new();
        for (name, value) in &provider.headers {
            let mut value = HeaderValue::from_str(value.expose()).ok()?;
            value.set_sensitive(true);
            headers.insert(HeaderName::from_bytes(name.as_bytes()).ok()?, value);
        }
        let kind = match provider.form {
            Form::Json => "application/json",
            Form::Form => "application/x-www-form-urlencoded",
        };
        headers.entry(http::header::CONTENT_TYPE).or_insert(HeaderValue::from_static(kind));
        Some(Self { client, provider, method, headers })
    }

    fn body(&self, to: &str, text: &str, reference: &str) -> Vec<u8> {
        let msisdn = to.trim_start_matches('+');
        let values = [
            ("to", to),
            ("to_msisdn", msisdn),
            ("text", text),
            ("reference", reference),
            ("sender", &self.provider.sender),
        ];
        let filled = fill(&self.provider.body, &values);
        match self.provider.form {
            Form::Json => filled.to_string().into_bytes(),
            Form::Form => form(&filled).into_bytes(),
        }
    }
}

impl Transport for SmsTransport {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Doing<'a, Result<Accepted, SendError>> {
        Box::pin(async move {
            let Body::Sms { to, text } = &message.body else { return Err(SendError::permanent("CHANNEL_NOT_SET")) };
            let body = self.body(to.expose(), &text.text, &message.reference);
            let sent = self.client.send(self.method.clone(), &self.provider.url, self.headers.clone(), body).await;
            let answer = sent.map_err(|fault| match fault {
                Fault::Url | Fault::Address | Fault::Name | Fault::Connect => {
                    SendError::transient("PROVIDER_UNREACHABLE")
                }
                Fault::Silent => SendError::Ambiguous,
            })?;
            match answer.status.as_u16() {
                // What was taken is not sent again, however strange the answer's text.
                200..=299 => {
                    let json: Option<Value> = serde_json::from_slice(&answer.body).ok();
                    let path = self.provider.id_path.as_deref();
                    let provider_id = path.and_then(|path| text_at(json.as_ref()?, path));
                    Ok(Accepted { provider_id, arrived: false })
                }
                408 => Err(SendError::Ambiguous),
                429 => Err(SendError::Transient { code: "PROVIDER_BUSY", retry_after: retry_after(&answer.headers) }),
                // Our own key is refused: no fault of the message.
                401 | 403 | 407 => Err(SendError::transient("PROVIDER_REFUSES_US")),
                400..=499 => Err(SendError::permanent("PROVIDER_REFUSED")),
                _ => Err(SendError::Transient { code: "PROVIDER_ERROR", retry_after: retry_after(&answer.headers) }),
            }
        })
    }
}

/// How long a provider asks to wait, in seconds; at most an hour is believed.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?;
    Some(Duration::from_secs(text.trim().parse().ok()?).min(RETRY_AFTER_MAX))
}

/// A document with its placeholders filled. Values are put into texts, so that they cannot change the document's form.
fn fill(body: &Value, values: &[(&str, &str)]) -> Value {
    match body {
        Value::String(text) => Value::String(fill_text(text, values)),
        Value::Array(items) => Value::Array(items.iter().map(|item| fill(item, values)).collect()),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, field)| (name.clone(), fill(field, values))).collect())
        }
        other => other.clone(),
    }
}

/// One pass: a value that looks like a placeholder is not filled again.
fn fill_text(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        let known =
            values.iter().find(|(name, _)| rest[1..].strip_prefix(name).is_some_and(|tail| tail.starts_with('}')));
        if let Some((name, value)) = known {
            filled.push_str(value);
            rest = &rest[name.len() + 2..];
        } else {
            filled.push('{');
            rest = &rest[1..];
        }
    }
    filled.push_str(rest);
    filled
}

fn form(fields: &Value) -> String {
    let pairs = fields.as_object().into_iter().flatten().map(|(name, field)| {
        let value = field.as_str().map_or_else(|| field.to_string(), str::to_owned);
        format!("{}={}", percent(name), percent(&value))
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn percent(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// The text or number at a place in a document.
pub(crate) fn text_at(json: &Value, pointer: &str) -> Option<String> {
    match json.pointer(pointer)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_change_the_form_of_a_request() {
        let body =
            serde_json::json!({"to": "{to_msisdn}", "msg": {"t": "{text}", "n": 1}, "x": ["{unknown}", "{sender}{"]});
        let values = [("to_msisdn", "358401234567"), ("text", "a\"},{text} & {to_msisdn}"), ("sender", "Keikka")];
        let filled = fill(&body, &values);
        assert_eq!(filled["msg"]["t"], "a\"},{text} & {to_msisdn}", "filled once");
        assert_eq!((&filled["x"][0], &filled["x"][1]), (&"{unknown}".into(), &"Keikka{".into()));
        let pairs = form(&serde_json::json!({"to": "+358", "text": "ä & ö=1"}));
        assert_eq!(pairs, "to=%2B358&text=%C3%A4%20%26%20%C3%B6%3D1");
    }

    #[test]
    fn a_provider_is_described_in_a_file_and_its_secrets_are_not_printed() {
        let provider: Provider = serde_json::from_value(serde_json::json!({
            "url": "https://sms.example/send",
            "headers": {"authorization": "Bearer hunter2"},
            "body": {"to": "{to}", "text": "{text}"},
            "callback_secret": "hunter3",
        }))
        .expect("provider");
        let shown = format!(
            "{provider:?} {:?}",
            SmsTransport::new(
                Client::new(super::super::address::Reach::Public, Duration::from_secs(1)),
                provider.clone(),
            )
        );
        assert!(!shown.contains("hunter"), "{shown}");
        let unknown = serde_json::json!({"url": "x", "body": {}, "id_pth": "/id"});
        assert!(serde_json::from_value::<Provider>(unknown).is_err());
    }
}
