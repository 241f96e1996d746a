//! Use cases on what is to be told: events to delivered messages, and the answers that come back.
//!
//! An event with an audience leaves an outbox row in the transaction of the change. `plan` turns it into messages, one for each recipient, in
//! one transaction; `worker` leases those that are due, asks `truth` whether they still hold, has [`render`] make the words and hands
//! them to a `channel`; `reply` reads what people answer. A row names resources only: words are made when they are sent.
//!
//! What this crate does not know: how a gig lives (`dispatch`), who people are (`registry`), SQL (`store`), the clock. What an answer or
//! a receipt changes is told through `ports`.
//!
//! **Most common change, a new channel:** `docs/adding-a-channel.md`.

pub mod calendar;
pub mod channel;
mod error;
mod options;
mod outbox;
pub mod plan;
pub mod ports;
mod preview;
pub mod render;
pub mod reply;
pub mod template;
#[cfg(test)]
mod tests;
mod truth;
mod wording;
pub mod worker;

pub use error::Error;
pub use options::{Options, REPLY_KEY_BYTES_MIN};
pub use outbox::{Delivery, Notification, Queued};
pub use preview::{Preview, Words};
pub use template::{Part, Template};
pub use wording::{WordChange, Wording};
