//! The five verbs, on whatever resource.

use domain::{Association, AssociationId, EventKind, Network, Volunteer, VolunteerId, WriteContext};
use store::{Filter, PageRequest};

use super::builders::{
    House, association, city, code, ctx, ctx_of, kouvola, monday, network, scope, seeker, volunteer, with_key,
};
use crate::Error;

fn id(id: &str) -> VolunteerId {
    VolunteerId::new(id).expect("id")
}

#[tokio::test]
async fn a_created_resource_has_version_one_and_the_time_of_the_call() {
    let house = House::new().await;
    let created = house.registry.create(&ctx(), volunteer("v1")).await.expect("created");
    assert_eq!((created.meta.version, created.meta.create_time), (1, monday()));
    assert_eq!(house.registry.get::<Volunteer>(&city(), &kouvola(), &id("v1")).await.expect("got"), created);
}

#[tokio::test]
async fn a_taken_id_and_a_taken_external_id_are_refused() {
    let house = House::new().await;
    let named = |id, external: &str| Volunteer { external_id: Some(external.to_owned()), ..volunteer(id) };
    house.registry.create(&ctx(), named("v1", "E1")).await.expect("created");
    assert_eq!(code(house.registry.create(&ctx(), volunteer("v1")).await), "RESOURCE_EXISTS");
    assert_eq!(code(house.registry.create(&ctx(), named("v2", "E1")).await), "EXTERNAL_ID_EXISTS");
    house.registry.create(&ctx(), named("v2", "E2")).await.expect("created");
    assert_eq!(code(house.registry.update(&ctx(), named("v2", "E1")).await), "EXTERNAL_ID_EXISTS");
}

#[tokio::test]
async fn a_missing_network_is_not_found_whatever_is_asked() {
    let house = House::empty().await;
    assert_eq!(code(house.registry.create(&ctx(), volunteer("v1")).await), "RESOURCE_NOT_FOUND");
    assert_eq!(code(house.registry.get::<Network>(&city(), &kouvola(), &kouvola()).await), "RESOURCE_NOT_FOUND");
    let listed = house.registry.list::<Volunteer>(&city(), &kouvola(), &Filter::any(), &PageRequest::first(10)).await;
    assert_eq!(code(listed), "RESOURCE_NOT_FOUND");
}

#[tokio::test]
async fn a_stale_etag_names_who_changed_it_last_and_when() {
    let house = House::new().await;
    house.registry.create(&ctx(), volunteer("v1")).await.expect("created");
    let other = WriteContext {
        now: "2026-11-23T08:30:00Z".parse().expect("instant"),
        ..ctx_of(scope("maija", Some("kouvola"), None))
    };
    let moved = Volunteer { travel_limit_min: 45, ..volunteer("v1") };
    assert_eq!(house.registry.update(&other.if_version(Some(1)), moved).await.expect("updated").meta.version, 2);
    let late = house.registry.update(&ctx().if_version(Some(1)), volunteer("v1")).await;
    let Err(Error::Refused(refusal)) = late else { panic!("should be refused: {late:?}") };
    assert_eq!(refusal.reason.code(), "ETAG_MISMATCH");
    assert_eq!(refusal.metadata["changed_by"], "maija");
    assert_eq!(refusal.metadata["change_time"], "2026-11-23T08:30:00Z");
    assert_eq!(refusal.metadata["etag"], "v2");
    assert_eq!(
        code(house.registry.delete::<Volunteer>(&ctx().if_version(Some(1)), &kouvola(), &id("v1")).await),
        "ETAG_MISMATCH"
    );
}

#[tokio::test]
async fn a_change_that_changes_nothing_leaves_version_and_history_alone() {
    let house = House::new().await;
    house.registry.create(&ctx(), volunteer("v1")).await.expect("created");
    let same = house.registry.update(&ctx(), volunteer("v1")).await.expect("unchanged");
    assert_eq!(same.meta.version, 1);
    let mut tx = house.db.read().await.expect("tx");
    let events = tx.events_of(&kouvola(), Some("volunteers/v1"), &PageRequest::first(10)).await.expect("events");
    assert_eq!(events.items.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::Created]);
}

#[tokio::test]
async fn every_write_leaves_its_event_and_its_audit_row() {
    let house = House::new().await;
    house.registry.create(&ctx(), volunteer("v1")).await.expect("created");
    let moved = Volunteer { travel_limit_min: 45, ..volunteer("v1") };
    house.registry.update(&ctx(), moved).await.expect("updated");
    house.registry.delete::<Volunteer>(&ctx().if_version(Some(2)), &kouvola(), &id("v1")).await.expect("deleted");
    let mut tx = house.db.read().await.expect("tx");
    let events = tx.events_of(&kouvola(), Some("volunteers/v1"), &PageRequest::first(10)).await.expect("events");
    let mut kinds: Vec<&str> = events.items.iter().map(|event| event.kind.code()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["created", "deleted", "updated"]);
    let audit = tx.audit_rows(Some(&kouvola()), 0, 100).await.expect("audit");
    let resources: Vec<&str> = audit.iter().map(|row| row.resource.as_str()).collect();
    let volunteer = "networks/kouvola/volunteers/v1";
    assert_eq!(resources, ["networks/kouvola", volunteer, volunteer, volunteer]);
}

#[tokio::test]
async fn a_repeated_request_answers_alike_and_another_body_is_refused() {
    let house = House::new().await;
    let first = house.registry.create(&with_key(ctx(), "k1", 1), volunteer("v1")).await.expect("created");
    let again = house.registry.create(&with_key(ctx(), "k1", 1), volunteer("v1")).await.expect("replayed");
    assert_eq!(first, again);
    assert_eq!(code(house.registry.create(&with_key(ctx(), "k1", 2), volunteer("v2")).await), "REQUEST_ID_REUSED");
    let delete = with_key(ctx(), "k2", 1);
    for _ in 0..2 {
        house.registry.delete::<Volunteer>(&delete, &kouvola(), &id("v1")).await.expect("deleted");
    }
}

#[tokio::test]
async fn validate_only_checks_everything_and_stores_nothing() {
    let house = House::new().await;
    let ask = WriteContext { validate_only: true, ..ctx() };
    house.registry.create(&ask, volunteer("v1")).await.expect("would be created");
    assert_eq!(code(house.registry.get::<Volunteer>(&city(), &kouvola(), &id("v1")).await), "RESOURCE_NOT_FOUND");
    assert_eq!(fields(&house, &ask).await, ["volunteer.languages"]);
}

async fn fields(house: &House, ctx: &WriteContext) -> Vec<String> {
    let speechless = Volunteer { languages: Default::default(), ..volunteer("v1") };
    super::builders::fields(house.registry.create(ctx, speechless).await)
}

#[tokio::test]
async fn foreign_and_missing_resources_answer_alike() {
    let house = House::new().await;
    for own in ["a", "b"] {
        house.registry.create(&ctx(), association(own)).await.expect("association");
    }
    let of_a = Volunteer { association: Some(AssociationId::new("a").expect("id")), ..volunteer("v1") };
    house.registry.create(&ctx(), of_a).await.expect("volunteer");
    let b = scope("b", Some("kouvola"), Some("b"));
    let text = |result: Result<Volunteer, Error>| format!("{:?}", result.expect_err("out of reach"));
    let foreign = text(house.registry.get::<Volunteer>(&b, &kouvola(), &id("v1")).await);
    let missing = text(house.registry.get::<Volunteer>(&b, &kouvola(), &id("v9")).await);
    assert_eq!(foreign, missing.replace("v9", "v1"));
    assert_eq!(code(house.registry.update(&ctx_of(b.clone()), volunteer("v1")).await), "RESOURCE_NOT_FOUND");
    let deleted = house.registry.delete::<Volunteer>(&ctx_of(b.clone()), &kouvola(), &id("v1")).await;
    assert_eq!(code(deleted), "RESOURCE_NOT_FOUND");
    let page = house.registry.list::<Volunteer>(&b, &kouvola(), &Filter::any(), &PageRequest::first(10)).await;
    assert!(page.expect("page").items.is_empty());
    let associations =
        house.registry.list::<Association>(&b, &kouvola(), &Filter::any(), &PageRequest::first(10)).await;
    assert_eq!(associations.expect("page").items.len(), 1);
    let elsewhere = scope("x", Some("espoo"), None);
    assert_eq!(code(house.registry.get::<Volunteer>(&elsewhere, &kouvola(), &id("v1")).await), "RESOURCE_NOT_FOUND");
}

#[tokio::test]
async fn what_a_coordinator_creates_belongs_to_the_own_association() {
    let house = House::new().await;
    for own in ["a", "b"] {
        house.registry.create(&ctx(), association(own)).await.expect("association");
    }
    let a = || ctx_of(scope("coordinator", Some("kouvola"), Some("a")));
    let own = house.registry.create(&a(), volunteer("v1")).await.expect("own");
    assert_eq!(own.association.as_ref().map(AssociationId::as_str), Some("a"));
    let mut foreign = seeker("s1");
    foreign.association = Some(AssociationId::new("b").expect("id"));
    assert!(
        super::builders::fields(house.registry.create(&a(), foreign).await).contains(&"seeker.association".to_owned())
    );
    let given_away = Volunteer { association: Some(AssociationId::new("b").expect("id")), ..volunteer("v1") };
    let refused = super::builders::fields(house.registry.update(&a(), given_away).await);
    assert!(refused.contains(&"volunteer.association".to_owned()), "{refused:?}");
}

#[tokio::test]
async fn networks_are_listed_within_reach() {
    let house = House::new().await;
    house.registry.create(&ctx(), network("espoo")).await.expect("network");
    let all = house.registry.networks(&city(), &PageRequest::first(10)).await.expect("page");
    assert_eq!(all.items.len(), 2);
    let own = house.registry.networks(&scope("k", Some("kouvola"), None), &PageRequest::first(10)).await.expect("page");
    assert_eq!(own.items.iter().map(|network| network.id.as_str()).collect::<Vec<_>>(), ["kouvola"]);
}

#[tokio::test]
async fn futures_of_the_use_cases_may_move_between_threads() {
    fn movable<T: Send>(future: T) -> T {
        future
    }
    let house = House::new().await;
    let (context, network, sheet) = (ctx(), kouvola(), domain::sheet::Sheet::default());
    movable(house.registry.create(&context, volunteer("v1"))).await.expect("created");
    movable(house.registry.update(&context, volunteer("v1"))).await.expect("updated");
    let import = movable(house.registry.import_volunteers(&context, &network, &sheet, |_, _| {})).await;
    assert!(import.expect("outcome").is_refused());
    movable(house.registry.delete::<Volunteer>(&context, &network, &id("v1"))).await.expect("deleted");
}
