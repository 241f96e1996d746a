//! A plan told to people: totals, coverage, busiest day, changes, open gigs with reasons. Fits a hundred columns.

use std::collections::BTreeSet;

use serde_json::Value;

use super::standing::{class_words, english, ways};
use crate::local_time;
use crate::output::{Show, columns_text, counted, last_segment, number, seconds};

/// Characters of a full bar.
const BAR: i64 = 20;

/// How much of a plan is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Detail {
    /// Most changes listed.
    pub(super) changes_max: usize,
    /// Most open gigs listed.
    pub(super) open_max: usize,
}

/// Counts of what a plan does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) kept: usize,
    pub(super) new: usize,
    /// Filled by it, and being asked for already.
    pub(super) asked_for: usize,
    pub(super) moved: usize,
    pub(super) dropped: usize,
    pub(super) open: usize,
}

impl Counts {
    /// The counts of a plan.
    pub(super) fn of(plan: &Value) -> Self {
        let mut counts = Self { open: list(&plan["outcome"]["open"]).len(), ..Self::default() };
        for item in list(&plan["outcome"]["items"]) {
            match item["change"].as_str().unwrap_or_default() {
                "CHANGE_NEW" if item["isAskedFor"] == true => counts.asked_for += 1,
                "CHANGE_NEW" => counts.new += 1,
                "CHANGE_MOVED" => counts.moved += 1,
                "CHANGE_DROPPED" => counts.dropped += 1,
                _ => counts.kept += 1,
            }
        }
        counts
    }

    /// Gigs that applying would change.
    pub(super) fn changes(self) -> usize {
        self.new + self.asked_for + self.moved + self.dropped
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The plan in words.
pub(super) fn text(plan: &Value, detail: Detail) -> String {
    let mut text = head(plan);
    if plan["outcome"].is_object() {
        text.push_str(&coverage(&plan["outcome"]));
        text.push_str(&changes(plan, detail.changes_max));
        text.push_str(&open(&plan["outcome"]["open"], detail.open_max));
    }
    text
}

fn head(plan: &Value) -> String {
    let state = Show::Enum("STATE_").text(&plan["state"]);
    let period = local_time::show_window(
        plan["period"]["startTime"].as_str().unwrap_or_default(),
        plan["period"]["endTime"].as_str().unwrap_or_default(),
    );
    let mut text =
        format!("plan     {} ({state})\nperiod   {period}\n", last_segment(plan["name"].as_str().unwrap_or_default()));
    if let Some(failure) = plan["failure"].as_str().filter(|failure| !failure.is_empty()) {
        text.push_str(&format!("failed   {failure}\n"));
    }
    let outcome = &plan["outcome"];
    if !outcome.is_object() {
        return text;
    }
    let counts = Counts::of(plan);
    let (weight, bound) = (number(&outcome["weight"]), number(&outcome["boundWeight"]));
    text.push_str(&format!(
        "covered  {} of {} gigs; weight {weight}, and no plan can cover more than {bound}\n",
        number(&outcome["coveredCount"]),
        number(&outcome["gigCount"])
    ));
    text.push_str(&format!("proof    {}\n", proof(outcome)));
    text.push_str(&format!(
        "made by  {}; seed {}, digest {}\n",
        outcome["solver"].as_str().filter(|solver| !solver.is_empty()).unwrap_or("an older keikka"),
        plan["seed"].as_str().map_or_else(|| number(&plan["seed"]).to_string(), str::to_owned),
        outcome["digest"].as_str().unwrap_or_default()
    ));
    text.push_str(&format!("travel   {} in all\n", local_time::show_seconds(number(&outcome["travelSeconds"]))));
    if let Some(ways) = ways(&outcome["travelSource"]) {
        text.push_str(&format!("ways     {}\n", ways.trim_start_matches("Ways are ").trim_end_matches('.')));
    }
    if outcome["busiestDay"].is_object() {
        text.push_str(&format!("busiest  {}\n", busiest(&outcome["busiestDay"])));
    }
    let asked_for = match counts.asked_for {
        0 => String::new(),
        asked_for => format!(", {asked_for} being asked for"),
    };
    text.push_str(&format!(
        "changes  {} new{asked_for}, {} moved, {} dropped, {} kept; {} stay open\n",
        counts.new, counts.moved, counts.dropped, counts.kept, counts.open
    ));
    text
}

fn proof(outcome: &Value) -> String {
    let took = outcome["solveDuration"].as_str().unwrap_or("0s").trim_end_matches('s').parse::<f64>().unwrap_or(0.0);
    let gap = outcome["gap"].as_f64().unwrap_or(0.0) * 100.0;
    let status = match outcome["status"].as_str().unwrap_or_default() {
        "STATUS_OPTIMAL" => "proven best, gap 0".to_owned(),
        "STATUS_GAP" => format!("within {gap:.3} % of the proven bound"),
        "STATUS_BUDGET" => format!("stopped by the budget, within {gap:.3} % of the proven bound"),
        _ => format!("the quick plan, within {gap:.3} % of the bound"),
    };
    format!("{status}; solved in {took:.2} s")
}

fn busiest(day: &Value) -> String {
    let part = |name: &str| number(&day["date"][name]);
    let date = jiff::civil::Date::new(part("year") as i16, part("month") as i8, part("day") as i8);
    let shown = date.map(|date| date.strftime("%a %-d.%-m.").to_string()).unwrap_or_default();
    format!("{shown} with {} gigs", number(&day["gigCount"]))
}

fn coverage(outcome: &Value) -> String {
    let line = |name: String, entry: &Value| {
        let (covered, of) = (number(&entry["coveredCount"]), number(&entry["gigCount"]));
        let full = if of > 0 { (covered * BAR + of / 2) / of } else { 0 };
        let bar = format!("{}{}", "#".repeat(full as usize), ".".repeat((BAR - full) as usize));
        (name, format!("{covered:>4}/{of:<4} {bar}"))
    };
    let by_kind: Vec<(String, String)> =
        list(&outcome["coverageByKind"]).iter().map(|entry| line(Show::Id.text(&entry["kind"]), entry)).collect();
    let by_priority: Vec<(String, String)> = list(&outcome["coverageByPriority"])
        .iter()
        .map(|entry| line(number(&entry["priority"]).to_string(), entry))
        .collect();
    let width = by_kind.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(4);
    let mut text = format!("\n{:width$}  {:31}    PRIORITY\n", "KIND", "COVERED");
    for index in 0..by_kind.len().max(by_priority.len()) {
        let left = by_kind.get(index).map_or_else(String::new, |(name, bar)| format!("{name:width$}  {bar}"));
        let right = by_priority.get(index).map_or_else(String::new, |(name, bar)| format!("{name:<3} {bar}"));
        let pad = width + 2 + 31;
        text.push_str(format!("{left:pad$}    {right}").trim_end());
        text.push('\n');
    }
    text
}

fn changes(plan: &Value, most: usize) -> String {
    let items: Vec<&Value> =
        list(&plan["outcome"]["items"]).iter().filter(|item| item["change"] != "CHANGE_KEPT").collect();
    if items.is_empty() || most == 0 {
        return String::new();
    }
    let rows: Vec<Vec<String>> = items
        .iter()
        .take(most)
        .map(|item| {
            let from = Show::Ids.text(&item["previousVolunteers"]);
            let change = match item["isAskedFor"] == true {
                true => "asked".to_owned(),
                false => Show::Enum("CHANGE_").text(&item["change"]),
            };
            vec![
                change,
                Show::Id.text(&item["gig"]),
                if from.is_empty() { "-".to_owned() } else { from },
                Show::Ids.text(&item["volunteers"]),
                Show::Time.text(&item["startTime"]),
                item["why"].as_str().unwrap_or_default().to_owned(),
            ]
        })
        .collect();
    let headings = ["change", "gig", "from", "to", "start", "why"];
    let mut text = format!("\n{}", columns_text(&headings, &[8, usize::MAX, usize::MAX, usize::MAX, 18, 44], &rows));
    if items.len() > most {
        text.push_str(&format!("and {} more changes\n", items.len() - most));
    }
    text
}

/// Who hears what when a plan is applied, be it by asking: for the question before it is done.
pub(super) fn who_hears(plan: &Value, is_asking: bool) -> String {
    if is_asking { who_is_asked(plan) } else { who_is_told(plan) }
}

fn who_is_asked(plan: &Value) -> String {
    let new = list(&plan["outcome"]["items"]).iter().filter(|item| item["change"] == "CHANGE_NEW");
    let (left, gigs): (Vec<&Value>, Vec<&Value>) = new.partition(|item| item["isAskedFor"] == true);
    let people: BTreeSet<&str> =
        gigs.iter().flat_map(|item| list(&item["volunteers"])).filter_map(Value::as_str).collect();
    let back = open_offers(gigs.iter().copied());
    let (people, gigs) = (counted(people.len(), "volunteer"), counted(gigs.len(), "gig"));
    let mut words = format!("Up to {people} will be asked for {gigs}, and others where they say no or stay silent.");
    if !left.is_empty() {
        words.push_str(&format!(" {} being asked for already, and left to that.", are(left.len(), "gig")));
    }
    if back > 0 {
        words.push_str(&format!(" Of {}, those for another start are taken back.", counted(back, "open offer")));
    }
    words
}

/// The open offers that a plan takes back where it promises.
fn taken_back(plan: &Value) -> usize {
    let taken = |item: &&Value| matches!(item["change"].as_str(), Some("CHANGE_NEW" | "CHANGE_MOVED"));
    open_offers(list(&plan["outcome"]["items"]).iter().filter(taken))
}

/// What is said of a plan that was applied by promising.
pub(super) fn promised(name: &str, plan: &Value) -> String {
    let back = match taken_back(plan) {
        0 => String::new(),
        1 => ", 1 open offer was taken back".to_owned(),
        back => format!(", {} were taken back", counted(back, "open offer")),
    };
    format!("applied {name}: {} changed{back}", counted(Counts::of(plan).changes(), "gig"))
}

/// The open offers of gigs.
fn open_offers<'v>(items: impl Iterator<Item = &'v Value>) -> usize {
    items.map(|item| usize::try_from(number(&item["openOfferCount"])).unwrap_or(0)).sum()
}

fn who_is_told(plan: &Value) -> String {
    let people = |item: &Value, field: &str| -> BTreeSet<String> {
        list(&item[field]).iter().map(|one| Show::Id.text(one)).collect()
    };
    let (mut go, mut stay) = (BTreeSet::new(), BTreeSet::new());
    let mut gigs = 0;
    for item in list(&plan["outcome"]["items"]) {
        let (now, before) = (people(item, "volunteers"), people(item, "previousVolunteers"));
        match item["change"].as_str().unwrap_or_default() {
            "CHANGE_NEW" | "CHANGE_MOVED" => {
                stay.extend(before.difference(&now).cloned());
                go.extend(now);
                gigs += 1;
            }
            "CHANGE_DROPPED" => stay.extend(before),
            _ => {}
        }
    }
    let mut words = Vec::new();
    if !go.is_empty() {
        words.push(format!("{} told that they go, to {}", are(go.len(), "volunteer"), counted(gigs, "gig")));
    }
    if !stay.is_empty() {
        words.push(format!("{} told that a gig of theirs is off", are(stay.len(), "volunteer")));
    }
    let back = match taken_back(plan) {
        0 => String::new(),
        back => format!(" {} taken back: who was asked is not needed any more.", are(back, "open offer")),
    };
    match words.is_empty() {
        true => "Nothing changes, and nobody is told anything.".to_owned(),
        false => format!("{}; nobody is asked first.{back}", words.join(", and ")),
    }
}

fn are(count: usize, what: &str) -> String {
    format!("{} {}", counted(count, what), if count == 1 { "is" } else { "are" })
}

/// The open gigs, each with its reason in one line.
pub(super) fn open(open: &Value, most: usize) -> String {
    let open = list(open);
    if open.is_empty() || most == 0 {
        return String::new();
    }
    let mut text = String::from("\nOPEN, AND WHY\n");
    for explanation in open.iter().take(most) {
        text.push_str(&open_line(explanation));
    }
    if open.len() > most {
        text.push_str(&format!("and {} more\n", open.len() - most));
    }
    text
}

/// One open gig and its reason, wrapped within a hundred columns.
pub(super) fn open_line(explanation: &Value) -> String {
    let gig = Show::Id.text(&explanation["gig"]);
    let class = class_words(explanation["class"].as_str().unwrap_or_default());
    let mut text = String::new();
    let is_long = gig.chars().count() > 6;
    for (index, line) in wrapped(english(&explanation["text"]), 72).iter().enumerate() {
        let head = if index == 0 && !is_long { format!("{gig:<6} {class:<17}") } else { " ".repeat(24) };
        text.push_str(&format!("{head}  {line}\n"));
    }
    // An id made by the server fills a line of its own.
    if text.is_empty() || is_long { format!("{gig:<6} {class}\n{text}") } else { text }
}

/// The words of a text in lines of at most so many characters.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Seconds of the budget in a plan, for a deadline of our own.
pub(super) fn budget_seconds(plan: &Value) -> i64 {
    plan["budget"].as_str().and_then(seconds).unwrap_or(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn plan() -> Value {
        json!({
            "name": "networks/k/plans/p1", "state": "STATE_READY",
            "period": { "startTime": "2026-11-22T22:00:00Z", "endTime": "2026-11-29T22:00:00Z" },
            "outcome": {
                "status": "STATUS_OPTIMAL", "weight": "490", "boundWeight": "490", "travelSeconds": "84210",
                "coveredCount": 121, "gigCount": 150, "solveDuration": "0.412s",
                "coverageByKind": [{ "kind": "networks/k/kinds/shopping", "coveredCount": 31, "gigCount": 40 }],
                "coverageByPriority": [{ "priority": 5, "coveredCount": 7, "gigCount": 7 }, { "priority": 4, "gigCount": 3 }],
                "busiestDay": { "date": { "year": 2026, "month": 11, "day": 24 }, "gigCount": 27 },
                "items": [
                    { "gig": "networks/k/gigs/g1", "change": "CHANGE_NEW", "volunteers": ["networks/k/volunteers/v1"],
                      "startTime": "2026-11-24T09:00:00Z", "why": "fills an open gig" },
                    { "gig": "networks/k/gigs/g2", "change": "CHANGE_KEPT" },
                ],
                "open": [{ "gig": "networks/k/gigs/g3", "class": "CLASS_OUTBID", "text": { "en": "v1 was needed at g1" } }],
            },
        })
    }

    #[test]
    fn a_plan_fits_a_hundred_columns_and_says_it_all() {
        let text = text(&plan(), Detail { changes_max: 10, open_max: 3 });
        for part in [
            "121 of 150",
            "proven best",
            "23 h 24 min",
            "Tue 24.11. with 27 gigs",
            "1 new",
            "needed elsewhere",
            "31/40",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }

    #[test]
    fn an_open_gig_with_a_long_id_stays_within_a_hundred_columns() {
        let reason = "Someone could come, but is needed for another gig, which weighs more. ".repeat(2);
        let id = "01a20196-0f3c-7d41-9f7e-0123456789ab";
        let line = open_line(&json!({ "gig": format!("networks/k/gigs/{id}"), "class": "CLASS_OUTBID",
                                      "text": { "en": reason } }));
        assert!(line.contains(id) && line.contains("weighs more"), "{line}");
        assert!(line.lines().all(|line| line.chars().count() <= 100), "{line}");
    }

    #[test]
    fn changes_are_counted() {
        let counts = Counts::of(&plan());
        assert_eq!((counts.changes(), counts.kept, counts.open), (1, 1, 1));
    }

    #[test]
    fn what_is_asked_for_already_is_no_new_gig_and_its_open_offers_are_named() {
        let mut plan = plan();
        let mut asked = plan["outcome"]["items"][0].clone();
        (asked["gig"], asked["isAskedFor"], asked["openOfferCount"]) =
            (json!("networks/k/gigs/g9"), json!(true), json!(3));
        asked["volunteers"] = json!(["networks/k/volunteers/v2"]);
        plan["outcome"]["items"].as_array_mut().expect("items").push(asked);
        let counts = Counts::of(&plan);
        assert_eq!((counts.new, counts.asked_for, counts.changes()), (1, 1, 2));
        let text = text(&plan, Detail { changes_max: 10, open_max: 0 });
        assert!(text.contains("changes  1 new, 1 being asked for, 0 moved") && text.contains("\nasked "), "{text}");
        assert_eq!(
            who_is_told(&plan),
            "2 volunteers are told that they go, to 2 gigs; nobody is asked first. 3 open offers are taken back: who was asked is \
             not needed any more."
        );
        assert_eq!(
            who_is_asked(&plan),
            "Up to 1 volunteer will be asked for 1 gig, and others where they say no or stay silent. 1 gig is being asked for \
             already, and left to that."
        );
        assert_eq!(promised("p1", &plan), "applied p1: 2 gigs changed, 3 open offers were taken back");
        plan["outcome"]["items"][0]["openOfferCount"] = json!(1);
        assert!(who_is_asked(&plan).ends_with("Of 1 open offer, those for another start are taken back."));
    }

    #[test]
    fn who_decides_reads_how_many_are_told_what() {
        assert_eq!(who_is_told(&plan()), "1 volunteer is told that they go, to 1 gig; nobody is asked first.");
        let people = |ids: &[&str]| ids.iter().map(|id| format!("networks/k/volunteers/{id}")).collect::<Vec<_>>();
        let item = |change: &str, now: &[&str], before: &[&str]| json!({ "change": change, "volunteers": people(now), "previousVolunteers": people(before) });
        let items = [
            item("CHANGE_NEW", &["v1", "v2"], &[]),
            item("CHANGE_MOVED", &["v1"], &["v3"]),
            item("CHANGE_DROPPED", &[], &["v3", "v4"]),
            item("CHANGE_KEPT", &["v5"], &["v5"]),
        ];
        assert_eq!(
            who_is_told(&json!({ "outcome": { "items": items } })),
            "2 volunteers are told that they go, to 2 gigs, and 2 volunteers are told that a gig of theirs is off; \
             nobody is asked first."
        );
        assert!(who_is_told(&json!({})).contains("nobody is told"));
    }

    #[test]
    fn words_are_never_lost_when_wrapped() {
        assert_eq!(wrapped("one two three four", 9), ["one two", "three", "four"]);
    }
}
