//! What time does by itself: offers lapse, gigs that nobody took are unmet.

use std::time::{Duration, Instant};

use proto::dispatch::v1 as dispatch;
use proto::dispatch::v1::gig::State;
use tests::calendar::Week;
use tests::engines::ENGINES;
use tests::refused::{code_and_reason, granted};
use tests::test_server::{TestServer, Who};
use tests::town::{self, NETWORK, volunteer_name};
use tests::town_desk::request_id;
use tonic::Code;

/// A week and a half, in seconds: past every window of the coming week.
const LATER_S: i64 = 16 * 86_400;

async fn until(what: &str, mut met: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !met().await {
        assert!(Instant::now() < deadline, "{what} did not come to pass");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn offers_lapse_and_gigs_that_nobody_took_are_unmet() {
    for engine in ENGINES {
        let server = TestServer::start_with(engine, |settings| settings.server.sweep_interval_s = 1).await;
        server.desk(Who::Ops).found_network().await;
        let city = server.desk(Who::City);
        city.add_volunteer("v-1", town::volunteer("Aino Testinen")).await;
        city.add_seeker("s-1", town::seeker("Eino Esimerkki")).await;
        let week = Week::coming();
        let gig = city.add_gig("g-1", town::gig("shopping", "s-1", week.window(1, 9 * 60, 17 * 60))).await.name;
        let offer = dispatch::CreateOfferRequest {
            parent: NETWORK.to_owned(),
            offer: Some(dispatch::Offer {
                gig: gig.clone(),
                volunteer: volunteer_name("v-1"),
                start_time: Some(week.at(1, 10 * 60)),
                ..Default::default()
            }),
            request_id: request_id(),
            ..Default::default()
        };
        let offer = granted(city.offers.clone().create_offer(offer).await).offer.expect("an offer");
        assert_eq!(city.gig(&gig).await.state(), State::Offered);

        server.clock.advance_s(LATER_S);
        until("the gig is unmet", async || city.gig(&gig).await.state() == State::Unmet).await;
        let accept = dispatch::AcceptOfferRequest { name: offer.name.clone(), ..Default::default() };
        let late = server.desk(Who::Volunteer).offers.clone().accept_offer(accept).await;
        assert_eq!(code_and_reason(late), (Code::FailedPrecondition, "OFFER_ENDED".to_owned()));
        let kinds: Vec<String> = city.events(&gig).await.into_iter().map(|event| event.kind).collect();
        assert_eq!(kinds.last().map(String::as_str), Some("gig_unmet"), "{kinds:?}");
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_asking_looks_for_people_at_once_and_not_with_the_next_sweep() {
    for engine in ENGINES {
        // No sweep comes in between.
        let server = TestServer::start_with(engine, |settings| settings.server.sweep_interval_s = 86_400).await;
        server.desk(Who::Ops).found_network().await;
        let city = server.desk(Who::City);
        for n in 1..=8 {
            city.add_volunteer(&format!("v-{n}"), town::volunteer("Aino Testinen")).await;
        }
        city.add_seeker("s-1", town::seeker("Eino Esimerkki")).await;
        let week = Week::coming();
        let gig = city.add_gig("g-1", town::gig("shopping", "s-1", week.window(1, 9 * 60, 17 * 60))).await.name;
        let begin = dispatch::StartAskingRequest {
            gig: gig.clone(),
            start_time: Some(week.at(1, 10 * 60)),
            policy: dispatch::asking::Policy::Paced.into(),
            request_id: request_id(),
            ..Default::default()
        };
        // At night nobody is asked: the morning is.
        server.clock.advance_s(seconds_to_daytime(&server));
        granted(city.offers.clone().start_asking(begin).await);
        let offers = async || {
            let all = dispatch::ListOffersRequest { parent: NETWORK.to_owned(), page_size: 100, ..Default::default() };
            granted(city.offers.clone().list_offers(all).await).offers
        };
        until("the first are asked", async || !offers().await.is_empty()).await;
        let first = offers().await;
        for offer in &first {
            let no = dispatch::DeclineOfferRequest {
                name: offer.name.clone(),
                reason: dispatch::offer::DeclineReason::NotThisTime.into(),
                request_id: request_id(),
                ..Default::default()
            };
            granted(city.offers.clone().decline_offer(no).await);
        }
        until("others are asked after their no", async || offers().await.len() > first.len()).await;
        server.stop().await;
    }
}

/// Seconds to the next time at which anybody may be asked, if that is not now.
fn seconds_to_daytime(server: &TestServer) -> i64 {
    let now = server.clock.now();
    domain::message_hours::MessageHours::of(None).next(now).duration_since(now).as_secs() + 1
}
