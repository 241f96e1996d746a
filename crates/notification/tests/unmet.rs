//! Nobody was found: the association's own system hears of it at once, the seeker when it is sure, once and kindly.

mod post;

use domain::asking::{Asking, AskingState};
use domain::event::EventKind;
use domain::{AssignmentState, Channel, ContactMode, Gig, GigState, OfferId, PhoneNumber};
use jiff::SignedDuration;
use notification::Template;
use post::{CANARIES, Post, Storage};
use store::conformance::sample;
use store::{Message, MessageState};

/// An asking for a gig that has given up, two hours before the deadline.
async fn given_up(post: &Post, gig: &Gig) -> Asking {
    let start = Post::start(gig);
    let asking = Asking {
        association: None,
        start,
        deadline: post.clock.time() + SignedDuration::from_hours(2),
        state: AskingState::Exhausted,
        ..sample::asking(&post.network, gig.id.as_str())
    };
    post.put(&asking).await;
    say(post, EventKind::AskingExhausted, &asking).await;
    asking
}

async fn say(post: &Post, kind: EventKind, asking: &Asking) {
    let data = [
        ("state", asking.state.code().to_owned()),
        ("start", asking.start.to_string()),
        ("deadline", asking.deadline.to_string()),
    ];
    post.event(kind, &format!("gigs/{}", asking.id), &data).await;
}

async fn texting(post: &Post) {
    let mut seeker = sample::seeker(&post.network, "s1");
    seeker.contact_mode = ContactMode::Direct;
    seeker.phone = Some(PhoneNumber::new("+358401111111").expect("number"));
    post.put(&seeker).await;
}

async fn unmet(post: &Post) -> Vec<Message> {
    let mut all = post.messages().await;
    all.retain(|message| message.template == Template::SeekerUnmet.code());
    all
}

fn hooked(post: &Post, kind: EventKind) -> usize {
    let of = format!("\"type\":\"{}\"", kind.code());
    post.hook.all().iter().filter(|letter| letter.text.contains(&of)).count()
}

#[tokio::test]
async fn the_coordinator_hears_at_once_and_the_seeker_when_the_time_is_up() {
    for storage in Storage::both().await {
        let post = Post::open(&storage).await;
        texting(&post).await;
        let gig = Gig { association: Some("a1".parse().expect("id")), ..post.gig("g1") };
        post.put(&gig).await;
        let asking = given_up(&post, &gig).await;
        post.deliver().await;
        assert_eq!(hooked(&post, EventKind::AskingExhausted), 1, "{:?}", post.hook.all());
        assert!(post.sms.all().is_empty(), "the coordinator may still find somebody");
        post.clock.set(asking.deadline);
        post.deliver().await;
        let texts = post.sms.all();
        assert_eq!(texts.len(), 1, "{texts:?}");
        assert!(texts[0].text.contains("valitettavasti"), "{}", texts[0].text);
        assert!(CANARIES.iter().all(|canary| !texts[0].text.contains(canary)));
        // The last window closes: nothing new is to be said to the seeker, the association hears it.
        post.clock.advance(SignedDuration::from_hours(48));
        post.put(&Gig { state: GigState::Unmet, ..gig.clone() }).await;
        post.event(EventKind::GigUnmet, "gigs/g1", &[("start", asking.start.to_string())]).await;
        post.deliver().await;
        assert_eq!((hooked(&post, EventKind::GigUnmet), post.sms.all().len()), (1, 1));
        storage.remove().await;
    }
}

#[tokio::test]
async fn a_gig_that_nobody_asked_for_is_on_the_call_list_when_its_last_window_has_closed() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    let gig = Gig { state: GigState::Unmet, ..post.gig("g1") };
    post.put(&gig).await;
    post.clock.set(Post::start(&gig) + SignedDuration::from_hours(2));
    post.event(EventKind::GigUnmet, "gigs/g1", &[("start", Post::start(&gig).to_string())]).await;
    post.deliver().await;
    let call = post.message("seeker_unmet").await;
    assert_eq!(
        (call.channel, call.state, call.recipient.as_str()),
        (Channel::Phone, MessageState::Pending, "seekers/s1")
    );
    // What lay about for days is no news.
    let old = Gig { state: GigState::Unmet, ..post.gig("g2") };
    post.put(&old).await;
    post.event(EventKind::GigUnmet, "gigs/g2", &[]).await;
    post.clock.advance(SignedDuration::from_hours(72));
    post.deliver().await;
    assert_eq!(unmet(&post).await.len(), 1);
}

#[tokio::test]
async fn nothing_is_said_while_somebody_is_looked_for_or_found() {
    for what in ["running", "again", "filled", "cancelled", "asked by hand", "asked anew"] {
        let storage = Storage::folder();
        let post = Post::open(&storage).await;
        if what != "again" {
            texting(&post).await;
        }
        post.put(&post.volunteer(1)).await;
        let gig = post.gig("g1");
        post.put(&gig).await;
        if what == "running" {
            // It only says what could be done, and goes on.
            let asking = Asking { state: AskingState::Running, ..sample::asking(&post.network, "g1") };
            post.put(&asking).await;
            say(&post, EventKind::AskingExhausted, &asking).await;
            post.deliver().await;
            assert!(unmet(&post).await.is_empty());
            continue;
        }
        let asking = given_up(&post, &gig).await;
        post.deliver().await;
        assert_eq!(unmet(&post).await[0].state, MessageState::Pending);
        match what {
            "filled" => drop(post.fill(&gig, "v1").await),
            "cancelled" => {
                post.put(&Gig { state: GigState::Cancelled, ..gig.clone() }).await;
                post.event(EventKind::GigCancelled, "gigs/g1", &[]).await;
            }
            // A coordinator has named somebody, who may still say yes.
            "asked by hand" => {
                let offer = post.unannounced("o1", &gig, "v1", 8);
                let mut tx = post.db.write().await.expect("write");
                assert_eq!(tx.insert_offer(&offer).await.expect("insert"), store::Inserted::Done);
                tx.commit().await.expect("commit");
            }
            // A call is not looked at again before it is made, a text message is.
            "again" => {
                post.put(&Asking { state: AskingState::Running, ..asking.clone() }).await;
                say(&post, EventKind::AskingStarted, &asking).await;
            }
            _ => post.put(&Asking { state: AskingState::Running, ..asking.clone() }).await,
        }
        post.deliver().await;
        post.clock.set(asking.deadline);
        post.deliver().await;
        let told = unmet(&post).await;
        assert_eq!((told.len(), told[0].state), (1, MessageState::Dropped), "{what}: {told:?}");
        assert!(!post.sms.all().iter().any(|letter| letter.text.contains("valitettavasti")), "{what}");
    }
}

#[tokio::test]
async fn another_start_is_told_anew_and_the_question_for_the_former_one_taken_back_kindly() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    post.put(&post.volunteer(1)).await;
    let gig = Gig { state: GigState::Open, ..post.gig("g1") };
    post.put(&gig).await;
    let offer = post.unannounced("o1", &gig, "v1", 8);
    post.put(&domain::Offer { state: domain::offer::OfferState::Withdrawn, ..offer.clone() }).await;
    let later = Post::start(&gig) + SignedDuration::from_hours(1);
    let id: OfferId = offer.id.clone();
    let data = [
        ("gig", "g1".to_owned()),
        ("volunteer", "v1".to_owned()),
        ("state", "withdrawn".to_owned()),
        ("told", "true".to_owned()),
        ("other_start", later.to_string()),
    ];
    post.event(EventKind::OfferEnded, &format!("offers/{id}"), &data).await;
    post.deliver().await;
    let text = &post.sms.all()[0].text;
    assert!(text.contains("aika muuttuu") && text.contains("Kiitos"), "{text}");

    for start in [Post::start(&gig), Post::start(&gig), later] {
        post.event(EventKind::GigUnmet, "gigs/g1", &[("start", start.to_string())]).await;
        post.deliver().await;
        let mut tx = post.db.write().await.expect("write");
        for call in unmet(&post).await.iter().filter(|call| call.state == MessageState::Pending) {
            assert!(tx.call_made(&post.network, call.id, post.clock.time()).await.expect("called"));
        }
        tx.commit().await.expect("commit");
    }
    assert_eq!(unmet(&post).await.len(), 2, "once for each start");
}

#[tokio::test]
async fn who_was_told_of_a_helper_hears_that_they_are_gone_though_others_are_asked() {
    for kind in [EventKind::AskingStarted, EventKind::AskingExhausted] {
        let storage = Storage::folder();
        let post = Post::open(&storage).await;
        texting(&post).await;
        post.put(&post.volunteer(1)).await;
        let gig = post.gig("g1");
        post.put(&gig).await;
        let filled = post.fill(&gig, "v1").await;
        post.deliver().await;
        assert_eq!(post.message("seeker_confirmation").await.state, MessageState::Sent);
        // The helper gives it back, and others are asked before the seeker was told.
        post.change(&filled, AssignmentState::Accepted, AssignmentState::Released).await;
        post.put(&Gig { state: GigState::Open, start: None, ..filled }).await;
        let data = [("volunteer", "v1".to_owned()), ("start", Post::start(&gig).to_string())];
        post.event(EventKind::GigReopened, "gigs/g1", &data).await;
        let asking = Asking {
            start: Post::start(&gig),
            deadline: post.clock.time() + SignedDuration::from_hours(2),
            state: if kind == EventKind::AskingStarted { AskingState::Running } else { AskingState::Exhausted },
            ..sample::asking(&post.network, "g1")
        };
        post.put(&asking).await;
        say(&post, kind, &asking).await;
        post.deliver().await;
        assert_eq!(post.message("seeker_reopened").await.state, MessageState::Sent, "{kind:?}");
    }
}
