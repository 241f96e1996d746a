//! Cases on single resources.

use domain::{
    AssociationId, Gig, Kind, Meta, Name, Network, Offer, Plan, Seeker, Sensitive, Skill, Timestamp, Volunteer,
};

use super::{Subject, sample};
use crate::tx::values;
use crate::{Database, Document, Error, Filter, Inserted, PageRequest};

/// Stores a resource in a transaction of its own.
pub(super) async fn put<D: Document>(database: &Database, document: &D) {
    let mut tx = database.write().await.expect("write");
    assert_eq!(tx.insert(document).await.expect("insert"), Inserted::Done, "{document:?}");
    tx.commit().await.expect("commit");
}

/// Reads a resource in a transaction of its own.
pub(super) async fn fetch<D: Document>(database: &Database, document: &D) -> Option<D> {
    let mut tx = database.read().await.expect("read");
    tx.get(document.network(), document.id()).await.expect("get")
}

async fn round_trip<D: Document + PartialEq>(subject: &Subject, document: D) {
    put(&subject.database, &document).await;
    assert_eq!(fetch(&subject.database, &document).await.as_ref(), Some(&document));
    let mut tx = subject.database.write().await.expect("write");
    assert_eq!(tx.get_locked::<D>(document.network(), document.id()).await.expect("get").as_ref(), Some(&document));
    if let Some(external_id) = document.keys().external_id {
        let found = tx.by_external_id::<D>(document.network(), external_id).await.expect("find");
        assert_eq!(found.as_ref(), Some(&document));
    }
}

pub(super) async fn every_resource_comes_back_as_it_was_stored(subject: Subject) {
    let network = &subject.network;
    round_trip(&subject, sample::network(network)).await;
    round_trip(&subject, Network { lead: None, city_contact: None, ..sample::network(&subject.other) }).await;
    round_trip(&subject, sample::association(network, "a1")).await;
    round_trip(&subject, sample::volunteer(network, "v1")).await;
    round_trip(&subject, sample::full_volunteer(network, "v2")).await;
    round_trip(&subject, sample::seeker(network, "s1")).await;
    round_trip(&subject, Seeker { home: None, phone: None, external_id: None, ..sample::seeker(network, "s2") }).await;
    round_trip::<Kind>(&subject, sample::kind(network, "shopping")).await;
    round_trip::<Skill>(&subject, sample::skill(network, "first-aid")).await;
    round_trip(&subject, sample::gig(network, "g1")).await;
    round_trip::<Gig>(&subject, sample::full_gig(network, "g2")).await;
    round_trip::<Offer>(&subject, sample::offer(network, "o1")).await;
    round_trip(&subject, sample::asking(network, "g1")).await;
    round_trip(&subject, sample::plan(network, "p1")).await;
    round_trip(&subject, Plan { outcome: None, failure: None, ..sample::plan(network, "p2") }).await;
}

pub(super) async fn what_is_not_there_is_none(subject: Subject) {
    let mut tx = subject.database.write().await.expect("write");
    let id = sample::parse("nobody");
    assert_eq!(tx.get::<Volunteer>(&subject.network, &id).await.expect("get"), None);
    assert_eq!(tx.get_locked::<Volunteer>(&subject.network, &id).await.expect("get"), None);
    assert_eq!(tx.by_external_id::<Volunteer>(&subject.network, "x").await.expect("find"), None);
    assert!(!tx.delete::<Volunteer>(&subject.network, &id, None).await.expect("delete"));
    let nobody = sample::volunteer(&subject.network, "nobody");
    let nobody = Volunteer { meta: nobody.meta.changed(sample::minute(1)), ..nobody };
    assert!(!tx.update(&nobody, 1).await.expect("update"));
    assert_eq!(tx.get_kept::<Volunteer>(&subject.network, &id).await.expect("get"), None);
    assert_eq!(tx.assignment(&subject.network, &sample::parse("x")).await.expect("get"), None);
    assert_eq!(tx.outbox_row(&subject.network, &sample::parse("x")).await.expect("get"), None);
    let page = tx.list::<Volunteer>(&subject.network, &Filter::any(), &PageRequest::default()).await.expect("list");
    assert!(page.items.is_empty() && page.next.is_none());
}

pub(super) async fn a_taken_id_or_external_id_is_told(subject: Subject) {
    let first = sample::full_volunteer(&subject.network, "v1");
    put(&subject.database, &first).await;
    let mut tx = subject.database.write().await.expect("write");
    assert_eq!(tx.insert(&first).await.expect("insert"), Inserted::IdTaken);
    let same_list = Volunteer { id: sample::parse("v2"), ..first.clone() };
    assert_eq!(tx.insert(&same_list).await.expect("insert"), Inserted::ExternalIdTaken);
    let same_id = Volunteer { external_id: Some("other".to_owned()), ..first.clone() };
    assert_eq!(tx.insert(&same_id).await.expect("insert"), Inserted::IdTaken);
    let elsewhere = Volunteer { network: subject.other.clone(), ..first.clone() };
    assert_eq!(tx.insert(&elsewhere).await.expect("insert"), Inserted::Done, "another network is another list");
    let seeker = Seeker { external_id: first.external_id.clone(), ..sample::seeker(&subject.network, "v1") };
    assert_eq!(tx.insert(&seeker).await.expect("insert"), Inserted::Done, "another collection is another list");
    tx.commit().await.expect("a refused insertion leaves the transaction usable");

    let second = Volunteer { external_id: Some("free".to_owned()), ..sample::full_volunteer(&subject.network, "v3") };
    put(&subject.database, &second).await;
    let clash =
        Volunteer { external_id: first.external_id.clone(), meta: second.meta.changed(sample::minute(1)), ..second };
    let mut tx = subject.database.write().await.expect("write");
    assert!(matches!(tx.update(&clash, 1).await, Err(Error::Conflict(_))));
}

pub(super) async fn an_update_needs_the_version_it_was_made_from(subject: Subject) {
    let first = sample::full_volunteer(&subject.network, "v1");
    put(&subject.database, &first).await;
    let renamed = Volunteer {
        name: Sensitive::new(Name::new("Uusi Nimi").expect("name")),
        association: None,
        external_id: None,
        meta: first.meta.changed(sample::minute(5)),
        ..first.clone()
    };
    let mut tx = subject.database.write().await.expect("write");
    let far = Volunteer { meta: Meta { version: 8, ..renamed.meta }, ..renamed.clone() };
    assert!(!tx.update(&far, 7).await.expect("update"), "never had version 7");
    assert!(tx.update(&renamed, 1).await.expect("update"));
    assert!(!tx.update(&renamed, 1).await.expect("update"), "has version 2 now");
    tx.commit().await.expect("commit");
    assert_eq!(fetch(&subject.database, &first).await, Some(renamed.clone()));

    let mut tx = subject.database.read().await.expect("read");
    let gone = tx.by_external_id::<Volunteer>(&subject.network, "list-v1").await.expect("find");
    assert_eq!(gone, None, "the key columns follow the document");
    let filter = Filter { association: Some(AssociationId::new("a1").expect("id")), ..Filter::any() };
    assert_eq!(tx.count::<Volunteer>(&subject.network, &filter).await.expect("count"), 0);
}

pub(super) async fn a_deletion_may_demand_a_version(subject: Subject) {
    let network = &subject.network;
    for id in ["v1", "v2"] {
        put(&subject.database, &sample::volunteer(network, id)).await;
    }
    let mut tx = subject.database.write().await.expect("write");
    assert!(!tx.delete::<Volunteer>(network, &sample::parse("v1"), Some(2)).await.expect("delete"));
    assert!(tx.delete::<Volunteer>(network, &sample::parse("v1"), Some(1)).await.expect("delete"));
    assert!(tx.delete::<Volunteer>(network, &sample::parse("v2"), None).await.expect("delete"));
    assert!(!tx.delete::<Volunteer>(network, &sample::parse("v2"), None).await.expect("delete"));
    assert_eq!(tx.count::<Volunteer>(network, &Filter::any()).await.expect("count"), 0);
    tx.commit().await.expect("commit");
}

pub(super) async fn a_reference_and_a_deletion_do_not_miss_each_other(subject: Subject) {
    let seeker = sample::seeker(&subject.network, "s1");
    put(&subject.database, &seeker).await;
    let mut referring = subject.database.write().await.expect("write");
    let kept = referring.get_kept::<Seeker>(&subject.network, &seeker.id).await.expect("get");
    assert_eq!(kept.as_ref(), Some(&seeker));

    let (database, wanted) = (subject.database.clone(), seeker.clone());
    let deletion = tokio::spawn(async move {
        let mut tx = database.write().await.expect("write");
        let found = tx.get_locked::<Seeker>(&wanted.network, &wanted.id).await.expect("get");
        assert!(found.is_some());
        let filter = Filter { seeker: Some(wanted.id.clone()), ..Filter::any() };
        if tx.count::<Gig>(&wanted.network, &filter).await.expect("count") > 0 {
            return false;
        }
        tx.delete::<Seeker>(&wanted.network, &wanted.id, None).await.expect("delete")
    });
    tokio::task::yield_now().await;
    assert_eq!(referring.insert(&sample::gig(&subject.network, "g1")).await.expect("insert"), Inserted::Done);
    referring.commit().await.expect("commit");
    assert!(!deletion.await.expect("deletion"), "the deletion waits and sees the gig");
}

pub(super) async fn networks_do_not_see_each_other(subject: Subject) {
    let own = sample::full_volunteer(&subject.network, "v1");
    put(&subject.database, &own).await;
    let mut tx = subject.database.write().await.expect("write");
    let other = &subject.other;
    assert_eq!(tx.get::<Volunteer>(other, &own.id).await.expect("get"), None);
    assert_eq!(tx.by_external_id::<Volunteer>(other, "list-v1").await.expect("find"), None);
    assert!(tx.all::<Volunteer>(other, &Filter::any()).await.expect("all").is_empty());
    assert!(!tx.delete::<Volunteer>(other, &own.id, None).await.expect("delete"));
    let disguised = Volunteer { network: other.clone(), meta: own.meta.changed(sample::minute(1)), ..own.clone() };
    assert!(!tx.update(&disguised, 1).await.expect("update"));
}

pub(super) async fn a_row_that_cannot_be_read_is_corrupt(subject: Subject) {
    const BREAK: &str = "update volunteer set body = $3 where network_id = $1 and id = $2";
    const REVISE: &str = "update volunteer set version = 9 where network_id = $1 and id = $2";
    let broken = [("cut", "{\"network\":"), ("rule", "{\"id\": \"Not An Id\"}"), ("list", "[]"), ("nothing", "")];
    for (id, body) in broken {
        put(&subject.database, &sample::volunteer(&subject.network, id)).await;
        let mut tx = subject.database.write().await.expect("write");
        tx.execute(BREAK, values![subject.network.as_str(), id, body]).await.expect("break");
        let got = tx.get::<Volunteer>(&subject.network, &sample::parse(id)).await;
        assert!(
            matches!(&got, Err(Error::Corrupt { table: "volunteer", column: "body", id: at }) if at == id),
            "{id}: {got:?}"
        );
        assert!(matches!(tx.all::<Volunteer>(&subject.network, &Filter::any()).await, Err(Error::Corrupt { .. })));
    }
    put(&subject.database, &sample::volunteer(&subject.network, "v1")).await;
    let mut tx = subject.database.write().await.expect("write");
    tx.execute(REVISE, values![subject.network.as_str(), "v1"]).await.expect("break");
    let got = tx.get::<Volunteer>(&subject.network, &sample::parse("v1")).await;
    assert!(matches!(got, Err(Error::Corrupt { column: "version", .. })), "{got:?}");
}

pub(super) async fn times_keep_their_microseconds(subject: Subject) {
    const STORED: &str = "select create_time, update_time from volunteer where network_id = $1 and id = $2";
    let micros = 1_795_428_000_123_457;
    let time = Timestamp::from_microsecond(micros).expect("instant");
    let meta = Meta { version: 1, create_time: Timestamp::UNIX_EPOCH, update_time: time };
    let document = Volunteer { meta, ..sample::volunteer(&subject.network, "v1") };
    put(&subject.database, &document).await;
    assert_eq!(fetch(&subject.database, &document).await.map(|found| found.meta), Some(meta));
    let mut tx = subject.database.read().await.expect("read");
    let stored: Option<(i64, i64)> = tx.row(STORED, values![subject.network.as_str(), "v1"]).await.expect("row");
    assert_eq!(stored, Some((0, micros)));
}

pub(super) async fn strange_text_comes_back_and_nul_in_a_key_is_refused(subject: Subject) {
    let texts =
        ["ليلى", "Åäö ÅÄÖ", "👩‍👩‍👧 perhe", "e\u{301}", "'; drop table volunteer; --", "100 % _ \\ \" '", "a\nb", "𐍈"];
    for (n, text) in texts.into_iter().enumerate() {
        let mut association = sample::association(&subject.network, &format!("a{n}"));
        association.website = Some(format!("{text}\0{text}"));
        association.external_id = Some(text.to_owned());
        round_trip(&subject, association).await;
    }
    let mut tx = subject.database.write().await.expect("write");
    for bad in ["a\0b".to_owned(), "x".repeat(1_001)] {
        let mut association = sample::association(&subject.network, "bad");
        association.external_id = Some(bad);
        let refused = tx.insert(&association).await;
        assert!(
            matches!(refused, Err(Error::Unstorable { table: "association", column: "external_id" })),
            "{refused:?}"
        );
    }
    let all = tx.all::<domain::Association>(&subject.network, &Filter::any()).await.expect("all");
    assert_eq!(all.len(), texts.len(), "a refusal leaves the transaction usable");
}

pub(super) async fn a_big_document_comes_back(subject: Subject) {
    let mut plan = sample::plan(&subject.network, "big");
    let outcome = plan.outcome.as_mut().expect("a sample outcome");
    outcome.items = vec![outcome.items[0].clone(); 20_000];
    round_trip(&subject, plan).await;
}
