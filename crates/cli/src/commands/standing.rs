//! How a gig stands, told to people: the class of the reason, the cascade, the nearest miss, what it was outbid by.

use serde_json::Value;

use crate::output::{Show, last_segment, number};

/// The English of a localized text, else what there is.
pub(super) fn english(value: &Value) -> &str {
    ["en", "fi", "sv"].iter().find_map(|language| value[language].as_str()).unwrap_or_default()
}

/// The class of a reason in words.
pub(super) fn class_words(class: &str) -> &'static str {
    match class.trim_start_matches("CLASS_") {
        "FILLED" => "filled",
        "WAITING" => "waiting for an answer",
        "DATA_MISSING" => "data missing",
        "NOBODY_ELIGIBLE" => "nobody can",
        "TOO_FEW_CANDIDATES" => "too few can",
        "CAPPED_OUT" => "all promised",
        "OUTBID" => "needed elsewhere",
        "ASSIGNABLE" => "someone can",
        _ => "unknown",
    }
}

/// The whole explanation.
pub(super) fn explanation_text(explanation: &Value) -> String {
    let gig = last_segment(explanation["gig"].as_str().unwrap_or_default());
    let class = class_words(explanation["class"].as_str().unwrap_or_default());
    let mut text = if gig.is_empty() { format!("{class}\n") } else { format!("gig {gig}: {class}\n") };
    let sentence = english(&explanation["text"]);
    if !sentence.is_empty() {
        text.push_str(&format!("  {sentence}\n"));
    }
    text.push_str(&cascade_text(explanation));
    text.push_str(&misses_text("one change would do", &explanation["nearestMisses"]));
    text.push_str(&competition_text(&explanation["competition"]));
    let first = if class == "filled" { "chosen" } else { "first choice" };
    for (field, words) in [("chosen", first), ("runnerUp", "second")] {
        text.push_str(&candidate_text(words, &explanation[field]));
    }
    text
}

/// The steps of the cascade that leave somebody out, and the end.
fn cascade_text(explanation: &Value) -> String {
    let steps = explanation["cascade"].as_array().map_or(&[][..], Vec::as_slice);
    if steps.is_empty() {
        return String::new();
    }
    let mut left = number(&explanation["consideredCount"]);
    let mut text = format!("\n  {left:>6}  volunteers\n");
    for step in steps {
        let remaining = number(&step["remaining"]);
        if remaining != left {
            let rule = step["rule"].as_str().unwrap_or_default();
            text.push_str(&format!("  {remaining:>6}  after {rule} ({} out)\n", left - remaining));
        }
        left = remaining;
    }
    text
}

/// What single change would mend it, for whom.
pub(super) fn misses_text(title: &str, misses: &Value) -> String {
    let misses = misses.as_array().map_or(&[][..], Vec::as_slice);
    if misses.is_empty() {
        return String::new();
    }
    let line = |miss: &Value| {
        let who = Show::Id.text(&miss["volunteer"]);
        let who = if who.is_empty() { "somebody".to_owned() } else { who };
        let rule = miss["rule"].as_str().unwrap_or_default();
        match english(&miss["change"]) {
            "" => format!("    {who:<8} {rule}\n"),
            change => format!("    {who:<8} {change}  [{rule}]\n"),
        }
    };
    format!("\n  {title}:\n{}", misses.iter().map(line).collect::<String>())
}

fn competition_text(competition: &Value) -> String {
    if !competition.is_object() {
        return String::new();
    }
    let who = Show::Id.text(&competition["volunteer"]);
    let gigs = Show::Ids.text(&competition["gigs"]);
    let who = if who.is_empty() { "the volunteer who could".to_owned() } else { who };
    format!("\n  {who} helps {gigs} instead; the exchange would lose weight {}\n", number(&competition["weightLost"]))
}

/// A candidate in one line with the parts of the score.
pub(super) fn candidate_text(words: &str, candidate: &Value) -> String {
    if !candidate.is_object() {
        return String::new();
    }
    let terms: Vec<String> = candidate["terms"]
        .as_array()
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .map(|term| format!("{} {:+}", term["code"].as_str().unwrap_or_default(), number(&term["points"])))
        .collect();
    format!(
        "\n  {words}: {} {} at {}, {} points\n    {}\n",
        Show::Id.text(&candidate["volunteer"]),
        candidate["displayName"].as_str().unwrap_or_default(),
        Show::Time.text(&candidate["startTime"]),
        number(&candidate["total"]),
        terms.join(", "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_cascade_names_only_rules_that_leave_somebody_out() {
        let explanation = json!({
            "gig": "networks/k/gigs/g1", "class": "CLASS_NOBODY_ELIGIBLE", "consideredCount": 120,
            "cascade": [{ "rule": "KIND_NOT_ACCEPTED", "remaining": 40 }, { "rule": "BLOCKED", "remaining": 40 },
                        { "rule": "TOO_FAR" }],
            "nearestMisses": [{ "volunteer": "networks/k/volunteers/v3", "rule": "TOO_FAR",
                                "change": { "en": "travel limit 25 min instead of 20" } }],
            "text": { "en": "nobody is near enough" },
        });
        let text = explanation_text(&explanation);
        for part in ["gig g1: nobody can", "40  after KIND_NOT_ACCEPTED (80 out)", "0  after TOO_FAR (40 out)", "v3"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("BLOCKED"), "{text}");
    }
}
