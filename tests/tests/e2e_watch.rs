//! What happens is told as it happens: in order, nothing lost and nothing twice over broken connections and restarts, to each what they may
//! see, and at the pace of whoever reads.

use domain::{EventId, EventKind, NetworkId, PrincipalId};
use prost_types::Duration as Span;
use proto::dispatch::v1 as dispatch;
use proto::registry::v1 as registry;
use store::{Database, OpenOptions};
use tests::calendar::Week;
use tests::desk::Desk;
use tests::engines::{ENGINES, for_each_engine};
use tests::refused::{Refused, code_and_reason, granted};
use tests::test_server::{TestServer, Who};
use tests::town::{self, NETWORK, gig_name, volunteer_name};
use tests::watching::{Watching, all_of_it, now_on};
use tonic::Code;

/// Events in the crowd of the slow reader.
const CROWD: usize = 10_000;
/// Events of one transaction there.
const BATCH: usize = 100;

/// The town with two helpers and two seekers.
async fn small_town(server: &TestServer) -> Desk {
    server.desk(Who::Ops).found_network().await;
    let city = server.desk(Who::City);
    for at in 1..=2 {
        city.add_volunteer(&format!("v-{at}"), town::volunteer("Testi Testinen")).await;
        city.add_seeker(&format!("s-{at}"), town::seeker("Eino Esimerkki")).await;
    }
    city
}

fn shopping(seeker: &str, day: i64) -> dispatch::Gig {
    town::gig("shopping", seeker, Week::coming().window(day, 9 * 60, 17 * 60))
}

fn kinds(events: &[dispatch::Event]) -> Vec<&str> {
    events.iter().map(|event| event.kind.as_str()).collect()
}

fn names(events: &[dispatch::Event]) -> Vec<&str> {
    events.iter().map(|event| event.name.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_screens_see_a_gigs_day_in_order() {
    for_each_engine(|server| async move {
        let city = small_town(&server).await;
        let mut screens = [
            Watching::begin(&server.desk(Who::CallCentre), now_on()).await,
            Watching::begin(&server.desk(Who::Ops), now_on()).await,
        ];
        let only_fills = dispatch::WatchEventsRequest { kinds: vec!["gig_filled".to_owned()], ..now_on() };
        let mut fills = Watching::begin(&city, only_fills).await;
        let of_one = dispatch::WatchEventsRequest { subjects: vec![gig_name("g-2")], ..now_on() };
        let mut one = Watching::begin(&city, of_one).await;
        city.add_gig("g-1", shopping("s-1", 1)).await;
        let at_ten = Week::coming().window(1, 10 * 60, 11 * 60).start_time;
        let gig = granted(city.assign(&gig_name("g-1"), &[&volunteer_name("v-1")], at_ten).await).gig.expect("a gig");
        granted(city.release(&gig.assignments[0].name, "sairastui").await);
        city.add_gig("g-2", shopping("s-2", 2)).await;
        granted(city.cancel(&gig_name("g-2"), "Eino Esimerkki perui").await);
        for screen in &mut screens {
            let seen = screen.events(5).await;
            assert_eq!(kinds(&seen), ["created", "gig_filled", "gig_reopened", "created", "gig_cancelled"]);
            assert!(seen[..3].iter().all(|event| event.subject == gig_name("g-1") && event.gig == gig_name("g-1")));
            assert_eq!((seen[1].data["volunteers"].as_str(), seen[1].actor.as_str()), ("v-1", "city"));
            assert!(!format!("{seen:?}").contains("Esimerkki"), "ids only: {seen:?}");
        }
        assert_eq!(fills.event().await.expect("an event").subject, gig_name("g-1"));
        assert_eq!(kinds(&one.events(2).await), ["created", "gig_cancelled"]);
        // From an instant on: what was before it is not told.
        let since = dispatch::WatchEventsRequest { start_time: screens[0].token_time(&city).await, ..now_on() };
        assert_eq!(kinds(&Watching::begin(&city, since).await.events(1).await), ["gig_cancelled"]);
        server.stop().await;
    })
    .await;
}

/// The instant of the last event.
trait LastTime {
    async fn token_time(&self, desk: &Desk) -> Option<prost_types::Timestamp>;
}

impl LastTime for Watching {
    async fn token_time(&self, desk: &Desk) -> Option<prost_types::Timestamp> {
        desk.events(&gig_name("g-2")).await.last().and_then(|event| event.event_time)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_told_twice_over_broken_connections_and_a_restart() {
    for engine in ENGINES {
        let server = TestServer::start(engine).await;
        let city = small_town(&server).await;
        let mut watch = Watching::begin(&server.desk(Who::City), all_of_it()).await;
        let mut seen = watch.events(2).await;
        for at in 0..6 {
            city.add_gig(&format!("g-{at}"), shopping("s-1", 1)).await;
            if at % 2 == 0 {
                // The connection goes, with whatever was on its way.
                let token = watch.token.clone();
                drop(watch);
                watch = Watching::resume(&server.desk(Who::City), all_of_it(), &token).await;
            }
            seen.push(watch.event().await.expect("an event"));
        }
        let token = watch.token.clone();
        // What happens while nobody watches, and while the server is being stopped.
        city.add_gig("g-7", shopping("s-2", 2)).await;
        let (_, storage) = server.stop_keeping_storage().await;
        let server = TestServer::over(engine, storage, |_| ()).await;
        let city = server.desk(Who::City);
        city.add_gig("g-8", shopping("s-2", 2)).await;
        let whole = {
            let mut watch = Watching::begin(&city, all_of_it()).await;
            let mut whole = Vec::new();
            while whole.last().is_none_or(|last: &dispatch::Event| last.subject != gig_name("g-8")) {
                whole.push(watch.event().await.expect("an event"));
            }
            whole
        };
        let mut watch = Watching::resume(&city, all_of_it(), &token).await;
        while seen.len() < whole.len() {
            seen.push(watch.event().await.expect("an event"));
        }
        assert_eq!(names(&seen), names(&whole), "on {engine:?}");
        let mut once = names(&whole);
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), whole.len(), "each once");
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_association_sees_what_happens_to_its_own() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let city = server.desk(Who::City);
        for (at, id) in [(1, "martat"), (2, "leijonat")] {
            let request = registry::CreateAssociationRequest {
                parent: NETWORK.to_owned(),
                association: Some(registry::Association { title: id.to_owned(), ..Default::default() }),
                association_id: id.to_owned(),
                ..Default::default()
            };
            granted(city.associations.clone().create_association(request).await);
            let association = format!("{NETWORK}/associations/{id}");
            let volunteer =
                registry::Volunteer { association: association.clone(), ..town::volunteer("Testi Testinen") };
            city.add_volunteer(&format!("v-{at}"), volunteer).await;
            city.add_seeker(&format!("s-{at}"), registry::Seeker { association, ..town::seeker("Eino Esimerkki") })
                .await;
            city.add_gig(&format!("g-{at}"), shopping(&format!("s-{at}"), at)).await;
        }
        for at in [2, 1] {
            let start_time = Week::coming().window(at, 10 * 60, 11 * 60).start_time;
            let offer = dispatch::Offer {
                start_time,
                gig: gig_name(&format!("g-{at}")),
                volunteer: volunteer_name(&format!("v-{at}")),
                ..Default::default()
            };
            let request =
                dispatch::CreateOfferRequest { parent: NETWORK.to_owned(), offer: Some(offer), ..Default::default() };
            granted(city.offers.clone().create_offer(request).await);
        }
        granted(city.cancel(&gig_name("g-2"), "syy").await);
        granted(city.cancel(&gig_name("g-1"), "syy").await);
        let mut own = Watching::begin(&server.desk(Who::Association), all_of_it()).await;
        let mut seen = Vec::new();
        while seen.last().is_none_or(|last: &dispatch::Event| last.kind != "gig_cancelled") {
            seen.push(own.event().await.expect("an event"));
        }
        let told = format!("{seen:?}");
        for foreign in ["leijonat", "g-2", "v-2", "s-2"] {
            assert!(!told.contains(foreign), "{foreign}: {told}");
        }
        for kind in ["created", "offer_made", "gig_cancelled"] {
            assert!(kinds(&seen).contains(&kind), "{kind}: {told}");
        }
        for of in ["associations/martat", "volunteers/v-1", "seekers/s-1", "gigs/g-1"] {
            assert!(seen.iter().any(|event| event.subject.ends_with(of)), "{of}: {told}");
        }
        server.stop().await;
    })
    .await;
}

/// So many events, written as the programs of the house write them.
async fn crowd(url: &str) {
    let db = Database::open(url, OpenOptions::default()).await.expect("the storage opens");
    let network = NetworkId::new("kouvola").expect("id");
    for batch in 0..CROWD / BATCH {
        let mut tx = db.write().await.expect("write");
        for at in 0..BATCH {
            let number = batch * BATCH + at;
            let event = domain::Event {
                network: network.clone(),
                id: EventId::new(format!("e-{number}")).expect("id"),
                kind: EventKind::Updated,
                subject: format!("gigs/g-{number}"),
                actor: PrincipalId::new("crowd").expect("id"),
                reason: String::new(),
                time: domain::Timestamp::UNIX_EPOCH,
                data: [("note".to_owned(), "x".repeat(200))].into(),
            };
            tx.record(&event).await.expect("record");
        }
        tx.commit().await.expect("commit");
    }
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_holds_up_nobody_and_misses_nothing() {
    for_each_engine(|server| async move {
        server.desk(Who::Ops).found_network().await;
        let mut slow = Watching::begin(&server.desk(Who::City), now_on()).await;
        let mut quick = Watching::begin(&server.desk(Who::City), now_on()).await;
        let url = server.database_url();
        let writing = tokio::spawn(async move { crowd(&url).await });
        // The quick one is served to the end while the slow one takes nothing.
        let expected: Vec<String> = (0..CROWD).map(|number| gig_name(&format!("g-{number}"))).collect();
        let subjects = |events: Vec<dispatch::Event>| events.into_iter().map(|event| event.subject).collect::<Vec<_>>();
        assert_eq!(subjects(quick.events(CROWD).await), expected);
        writing.await.expect("written");
        let mut seen = Vec::with_capacity(CROWD);
        while seen.len() < CROWD {
            match slow.event().await {
                Ok(event) => seen.push(event),
                // On a slow machine the server may have given a reader up that took nothing for so long: it goes on from its token.
                Err(status) => {
                    assert_eq!(Refused::from(&status).reason, "LIMIT_REACHED", "{status:?}");
                    let token = slow.token.clone();
                    slow = Watching::resume(&server.desk(Who::City), now_on(), &token).await;
                }
            }
        }
        assert_eq!(subjects(seen), expected);
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_ends_every_watch_and_the_next_goes_on_with_it() {
    for engine in ENGINES {
        let server = TestServer::start(engine).await;
        let city = small_town(&server).await;
        let mut watches = Vec::new();
        for _ in 0..20 {
            watches.push(Watching::begin(&server.desk(Who::City), now_on()).await);
        }
        city.add_gig("g-1", shopping("s-1", 1)).await;
        for watch in &mut watches {
            assert_eq!(watch.event().await.expect("an event").subject, gig_name("g-1"));
        }
        let (_, storage) = server.stop_keeping_storage().await;
        for watch in &mut watches {
            let told = Refused::from(&watch.event().await.expect_err("the server stops"));
            assert_eq!((told.code, told.reason.as_str()), (Code::Unavailable, "SERVER_STOPPING"), "on {engine:?}");
        }
        let server = TestServer::over(engine, storage, |_| ()).await;
        let city = server.desk(Who::City);
        city.add_gig("g-2", shopping("s-1", 1)).await;
        for watch in &watches {
            let mut next = Watching::resume(&city, now_on(), &watch.token).await;
            assert_eq!(next.event().await.expect("an event").subject, gig_name("g-2"), "on {engine:?}");
        }
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_watch_shows_that_it_lives() {
    for_each_engine(|server| async move {
        let city = small_town(&server).await;
        let often =
            dispatch::WatchEventsRequest { heartbeat_interval: Some(Span { seconds: 1, nanos: 0 }), ..now_on() };
        let mut watch = Watching::begin(&city, often.clone()).await;
        for _ in 0..2 {
            assert_eq!(watch.message().await.expect("a heartbeat").event, None);
        }
        // A heartbeat's token leads on as well as an event's.
        let token = watch.token.clone();
        drop(watch);
        city.add_gig("g-1", shopping("s-1", 1)).await;
        let mut watch = Watching::resume(&city, often, &token).await;
        assert_eq!(watch.event().await.expect("an event").subject, gig_name("g-1"));
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_another_history_or_watch_is_refused() {
    for_each_engine(|server| async move {
        let city = small_town(&server).await;
        let token = Watching::begin(&city, now_on()).await.token;
        let asked = |request: dispatch::WatchEventsRequest| {
            let mut events = city.events.clone();
            async move { code_and_reason(events.watch_events(request).await) }
        };
        let with = |token: &str| dispatch::WatchEventsRequest { resume_token: token.to_owned(), ..now_on() };
        let foreign = (Code::InvalidArgument, "RESUME_TOKEN_INVALID".to_owned());
        let narrower = dispatch::WatchEventsRequest { kinds: vec!["gig_filled".to_owned()], ..with(&token) };
        assert_eq!(asked(narrower).await, foreign);
        assert_eq!(asked(with(&token[..token.len() / 2])).await, foreign);
        assert_eq!(asked(with("kissa")).await, foreign);

        let other = TestServer::start(server.engine).await;
        let town = small_town(&other).await;
        let restored = code_and_reason(town.events.clone().watch_events(with(&token)).await);
        assert_eq!(restored, (Code::FailedPrecondition, "RESUME_TOKEN_EXPIRED".to_owned()));
        other.stop().await;
        server.stop().await;
    })
    .await;
}
