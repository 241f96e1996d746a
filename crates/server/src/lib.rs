//! The edge of keikka: gRPC services over the use cases, who may call them, what is accepted, what is told when something is wrong, and
//! how it starts and stops.
//!
//! [`serve`] takes settings and listeners, so that tests bind port 0. Only this crate turns messages of the wire into values of the
//! domain (`convert`) and failures into statuses (`status`); use cases know neither.
//!
//! What this crate does not know: the rules of matching, SQL, how a use case does its work.
//!
//! **Most common change, a new RPC:** `docs/adding-an-rpc.md`. In short: proto with access rule, a method in `services/<service>`,
//! conversions in `convert/<resource>`, a row in `convert/request` if it writes or lists.

mod answers;
pub mod auth;
mod clock;
mod convert;
mod edge;
mod error;
mod ops;
mod serve;
mod services;
pub mod settings;
pub mod sheet;
mod status;
pub mod telemetry;
mod web;
mod workers;

pub use clock::Clock;
pub use error::ServeError;
pub use serve::{serve, serve_with};
pub use settings::{Settings, SettingsError};
pub use workers::DeliveryError;
