//! The page behind a link, over sockets and on both engines: looking changes nothing, each button one thing, and a link opens nothing
//! beyond what its holder was asked.

use std::sync::Arc;

use domain::NetworkId;
use http::{Method, StatusCode};
use proto::dispatch::v1 as dispatch;
use proto::dispatch::v1::assignment::State as Held;
use proto::dispatch::v1::gig::State as GigState;
use proto::dispatch::v1::offer::{DeclineReason, State};
use proto::registry::v1::Seeker;
use proto::registry::v1::seeker::ContactMode;
use proto::r#type::v1::{Place, ServiceLanguage};
use store::{Database, OpenOptions};
use tests::asked_town::{SECRETS, Scene};
use tests::engines::{ENGINES, Engine};
use tests::letterbox::{phone, reachable};
use tests::refused::granted;
use tests::test_server::TestServer;
use tests::town::{self, gig_name, volunteer_name};
use tests::town_desk::request_id;
use tests::visitor::{Answer, Visitor};

fn tells(page: &Answer, part: &str) {
    assert!(page.body.contains(part), "{part:?} is not in {}", page.body);
}

fn hides_who(page: &Answer) {
    for secret in SECRETS {
        assert!(!page.body.contains(secret), "{secret:?} is in {}", page.body);
    }
}

/// What must not change by looking.
async fn everything(scene: &Scene) -> String {
    let db = Database::open(&scene.server.database_url(), OpenOptions::default()).await.expect("the database opens");
    let network: NetworkId = "kouvola".parse().expect("an id");
    let mut tx = db.read().await.expect("read");
    let audit = tx.audit_rows(None, 0, 100_000).await.expect("audit");
    let cursor = tx.cursor(&network).await.expect("cursor");
    let events = tx.events_of(&network, None, &store::PageRequest::first(1_000)).await.expect("events").items;
    drop(tx);
    db.close().await;
    let offers = scene.city.all_offers().await;
    let notifications = scene.city.all_notifications().await;
    let letters = scene.letterbox.all();
    format!("{audit:?}\n{cursor:?}\n{events:?}\n{offers:?}\n{notifications:?}\n{letters:?}")
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_plan_chose_reads_that_nobody_asked_them() {
    for engine in ENGINES {
        let scene = Scene::open(engine).await;
        let gig = scene.gig("g1", 2).await;
        let (plan, _) = scene.city.plan(scene.week.whole()).await;
        granted(scene.city.apply(&plan.name, &request_id()).await);
        let helper = scene.city.gig(&gig).await.assignments[0].volunteer.clone();
        let number = (0..3).find(|number| helper == volunteer_name(&format!("v{number}"))).expect("one of the three");
        let told = ["merkinnyt sinut", "antecknat dig", "put you down"][number];
        let link = scene.letterbox.wait_for_one(&phone(number), told).await.link();
        for (language, title, note, thanks) in [
            ("fi", "Sinut on merkitty auttajaksi", "kysymättä sinulta ensin", "Kiitos"),
            ("sv", "Du är antecknad som hjälpare", "utan att fråga dig först", "Tack"),
            ("en", "You are put down to help", "without asking you first", "Thank you"),
        ] {
            let page = scene.visitor.get(&format!("{link}?lang={language}")).await;
            assert_eq!(page.status, StatusCode::OK, "{language}");
            tells(&page, title);
            tells(&page, note);
            tells(&page, SECRETS[0]);
            assert!(!page.body.contains(thanks), "nobody is thanked for a yes that they have not given: {}", page.body);
        }
        assert_eq!(scene.after(&link, "answer=release").await.status, StatusCode::GONE, "and there is a way out of it");
        scene.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yes_opens_the_details_and_can_be_taken_back() {
    for engine in ENGINES {
        let scene = Scene::open(engine).await;
        let gig = scene.gig("g1", 2).await;
        let (offer, link) = scene.ask(&gig, 2, 0).await;
        let page = scene.visitor.get(&link).await;
        assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
        for part in [
            "Voitko auttaa?",
            "45100 Kouvola",
            "klo 12.00",
            "noin 60 minuuttia",
            "Vastaa viimeistään",
            "<html lang=\"fi\">",
        ] {
            tells(&page, part);
        }
        hides_who(&page);
        assert!(!page.body.contains("<script"), "no script");
        assert_eq!(scene.visitor.get(&format!("{link}/gig.ics")).await.status, StatusCode::GONE, "nothing to note yet");

        let going = scene.after(&link, "answer=yes").await;
        assert_eq!(going.status, StatusCode::OK);
        for part in SECRETS.into_iter().chain(["Kiitos, olet mukana!", "Peru vastaukseni"]) {
            tells(&going, part);
        }
        assert!(!going.body.contains("En pääsekään"), "within the minutes of grace it is taken back, not given back");
        assert_eq!(scene.city.get_offer(&offer).await.state(), State::Accepted);
        let confirmed = scene.letterbox.wait_for_one(&phone(0), "olet mukana").await;
        let calendar = scene.visitor.get(&format!("{link}/gig.ics")).await;
        assert!(calendar.header("content-type").starts_with("text/calendar"));
        for part in ["METHOD:PUBLISH", "UID:g1-v0@kouvola.keikka", "LOCATION:Kouvola", "STATUS:CONFIRMED"] {
            tells(&calendar, part);
        }
        hides_who(&calendar);
        tells(&scene.visitor.get(&confirmed.link()).await, "Laululinnuntie 5");

        let again = scene.after(&link, "answer=undo").await;
        assert_eq!(again.status, StatusCode::OK);
        tells(&again, "Voitko auttaa?");
        hides_who(&again);
        assert!(scene.city.get_offer(&offer).await.state() != State::Accepted);
        assert_eq!(scene.city.gig(&gig).await.reopened_count, 0, "nothing is counted against anybody");
        let lost = scene.visitor.get(&confirmed.link()).await;
        assert_eq!(lost.status, StatusCode::GONE);
        hides_who(&lost);

        tells(&scene.after(&link, "answer=yes").await, "Laululinnuntie 5");
        scene.server.clock.advance_s(11 * 60);
        let late = scene.after(&link, "answer=undo").await;
        tells(&late, "En pääsekään");
        assert_eq!(scene.city.gig(&gig).await.state(), GigState::Filled, "too late to take back");
        let released = scene.after(&confirmed.link(), "answer=release").await;
        assert_eq!(released.status, StatusCode::GONE);
        tells(&released, "Et ole enää mukana");
        hides_who(&released);
        let gig = scene.city.gig(&gig).await;
        assert!(gig.state() == GigState::Open && gig.reopened_count == 1, "{gig:?}");
        scene.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_no_has_its_own_consequence() {
    for engine in ENGINES {
        let scene = Scene::open(engine).await;
        let back = scene.week.iso(20);
        let forms = [
            ("answer=not_this_time".to_owned(), DeclineReason::NotThisTime),
            ("answer=other_hour&hour=16%3A30".to_owned(), DeclineReason::OtherHour),
            ("answer=too_far".to_owned(), DeclineReason::TooFar),
            ("answer=too_often".to_owned(), DeclineReason::TooOften),
            ("answer=not_this_person".to_owned(), DeclineReason::NotThisPerson),
            (format!("answer=away&back={back}"), DeclineReason::Away),
            ("answer=not_this_kind&drop=on".to_owned(), DeclineReason::NotThisKind),
        ];
        let mut offers = Vec::new();
        for number in 0..forms.len() {
            // Nobody who said one no is in the way of the next.
            let who = 10 + number;
            scene.city.add_volunteer(&format!("v{who}"), reachable(who, ServiceLanguage::Sv)).await;
            let gig = scene.gig(&format!("g{number}"), 2).await;
            offers.push(scene.city.offer(&gig, &volunteer_name(&format!("v{who}")), scene.week.at(2, 720)).await);
        }
        for (number, (form, reason)) in forms.into_iter().enumerate() {
            let (who, offer) = (10 + number, offers[number].clone());
            let link = scene.letterbox.wait_for_one(&phone(who), "/r/").await.link();
            for wrong in [
                "answer=other_hour",
                "answer=other_hour&hour=25%3A00",
                "answer=away&back=eilen",
                "answer=away&back=2020-01-01",
            ] {
                let page = scene.says(&link, wrong).await;
                assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
                tells(&page, "role=\"alert\"");
            }
            let page = scene.after(&link, &form).await;
            assert_eq!(page.status, StatusCode::OK);
            tells(&page, "Tack för beskedet");
            let offer = scene.city.get_offer(&offer).await;
            // Whom somebody does not go to is nobody's business.
            let shown = if reason == DeclineReason::NotThisPerson { DeclineReason::NotThisTime } else { reason };
            assert_eq!((offer.state(), offer.decline_reason()), (State::Declined, shown), "{form}");
            let volunteer = scene.city.volunteer(&volunteer_name(&format!("v{who}"))).await;
            match reason {
                DeclineReason::OtherHour => {
                    assert_eq!(offer.other_start_time, Some(scene.week.at(2, 16 * 60 + 30)));
                }
                DeclineReason::TooOften => {
                    assert_eq!(volunteer.contact.expect("contact").weekly_budget, Some(25));
                }
                DeclineReason::NotThisPerson => assert_eq!(volunteer.blocked_seekers, [town::seeker_name("s")]),
                DeclineReason::NotThisKind => assert!(!volunteer.accepted_kinds.contains(&town::kind("shopping"))),
                DeclineReason::Away => assert_eq!(volunteer.availability.expect("hours").pauses.len(), 1),
                _ => {}
            }
            // A used link says nothing more.
            tells(&scene.after(&link, "answer=yes").await, "Tack för beskedet");
            assert_eq!(scene.city.get_offer(&offer.name).await.state(), State::Declined);
        }
        scene.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_too_late_is_thanked_and_may_stand_by() {
    for engine in ENGINES {
        let scene = Scene::open(engine).await;
        let gig = scene.gig("g1", 2).await;
        let (_, first) = scene.ask(&gig, 2, 0).await;
        let (late, second) = scene.ask(&gig, 2, 2).await;
        tells(&scene.after(&first, "answer=yes").await, "olet mukana");
        let page = scene.after(&second, "answer=yes").await;
        assert_eq!(page.status, StatusCode::GONE);
        tells(&page, "Already filled, thank you!");
        hides_who(&page);
        let page = scene.after(&second, "answer=stand_by").await;
        assert_eq!(page.status, StatusCode::OK);
        tells(&page, "Thank you, you stand by");
        assert!(scene.city.get_offer(&late).await.stands_by);
        let held = scene.city.gig(&gig).await.assignments;
        assert!(held.len() == 1 && held[0].state() == Held::Accepted, "{held:?}");

        // The other end: taken back by a coordinator, run out, gig called off.
        let gig = scene.gig("g2", 3).await;
        let (offer, link) = scene.ask(&gig, 3, 2).await;
        let request = dispatch::WithdrawOfferRequest { name: offer, ..Default::default() };
        granted(scene.city.offers.clone().withdraw_offer(request).await);
        let (_, expired) = scene.ask(&gig, 3, 1).await;
        scene.server.clock.advance_s(25 * 3600);
        for (link, part) in [(&link, "does not hold any more"), (&expired, "gäller inte längre")] {
            for page in [scene.visitor.get(link).await, scene.after(link, "answer=yes").await] {
                assert_eq!(page.status, StatusCode::GONE);
                tells(&page, part);
                hides_who(&page);
            }
        }
        granted(scene.city.cancel(&gig_name("g1"), "asia hoitui").await);
        let page = scene.visitor.get(&first).await;
        assert_eq!(page.status, StatusCode::GONE);
        hides_who(&page);
        scene.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_opens_before_the_promise_and_nobody_who_is_relayed() {
    for engine in ENGINES {
        let scene = Scene::open(engine).await;
        // Two helpers: the first yes is held, and taken back without a word.
        let gig = town::for_two(town::gig("shopping", "s", scene.week.window(2, 9 * 60, 18 * 60)));
        let gig = scene.city.add_gig("two", gig).await.name;
        let (_, first) = scene.ask(&gig, 2, 0).await;
        let (_, second) = scene.ask(&gig, 2, 2).await;
        let held = scene.after(&first, "answer=yes").await;
        assert_eq!(held.status, StatusCode::OK);
        tells(&held, "Etsimme vielä toista auttajaa");
        hides_who(&held);
        tells(&scene.after(&first, "answer=undo").await, "Voitko auttaa?");
        tells(&scene.after(&first, "answer=yes").await, "Etsimme vielä toista auttajaa");
        for page in [scene.after(&second, "answer=yes").await, scene.visitor.get(&first).await] {
            tells(&page, "Laululinnuntie 5");
        }
        // Where a coordinator relays, the page names nobody and no place, before and after.
        let mediated = Seeker {
            contact_mode: ContactMode::Mediated.into(),
            phone: "044 9998877".to_owned(),
            home: Some(Place { street: "Laululinnuntie 5".to_owned(), ..town::place(900, 0) }),
            ..town::seeker("Kanaria Keltanokka")
        };
        scene.city.add_seeker("m", mediated).await;
        let gig = town::gig("shopping", "m", scene.week.window(5, 9 * 60, 18 * 60));
        let gig = scene.city.add_gig("relayed", gig).await.name;
        granted(scene.city.assign(&gig, &[&volunteer_name("v1")], Some(scene.week.at(5, 720))).await);
        let link = scene.letterbox.wait_for_one(&phone(1), "Adress och kontakt").await.link();
        let page = scene.visitor.get(&link).await;
        assert_eq!(page.status, StatusCode::OK);
        tells(&page, "Koordinatorn berättar");
        hides_who(&page);
        assert!(!page.body.contains("45100"), "{}", page.body);
        hides_who(&scene.visitor.get(&format!("{link}/gig.ics")).await);
        // Two days after the gig, what it opened is closed.
        scene.server.clock.advance_s(21 * 24 * 3600);
        let over = scene.visitor.get(&first).await;
        hides_who(&over);
        scene.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_changes_nothing() {
    for engine in ENGINES {
        let scene = Arc::new(Scene::open(engine).await);
        let gig = scene.gig("g1", 2).await;
        let (_, asked) = scene.ask(&gig, 2, 0).await;
        let other = scene.gig("g2", 3).await;
        let (_, going) = scene.ask(&other, 3, 1).await;
        scene.after(&going, "answer=yes").await;
        let confirmed = scene.letterbox.wait_for_one(&phone(1), "Adress och kontakt").await;
        scene.city.wait_for_books(&scene.letterbox).await;
        let before = everything(&scene).await;
        let paths =
            [asked.clone(), going.clone(), confirmed.link(), format!("{going}/gig.ics"), format!("{asked}?lang=en")];
        let mut scanners = tokio::task::JoinSet::new();
        for scanner in 0..10 {
            let (scene, paths) = (Arc::clone(&scene), paths.clone());
            scanners.spawn(async move {
                let visitor = if scanner % 2 == 0 { scene.visitor.clone() } else { scene.visitor.by_http2() };
                for round in 0..100 {
                    let path = &paths[round % paths.len()];
                    assert_eq!(visitor.get(path).await.status, StatusCode::OK, "{path}");
                    let head = visitor.ask(Method::HEAD, path, "").await;
                    assert!(head.status == StatusCode::OK && head.body.is_empty());
                }
            });
        }
        scanners.join_all().await;
        for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
            let answer = scene.visitor.ask(method.clone(), &asked, "answer=yes").await;
            assert!(!answer.status.is_redirection() && !answer.body.contains("olet mukana"), "{method}");
        }
        // A form whose sender is another site's page, or which is none of ours.
        let evil = scene.visitor.with("sec-fetch-site", "cross-site").with("origin", "https://evil.example");
        assert_eq!(evil.post(&asked, "answer=yes").await.status, StatusCode::FORBIDDEN);
        for (form, status) in [
            ("", StatusCode::BAD_REQUEST),
            ("answer=accept", StatusCode::BAD_REQUEST),
            ("answer=yes&answer=yes", StatusCode::BAD_REQUEST),
            ("%ff%fe=", StatusCode::BAD_REQUEST),
        ] {
            assert_eq!(scene.says(&asked, form).await.status, status, "{form:?}");
        }
        let json = scene.visitor.with("content-type", "application/json");
        let json = json.ask(Method::POST, &asked, "{\"answer\":\"yes\"}").await;
        assert_eq!(json.status, StatusCode::BAD_REQUEST);
        assert_eq!(scene.says(&asked, &"a".repeat(20_000)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        // What cannot be said as things stand.
        for form in ["answer=undo", "answer=stand_by", "answer=release"] {
            tells(&scene.after(&asked, form).await, "Voitko auttaa?");
        }
        for form in ["answer=yes", "answer=too_far", "answer=stand_by"] {
            tells(&scene.after(&confirmed.link(), form).await, "Tack, du är med!");
        }
        assert_eq!(everything(&scene).await, before);
        Arc::try_unwrap(scene).expect("every scanner is done").close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_opens_nothing_tells_nothing() {
    let scene = Scene::open(Engine::Sqlite).await;
    let gig = scene.gig("g1", 2).await;
    let (_, link) = scene.ask(&gig, 2, 0).await;
    let token = link.trim_start_matches("/r/");
    let foreign = "A".repeat(22);
    let long = "A".repeat(5_000);
    let reference = scene.visitor.get(&format!("/r/{foreign}")).await;
    assert_eq!(reference.status, StatusCode::NOT_FOUND);
    tells(&reference, "Linkki ei avaa mitään");
    for mangled in [
        "x",
        &token[..21],
        &format!("{token}A"),
        &token.to_lowercase(),
        "..%2f..%2fetc",
        "%00",
        "%ff",
        "%F0%9F%98%80",
        &long,
    ] {
        for page in [
            scene.visitor.get(&format!("/r/{mangled}")).await,
            scene.says(&format!("/r/{mangled}"), "answer=yes").await,
        ] {
            assert_eq!((page.status, &page.body), (StatusCode::NOT_FOUND, &reference.body), "{mangled}");
        }
    }
    for path in [format!("/r/{foreign}/gig.ics"), "/r/%ff/gig.ics".to_owned(), "/cal/%ff.ics".to_owned()] {
        let page = scene.visitor.get(&path).await;
        assert_eq!((page.status, &page.body), (StatusCode::NOT_FOUND, &reference.body), "{path}");
    }
    let swedish = scene.visitor.with("accept-language", "sv-FI").get(&format!("/r/{foreign}")).await;
    tells(&swedish, "Länken öppnar inget");
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_a_former_number_says_so_and_the_new_number_gets_another() {
    let scene = Scene::open(Engine::Sqlite).await;
    let (first, second) = (scene.gig("g1", 2).await, scene.gig("g2", 3).await);
    let (offer, link) = scene.ask(&first, 2, 0).await;
    let moved = proto::registry::v1::Volunteer {
        name: volunteer_name("v0"),
        phone: phone(77),
        ..reachable(0, ServiceLanguage::Fi)
    };
    granted(scene.city.change_volunteer(moved, &["phone"]).await);
    let calendar = format!("{link}/gig.ics");
    for page in
        [scene.visitor.get(&link).await, scene.visitor.get(&calendar).await, scene.says(&link, "answer=yes").await]
    {
        assert_eq!(page.status, StatusCode::GONE);
        tells(&page, "Linkki on tehty aiemmille yhteystiedoille");
        tells(&page, "Uusi linkki tulee seuraavassa viestissä");
        hides_who(&page);
        assert!(!page.body.contains("<form"), "there is nothing to answer");
    }
    let state = scene.city.get_offer(&offer).await.state();
    assert!(matches!(state, State::Sent | State::Delivered), "nobody has answered: {state:?}");
    scene.city.offer(&second, &volunteer_name("v0"), scene.week.at(3, 720)).await;
    let letters = scene.letterbox.wait_for(&phone(77), "/r/", 1).await;
    let page = scene.visitor.get(&letters[0].link()).await;
    assert_eq!(page.status, StatusCode::OK);
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_speak_three_languages_and_keep_to_themselves() {
    let scene = Scene::open(Engine::Sqlite).await;
    let gig = scene.gig("g1", 2).await;
    let (_, link) = scene.ask(&gig, 2, 1).await;
    for (query, lang, title) in [
        ("", "sv", "Kan du hjälpa?"),
        ("?lang=fi", "fi", "Voitko auttaa?"),
        ("?lang=sv", "sv", "Kan du hjälpa?"),
        ("?lang=en", "en", "Can you help?"),
        ("?lang=de", "sv", "Kan du hjälpa?"),
        ("?lang=%ff", "sv", "Kan du hjälpa?"),
    ] {
        for visitor in [scene.visitor.clone(), scene.visitor.by_http2()] {
            let page = visitor.with("accept-language", "fi").get(&format!("{link}{query}")).await;
            tells(&page, &format!("<html lang=\"{lang}\">"));
            tells(&page, &format!("<h1>{title}</h1>"));
            assert_eq!(page.header("content-language"), lang);
        }
    }
    let sent = scene.says(&format!("{link}?lang=en"), "answer=yes").await;
    assert!(sent.header("location").ends_with("?lang=en"), "the language is kept: {:?}", sent.headers);
    let unknown = format!("/r/{}", "A".repeat(22));
    for path in [&link, &unknown, &format!("{link}/gig.ics")] {
        let page = scene.visitor.get(path).await;
        let policy = page.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "style-src 'sha256-",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{policy}");
        }
        for (name, value) in [
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("x-robots-tag", "noindex, nofollow"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(page.header(name), value, "{name} of {path}");
        }
        assert!(page.header("set-cookie").is_empty());
    }
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_server_says_so_and_changes_nothing() {
    let server = TestServer::start_with(Engine::Sqlite, |settings| settings.limits.calls_max = 0).await;
    let visitor = Visitor::of(server.address()).with("accept-language", "en");
    let link = format!("/r/{}", "A".repeat(22));
    for page in [visitor.get(&link).await, visitor.post(&link, "answer=yes").await, visitor.get("/cal/x.ics").await] {
        assert_eq!((page.status, page.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "2"));
        tells(&page, "Nothing was changed");
        assert!(page.header("content-security-policy").contains("default-src 'none'"));
    }
    server.stop().await;
}
