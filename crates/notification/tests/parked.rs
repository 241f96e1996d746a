//! A message that is given up is told to whoever watches: once, by ids and codes, in the transaction that parks it.

mod post;

use domain::event::EventKind;
use domain::{Channel, Gig, GigState};
use notification::channel::SendError;
use store::PageRequest;

use post::{CANARIES, Post, Storage};

#[tokio::test]
async fn a_message_given_up_is_an_event() {
    for storage in Storage::both().await {
        let post = Post::open(&storage).await;
        let mut volunteer = post.volunteer(1);
        volunteer.contact.channels = [Channel::Email].into();
        post.put(&volunteer).await;
        let gig = Gig { state: GigState::Offered, ..post.gig("g1") };
        post.put(&gig).await;
        post.mail.script(|_, _| Err(SendError::Permanent { code: "PROVIDER_REFUSED" }));
        post.offer("o1", &gig, "v1", 8).await;
        for _ in 0..2 {
            post.deliver().await;
        }
        let message = post.message("offer").await;
        let mut tx = post.db.read().await.expect("read");
        let subject = format!("notifications/{}", message.id.hyphenated());
        let told = tx.events_of(&post.network, Some(&subject), &PageRequest::default()).await.expect("events").items;
        assert_eq!(told.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::NotificationParked]);
        let value = |key: &str| told[0].data.get(key).map(String::as_str);
        assert_eq!(
            (value("about"), value("recipient"), value("failure"), value("template"), value("channel")),
            (Some("offers/o1"), Some("volunteers/v1"), Some("PROVIDER_REFUSED"), Some("offer"), Some("email"))
        );
        let written = format!("{:?}", told[0]);
        assert!(CANARIES.iter().all(|canary| !written.contains(canary)), "{written}");
        drop(tx);
        storage.remove().await;
    }
}

#[tokio::test]
async fn own_words_that_cannot_be_used_give_way_to_the_services() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    let gig = Gig { state: GigState::Offered, ..post.gig("g1") };
    post.put(&gig).await;
    let mut bodies = vec!["ja ".repeat(2_000), "{ nothing-there }".to_owned(), "{".repeat(400)];
    bodies.push("{ $minutes ->\n [1] { $code }\n *[other] { $nobody }\n}".to_owned());
    for (number, body) in bodies.into_iter().enumerate() {
        let language = domain::text::ServiceLanguage::Fi;
        let words = store::MessageText { part: "sms".to_owned(), language, body, update_time: post.clock.time() };
        let mut tx = post.db.write().await.expect("write");
        tx.put_message_text(&post.network, "offer", &words).await.expect("put");
        tx.commit().await.expect("commit");
        let mut volunteer = post.volunteer(number);
        volunteer.contact.channels = [Channel::Sms].into();
        post.put(&volunteer).await;
        post.offer(&format!("o{number}"), &gig, &format!("v{number}"), 8).await;
        post.deliver().await;
        let said = post.sms.take();
        assert!(said.len() == 1 && said[0].text.contains("Autatko?"), "{words:?}: {said:?}");
    }
    assert!(post.desk.told.lock().expect("lock").iter().all(|(_, what)| *what == "sent"), "no offer was withdrawn");
}

#[tokio::test]
async fn a_reminder_that_waits_is_not_sent_days_early() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    post.put(&post.volunteer(1)).await;
    let gig = post.gig("g1");
    post.put(&gig).await;
    post.fill(&gig, "v1").await;
    post.deliver().await;
    let before = post.message("reminder_soon").await;
    assert!(before.next_time > post.clock.time());
    let principal = domain::Principal {
        id: "tests".parse().expect("id"),
        role: domain::Role::CityCoordinator,
        network: None,
        association: None,
        volunteer: None,
    };
    let ctx = domain::WriteContext {
        scope: domain::Scope::granted(principal, "test"),
        now: post.clock.time(),
        method: "/test",
        request: None,
        validate_only: false,
        read_version: None,
    };
    let id = before.id.hyphenated().to_string().parse().expect("id");
    let refused = post.notification.retry(&ctx, &post.network, &id).await.expect_err("never tried").to_string();
    assert!(refused.contains(&before.next_time.to_string()), "it says when it is due: {refused}");
    assert_eq!(post.message("reminder_soon").await, before);
}

#[tokio::test]
async fn an_association_sees_what_was_not_told_of_a_yes_that_was_taken_back() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    post.hook.script(|_, _| Err(SendError::Permanent { code: "WEBHOOK_GONE" }));
    for (number, gigs, volunteers) in [(1, Some("a1"), None), (2, Some("a1"), Some("a1")), (3, None, Some("a1"))] {
        let association = |id: Option<&str>| id.map(|id| id.parse().expect("id"));
        let volunteer = domain::Volunteer { association: association(volunteers), ..post.volunteer(number) };
        post.put(&volunteer).await;
        let gig = Gig { association: association(gigs), state: GigState::Offered, ..post.gig(&format!("g{number}")) };
        post.put(&gig).await;
        // The yes was taken back, and the offer is open again.
        let offer = post.unannounced(&format!("o{number}"), &gig, &format!("v{number}"), 8);
        post.put(&offer).await;
        let data = [("gig", gig.id.to_string()), ("volunteer", format!("v{number}"))];
        post.event(EventKind::OfferUndone, &format!("offers/o{number}"), &data).await;
    }
    let principal = domain::Principal {
        id: "tests".parse().expect("id"),
        role: domain::Role::AssociationCoordinator,
        network: None,
        association: Some("a1".parse().expect("id")),
        volunteer: None,
    };
    let scope = domain::Scope::granted(principal, "test");
    let page = PageRequest::first(100);
    let waiting = post.notification.list(&scope, &post.network, &["pending"], &page).await.expect("list").items;
    let named = |queued: &notification::Queued| match queued {
        notification::Queued::Event(delivery) => {
            (delivery.event.subject.clone(), delivery.event.data.get("volunteer").cloned())
        }
        notification::Queued::Message(message) => (message.subject.clone(), None),
    };
    let waiting: Vec<_> = waiting.iter().map(named).collect();
    let own = Some("v2".to_owned());
    assert_eq!(
        waiting,
        [("offers/o1".to_owned(), None), ("offers/o2".to_owned(), own)],
        "whose yes it was is not told"
    );
    post.deliver().await;
    let failed = post.notification.list(&scope, &post.network, &["failed"], &page).await.expect("list").items;
    let failed: Vec<String> = failed.iter().map(|queued| named(queued).0).collect();
    assert_eq!(failed, ["offers/o1", "offers/o2"]);
}
