//! Log lines on standard error and, if asked for, traces by OTLP.

use std::io::IsTerminal as _;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::settings::{LogFormat, TelemetrySettings};

/// Why telemetry cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter is no list of tracing directives.
    #[error("telemetry.log_filter is not understood: {0}")]
    Filter(String),
    /// The OTLP exporter cannot be built.
    #[error("telemetry.otlp_endpoint cannot be used: {0}")]
    Otlp(String),
    /// Somebody else has set up logging in this process.
    #[error("logging is set up already")]
    Twice,
}

/// Telemetry that is set up; traces are sent to the end when it is dropped.
#[derive(Debug)]
pub struct Telemetry {
    provider: Option<SdkTracerProvider>,
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(provider) = self.provider.take() {
            // The collector may be gone; the log has everything that matters.
            let _ = provider.shutdown();
        }
    }
}

/// Sets up log lines and traces for this process: called once, by the program that serves. Needs a running tokio runtime when an
/// OTLP endpoint is set.
///
/// # Errors
/// [`LogError`] for a filter or endpoint that is not understood, or when it was done before.
pub fn install(settings: &TelemetrySettings) -> Result<Telemetry, LogError> {
    let filter = EnvFilter::try_new(&settings.log_filter).map_err(|error| LogError::Filter(error.to_string()))?;
    let lines =
        tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let lines = match settings.log_format {
        LogFormat::Text => lines.with_target(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let provider = settings.otlp_endpoint.as_deref().map(tracer).transpose()?;
    let traces =
        provider.as_ref().map(|provider| tracing_opentelemetry::layer().with_tracer(provider.tracer("keikka")));
    tracing_subscriber::registry().with(filter).with(lines).with(traces).try_init().map_err(|_| LogError::Twice)?;
    super::quiet_panics();
    Ok(Telemetry { provider })
}

fn tracer(endpoint: &str) -> Result<SdkTracerProvider, LogError> {
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .build()
        .map_err(|error| LogError::Otlp(error.to_string()))?;
    let resource = opentelemetry_sdk::Resource::builder().with_service_name("keikka").build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}
