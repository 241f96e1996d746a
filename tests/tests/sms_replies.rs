//! Answers by text message, through the callbacks of the provider, over sockets: what people write is read kindly, what is not the
//! provider's does nothing.

use http::{Method, StatusCode};
use proto::dispatch::v1::gig::State as GigState;
use proto::dispatch::v1::offer::State;
use proto::r#type::v1::ServiceLanguage;
use tests::calendar::Week;
use tests::desk::Desk;
use tests::engines::{ENGINES, Engine};
use tests::letterbox::{Letterbox, SECRET, phone, reachable};
use tests::sms_peer::SmsPeer;
use tests::test_server::{TestServer, Who};
use tests::town::{self, volunteer_name};
use tests::visitor::{Answer, Visitor};

/// A town with two volunteers whose provider calls us.
struct Scene {
    server: TestServer,
    letterbox: Letterbox,
    city: Desk,
    provider: Visitor,
    week: Week,
}

impl Scene {
    async fn open(engine: Engine, describe: impl FnOnce(&mut String)) -> Self {
        let letterbox = Letterbox::new();
        let mut described = std::fs::read_to_string(letterbox.provider_file()).expect("the provider");
        describe(&mut described);
        std::fs::write(letterbox.provider_file(), described).expect("the provider");
        let server = TestServer::start_with(engine, |settings| letterbox.settle(settings)).await;
        server.desk(Who::Ops).found_network().await;
        let city = server.desk(Who::City);
        for number in 0..2 {
            city.add_volunteer(&format!("v{number}"), reachable(number, ServiceLanguage::Fi)).await;
        }
        city.add_seeker("s", town::seeker("Eino Esimerkki")).await;
        let provider = Visitor::of(server.address()).with("x-keikka-secret", SECRET);
        Self { server, letterbox, city, provider, week: Week::coming() }
    }

    /// Offers a new gig of a day to a volunteer; names gig, offer and code.
    async fn ask(&self, gig: &str, day: i64, number: usize) -> (String, String, String) {
        let window = self.week.window(day, 9 * 60, 18 * 60);
        let gig = self.city.add_gig(gig, town::gig("shopping", "s", window)).await.name;
        let (offer, code) = self.ask_again(&gig, day, number).await;
        (gig, offer, code)
    }

    async fn ask_again(&self, gig: &str, day: i64, number: usize) -> (String, String) {
        let before = self.letterbox.all();
        let offer = self.city.offer(gig, &volunteer_name(&format!("v{number}")), self.week.at(day, 720)).await;
        let known =
            before.iter().filter(|letter| letter.to == phone(number) && letter.text.contains("Vastaa K")).count();
        let letters = self.letterbox.wait_for(&phone(number), "Vastaa K", known + 1).await;
        let new = letters.into_iter().find(|letter| !before.contains(letter)).expect("a new letter");
        self.city.wait_for_books(&self.letterbox).await;
        (offer, new.code())
    }

    async fn inbound(&self, from: &str, text: &str) -> Answer {
        let body = serde_json::json!({"from": from, "text": text}).to_string();
        self.provider.ask(Method::POST, "/sms/inbound", body).await
    }

    /// What somebody writes, and what is written back.
    async fn writes(&self, number: usize, text: &str) -> String {
        let before = self.letterbox.replies(&phone(number));
        let answer = self.inbound(&phone(number), text).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NO_CONTENT, ""), "{text:?}");
        let mut new = self.letterbox.wait_for_replies(&phone(number), before.len() + 1).await;
        new.retain(|letter| !before.contains(letter));
        assert_eq!(new.len(), 1, "{text:?} is answered once");
        new.remove(0).text
    }

    async fn state(&self, offer: &str) -> State {
        self.city.get_offer(offer).await.state()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_write_is_read_and_answered() {
    for engine in ENGINES {
        let scene = Scene::open(engine, |_| ()).await;
        let (gig, offer, code) = scene.ask("g1", 2, 0).await;
        for (text, wanted) in [
            ("mikä keikka", "Emme ymmärtäneet"),
            ("lopeta", "Tekstiviestisi luki kone"),
            ("K ZZ99", "Koodia ei löytynyt"),
            ("E ZZ99", "Koodia ei löytynyt"),
        ] {
            assert!(scene.writes(0, text).await.starts_with(wanted), "{text:?}");
        }
        assert!(matches!(scene.state(&offer).await, State::Sent | State::Delivered));
        for text in ["😀👍", "", "Missä ja milloin?", "Ok, palaan asiaan illalla", "No sopii hyvin!", "Terv. Kaija J"]
        {
            assert_eq!(scene.inbound(&phone(0), text).await.status, StatusCode::NO_CONTENT);
        }
        assert!(matches!(scene.state(&offer).await, State::Sent | State::Delivered), "none is an answer");
        let yes = scene.writes(0, "Joo, voin tulla 😀").await;
        assert!(yes.starts_with("Kiitos, vastauksesi on kirjattu"), "{yes}");
        assert_eq!(scene.state(&offer).await, State::Accepted);
        assert_eq!(scene.city.gig(&gig).await.state(), GigState::Filled);
        // The same again is no other answer, and no other's code opens anything.
        assert!(scene.writes(0, &format!("K {code}")).await.starts_with("Kiitos, vastauksesi on kirjattu"));
        let (_, other, theirs) = scene.ask("g2", 3, 1).await;
        assert!(scene.writes(0, &format!("K {theirs}")).await.starts_with("Koodia ei löytynyt"));
        assert!(matches!(scene.state(&other).await, State::Sent | State::Delivered));

        // A change of mind within the minutes of grace, without a code.
        assert!(scene.writes(0, "E, en pääsekään").await.starts_with("Kiitos tiedosta"));
        assert_eq!(scene.state(&offer).await, State::Declined);
        let gig = scene.city.gig(&gig).await;
        assert!(gig.state() == GigState::Open && gig.reopened_count == 0, "{gig:?}");
        assert!(scene.writes(0, &format!("E {code}")).await.starts_with("Kiitos tiedosta"), "a repeat");
        assert!(scene.writes(0, &format!("K {code}")).await.starts_with("Tämä pyyntö ei ole enää"));
        assert_eq!(scene.state(&offer).await, State::Declined);

        // After them, what was promised stands, and the sender is told so.
        assert!(scene.writes(1, &format!("k{}", theirs.to_lowercase())).await.starts_with("Kiitos, vastauksesi"));
        scene.server.clock.advance_s(11 * 60);
        assert!(scene.writes(1, &format!("E {theirs}")).await.starts_with("Olet jo mukana"));
        assert_eq!(scene.state(&other).await, State::Accepted);
        scene.server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_questions_need_a_code_and_the_late_are_thanked() {
    for engine in ENGINES {
        let scene = Scene::open(engine, |_| ()).await;
        let (gig, first, one) = scene.ask("g1", 2, 0).await;
        let (_, second, two) = scene.ask("g2", 3, 0).await;
        assert!(one != two, "codes of one reader differ");
        for text in ["K", "ei", "Kyllä kiitos, sopii mainiosti"] {
            assert!(scene.writes(0, text).await.starts_with("Sinulla on monta pyyntöä"), "{text:?}");
        }
        assert!(scene.writes(0, &format!("{two} e")).await.starts_with("Kiitos tiedosta"));
        assert_eq!(scene.state(&second).await, State::Declined);
        // The gig of the other code goes to somebody else meanwhile.
        let (_, theirs) = scene.ask_again(&gig, 2, 1).await;
        assert!(scene.writes(1, &format!("K {theirs}")).await.starts_with("Kiitos, vastauksesi"));
        assert!(scene.writes(0, &format!("K {one}")).await.starts_with("Auttaja ehti jo löytyä"));
        assert_eq!(scene.state(&first).await, State::Withdrawn);
        // Days later it is over, and still not unknown.
        scene.server.clock.advance_s(26 * 3600);
        assert!(scene.writes(0, &format!("K {one}")).await.starts_with("Tämä pyyntö ei ole enää"));
        scene.server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_provider_is_believed() {
    let scene = Scene::open(Engine::Sqlite, |_| ()).await;
    let (_, offer, code) = scene.ask("g1", 2, 0).await;
    let asked = scene.letterbox.wait_for_one(&phone(0), &code).await;
    let yes = serde_json::json!({"from": phone(0), "text": format!("K {code}")}).to_string();
    let receipt = serde_json::json!({"reference": asked.reference, "status": "DELIVERED"}).to_string();
    let anybody = Visitor::of(scene.server.address());
    let wrong = anybody.with("x-keikka-secret", "s3cret-of-the-gatewaz");
    for (path, body) in [("/sms/inbound", &yes), ("/sms/receipt", &receipt)] {
        assert_eq!(anybody.ask(Method::POST, path, body.clone()).await.status, StatusCode::UNAUTHORIZED);
        for visitor in
            [&wrong, &anybody.with("x-keikka-secret", ""), &anybody.with("x-keikka-secret", SECRET.to_uppercase())]
        {
            assert_eq!(visitor.ask(Method::POST, path, body.clone()).await.status, StatusCode::FORBIDDEN);
        }
        let at = format!("{path}?secret=wrong");
        assert_eq!(anybody.ask(Method::POST, &at, body.clone()).await.status, StatusCode::FORBIDDEN);
        for garbage in [&b""[..], b"{", b"[]", b"\xff\xfe{]", b"{\"from\": 1}", b"from=%zz&text=K", b"\"K\"", b"{}"] {
            let answer = scene.provider.ask(Method::POST, path, garbage).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}: {garbage:?}");
        }
        let large = vec![b'a'; 17 * 1024];
        assert_eq!(scene.provider.ask(Method::POST, path, large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(scene.provider.get(path).await.status, StatusCode::METHOD_NOT_ALLOWED);
    }
    assert!(matches!(scene.state(&offer).await, State::Sent | State::Delivered), "nothing was done");
    // Numbers that we never wrote to, and what is no number, cost nothing.
    let letters = scene.letterbox.all().len();
    for from in ["+46701234567", "+358501234567", "12345", "Keikka", "", "+", "0700123456"] {
        let answer = scene.inbound(from, &format!("K {code}")).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NO_CONTENT, ""), "{from:?}");
    }
    assert_eq!(scene.letterbox.all().len(), letters);
    // Receipts: what is not final says nothing; a strange one harms nobody.
    for (status, reference) in [("BUFFERED", asked.reference.as_str()), ("DELIVERED", "keikka-nobody"), ("FAILED", "x")]
    {
        let body = serde_json::json!({"reference": reference, "status": status}).to_string();
        assert_eq!(scene.provider.ask(Method::POST, "/sms/receipt", body).await.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(scene.provider.ask(Method::POST, "/sms/receipt", receipt).await.status, StatusCode::NO_CONTENT);
    // The secret may stand in the address or in the body, and a form is read as well.
    let form = format!("from=%2B{}&text=ei&secret={SECRET}", phone(0).trim_start_matches('+'));
    assert_eq!(anybody.post("/sms/inbound", form).await.status, StatusCode::NO_CONTENT);
    assert_eq!(scene.state(&offer).await, State::Declined);
    let at = format!("/sms/inbound?secret={SECRET}");
    assert_eq!(anybody.ask(Method::POST, &at, yes).await.status, StatusCode::NO_CONTENT);
    scene.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_may_carry_the_answer_back_itself_and_without_one_there_is_no_callback() {
    let describe = |text: &mut String| text.push_str("[inbound]\nanswer = { reply = \"{text}\" }\n");
    let scene = Scene::open(Engine::Sqlite, describe).await;
    let (_, offer, code) = scene.ask("g1", 2, 0).await;
    let letters = scene.letterbox.all().len();
    let answer = scene.inbound(&phone(0), &format!("E {code}")).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    let reply: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    assert!(reply["reply"].as_str().is_some_and(|text| text.starts_with("Kiitos tiedosta")), "{reply}");
    assert_eq!(scene.state(&offer).await, State::Declined);
    assert_eq!(scene.letterbox.all().len(), letters, "no message of its own");
    scene.server.stop().await;

    let server = TestServer::start(Engine::Sqlite).await;
    let provider = Visitor::of(server.address()).with("x-keikka-secret", SECRET);
    for path in ["/sms/inbound", "/sms/receipt"] {
        assert_eq!(provider.ask(Method::POST, path, "{}").await.status, StatusCode::NOT_FOUND);
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_takes_no_reply_has_its_callback_answered() {
    let peer = SmsPeer::start().await;
    let letterbox = Letterbox::new();
    let described = std::fs::read_to_string(letterbox.provider_file()).expect("the provider");
    let described = described.replace("http://127.0.0.1:9/send", &peer.url());
    std::fs::write(letterbox.provider_file(), described).expect("the provider");
    let server = TestServer::start_with(Engine::Sqlite, |settings| {
        letterbox.settle(settings);
        settings.notification.folder = None;
        settings.limits.drain_s = 1;
    })
    .await;
    server.desk(Who::Ops).found_network().await;
    let city = server.desk(Who::City);
    city.add_volunteer("v0", reachable(0, ServiceLanguage::Fi)).await;
    city.add_seeker("s", town::seeker("Eino Esimerkki")).await;
    let week = Week::coming();
    let gig = city.add_gig("g1", town::gig("shopping", "s", week.window(2, 9 * 60, 18 * 60))).await.name;
    let offer = city.offer(&gig, &volunteer_name("v0"), week.at(2, 720)).await;
    peer.wait_for("keikka-", 1).await;
    peer.hush_replies();
    let provider = Visitor::of(server.address()).with("x-keikka-secret", SECRET);
    for count in 1..=2 {
        let body = serde_json::json!({"from": phone(0), "text": "K"}).to_string();
        let answer = provider.ask(Method::POST, "/sms/inbound", body).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "what was acted on is not delivered again");
        assert_eq!(city.get_offer(&offer).await.state(), State::Accepted);
        peer.wait_for("keikka-reply-", count).await;
    }
    server.stop().await;
}
