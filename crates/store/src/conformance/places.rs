//! Cases on following the history of events: nothing is lost, nothing comes twice, whoever commits when.

use std::collections::BTreeSet;

use domain::event::EventKind;
use tokio::task::JoinSet;

use super::{Subject, sample};
use crate::tx::values;
use crate::{Database, Engine, EventPlace, Placed};

async fn record(database: &Database, network: &domain::NetworkId, id: &str) {
    let mut tx = database.write().await.expect("write");
    tx.record(&sample::event(network, id, EventKind::Updated, "gigs/g1")).await.expect("record");
    tx.commit().await.expect("commit");
}

async fn after(subject: &Subject, place: &EventPlace, rows: u32) -> Vec<Placed> {
    let mut tx = subject.database.read().await.expect("read");
    tx.events_after(&subject.network, place, rows).await.expect("events")
}

async fn last(subject: &Subject) -> EventPlace {
    subject.database.read().await.expect("read").last_event_place(&subject.network).await.expect("place")
}

fn ids(placed: &[Placed]) -> Vec<&str> {
    placed.iter().map(|one| one.event.id.as_str()).collect()
}

pub(super) async fn events_are_followed_in_the_order_of_commits(subject: Subject) {
    let start = last(&subject).await;
    assert_eq!(start, EventPlace::default());
    let network = &subject.network;
    let mut tx = subject.database.write().await.expect("write");
    // Within a transaction as they were written, whatever their ids.
    for id in ["e-z", "e-a", "e-m"] {
        tx.record(&sample::event(network, id, EventKind::Updated, "gigs/g1")).await.expect("record");
    }
    tx.commit().await.expect("commit");
    record(&subject.database, &subject.other, "e-b").await;
    record(&subject.database, network, "e-c").await;
    let all = after(&subject, &start, 100).await;
    assert_eq!(ids(&all), ["e-z", "e-a", "e-m", "e-c"]);
    for (at, one) in all.iter().enumerate() {
        assert_eq!(after(&subject, &one.place, 100).await, all[at + 1..], "a place goes on right after its event");
        assert_eq!(one.place.to_string().parse(), Ok(one.place.clone()));
    }
    assert_eq!(after(&subject, &start, 2).await, all[..2]);
    assert_eq!(last(&subject).await, all[3].place);
}

pub(super) async fn an_event_that_was_written_first_and_committed_last_comes_last(subject: Subject) {
    record(&subject.database, &subject.network, "e-0").await;
    let start = last(&subject).await;
    // SQLite has one writer: there the second can only come when the first has ended.
    let interleaved = subject.database.engine() == Engine::Postgres;
    let mut slow = subject.database.write().await.expect("write");
    let event = sample::event(&subject.network, "e-slow", EventKind::Updated, "gigs/g1");
    slow.record(&event).await.expect("record");
    let mut at = start;
    if interleaved {
        record(&subject.database, &subject.network, "e-quick").await;
        let quick = after(&subject, &at, 10).await;
        assert_eq!(ids(&quick), ["e-quick"]);
        at = quick[0].place.clone();
    }
    slow.commit().await.expect("commit");
    assert_eq!(ids(&after(&subject, &at, 10).await), ["e-slow"]);
}

pub(super) async fn a_follower_of_events_misses_none_while_many_write(subject: Subject) {
    const WRITERS: usize = 24;
    let mut at = last(&subject).await;
    let mut writers = JoinSet::new();
    for n in 0..WRITERS {
        let (database, network) = (subject.database.clone(), subject.network.clone());
        writers.spawn(async move { record(&database, &network, &format!("e-{n}")).await });
    }
    let mut seen = BTreeSet::new();
    while seen.len() < WRITERS {
        for one in after(&subject, &at, 5).await {
            assert!(seen.insert(one.event.id.to_string()), "twice");
            at = one.place;
        }
    }
    writers.join_all().await;
    assert_eq!(after(&subject, &at, 5).await, []);
}

pub(super) async fn a_history_begins_at_an_instant(subject: Subject) {
    let network = &subject.network;
    for minute in [10, 12, 11, 14] {
        let event = sample::event(network, &format!("e-{minute}"), EventKind::Updated, "gigs/g1");
        let mut tx = subject.database.write().await.expect("write");
        tx.record(&domain::Event { time: sample::minute(minute), ..event }).await.expect("record");
        tx.commit().await.expect("commit");
    }
    for (minute, expected) in [
        (9, vec!["e-10", "e-12", "e-11", "e-14"]),
        // From the first that happened then or later; one that was committed late comes with it.
        (12, vec!["e-12", "e-11", "e-14"]),
        (13, vec!["e-14"]),
        (15, vec![]),
    ] {
        let mut tx = subject.database.read().await.expect("read");
        let place = tx.event_place_before(network, sample::minute(minute)).await.expect("place");
        assert_eq!(ids(&after(&subject, &place, 10).await), expected, "from minute {minute}");
    }
}

pub(super) async fn a_place_of_another_history_is_found_out(subject: Subject) {
    const REWRITE: &str = "update event set id = 'e-other' where network_id = $1 and id = $2";
    record(&subject.database, &subject.network, "e-1").await;
    let place = last(&subject).await;
    let has = async |place: &EventPlace| {
        let mut tx = subject.database.read().await.expect("read");
        tx.has_event_place(&subject.network, place).await.expect("asked")
    };
    assert!(has(&place).await && has(&EventPlace::default()).await);
    let mut tx = subject.database.write().await.expect("write");
    tx.execute(REWRITE, values![subject.network.as_str(), "e-1"]).await.expect("another history");
    tx.commit().await.expect("commit");
    assert!(!has(&place).await);
}

pub(super) async fn events_of_an_older_program_get_their_place_with_the_next_commit(subject: Subject) {
    const OLDER: &str = "update event set place = null where network_id = $1 and id = $2";
    for id in ["e-1", "e-2"] {
        record(&subject.database, &subject.network, id).await;
    }
    let start = last(&subject).await;
    record(&subject.database, &subject.network, "e-old").await;
    let mut tx = subject.database.write().await.expect("write");
    tx.execute(OLDER, values![subject.network.as_str(), "e-old"]).await.expect("as an older program writes");
    tx.commit().await.expect("commit");
    assert_eq!(after(&subject, &start, 10).await, []);
    record(&subject.database, &subject.network, "e-new").await;
    assert_eq!(ids(&after(&subject, &start, 10).await), ["e-old", "e-new"]);
}
