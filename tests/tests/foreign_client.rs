//! The story in short, told by a client that nobody here wrote: `buf curl`, which learns the API by reflection. On both engines.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use serde_json::{Value, json};
use tests::buf::{Buf, Told};
use tests::calendar::Week;
use tests::engines::for_each_engine;
use tests::test_server::Who;
use tests::town::{NETWORK, gig_name, volunteer_name};
use tonic_types::pb;

const NETWORKS: &str = "keikka.registry.v1.NetworkService";
const VOLUNTEERS: &str = "keikka.registry.v1.VolunteerService";
const SEEKERS: &str = "keikka.registry.v1.SeekerService";
const GIGS: &str = "keikka.dispatch.v1.GigService";
const MATCHING: &str = "keikka.dispatch.v1.MatchingService";

/// An instant as JSON has it.
fn time(at: prost_types::Timestamp) -> String {
    jiff::Timestamp::from_second(at.seconds).expect("an instant").to_string()
}

/// Header and file as messages of an import.
fn file(name: &str, text: &str) -> Vec<Value> {
    let half = text.len() / 2;
    let piece = |bytes: &[u8]| json!({ "chunk": STANDARD.encode(bytes) });
    let (first, second) = text.as_bytes().split_at(half);
    vec![json!({ "header": { "parent": NETWORK, "fileName": name } }), piece(first), piece(second)]
}

/// The summary of an import.
fn imported(answers: Result<Vec<Value>, Told>) -> Value {
    let answers = answers.unwrap_or_else(|told| panic!("{told:?}"));
    answers.last().map(|last| last["summary"].clone()).expect("a summary at the end")
}

fn decoded<M: prost::Message + Default>(told: &Told, name: &str) -> M {
    let bytes = STANDARD_NO_PAD.decode(told.detail(name).trim_end_matches('=')).expect("base64");
    M::decode(bytes.as_slice()).expect("the message that its type names")
}

/// Code, reason and metadata of a refusal.
fn refusal(answer: Result<Vec<Value>, Told>) -> (String, pb::ErrorInfo, Told) {
    let told = answer.expect_err("should be refused");
    let info: pb::ErrorInfo = decoded(&told, "google.rpc.ErrorInfo");
    assert_eq!(info.domain, "keikka");
    (told.code.clone(), info, told)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_client_learns_the_service_and_does_the_main_job() {
    for_each_engine(|server| async move {
        let (ops, city) = (server.key(Who::Ops).to_owned(), server.key(Who::City).to_owned());
        let url = server.url();
        let told = tokio::task::spawn_blocking(move || story(&Buf::new(&url, &ops), &Buf::new(&url, &city)));
        told.await.expect("the story ends well");
        server.stop().await;
    })
    .await;
}

fn story(ops: &Buf, city: &Buf) {
    let services = city.services();
    for service in [NETWORKS, VOLUNTEERS, SEEKERS, GIGS, MATCHING, "grpc.health.v1.Health"] {
        assert!(services.iter().any(|listed| listed == service), "{service} in {services:?}");
    }
    let health = city.one("grpc.health.v1.Health/Check", json!({}));
    assert_eq!(health["status"], "SERVING");

    let network = json!({ "networkId": "kouvola", "network": { "title": "Kouvolan verkosto", "city": "Kouvola" } });
    assert_eq!(ops.one(&format!("{NETWORKS}/CreateNetwork"), network)["network"]["name"], NETWORK);
    let week = Week::coming();
    lists(city, week);
    let start = quote_assign_cancel(city, week);
    rematch_apply_explain(city, week);
    refusals(city, &start);
}

fn lists(city: &Buf, week: Week) {
    let volunteers = "Tunniste;Nimi;Leveysaste;Pituusaste;Postinumero;Keikkalajit;Saatavuus;Kulkutapa;Matkaraja;Enintään päivässä;Enintään viikossa\n\
                      V-1;Aino Testinen;60,868;26,704;45100;kauppa-apu;ma-su 8-20;auto;30;2;5\n\
                      V-2;Veikko Testinen;60,870;26,710;45100;kauppa-apu;ma-su 8-20;pyörä;30;2;5\n";
    let seekers = "Tunniste;Nimi;Leveysaste;Pituusaste;Postinumero\nS-1;Eino Esimerkki;60,868;26,720;45100\n\
                   S-2;Kauko Kaukainen;60,868;27,070;46400\n";
    let gigs = format!(
        "Tunniste;Laji;Avunsaaja;Päivä;Kello\nG-1;kauppa-apu;S-1;{};9-12\nG-2;kauppa-apu;S-1;{};9-12\nG-3;kauppa-apu;S-2;{};9-12\n",
        week.finnish(0),
        week.finnish(1),
        week.finnish(2)
    );
    let told = imported(city.call(&format!("{VOLUNTEERS}/ImportVolunteers"), &file("vapaaehtoiset.csv", volunteers)));
    assert_eq!((&told["created"], &told["stored"]), (&json!(2), &json!(true)), "{told}");
    let told = imported(city.call(&format!("{SEEKERS}/ImportSeekers"), &file("avunsaajat.csv", seekers)));
    assert_eq!((&told["created"], &told["stored"]), (&json!(2), &json!(true)), "{told}");
    let told = imported(city.call(&format!("{GIGS}/ImportGigs"), &file("pyynnot.csv", &gigs)));
    assert_eq!((&told["created"], &told["stored"]), (&json!(3), &json!(true)), "{told}");
}

/// The start that was promised and called off.
fn quote_assign_cancel(city: &Buf, week: Week) -> String {
    let quote = city.one(&format!("{MATCHING}/QuoteGig"), json!({ "parent": NETWORK, "name": gig_name("g-1") }));
    let best = &quote["candidates"][0];
    assert_eq!((&quote["consideredCount"], &quote["ableCount"]), (&json!(2), &json!(2)), "{quote}");
    let start = best["startTime"].as_str().expect("a start").to_owned();
    assert!(start >= time(week.at(0, 9 * 60)), "{start}");
    let seat = json!({ "slot": 0, "volunteer": best["volunteer"] });
    let assign = json!({ "name": gig_name("g-1"), "startTime": start, "assignments": [seat] });
    let assigned = city.one(&format!("{GIGS}/AssignVolunteer"), assign);
    assert_eq!(assigned["gig"]["state"], "STATE_FILLED");
    let (code, info, _) = refusal(city.call(
        &format!("{GIGS}/AssignVolunteer"),
        &[json!({ "name": gig_name("g-1"), "startTime": start, "assignments": [{ "slot": 0, "volunteer": volunteer_name("v-2") }] })],
    ));
    assert_eq!((code.as_str(), info.reason.as_str()), ("failed_precondition", "SLOT_TAKEN"));
    assert_eq!(info.metadata.get("gig").map(String::as_str), Some("g-1"));
    let cancelled = city.one(&format!("{GIGS}/CancelGig"), json!({ "name": gig_name("g-1"), "reason": "asia hoitui" }));
    assert_eq!(
        (&cancelled["gig"]["state"], &cancelled["gig"]["cancelReason"]),
        (&json!("STATE_CANCELLED"), &json!("asia hoitui"))
    );
    start
}

fn rematch_apply_explain(city: &Buf, week: Week) {
    let period = json!({ "startTime": time(week.at(0, 0)), "endTime": time(week.at(7, 0)) });
    let created = city.one(
        &format!("{MATCHING}/CreatePlan"),
        json!({ "parent": NETWORK, "plan": { "period": period, "budget": "5s" }, "planId": "p-1" }),
    );
    let name = created["plan"]["name"].as_str().expect("a name").to_owned();
    let watched = city.call(&format!("{MATCHING}/WatchPlan"), &[json!({ "name": name })]).expect("a stream to its end");
    let plan = &watched.last().expect("the plan at the end")["plan"];
    assert_eq!(
        (&plan["state"], &plan["outcome"]["status"]),
        (&json!("STATE_READY"), &json!("STATUS_OPTIMAL")),
        "{plan}"
    );
    let items = plan["outcome"]["items"].as_array().expect("items");
    assert_eq!(items.iter().map(|item| item["gig"].clone()).collect::<Vec<_>>(), [json!(gig_name("g-2"))]);
    let applied = city.one(&format!("{MATCHING}/ApplyPlan"), json!({ "name": name, "etag": plan["etag"] }));
    assert_eq!((&applied["appliedCount"], &applied["plan"]["state"]), (&json!(1), &json!("STATE_APPLIED")));
    let gig = city.one(&format!("{GIGS}/GetGig"), json!({ "name": gig_name("g-2") }));
    assert_eq!(gig["gig"]["state"], "STATE_FILLED");

    let explained = city.one(&format!("{MATCHING}/ExplainGig"), json!({ "name": gig_name("g-3") }));
    let told = &explained["explanation"];
    assert_eq!(
        (&told["class"], &told["nearestMisses"][0]["rule"]),
        (&json!("CLASS_NOBODY_ELIGIBLE"), &json!("TOO_FAR")),
        "{told}"
    );
    assert_eq!(told["nearestMisses"][0]["volunteer"], volunteer_name("v-1"));
}

/// Refusals carry their reason, and every wrong field, in messages that any client can decode.
fn refusals(city: &Buf, start: &str) {
    let wrong = json!({ "kind": format!("{NETWORK}/kinds/nothing"), "seeker": "eino", "priority": 9, "windows": [{ "startTime": start }] });
    let (code, info, told) =
        refusal(city.call(&format!("{GIGS}/CreateGig"), &[json!({ "parent": NETWORK, "gig": wrong })]));
    assert_eq!((code.as_str(), info.reason.as_str()), ("invalid_argument", "FIELDS_INVALID"));
    let fields: pb::BadRequest = decoded(&told, "google.rpc.BadRequest");
    let mut names: Vec<&str> = fields.field_violations.iter().map(|wrong| wrong.field.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["gig.priority", "gig.seeker", "gig.windows[0].end_time"]);
    assert!(fields.field_violations.iter().all(|wrong| !wrong.description.is_empty()));
    let message: pb::LocalizedMessage = decoded(&told, "google.rpc.LocalizedMessage");
    assert_eq!(message.locale, "en");

    let (code, info, _) = refusal(city.call(&format!("{GIGS}/GetGig"), &[json!({ "name": gig_name("g-99") })]));
    assert_eq!((code.as_str(), info.reason.as_str()), ("not_found", "RESOURCE_NOT_FOUND"));
}
