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
        volunteer.contact.channels = vec![Channel::Email];
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
        volunteer.contact.channels = vec![Channel::Sms];
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
