//! Whom a plan wants for a gig comes late in a quote of another for those hours, and people read why; until the plan is put away or its
//! gig taken.

use serde_json::Value;
use tests::dev_server::DevServer;

fn json(server: &DevServer, arguments: &[&str]) -> Value {
    let text = server.stdout(&[arguments, &["-o", "json"]].concat());
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn id(name: &Value) -> &str {
    name.as_str().and_then(|name| name.rsplit('/').next()).expect("a name")
}

/// A gig that a plan gives to somebody.
#[derive(Debug, Clone)]
struct Planned {
    gig: String,
    volunteer: String,
    start: String,
    /// A request like it for that hour and the next.
    request: Vec<String>,
}

impl Planned {
    fn of(server: &DevServer, item: &Value) -> Option<Self> {
        let [volunteer] = item["volunteers"].as_array()?.as_slice() else { return None };
        let start: jiff::Timestamp = item["startTime"].as_str()?.parse().ok()?;
        let gig = json(server, &["gig", "get", id(&item["gig"])]);
        let set = |field: &str, value: &str| ["--set".to_owned(), format!("{field}={value}")];
        let until = start + jiff::SignedDuration::from_hours(2);
        let sets = [
            set("kind", id(&gig["kind"])),
            set("seeker", id(&gig["seeker"])),
            set("windows", &format!("{start}..{until}")),
        ];
        Some(Self {
            gig: id(&item["gig"]).to_owned(),
            volunteer: id(volunteer).to_owned(),
            start: start.to_string(),
            request: sets.concat(),
        })
    }

    fn quote(&self) -> Vec<&str> {
        let request = self.request.iter().map(String::as_str);
        ["quote", "--limit", "100"].into_iter().chain(request).collect()
    }

    /// What being needed for it costs the volunteer in a quote of the other request, in thousandths of a point.
    fn needed(&self, server: &DevServer) -> Option<i64> {
        let quote = json(server, &self.quote());
        let own = quote["candidates"].as_array()?.iter().find(|one| id(&one["volunteer"]) == self.volunteer)?;
        let term = own["terms"].as_array()?.iter().find(|term| term["code"] == "NEEDED_ELSEWHERE")?;
        term["points"].as_str().map_or(term["points"].as_i64(), |points| points.parse().ok())
    }
}

#[test]
fn who_is_needed_elsewhere_is_quoted_late_and_people_read_why() {
    let server = DevServer::start();
    let plan = json(&server, &["rematch", "--budget", "60", "--keep"]);
    let items = plan["outcome"]["items"].as_array().expect("items").clone();
    let planned = items.iter().filter_map(|item| Planned::of(&server, item)).take(25);
    let most = planned.filter_map(|one| Some((one.needed(&server)?, one))).min_by_key(|(milli, _)| *milli);
    let (milli, one) = most.expect("somebody is needed elsewhere");
    assert!(milli < -60_000, "an hour at least: {milli}");
    let text = server.stdout(&one.quote());
    assert!(text.contains("needed elsewhere -") && text.contains("the newest plan has other gigs for them"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    let _ = server.stdout(&["plan", "discard", id(&plan["name"])]);
    assert_eq!(one.needed(&server), None, "the plan was put away");
    let text = server.stdout(&one.quote());
    assert!(!text.contains("the newest plan"), "{text}");
    json(&server, &["rematch", "--budget", "60", "--keep"]);
    assert_eq!(one.needed(&server), Some(milli), "the same plan again");
    let _ = server.stdout(&["gig", "assign", &one.gig, &one.volunteer, "--at", &one.start]);
    assert_eq!(one.needed(&server), None, "promised by now: the gig is no longer to be paid for");
}
