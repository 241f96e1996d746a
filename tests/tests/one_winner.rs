//! A hundred volunteers say yes to the same gig at the same moment: a third through an association's site, a third by link, a third by
//! text message. One goes; the others are thanked, each once; and the books agree.

use std::collections::BTreeSet;
use std::sync::Arc;

use http::{Method, StatusCode};
use proto::dispatch::v1::AcceptOfferRequest;
use proto::dispatch::v1::assignment::State as Held;
use proto::dispatch::v1::gig::State as GigState;
use proto::dispatch::v1::offer::State;
use proto::r#type::v1::ServiceLanguage;
use tests::calendar::Week;
use tests::desk::Desk;
use tests::engines::{ENGINES, Engine};
use tests::letterbox::{Letterbox, SECRET, phone, reachable};
use tests::refused::Refused;
use tests::test_server::{TestServer, Who};
use tests::town::{self, volunteer_name};
use tests::town_desk::request_id;
use tests::visitor::Visitor;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tonic::Code;

/// How many say yes.
const VOLUNTEERS: usize = 100;
/// How often somebody tries again who is told to.
const TRIES: usize = 50;

/// What somebody heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heard {
    /// You go.
    Yes,
    /// Already filled, thank you.
    Filled,
}

/// How somebody answers.
enum Way {
    Site(Box<Desk>, AcceptOfferRequest),
    Link(Visitor, String),
    Text(Visitor, Arc<Letterbox>, usize, String),
}

impl Way {
    async fn says_yes(&self) -> Heard {
        for _ in 0..TRIES {
            if let Some(heard) = self.tries().await {
                return heard;
            }
        }
        panic!("nobody answered after {TRIES} tries");
    }

    /// One try; none if the server asks for another.
    async fn tries(&self) -> Option<Heard> {
        match self {
            Self::Site(desk, request) => {
                let later = [Code::Unavailable, Code::Aborted, Code::DeadlineExceeded];
                match desk.offers.clone().accept_offer(request.clone()).await {
                    Ok(_) => Some(Heard::Yes),
                    Err(status) if later.contains(&status.code()) => None,
                    Err(status) => {
                        let told = Refused::from(&status);
                        let is_kind = told.reason == "OFFER_ENDED" && told.metadata["filled"] == "true";
                        assert!(is_kind && status.message().contains("thank you"), "{told:?}");
                        Some(Heard::Filled)
                    }
                }
            }
            Self::Link(visitor, link) => {
                let sent = visitor.post(link, "answer=yes").await;
                if sent.status == StatusCode::SERVICE_UNAVAILABLE {
                    return None;
                }
                assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
                let page = visitor.get(link).await;
                if page.body.contains("Kiitos, olet mukana!") {
                    return Some(Heard::Yes);
                }
                assert!(page.body.contains("Auttaja ehti jo löytyä, kiitos!"), "{}", page.body);
                Some(Heard::Filled)
            }
            Self::Text(provider, letterbox, number, code) => {
                let body = serde_json::json!({"from": phone(*number), "text": format!("K {code}")}).to_string();
                let sent = provider.ask(Method::POST, "/sms/inbound", body).await;
                if sent.status == StatusCode::SERVICE_UNAVAILABLE {
                    return None;
                }
                assert_eq!(sent.status, StatusCode::NO_CONTENT, "{}", sent.body);
                let written = letterbox.wait_for_replies(&phone(*number), 1).await;
                // Who is told to try again may hear it twice, but not one thing and another.
                assert!(!written.is_empty() && written.iter().all(|one| one.text == written[0].text), "{written:?}");
                if written[0].text.starts_with("Kiitos, vastauksesi on kirjattu") {
                    return Some(Heard::Yes);
                }
                assert!(written[0].text.starts_with("Auttaja ehti jo löytyä"), "{written:?}");
                Some(Heard::Filled)
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_say_yes_at_once_and_one_goes() {
    for engine in ENGINES {
        race(engine).await;
    }
}

async fn race(engine: Engine) {
    let letterbox = Arc::new(Letterbox::new());
    let server = TestServer::start_with(engine, |settings| {
        letterbox.settle(settings);
        // A hundred at once take their time on a slow machine.
        settings.limits.call_s = 120;
        // And a page of each of them has a place: pages have a quarter as many as calls.
        settings.limits.calls_max = 4 * VOLUNTEERS;
    })
    .await;
    server.desk(Who::Ops).found_network().await;
    let city = server.desk(Who::City);
    city.add_seeker("s", town::seeker("Eino Esimerkki")).await;
    let week = Week::coming();
    let gig = city.add_gig("g", town::gig("shopping", "s", week.window(2, 9 * 60, 18 * 60))).await.name;
    let mut offers = Vec::new();
    for number in 0..VOLUNTEERS {
        let id = format!("v{number:03}");
        city.add_volunteer(&id, reachable(number, ServiceLanguage::Fi)).await;
        offers.push(city.offer(&gig, &volunteer_name(&id), week.at(2, 720)).await);
    }
    for number in 0..VOLUNTEERS {
        letterbox.wait_for_one(&phone(number), "Vastaa K").await;
    }
    city.wait_for_books(&letterbox).await;
    let visitor = Visitor::of(server.address());
    let provider = visitor.with("x-keikka-secret", SECRET);
    let start = Arc::new(Barrier::new(VOLUNTEERS));
    let mut racers = JoinSet::new();
    for (number, offer) in offers.iter().enumerate() {
        let letter = letterbox.wait_for_one(&phone(number), "Vastaa K").await;
        let way = match number % 3 {
            0 => {
                let (name, request_id) = (offer.clone(), request_id());
                Way::Site(
                    Box::new(server.desk(Who::City)),
                    AcceptOfferRequest { name, request_id, ..Default::default() },
                )
            }
            1 => Way::Link(visitor.clone(), letter.link()),
            _ => Way::Text(provider.clone(), Arc::clone(&letterbox), number, letter.code()),
        };
        let start = Arc::clone(&start);
        racers.spawn(async move {
            start.wait().await;
            (number, way.says_yes().await)
        });
    }
    let heard = racers.join_all().await;
    let winners: Vec<usize> = heard.iter().filter(|(_, heard)| *heard == Heard::Yes).map(|(who, _)| *who).collect();
    let [winner] = winners.try_into().unwrap_or_else(|all| panic!("{engine:?}: {all:?} go"));
    assert_eq!(heard.len(), VOLUNTEERS);

    // Every book says the same.
    let name = volunteer_name(&format!("v{winner:03}"));
    let filled = city.gig(&gig).await;
    let held: Vec<_> = filled.assignments.iter().map(|one| (one.state(), one.volunteer.clone())).collect();
    assert_eq!((filled.state(), held), (GigState::Filled, vec![(Held::Accepted, name.clone())]));
    for offer in city.all_offers().await {
        let wanted = if offer.volunteer == name { State::Accepted } else { State::Withdrawn };
        assert_eq!(offer.state(), wanted, "{}", offer.name);
    }
    let kinds: Vec<String> = city.events(&gig).await.into_iter().map(|event| event.kind).collect();
    let count = |kind: &str| kinds.iter().filter(|known| *known == kind).count();
    assert_eq!((count("gig_filled"), count("gig_reopened"), count("slot_held")), (1, 0, 0), "{kinds:?}");

    // Everybody else is told to stand down, once; one is told to come.
    for number in (0..VOLUNTEERS).filter(|number| *number != winner) {
        letterbox.wait_for_one(&phone(number), "auttaja löytyi jo").await;
    }
    letterbox.wait_for_one(&phone(winner), "olet mukana").await;
    let letters = letterbox.all();
    let to = |part: &str| -> Vec<&str> {
        letters.iter().filter(|letter| letter.text.contains(part)).map(|letter| letter.to.as_str()).collect()
    };
    assert_eq!(to("olet mukana"), [phone(winner)], "one confirmation, to the winner");
    let stood_down = to("auttaja löytyi jo");
    assert_eq!(stood_down.len(), VOLUNTEERS - 1);
    let once: BTreeSet<&str> = stood_down.into_iter().collect();
    assert!(once.len() == VOLUNTEERS - 1 && !once.contains(phone(winner).as_str()));
    server.stop().await;
}
