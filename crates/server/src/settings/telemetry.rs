//! What is logged, counted and traced.

use serde::Deserialize;

/// The form of log lines on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Logs and traces. Metrics are always kept, and shown on the ops port.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetrySettings {
    /// The form of log lines. Default: text.
    pub log_format: LogFormat,
    /// Which lines, as tracing directives. Default: `info`.
    pub log_filter: String,
    /// Where traces are sent by OTLP over gRPC: `http://127.0.0.1:4317`. Default: nowhere.
    pub otlp_endpoint: Option<String>,
}

impl Default for TelemetrySettings {
    fn default() -> Self {
        Self { log_format: LogFormat::Text, log_filter: "info".to_owned(), otlp_endpoint: None }
    }
}
