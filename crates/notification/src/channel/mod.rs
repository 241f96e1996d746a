//! Channels: the ways by which a message leaves the house. Each takes a rendered message and says what became of it.

pub mod address;
pub mod file;
pub mod http;
pub mod sms;
pub mod smtp;
pub mod webhook;

use std::fmt;
use std::time::Duration;

use domain::{AssociationId, NetworkId, Sensitive, Timestamp};

use crate::ports::Doing;
use crate::render::{Mail, SmsText};

/// A message as a channel gets it.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The network.
    pub network: NetworkId,
    /// What the provider is told it is: the same at every try.
    pub reference: String,
    /// What is said.
    pub body: Body,
}

/// What is said, and to which address.
#[derive(Debug, Clone)]
pub enum Body {
    /// A text message to a number in E.164 form.
    Sms {
        /// The number.
        to: Sensitive<String>,
        /// The text.
        text: SmsText,
    },
    /// A letter.
    Mail {
        /// The address.
        to: Sensitive<String>,
        /// The letter.
        mail: Box<Mail>,
    },
    /// What happened, for an association's own system: ids only.
    Event {
        /// Whose system.
        association: AssociationId,
        /// When it is sent: signed with it.
        now: Timestamp,
        /// The JSON.
        json: String,
    },
}

/// A message was taken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Accepted {
    /// What the provider calls it, if it says so.
    pub provider_id: Option<String>,
    /// Whether it has arrived: channels without receipts know no more.
    pub arrived: bool,
}

/// A message was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It may be taken later: the stable code, and how long to wait if the provider says so.
    #[error("not now: {code}")]
    Transient {
        /// Why, a stable code.
        code: &'static str,
        /// How long the provider asks to wait.
        retry_after: Option<Duration>,
    },
    /// It may have been taken: no answer came in time. Tried once more with the same reference.
    #[error("no answer came in time")]
    Ambiguous,
    /// It will not be taken, now or later: the stable code.
    #[error("refused: {code}")]
    Permanent {
        /// Why, a stable code.
        code: &'static str,
    },
}

impl SendError {
    pub(crate) fn transient(code: &'static str) -> Self {
        Self::Transient { code, retry_after: None }
    }

    pub(crate) fn permanent(code: &'static str) -> Self {
        Self::Permanent { code }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Transient { code, .. } | Self::Permanent { code } => code,
            Self::Ambiguous => "PROVIDER_SILENT",
        }
    }
}

/// A way by which messages leave the house.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends one message; ends within the channel's time limit.
    fn send<'a>(&'a self, message: &'a Outgoing) -> Doing<'a, Result<Accepted, SendError>>;
}
