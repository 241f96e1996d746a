//! Road times from a real `osrm-routed`: what the client says is what the service says, and the whole product measures with it.

use std::time::Duration;

use domain::volunteer::TravelMode;
use jiff::Timestamp;
use matching::snapshot::Point;
use matching::travel::{Block, Bounds, Spot, Told};
use proto::dispatch::v1 as dispatch;
use proto::r#type::v1 as wire;
use server::settings::{TravelFallback, TravelProvider};
use tests::calendar::Week;
use tests::desk::Desk;
use tests::engines::Engine;
use tests::osrm::Osrm;
use tests::refused::{code_and_reason, granted};
use tests::test_server::{TestServer, Who};
use tests::town::{self, NETWORK};
use tonic::Code;
use travel::{Error, Fallback, Mode, OsrmOptions, Roads, RoadsOptions};

/// Seconds after which the test's caches forget.
const FORGOTTEN_S: i64 = 60;

fn bounds() -> Bounds {
    Bounds::new(10, &[(350, 1_200)]).expect("a resolution")
}

/// Cells of the centre of Helsinki with their middles, ascending.
fn centre() -> Vec<(u64, (f64, f64))> {
    let mut cells: Vec<(u64, (f64, f64))> = (0..56)
        .map(|n| {
            let point = Point { lat: 60.164 + f64::from(n / 8) * 0.0015, lon: 24.932 + f64::from(n % 8) * 0.0027 };
            middle(bounds().cell(Spot::from(point)).expect("a cell"))
        })
        .collect();
    cells.sort_by_key(|(cell, _)| *cell);
    cells.dedup_by_key(|(cell, _)| *cell);
    cells
}

fn middle(cell: u64) -> (u64, (f64, f64)) {
    let at = h3o::LatLng::from(h3o::CellIndex::try_from(cell).expect("a cell"));
    (cell, (at.lat(), at.lng()))
}

fn roads(url: &str, table_size: usize, fallback: Fallback) -> Roads {
    let osrm = OsrmOptions { table_size, timeout: Duration::from_secs(20), ..OsrmOptions::default() };
    let options = RoadsOptions { fallback, osrm, cache_s: FORGOTTEN_S, ..RoadsOptions::default() };
    Roads::osrm(vec![Mode::usual(TravelMode::Car, url)], options).expect("sound options")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_says_what_the_service_says_in_questions_that_it_takes() {
    // 56 cells are over 3,000 pairs: 31 questions for a service that takes 100 at once.
    let (osrm, cells) = (Osrm::start(100), centre());
    let direct = osrm.table(&cells.iter().map(|(_, point)| *point).collect::<Vec<_>>());
    let all = || cells.iter().map(|(cell, _)| *cell);
    let roads = roads(&osrm.url(), 10, Fallback::Refuse);
    let known = roads.ask(&[Block::new(350, all(), all())], Timestamp::UNIX_EPOCH).await.expect("times");
    let table = known.table.expect("a table");
    let (mut ways, mut none, mut one_way) = (0, 0, 0);
    for (&(from, _), row) in cells.iter().zip(&direct) {
        for (&(to, _), seconds) in cells.iter().zip(row).filter(|((to, _), _)| *to != from) {
            match (table.between(350, from, to), seconds) {
                (Told::NoWay, None) => none += 1,
                // No way is quicker than the straight line at 120 km/h.
                (Told::Seconds(told), Some(seconds)) => {
                    let exact = (seconds.ceil() as i64).max(1);
                    assert!(told == exact || (told > exact && told < 60), "{from:x} to {to:x}: {told} for {seconds}");
                    ways += 1;
                    one_way += usize::from(table.between(350, to, from) != Told::Seconds(told));
                }
                (told, direct) => panic!("{from:x} to {to:x}: {told:?} for {direct:?}"),
            }
        }
    }
    assert!(ways > 500 && none > 0 && one_way > 100, "{ways} ways, {none} without, {one_way} not the same back");
    assert_eq!((known.estimated, known.off_map), (0, 0));
    assert_eq!(roads.remembered(), cells.len() * cells.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_or_off_the_map_or_unanswered_is_told() {
    let (mut osrm, cells) = (Osrm::start(4), centre());
    let block = |count: usize| {
        let some = || cells.iter().take(count).map(|(cell, _)| *cell);
        [Block::new(350, some(), some())]
    };
    let now = Timestamp::UNIX_EPOCH;
    let greedy = roads(&osrm.url(), 50, Fallback::Refuse);
    assert!(matches!(greedy.ask(&block(20), now).await, Err(Error::TooBig { .. })), "the service takes 16 pairs");
    assert!(greedy.ask(&block(4), now).await.is_ok());

    let turku = bounds().cell(Spot::from(Point { lat: 60.45, lon: 22.27 })).expect("a cell");
    let modest = roads(&osrm.url(), 4, Fallback::Straight);
    let away = [Block::new(350, [cells[0].0], [cells[1].0, turku])];
    let known = modest.ask(&away, now).await.expect("an answer");
    assert_eq!((known.off_map, known.estimated), (1, 0), "OSRM itself would tell the way to the edge of its map");
    assert_eq!(known.table.map(|table| table.between(350, cells[0].0, turku)), Some(Told::Nothing));

    osrm.kill();
    let remembered = modest.ask(&away, now).await.expect("an answer");
    assert_eq!(remembered.estimated, 0, "what is remembered needs nobody");
    let later = Timestamp::from_second(FORGOTTEN_S).expect("a time");
    assert_eq!(modest.ask(&away, later).await.expect("straight lines").estimated, 2);
    assert!(matches!(greedy.ask(&block(4), later).await, Err(Error::Silent { .. })));
}

/// A place in the middle of a cell.
fn place((lat, lon): (f64, f64)) -> wire::Place {
    wire::Place {
        coordinates: Some(wire::Coordinates { latitude: lat, longitude: lon }),
        postal_code: "00100".to_owned(),
        ..wire::Place::default()
    }
}

async fn quote(desk: &Desk, gig: &str) -> dispatch::QuoteGigResponse {
    let request = dispatch::QuoteGigRequest { parent: NETWORK.to_owned(), name: gig.to_owned(), ..Default::default() };
    granted(desk.matching.clone().quote_gig(request).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn quotes_plans_and_claims_measure_with_the_roads() {
    let (mut osrm, cells) = (Osrm::start(100), centre());
    let points: Vec<(f64, f64)> = cells.iter().map(|(_, point)| *point).collect();
    let direct = osrm.table(&points);
    // Somewhere from which one place can be driven to and back, and another cannot be driven to.
    let way = |from: usize, to: usize| direct[from][to].map(|seconds| (seconds.ceil() as i64).max(1));
    let reaches =
        |from: usize, to: usize| way(from, to).zip(way(to, from)).is_some_and(|(out, back)| out > 120 && back != out);
    let all = || 0..points.len();
    let (home, there, nowhere) = all()
        .find_map(|home| {
            let there = all().find(|&to| reaches(home, to))?;
            Some((home, there, all().find(|&to| way(home, to).is_none())?))
        })
        .expect("a home in the centre of Helsinki");
    let (out_s, back_s) = (way(home, there).expect("a way"), way(there, home).expect("a way back"));

    let url = osrm.url();
    let server = TestServer::start_with(Engine::Sqlite, |settings| {
        let travel = &mut settings.travel;
        (travel.provider, travel.car_url) = (TravelProvider::Osrm, Some(url));
        (travel.walk_profile, travel.bike_profile) = (String::new(), String::new());
        (travel.timeout_ms, travel.cache_s) = (8_000, FORGOTTEN_S as u32);
    })
    .await;
    server.desk(Who::Ops).found_network().await;
    let city = server.desk(Who::City);
    let volunteer = wire_volunteer(points[home]);
    city.add_volunteer("v-1", volunteer).await;
    city.add_seeker("s-1", town::seeker("Eino Esimerkki")).await;
    let week = Week::coming();
    let gig =
        |place| dispatch::Gig { place: Some(place), ..town::gig("shopping", "s-1", week.window(1, 9 * 60, 17 * 60)) };
    let near = city.add_gig("g-1", gig(place(points[there]))).await.name;
    let cut_off = city.add_gig("g-2", gig(place(points[nowhere]))).await.name;

    let answer = quote(&city, &near).await;
    assert_eq!(answer.travel_source(), dispatch::TravelSource::Roads);
    let seconds: Vec<i64> = answer.candidates.iter().map(|one| one.travel_seconds).collect();
    assert_eq!(seconds, [out_s], "the seconds of the road, not of the straight line");
    let answer = quote(&city, &cut_off).await;
    assert!(answer.candidates.is_empty(), "nobody is sent where no way leads: {answer:?}");
    let request = dispatch::ExplainGigRequest { name: cut_off.clone(), ..Default::default() };
    let explained = granted(city.matching.clone().explain_gig(request).await);
    assert_eq!(explained.travel_source(), dispatch::TravelSource::Roads);
    let request = dispatch::ListBoardGigsRequest {
        parent: NETWORK.to_owned(),
        volunteer: town::volunteer_name("v-1"),
        ..Default::default()
    };
    let board = granted(city.board.clone().list_board_gigs(request).await);
    assert_eq!((board.travel_source(), board.gigs.len()), (dispatch::TravelSource::Roads, 1));

    let (plan, _) = city.plan(week.whole()).await;
    let outcome = plan.outcome.expect("an outcome");
    assert_eq!(outcome.travel_source(), dispatch::TravelSource::Roads);
    assert_eq!((outcome.covered_count, outcome.travel_seconds), (1, out_s + back_s), "there and back are not the same");
    let applied = granted(city.apply(&plan.name, &tests::town_desk::request_id()).await);
    assert_eq!(applied.plan.map(|plan| plan.state), Some(dispatch::plan::State::Applied.into()));

    osrm.kill();
    server.clock.advance_s(2 * FORGOTTEN_S);
    let answer = quote(&city, &cut_off).await;
    assert_eq!(answer.travel_source(), dispatch::TravelSource::Estimated, "straight lines stand in, and it is told");
    assert_eq!(answer.candidates.len(), 1);
    server.stop().await;
}

fn wire_volunteer(home: (f64, f64)) -> proto::registry::v1::Volunteer {
    proto::registry::v1::Volunteer { home: Some(place(home)), ..town::volunteer("Aino Testinen") }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_straight_lines_a_service_that_is_gone_is_told_as_such() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
    let server = TestServer::start_with(Engine::Sqlite, |settings| {
        let travel = &mut settings.travel;
        (travel.provider, travel.fallback) = (TravelProvider::Osrm, TravelFallback::Refuse);
        travel.url = format!("http://{gone}");
    })
    .await;
    server.desk(Who::Ops).found_network().await;
    let city = server.desk(Who::City);
    let centre = (60.17, 24.94);
    city.add_volunteer("v-1", wire_volunteer(centre)).await;
    city.add_seeker("s-1", town::seeker("Eino Esimerkki")).await;
    let week = Week::coming();
    let gig = dispatch::Gig {
        place: Some(place((60.18, 24.95))),
        ..town::gig("shopping", "s-1", week.window(1, 9 * 60, 17 * 60))
    };
    let name = city.add_gig("g-1", gig).await.name;
    let request = dispatch::QuoteGigRequest { parent: NETWORK.to_owned(), name, ..Default::default() };
    let refused = city.matching.clone().quote_gig(request).await;
    assert_eq!(code_and_reason(refused), (Code::Unavailable, "TRAVEL_UNAVAILABLE".to_owned()));
    let (plan, _) = city.plan(week.whole()).await;
    assert_eq!(plan.state(), dispatch::plan::State::Failed);
    assert_eq!(plan.failure, "the service of road times does not answer");
    server.stop().await;
}
