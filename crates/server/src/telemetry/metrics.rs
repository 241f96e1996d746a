//! Numbers for Prometheus. Labels are methods and codes, never ids: the number of series is bounded by the code.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Upper bounds of the buckets of a duration, in seconds.
const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 600.0];

/// The recorder of this process, installed once: several servers in one process (tests) share it.
pub(crate) fn recorder() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)
                .ok()?
                .install_recorder()
                .ok()
                .inspect(|_| describe())
        })
        .as_ref()
}

fn describe() {
    use metrics::{describe_counter, describe_gauge, describe_histogram};
    describe_counter!("keikka_calls_total", "Calls ended, by method and code.");
    describe_histogram!("keikka_call_duration_seconds", metrics::Unit::Seconds, "Time of a call, by method.");
    describe_gauge!("keikka_calls_in_flight", "Calls in work.");
    describe_gauge!("keikka_connections", "Connections open.");
    describe_counter!("keikka_connections_refused_total", "Connections refused by a cap.");
    describe_histogram!("keikka_solve_duration_seconds", metrics::Unit::Seconds, "Time of a solve.");
    describe_counter!("keikka_sweep_closed_total", "Offers and gigs that a sweep closed, by what.");
    describe_counter!(
        "keikka_own_words_failed_total",
        "Messages for which a network's own words could not be used, by template."
    );
    describe_gauge!("keikka_storage_up", "1 if the storage answered the last sweep.");
}
