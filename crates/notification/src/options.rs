//! What an operator decides about messages, as values.

use domain::{AssociationId, Channel, NetworkId, Sensitive};

use crate::channel::sms::Provider;

/// Fewest bytes of the key that links are derived from.
pub const REPLY_KEY_BYTES_MIN: usize = 32;

/// What an operator decides about messages.
#[derive(Debug, Clone)]
pub struct Options {
    /// The key that links, codes and hashes of numbers are derived from; at least [`REPLY_KEY_BYTES_MIN`] random bytes.
    pub reply_key: Sensitive<Vec<u8>>,
    /// What links begin with: `https://auta.kouvola.example/r/`.
    pub link_base: String,
    /// The channels that are set up. A call needs none.
    pub channels: Vec<Channel>,
    /// The associations whose own systems are told what happens to their gigs.
    pub webhooks: Vec<(NetworkId, AssociationId)>,
    /// The provider of text messages, whose callbacks are read.
    pub provider: Option<Provider>,
    /// The address that letters come from: the organiser of calendar entries.
    pub mail_from: String,
}

impl Options {
    /// Nothing is set up: messages are planned, none is sent. For reading what lies there.
    #[must_use]
    pub fn none() -> Self {
        Self {
            reply_key: Sensitive::new(vec![0; REPLY_KEY_BYTES_MIN]),
            link_base: "https://keikka.invalid/r/".to_owned(),
            channels: Vec::new(),
            webhooks: Vec::new(),
            provider: None,
            mail_from: "keikka@keikka.invalid".to_owned(),
        }
    }

    pub(crate) fn has_webhook(&self, network: &NetworkId, association: &AssociationId) -> bool {
        self.channels.contains(&Channel::Webhook)
            && self.webhooks.iter().any(|(of, id)| of == network && id == association)
    }
}
