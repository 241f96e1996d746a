//! What waits in the outbox, and who sees it.

use std::collections::BTreeMap;

use domain::offer::OfferState;
use domain::{
    AssociationId, Event, EventId, EventKind, Gig, GigState, Intake, Meta, NetworkId, Principal, PrincipalId, Role,
    Scope, Slot, TimeWindow, Timestamp,
};
use store::conformance::sample;
use store::{Database, Inserted, OpenOptions, OutboxState, PageRequest};

use crate::{Error, Notification, Queued};

fn at(text: &str) -> Timestamp {
    text.parse().expect("instant")
}

fn kouvola() -> NetworkId {
    NetworkId::new("kouvola").expect("id")
}

fn scope(network: Option<&str>, association: Option<&str>) -> Scope {
    let principal = Principal {
        id: PrincipalId::new("p").expect("id"),
        role: Role::CityCoordinator,
        network: network.map(|id| NetworkId::new(id).expect("id")),
        association: association.map(|id| AssociationId::new(id).expect("id")),
        volunteer: None,
    };
    Scope::granted(principal, "test")
}

fn gig(id: &str, association: &str) -> Gig {
    let window = TimeWindow::new(at("2026-11-24T08:00:00Z"), at("2026-11-24T10:00:00Z")).expect("window");
    Gig {
        network: kouvola(),
        id: id.parse().expect("id"),
        association: Some(association.parse().expect("id")),
        external_id: None,
        kind: "call".parse().expect("id"),
        seeker: "s1".parse().expect("id"),
        place: None,
        destination: None,
        windows: vec![window],
        duration_s: 1_800,
        slots: vec![Slot::default()],
        languages: Default::default(),
        priority: 3,
        wishes: Default::default(),
        campaign: None,
        intake: Intake::default(),
        note: None,
        state: GigState::Filled,
        start: None,
        reopened: 0,
        other_hours: Vec::new(),
        noes: Vec::new(),
        cancel_reason: None,
        meta: Meta::created(at("2026-11-23T07:00:00Z")),
    }
}

fn event(id: &str, kind: EventKind, gig: &str) -> Event {
    Event {
        network: kouvola(),
        id: EventId::new(id).expect("id"),
        kind,
        subject: format!("gigs/{gig}"),
        actor: PrincipalId::new("p").expect("id"),
        reason: String::new(),
        time: at("2026-11-23T07:00:00Z"),
        data: BTreeMap::new(),
    }
}

#[tokio::test]
async fn whom_the_city_asks_is_told_to_their_own_association_only() {
    let directory = tempfile::tempdir().expect("directory");
    let notification = outbox(&directory).await;
    let network = kouvola();
    let mut tx = notification.db.write().await.expect("tx");
    for (id, association, state) in
        [("own", "a", OfferState::Sent), ("foreign", "b", OfferState::Sent), ("coming", "b", OfferState::Accepted)]
    {
        let (gig, who): (domain::GigId, domain::VolunteerId) = ("g1".parse().expect("id"), id.parse().expect("id"));
        let person = sample::volunteer(&network, id);
        let person =
            domain::Volunteer { association: Some(association.parse().expect("id")), external_id: None, ..person };
        assert_eq!(tx.insert(&person).await.expect("volunteer"), Inserted::Done);
        let offer = domain::Offer { gig, volunteer: who, state, ..sample::offer(&network, id) };
        assert_eq!(tx.insert_offer(&offer).await.expect("offer"), Inserted::Done);
        let made = Event { subject: format!("offers/{id}"), ..event(&format!("o-{id}"), EventKind::OfferMade, "g1") };
        tx.record(&made).await.expect("event");
    }
    tx.commit().await.expect("commit");
    let own = scope(Some("kouvola"), Some("a"));
    assert_eq!(listed(&notification, &own).await, ["gigs/g1", "offers/coming", "offers/own"]);
    assert_eq!(listed(&notification, &scope(Some("kouvola"), Some("b"))).await, ["gigs/g2"]);
    assert_eq!(listed(&notification, &scope(None, None)).await.len(), 5);
}

/// An outbox in which one gig of each association was filled, and one was only created.
async fn outbox(directory: &tempfile::TempDir) -> Notification {
    let url = format!("sqlite://{}", directory.path().join("keikka.db").display());
    let db = Database::open(&url, OpenOptions { create: true, ..OpenOptions::default() }).await.expect("database");
    db.migrate().await.expect("schema");
    let mut tx = db.write().await.expect("tx");
    for (id, association) in [("g1", "a"), ("g2", "b")] {
        assert_eq!(tx.insert(&gig(id, association)).await.expect("gig"), Inserted::Done);
    }
    tx.record(&event("e0", EventKind::Created, "g1")).await.expect("event");
    tx.record(&event("e1", EventKind::GigFilled, "g1")).await.expect("event");
    tx.record(&event("e2", EventKind::GigFilled, "g2")).await.expect("event");
    tx.commit().await.expect("commit");
    Notification::new(db)
}

async fn listed(notification: &Notification, scope: &Scope) -> Vec<String> {
    let page = notification.list(scope, &kouvola(), &["pending"], &PageRequest::first(10)).await;
    let subject = |queued: &Queued| match queued {
        Queued::Event(delivery) => delivery.event.subject.clone(),
        Queued::Message(message) => message.subject.clone(),
    };
    page.expect("page").items.iter().map(subject).collect()
}

#[tokio::test]
async fn what_is_to_be_told_waits_with_its_event() {
    let directory = tempfile::tempdir().expect("directory");
    let notification = outbox(&directory).await;
    assert_eq!(listed(&notification, &scope(None, None)).await, ["gigs/g1", "gigs/g2"]);
    let queued = notification.get(&scope(None, None), &kouvola(), &"e1".parse().expect("id")).await.expect("delivery");
    let Queued::Event(delivery) = queued else { panic!("it has not been told") };
    assert_eq!((delivery.row.state, delivery.row.attempts), (OutboxState::Pending, 0));
    assert_eq!(delivery.event.kind, EventKind::GigFilled);
    let sent = notification.list(&scope(None, None), &kouvola(), &["delivered"], &PageRequest::first(10)).await;
    assert!(sent.expect("page").items.is_empty(), "nothing is sent by itself");
}

#[tokio::test]
async fn an_association_sees_what_its_own_gigs_tell_and_another_network_nothing() {
    let directory = tempfile::tempdir().expect("directory");
    let notification = outbox(&directory).await;
    let own = scope(Some("kouvola"), Some("a"));
    assert_eq!(listed(&notification, &own).await, ["gigs/g1"]);
    let code = |result: Result<_, Error>| match result {
        Err(Error::Refused(refusal)) => refusal.reason.code(),
        other => panic!("should be refused: {other:?}"),
    };
    let get = async |scope: &Scope, id: &str| code(notification.get(scope, &kouvola(), &id.parse().expect("id")).await);
    for (scope, id) in [(&own, "e2"), (&own, "e0"), (&own, "e9"), (&scope(Some("espoo"), None), "e1")] {
        assert_eq!(get(scope, id).await, "RESOURCE_NOT_FOUND", "{id}");
    }
}
