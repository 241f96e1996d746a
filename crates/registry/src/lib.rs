//! Use cases on people and organisations: networks, associations, volunteers, seekers and the catalogue of kinds and skills.
//!
//! Every resource goes through the same five verbs of [`Registry`] (`create`, `get`, `list`, `modify`, `delete`); what differs between
//! resources stands in one file each, as an implementation of [`Resource`]: what must be true of it, who may reach it, and what must
//! not use it any more before it goes. A write is one transaction with its event, its audit row and its repeat key.
//!
//! What this crate does not know: gigs' lives (`dispatch`), the wire (`server`), SQL (`store`), the clock (`WriteContext::now`).
//!
//! **Most common change, a new rule for a resource:** add it to `check` in the resource's file, with a test of its name there. **A new
//! resource:** a `Document` in `store`, a file here that implements [`Resource`], and a service in `server`.

mod association;
pub mod catalogue;
mod change;
mod error;
mod fields;
pub mod geocode;
pub mod import;
mod kind;
mod network;
mod references;
mod registry;
mod resource;
mod seeker;
mod skill;
#[cfg(test)]
mod tests;
mod usage;
mod volunteer;

pub use error::Error;
pub use references::References;
pub use registry::Registry;
pub use resource::Resource;
pub use usage::Usage;
