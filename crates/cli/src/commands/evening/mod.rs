//! The demo's evening: three gigs are handed over, offers go by letter into a folder, made-up people answer in their own time, by the same
//! verbs as everybody's, and the service does the rest. It is yesterday's evening: the clock of the demo is set back, and then forward in
//! leaps, so that an evening takes seconds and nothing that it leaves behind lies in the future. One gig more is asked for, and nobody
//! answers: that is left to the reader.

mod funnel;
mod letters;
mod people;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::client::Client;
use crate::clock::Stopwatch;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{at, last_segment, number};
use crate::sample::NETWORK;
pub(super) use funnel::{Funnel, text};
use people::{Answer, Planned};

const OFFERS: &str = "keikka.dispatch.v1.OfferService";
const GIGS: &str = "keikka.dispatch.v1.GigService";
const MATCHING: &str = "keikka.dispatch.v1.MatchingService";
const VOLUNTEERS: &str = "keikka.registry.v1.VolunteerService/ListVolunteers";
const LETTERS: &str = "keikka.notification.v1.NotificationService/ListNotifications";
/// Gigs that are asked for.
const GIGS_ASKED: usize = 3;
/// Gigs that are asked for without anybody answering.
const GIGS_LEFT: usize = 1;
/// Their kinds: one of each, the first ones where there is one.
const KINDS: [&str; 6] = ["call", "shopping", "pharmacy", "household", "escort", "digital"];
/// Volunteers who could take such a gig, at least: who has hardly anybody shows little.
const ABLE_MIN: i64 = 8;
/// Local hours of the day before: the city is loaded, and the evening begins. A yes is wanted so many minutes later, when it ends.
const LOADED: i8 = 16;
const BEGINS: i8 = 17;
const WANTED_MIN: i64 = 3 * 60 + 30;
/// The evening is looked at every so often, and at most so many times.
const STEP: SignedDuration = SignedDuration::from_mins(3);
const STEPS_MAX: usize = 150;
/// How long we wait in all for the service to do what its time brings: an evening that is cut short tells another story.
const PATIENCE: Duration = Duration::from_secs(180);
/// So many looks in vain, and the service is called to look as well: what falls due by itself would wait for its next round.
const LOOKS: usize = 20;

/// The evening as it goes.
pub(super) struct Evening<'c> {
    client: &'c Client,
    clock: &'c server::Clock,
    patience: Stopwatch,
    gigs: Vec<Value>,
    /// Asked for, and never answered.
    left: Vec<Value>,
    /// Who reads which language.
    readers: BTreeMap<String, String>,
    began: Timestamp,
    planned: BTreeMap<String, Planned>,
}

/// A question that waits for its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiting {
    /// The id of the gig.
    pub(super) gig: String,
    /// The id of the one who is asked.
    pub(super) volunteer: String,
    /// The link in their letter.
    pub(super) link: String,
}

/// How things stand at one moment.
struct Seen {
    askings: Vec<Value>,
    offers: Vec<Value>,
    /// The askings that nobody answers: they ask the same people.
    left: Vec<Value>,
}

impl<'c> Evening<'c> {
    /// Sets the clock to the evening, picks three gigs and hands them over.
    pub(super) async fn begin(client: &'c Client, clock: &'c server::Clock) -> Result<Self, Failure> {
        let now = clock.now();
        clock.advance_s((evening_of(now).duration_since(now).as_secs() + 1).max(0));
        let began = clock.now();
        let wanted = began + SignedDuration::from_mins(WANTED_MIN);
        let readers = readers(client).await?;
        let mut gigs = pick(client, wanted, &readers).await?;
        let left = gigs.split_off(gigs.len().min(GIGS_ASKED));
        for gig in gigs.iter().chain(&left) {
            let mut request = json!({ "gig": gig["name"], "requestId": Context::request_id() });
            if !left.contains(gig) {
                request["deadlineTime"] = json!(wanted.to_string());
            }
            client.call("ask for a gig", &format!("{OFFERS}/StartAsking"), request).await?;
        }
        clock.advance_s(1);
        Ok(Self { client, clock, patience: Stopwatch::start(), gigs, left, readers, began, planned: BTreeMap::new() })
    }

    /// The gigs that were handed over.
    pub(super) fn gigs(&self) -> &[Value] {
        &self.gigs
    }

    /// When it began.
    pub(super) fn began(&self) -> Timestamp {
        self.began
    }

    /// Lets it pass, to the last answer that matters.
    pub(super) async fn pass(&mut self) -> Result<Funnel, Failure> {
        let end = self.began + SignedDuration::from_mins(WANTED_MIN);
        for _ in 0..STEPS_MAX {
            let seen = self.settled().await?;
            for offer in &seen.offers {
                let name = text_of(&offer["name"]);
                self.planned.entry(name.to_owned()).or_insert_with(|| people::planned(offer));
            }
            let now = self.clock.now();
            let due: Vec<&Value> = seen.offers.iter().filter(|offer| self.answers_by(offer, now)).collect();
            let answered = !due.is_empty();
            for offer in due {
                self.answer(offer).await?;
                // The service looks at once: what it then does comes before the next answer, as it does every time.
                self.settled().await?;
            }
            let Some(next) = self.next(&seen, now).filter(|next| *next <= end) else {
                if answered {
                    self.clock.advance_s(1);
                    continue;
                }
                break;
            };
            let wait = if answered { SignedDuration::from_secs(1) } else { next.duration_since(now).max(STEP) };
            self.clock.advance_s(wait.as_secs() + 1);
        }
        let seen = self.settled().await?;
        self.letters_sent().await?;
        let mut gigs = Vec::with_capacity(self.gigs.len());
        for gig in &self.gigs {
            let request = json!({ "name": gig["name"] });
            gigs.push(self.client.call("get a gig", &format!("{GIGS}/GetGig"), request).await?["gig"].take());
        }
        Ok(Funnel::of(self.began, gigs, seen.askings, seen.offers))
    }

    /// How many letters lie in the folder, and the first question in each language.
    pub(super) fn letters(&self, folder: &Path) -> String {
        letters::text(folder, &self.readers)
    }

    /// Once it has passed: the first question that nobody has answered, whose letter lies in the folder.
    pub(super) async fn waiting(&self, folder: &Path) -> Result<Option<Waiting>, Failure> {
        for gig in &self.left {
            let mut open = self.offers_of(gig).await?;
            open.retain(is_open);
            for offer in &open {
                let filter = format!("subject = \"{}\"", text_of(&offer["name"]));
                let request = json!({ "parent": format!("networks/{NETWORK}"), "filter": filter, "pageSize": 1000 });
                let told = self.client.call("look for the letter", LETTERS, request).await?;
                let told = told["notifications"].as_array().cloned().unwrap_or_default();
                let link = told.iter().find_map(|one| letters::link(folder, text_of(&one["name"])));
                if let Some(link) = link {
                    let id = |key: &str| last_segment(text_of(&offer[key])).to_owned();
                    return Ok(Some(Waiting { gig: id("gig"), volunteer: id("volunteer"), link }));
                }
            }
        }
        Ok(None)
    }

    /// How things stand once the service has done what the time brings: askings looked at, letters written, leases that ran out ended.
    async fn settled(&self) -> Result<Seen, Failure> {
        let mut looks = 0;
        loop {
            let seen = self.look().await?;
            let now = self.clock.now();
            let waits = |asking: &Value| is_running(asking) && time(asking, "nextTime").is_some_and(|next| next <= now);
            let moves = |offer: &Value| {
                offer["state"] == "STATE_PENDING"
                    || (is_open(offer) && time(offer, "expireTime").is_some_and(|end| end <= now))
            };
            let is_settled = !seen.askings.iter().chain(&seen.left).any(waits) && !seen.offers.iter().any(moves);
            if is_settled || self.patience.elapsed() > PATIENCE {
                return Ok(seen);
            }
            looks += 1;
            if looks % LOOKS == 0 {
                self.clock.advance_s(0);
            }
            tokio::time::sleep(Duration::from_millis(15)).await; // tidy: polls until the service has done its part
        }
    }

    async fn look(&self) -> Result<Seen, Failure> {
        let mut seen = Seen { askings: Vec::new(), offers: Vec::new(), left: Vec::new() };
        for gig in &self.gigs {
            seen.askings.push(self.asking_of(gig).await?);
            seen.offers.extend(self.offers_of(gig).await?);
        }
        for gig in &self.left {
            seen.left.push(self.asking_of(gig).await?);
        }
        Ok(seen)
    }

    async fn asking_of(&self, gig: &Value) -> Result<Value, Failure> {
        let request = json!({ "gig": gig["name"] });
        let mut found = self.client.call("look at the asking", &format!("{OFFERS}/GetAsking"), request).await?;
        Ok(found["asking"].take())
    }

    /// The offers of a gig, oldest first.
    async fn offers_of(&self, gig: &Value) -> Result<Vec<Value>, Failure> {
        let filter = format!("gig = \"{}\"", text_of(&gig["name"]));
        let request = json!({ "parent": format!("networks/{NETWORK}"), "filter": filter, "pageSize": 1000 });
        let mut found = self.client.call("list offers", &format!("{OFFERS}/ListOffers"), request).await?;
        let Value::Array(mut offers) = found["offers"].take() else { return Ok(Vec::new()) };
        offers.sort_by_key(|offer| (text_of(&offer["createTime"]).to_owned(), text_of(&offer["volunteer"]).to_owned()));
        Ok(offers)
    }

    /// Whether somebody who was asked answers by now, and has not yet.
    fn answers_by(&self, offer: &Value, now: Timestamp) -> bool {
        let planned = self.planned.get(text_of(&offer["name"]));
        is_open(offer) && planned.is_some_and(|planned| planned.answer.is_some() && planned.at <= now)
    }

    /// When something happens next.
    fn next(&self, seen: &Seen, now: Timestamp) -> Option<Timestamp> {
        let looks =
            seen.askings.iter().filter(|asking| is_running(asking)).filter_map(|asking| time(asking, "nextTime"));
        let open = || seen.offers.iter().filter(|offer| is_open(offer));
        let answers = open().filter_map(|offer| {
            let planned = self.planned.get(text_of(&offer["name"]))?;
            planned.answer.map(|_| planned.at)
        });
        let ends = open().filter_map(|offer| time(offer, "expireTime"));
        looks.chain(answers).chain(ends).filter(|next| *next > now).min()
    }

    /// Says yes or no for somebody, by the verb that everybody uses. Who comes too late, or cannot any more, is told so.
    async fn answer(&mut self, offer: &Value) -> Result<(), Failure> {
        let Some(planned) = self.planned.get_mut(text_of(&offer["name"])) else { return Ok(()) };
        let Some(answer) = planned.answer.take() else { return Ok(()) };
        let mut request = json!({ "name": offer["name"], "requestId": Context::request_id() });
        let rpc = match answer {
            Answer::Yes => "AcceptOffer",
            Answer::No(reason) => {
                request["reason"] = json!(format!("DECLINE_REASON_{reason}"));
                if reason == "AWAY" {
                    let back =
                        self.clock.now().to_zoned(domain::zone()).date().saturating_add(jiff::Span::new().days(14));
                    request["backDate"] = json!({ "year": back.year(), "month": back.month(), "day": back.day() });
                }
                "DeclineOffer"
            }
        };
        match self.client.call("answer an offer", &format!("{OFFERS}/{rpc}"), request).await {
            Ok(_) => Ok(()),
            Err(failure) if failure.server.as_ref().is_some_and(|said| said.status == "FAILED_PRECONDITION") => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    /// Waits a moment for the letters that are due: who goes, and who need not go any more.
    async fn letters_sent(&self) -> Result<(), Failure> {
        let request = json!({
            "parent": format!("networks/{NETWORK}"), "pageSize": 1000, "filter": "state = \"PENDING\"",
        });
        loop {
            let waiting = self.client.call("look at the letters", LETTERS, request.clone()).await?;
            let now = self.clock.now();
            // Calls wait for people; what has no channel yet becomes letters.
            let is_due = |one: &Value| {
                one["channel"] != "CHANNEL_PHONE" && time(one, "nextAttemptTime").is_some_and(|next| next <= now)
            };
            let any = waiting["notifications"].as_array().is_some_and(|all| all.iter().any(is_due));
            if !any || self.patience.elapsed() > PATIENCE {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(30)).await; // tidy: polls until the letters are in the folder
        }
    }
}

/// When the demo's clock begins: the afternoon before today.
pub(super) fn eve(now: Timestamp) -> Timestamp {
    let today = now.to_zoned(domain::zone()).date();
    at_hour(today.saturating_sub(jiff::Span::new().days(1)), LOADED).unwrap_or(now)
}

/// The evening of the same day.
fn evening_of(now: Timestamp) -> Timestamp {
    at_hour(now.to_zoned(domain::zone()).date(), BEGINS).unwrap_or(now)
}

fn at_hour(day: jiff::civil::Date, hour: i8) -> Option<Timestamp> {
    day.at(hour, 0, 0, 0).to_zoned(domain::zone()).ok().map(|at| at.timestamp())
}

/// Open gigs for one helper after the evening, of different kinds, that some could take: the first of each kind; of the first kind the one
/// whose possible helpers read the most languages, and of those the one with the fewest helpers, as all of them are then asked.
async fn pick(client: &Client, after: Timestamp, readers: &BTreeMap<String, String>) -> Result<Vec<Value>, Failure> {
    let request = json!({ "parent": format!("networks/{NETWORK}"), "pageSize": 1000, "filter": "state = \"OPEN\"" });
    let listed = client.call("list gigs", &format!("{GIGS}/ListGigs"), request).await?;
    let mut open: Vec<Value> = listed["gigs"].as_array().cloned().unwrap_or_default();
    // g2 before g10.
    open.sort_by_key(|gig| (text_of(&gig["name"]).len(), text_of(&gig["name"]).to_owned()));
    let later = after + SignedDuration::from_hours(24);
    let mut picked: Vec<Value> = Vec::new();
    for kind in KINDS {
        let fits = |gig: &&Value| {
            last_segment(text_of(&gig["kind"])) == kind
                && gig["slots"].as_array().is_none_or(|slots| slots.len() < 2)
                && text_of(&gig["campaign"]).is_empty()
                && at(gig, "windows.0.startTime")
                    .as_str()
                    .and_then(|time| time.parse().ok())
                    .is_some_and(|start: Timestamp| start > later)
        };
        let mut best: Option<(usize, i64, &Value)> = None;
        for gig in open.iter().filter(fits) {
            let request =
                json!({ "parent": format!("networks/{NETWORK}"), "name": gig["name"], "candidateLimit": 100 });
            let quote = client.call("quote a gig", &format!("{MATCHING}/QuoteGig"), request).await?;
            let able = number(&quote["ableCount"]);
            if able < ABLE_MIN {
                continue;
            }
            let candidates = quote["candidates"].as_array().map_or(&[][..], Vec::as_slice);
            let languages: BTreeSet<&String> =
                candidates.iter().filter_map(|one| readers.get(text_of(&one["volunteer"]))).collect();
            let languages = languages.len();
            if best.is_none_or(|(most, fewest, _)| languages > most || (languages == most && able < fewest)) {
                best = Some((languages, able, gig));
            }
            if !picked.is_empty() {
                break;
            }
        }
        picked.extend(best.map(|(_, _, gig)| gig.clone()));
        if picked.len() == GIGS_ASKED + GIGS_LEFT {
            break;
        }
    }
    Ok(picked)
}

/// The language in which each volunteer reads letters, by resource name.
async fn readers(client: &Client) -> Result<BTreeMap<String, String>, Failure> {
    let request = json!({ "parent": format!("networks/{NETWORK}"), "pageSize": 1000 });
    let people = client.call("list volunteers", VOLUNTEERS, request).await?;
    let people = people["volunteers"].as_array().map_or(&[][..], Vec::as_slice);
    let read = |one: &Value| (text_of(&one["name"]).to_owned(), text_of(&one["contact"]["language"]).to_owned());
    Ok(people.iter().map(read).collect())
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn time(value: &Value, key: &str) -> Option<Timestamp> {
    value[key].as_str()?.parse().ok()
}

fn is_open(offer: &Value) -> bool {
    matches!(text_of(&offer["state"]), "STATE_PENDING" | "STATE_SENT" | "STATE_DELIVERED")
}

fn is_running(asking: &Value) -> bool {
    asking["state"] == "STATE_RUNNING"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_evening_is_over_whenever_the_demo_runs() {
        for (now, eve, evening) in [
            ("2026-11-25T10:00:00Z", "2026-11-24T14:00:00Z", "2026-11-24T15:00:00Z"),
            ("2026-11-25T21:59:00Z", "2026-11-24T14:00:00Z", "2026-11-24T15:00:00Z"),
            // A minute after midnight, and the day after the clocks went back.
            ("2026-11-25T22:01:00Z", "2026-11-25T14:00:00Z", "2026-11-25T15:00:00Z"),
            ("2026-10-26T10:00:00Z", "2026-10-25T14:00:00Z", "2026-10-25T15:00:00Z"),
        ] {
            let now: Timestamp = now.parse().expect("instant");
            assert_eq!(
                (super::eve(now).to_string(), evening_of(super::eve(now)).to_string()),
                (eve.into(), evening.into())
            );
            assert!(evening_of(super::eve(now)) + SignedDuration::from_mins(WANTED_MIN) < now, "{now}");
        }
    }
}
