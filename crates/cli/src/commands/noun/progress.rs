//! How far the asking for a gig is, as an answer for somebody who waits on the line: who was asked, what they said, who is next, and
//! by when a yes is likely.

use std::collections::{BTreeMap, BTreeSet};

use domain::message_hours::MessageHours;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::gig_text::{goes, kind_and_start};
use crate::clock;
use crate::commands::plan_text::wrapped;
use crate::commands::standing::{english, out_words};
use crate::context::Context;
use crate::failure::Failure;
use crate::local_time;
use crate::output::{counted, last_segment, number};

const OFFERS: &str = "keikka.dispatch.v1.OfferService/ListOffers";
const ASKING: &str = "keikka.dispatch.v1.OfferService/GetAsking";
const EXPLAIN: &str = "keikka.dispatch.v1.MatchingService/ExplainGig";
const QUOTE: &str = "keikka.dispatch.v1.MatchingService/QuoteGig";
const EXHAUSTED: &str = "STATE_EXHAUSTED";
/// Offers of the gig that are read at most.
const OFFERS_MAX: u32 = 1000;
/// Columns of a line beside its first word.
const WIDTH: usize = 91;
/// Candidates that a quote tells at most.
const CANDIDATES_MAX: usize = 100;

/// Everything that the answer is made of.
struct Standing<'a> {
    asking: &'a Value,
    /// What may be hoped for of those who have not answered.
    outlook: &'a Value,
    gig: &'a Value,
    /// The offers of the gig.
    offers: &'a [Value],
    /// Others who could be asked, and whether there may be more; none when nobody else is looked for.
    others: Option<(usize, bool)>,
    /// Why nobody is left to ask, where that is so.
    explanation: &'a Value,
    now: Timestamp,
}

/// The answer in words.
pub(super) async fn text(context: &Context, asking: &Value) -> Result<String, Failure> {
    let client = context.client().await?;
    let parent: String = text_of(&asking["gig"]).split('/').take(2).collect::<Vec<_>>().join("/");
    let what = "show how far the asking is";
    let gig = client.call(what, "keikka.dispatch.v1.GigService/GetGig", json!({ "name": asking["gig"] })).await?;
    let filter = format!("gig = \"{}\"", text_of(&asking["gig"]));
    let request = json!({ "parent": parent, "filter": filter, "pageSize": OFFERS_MAX });
    let mut found = client.call(what, OFFERS, request).await?;
    let offers = match found["offers"].take() {
        Value::Array(offers) => offers,
        _ => Vec::new(),
    };
    let (mut others, mut outlook) = (None, Value::Null);
    if asking["state"] == "STATE_RUNNING" {
        let request = json!({ "parent": parent, "name": asking["gig"], "candidateLimit": CANDIDATES_MAX });
        // What keeps the gig from being quoted must not keep the rest from being told.
        others = client.call(what, QUOTE, request).await.ok().map(|quote| self::others(&quote, &offers));
        outlook = client.call(what, ASKING, json!({ "gig": asking["gig"] })).await?["outlook"].take();
    }
    let mut explanation = Value::Null;
    if asking["state"] == EXHAUSTED {
        let found = client.call(what, EXPLAIN, json!({ "name": asking["gig"] })).await;
        explanation = found.map(|mut found| found["explanation"].take()).unwrap_or_default();
    }
    let (now, gig, explanation) = (clock::now(), &gig["gig"], &explanation);
    Ok(told(&Standing { asking, outlook: &outlook, gig, offers: &offers, others, explanation, now }))
}

/// Who could come and has not been asked, and whether the quote tells all of them.
fn others(quote: &Value, offers: &[Value]) -> (usize, bool) {
    let asked: BTreeSet<&str> = offers.iter().map(|offer| text_of(&offer["volunteer"])).collect();
    let candidates = quote["candidates"].as_array().map_or(&[][..], Vec::as_slice);
    let able: BTreeSet<&str> = candidates.iter().map(|one| text_of(&one["volunteer"])).collect();
    (able.difference(&asked).count(), candidates.len() >= CANDIDATES_MAX)
}

impl Standing<'_> {
    fn in_state(&self, states: &[&str]) -> Vec<&Value> {
        self.offers.iter().filter(|offer| states.contains(&text_of(&offer["state"]))).collect()
    }

    fn silent(&self) -> Vec<&Value> {
        self.in_state(&["STATE_PENDING", "STATE_SENT", "STATE_DELIVERED"])
    }

    /// Those who said yes and go, and those who said yes and go no more.
    fn yeses(&self) -> (Vec<&Value>, Vec<&Value>) {
        let going = self.gig["assignments"].as_array().map_or(&[][..], Vec::as_slice);
        let goes = |offer: &Value| going.iter().any(|one| one["volunteer"] == offer["volunteer"]);
        self.in_state(&["STATE_ACCEPTED"]).into_iter().partition(|offer| goes(offer))
    }
}

fn told(standing: &Standing<'_>) -> String {
    let Standing { asking, gig, offers, .. } = standing;
    let mut lines = vec![
        (last_segment(text_of(&asking["gig"])), kind_and_start(gig, &asking["startTime"])),
        ("now", now_words(standing)),
    ];
    let people: BTreeSet<&str> = offers.iter().map(|offer| text_of(&offer["volunteer"])).collect();
    let first = offers.iter().map(|offer| text_of(&offer["createTime"])).min();
    let is_running = asking["state"] == "STATE_RUNNING";
    lines.push(match first {
        Some(first) => ("asked", format!("{} since {}", counted(people.len(), "volunteer"), local_time::show(first))),
        None if is_running => {
            ("asked", "nobody yet: the first within half a minute, in the hours they agreed to".to_owned())
        }
        None => ("asked", "nobody".to_owned()),
    });
    if first.is_some() {
        let count = |states: &[&str]| standing.in_state(states).len();
        let (going, back) = standing.yeses();
        lines.push(("yes", going.len().to_string()));
        if !back.is_empty() {
            lines.push(("back", format!("{}, who said yes and cannot come, or need not, after all", back.len())));
        }
        lines.push(("no", said_no(&standing.in_state(&["STATE_DECLINED"]))));
        lines.push(("silent", silent_words(standing)));
        match count(&["STATE_WITHDRAWN"]) {
            0 => {}
            spared => lines.push(("let off", format!("{spared}, who need not answer any more"))),
        }
    }
    if let Some((others, may_be_more)) = standing.others {
        let up_to = if may_be_more { format!("{others} or more") } else { format!("up to {others}") };
        lines.push(("to ask", format!("{up_to} others, within what they agreed to")));
    }
    if asking["state"] == EXHAUSTED {
        lines.push(("why", why_words(standing)));
        let gig = last_segment(text_of(&asking["gig"]));
        lines.push((
            "next",
            format!("keikka explain {gig} says what would have to change; by hand: keikka gig assign {gig} VOLUNTEER --at TIME"),
        ));
    }
    if is_running {
        lines.push(("next", next_words(standing)));
        if standing.outlook.is_object() && !standing.silent().is_empty() {
            lines.push(("likely", likely_words(standing)));
        }
    }
    let shown = |(word, text): (&str, String)| format!("{word:<8} {}\n", wrapped(&text, WIDTH).join("\n         "));
    lines.into_iter().map(shown).collect()
}

fn now_words(standing: &Standing<'_>) -> String {
    let Standing { asking, gig, .. } = standing;
    let until = local_time::show(text_of(&asking["deadlineTime"]));
    match text_of(&asking["state"]) {
        "STATE_RUNNING" => format!("being asked for; a yes is wanted by {until}"),
        EXHAUSTED => {
            let what = match text_of(&asking["suggestion"]) {
                "SUGGESTION_WIDER_RADIUS" => "ask people who live farther away",
                "SUGGESTION_ASSOCIATION_COORDINATOR" => "ring the association's coordinator",
                _ => "agree on another time with the seeker",
            };
            format!("nobody is left to ask, a person decides: {what}")
        }
        "STATE_STOPPED" => "asking was stopped; who has been asked may still answer".to_owned(),
        _ if gig["assignments"].as_array().is_none_or(Vec::is_empty) => format!("over: the gig is {}", goes(gig)),
        _ => goes(gig),
    }
}

/// Why nobody is left: what keeps each of them, or that those who could are not to be asked again.
fn why_words(standing: &Standing<'_>) -> String {
    match text_of(&standing.explanation["class"]) {
        "CLASS_ASSIGNABLE" | "CLASS_WAITING" | "" => {
            "who could come was asked already, was let go from it, or has been asked as often as they agreed to"
                .to_owned()
        }
        _ => match out_words(standing.explanation).as_str() {
            "" => english(&standing.explanation["text"]).to_owned(),
            out => format!(
                "of {}, {out}",
                counted(number(&standing.explanation["consideredCount"]).try_into().unwrap_or(0), "volunteer")
            ),
        },
    }
}

/// `5: not this time 3, too far 2`.
fn said_no(offers: &[&Value]) -> String {
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for offer in offers {
        let reason = text_of(&offer["declineReason"]).trim_start_matches("DECLINE_REASON_");
        *reasons.entry(reason.to_lowercase().replace('_', " ")).or_default() += 1;
    }
    let reasons: Vec<String> = reasons
        .iter()
        .filter(|(reason, _)| !reason.is_empty())
        .map(|(reason, count)| format!("{reason} {count}"))
        .collect();
    if reasons.is_empty() { offers.len().to_string() } else { format!("{}: {}", offers.len(), reasons.join(", ")) }
}

fn silent_words(standing: &Standing<'_>) -> String {
    let silent = standing.silent();
    let late = standing.in_state(&["STATE_EXPIRED"]).len();
    let ends = silent.iter().map(|offer| text_of(&offer["expireTime"])).min();
    let open = ends.map(|end| format!("{}, who may answer until {}", silent.len(), local_time::show(end)));
    let late = (late > 0).then(|| format!("{late} whose time to answer ran out"));
    let words: Vec<String> = [open, late].into_iter().flatten().collect();
    if words.is_empty() { "0".to_owned() } else { words.join("; ") }
}

/// From when others may be asked. At night nobody is, but for those who agreed to other hours.
fn next_words(standing: &Standing<'_>) -> String {
    let looked = time(standing.asking, "nextTime").filter(|next| *next > standing.now).unwrap_or(standing.now);
    let next = MessageHours::of(None).next(looked);
    let in_time = match next.duration_since(standing.now).as_mins() {
        0 => "in less than a minute".to_owned(),
        left => format!("in {}", local_time::show_seconds(left * 60)),
    };
    let until = time(standing.asking, "deadlineTime").unwrap_or(next);
    let from = local_time::show_instant(next);
    if next <= standing.now {
        "looked for within half a minute".to_owned()
    } else if next == looked {
        format!("another may be asked from {from} on ({in_time}), and at once after a no")
    } else if next < until {
        format!("another may be asked from {from} on ({in_time}), sooner who agreed to it")
    } else {
        format!("nobody else may be asked before {}, but who agreed to such hours", local_time::show_instant(until))
    }
}

fn likely_words(standing: &Standing<'_>) -> String {
    let chance = number(&standing.outlook["chancePercent"]);
    match time(standing.outlook, "likelyTime") {
        Some(by) => format!(
            "a yes by {} (of those asked so far); in time with a chance of {chance} %",
            local_time::show_instant(by)
        ),
        None => format!("somebody of those asked so far says yes in time with a chance of {chance} %; more are asked"),
    }
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn time(value: &Value, key: &str) -> Option<Timestamp> {
    value[key].as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(volunteer: &str, state: &str, minute: u32) -> Value {
        json!({
            "volunteer": format!("networks/k/volunteers/{volunteer}"), "state": format!("STATE_{state}"),
            "createTime": format!("2026-11-22T15:{minute:02}:00Z"), "expireTime": "2026-11-22T18:30:00Z",
        })
    }

    fn asking(state: &str) -> Value {
        json!({
            "gig": "networks/k/gigs/g7", "state": format!("STATE_{state}"), "startTime": "2026-11-25T10:00:00Z",
            "deadlineTime": "2026-11-22T18:30:00Z", "nextTime": "2026-11-22T15:30:00Z",
        })
    }

    fn shown(asking: &Value, gig: &Value, offers: &[Value], others: Option<(usize, bool)>) -> String {
        shown_with(asking, gig, offers, others, &json!({ "chancePercent": 25 }))
    }

    fn shown_with(
        asking: &Value,
        gig: &Value,
        offers: &[Value],
        others: Option<(usize, bool)>,
        outlook: &Value,
    ) -> String {
        let now = "2026-11-22T15:26:30Z".parse().expect("instant");
        told(&Standing { asking, outlook, gig, offers, others, explanation: &Value::Null, now })
    }

    fn gig(state: &str) -> Value {
        json!({ "kind": "networks/k/kinds/household", "state": state, "slots": [{}] })
    }

    #[test]
    fn a_running_asking_says_who_answered_who_is_next_and_when_a_yes_is_likely() {
        let mut no = offer("v1", "DECLINED", 0);
        no["declineReason"] = json!("DECLINE_REASON_TOO_FAR");
        let mut offers = vec![no, offer("v2", "EXPIRED", 1), offer("v3", "DELIVERED", 20), offer("v4", "SENT", 25)];
        assert_eq!(
            shown(&asking("RUNNING"), &gig("STATE_OFFERED"), &offers, Some((12, false))),
            "g7       household, Wed 25.11. 12:00\n\
             now      being asked for; a yes is wanted by Sun 22.11. 20:30\n\
             asked    4 volunteers since Sun 22.11. 17:00\n\
             yes      0\n\
             no       1: too far 1\n\
             silent   2, who may answer until Sun 22.11. 20:30; 1 whose time to answer ran out\n\
             to ask   up to 12 others, within what they agreed to\n\
             next     another may be asked from Sun 22.11. 17:30 on (in 3 min), and at once after a no\n\
             likely   somebody of those asked so far says yes in time with a chance of 25 %; more are asked\n"
        );
        offers.extend((5..12).map(|number| offer(&format!("v{number}"), "DELIVERED", 26)));
        let outlook = json!({ "chancePercent": 71, "likelyTime": "2026-11-22T15:41:00Z" });
        let text = shown_with(&asking("RUNNING"), &gig("STATE_OFFERED"), &offers, Some((5, true)), &outlook);
        assert!(
            text.contains("likely   a yes by Sun 22.11. 17:41 (of those") && text.contains("5 or more others"),
            "{text}"
        );
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }

    #[test]
    fn nobody_is_next_at_night() {
        let next = |next: &str, deadline: &str| {
            let mut asking = asking("RUNNING");
            (asking["nextTime"], asking["deadlineTime"]) = (json!(next), json!(deadline));
            let text = shown(&asking, &gig("STATE_OFFERED"), &[offer("v1", "SENT", 25)], None);
            assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
            text.lines().find(|line| line.starts_with("next ")).expect("a line").to_owned()
        };
        let by_noon = "2026-11-23T10:00:00Z";
        assert!(
            next("2026-11-22T15:30:00Z", by_noon)
                .ends_with("from Sun 22.11. 17:30 on (in 3 min), and at once after a no")
        );
        let late = next("2026-11-22T19:00:00Z", by_noon);
        assert!(late.ends_with("from Mon 23.11. 09:00 on (in 15 h 33 min), sooner who agreed to it"), "{late}");
        let never = next("2026-11-22T19:00:00Z", "2026-11-23T05:00:00Z");
        assert!(
            never.ends_with("nobody else may be asked before Mon 23.11. 07:00, but who agreed to such hours"),
            "{never}"
        );
    }

    #[test]
    fn where_nobody_is_left_it_says_why_and_what_next() {
        let (asking, gig) = (asking("EXHAUSTED"), gig("STATE_OPEN"));
        let why = |explanation: Value| {
            let now = "2026-11-22T15:26:30Z".parse().expect("instant");
            let explanation = &explanation;
            let standing = Standing {
                asking: &asking,
                outlook: &Value::Null,
                gig: &gig,
                offers: &[],
                others: None,
                explanation,
                now,
            };
            let text = told(&standing);
            assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
            assert!(text.contains("next     keikka explain g7") && text.contains("keikka gig assign g7"), "{text}");
            text.replace("\n         ", " ")
        };
        let cascade = json!([{ "rule": "KIND_NOT_ACCEPTED", "remaining": 1 }, { "rule": "DECLINED" }]);
        let nobody = json!({ "class": "CLASS_NOBODY_ELIGIBLE", "consideredCount": 3, "cascade": cascade });
        let told = why(nobody);
        let said = "why      of 3 volunteers, 2 do not do this kind, 1 said no to it, gave it back or was let go\n";
        assert!(told.contains(said), "{told}");
        assert!(why(json!({ "class": "CLASS_ASSIGNABLE" })).contains("why      who could come was asked already"));
    }

    #[test]
    fn an_asking_that_has_ended_says_how() {
        let mut filled = gig("STATE_FILLED");
        filled["assignments"] = json!([{ "volunteer": "networks/k/volunteers/v9" }]);
        let offers = [offer("v9", "ACCEPTED", 0), offer("v3", "WITHDRAWN", 5), offer("v4", "ACCEPTED", 1)];
        let text = shown(&asking("OVER"), &filled, &offers, None);
        for part in
            ["now      filled: v9 goes", "yes      1\nback     1, who", "let off  1, who need not answer any more"]
        {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("next ") && !text.contains("likely"), "{text}");
        let text = shown(&asking("EXHAUSTED"), &gig("STATE_OPEN"), &[], None);
        assert!(
            text.contains("a person decides: agree on another time") && text.contains("asked    nobody\n"),
            "{text}"
        );
        let text = shown(&asking("RUNNING"), &gig("STATE_OPEN"), &[], Some((3, false)));
        assert!(text.contains("asked    nobody yet: the first within half a minute"), "{text}");
    }
}
