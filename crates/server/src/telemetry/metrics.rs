//! Numbers for Prometheus. Labels are methods and codes, never ids: the number of series is bounded by the code.

use std::sync::OnceLock;

use domain::Channel;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use notification::Template;
use store::{MessageState, channel_code};
use tonic::Code;

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
                .inspect(|_| {
                    describe();
                    begin();
                })
        })
        .as_ref()
}

/// Every number of ours, so that it stands on the page before its first count: a number that comes out of nowhere is no growth for an alert.
fn describe() {
    use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
    describe_counter!("keikka_calls_total", "Calls ended, by method and code.");
    describe_histogram!("keikka_call_duration_seconds", Unit::Seconds, "Time of a call, by method.");
    describe_gauge!("keikka_calls_in_flight", "Calls in work.");
    describe_gauge!("keikka_connections", "Connections open.");
    describe_counter!("keikka_connections_refused_total", "Connections refused by a cap.");
    describe_counter!("keikka_panics_total", "Panics: faults of ours.");
    describe_counter!("keikka_pages_total", "Pages answered, by route, method and status.");
    describe_histogram!("keikka_page_duration_seconds", Unit::Seconds, "Time of a page, by route.");
    describe_counter!("keikka_pages_slowed_total", "Pages refused because an address or a link asked too often.");
    describe_histogram!("keikka_solve_duration_seconds", Unit::Seconds, "Time of a solve.");
    describe_counter!("keikka_sweep_closed_total", "Offers and gigs that a sweep closed, by what.");
    describe_counter!("keikka_offers_made_total", "Offers that askings made.");
    describe_counter!("keikka_tiles_taken_total", "Tiles of divided plans that this process planned for others.");
    describe_counter!("keikka_message_tries_total", "Tries to send a message, by channel and outcome.");
    describe_gauge!("keikka_messages", "Messages, by channel and state.");
    describe_gauge!("keikka_channel_rests", "1 while a channel rests because its provider does not work.");
    describe_counter!(
        "keikka_own_words_failed_total",
        "Messages for which a network's own words could not be used, by template."
    );
    describe_gauge!("keikka_storage_up", "1 if the storage answered the last sweep.");
}

/// Begins every number at zero, with the labels that alerts ask for.
fn begin() {
    use metrics::{counter, gauge};
    for name in [
        "keikka_connections_refused_total",
        "keikka_panics_total",
        "keikka_pages_slowed_total",
        "keikka_offers_made_total",
        "keikka_tiles_taken_total",
    ] {
        counter!(name).increment(0);
    }
    for name in ["keikka_calls_in_flight", "keikka_connections"] {
        gauge!(name).increment(0.0);
    }
    for method in proto::METHODS {
        for code in [Code::Ok, Code::Internal, Code::Unavailable, Code::ResourceExhausted] {
            counter!("keikka_calls_total", "method" => *method, "code" => proto::code_name(code)).increment(0);
        }
    }
    for what in ["offer", "unmet", "freed", "plan"] {
        counter!("keikka_sweep_closed_total", "what" => what).increment(0);
    }
    for channel in [Channel::Sms, Channel::Email, Channel::Webhook] {
        let channel = channel_code(channel);
        for outcome in ["sent", "permanent", "transient"] {
            counter!("keikka_message_tries_total", "channel" => channel, "outcome" => outcome).increment(0);
        }
        for state in [MessageState::Pending, MessageState::Failed] {
            gauge!("keikka_messages", "channel" => channel, "state" => state.code()).increment(0.0);
        }
        gauge!("keikka_channel_rests", "channel" => channel).increment(0.0);
    }
    for template in Template::ALL.iter().filter(|template| !template.parts().is_empty()) {
        counter!("keikka_own_words_failed_total", "template" => template.code()).increment(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_that_is_documented_is_there_from_the_start() {
        let shown = recorder().expect("a recorder").render();
        let book = include_str!("../../../../docs/operations.md");
        let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
        let named = book.match_indices("`keikka_").map(|(at, _)| {
            let rest = &book[at + 1..];
            &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())]
        });
        // When these are counted first is no question of growth.
        let later =
            ["keikka_call_duration_seconds", "keikka_page_duration_seconds", "keikka_storage_up", "keikka_pages_total"];
        let mut count = 0;
        for name in named.filter(|name| !later.contains(name)) {
            let is_there = |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '{']));
            assert!(shown.lines().any(is_there), "{name} is not in\n{shown}");
            count += 1;
        }
        assert!(count >= 10, "{count}");
        assert!(shown.contains("keikka_panics_total 0"), "{shown}");
        assert!(shown.contains("# HELP keikka_panics_total"));
    }
}
