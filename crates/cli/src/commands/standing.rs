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

/// What a point is and what the words of its terms mean, for everybody who reads points.
const POINTS: &str = "A point is worth one minute of travel; more points are better. travel: there and back, as far as it\n\
                                 adds to their day; familiar: knows the seeker; likes: likes this kind; fair share: has helped little\n\
                                 lately; wishes: of the seeker, met.";

/// What the points of these candidates mean; what few have is explained where somebody has it.
pub(super) fn points_mean<'a>(candidates: impl IntoIterator<Item = &'a Value>) -> String {
    let terms = |candidate: &'a Value| candidate["terms"].as_array().map_or(&[][..], Vec::as_slice);
    let is_needed = candidates.into_iter().flat_map(terms).any(|term| term["code"] == "NEEDED_ELSEWHERE");
    let needed = "needed elsewhere: the newest plan has other gigs for them that do not go together with this one.";
    if is_needed { format!("{POINTS}\n{needed}") } else { POINTS.to_owned() }
}

/// What ways were measured with; nothing where none was, or the server does not say.
pub(super) fn ways(source: &Value) -> Option<&'static str> {
    match source.as_str().unwrap_or_default() {
        "TRAVEL_SOURCE_STRAIGHT_LINE" => Some("Ways are straight lines times a detour: no road times are set up."),
        "TRAVEL_SOURCE_ROADS" => Some("Ways are times of roads."),
        "TRAVEL_SOURCE_ESTIMATED" => {
            Some("Ways are times of roads; where there were none, straight lines times a detour.")
        }
        _ => None,
    }
}

/// Thousandths of a point as points with a sign, and one decimal where there is one.
pub(super) fn points(thousandths: &Value) -> String {
    let text = format!("{:+.1}", number(thousandths) as f64 / 1000.0);
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// A term of a score in words; nothing where it adds nothing.
pub(super) fn term_text(term: &Value) -> Option<String> {
    let words = term["code"].as_str().unwrap_or_default().to_lowercase().replace('_', " ");
    (number(&term["points"]) != 0).then(|| format!("{words} {}", points(&term["points"])))
}

/// What a rule says of one volunteer or of several who break it. A block reads like a no: it is told to nobody.
fn broken_by(rule: &str, is_one: bool) -> String {
    let words = match (rule, is_one) {
        ("NOT_ACTIVE", true) => "takes no gigs now",
        ("NOT_ACTIVE", false) => "take no gigs now",
        ("KIND_NOT_ACCEPTED", true) => "does not do this kind",
        ("KIND_NOT_ACCEPTED", false) => "do not do this kind",
        ("SKILL_MISSING", true) => "lacks a skill, or it ends too soon",
        ("SKILL_MISSING", false) => "lack a skill, or it ends too soon",
        ("NO_COMMON_LANGUAGE", true) => "speaks no language of the gig",
        ("NO_COMMON_LANGUAGE", false) => "speak no language of the gig",
        ("BELOW_MINIMUM_AGE", true) => "is younger than the kind asks for, or of unknown age",
        ("BELOW_MINIMUM_AGE", false) => "are younger than the kind asks for, or of unknown age",
        ("DECLINED" | "BLOCKED", _) => "said no to it, gave it back or was let go",
        ("TOO_FAR", true) => "lives too far away",
        ("TOO_FAR", false) => "live too far away",
        ("NOT_AVAILABLE", true) => "is not available then for long enough",
        ("NOT_AVAILABLE", false) => "are not available then for long enough",
        ("START_NOT_POSSIBLE", _) => "cannot come when the gig can start",
        ("ALREADY_IN_GIG", true) => "is in this gig already",
        ("ALREADY_IN_GIG", false) => "are in this gig already",
        ("DAY_FULL", true) => "has a full day",
        ("DAY_FULL", false) => "have a full day",
        ("WEEK_FULL", true) => "has a full week",
        ("WEEK_FULL", false) => "have a full week",
        ("NO_TIME_BETWEEN", true) => "has no time between other gigs",
        ("NO_TIME_BETWEEN", false) => "have no time between other gigs",
        (other, _) => return other.to_lowercase().replace('_', " "),
    };
    words.to_owned()
}

/// The whole explanation.
pub(super) fn explanation_text(explanation: &Value) -> String {
    let gig = last_segment(explanation["gig"].as_str().unwrap_or_default());
    let class = class_words(explanation["class"].as_str().unwrap_or_default());
    let sentence = english(&explanation["text"]);
    // Of a gig that has its helpers the sentence says all, also whether it has begun.
    let (class, sentence) = if class == "filled" && !sentence.is_empty() { (sentence, "") } else { (class, sentence) };
    let mut text = if gig.is_empty() { format!("{class}\n") } else { format!("gig {gig}: {class}\n") };
    if !sentence.is_empty() {
        text.push_str(&format!("  {sentence}\n"));
    }
    text.push_str(&cascade_text(explanation));
    text.push_str(&misses_text("one change would do", &explanation["nearestMisses"]));
    text.push_str(&competition_text(&explanation["competition"]));
    let first = if explanation["class"] == "CLASS_FILLED" { "chosen" } else { "first choice" };
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
            let out = left - remaining;
            let words = broken_by(step["rule"].as_str().unwrap_or_default(), out == 1);
            text.push_str(&format!("  {remaining:>6}  left: {out} {words}\n"));
        }
        left = remaining;
    }
    text
}

/// Who is left out by what: `80 do not do this kind, 1 has a full day`.
pub(super) fn out_words(explanation: &Value) -> String {
    let steps = explanation["cascade"].as_array().map_or(&[][..], Vec::as_slice);
    let mut left = number(&explanation["consideredCount"]);
    let each = steps.iter().filter_map(|step| {
        let out = std::mem::replace(&mut left, number(&step["remaining"])) - number(&step["remaining"]);
        (out > 0).then(|| format!("{out} {}", broken_by(step["rule"].as_str().unwrap_or_default(), out == 1)))
    });
    each.collect::<Vec<_>>().join(", ")
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
        match english(&miss["change"]) {
            "" => format!("    {who:<8} now {}\n", broken_by(miss["rule"].as_str().unwrap_or_default(), true)),
            change => format!("    {who:<8} {change}\n"),
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
    let terms: Vec<String> =
        candidate["terms"].as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(term_text).collect();
    format!(
        "\n  {words}: {} {} at {}, {} points\n    {}\n",
        Show::Id.text(&candidate["volunteer"]),
        candidate["displayName"].as_str().unwrap_or_default(),
        Show::Time.text(&candidate["startTime"]),
        points(&candidate["total"]),
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
        for part in ["gig g1: nobody can", "40  left: 80 do not do this kind", "0  left: 40 live too far away", "v3"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("BLOCKED"), "{text}");
    }

    #[test]
    fn a_gig_that_has_begun_is_not_only_filled() {
        let told = |sentence: &str| {
            explanation_text(
                &json!({ "gig": "networks/k/gigs/g1", "class": "CLASS_FILLED", "text": { "en": sentence } }),
            )
        };
        assert_eq!(told("The gig is under way."), "gig g1: The gig is under way.\n");
        assert_eq!(told(""), "gig g1: filled\n");
    }

    #[test]
    fn every_source_of_ways_has_words() {
        for code in proto::dispatch::v1::TravelSource::StraightLine as i32.. {
            let Ok(source) = proto::dispatch::v1::TravelSource::try_from(code) else { break };
            assert!(ways(&json!(source.as_str_name())).is_some(), "{}", source.as_str_name());
        }
        assert_eq!(ways(&Value::Null), None);
    }

    #[test]
    fn every_rule_and_every_term_has_words() {
        for rule in matching::eligibility::Rule::ALL {
            for words in [broken_by(rule.code(), true), broken_by(rule.code(), false)] {
                assert_ne!(words, rule.code().to_lowercase().replace('_', " "), "{} needs words", rule.code());
                assert!(!words.contains("block"), "a block is told to nobody");
            }
        }
    }

    #[test]
    fn points_are_told_in_points() {
        let candidate = json!({ "volunteer": "networks/k/volunteers/v3", "total": -44366,
            "terms": [{ "code": "TRAVEL", "points": -79366 }, { "code": "FAMILIAR", "points": 35000 },
                      { "code": "WISHES", "points": 0 }] });
        let text = candidate_text("score", &candidate);
        assert!(text.contains("-44.4 points") && text.contains("travel -79.4, familiar +35\n"), "{text}");
        assert!(!text.contains("wishes"), "{text}");
    }
}
