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
