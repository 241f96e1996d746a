//! From an event to what a person reads, on both engines: what is said, what is not, and what survives a worker's death.

mod post;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::event::EventKind;
use domain::offer::OfferState;
use domain::volunteer::Standing;
use domain::{AssignmentState, Channel, GigState, PhoneNumber};
use jiff::SignedDuration;
use notification::channel::{Accepted, SendError};
use store::MessageState;
use tokio_util::sync::CancellationToken;

use post::{CANARIES, Post, Storage};

#[tokio::test]
async fn a_gigs_whole_life_is_told_and_nothing_personal_is_in_it() {
    for storage in Storage::both().await {
        let post = Post::open(&storage).await;
        let mut mailer = post.volunteer(2);
        mailer.contact.channels = [Channel::Email].into();
        post.put(&post.volunteer(1)).await;
        post.put(&mailer).await;
        let mut gig = post.gig("g1");
        gig.association = Some("a1".parse().expect("id"));
        gig.state = GigState::Offered;
        post.put(&gig).await;
        let first = post.offer("o1", &gig, "v1", 4).await;
        let second = post.offer("o2", &gig, "v2", 4).await;
        post.deliver().await;
        let (sms, mail) = (post.sms.all(), post.mail.all());
        assert_eq!((sms.len(), mail.len()), (1, 1));
        assert!(sms[0].text.starts_with("Keikka") || sms[0].text.contains("Autatko?"), "{}", sms[0].text);
        assert!(sms[0].text.contains("https://auta.kouvola.example/r/") && sms[0].text.contains("Kouvola"));

        post.end_offer(&first, OfferState::Accepted, true).await;
        let filled = post.fill(&gig, "v1").await;
        post.end_offer(&second, OfferState::Withdrawn, true).await;
        post.deliver().await;
        assert!(post.sms.all()[1].text.contains("olet mukana"), "{:?}", post.sms.all()[1]);
        assert!(post.mail.all()[1].text.contains("löytyi jo"));
        let seeker = post.message("seeker_confirmation").await;
        assert_eq!((seeker.channel, seeker.failure.as_deref()), (Channel::Phone, Some("PHONE_LANDLINE")));
        assert_eq!(seeker.state, MessageState::Pending, "somebody calls");
        assert!(post.notification.called(&post.network, seeker.id, post.clock.time()).await.expect("called"));

        for (time, word) in [("2026-11-23T16:00:00Z", "huomenna"), ("2026-11-24T10:00:00Z", "Pian")] {
            post.clock.set(time.parse().expect("instant"));
            post.deliver().await;
            let last = post.sms.all().pop().expect("a reminder");
            assert!(last.text.contains(word), "{}", last.text);
        }
        post.change(&filled, AssignmentState::Accepted, AssignmentState::Released).await;
        post.put(&domain::Gig { state: GigState::Cancelled, ..filled.clone() }).await;
        let data = [("volunteers", "v1".to_owned()), ("start", Post::start(&gig).to_string())];
        post.event(EventKind::GigCancelled, "gigs/g1", &data).await;
        post.deliver().await;
        assert!(post.sms.all().pop().expect("a cancellation").text.starts_with("Peruttu"));
        assert_eq!(post.message("seeker_cancelled").await.channel, Channel::Phone, "who was told is told");
        assert!(!post.hook.all().is_empty(), "the association's system is told");

        for letter in [post.sms.all(), post.mail.all(), post.hook.all()].concat() {
            for canary in CANARIES {
                assert!(!letter.text.contains(canary), "{canary} in {}", letter.text);
                assert!(!letter.calendar.as_deref().unwrap_or_default().contains(canary), "{canary}");
            }
        }
        storage.remove().await;
    }
}

#[tokio::test]
async fn a_letter_brings_the_calendar_entry_and_takes_it_away_again() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    let mut volunteer = post.volunteer(1);
    volunteer.contact.channels = [Channel::Email].into();
    post.put(&volunteer).await;
    let gig = post.gig("g1");
    post.put(&gig).await;
    let filled = post.fill(&gig, "v1").await;
    post.deliver().await;
    post.change(&filled, AssignmentState::Accepted, AssignmentState::Released).await;
    post.put(&domain::Gig { state: GigState::Open, start: None, ..filled.clone() }).await;
    let data = [("volunteer", "v1".to_owned()), ("start", Post::start(&gig).to_string())];
    post.event(EventKind::GigReopened, "gigs/g1", &data).await;
    post.deliver().await;
    let files: Vec<String> = post.mail.all().into_iter().filter_map(|letter| letter.calendar).collect();
    let [put, taken] = files.as_slice() else { panic!("two entries: {files:?}") };
    let line = |file: &str, name: &str| {
        file.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned()
    };
    assert_eq!((line(put, "METHOD:"), line(taken, "METHOD:")), ("REQUEST".to_owned(), "CANCEL".to_owned()));
    assert_eq!(line(put, "UID:"), line(taken, "UID:"));
    let sequence = |file: &str| line(file, "SEQUENCE:").parse::<i64>().expect("a number");
    assert!(sequence(taken) > sequence(put));
    post.clock.set("2026-11-24T13:00:00Z".parse().expect("instant"));
    post.deliver().await;
    assert_eq!(post.mail.all().len(), 2, "no reminder of what one has given back");
}

#[tokio::test]
async fn nothing_is_sent_that_is_no_longer_true_or_not_wanted() {
    for storage in Storage::both().await {
        let post = Post::open(&storage).await;
        let gig = domain::Gig { state: GigState::Offered, ..post.gig("g1") };
        post.put(&gig).await;
        let mut expected = BTreeMap::new();
        for (number, why) in [
            (1, "NO_LONGER_TRUE"),
            (2, "RECIPIENT_PAUSED"),
            (3, "RECIPIENT_GONE"),
            (4, "NO_CHANNEL"),
            (5, "BUDGET_SPENT"),
            (6, "EXPIRED"),
            (7, "QUIET_HOURS"),
        ] {
            let mut volunteer = post.volunteer(number);
            match number {
                4 => {
                    volunteer.phone = Some(PhoneNumber::new("0600 12345").expect("number"));
                    volunteer.email = None;
                }
                5 => volunteer.contact.weekly_budget = 0,
                7 => volunteer.contact.hours = Some(post::hours(18 * 60, 20 * 60)),
                _ => {}
            }
            post.put(&volunteer).await;
            let offer = post.offer(&format!("o{number}"), &gig, &format!("v{number}"), 2).await;
            expected.insert(format!("volunteers/v{number}"), why);
            post.worker().tell_all().await.expect("told");
            match number {
                1 => post.put(&domain::Offer { state: OfferState::Declined, ..offer }).await,
                2 => post.put(&domain::Volunteer { standing: Standing::Paused, ..volunteer }).await,
                3 => {
                    let mut tx = post.db.write().await.expect("write");
                    assert!(tx.delete::<domain::Volunteer>(&post.network, &volunteer.id, None).await.expect("delete"));
                    tx.commit().await.expect("commit");
                }
                _ => {}
            }
        }
        // The sixth waits behind a rest of its channel until its question has ended.
        let late = post.messages().await.into_iter().find(|one| one.recipient == "volunteers/v6").expect("there");
        let mut tx = post.db.write().await.expect("write");
        let leased =
            tx.lease_messages(Channel::Sms, "dead", post.clock.time(), post.clock.time(), 99).await.expect("lease");
        for mut one in leased {
            one.state = MessageState::Pending;
            one.attempts = 0;
            if one.id == late.id {
                one.next_time = post.clock.time() + SignedDuration::from_hours(3);
            }
            assert!(tx.settle_message(&one, "dead", post.clock.time()).await.expect("settle"));
        }
        tx.commit().await.expect("commit");
        post.deliver().await;
        post.clock.advance(SignedDuration::from_hours(3));
        post.deliver().await;
        assert!(post.sms.all().is_empty() && post.mail.all().is_empty(), "{:?}", post.sms.all());
        for message in post.messages().await {
            let why = expected[&message.recipient];
            assert_eq!((message.state, message.failure.as_deref()), (MessageState::Dropped, Some(why)), "{message:?}");
        }
        storage.remove().await;
    }
}

#[tokio::test]
async fn numbers_that_get_no_text_message_are_passed_by_with_a_reason() {
    const NUMBERS: [(&str, &str); 8] = [
        ("05 741 1234", "PHONE_LANDLINE"),
        ("09 310 1691", "PHONE_LANDLINE"),
        ("+46 70 123 45 67", "PHONE_FOREIGN"),
        ("+372 5123 4567", "PHONE_FOREIGN"),
        ("0700 123 45", "PHONE_SPECIAL"),
        ("0600 123 45", "PHONE_SPECIAL"),
        ("0800 123 45", "PHONE_SPECIAL"),
        ("045 1234", "PHONE_INVALID"),
    ];
    for storage in Storage::both().await {
        let post = Post::open(&storage).await;
        let gig = domain::Gig { state: GigState::Offered, ..post.gig("g1") };
        post.put(&gig).await;
        // With a letter as the next way, and with no other way.
        for (number, (phone, why)) in NUMBERS.into_iter().enumerate() {
            for alone in [false, true] {
                let mut volunteer = post.volunteer(2 * number + usize::from(alone));
                volunteer.phone = Some(PhoneNumber::new(phone).expect("number"));
                if alone {
                    volunteer.contact.channels = [Channel::Sms].into();
                }
                post.put(&volunteer).await;
                post.offer(&format!("o-{}", volunteer.id), &gig, volunteer.id.as_str(), 4).await;
                post.worker().tell_all().await.expect("told");
                let of = format!("volunteers/{}", volunteer.id);
                let message = post.messages().await.into_iter().find(|one| one.recipient == of).expect("there");
                let found = (message.channel, message.state, message.failure.as_deref());
                let wanted = if alone {
                    (Channel::Sms, MessageState::Dropped, Some("NO_CHANNEL"))
                } else {
                    (Channel::Email, MessageState::Pending, Some(why))
                };
                assert_eq!(found, wanted, "{phone}");
            }
        }
        post.deliver().await;
        assert_eq!((post.sms.all().len(), post.mail.all().len()), (0, NUMBERS.len()));
        storage.remove().await;
    }
}

#[tokio::test]
async fn who_is_erased_while_a_message_waits_or_is_in_work_gets_none() {
    for storage in Storage::both().await {
        let post = Post::open(&storage).await;
        let gig = domain::Gig { state: GigState::Offered, ..post.gig("g1") };
        post.many(&gig, 3, |_| Channel::Sms).await;
        let worker = post.worker();
        worker.tell_all().await.expect("told");
        // The first waits for its second try, the second is in the hands of a worker that died, the third has not been looked at.
        post.sms.script(|_, _| Err(SendError::Ambiguous));
        let mut tx = post.db.write().await.expect("write");
        let now = post.clock.time();
        let ended = domain::Timestamp::UNIX_EPOCH;
        let leased = tx.lease_messages(Channel::Sms, "dead", now, ended, 2).await.expect("lease");
        let mut first = leased[0].clone();
        first.state = MessageState::Pending;
        assert!(tx.settle_message(&first, "dead", now).await.expect("settle"));
        let third = post_of(&mut tx, &post, &leased).await;
        tx.commit().await.expect("commit");
        post.clock.advance(SignedDuration::from_secs(1));
        let mut tx = post.db.write().await.expect("write");
        for message in [&first, &leased[1], &third] {
            let volunteer = message.recipient.trim_start_matches("volunteers/").parse().expect("id");
            assert!(tx.delete::<domain::Volunteer>(&post.network, &volunteer, None).await.expect("delete"));
            tx.drop_messages_to(&post.network, &message.recipient, "RECIPIENT_GONE", now).await.expect("drop");
            tx.forget_reply_tokens(&post.network, &volunteer).await.expect("forget");
        }
        tx.commit().await.expect("commit");
        post.deliver().await;
        assert!(post.sms.all().is_empty(), "{:?}", post.sms.all());
        for message in post.messages().await {
            let found = (message.state, message.failure.as_deref());
            assert_eq!(found, (MessageState::Dropped, Some("RECIPIENT_GONE")), "{message:?}");
        }
        storage.remove().await;
    }
}

/// The message that is not among these.
async fn post_of(tx: &mut store::Tx, post: &Post, others: &[store::Message]) -> store::Message {
    let page = store::PageRequest::first(10);
    let all = tx.list_messages(&post.network, &store::MessageFilter::default(), &page).await.expect("list").items;
    all.into_iter().find(|one| others.iter().all(|other| other.id != one.id)).expect("a third")
}

#[tokio::test]
async fn an_event_that_cannot_be_told_holds_up_no_other() {
    for storage in Storage::both().await {
        let post = Post::open(&storage).await;
        let gig = domain::Gig { state: GigState::Offered, ..post.gig("g1") };
        post.many(&gig, 40, |_| Channel::Sms).await;
        // A row that cannot be read stands before the event of the last ten.
        store::conformance::spoil_volunteer(&post.db, &post.network, "v30").await;
        let worker = post.worker();
        assert_eq!(worker.tell_all().await.expect("told"), 40);
        worker.send_due().await.expect("sent");
        assert_eq!(post.sms.all().len(), 39);
        storage.remove().await;
    }
}

#[tokio::test]
async fn who_is_on_a_gig_is_told_after_it() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    post.put(&post.volunteer(1)).await;
    let now = post.gig("g1");
    post.put(&now).await;
    let now = post.fill(&now, "v1").await;
    post.deliver().await;
    let mut later = post.gig("g2");
    let start = Post::start(&now) + SignedDuration::from_hours(20);
    later.windows = vec![domain::TimeWindow::new(start, start + SignedDuration::from_hours(2)).expect("window")];
    later.state = GigState::Offered;
    post.put(&later).await;
    post.clock.set(Post::start(&now) + SignedDuration::from_mins(10));
    post.sms.take();
    post.offer("o1", &later, "v1", 6).await;
    post.deliver().await;
    assert!(post.sms.all().is_empty());
    post.clock.advance(SignedDuration::from_mins(49));
    post.deliver().await;
    assert!(post.sms.all().is_empty());
    post.clock.advance(SignedDuration::from_mins(1));
    post.deliver().await;
    assert_eq!(post.sms.all().len(), 1, "at the end of the gig");
}

#[tokio::test]
async fn tries_are_repeated_on_schedule_then_by_the_next_channel_under_the_same_reference() {
    for storage in Storage::both().await {
        let post = Post::open(&storage).await;
        post.put(&post.volunteer(1)).await;
        let gig = domain::Gig { state: GigState::Offered, ..post.gig("g1") };
        post.put(&gig).await;
        let busy = Duration::from_secs(77);
        post.sms.script(move |_, tries| {
            let retry_after = (tries == 2).then_some(busy);
            Err(SendError::Transient { code: "PROVIDER_ERROR", retry_after })
        });
        let began = post.clock.time();
        post.offer("o1", &gig, "v1", 4).await;
        for _ in 0..2_000 {
            post.deliver().await;
            if post.mail.all().len() == 1 {
                break;
            }
            post.clock.advance(SignedDuration::from_secs(1));
        }
        let times: Vec<i64> = post.sms.all().iter().map(|one| (one.time - began).get_seconds()).collect();
        assert_eq!(times, [0, 10, 87, 207, 507, 1_107], "10 s, what the provider asked for, 2, 5, 10 min");
        let letter = post.mail.all().remove(0);
        assert!(post.sms.all().iter().all(|one| one.reference == letter.reference));
        let message = post.message("offer").await;
        assert_eq!((message.channel, message.state), (Channel::Email, MessageState::Sent));
        assert_eq!(*post.desk.told.lock().expect("lock"), [("o1".to_owned(), "sent")]);
        storage.remove().await;
    }
}

#[tokio::test]
async fn a_message_that_always_fails_is_parked_after_eight_tries() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    let mut volunteer = post.volunteer(1);
    volunteer.contact.channels = [Channel::Sms].into();
    post.put(&volunteer).await;
    let gig = domain::Gig { state: GigState::Offered, ..post.gig("g1") };
    post.put(&gig).await;
    post.sms.script(|_, _| Err(SendError::Ambiguous));
    post.offer("o1", &gig, "v1", 8).await;
    for _ in 0..12 {
        post.deliver().await;
        post.clock.advance(SignedDuration::from_mins(11));
    }
    let message = post.message("offer").await;
    assert_eq!((message.state, message.failure.as_deref()), (MessageState::Failed, Some("PROVIDER_SILENT")));
    assert_eq!(post.sms.all().len(), 8);
    assert_eq!(*post.desk.told.lock().expect("lock"), [("o1".to_owned(), "unsent")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_channel_holds_up_no_other() {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    let gig = domain::Gig { state: GigState::Offered, ..post.gig("g1") };
    post.many(&gig, 40, |number| if number % 2 == 0 { Channel::Sms } else { Channel::Email }).await;
    #[derive(Debug)]
    struct Never;
    impl notification::channel::Transport for Never {
        fn send<'a>(
            &'a self,
            _: &'a notification::channel::Outgoing,
        ) -> notification::ports::Doing<'a, Result<Accepted, SendError>> {
            Box::pin(std::future::pending())
        }
    }
    let mut transports = post.transports();
    transports.insert(Channel::Sms, Arc::new(Never));
    let running = tokio::spawn(post.worker_with(transports).run(CancellationToken::new()));
    until(|| post.mail.all().len() == 20).await;
    running.abort();
}

/// Waits for a condition, with a deadline.
async fn until(condition: impl Fn() -> bool) {
    let deadline = tokio::time::sleep(Duration::from_secs(60));
    tokio::pin!(deadline);
    while !condition() {
        tokio::select! {
            () = &mut deadline => panic!("the condition is not met"),
            () = tokio::time::sleep(Duration::from_millis(2)) => {}
        }
    }
}
