//! Cases on events, the outbox and the audit.

use domain::Event;
use domain::event::EventKind;

use super::{Subject, sample};
use crate::{Error, OutboxRow, OutboxState, PageRequest};

pub(super) async fn an_event_and_its_outbox_row_are_one_write(subject: Subject) {
    let network = &subject.network;
    let filled = sample::event(network, "e1", EventKind::GigFilled, "gigs/g1");
    let created = sample::event(network, "e2", EventKind::Created, "gigs/g1");
    let mut tx = subject.database.write().await.expect("write");
    tx.record(&filled).await.expect("record");
    tx.rollback().await.expect("rollback");
    let mut tx = subject.database.write().await.expect("write");
    assert_eq!(tx.outbox_row(network, &filled.id).await.expect("get"), None, "gone with its transaction");
    assert!(tx.events_of(network, None, &PageRequest::default()).await.expect("list").items.is_empty());
    tx.record(&filled).await.expect("record");
    tx.record(&created).await.expect("record");
    tx.commit().await.expect("commit");

    let mut tx = subject.database.read().await.expect("read");
    let row = OutboxRow {
        network: network.clone(),
        event: filled.id.clone(),
        kind: EventKind::GigFilled,
        state: OutboxState::Pending,
        attempts: 0,
        next_time: filled.time,
        create_time: filled.time,
    };
    assert_eq!(tx.outbox_row(network, &filled.id).await.expect("get"), Some(row.clone()));
    assert_eq!(tx.outbox_row(network, &created.id).await.expect("get"), None, "nobody is told of it");
    let pending = tx.list_outbox(network, Some(OutboxState::Pending), &PageRequest::default()).await.expect("list");
    assert_eq!(pending.items, [row]);
    let failed = tx.list_outbox(network, Some(OutboxState::Failed), &PageRequest::default()).await.expect("list");
    assert!(failed.items.is_empty());
    drop(tx);
    let mut tx = subject.database.write().await.expect("write");
    assert!(matches!(tx.record(&filled).await, Err(Error::Conflict(_))), "an event happens once");
}

pub(super) async fn events_are_read_by_subject_in_pages(subject: Subject) {
    let network = &subject.network;
    let events: Vec<Event> = (0..9)
        .map(|n| {
            let event = sample::event(network, &format!("e{n}"), EventKind::Updated, &format!("gigs/g{}", n % 2));
            Event { time: sample::minute(n), ..event }
        })
        .collect();
    let mut tx = subject.database.write().await.expect("write");
    for event in &events {
        tx.record(event).await.expect("record");
    }
    tx.commit().await.expect("commit");
    let mut tx = subject.database.read().await.expect("read");
    let all = tx.events_of(network, None, &PageRequest::default()).await.expect("list");
    assert_eq!((&all.items, all.next), (&events, None));
    let page = tx.events_of(network, Some("gigs/g1"), &PageRequest::first(2)).await.expect("list");
    assert_eq!(page.items, [events[1].clone(), events[3].clone()]);
    let rest = PageRequest { size: 10, after: page.next };
    let rest = tx.events_of(network, Some("gigs/g1"), &rest).await.expect("list");
    assert_eq!((rest.items, rest.next), (vec![events[5].clone(), events[7].clone()], None));
}

pub(super) async fn every_write_leaves_an_audit_row(subject: Subject) {
    let network = &subject.network;
    for (resource, request) in [("gigs/g1", None), ("networks/elsewhere/gigs/g2", Some(("r1", 1))), ("gigs/g3", None)] {
        let ctx = sample::write_context(network, "agent", request);
        let tx = subject.database.write().await.expect("write");
        tx.finish(&ctx, resource, &()).await.expect("finish");
    }
    let mut tx = subject.database.read().await.expect("read");
    let rows = tx.audit_rows(Some(network), 0, 10).await.expect("audit");
    let resources: Vec<&str> = rows.iter().map(|row| row.resource.as_str()).collect();
    assert_eq!(resources, ["gigs/g1", "gigs/g3"], "a full name says which network");
    let ctx = sample::write_context(network, "agent", None);
    assert!(rows.iter().all(|row| {
        row.principal == "agent"
            && row.role == "city_coordinator"
            && row.purpose == "conformance"
            && row.method == ctx.method
    }));
    assert!(rows[0].seq < rows[1].seq && rows[0].time == ctx.now && rows[0].request_id.is_none());
    assert_eq!(tx.audit_rows(Some(network), rows[0].seq, 10).await.expect("audit"), rows[1..]);
    let all = tx.audit_rows(None, rows[0].seq, 1_000).await.expect("audit");
    assert!(
        all.iter().any(|row| row.resource == "networks/elsewhere/gigs/g2" && row.request_id.as_deref() == Some("r1"))
    );
}
