//! What became of the evening: for each gig, and all together, from asked to filled.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::plan_text::wrapped;
use super::{is_open, text_of, time};
use crate::local_time;
use crate::output::{columns_text, last_segment};

/// Longest bar, in characters.
const BAR: usize = 30;
/// Columns of a line.
const WIDTH: usize = 100;

/// What became of the offers for one gig, or of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Counts {
    asked: usize,
    delivered: usize,
    yes: usize,
    no: BTreeMap<String, usize>,
    lapsed: usize,
    spared: usize,
    open: usize,
}

/// One gig and what became of it.
#[derive(Debug, Clone)]
struct Told {
    gig: Value,
    counts: Counts,
    /// Who goes, and how long after the beginning they said so.
    filled: Option<(String, i64)>,
    /// When the gig begins, as it was offered.
    start: String,
    state: String,
}

/// What became of the evening.
#[derive(Debug, Clone)]
pub(in super::super) struct Funnel {
    gigs: Vec<Told>,
}

impl Counts {
    fn add(&mut self, offer: &Value) {
        self.asked += 1;
        self.delivered += usize::from(offer["deliveredTime"].is_string());
        match text_of(&offer["state"]) {
            "STATE_ACCEPTED" => self.yes += 1,
            "STATE_DECLINED" => {
                let reason = text_of(&offer["declineReason"]).trim_start_matches("DECLINE_REASON_");
                *self.no.entry(reason.to_lowercase().replace('_', " ")).or_default() += 1;
            }
            "STATE_EXPIRED" => self.lapsed += 1,
            "STATE_WITHDRAWN" => self.spared += 1,
            _ if is_open(offer) => self.open += 1,
            _ => {}
        }
    }

    fn no(&self) -> usize {
        self.no.values().sum()
    }

    fn json(&self) -> Value {
        json!({
            "asked": self.asked, "delivered": self.delivered, "yes": self.yes, "no": self.no, "lapsed": self.lapsed,
            "withdrawn": self.spared, "open": self.open,
        })
    }
}

impl Funnel {
    pub(super) fn of(began: Timestamp, gigs: Vec<Value>, askings: Vec<Value>, offers: Vec<Value>) -> Self {
        let told = gigs.into_iter().zip(askings).map(|(gig, asking)| {
            let mut counts = Counts::default();
            let of_gig: Vec<&Value> = offers.iter().filter(|offer| offer["gig"] == gig["name"]).collect();
            of_gig.iter().for_each(|offer| counts.add(offer));
            let yes = of_gig.iter().find(|offer| offer["state"] == "STATE_ACCEPTED");
            let filled = yes.map(|offer| {
                let answered = time(offer, "answerTime").unwrap_or(began);
                let who = last_segment(text_of(&offer["volunteer"])).to_owned();
                (who, answered.duration_since(began).as_mins())
            });
            let start = local_time::show(text_of(&asking["startTime"]));
            Told { gig, counts, filled, start, state: text_of(&asking["state"]).to_owned() }
        });
        Self { gigs: told.collect() }
    }

    /// Questions and their ends, by what the events of a watch tell of them.
    pub(in super::super) fn events(&self) -> usize {
        let all = self.all();
        all.asked + all.no() + all.lapsed + all.spared
    }

    fn all(&self) -> Counts {
        let mut all = Counts::default();
        for counts in self.gigs.iter().map(|told| &told.counts) {
            all.asked += counts.asked;
            all.delivered += counts.delivered;
            all.yes += counts.yes;
            all.lapsed += counts.lapsed;
            all.spared += counts.spared;
            all.open += counts.open;
            for (reason, count) in &counts.no {
                *all.no.entry(reason.clone()).or_default() += count;
            }
        }
        all
    }

    /// The evening for programs.
    pub(in super::super) fn json(&self) -> Value {
        let gig = |told: &Told| {
            let mut json = told.counts.json();
            json["gig"] = told.gig["name"].clone();
            if let Some((who, minutes)) = &told.filled {
                json["filledBy"] = json!(who);
                json["filledAfterMinutes"] = json!(minutes);
            }
            json
        };
        json!({ "gigs": self.gigs.iter().map(gig).collect::<Vec<_>>(), "funnel": self.all().json() })
    }
}

/// The gig in a few words: `g12  shopping  Tue 24.11. 12:00`.
fn cells(told: &Told) -> Vec<String> {
    let outcome = match (&told.filled, told.state.as_str()) {
        (Some((who, minutes)), _) => format!("{who} goes {}: a yes after {}", told.start, spoken(*minutes)),
        (None, "STATE_EXHAUSTED") => "nobody is left to ask: a person decides what next".to_owned(),
        (None, _) => "still being asked for".to_owned(),
    };
    let counts = &told.counts;
    let mut cells =
        vec![last_segment(text_of(&told.gig["name"])).to_owned(), last_segment(text_of(&told.gig["kind"])).to_owned()];
    cells.extend([counts.asked, counts.yes, counts.no(), counts.lapsed].map(|count| count.to_string()));
    cells.push(outcome);
    cells
}

fn spoken(minutes: i64) -> String {
    if minutes < 60 { format!("{minutes} min") } else { format!("{} h {:02} min", minutes / 60, minutes % 60) }
}

/// What people read.
pub(in super::super) fn text(funnel: &Funnel) -> String {
    let rows: Vec<Vec<String>> = funnel.gigs.iter().map(cells).collect();
    let headings = ["gig", "kind", "asked", "yes", "no", "silent", "what became of it"];
    let mut text = columns_text(&headings, &[usize::MAX; 7], &rows);
    let all = funnel.all();
    let filled = funnel.gigs.iter().filter(|told| told.filled.is_some()).count();
    let reasons: Vec<String> = all.no.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
    text.push('\n');
    let mut bar = |word: &str, count: usize, why: &str| {
        let full = if all.asked == 0 { 0 } else { (count * BAR).div_ceil(all.asked) };
        let head = format!("{word:<11}{count:>3}  {:<BAR$}", "#".repeat(full));
        // Within a hundred columns.
        let mut why = wrapped(why, WIDTH - head.len() - 2).into_iter();
        text.push_str(format!("{head}  {}", why.next().unwrap_or_default()).trim_end());
        text.push('\n');
        for more in why {
            text.push_str(&format!("{:1$}  {more}\n", "", head.len()));
        }
    };
    bar("asked", all.asked, "a few at a time, never all at once");
    bar("delivered", all.delivered, "");
    bar("yes", all.yes, "");
    bar("no", all.no(), &reasons.join(", "));
    bar("silent", all.lapsed, "their time to answer ran out");
    bar("let off", all.spared, "told kindly that somebody else goes");
    if all.open > 0 {
        bar("open", all.open, "may still answer");
    }
    text.push_str(&format!("filled     {filled:>3}  of {} gigs\n", funnel.gigs.len()));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_evening_is_counted_from_asked_to_filled() {
        let offer = |volunteer: &str, state: &str, more: Value| {
            let mut offer = json!({
                "gig": "networks/k/gigs/g1", "volunteer": format!("networks/k/volunteers/{volunteer}"), "state": state,
                "createTime": "2026-11-22T15:00:00Z", "deliveredTime": "2026-11-22T15:00:01Z",
            });
            for (key, value) in more.as_object().into_iter().flatten() {
                offer[key] = value.clone();
            }
            offer
        };
        let offers = vec![
            offer("v1", "STATE_DECLINED", json!({ "declineReason": "DECLINE_REASON_TOO_FAR" })),
            offer("v2", "STATE_ACCEPTED", json!({ "answerTime": "2026-11-22T16:12:00Z" })),
            offer("v3", "STATE_EXPIRED", json!({})),
            offer("v4", "STATE_WITHDRAWN", json!({})),
        ];
        let gig = json!({ "name": "networks/k/gigs/g1", "kind": "networks/k/kinds/shopping" });
        let asking = json!({ "state": "STATE_OVER", "startTime": "2026-11-24T10:00:00Z" });
        let began = "2026-11-22T15:00:00Z".parse().expect("instant");
        let funnel = Funnel::of(began, vec![gig.clone()], vec![asking.clone()], offers);
        assert_eq!(
            text(&funnel),
            "GIG  KIND      ASKED  YES  NO  SILENT  WHAT BECAME OF IT\n\
             g1   shopping      4    1   1       1  v2 goes Tue 24.11. 12:00: a yes after 1 h 12 min\n\n\
             asked        4  ##############################  a few at a time, never all at once\n\
             delivered    4  ##############################\n\
             yes          1  ########\n\
             no           1  ########                        too far 1\n\
             silent       1  ########                        their time to answer ran out\n\
             let off      1  ########                        told kindly that somebody else goes\n\
             filled       1  of 1 gigs\n"
        );
        let no = |reason: &str| offer("v5", "STATE_DECLINED", json!({ "declineReason": reason }));
        let many = ["NOT_THIS_TIME", "TOO_FAR", "NOT_THIS_KIND", "AWAY", "TOO_OFTEN", "OTHER_HOUR"].map(no).to_vec();
        let wide = text(&Funnel::of(began, vec![gig], vec![asking], many));
        assert!(wide.lines().all(|line| line.chars().count() <= 100) && wide.contains("too often 1"), "{wide}");
        assert_eq!(funnel.json()["funnel"]["no"]["too far"], 1);
        assert_eq!(funnel.events(), 7);
    }
}
