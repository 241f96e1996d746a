//! Cases on the change cursor: nothing that was committed is missed, in whatever order writers come and end.

use std::collections::BTreeSet;

use domain::{AssignmentState, NetworkId, Volunteer};
use tokio::task::JoinSet;

use super::{Subject, sample};
use crate::tx::values;
use crate::{CHANGES_KEPT, Changes, Claimed, Cursor, Database, Engine, Inserted, Touched};

async fn cursor(database: &Database, network: &NetworkId) -> Cursor {
    database.read().await.expect("read").cursor(network).await.expect("cursor")
}

async fn after(database: &Database, network: &NetworkId, cursor: Cursor) -> Changes {
    database.read().await.expect("read").changes_after(network, cursor).await.expect("changes")
}

/// What was touched after a cursor, and the cursor after that.
async fn touched(subject: &Subject, cursor: Cursor) -> (Vec<Touched>, Cursor) {
    match after(&subject.database, &subject.network, cursor).await {
        Changes::Since { upto, touched } => (touched.into_iter().collect(), upto),
        lost @ Changes::Lost { .. } => panic!("{lost:?}"),
    }
}

async fn insert(database: &Database, volunteer: &Volunteer) {
    let mut tx = database.write().await.expect("write");
    assert_eq!(tx.insert(volunteer).await.expect("insert"), Inserted::Done);
    tx.commit().await.expect("commit");
}

pub(super) async fn what_was_written_is_named_once(subject: Subject) {
    insert(&subject.database, &sample::volunteer(&subject.network, "before")).await;
    let start = cursor(&subject.database, &subject.network).await;
    assert_eq!(touched(&subject, start).await, (vec![], start));
    let volunteer = sample::volunteer(&subject.network, "v1");
    let booked = sample::assignment(&subject.network, "x1", "g1", "v1", sample::span(0, 60));
    let mut tx = subject.database.write().await.expect("write");
    assert_eq!(tx.insert(&volunteer).await.expect("insert"), Inserted::Done);
    assert_eq!(tx.claim(&booked).await.expect("claim"), Claimed::Done);
    let changed = Volunteer { meta: volunteer.meta.changed(sample::minute(1)), ..volunteer.clone() };
    assert!(tx.update(&changed, volunteer.meta.version).await.expect("update"));
    tx.commit().await.expect("commit");
    let (named, next) = touched(&subject, start).await;
    let person = Touched::Volunteer(sample::parse("v1"));
    assert_eq!(named, [person.clone(), Touched::Assignment(sample::parse("x1"))]);

    let mut tx = subject.database.write().await.expect("write");
    assert!(tx.update_assignment(&booked, AssignmentState::Accepted).await.expect("update"));
    assert!(!tx.update(&changed, volunteer.meta.version).await.expect("update"), "it is of another version by now");
    tx.commit().await.expect("commit");
    assert_eq!(touched(&subject, next).await.0, [Touched::Assignment(sample::parse("x1"))]);
    let next = touched(&subject, next).await.1;

    let mut tx = subject.database.write().await.expect("write");
    assert!(tx.delete::<Volunteer>(&subject.network, &volunteer.id, None).await.expect("delete"));
    tx.commit().await.expect("commit");
    assert_eq!(touched(&subject, next).await.0, [person]);
}

pub(super) async fn what_was_not_stored_is_not_named(subject: Subject) {
    insert(&subject.database, &sample::volunteer(&subject.network, "before")).await;
    let start = cursor(&subject.database, &subject.network).await;
    let mut tx = subject.database.write().await.expect("write");
    assert_eq!(tx.insert(&sample::volunteer(&subject.network, "v1")).await.expect("insert"), Inserted::Done);
    tx.rollback().await.expect("rollback");
    insert(&subject.database, &sample::volunteer(&subject.other, "v1")).await;
    let tx = subject.database.write().await.expect("write");
    tx.commit().await.expect("a write of nothing");
    assert_eq!(touched(&subject, start).await, (vec![], start));
}

pub(super) async fn a_big_write_is_named_whole(subject: Subject) {
    insert(&subject.database, &sample::volunteer(&subject.network, "before")).await;
    let start = cursor(&subject.database, &subject.network).await;
    let mut tx = subject.database.write().await.expect("write");
    for n in 0..2_100 {
        let id = format!("v{n}");
        assert_eq!(tx.insert(&sample::volunteer(&subject.network, &id)).await.expect("insert"), Inserted::Done);
    }
    tx.commit().await.expect("commit");
    assert_eq!(touched(&subject, start).await.0.len(), 2_100);
}

pub(super) async fn a_follower_misses_nobody_while_many_write(subject: Subject) {
    const WRITERS: usize = 24;
    insert(&subject.database, &sample::volunteer(&subject.network, "before")).await;
    let mut at = cursor(&subject.database, &subject.network).await;
    let mut writers = JoinSet::new();
    for n in 0..WRITERS {
        let (database, network) = (subject.database.clone(), subject.network.clone());
        writers.spawn(async move { insert(&database, &sample::volunteer(&network, &format!("v{n}"))).await });
    }
    let mut seen = BTreeSet::new();
    while seen.len() < WRITERS {
        let mut tx = subject.database.read().await.expect("read");
        let Changes::Since { upto, touched } = tx.changes_after(&subject.network, at).await.expect("changes") else {
            panic!("nothing was lost");
        };
        for one in touched {
            let Touched::Volunteer(id) = &one else { panic!("{one:?}") };
            let stored = tx.get::<Volunteer>(&subject.network, id).await.expect("get");
            assert!(stored.is_some(), "{id} is named before it can be read");
            assert!(seen.insert(one), "named twice");
        }
        at = upto;
    }
    writers.join_all().await;
    assert_eq!(
        after(&subject.database, &subject.network, at).await,
        Changes::Since { upto: at, touched: BTreeSet::new() }
    );
}

pub(super) async fn who_writes_first_and_ends_last_is_not_missed(subject: Subject) {
    insert(&subject.database, &sample::volunteer(&subject.network, "before")).await;
    let start = cursor(&subject.database, &subject.network).await;
    // SQLite has one writer: there the second can only come when the first has ended.
    let interleaved = subject.database.engine() == Engine::Postgres;
    let mut slow = subject.database.write().await.expect("write");
    assert_eq!(slow.insert(&sample::volunteer(&subject.network, "slow")).await.expect("insert"), Inserted::Done);
    let mut at = start;
    if interleaved {
        insert(&subject.database, &sample::volunteer(&subject.network, "quick")).await;
        let (named, next) = touched(&subject, start).await;
        assert_eq!(named, [Touched::Volunteer(sample::parse("quick"))]);
        at = next;
    }
    slow.commit().await.expect("commit");
    assert_eq!(touched(&subject, at).await.0, [Touched::Volunteer(sample::parse("slow"))]);
}

pub(super) async fn a_history_that_parted_is_lost(subject: Subject) {
    const REWRITE: &str = "update change set stamp = stamp + 1 where network_id = $1 and seq = $2";
    assert_eq!(cursor(&subject.database, &subject.network).await, Cursor::default());
    for id in ["v1", "v2"] {
        insert(&subject.database, &sample::volunteer(&subject.network, id)).await;
    }
    let ours = cursor(&subject.database, &subject.network).await;
    // As if a backup made before had been restored, and somebody had written since.
    let mut tx = subject.database.write().await.expect("write");
    tx.execute(REWRITE, values![subject.network.as_str(), 2]).await.expect("another history");
    tx.commit().await.expect("commit");
    insert(&subject.database, &sample::volunteer(&subject.network, "v3")).await;
    let upto = cursor(&subject.database, &subject.network).await;
    assert_eq!(after(&subject.database, &subject.network, ours).await, Changes::Lost { upto });
    assert_eq!(after(&subject.database, &subject.network, Cursor::default()).await, Changes::Lost { upto });
}

pub(super) async fn old_changes_are_forgotten_and_a_cursor_there_is_lost(subject: Subject) {
    const AGE: &str = "update change_head set seq = seq + $2 where network_id = $1";
    insert(&subject.database, &sample::volunteer(&subject.network, "v1")).await;
    let old = cursor(&subject.database, &subject.network).await;
    let mut tx = subject.database.write().await.expect("write");
    tx.execute(AGE, values![subject.network.as_str(), CHANGES_KEPT]).await.expect("age");
    tx.commit().await.expect("commit");
    insert(&subject.database, &sample::volunteer(&subject.network, "v2")).await;
    let young = cursor(&subject.database, &subject.network).await;
    insert(&subject.database, &sample::volunteer(&subject.network, "v3")).await;
    let mut tx = subject.database.write().await.expect("write");
    assert!(tx.prune_changes().await.expect("prune") >= 1);
    tx.commit().await.expect("commit");
    assert!(matches!(after(&subject.database, &subject.network, old).await, Changes::Lost { .. }));
    assert_eq!(touched(&subject, young).await.0, [Touched::Volunteer(sample::parse("v3"))]);
}
