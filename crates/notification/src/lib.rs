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

mod error;
mod outbox;
pub mod render;
pub mod template;
#[cfg(test)]
mod tests;

pub use error::Error;
pub use outbox::{Delivery, Notification};
pub use template::{Part, Template};
