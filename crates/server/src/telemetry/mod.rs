//! What the server tells of itself: log lines, numbers and traces, all without personal data.

mod log;
mod metrics;
mod panic;
mod tally;

pub use log::{LogError, Telemetry, install};
pub(crate) use metrics::recorder;
pub(crate) use panic::quiet_panics;
pub(crate) use tally::Tally;
