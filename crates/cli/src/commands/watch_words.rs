//! An event in words: one line for a person at a screen.

use serde_json::Value;

use crate::local_time;
use crate::output::last_segment;

/// `Mon 23.11. 10:00:05  g41 filled: v12 goes, Tue 24.11. 12:00`.
pub(crate) fn line(event: &Value) -> String {
    let time = event["eventTime"].as_str().map(local_time::show_to_the_second).unwrap_or_default();
    format!("{time}  {}", words(event))
}

fn words(event: &Value) -> String {
    let data = |key: &str| event["data"][key].as_str().unwrap_or_default();
    let text = |key: &str| event[key].as_str().unwrap_or_default();
    let gig = last_segment(text("gig"));
    let at = || local_time::show(data("start"));
    let who = || data("volunteer");
    match text("kind") {
        "gig_filled" => format!("{gig} filled: {} {}, {}", both(data("volunteers")), goes(data("volunteers")), at()),
        "slot_held" => format!("{gig}: {} said yes, the other helper is looked for", who()),
        "hold_released" => format!("{gig}: the other helper was not found in time, {} is free again", who()),
        "gig_reopened" => format!("{gig} is open again"),
        "gig_moved" => format!("{gig}: another helper or start than was promised"),
        "gig_started" => format!("{gig}: the helpers began"),
        "gig_completed" => format!("{gig} completed"),
        "gig_cancelled" => format!("{gig} called off"),
        "gig_unmet" => format!("{gig} unmet: its last window closed, and nobody was found"),
        "offer_made" => format!("{gig}: {} is asked, answer by {}", who(), local_time::show(data("expires"))),
        "offer_ended" => match data("state") {
            "declined" => format!("{gig}: {} said no", who()),
            "expired" => format!("{gig}: {} did not answer in time", who()),
            _ => format!("{gig}: the question to {} was taken back", who()),
        },
        "offer_undone" => format!("{gig}: {} took the yes back", who()),
        "asking_started" => format!("{gig}: asking begins, a yes is wanted by {}", local_time::show(data("deadline"))),
        "asking_exhausted" => {
            format!("{gig}: nobody is left to ask, a person must decide ({})", data("suggestion").replace('_', " "))
        }
        "asking_stopped" => format!("{gig}: asking was stopped"),
        "plan_ready" => format!("plan {} is ready", last_segment(text("subject"))),
        "plan_applied" => format!(
            "plan {} applied: {} filled, {} moved, {} dropped",
            last_segment(text("subject")),
            data("filled"),
            data("moved"),
            data("dropped")
        ),
        "plan_discarded" => format!("plan {} discarded", last_segment(text("subject"))),
        "notification_parked" => format!(
            "a message to {} about {} was given up ({}): keikka notify retry {}",
            named(data("recipient")),
            named(data("about")),
            data("failure"),
            last_segment(text("subject"))
        ),
        "standing_changed" => format!("{}: paused, suspended or reinstated", named(text("subject"))),
        kind => format!("{} {}", named(text("subject")), kind.replace('_', " ")),
    }
}

/// `gig g41` of `networks/kouvola/gigs/g41`, or of `gigs/g41`.
fn named(name: &str) -> String {
    let mut parts = name.rsplit('/');
    let id = parts.next().unwrap_or_default();
    match parts.next() {
        Some("kinds") => format!("kind {id}"),
        Some(collection) => format!("{} {id}", collection.strip_suffix('s').unwrap_or(collection)),
        None => id.to_owned(),
    }
}

fn both(volunteers: &str) -> String {
    volunteers.replace(',', " and ")
}

fn goes(volunteers: &str) -> &'static str {
    if volunteers.contains(',') { "go" } else { "goes" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_says_what_happened_to_whom() {
        let event = |kind: &str, subject: &str, data: Value| {
            json!({
                "kind": kind, "subject": format!("networks/k/{subject}"), "gig": "networks/k/gigs/g41",
                "eventTime": "2026-11-23T08:00:05Z", "data": data,
            })
        };
        for (event, expected) in [
            (
                event("gig_filled", "gigs/g41", json!({ "volunteers": "v1,v2", "start": "2026-11-24T10:00:00Z" })),
                "Mon 23.11. 10:00:05  g41 filled: v1 and v2 go, Tue 24.11. 12:00",
            ),
            (
                event("offer_ended", "offers/o1", json!({ "volunteer": "v3", "state": "expired" })),
                "Mon 23.11. 10:00:05  g41: v3 did not answer in time",
            ),
            (
                event(
                    "notification_parked",
                    "notifications/n1",
                    json!({ "recipient": "volunteers/v3", "about": "offers/o1", "failure": "NO_SUCH_NUMBER" }),
                ),
                "Mon 23.11. 10:00:05  a message to volunteer v3 about offer o1 was given up (NO_SUCH_NUMBER): \
                 keikka notify retry n1",
            ),
            (event("updated", "volunteers/v3", json!({})), "Mon 23.11. 10:00:05  volunteer v3 updated"),
            (event("something_new", "gigs/g41", json!({})), "Mon 23.11. 10:00:05  gig g41 something new"),
        ] {
            assert_eq!(line(&event), expected);
        }
    }
}
