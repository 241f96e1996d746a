//! Callbacks of an SMS provider: receipts and incoming messages, in the shapes that the operator described.

use serde_json::Value;

use crate::channel::sms::{Provider, text_at};

/// Most bytes of a callback that are read.
pub const CALLBACK_BYTES_MAX: usize = 16 * 1024;

/// What a provider says of a message it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Our reference, if it was given back.
    pub reference: Option<String>,
    /// The provider's own id, if told.
    pub provider_id: Option<String>,
    /// Whether it arrived; else it never will.
    pub arrived: bool,
}

/// A message that came in.
#[derive(Clone, PartialEq, Eq)]
pub struct Inbound {
    /// Whom it is from.
    pub from: String,
    /// What it says.
    pub text: String,
}

impl std::fmt::Debug for Inbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Inbound(***)")
    }
}

/// The document of a callback: JSON, or a web form as a flat document.
fn document(body: &[u8]) -> Option<Value> {
    if body.len() > CALLBACK_BYTES_MAX {
        return None;
    }
    if let Ok(json) = serde_json::from_slice::<Value>(body) {
        return json.is_object().then_some(json);
    }
    let text = std::str::from_utf8(body).ok()?;
    let mut fields = serde_json::Map::new();
    for pair in text.trim().split('&') {
        let (name, value) = pair.split_once('=')?;
        fields.insert(unescape(name)?, Value::String(unescape(value)?));
    }
    Some(Value::Object(fields))
}

fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let pair = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Reads a receipt; none for one that cannot be read, or whose state says nothing final.
#[must_use]
pub fn receipt(provider: &Provider, body: &[u8]) -> Option<Receipt> {
    let (json, shape) = (document(body)?, &provider.receipt);
    let state = text_at(&json, &shape.state)?;
    let is = |states: &[String]| states.iter().any(|known| known.eq_ignore_ascii_case(&state));
    let arrived = is(&shape.delivered);
    if !arrived && !is(&shape.failed) {
        return None;
    }
    let (reference, provider_id) = (text_at(&json, &shape.reference), text_at(&json, &shape.id));
    (reference.is_some() || provider_id.is_some()).then_some(Receipt { reference, provider_id, arrived })
}

/// Whether a body is a receipt, be its state final or not.
#[must_use]
pub fn is_receipt(provider: &Provider, body: &[u8]) -> bool {
    document(body).is_some_and(|json| text_at(&json, &provider.receipt.state).is_some())
}

/// Reads a message that came in; none if it cannot be read.
#[must_use]
pub fn inbound(provider: &Provider, body: &[u8]) -> Option<Inbound> {
    let json = document(body)?;
    Some(Inbound { from: text_at(&json, &provider.inbound.from)?, text: text_at(&json, &provider.inbound.text)? })
}

/// The secret that a callback carries in its body, if it does.
#[must_use]
pub fn secret(body: &[u8]) -> Option<String> {
    text_at(&document(body)?, "/secret")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::secret_matches;

    fn provider() -> Provider {
        let text = serde_json::json!({
            "url": "https://sms.example/", "body": {}, "callback_secret": "s3cret",
            "receipt": {"reference": "/ref", "id": "/msg/id", "state": "/msg/st", "delivered": ["DELIVRD"], "failed": ["UNDELIV"]},
            "inbound": {"from": "/sender", "text": "/message"},
        });
        serde_json::from_value(text).expect("provider")
    }

    #[test]
    fn receipts_are_read_in_the_providers_shape() {
        let provider = provider();
        let read = |text: &str| receipt(&provider, text.as_bytes());
        let found = read(r#"{"ref": "keikka-1", "msg": {"id": 77, "st": "delivrd"}}"#).expect("receipt");
        assert_eq!(
            (found.reference.as_deref(), found.provider_id.as_deref(), found.arrived),
            (Some("keikka-1"), Some("77"), true)
        );
        assert!(read(r#"{"msg": {"id": "x", "st": "UNDELIV"}}"#).is_some_and(|receipt| !receipt.arrived));
        for bad in [
            "",
            "{",
            "[]",
            "\"x\"",
            r#"{"msg": {"st": "DELIVRD"}}"#,
            r#"{"ref": "a", "msg": {"st": "BUFFERED"}}"#,
            "a&b",
            "%zz=1",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(receipt(&provider, &vec![b'x'; CALLBACK_BYTES_MAX + 1]), None);
    }

    #[test]
    fn incoming_messages_come_as_json_or_as_forms() {
        let provider = provider();
        let wanted = Some(Inbound { from: "+358401234567".to_owned(), text: "K AB23 ä".to_owned() });
        assert_eq!(inbound(&provider, "{\"sender\": \"+358401234567\", \"message\": \"K AB23 ä\"}".as_bytes()), wanted);
        assert_eq!(inbound(&provider, b"sender=%2B358401234567&message=K+AB23+%C3%A4"), wanted);
        assert_eq!(inbound(&provider, b"sender=%2B358401234567"), None);
    }

    #[test]
    fn only_the_right_secret_is_believed() {
        let provider = provider();
        assert!(secret_matches(&provider, "s3cret"));
        for wrong in ["", "s3cre", "s3cret ", "S3CRET"] {
            assert!(!secret_matches(&provider, wrong), "{wrong:?}");
        }
        for none in [None, Some(domain::Sensitive::new(String::new()))] {
            assert!(!secret_matches(&Provider { callback_secret: none, ..provider.clone() }, ""));
        }
        assert_eq!(secret(b"secret=s3cret&sender=1").as_deref(), Some("s3cret"));
    }
}
