//! How far the asking for a gig is, as an answer for somebody who waits on the line: who was asked, what they said, who is next, and
//! by when a yes is likely.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use matching::offer_policy::delay::Delay;
use matching::offer_policy::outlook::at_least;
use matching::offer_policy::{AnswerLaw, Outcome, Prior};
use serde_json::{Value, json};

use super::assign::free_slots;
use crate::clock;
use crate::context::Context;
use crate::failure::Failure;
use crate::local_time;
use crate::output::{counted, last_segment};

const OFFERS: &str = "keikka.dispatch.v1.OfferService/ListOffers";
const QUOTE: &str = "keikka.dispatch.v1.MatchingService/QuoteGig";
/// Offers that are read at most: of the gig, and of everybody to learn from.
const OFFERS_MAX: u32 = 1000;
/// Candidates that a quote tells at most.
const CANDIDATES_MAX: usize = 100;
/// As many asks' worth is the belief that is begun with.
const BELIEF: f64 = 20.0;
/// A yes is likely when it is more likely than not.
const LIKELY: f64 = 0.5;

/// How people of the network answer.
#[derive(Debug, Clone, Copy)]
struct Habits {
    /// The chance that somebody who is asked says yes.
    yes: f64,
    law: AnswerLaw,
}

/// Everything that the answer is made of.
struct Standing<'a> {
    asking: &'a Value,
    gig: &'a Value,
    /// The offers of the gig.
    offers: &'a [Value],
    /// Others who could be asked, and whether there may be more; none when nobody else is looked for.
    others: Option<(usize, bool)>,
    habits: Habits,
    now: Timestamp,
}

/// The answer in words.
pub(super) async fn text(context: &Context, asking: &Value) -> Result<String, Failure> {
    let client = context.client().await?;
    let parent: String = text_of(&asking["gig"]).split('/').take(2).collect::<Vec<_>>().join("/");
    let what = "show how far the asking is";
    let offers = async |filter: String| {
        let request = json!({ "parent": parent, "filter": filter, "pageSize": OFFERS_MAX });
        let mut found = client.call(what, OFFERS, request).await?;
        Ok::<_, Failure>(match found["offers"].take() {
            Value::Array(offers) => offers,
            _ => Vec::new(),
        })
    };
    let gig = client.call(what, "keikka.dispatch.v1.GigService/GetGig", json!({ "name": asking["gig"] })).await?;
    let of_gig = offers(format!("gig = \"{}\"", text_of(&asking["gig"]))).await?;
    let everybody = offers(String::new()).await?;
    let others = if asking["state"] == "STATE_RUNNING" {
        let request = json!({ "parent": parent, "name": asking["gig"], "candidateLimit": CANDIDATES_MAX });
        // What keeps the gig from being quoted must not keep the rest from being told.
        client.call(what, QUOTE, request).await.ok().map(|quote| others(&quote, &of_gig))
    } else {
        None
    };
    let now = clock::now();
    let habits = Habits::of(&everybody, now);
    Ok(told(&Standing { asking, gig: &gig["gig"], offers: &of_gig, others, habits, now }))
}

/// Who could come and has not been asked, and whether the quote tells all of them.
fn others(quote: &Value, offers: &[Value]) -> (usize, bool) {
    let asked: BTreeSet<&str> = offers.iter().map(|offer| text_of(&offer["volunteer"])).collect();
    let candidates = quote["candidates"].as_array().map_or(&[][..], Vec::as_slice);
    let able: BTreeSet<&str> = candidates.iter().map(|one| text_of(&one["volunteer"])).collect();
    (able.difference(&asked).count(), candidates.len() >= CANDIDATES_MAX)
}

impl Habits {
    /// What the answers so far say, on top of what is believed before the first one.
    fn of(offers: &[Value], now: Timestamp) -> Self {
        let prior = Prior::default();
        let mut delay = Delay { at_s: now.as_second(), ..Delay::default() };
        let (mut asked, mut accepted) = (BELIEF, BELIEF * prior.yes_share);
        for offer in offers {
            let outcome = match text_of(&offer["state"]) {
                "STATE_ACCEPTED" => Outcome::Yes,
                "STATE_DECLINED" => Outcome::No,
                "STATE_EXPIRED" => Outcome::Silent,
                // Still open, or let off before they could answer: that tells little.
                _ => continue,
            };
            let ended = time(offer, "answerTime").or_else(|| time(offer, "expireTime"));
            let Some((from, to)) = time(offer, "createTime").zip(ended) else { continue };
            asked += 1.0;
            accepted += if outcome == Outcome::Yes { 1.0 } else { 0.0 };
            delay.learn(&prior, accepted / asked, outcome, minutes(from, to), now.as_second());
        }
        Self { yes: accepted / asked, law: delay.law(&prior) }
    }
}

impl Standing<'_> {
    fn in_state(&self, states: &[&str]) -> Vec<&Value> {
        self.offers.iter().filter(|offer| states.contains(&text_of(&offer["state"]))).collect()
    }

    fn silent(&self) -> Vec<&Value> {
        self.in_state(&["STATE_PENDING", "STATE_SENT", "STATE_DELIVERED"])
    }

    /// The chance of enough yeses so many minutes from now, of those who may still answer.
    fn chance_within(&self, left_min: f64) -> f64 {
        let of = |offer: &Value| {
            let silent_min = time(offer, "createTime").map_or(0.0, |asked| minutes(asked, self.now));
            self.habits.law.yes_within(self.habits.yes, silent_min.max(0.0), left_min)
        };
        let chances: Vec<f64> = self.silent().into_iter().map(of).collect();
        at_least(free_slots(self.gig).len(), &chances)
    }

    /// By when a yes is likely, of those who may still answer; and the chance of it by the deadline.
    fn outlook(&self) -> (Option<Timestamp>, f64) {
        let until = time(self.asking, "deadlineTime").unwrap_or(self.now);
        let left = until.duration_since(self.now).as_mins().max(0);
        let chance = self.chance_within(left as f64);
        if chance < LIKELY {
            return (None, chance);
        }
        // The first minute by which it is likely: more time never makes it less so.
        let (mut early, mut late) = (0, left);
        while early < late {
            let middle = (early + late) / 2;
            if self.chance_within(middle as f64) < LIKELY { early = middle + 1 } else { late = middle }
        }
        (self.now.checked_add(jiff::SignedDuration::from_mins(late)).ok(), chance)
    }
}

fn told(standing: &Standing<'_>) -> String {
    let Standing { asking, gig, offers, .. } = standing;
    let mut lines = vec![
        (
            last_segment(text_of(&asking["gig"])),
            format!("{}, {}", last_segment(text_of(&gig["kind"])), local_time::show(text_of(&asking["startTime"]))),
        ),
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
        lines.push(("yes", count(&["STATE_ACCEPTED"]).to_string()));
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
    if is_running {
        lines.push(("next", next_words(standing)));
        if !standing.silent().is_empty() {
            lines.push(("likely", likely_words(standing)));
        }
    }
    lines.into_iter().map(|(word, text)| format!("{word:<8} {text}\n")).collect()
}

fn now_words(standing: &Standing<'_>) -> String {
    let Standing { asking, gig, .. } = standing;
    let until = local_time::show(text_of(&asking["deadlineTime"]));
    match text_of(&asking["state"]) {
        "STATE_RUNNING" => format!("being asked for; a yes is wanted by {until}"),
        "STATE_EXHAUSTED" => {
            let what = match text_of(&asking["suggestion"]) {
                "SUGGESTION_WIDER_RADIUS" => "ask people who live farther away",
                "SUGGESTION_ASSOCIATION_COORDINATOR" => "ring the association's coordinator",
                _ => "agree on another time with the seeker",
            };
            format!("nobody is left to ask, a person decides: {what}")
        }
        "STATE_STOPPED" => "asking was stopped; who has been asked may still answer".to_owned(),
        _ => {
            let going = gig["assignments"].as_array().map_or(&[][..], Vec::as_slice);
            let going: Vec<&str> = going.iter().map(|one| last_segment(text_of(&one["volunteer"]))).collect();
            let state = text_of(&gig["state"]).trim_start_matches("STATE_").to_lowercase().replace('_', " ");
            match going.as_slice() {
                [] => format!("over: the gig is {state}"),
                [who] => format!("{state}: {who} goes"),
                all => format!("{state}: {} go", all.join(" and ")),
            }
        }
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

fn next_words(standing: &Standing<'_>) -> String {
    match time(standing.asking, "nextTime").filter(|next| *next > standing.now) {
        Some(next) => format!(
            "another may be asked from {} on ({}), and at once after a no",
            local_time::show_instant(next),
            match next.duration_since(standing.now).as_mins() {
                0 => "in less than a minute".to_owned(),
                left => format!("in {}", local_time::show_seconds(left * 60)),
            }
        ),
        None => "looked for within half a minute".to_owned(),
    }
}

fn likely_words(standing: &Standing<'_>) -> String {
    let percent = |chance: f64| (chance * 100.0).round();
    match standing.outlook() {
        (Some(by), chance) => format!(
            "a yes by {} (of those asked so far); in time with a chance of {} %",
            local_time::show_instant(by),
            percent(chance)
        ),
        (None, chance) => {
            format!(
                "somebody of those asked so far says yes in time with a chance of {} %; more are asked",
                percent(chance)
            )
        }
    }
}

fn minutes(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() / 60.0
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
        let now = "2026-11-22T15:26:30Z".parse().expect("instant");
        told(&Standing { asking, gig, offers, others, habits: Habits::of(&[], now), now })
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
        let text = shown(&asking("RUNNING"), &gig("STATE_OFFERED"), &offers, Some((5, true)));
        assert!(
            text.contains("likely   a yes by Sun 22.11. 17:41 (of those") && text.contains("5 or more others"),
            "{text}"
        );
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }

    #[test]
    fn an_asking_that_has_ended_says_how() {
        let mut filled = gig("STATE_FILLED");
        filled["assignments"] = json!([{ "volunteer": "networks/k/volunteers/v9" }]);
        let offers = [offer("v9", "ACCEPTED", 0), offer("v3", "WITHDRAWN", 5)];
        let text = shown(&asking("OVER"), &filled, &offers, None);
        for part in ["now      filled: v9 goes", "yes      1", "let off  1, who need not answer any more"] {
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

    #[test]
    fn the_answers_of_a_network_move_what_is_believed() {
        let now: Timestamp = "2026-11-22T20:00:00Z".parse().expect("instant");
        let mut yes = offer("v1", "ACCEPTED", 0);
        yes["answerTime"] = json!("2026-11-22T15:03:00Z");
        let eager = Habits::of(&vec![yes; 40], now);
        let begun = Habits::of(&[], now);
        assert!((begun.yes - 0.15).abs() < 1e-9 && eager.yes > 0.6, "{eager:?}");
        assert!(eager.law.answered_by(10.0) > begun.law.answered_by(10.0), "{eager:?}");
    }
}
