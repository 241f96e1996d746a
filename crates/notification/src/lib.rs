//! Use cases on what is to be told: the outbox that every event with an audience leaves, readable by those whose network it is.
//!
//! This is the first shape: it shows what waits. Rendering, channels, retries, budgets and quiet hours are rooms of their own
//! that follow; nothing is sent from here, and nothing pretends to be.
//!
//! What this crate does not know: how a gig lives (`dispatch`), who people are (`registry`), SQL (`store`), the clock.
//!
//! **Most common change, a new channel:** not yet; first comes the dispatcher that leases rows of the outbox.

mod error;
mod outbox;
#[cfg(test)]
mod tests;

pub use error::Error;
pub use outbox::{Delivery, Notification};
