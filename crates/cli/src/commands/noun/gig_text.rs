//! A gig after something was done with it, told to people: what it is, when, how it stands and who goes.

use serde_json::Value;

use super::assign::free_slots;
use crate::local_time;
use crate::output::{Report, counted, last_segment};

/// The report on a gig that a verb has changed: two lines for people, for programs the API's own form.
pub(super) fn changed(gig: Value) -> Report {
    let text = format!(
        "{:<8} {}\nnow      {}\n",
        last_segment(text_of(&gig["name"])),
        kind_and_start(&gig, &gig["agreedStartTime"]),
        goes(&gig)
    );
    Report::told(gig, text)
}

/// `shopping, Wed 25.11. 12:00`; without a start the kind alone.
pub(super) fn kind_and_start(gig: &Value, start: &Value) -> String {
    let kind = last_segment(text_of(&gig["kind"]));
    match text_of(start) {
        "" => kind.to_owned(),
        start => format!("{kind}, {}", local_time::show(start)),
    }
}

/// `filled: v7 goes`, `offered: v7 goes, 1 slot is free`, `open`.
pub(super) fn goes(gig: &Value) -> String {
    let state = text_of(&gig["state"]).trim_start_matches("STATE_").to_lowercase().replace('_', " ");
    let going = gig["assignments"].as_array().map_or(&[][..], Vec::as_slice);
    let going: Vec<&str> = going.iter().map(|one| last_segment(text_of(&one["volunteer"]))).collect();
    let free = match free_slots(gig).len() {
        0 => String::new(),
        1 => ", 1 slot is free".to_owned(),
        free => format!(", {} are free", counted(free, "slot")),
    };
    match going.as_slice() {
        [] => state,
        [who] => format!("{state}: {who} goes{free}"),
        all => format!("{state}: {} go{free}", all.join(" and ")),
    }
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_changed_gig_is_told_in_two_lines_and_stays_whole_for_programs() {
        let gig = json!({
            "name": "networks/k/gigs/g12", "kind": "networks/k/kinds/shopping", "state": "STATE_FILLED", "slots": [{}],
            "agreedStartTime": "2026-11-24T10:00:00Z", "assignments": [{ "volunteer": "networks/k/volunteers/v7" }],
        });
        let report = changed(gig.clone());
        assert_eq!(report.text, "g12      shopping, Tue 24.11. 12:00\nnow      filled: v7 goes\n");
        assert_eq!(report.json, gig);
        let held = json!({ "state": "STATE_OFFERED", "slots": [{}, {}], "assignments": gig["assignments"] });
        assert_eq!(goes(&held), "offered: v7 goes, 1 slot is free");
        assert_eq!(goes(&json!({ "state": "STATE_IN_PROGRESS" })), "in progress");
    }
}
