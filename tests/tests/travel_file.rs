//! Travel times from a file: solving, verifying and the whole product measure with it, also where there is no way and where the way
//! back takes longer; a file with mistakes is refused with every wrong line.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use proto::dispatch::v1 as dispatch;
use proto::r#type::v1 as wire;
use serde_json::{Value, json};
use server::settings::TravelProvider;
use tests::binary::keikka;
use tests::calendar::Week;
use tests::engines::Engine;
use tests::refused::granted;
use tests::test_server::{TestServer, Who};
use tests::town::{self, NETWORK};

/// Somewhere in Kouvola: a home, a place across the river, and one that nobody can drive to.
const HOME: (f64, f64) = (60.868, 26.704);
const ACROSS: (f64, f64) = (60.880, 26.704);
const ISLAND: (f64, f64) = (60.868, 26.730);
/// Somewhere that the file says nothing about.
const UNNAMED: (f64, f64) = (60.874, 26.720);
/// The straight line to the other side takes under three minutes; by the bridge it is twenty, and the way back is longer still.
const OUT_S: i64 = 1_200;
const BACK_S: i64 = 1_500;

fn cell((lat, lon): (f64, f64)) -> h3o::CellIndex {
    h3o::LatLng::new(lat, lon).expect("a point").to_cell(h3o::Resolution::Ten)
}

/// The middle of a point's cell: what the file measures from.
fn middle(point: (f64, f64)) -> (f64, f64) {
    let at = h3o::LatLng::from(cell(point));
    (at.lat(), at.lng())
}

fn matrix() -> String {
    let [home, across, island] = [HOME, ACROSS, ISLAND].map(cell);
    format!(
        "from_cell,to_cell,mode,seconds\n{home},{across},car,{OUT_S}\n{across},{home},car,{BACK_S}\n{home},{island},car,\n\
         {island},{home},car,\n{across},{island},car,\n{island},{across},car,\n"
    )
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(keikka()).args(arguments).current_dir(folder).output().expect("keikka runs")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// One driver who is free for three hours, and an errand of an hour at each place.
fn town() -> Value {
    let errand = |id: &str, point: (f64, f64)| {
        let (lat, lon) = middle(point);
        json!({ "id": id, "kind": "shopping", "lat": lat, "lon": lon, "duration_s": 3600, "windows": [[28_800, 64_800]],
            "skills": [], "languages_any": [], "weight": 4 })
    };
    let (lat, lon) = middle(HOME);
    json!({
        "schema": "keikka-city/2", "name": "bridge", "horizon_s": 604_800, "detour": 1.3, "earth_radius_m": 6_371_000,
        "modes": { "car": 350 },
        "volunteers": [{ "id": "ann", "lat": lat, "lon": lon, "mode": "car", "max_travel_s": 3600, "skills": [],
            "languages": ["fi"], "kinds": ["shopping"], "windows": [[32_400, 43_200]], "max_gigs_day": 4, "max_gigs_week": 4 }],
        "gigs": [errand("across", ACROSS), errand("island", ISLAND)],
    })
}

#[test]
fn solving_and_verifying_measure_with_the_file() {
    let folder = tempfile::tempdir().expect("folder");
    let folder = folder.path();
    fs::write(folder.join("week.json"), town().to_string()).expect("the week");
    fs::write(folder.join("ways.csv"), matrix()).expect("the ways");
    let solve = |out: &str, more: &[&str]| -> Value {
        let output =
            run(folder, &[&["solve", "week.json", "--out", out, "--budget", "5s", "-o", "json"], more].concat());
        assert!(output.status.success(), "{}", said(&output));
        serde_json::from_slice(&output.stdout).expect("one JSON document")
    };
    let straight = solve("straight.json", &[]);
    assert_eq!((straight["gigs"].as_i64(), straight["status"].as_str()), (Some(2), Some("optimal")), "{straight}");
    let by_roads = solve("roads.json", &["--travel-matrix", "ways.csv"]);
    assert_eq!((by_roads["gigs"].as_i64(), by_roads["status"].as_str()), (Some(1), Some("optimal")), "{by_roads}");
    assert_eq!(
        by_roads["travel_s"].as_i64(),
        Some(OUT_S + BACK_S),
        "out by the bridge, and back by the longer way: {by_roads}"
    );

    let verify = |plan: &str, more: &[&str]| run(folder, &[&["verify", "week.json", plan], more].concat());
    let roads: &[&str] = &["--travel-matrix", "ways.csv"];
    assert!(verify("roads.json", roads).status.success() && verify("straight.json", &[]).status.success());
    let broken = verify("straight.json", roads);
    assert!(
        !broken.status.success() && said(&broken).contains("TOO_FAR"),
        "no way leads to the island: {}",
        said(&broken)
    );
    let other = verify("roads.json", &[]);
    assert!(!other.status.success(), "the travel that the plan claims is that of the roads: {}", said(&other));
}

#[test]
fn every_wrong_line_of_a_file_is_named() {
    let folder = tempfile::tempdir().expect("folder");
    fs::write(folder.path().join("week.json"), town().to_string()).expect("the week");
    let (home, across) = (cell(HOME), cell(ACROSS));
    let wrong = format!(
        "from_cell,to_cell,mode,seconds\n{home},{across},boat,10\n{home},nowhere,car,10\n{home},{across},car,0\n\
         {home},{home},car,9\n{home},{across},car,10\n{home},{across},car,11\n"
    );
    fs::write(folder.path().join("ways.csv"), wrong).expect("the ways");
    let refused = run(folder.path(), &["solve", "week.json", "--out", "p.json", "--travel-matrix", "ways.csv"]);
    let told = said(&refused);
    assert_eq!(refused.status.code(), Some(2), "{told}");
    for line in [2, 3, 4, 5, 7] {
        assert!(told.contains(&format!("line {line}:")), "line {line} in {told}");
    }
    assert!(!told.contains("line 6:") && !folder.path().join("p.json").exists(), "{told}");
    let missing = run(folder.path(), &["solve", "week.json", "--out", "p.json", "--travel-matrix", "gone.csv"]);
    assert_eq!(missing.status.code(), Some(2), "{}", said(&missing));
}

/// A place in the middle of its cell.
fn place(point: (f64, f64)) -> wire::Place {
    let (latitude, longitude) = middle(point);
    wire::Place {
        coordinates: Some(wire::Coordinates { latitude, longitude }),
        postal_code: "45100".to_owned(),
        ..wire::Place::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn quotes_plans_and_claims_measure_with_the_file() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), matrix()).expect("the ways");
    let path = file.path().to_owned();
    let server = TestServer::start_with(Engine::Sqlite, |settings| {
        (settings.travel.provider, settings.travel.file) = (TravelProvider::File, Some(path));
    })
    .await;
    server.desk(Who::Ops).found_network().await;
    let city = server.desk(Who::City);
    let driver = proto::registry::v1::Volunteer {
        home: Some(place(HOME)),
        travel_mode: proto::registry::v1::volunteer::TravelMode::Car.into(),
        ..town::volunteer("Aino Testinen")
    };
    city.add_volunteer("v-1", driver).await;
    city.add_seeker("s-1", town::seeker("Eino Esimerkki")).await;
    let week = Week::coming();
    let gig =
        |place| dispatch::Gig { place: Some(place), ..town::gig("shopping", "s-1", week.window(1, 9 * 60, 17 * 60)) };
    let across = city.add_gig("g-1", gig(place(ACROSS))).await.name;
    let island = city.add_gig("g-2", gig(place(ISLAND))).await.name;
    let quote = async |name: &str| {
        let request =
            dispatch::QuoteGigRequest { parent: NETWORK.to_owned(), name: name.to_owned(), ..Default::default() };
        granted(city.matching.clone().quote_gig(request).await)
    };
    let answer = quote(&across).await;
    assert_eq!(answer.travel_source(), dispatch::TravelSource::Roads);
    assert_eq!(answer.candidates.iter().map(|one| one.travel_seconds).collect::<Vec<_>>(), [OUT_S]);
    assert!(quote(&island).await.candidates.is_empty(), "nobody is sent where no way leads");
    let unnamed =
        dispatch::QuoteGigRequest { parent: NETWORK.to_owned(), gig: Some(gig(place(UNNAMED))), ..Default::default() };
    let unnamed = granted(city.matching.clone().quote_gig(unnamed).await);
    assert_eq!(unnamed.travel_source(), dispatch::TravelSource::Estimated, "the file does not know it");
    let (plan, _) = city.plan(week.whole()).await;
    let outcome = plan.outcome.expect("an outcome");
    assert_eq!(outcome.travel_source(), dispatch::TravelSource::Roads);
    assert_eq!((outcome.covered_count, outcome.travel_seconds), (1, OUT_S + BACK_S));
    let applied = granted(city.apply(&plan.name, &tests::town_desk::request_id()).await);
    assert_eq!(applied.plan.map(|plan| plan.state), Some(dispatch::plan::State::Applied.into()));
    server.stop().await;
}
