//! What people and providers send back.

mod post;

use domain::offer::{Decline, OfferState};
use domain::text::ServiceLanguage;
use domain::{AssignmentState, Gig, GigState, Offer};
use jiff::SignedDuration;
use notification::channel::{Accepted, SendError};
use notification::ports::{Answer, Outcome};
use notification::reply::Received;
use notification::reply::callback::Receipt;
use store::MessageState;

use post::{Post, Storage};

const PHONE: &str = "+358402000001";

/// A volunteer who has been asked about so many gigs.
async fn asked(storage: &Storage, count: usize) -> Post {
    let post = Post::open(storage).await;
    let mut volunteer = post.volunteer(1);
    volunteer.contact.language = ServiceLanguage::Sv;
    post.put(&volunteer).await;
    for number in 0..count {
        let gig = Gig { state: GigState::Offered, ..post.gig(&format!("g{number}")) };
        post.put(&gig).await;
        post.offer(&format!("o{number}"), &gig, "v1", 4).await;
    }
    post.deliver().await;
    post
}

async fn receive(post: &Post, text: &str) -> Received {
    post.notification.receive_sms(PHONE, text, &*post.desk, post.clock.time()).await.expect("received")
}

/// Code and token of the n-th text message.
fn marks(post: &Post, at: usize) -> (String, String) {
    let text = post.sms.all()[at].text.clone();
    let code = text.split("Svara J ").nth(1).expect("a code").split(' ').next().expect("a code").to_owned();
    let token = text.split("/r/").nth(1).expect("a link").trim().to_owned();
    (code, token)
}

#[tokio::test]
async fn an_answer_by_text_message_finds_its_offer() {
    for storage in Storage::both().await {
        let post = asked(&storage, 3).await;
        let (code, _) = marks(&post, 1);
        let yes = receive(&post, &format!("😀 j{}!", code.to_lowercase())).await;
        assert_eq!(yes.outcome, Some(Outcome::Accepted));
        assert!(yes.text.expect("a text").starts_with("Tack"));
        let [(offer, volunteer, answer)] =
            post.desk.answers.lock().expect("lock").clone().try_into().expect("one answer");
        assert_eq!((volunteer.as_str(), answer), ("v1", Answer::Yes));
        let message =
            post.messages().await.into_iter().find(|one| one.subject == format!("offers/{offer}")).expect("there");
        assert!(post.sms.all()[1].reference == message.provider_reference, "the code names that offer");
        for (text, wanted) in [
            ("J ZZ99", "Koden hittades inte"),
            ("J", "Du har flera"),
            ("kanske", "Vi förstod inte"),
            ("Sluta", "En dator läste"),
        ] {
            let received = receive(&post, text).await;
            assert!(received.text.as_deref().is_some_and(|said| said.starts_with(wanted)), "{text:?}: {received:?}");
            assert_eq!(received.outcome, None);
        }
        for (outcome, wanted) in [
            (Outcome::AlreadyFilled, "En hjälpare"),
            (Outcome::Ended, "Den här"),
            (Outcome::NotAble, "Det här"),
            (Outcome::TooLate, "Du är redan"),
        ] {
            *post.desk.outcome.lock().expect("lock") = outcome;
            let (code, _) = marks(&post, 0);
            let received = receive(&post, &format!("N {code}")).await;
            assert!(received.text.expect("a text").starts_with(wanted), "{outcome:?}");
        }
        let stranger = post.notification.receive_sms("+358501234567", "K", &*post.desk, post.clock.time()).await;
        assert_eq!(stranger.expect("received"), Received::default(), "strangers cost nothing");
        let msisdn = post.notification.receive_sms("358402000001", "J", &*post.desk, post.clock.time()).await;
        assert!(msisdn.expect("received").text.is_some(), "the same number in another form");
        post.clock.advance(SignedDuration::from_hours(5));
        let (code, _) = marks(&post, 2);
        let late = receive(&post, &format!("J {code}")).await;
        assert!(late.text.expect("a text").starts_with("Den här förfrågan gäller inte"));
        storage.remove().await;
    }
}

#[tokio::test]
async fn one_open_question_needs_no_code() {
    let post = asked(&Storage::folder(), 1).await;
    assert_eq!(receive(&post, "Ja gärna!").await.outcome, Some(Outcome::Accepted));
    assert!(receive(&post, "ja").await.text.expect("a text").starts_with("Den här"), "it has been answered");
}

#[tokio::test]
async fn what_only_sounds_like_an_answer_changes_nothing() {
    let storage = Storage::folder();
    let post = asked(&storage, 1).await;
    for text in ["Var och när, ja?", "Ok, jag hör av mig ikväll", "Jag ringer. Hälsningar Kaija J", "K?"] {
        let received = receive(&post, text).await;
        assert_eq!(received.outcome, None, "{text:?}");
    }
    assert!(post.desk.answers.lock().expect("lock").is_empty());
}

#[tokio::test]
async fn two_automats_do_not_talk_for_ever() {
    let storage = Storage::folder();
    let post = asked(&storage, 1).await;
    let mut said = 0;
    for _ in 0..100 {
        said += usize::from(receive(&post, "Jag är bortrest. Detta är ett automatiskt svar.").await.text.is_some());
    }
    assert_eq!(said, 1, "the same is said once an hour");
    for _ in 0..100 {
        post.clock.advance(SignedDuration::from_mins(10));
        said += usize::from(receive(&post, "Jag är bortrest. Detta är ett automatiskt svar.").await.text.is_some());
    }
    assert_eq!(said, 5, "and five times a day");
}

#[tokio::test]
async fn an_answer_is_told_however_much_was_said_before() {
    let storage = Storage::folder();
    let post = asked(&storage, 2).await;
    for _ in 0..10 {
        receive(&post, "J ZZ99").await;
    }
    assert_eq!(receive(&post, "J ZZ99").await.text, None);
    let (code, _) = marks(&post, 0);
    let yes = receive(&post, &format!("J {code}")).await;
    assert!(yes.outcome == Some(Outcome::Accepted) && yes.text.expect("a text").starts_with("Tack"));
}

#[tokio::test]
async fn a_yes_that_is_said_again_stands() {
    for storage in Storage::both().await {
        let post = asked(&storage, 1).await;
        assert_eq!(receive(&post, "J").await.outcome, Some(Outcome::Accepted));
        let gig = post.gig("g0");
        let offer = post.unannounced("o0", &gig, "v1", 4);
        post.put(&Offer { state: OfferState::Accepted, answer_time: Some(post.clock.time()), ..offer }).await;
        let gig = post.fill(&gig, "v1").await;
        post.clock.advance(SignedDuration::from_mins(20));
        let again = receive(&post, "J").await;
        assert_eq!(again.outcome, Some(Outcome::Accepted));
        assert!(again.text.expect("a text").starts_with("Tack"));
        let late = receive(&post, "N").await;
        assert_eq!(late.outcome, Some(Outcome::TooLate), "nor is it given back by a word");
        assert_eq!(post.desk.answers.lock().expect("lock").len(), 1, "nothing changes");
        // What was given back is no promise any more.
        post.change(&gig, AssignmentState::Accepted, AssignmentState::Released).await;
        assert!(receive(&post, "J").await.text.expect("a text").starts_with("Den här förfrågan gäller inte"));
        storage.remove().await;
    }
}

#[tokio::test]
async fn a_number_that_was_given_up_answers_nothing() {
    let storage = Storage::folder();
    let post = asked(&storage, 1).await;
    let mut volunteer = post.volunteer(1);
    volunteer.contact.language = ServiceLanguage::Sv;
    volunteer.phone = Some(domain::PhoneNumber::new("+358402000099").expect("number"));
    post.put(&volunteer).await;
    let (code, _) = marks(&post, 0);
    for text in ["J".to_owned(), format!("J {code}"), "vem?".to_owned()] {
        let received = receive(&post, &text).await;
        assert_eq!(received, Received::default(), "{text:?}");
    }
    assert!(post.desk.answers.lock().expect("lock").is_empty());
}

#[tokio::test]
async fn a_link_answers_once_and_looking_changes_nothing() {
    for storage in Storage::both().await {
        let post = asked(&storage, 2).await;
        let (_, token) = marks(&post, 0);
        let now = post.clock.time();
        for _ in 0..100 {
            let opened = post.notification.open_link(&token, now).await.expect("opened").expect("there");
            assert_eq!((opened.volunteer.as_str(), opened.used_time), ("v1", None));
        }
        assert!(post.desk.answers.lock().expect("lock").is_empty());
        let mut last = token.clone();
        last.pop();
        let foreign = "A".repeat(22);
        for mangled in ["", "x", &last, &foreign, &format!("{token}A"), &token.to_lowercase(), "../../etc", "\0"] {
            assert_eq!(post.notification.open_link(mangled, now).await.expect("opened"), None, "{mangled:?}");
        }
        let answer = |token: String, at| {
            let post = &post;
            async move {
                post.notification
                    .answer_link(&token, Answer::No(Decline::NotThisTime), &*post.desk, at)
                    .await
                    .expect("answered")
            }
        };
        *post.desk.outcome.lock().expect("lock") = Outcome::Declined;
        assert_eq!(answer(token.clone(), now).await, Some(Outcome::Declined));
        assert_eq!(answer(token.clone(), now).await, Some(Outcome::Ended), "once");
        assert_eq!(post.desk.answers.lock().expect("lock").len(), 1);
        let (_, other) = marks(&post, 1);
        let late = now + SignedDuration::from_hours(5);
        assert_eq!(answer(other.clone(), late).await, Some(Outcome::Ended), "run out");
        let mut tx = post.db.read().await.expect("read");
        assert!(tx.reply_token(other.as_bytes()).await.expect("get").is_none(), "only its hash is kept");
        drop(tx);
        storage.remove().await;
    }
}

#[tokio::test]
async fn a_repeat_carries_the_same_link_and_code() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    post.put(&post.volunteer(1)).await;
    let gig = Gig { state: GigState::Offered, ..post.gig("g1") };
    post.put(&gig).await;
    post.sms.script(
        |_, tries| {
            if tries < 3 { Err(notification::channel::SendError::Ambiguous) } else { Ok(Default::default()) }
        },
    );
    post.offer("o1", &gig, "v1", 4).await;
    for _ in 0..3 {
        post.deliver().await;
        post.clock.advance(SignedDuration::from_secs(31));
    }
    let texts: Vec<String> = post.sms.all().into_iter().map(|one| one.text).collect();
    assert_eq!((texts.len(), &texts[0], &texts[1]), (3, &texts[2], &texts[2]));
}

#[tokio::test]
async fn receipts_move_offers_once_whatever_is_sent() {
    let post = asked(&Storage::folder(), 1).await;
    let message = post.message("offer").await;
    let receipt = |reference: Option<&str>, arrived| Receipt {
        reference: reference.map(str::to_owned),
        provider_id: Some("nobody".to_owned()),
        arrived,
    };
    let receive = async |receipt: &Receipt| {
        post.notification.receive_receipt(receipt, &*post.desk, post.clock.time()).await.expect("received")
    };
    assert!(!receive(&receipt(Some("foreign"), true)).await && !receive(&receipt(None, true)).await);
    let reference = message.provider_reference.as_str();
    assert!(receive(&receipt(Some(reference), true)).await);
    assert!(!receive(&receipt(Some(reference), true)).await, "a second receipt changes nothing");
    assert!(!receive(&receipt(Some(reference), false)).await, "nor one that contradicts");
    assert_eq!(post.message("offer").await.state, MessageState::Delivered);
    let told = post.desk.told.lock().expect("lock").clone();
    assert_eq!(told, [("o0".to_owned(), "sent"), ("o0".to_owned(), "delivered")]);
}

#[tokio::test]
async fn what_did_not_arrive_goes_by_the_next_channel_and_then_takes_its_offer_back() {
    for storage in Storage::both().await {
        let post = asked(&storage, 1).await;
        let message = post.message("offer").await;
        let lost = Receipt { reference: Some(message.provider_reference.clone()), provider_id: None, arrived: false };
        let receive =
            async || post.notification.receive_receipt(&lost, &*post.desk, post.clock.time()).await.expect("received");
        assert!(receive().await);
        assert!(!receive().await, "told twice, it changes nothing");
        post.deliver().await;
        assert_eq!(post.mail.all().len(), 1, "by letter, as the volunteer would have it");
        assert_eq!(post.mail.all()[0].reference, message.provider_reference);
        assert!(!receive().await, "a late receipt says nothing of the letter");
        assert_eq!(post.message("offer").await.state, MessageState::Sent);

        let mut only_texts = post.volunteer(2);
        only_texts.contact.channels = [domain::Channel::Sms].into();
        post.put(&only_texts).await;
        let gig = Gig { state: GigState::Offered, ..post.gig("g9") };
        post.put(&gig).await;
        post.offer("o9", &gig, "v2", 4).await;
        post.deliver().await;
        let second = post.messages().await.into_iter().find(|one| one.subject == "offers/o9").expect("there");
        let lost = Receipt { reference: Some(second.provider_reference), provider_id: None, arrived: false };
        let received = post.notification.receive_receipt(&lost, &*post.desk, post.clock.time()).await;
        assert!(received.expect("received"));
        let second = post.messages().await.into_iter().find(|one| one.subject == "offers/o9").expect("there");
        assert_eq!((second.state, second.failure.as_deref()), (MessageState::Failed, Some("UNDELIVERED")));
        let told = post.desk.told.lock().expect("lock").clone();
        assert_eq!(told.last(), Some(&("o9".to_owned(), "unsent")));
        assert!(!told.contains(&("o0".to_owned(), "unsent")));
        drop(told);
        storage.remove().await;
    }
}

#[tokio::test]
async fn what_did_not_arrive_and_is_no_longer_asked_goes_nowhere() {
    let storage = Storage::folder();
    let post = asked(&storage, 1).await;
    let message = post.message("offer").await;
    let gig = Gig { state: GigState::Filled, ..post.gig("g0") };
    post.put(&gig).await;
    let lost = Receipt { reference: Some(message.provider_reference), provider_id: None, arrived: false };
    post.notification.receive_receipt(&lost, &*post.desk, post.clock.time()).await.expect("received");
    post.deliver().await;
    assert!(post.mail.all().is_empty());
    assert_eq!(post.message("offer").await.state, MessageState::Failed);
}

#[tokio::test]
async fn the_link_of_a_promise_opens_its_details_until_two_days_after() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    post.put(&post.volunteer(1)).await;
    let gig = post.gig("g1");
    post.put(&gig).await;
    post.fill(&gig, "v1").await;
    post.deliver().await;
    let text = post.sms.all()[0].text.clone();
    let token = text.split("/r/").nth(1).expect("a link").trim();
    let end = Post::start(&gig) + SignedDuration::from_hours(1);
    for (hours, there) in [(-3, true), (47, true), (48, false)] {
        let at = end + SignedDuration::from_hours(hours);
        let opened = post.notification.open_link(token, at).await.expect("opened");
        let opened = opened.expect("known");
        assert_eq!(opened.is_open, there, "{hours} hours after the end");
        assert!(opened.subject == "gigs/g1" && opened.offer().is_none());
    }
    let answered = post.notification.answer_link(token, Answer::Yes, &*post.desk, post.clock.time()).await;
    assert_eq!(answered.expect("answered"), None, "it asks nothing");
}

#[tokio::test]
async fn what_is_written_back_waits_for_a_provider_that_is_down_and_not_for_ever() {
    for storage in Storage::both().await {
        let post = asked(&storage, 1).await;
        // Whatever the hour: who writes is awake.
        let mut volunteer = post.volunteer(1);
        volunteer.contact.hours = Some(post::hours(18 * 60, 20 * 60));
        volunteer.contact.language = ServiceLanguage::Sv;
        post.put(&volunteer).await;
        let down = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
        let is_down = std::sync::Arc::clone(&down);
        post.sms.script(move |_, _| match is_down.load(std::sync::atomic::Ordering::SeqCst) {
            true => Err(SendError::Transient { code: "PROVIDER_UNREACHABLE", retry_after: None }),
            false => Ok(Accepted::default()),
        });
        let answer = async |text: &str| {
            let received = receive(&post, text).await;
            post.notification.write_back(&received, post.clock.time()).await.expect("written");
            received.text.expect("a text")
        };
        let said = answer("J").await;
        post.deliver().await;
        let tried = |said: &str| post.sms.all().into_iter().filter(|one| one.text == said).collect::<Vec<_>>();
        assert_eq!(tried(&said).len(), 1);
        post.clock.advance(SignedDuration::from_secs(10));
        down.store(false, std::sync::atomic::Ordering::SeqCst);
        post.deliver().await;
        let both = tried(&said);
        assert_eq!((both.len(), &both[0].reference), (2, &both[1].reference), "the same again");
        assert_eq!(post.message("reply").await.state, MessageState::Sent);

        down.store(true, std::sync::atomic::Ordering::SeqCst);
        let again = answer("Hej").await;
        post.deliver().await;
        down.store(false, std::sync::atomic::Ordering::SeqCst);
        let before = tried(&again).len();
        post.clock.advance(SignedDuration::from_mins(31));
        post.deliver().await;
        assert_eq!(tried(&again).len(), before, "nobody waits for it any more");
        let mut replies = post.messages().await;
        replies.retain(|message| message.template == "reply");
        assert_eq!((replies.len(), replies[1].state), (2, MessageState::Dropped));
        let called = replies.iter().any(|message| message.channel == domain::Channel::Phone);
        assert!(!called && post.mail.all().is_empty(), "by text or not at all");
        storage.remove().await;
    }
}

/// The token in the last text to a number.
fn token_to(post: &Post, phone: &str) -> String {
    let text = post.sms.all().into_iter().rfind(|one| one.to == phone).expect("a text").text;
    let (_, rest) = text.split_once("/r/").expect("a link");
    rest.split_whitespace().next().expect("a token").trim_end_matches('.').to_owned()
}

#[tokio::test]
async fn a_link_to_a_former_number_opens_nothing_and_the_next_message_brings_another() {
    for storage in Storage::both().await {
        let post = asked(&storage, 1).await;
        let open = async |token: &str| {
            let opened = post.notification.open_link(token, post.clock.time()).await.expect("opened").expect("known");
            (opened.is_open, opened.is_former)
        };
        let first = token_to(&post, PHONE);
        assert_eq!(open(&first).await, (true, false));
        // An address beside it is no other one.
        let mut volunteer = post.volunteer(1);
        volunteer.contact.language = ServiceLanguage::Sv;
        let (mail, changed) = (volunteer.email.clone(), domain::Sensitive::new("other@example.org".to_owned()));
        volunteer.email = None;
        post.put(&volunteer).await;
        assert_eq!(open(&first).await, (false, true), "it may have gone there");
        volunteer.email = mail;
        post.put(&volunteer).await;
        assert_eq!(open(&first).await, (true, false), "it is theirs again");

        // A message that waits for the morning is for the new number, and so is its link.
        let gig = Gig { state: GigState::Offered, ..post.gig("g9") };
        post.put(&gig).await;
        volunteer.contact.hours = Some(post::hours(15 * 60, 16 * 60));
        post.put(&volunteer).await;
        post.offer("o9", &gig, "v1", 4).await;
        post.deliver().await;
        volunteer.phone = Some(domain::PhoneNumber::new("+358402999999").expect("number"));
        post.put(&volunteer).await;
        assert_eq!(open(&first).await, (false, true));
        let no = post.notification.answer_link(&first, Answer::Yes, &*post.desk, post.clock.time()).await;
        assert_eq!(no.expect("answered"), Some(Outcome::Ended));
        assert!(post.desk.answers.lock().expect("lock").is_empty());
        post.clock.advance(SignedDuration::from_hours(3));
        post.deliver().await;
        let second = token_to(&post, "+358402999999");
        assert_eq!(open(&second).await, (true, false));
        let yes = post.notification.answer_link(&second, Answer::Yes, &*post.desk, post.clock.time()).await;
        assert_eq!(yes.expect("answered"), Some(Outcome::Accepted));
        // Who has an address only has links by it.
        volunteer.email = Some(changed);
        post.put(&volunteer).await;
        assert_eq!(open(&second).await, (false, true));
        storage.remove().await;
    }
}
