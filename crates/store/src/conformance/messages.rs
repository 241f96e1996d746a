//! Cases on messages, the emptying of the outbox, reply tokens and a network's own words.

use std::collections::BTreeSet;

use domain::event::EventKind;
use domain::text::ServiceLanguage;
use domain::{Channel, NetworkId};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{Subject, sample};
use crate::{CalendarFeed, Message, MessageFilter, MessageState, MessageText, OutboxState, PageRequest, ReplyToken};

fn message(network: &NetworkId, number: u128, recipient: &str) -> Message {
    // Identifiers and references are the case's own: PostgreSQL is shared by all cases.
    let name = network.as_str().bytes().fold(7_u128, |sum, byte| sum.wrapping_mul(131) + u128::from(byte));
    let id = Uuid::from_u128((name << 16) + number);
    Message {
        network: network.clone(),
        id,
        event: sample::parse(&format!("e{number}")),
        event_kind: "offer_made".to_owned(),
        template: "offer".to_owned(),
        recipient: recipient.to_owned(),
        subject: "offers/o1".to_owned(),
        channel: Channel::Sms,
        state: MessageState::Pending,
        due_time: sample::minute(0),
        expire_time: Some(sample::minute(120)),
        attempts: 0,
        next_time: sample::minute(0),
        provider_reference: format!("kk-{}", id.simple()),
        provider_id: None,
        failure: None,
        sent_time: None,
        create_time: sample::minute(0),
    }
}

async fn put(subject: &Subject, messages: &[Message]) {
    let mut tx = subject.database.write().await.expect("write");
    for message in messages {
        assert!(tx.insert_message(message).await.expect("insert"));
    }
    tx.commit().await.expect("commit");
}

async fn lease(subject: &Subject, channel: Channel, owner: &str, minute: i64, rows: u32) -> Vec<Message> {
    let (now, until) = (sample::minute(minute), sample::minute(minute + 1));
    let mut tx = subject.database.write().await.expect("write");
    let leased = tx.lease_messages(channel, owner, now, until, rows).await.expect("lease");
    tx.commit().await.expect("commit");
    leased.into_iter().filter(|message| message.network == subject.network).collect()
}

async fn take_over(subject: &Subject, owner: &str, minute: i64, rows: u32) -> Vec<Message> {
    let (now, until) = (sample::minute(minute), sample::minute(minute + 1));
    let mut tx = subject.database.write().await.expect("write");
    let taken = tx.take_over_messages(Channel::Sms, owner, now, until, rows).await.expect("take over");
    tx.commit().await.expect("commit");
    taken.into_iter().filter(|message| message.network == subject.network).collect()
}

async fn settle(subject: &Subject, message: &Message, owner: &str, minute: i64) -> bool {
    let mut tx = subject.database.write().await.expect("write");
    let settled = tx.settle_message(message, owner, sample::minute(minute)).await.expect("settle");
    tx.commit().await.expect("commit");
    settled
}

/// Ends what is left on the channels that cases share.
async fn clear(subject: &Subject) {
    let mut tx = subject.database.write().await.expect("write");
    tx.execute("update message set state = 'dropped'", &[]).await.expect("clear");
    tx.commit().await.expect("commit");
}

pub(super) async fn an_event_tells_a_recipient_one_thing_once(subject: Subject) {
    let one = message(&subject.network, 1, "volunteers/v1");
    put(&subject, std::slice::from_ref(&one)).await;
    let again = Message { id: Uuid::from_u128(99), provider_reference: "other".to_owned(), ..one.clone() };
    let mut tx = subject.database.write().await.expect("write");
    assert!(!tx.insert_message(&again).await.expect("insert"));
    assert!(!tx.insert_message(&one).await.expect("insert"));
    assert_eq!(tx.message(&subject.network, one.id).await.expect("get"), Some(one.clone()));
    assert_eq!(tx.message(&subject.other, one.id).await.expect("get"), None);
    assert_eq!(tx.message_by_reference(&one.provider_reference).await.expect("get"), Some(one));
    tx.rollback().await.expect("rollback");
    clear(&subject).await;
}

pub(super) async fn a_message_is_in_one_pair_of_hands(subject: Subject) {
    let network = &subject.network;
    let early = Message { next_time: sample::minute(-5), ..message(network, 1, "volunteers/v1") };
    let late = message(network, 2, "volunteers/v2");
    let mail = Message { channel: Channel::Email, ..message(network, 3, "volunteers/v3") };
    let tomorrow = Message { next_time: sample::minute(1_440), ..message(network, 4, "volunteers/v4") };
    put(&subject, &[late.clone(), mail.clone(), early.clone(), tomorrow]).await;
    let leased = lease(&subject, Channel::Sms, "a", 0, 10).await;
    let ids: Vec<Uuid> = leased.iter().map(|message| message.id).collect();
    assert_eq!(ids, [early.id, late.id], "what is due on the channel, longest waiting first");
    assert!(leased.iter().all(|message| (message.state, message.attempts) == (MessageState::Leased, 1)));
    assert!(lease(&subject, Channel::Sms, "b", 0, 10).await.is_empty(), "they are in other hands");
    let sent = Message { state: MessageState::Sent, sent_time: Some(sample::minute(0)), ..leased[0].clone() };
    assert!(!settle(&subject, &sent, "b", 0).await, "only who holds it may settle it");
    assert!(settle(&subject, &sent, "a", 0).await);
    assert!(!settle(&subject, &sent, "a", 0).await, "once");
    let again = Message { state: MessageState::Pending, next_time: sample::minute(3), ..leased[1].clone() };
    assert!(settle(&subject, &again, "a", 0).await);
    assert!(lease(&subject, Channel::Sms, "b", 2, 10).await.is_empty(), "not before its next time");
    let second = lease(&subject, Channel::Sms, "b", 3, 10).await;
    assert_eq!(second.iter().map(|message| (message.id, message.attempts)).collect::<Vec<_>>(), [(late.id, 2)]);
    assert_eq!(lease(&subject, Channel::Email, "b", 0, 10).await.len(), 1);
    clear(&subject).await;
}

pub(super) async fn a_lease_that_ran_out_is_taken_by_another_and_the_first_is_too_late(subject: Subject) {
    put(&subject, &[message(&subject.network, 1, "volunteers/v1")]).await;
    let first = lease(&subject, Channel::Sms, "a", 0, 1).await.remove(0);
    assert!(take_over(&subject, "b", 0, 9).await.is_empty(), "its lease holds");
    assert!(lease(&subject, Channel::Sms, "b", 1, 9).await.is_empty(), "it does not wait: somebody may be sending it");
    let second = take_over(&subject, "b", 1, 9).await.remove(0);
    assert_eq!((second.id, second.attempts), (first.id, 2));
    assert!(take_over(&subject, "c", 1, 9).await.is_empty(), "it is in other hands again");
    assert_eq!(second.provider_reference, first.provider_reference);
    let sent = Message { state: MessageState::Sent, ..first };
    assert!(!settle(&subject, &sent, "a", 1).await);
    assert!(settle(&subject, &Message { state: MessageState::Failed, ..second }, "b", 1).await);
    clear(&subject).await;
}

pub(super) async fn what_did_not_arrive_goes_another_way_once(subject: Subject) {
    put(&subject, &[message(&subject.network, 1, "volunteers/v1")]).await;
    let leased = lease(&subject, Channel::Sms, "a", 0, 1).await.remove(0);
    let sent = Message { state: MessageState::Sent, sent_time: Some(sample::minute(0)), ..leased };
    assert!(settle(&subject, &sent, "a", 0).await);
    let mut tx = subject.database.write().await.expect("write");
    assert!(tx.reroute_message(&sent, Channel::Email, "UNDELIVERED", sample::minute(1)).await.expect("reroute"));
    assert!(!tx.reroute_message(&sent, Channel::Email, "UNDELIVERED", sample::minute(1)).await.expect("reroute"));
    tx.commit().await.expect("commit");
    let again = lease(&subject, Channel::Email, "b", 2, 1).await.remove(0);
    assert_eq!((again.id, again.attempts, again.sent_time), (sent.id, 1, None));
    assert_eq!((&again.provider_reference, again.failure.as_deref()), (&sent.provider_reference, Some("UNDELIVERED")));
    clear(&subject).await;
}

pub(super) async fn of_8_workers_at_once_each_message_goes_to_one(subject: Subject) {
    const MESSAGES: u128 = 60;
    let network = &subject.network;
    let all: Vec<Message> = (0..MESSAGES).map(|n| message(network, n, &format!("volunteers/v{n}"))).collect();
    put(&subject, &all).await;
    let mut workers = JoinSet::new();
    for worker in 0..8 {
        let subject = subject.clone();
        workers.spawn(async move {
            let mut mine = Vec::new();
            loop {
                let leased = lease(&subject, Channel::Sms, &format!("w{worker}"), 0, 3).await;
                if leased.is_empty() {
                    return mine;
                }
                mine.extend(leased.into_iter().map(|message| message.id));
            }
        });
    }
    let taken: Vec<Uuid> = workers.join_all().await.concat();
    let distinct: BTreeSet<Uuid> = taken.iter().copied().collect();
    assert_eq!((taken.len(), distinct.len()), (MESSAGES as usize, MESSAGES as usize));
    clear(&subject).await;
}

pub(super) async fn messages_are_found_dropped_retried_and_counted(subject: Subject) {
    let network = &subject.network;
    let gig = |number, recipient: &str, template: &str| Message {
        subject: "gigs/g1".to_owned(),
        template: template.to_owned(),
        ..message(network, number, recipient)
    };
    let reminder = gig(2, "volunteers/v1", "reminder_soon");
    put(
        &subject,
        &[
            message(network, 1, "volunteers/v1"),
            reminder.clone(),
            gig(3, "volunteers/v1", "thanks"),
            gig(4, "volunteers/v2", "reminder_soon"),
        ],
    )
    .await;
    let mut tx = subject.database.write().await.expect("write");
    let asks = |since, apart| (since, apart);
    for ((since, apart), wanted) in
        [(asks(0, Uuid::nil()), 1), (asks(1, Uuid::nil()), 0), (asks(-1, message(network, 1, "").id), 0)]
    {
        let since = sample::minute(since);
        let found = tx.messages_since(network, "volunteers/v1", "offer", since, apart).await.expect("times");
        assert_eq!(found.len(), wanted, "{found:?}");
        assert!(
            found.iter().all(|(subject, time)| subject.starts_with("offers/") && *time == sample::minute(0)),
            "{found:?}"
        );
    }
    let reminders = ["reminder_evening", "reminder_soon"];
    let dropped =
        tx.drop_messages(network, "gigs/g1", Some("volunteers/v1"), &reminders, "NO_LONGER_TRUE", sample::minute(1));
    assert_eq!(dropped.await.expect("drop"), 1);
    let gone = tx.message(network, reminder.id).await.expect("get").expect("there");
    assert_eq!((gone.state, gone.failure.as_deref()), (MessageState::Dropped, Some("NO_LONGER_TRUE")));
    assert!(!tx.retry_message(network, reminder.id, sample::minute(1)).await.expect("retry"), "dropped on purpose");
    let early = message(network, 90, "volunteers/v9");
    let early =
        Message { due_time: sample::minute(60), next_time: sample::minute(60), subject: "gigs/g9".to_owned(), ..early };
    assert!(tx.insert_message(&early).await.expect("insert"));
    assert!(!tx.retry_message(network, early.id, sample::minute(1)).await.expect("retry"), "never tried: it waits");
    let waits = tx.message(network, early.id).await.expect("get").expect("there");
    assert_eq!(waits.next_time, sample::minute(60));
    tx.drop_messages(network, "gigs/g9", None, &[], "NO_LONGER_TRUE", sample::minute(1)).await.expect("drop");
    let given_up = message(network, 91, "volunteers/v9");
    let (subject_of, state) = ("gigs/g9".to_owned(), MessageState::Failed);
    let given_up = Message { due_time: sample::minute(60), subject: subject_of, state, ..given_up };
    assert!(tx.insert_message(&given_up).await.expect("insert"));
    assert!(tx.retry_message(network, given_up.id, sample::minute(1)).await.expect("retry"));
    let waits = tx.message(network, given_up.id).await.expect("get").expect("there");
    assert_eq!((waits.state, waits.next_time), (MessageState::Pending, sample::minute(60)), "not before it is due");
    tx.drop_messages(network, "gigs/g9", None, &[], "NO_LONGER_TRUE", sample::minute(1)).await.expect("drop");
    let about = MessageFilter { subject: Some("gigs/g1".to_owned()), ..MessageFilter::default() };
    let page = tx.list_messages(network, &about, &PageRequest::first(2)).await.expect("list");
    assert_eq!((page.items.len(), page.next.is_some()), (2, true));
    let waiting = MessageFilter {
        state: Some(MessageState::Pending),
        recipient: Some("volunteers/v1".to_owned()),
        channel: Some(Channel::Sms),
        subject: None,
    };
    assert_eq!(tx.list_messages(network, &waiting, &PageRequest::first(9)).await.expect("list").items.len(), 2);
    let counts = tx.message_counts().await.expect("counts");
    assert!(counts.iter().any(|count| count.state == MessageState::Pending && count.count >= 3));
    let gone = tx.drop_messages_to(network, "volunteers/v1", "RECIPIENT_GONE", sample::minute(1)).await;
    assert_eq!(gone.expect("drop"), 2);
    tx.commit().await.expect("commit");
    let leased = lease(&subject, Channel::Sms, "a", 0, 9).await.remove(0);
    assert!(settle(&subject, &Message { state: MessageState::Failed, ..leased.clone() }, "a", 0).await);
    let mut tx = subject.database.write().await.expect("write");
    assert!(tx.retry_message(network, leased.id, sample::minute(5)).await.expect("retry"));
    let waits = tx.message(network, leased.id).await.expect("get").expect("there");
    assert_eq!((waits.state, waits.attempts, waits.next_time), (MessageState::Pending, 0, sample::minute(5)));
    tx.commit().await.expect("commit");
    clear(&subject).await;
}

pub(super) async fn a_receipt_moves_a_message_once(subject: Subject) {
    let network = &subject.network;
    put(&subject, &[message(network, 1, "volunteers/v1")]).await;
    let leased = lease(&subject, Channel::Sms, "a", 0, 1).await.remove(0);
    let provider_id = Some(format!("p-{network}"));
    let sent = Message { state: MessageState::Sent, provider_id: provider_id.clone(), ..leased };
    assert!(settle(&subject, &sent, "a", 0).await);
    let mut tx = subject.database.write().await.expect("write");
    let found = tx.message_by_provider(provider_id.as_deref().unwrap_or("")).await.expect("get").expect("there");
    assert_eq!((found.id, found.provider_id), (sent.id, provider_id));
    let delivered = MessageState::Delivered;
    assert!(tx.receive_message(network, sent.id, delivered, None, sample::minute(1)).await.expect("receipt"));
    assert!(!tx.receive_message(network, sent.id, delivered, None, sample::minute(1)).await.expect("receipt"));
    let failed = tx.receive_message(network, sent.id, MessageState::Failed, Some("LATE"), sample::minute(2));
    assert!(!failed.await.expect("receipt"), "what arrived does not fail later");
    // Of another the provider said nothing in time: it waits for its next try, until the receipt says that there need be none.
    let silent = message(network, 2, "volunteers/v2");
    assert!(tx.insert_message(&silent).await.expect("insert"));
    let failed = tx.receive_message(network, silent.id, MessageState::Failed, Some("LATE"), sample::minute(1));
    assert!(!failed.await.expect("receipt"), "an earlier try's failure is not the next one's");
    assert!(tx.receive_message(network, silent.id, delivered, None, sample::minute(2)).await.expect("receipt"));
    let arrived = tx.message(network, silent.id).await.expect("get").expect("there");
    assert_eq!((arrived.state, arrived.sent_time), (delivered, Some(sample::minute(2))));
    tx.commit().await.expect("commit");
}

pub(super) async fn the_outbox_is_emptied_by_one_at_a_time(subject: Subject) {
    let network = &subject.network;
    let mut tx = subject.database.write().await.expect("write");
    tx.execute("update outbox set state = 'delivered'", &[]).await.expect("clear");
    for (id, minutes) in [("e1", 5), ("e2", 4)] {
        let event = sample::event(network, id, EventKind::GigFilled, "gigs/g1");
        tx.record(&domain::Event { time: sample::minute(minutes), ..event }).await.expect("record");
    }
    tx.commit().await.expect("commit");
    let mut tx = subject.database.write().await.expect("write");
    assert_eq!(tx.next_outbox(sample::minute(3)).await.expect("next"), None);
    let all = tx.next_outbox_rows(sample::minute(9), 9).await.expect("next");
    assert_eq!(all.iter().map(|row| row.event.as_str()).collect::<Vec<_>>(), ["e2", "e1"]);
    tx.rollback().await.expect("rollback");
    let mut tx = subject.database.write().await.expect("write");
    let mut row = tx.next_outbox_rows(sample::minute(9), 1).await.expect("next").pop().expect("a row");
    assert_eq!(row.event.as_str(), "e2", "the one that has waited longest");
    row.state = OutboxState::Delivered;
    tx.settle_outbox(&row).await.expect("settle");
    if subject.database.engine().locks_rows() {
        let mut other = subject.database.write().await.expect("write");
        let passed = other.next_outbox(sample::minute(9)).await.expect("next").expect("a row");
        assert_eq!(passed.event.as_str(), "e1", "what another holds is passed by");
        other.rollback().await.expect("rollback");
    }
    tx.commit().await.expect("commit");
    let mut tx = subject.database.write().await.expect("write");
    let mut row = tx.next_outbox(sample::minute(9)).await.expect("next").expect("a row");
    row.attempts += 1;
    row.next_time = sample::minute(10);
    tx.settle_outbox(&row).await.expect("settle");
    assert_eq!(tx.next_outbox(sample::minute(9)).await.expect("next"), None);
    assert_eq!(tx.outbox_row(network, &row.event).await.expect("get"), Some(row));
    tx.commit().await.expect("commit");
}

pub(super) async fn a_reply_token_is_used_once_and_found_by_number(subject: Subject) {
    let network = &subject.network;
    let hash = |n: u8| [network.as_str().as_bytes(), &[n]].concat();
    let token = |n: u8, minutes| ReplyToken {
        hash: hash(n),
        network: network.clone(),
        message: Uuid::from_u128(u128::from(n)),
        subject: format!("offers/o{n}"),
        volunteer: sample::parse("v1"),
        contact: Some(hash(200)),
        code: Some("AB23".to_owned()),
        expire_time: sample::minute(60),
        used_time: None,
        create_time: sample::minute(minutes),
        reach: (n == 1).then(|| "phone.mail".to_owned()),
    };
    let (first, second) = (token(1, 0), ReplyToken { contact: None, code: None, ..token(2, 1) });
    let mut tx = subject.database.write().await.expect("write");
    for token in [&first, &second] {
        assert!(tx.insert_reply_token(token).await.expect("insert"));
        assert!(!tx.insert_reply_token(token).await.expect("insert"));
    }
    assert_eq!(tx.reply_token(&hash(1)).await.expect("get"), Some(first.clone()));
    assert_eq!(tx.reply_token(&hash(9)).await.expect("get"), None);
    assert_eq!(tx.reply_token_of(network, second.message).await.expect("get"), Some(second.clone()));
    assert_eq!(tx.reply_tokens_of_contact(&hash(200)).await.expect("get"), std::slice::from_ref(&first));
    let open = tx.reply_tokens_of(network, &first.volunteer, sample::minute(2)).await.expect("get");
    assert_eq!(open, [second.clone(), first.clone()], "the newest first");
    assert!(tx.reply_tokens_of(network, &first.volunteer, sample::minute(60)).await.expect("get").is_empty());
    assert!(!tx.use_reply_token(&hash(1), sample::minute(60)).await.expect("use"), "it has run out");
    assert!(tx.use_reply_token(&hash(1), sample::minute(5)).await.expect("use"));
    assert!(!tx.use_reply_token(&hash(1), sample::minute(5)).await.expect("use"), "once");
    let anew =
        ReplyToken { hash: hash(3), contact: Some(hash(201)), reach: Some("other.".to_owned()), ..first.clone() };
    assert!(tx.remake_reply_token(&hash(1), &anew).await.expect("remake"));
    assert!(!tx.remake_reply_token(&hash(1), &anew).await.expect("remake"), "it is not there any more");
    let used = ReplyToken { used_time: Some(sample::minute(5)), ..anew };
    assert_eq!(tx.reply_token(&hash(3)).await.expect("get"), Some(used.clone()));
    assert_eq!(tx.reply_token(&hash(1)).await.expect("get"), None);
    assert_eq!(tx.reply_token_after(&hash(1)).await.expect("get"), Some(used));
    assert_eq!(tx.reply_token_after(&hash(3)).await.expect("get"), None);
    assert_eq!(tx.forget_reply_tokens(network, &first.volunteer).await.expect("forget"), 2);
    tx.commit().await.expect("commit");
}

pub(super) async fn a_calendar_is_found_by_its_secret_and_replaced(subject: Subject) {
    let hash = |network: &NetworkId, n: u8| [network.as_str().as_bytes(), &[n]].concat();
    let feed = |network: &NetworkId, n: u8| CalendarFeed {
        network: network.clone(),
        volunteer: sample::parse("v1"),
        id: Uuid::from_u128(u128::from(n)),
        hash: hash(network, n),
        create_time: sample::minute(i64::from(n)),
    };
    let (network, other) = (&subject.network, &subject.other);
    let mut tx = subject.database.write().await.expect("write");
    for (network, n) in [(network, 1), (other, 1), (network, 2)] {
        tx.put_calendar_feed(&feed(network, n)).await.expect("put");
    }
    assert_eq!(tx.calendar_feed(&hash(network, 1)).await.expect("get"), None, "replaced");
    assert_eq!(tx.calendar_feed(&hash(network, 2)).await.expect("get"), Some(feed(network, 2)));
    assert_eq!(tx.calendar_feed(&hash(other, 1)).await.expect("get"), Some(feed(other, 1)));
    let volunteer = sample::parse("v1");
    assert!(tx.forget_calendar_feed(network, &volunteer).await.expect("forget"));
    assert!(!tx.forget_calendar_feed(network, &volunteer).await.expect("forget"));
    assert_eq!(tx.calendar_feed(&hash(network, 2)).await.expect("get"), None);
    tx.commit().await.expect("commit");
}

pub(super) async fn a_networks_own_words_come_back(subject: Subject) {
    let network = &subject.network;
    let text = |part: &str, language, body: &str| MessageText {
        part: part.to_owned(),
        language,
        body: body.to_owned(),
        update_time: sample::minute(0),
    };
    let mut tx = subject.database.write().await.expect("write");
    let (sms, subject_line) =
        (text("sms", ServiceLanguage::Sv, "Hej! { $link }"), text("subject", ServiceLanguage::Fi, "Kiitos"));
    tx.put_message_text(network, "offer", &text("sms", ServiceLanguage::Sv, "first")).await.expect("put");
    tx.put_message_text(network, "offer", &sms).await.expect("put");
    tx.put_message_text(network, "offer", &subject_line).await.expect("put");
    assert_eq!(tx.message_texts(network, "offer").await.expect("texts"), [sms, subject_line]);
    assert!(tx.message_texts(network, "thanks").await.expect("texts").is_empty());
    assert!(tx.message_texts(&subject.other, "offer").await.expect("texts").is_empty());
    assert!(tx.delete_message_text(network, "offer", "sms", ServiceLanguage::Sv).await.expect("delete"));
    assert!(!tx.delete_message_text(network, "offer", "sms", ServiceLanguage::Sv).await.expect("delete"));
    tx.commit().await.expect("commit");
}

pub(super) async fn the_database_knows_the_time(subject: Subject) {
    let mut tx = subject.database.read().await.expect("read");
    let first = tx.database_time().await.expect("time");
    let second = tx.database_time().await.expect("time");
    assert!(second >= first && first > sample::minute(-60 * 24 * 400), "{first}");
}
