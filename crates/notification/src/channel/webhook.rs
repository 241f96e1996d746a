//! Webhooks to associations, signed by Standard Webhooks: `webhook-id` is the reference, the same at every try. Who answers "gone" (410) is
//! told nothing more until this process starts again with the operator's list.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{AssociationId, NetworkId, Sensitive, Timestamp};
use hmac::{Hmac, Mac as _};
use http::{HeaderMap, HeaderValue, Method};
use sha2::Sha256;

use super::http::{Client, Fault};
use super::sms::retry_after;
use super::{Accepted, Body, Outgoing, SendError, Transport};
use crate::ports::Doing;

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// Fewest bytes of a secret.
const SECRET_BYTES_MIN: usize = 24;
/// Most secrets at once: the new one and the old one while they are changed.
const SECRETS_MAX: usize = 2;
/// Longest wait for an answer.
pub const TIME: Duration = Duration::from_secs(15);

/// Where an association's own system listens.
#[derive(Debug, Clone)]
pub struct Endpoint {
    url: String,
    secrets: Vec<Sensitive<Vec<u8>>>,
}

/// Why an endpoint is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Not an `https` URL, or with a user in it.
    #[error("the URL must begin with https:// and name a host and no user")]
    Url,
    /// Not one or two secrets of the right form.
    #[error("there must be one or two secrets `whsec_` and at least 24 bytes in base64")]
    Secret,
}

impl Endpoint {
    /// An endpoint by its URL and one or two secrets (`whsec_...`).
    ///
    /// # Errors
    /// [`EndpointError`] saying what is wrong. Where the name leads is looked at with every message.
    pub fn new(url: &str, secrets: &[String]) -> Result<Self, EndpointError> {
        let uri: http::Uri = url.parse().map_err(|_| EndpointError::Url)?;
        let host = uri.authority().filter(|authority| !authority.as_str().contains('@'));
        if uri.scheme_str() != Some("https") || host.is_none() {
            return Err(EndpointError::Url);
        }
        Self::anywhere(url, secrets)
    }

    /// The same without a look at the URL: for tests against this machine.
    ///
    /// # Errors
    /// [`EndpointError::Secret`].
    #[doc(hidden)]
    pub fn anywhere(url: &str, secrets: &[String]) -> Result<Self, EndpointError> {
        let read = |text: &String| {
            let bytes = STANDARD.decode(text.strip_prefix(PREFIX)?).ok()?;
            (bytes.len() >= SECRET_BYTES_MIN).then(|| Sensitive::new(bytes))
        };
        let keys: Option<Vec<_>> = secrets.iter().map(read).collect();
        let keys = keys.filter(|keys| (1..=SECRETS_MAX).contains(&keys.len())).ok_or(EndpointError::Secret)?;
        Ok(Self { url: url.to_owned(), secrets: keys })
    }

    /// The signatures of a message, one for each secret.
    #[must_use]
    pub fn signature(&self, id: &str, now: Timestamp, body: &str) -> String {
        let one = |secret: &Sensitive<Vec<u8>>| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose()).expect("any length is a key");
            mac.update(format!("{id}.{}.{body}", now.as_second()).as_bytes());
            format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
        };
        self.secrets.iter().map(one).collect::<Vec<_>>().join(" ")
    }
}

/// Sends events to the endpoints of associations.
#[derive(Debug)]
pub struct WebhookTransport {
    client: Client,
    endpoints: BTreeMap<(NetworkId, AssociationId), Endpoint>,
    /// Who wants to be told nothing more.
    gone: Mutex<BTreeSet<(NetworkId, AssociationId)>>,
}

impl WebhookTransport {
    /// A channel to endpoints.
    #[must_use]
    pub fn new(client: Client, endpoints: BTreeMap<(NetworkId, AssociationId), Endpoint>) -> Self {
        Self { client, endpoints, gone: Mutex::default() }
    }

    fn gone(&self) -> std::sync::MutexGuard<'_, BTreeSet<(NetworkId, AssociationId)>> {
        self.gone.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for WebhookTransport {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Doing<'a, Result<Accepted, SendError>> {
        Box::pin(async move {
            let Body::Event { association, now, json } = &message.body else {
                return Err(SendError::permanent("CHANNEL_NOT_SET"));
            };
            let key = (message.network.clone(), association.clone());
            let endpoint = self.endpoints.get(&key).ok_or_else(|| SendError::permanent("CHANNEL_NOT_SET"))?;
            if self.gone().contains(&key) {
                return Err(SendError::permanent("WEBHOOK_GONE"));
            }
            let mut headers = HeaderMap::new();
            for (name, value) in [
                ("content-type", "application/json".to_owned()),
                ("webhook-id", message.reference.clone()),
                ("webhook-timestamp", now.as_second().to_string()),
                ("webhook-signature", endpoint.signature(&message.reference, *now, json)),
            ] {
                let value = HeaderValue::from_str(&value).map_err(|_| SendError::permanent("MESSAGE_UNSENDABLE"))?;
                headers.insert(name, value);
            }
            let sent = self.client.send(Method::POST, &endpoint.url, headers, json.clone().into_bytes()).await;
            let answer = sent.map_err(|fault| match fault {
                Fault::Url | Fault::Address => SendError::permanent("WEBHOOK_ADDRESS_REFUSED"),
                Fault::Name | Fault::Connect => SendError::transient("PROVIDER_UNREACHABLE"),
                Fault::Silent => SendError::transient("PROVIDER_SILENT"),
            })?;
            match answer.status.as_u16() {
                200..=299 => Ok(Accepted { provider_id: None, arrived: true }),
                // A redirect could lead anywhere; "gone" means that nobody wants to be told.
                300..=399 => Err(SendError::permanent("WEBHOOK_REDIRECTED")),
                410 => {
                    tracing::warn!(network.id = %key.0, association.id = %key.1, "a webhook's receiver is gone: it is told nothing more");
                    self.gone().insert(key);
                    Err(SendError::permanent("WEBHOOK_GONE"))
                }
                _ => Err(SendError::Transient { code: "PROVIDER_ERROR", retry_after: retry_after(&answer.headers) }),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_of_the_standard() {
        // The example of the specification's own libraries.
        let secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()];
        let endpoint = Endpoint::new("https://a.example/in", &secrets).expect("endpoint");
        let now = Timestamp::from_second(1_614_265_330).expect("instant");
        let signature = endpoint.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", now, "{\"test\": 2432232314}");
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let both = [secrets[0].clone(), "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned()];
        let endpoint = Endpoint::new("https://a.example/in", &both).expect("endpoint");
        assert_eq!(endpoint.signature("m", now, "{}").split(' ').count(), 2);
    }

    #[test]
    fn urls_and_secrets_of_another_form_are_refused() {
        let good = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()];
        for url in ["http://a.example/", "https://u:p@a.example/", "ftp://a.example/", "a.example", "https:///x", ""] {
            assert_eq!(Endpoint::new(url, &good).err(), Some(EndpointError::Url), "{url}");
        }
        for secrets in [vec![], vec!["MfKQ".to_owned()], vec!["whsec_YQ==".to_owned()], vec![good[0].clone(); 3]] {
            assert_eq!(Endpoint::new("https://a.example/", &secrets).err(), Some(EndpointError::Secret));
        }
        let endpoint = Endpoint::new("https://a.example/", &good).expect("endpoint");
        assert!(!format!("{endpoint:?}").contains("MfKQ"));
    }
}
