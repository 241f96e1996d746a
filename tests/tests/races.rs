//! Two callers at once want the same: one slot, or one volunteer's time. Exactly one gets it, the other is told why not; on both
//! engines, and with two servers over one PostgreSQL.

use proto::dispatch::v1::assignment::State as Held;
use proto::dispatch::v1::gig::State;
use proto::dispatch::v1::{AcceptOfferRequest, ClaimGigResponse, CreateOfferRequest, Offer};
use tests::calendar::Week;
use tests::desk::Desk;
use tests::engines::{ENGINES, Engine, Storage};
use tests::refused::{Refused, granted};
use tests::size::Size;
use tests::test_server::TestServer;
use tests::town::{self, NETWORK, gig, gig_name, volunteer_name};
use tests::town_desk::request_id;
use tokio::task::JoinSet;
use tonic::{Code, Response, Status};

/// Volunteers who take turns, two at a time.
const PEOPLE: usize = 8;
/// Pairs of them who race at the same time.
const PAIRS: usize = PEOPLE / 2;

/// A server that takes callers without a key, so that one caller may speak for every volunteer.
async fn open_to_all(engine: Engine) -> TestServer {
    TestServer::start_with(engine, |settings| settings.server.insecure = true).await
}

/// A network with its people.
async fn settle(desk: &Desk) {
    desk.found_network().await;
    desk.add_seeker("s", town::seeker("Eino Esimerkki")).await;
    for number in 0..PEOPLE {
        desk.add_volunteer(&format!("v{number}"), town::volunteer(&format!("Aino Testinen {number}"))).await;
    }
}

/// Turns after which other people are asked: nobody is asked more often in a week than the most that anybody can agree to.
const ASKED_TURNS: usize = 160;

/// Adds the people who are asked from this turn on, if others are.
async fn relieve(desk: &Desk, number: usize) {
    if number == 0 || !number.is_multiple_of(ASKED_TURNS) {
        return;
    }
    for at in 0..PEOPLE {
        let at = number / ASKED_TURNS * PEOPLE + at;
        desk.add_volunteer(&format!("v{at}"), town::volunteer(&format!("Aino Testinen {at}"))).await;
    }
}

/// The same people as in [`turn`], of those who are asked by then.
fn asked_turn(number: usize) -> (String, String, i64, i64) {
    let (day, minute) = hour(number);
    let of = |at: usize| volunteer_name(&format!("v{}", number / ASKED_TURNS * PEOPLE + at % PEOPLE));
    (of(2 * number), of(2 * number + 1), day, minute)
}

/// Two different volunteers and a start, other ones from turn to turn.
fn turn(number: usize) -> (String, String, i64, i64) {
    let (day, minute) = hour(number);
    (person(2 * number), person(2 * number + 1), day, minute)
}

fn person(number: usize) -> String {
    volunteer_name(&format!("v{}", number % PEOPLE))
}

/// A day and an hour, other ones from turn to turn.
fn hour(number: usize) -> (i64, i64) {
    ((number / 7 % 14) as i64, 9 * 60 + (number % 7) as i64 * 60)
}

/// Of two answers one is granted; the refusal of the other.
fn one_of_two<T: std::fmt::Debug, U: std::fmt::Debug>(
    a: Result<Response<T>, Status>,
    b: Result<Response<U>, Status>,
) -> Refused {
    match (a, b) {
        (Ok(_), Err(status)) | (Err(status), Ok(_)) => Refused::from(&status),
        (Ok(a), Ok(b)) => panic!("both won: {:?} and {:?}", a.into_inner(), b.into_inner()),
        (Err(a), Err(b)) => panic!("nobody won: {a:?} and {b:?}"),
    }
}

/// The gig is filled by exactly one helper.
async fn has_one_helper(desk: &Desk, name: &str) {
    let gig = desk.gig(name).await;
    let states: Vec<Held> = gig.assignments.iter().map(|assignment| assignment.state()).collect();
    assert_eq!((gig.state(), states), (State::Filled, vec![Held::Accepted]), "{name}");
}

/// Two claims on one slot, again and again, by pairs of volunteers who do not meet: `PAIRS` races at a time.
async fn claims_on_one_slot(a: &Desk, b: &Desk, times: usize) {
    let mut racing = JoinSet::new();
    for pair in 0..PAIRS {
        let (a, b) = (a.clone(), b.clone());
        racing.spawn(async move {
            for number in (pair..times).step_by(PAIRS) {
                one_race(&a, &b, number, [person(2 * pair), person(2 * pair + 1)]).await;
            }
        });
    }
    while let Some(raced) = racing.join_next().await {
        raced.expect("every race has one winner");
    }
}

async fn one_race(a: &Desk, b: &Desk, number: usize, who: [String; 2]) {
    let week = Week::coming();
    let (day, minute) = hour(number / PAIRS);
    let (id, start) = (format!("slot-{number}"), week.at(day, minute));
    let name = gig_name(&id);
    a.add_gig(&id, gig("shopping", "s", week.window(day, minute, minute + 90))).await;
    let (one, two) = tokio::join!(a.claim(&name, &who[0], Some(start)), b.claim(&name, &who[1], Some(start)));
    let loser = one_of_two(one, two);
    let told = (loser.code, loser.reason.as_str());
    assert_eq!(told, (Code::FailedPrecondition, "SLOT_TAKEN"), "race {number}: {loser:?}");
    has_one_helper(a, &name).await;
    granted(a.cancel(&name, "uusi yritys").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_claims_on_one_slot_exactly_one_wins_a_thousand_times_on_sqlite() {
    a_thousand_races(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_claims_on_one_slot_exactly_one_wins_a_thousand_times_on_postgres() {
    a_thousand_races(Engine::Postgres).await;
}

async fn a_thousand_races(engine: Engine) {
    let server = open_to_all(engine).await;
    let (a, b) = (server.stranger(), server.stranger());
    settle(&a).await;
    claims_on_one_slot(&a, &b, Size::asked().pick(1_000, 5_000)).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_claims_through_two_servers_over_one_postgres_exactly_one_wins() {
    let open = |settings: &mut server::Settings| settings.server.insecure = true;
    let first = TestServer::start_with(Engine::Postgres, open).await;
    let same = Storage::Throwaway { url: first.database_url(), name: String::new() };
    let second = TestServer::over(Engine::Postgres, same, open).await;
    let (a, b) = (first.stranger(), second.stranger());
    settle(&a).await;
    let times = Size::asked().pick(100, 2_000);
    claims_on_one_slot(&a, &b, times).await;
    overlapping_gigs(&a, &b, times).await;
    second.stop_keeping_storage().await;
    first.stop().await;
}

/// One volunteer claims two gigs that overlap, at once.
async fn overlapping_gigs(a: &Desk, b: &Desk, times: usize) {
    let week = Week::coming();
    for number in 0..times {
        let (who, _, day, minute) = turn(number);
        let ids = [format!("time-a-{number}"), format!("time-b-{number}")];
        let names = [gig_name(&ids[0]), gig_name(&ids[1])];
        // A call has no place: nothing but the time is in the way.
        a.add_gig(&ids[0], gig("call", "s", week.window(day, minute, minute + 60))).await;
        a.add_gig(&ids[1], gig("call", "s", week.window(day, minute + 30, minute + 90))).await;
        let (one, two) = tokio::join!(a.claim(&names[0], &who, None), b.claim(&names[1], &who, None));
        let loser = one_of_two(one, two);
        assert_eq!(loser.code, Code::FailedPrecondition, "turn {number}: {loser:?}");
        assert!(["VOLUNTEER_BOOKED", "VOLUNTEER_NOT_ABLE"].contains(&loser.reason.as_str()), "{loser:?}");
        let mut states = [a.gig(&names[0]).await.state(), a.gig(&names[1]).await.state()];
        states.sort_unstable();
        assert_eq!(states, [State::Open, State::Filled], "turn {number}");
        for name in &names {
            granted(a.cancel(name, "uusi yritys").await);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_volunteer_gets_one_of_two_overlapping_gigs() {
    for engine in ENGINES {
        let server = open_to_all(engine).await;
        let (a, b) = (server.stranger(), server.stranger());
        settle(&a).await;
        overlapping_gigs(&a, &b, Size::asked().pick(100, 2_000)).await;
        server.stop().await;
    }
}

/// An offer made and then accepted while somebody else takes the slot in another way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_different_ways_to_one_slot_exactly_one_wins() {
    for engine in ENGINES {
        let server = open_to_all(engine).await;
        let (a, b) = (server.stranger(), server.stranger());
        settle(&a).await;
        let week = Week::coming();
        for number in 0..Size::asked().pick(40, 600) {
            relieve(&a, number).await;
            let (first, second, day, minute) = asked_turn(number);
            let (id, start) = (format!("g-{number}"), week.at(day, minute));
            let (name, named) = (gig_name(&id), [second.as_str()]);
            a.add_gig(&id, gig("shopping", "s", week.window(day, minute, minute + 90))).await;
            let offer = offered(&a, &name, &first, start).await;
            let accept = AcceptOfferRequest { name: offer, request_id: request_id(), ..Default::default() };
            let mut offers = a.offers.clone();
            let loser = if number % 2 == 0 {
                let (one, two) = tokio::join!(offers.accept_offer(accept), b.claim(&name, &second, Some(start)));
                one_of_two(one, two)
            } else {
                let (one, two) = tokio::join!(offers.accept_offer(accept), b.assign(&name, &named, Some(start)));
                one_of_two(one, two)
            };
            assert_eq!(loser.code, Code::FailedPrecondition, "turn {number}: {loser:?}");
            assert!(["SLOT_TAKEN", "OFFER_ENDED"].contains(&loser.reason.as_str()), "turn {number}: {loser:?}");
            has_one_helper(&a, &name).await;
            granted(a.cancel(&name, "uusi yritys").await);
        }
        server.stop().await;
    }
}

async fn offered(desk: &Desk, gig: &str, volunteer: &str, start: prost_types::Timestamp) -> String {
    let offer =
        Offer { gig: gig.to_owned(), volunteer: volunteer.to_owned(), start_time: Some(start), ..Default::default() };
    let request = CreateOfferRequest {
        parent: NETWORK.to_owned(),
        offer: Some(offer),
        request_id: request_id(),
        ..Default::default()
    };
    granted(desk.offers.clone().create_offer(request).await).offer.expect("an offer").name
}

/// The second and the third of three helpers race for the last slot of two.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_helpers_and_a_third_leave_nothing_half_filled() {
    for engine in ENGINES {
        let server = open_to_all(engine).await;
        let desks = [server.stranger(), server.stranger(), server.stranger()];
        settle(&desks[0]).await;
        let week = Week::coming();
        for number in 0..Size::asked().pick(40, 600) {
            let (_, _, day, minute) = turn(number);
            let (id, start) = (format!("g-{number}"), week.at(day, minute));
            let name = gig_name(&id);
            let two = town::for_two(gig("shopping", "s", week.window(day, minute, minute + 90)));
            desks[0].add_gig(&id, two).await;
            let who: Vec<String> = (number..number + 3).map(person).collect();
            let (a, b, c) = tokio::join!(
                desks[0].claim(&name, &who[0], Some(start)),
                desks[1].claim(&name, &who[1], Some(start)),
                desks[2].claim(&name, &who[2], Some(start)),
            );
            let answers: Vec<Result<Response<ClaimGigResponse>, Status>> = vec![a, b, c];
            let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
            let lost: Vec<Refused> =
                lost.iter().filter_map(|answer| answer.as_ref().err()).map(Refused::from).collect();
            assert_eq!((won.len(), lost.len()), (2, 1), "turn {number}: {lost:?}");
            assert_eq!(lost[0].reason, "SLOT_TAKEN", "turn {number}: {lost:?}");
            let gig = desks[0].gig(&name).await;
            let accepted = gig.assignments.iter().filter(|assignment| assignment.state() == Held::Accepted).count();
            assert_eq!((gig.state(), accepted, gig.assignments.len()), (State::Filled, 2, 2), "turn {number}");
            granted(desks[0].cancel(&name, "uusi yritys").await);
        }
        server.stop().await;
    }
}
