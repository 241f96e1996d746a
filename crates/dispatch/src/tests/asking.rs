//! Asking for gigs: what is filled in, what is refused, what may change later.

use std::collections::BTreeSet;

use domain::kind::Category;
use domain::{Gig, GigState, Kind, Note, Reason, Role, Seeker, Sensitive, TimeWindow, WriteContext};
use store::PageRequest;

use super::builders::*;
use crate::gigs::{GigFilter, NewGig};

#[tokio::test]
async fn what_is_left_out_comes_from_kind_and_seeker() {
    let house = House::new().await;
    let gig = house.gig(new("shopping", "s1", 9, 13)).await;
    assert_eq!((gig.duration_s, gig.slots.len(), gig.priority, gig.state), (3600, 1, 2, GigState::Open));
    assert_eq!((gig.place, gig.languages), (Some(centre()), languages(&["fi"])));
    let call = house.gig(new("call", "s1", 9, 13)).await;
    assert_eq!(call.place, None);
    assert_eq!(house.events(gig.id.as_str()).await, ["created"]);
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let house = House::new().await;
    let bad = NewGig {
        kind: parse("flying"),
        seeker: parse("nobody"),
        association: Some(parse("nowhere")),
        duration_s: Some(13 * 3600),
        windows: vec![
            window(9, 13),
            window(12, 14),
            TimeWindow::new(at("2026-11-01T08:00:00Z"), at("2026-11-01T09:00:00Z")).expect("window"),
        ],
        slots: vec![domain::Slot { skills: BTreeSet::from([parse("magic")]), label: None }],
        priority: Some(9),
        ..new("shopping", "s1", 9, 13)
    };
    let refused = refusal(house.dispatch.create_gig(&ctx(), bad).await);
    let fields: BTreeSet<&str> = refused.violations.as_slice().iter().map(|v| v.field.as_str()).collect();
    for field in [
        "gig.kind",
        "gig.seeker",
        "gig.association",
        "gig.duration",
        "gig.slots[0].skills",
        "gig.priority",
        "gig.windows[0]",
        "gig.windows[1]",
        "gig.windows[2].start_time",
        "gig.windows[2].end_time",
    ] {
        assert!(fields.contains(field), "{field} in {fields:?}");
    }
    let page = house.dispatch.list_gigs(&city(), &network(), &GigFilter::default(), &PageRequest::first(10)).await;
    assert!(page.expect("gigs").items.is_empty(), "nothing is stored");
}

#[tokio::test]
async fn windows_are_bounded_in_number_and_reach() {
    let house = House::new().await;
    let none = NewGig { windows: Vec::new(), ..new("shopping", "s1", 9, 13) };
    assert_eq!(reason(house.dispatch.create_gig(&ctx(), none).await), Reason::FieldsInvalid);
    let hour = |n: i64| TimeWindow::new(tuesday(n, 0), tuesday(n + 1, 0)).expect("window");
    let many = NewGig { windows: (0..15).map(hour).collect(), ..new("shopping", "s1", 9, 13) };
    let refused = refusal(house.dispatch.create_gig(&ctx(), many).await);
    assert_eq!(refused.violations.as_slice()[0].field, "gig.windows");
    let far = TimeWindow::new(at("2028-01-01T08:00:00Z"), at("2028-01-01T10:00:00Z")).expect("window");
    let far = NewGig { windows: vec![far], ..new("shopping", "s1", 9, 13) };
    assert_eq!(reason(house.dispatch.create_gig(&ctx(), far).await), Reason::FieldsInvalid);
}

#[tokio::test]
async fn places_follow_the_kind() {
    let house = House::new().await;
    house.put(Seeker { home: None, ..seeker("homeless") }).await;
    let field = |result| refusal(result).violations.as_slice()[0].field.clone();
    let unknown = new("shopping", "homeless", 9, 13);
    assert_eq!(field(house.dispatch.create_gig(&ctx(), unknown).await), "gig.place");
    let placed_call = NewGig { place: Some(koria()), ..new("call", "s1", 9, 13) };
    assert_eq!(field(house.dispatch.create_gig(&ctx(), placed_call).await), "gig.place");
    let wandering = NewGig { destination: Some(koria()), ..new("shopping", "s1", 9, 13) };
    assert_eq!(field(house.dispatch.create_gig(&ctx(), wandering).await), "gig.destination");
    let escort = NewGig { destination: Some(koria()), ..new("escort", "s1", 9, 13) };
    assert_eq!(house.gig(escort).await.destination, Some(koria()));
}

#[tokio::test]
async fn a_first_visit_takes_two_where_the_kind_says_so() {
    let house = House::with(&["v1", "v2"]).await;
    house.put(Kind { first_visit_two: true, ..kind("family", Category::Family) }).await;
    for id in ["v1", "v2"] {
        let mut tx = house.db.read().await.expect("read");
        let mut known = tx.get::<domain::Volunteer>(&network(), &parse(id)).await.expect("read").expect("volunteer");
        drop(tx);
        known.kinds.insert(parse("family"));
        house.change(known).await;
    }
    let alone = NewGig { slots: vec![domain::Slot::default()], ..new("family", "s1", 9, 13) };
    assert_eq!(reason(house.dispatch.create_gig(&ctx(), alone.clone()).await), Reason::FieldsInvalid);
    let first = house.gig(NewGig { id: Some(parse("first")), ..new("family", "s1", 9, 11) }).await;
    assert_eq!(first.slots.len(), 2);
    house.assign("first", tuesday(9, 0), &[(0, "v1"), (1, "v2")]).await.expect("assigned");
    let then = ctx_at(tuesday(9, 0));
    house.dispatch.start(&then, &network(), &first.id).await.expect("started");
    house.dispatch.complete(&then, &network(), &first.id).await.expect("completed");
    assert_eq!(house.gig(NewGig { windows: vec![window(12, 14)], ..alone }).await.slots.len(), 1);
}

#[tokio::test]
async fn work_outside_a_volunteers_scope_is_refused_with_where_to_turn() {
    let house = House::new().await;
    let note = Some(Sensitive::new(Note::new("Korjaa sähköpistorasia").expect("note")));
    let refused = refusal(house.dispatch.create_gig(&ctx(), NewGig { note, ..new("shopping", "s1", 9, 13) }).await);
    assert_eq!((refused.reason, refused.metadata["refer_to"].as_str()), (Reason::OutOfScope, "sähköasentaja"));
    assert!(refused.detail.contains("an electrician"));
}

#[tokio::test]
async fn a_repeated_request_has_one_effect_and_a_dry_run_none() {
    let house = House::new().await;
    let first = house.dispatch.create_gig(&with_key("r1", 1), new("shopping", "s1", 9, 13)).await.expect("first");
    let again = house.dispatch.create_gig(&with_key("r1", 1), new("shopping", "s1", 9, 13)).await.expect("again");
    assert_eq!(first, again);
    let other = house.dispatch.create_gig(&with_key("r1", 2), new("call", "s1", 9, 13)).await;
    assert_eq!(reason(other), Reason::RequestIdReused);
    let dry = WriteContext { validate_only: true, ..ctx() };
    house
        .dispatch
        .create_gig(&dry, NewGig { id: Some(parse("dry")), ..new("call", "s1", 9, 13) })
        .await
        .expect("valid");
    let page = house.dispatch.list_gigs(&city(), &network(), &GigFilter::default(), &PageRequest::first(10)).await;
    assert_eq!(page.expect("gigs").items.len(), 1);
}

#[tokio::test]
async fn ids_and_external_ids_are_unique() {
    let house = House::new().await;
    let named = |id: &str, external: &str| NewGig {
        id: Some(parse(id)),
        external_id: Some(external.to_owned()),
        ..new("shopping", "s1", 9, 13)
    };
    house.gig(named("g1", "P-1")).await;
    assert_eq!(reason(house.dispatch.create_gig(&ctx(), named("g1", "P-2")).await), Reason::ResourceExists);
    assert_eq!(reason(house.dispatch.create_gig(&ctx(), named("g2", "P-1")).await), Reason::ExternalIdExists);
}

#[tokio::test]
async fn what_matching_looks_at_changes_only_while_nobody_is_promised() {
    let house = House::with(&["v1"]).await;
    let gig = house.shopping("g1", "s1", 9, 13).await;
    let later = Gig { windows: vec![window(10, 14)], ..gig.clone() };
    let changed =
        house.dispatch.update_gig(&ctx().if_version(Some(gig.meta.version)), later).await.expect("open gigs change");
    let changed = changed.gig;
    assert_eq!((changed.windows.clone(), changed.meta.version), (vec![window(10, 14)], 2));
    let stale = house.dispatch.update_gig(&ctx().if_version(Some(1)), Gig { priority: 5, ..gig.clone() }).await;
    assert_eq!(reason(stale), Reason::EtagMismatch);
    let same = house.dispatch.update_gig(&ctx(), changed.clone()).await.expect("nothing changes");
    assert_eq!(same.gig.meta.version, 2);

    house.assign("g1", tuesday(10, 0), &[(0, "v1")]).await.expect("assigned");
    let filled = house.read("g1").await;
    let moved = Gig { windows: vec![window(11, 15)], ..filled.clone() };
    assert_eq!(reason(house.dispatch.update_gig(&ctx(), moved).await), Reason::GigStateIllegal);
    let noted = Gig { campaign: Some(name("Yhdessä ulos")), state: GigState::Open, start: None, ..filled.clone() };
    let noted = house.dispatch.update_gig(&ctx(), noted).await.expect("texts change");
    assert_eq!(noted.assignments, house.assignments("g1").await);
    assert_eq!(
        (noted.gig.state, noted.gig.start),
        (GigState::Filled, filled.start),
        "the service's own fields are its own"
    );

    house.dispatch.release(&ctx(), &network(), &noted.assignments[0].id, None).await.expect("given back");
    let given_back = Gig { campaign: None, ..house.read("g1").await };
    let answered = house.dispatch.update_gig(&ctx(), given_back).await.expect("texts change");
    assert_eq!(answered.assignments, [], "who gave the gig back is told of no more");
}

#[tokio::test]
async fn an_association_sees_and_makes_its_own_only() {
    let house = House::new().await;
    for id in ["martat", "lions"] {
        let association = domain::Association {
            network: network(),
            id: parse(id),
            title: name(id),
            website: None,
            phone: None,
            subnetworks: Vec::new(),
            external_id: None,
            meta: domain::Meta::created(monday()),
        };
        house.put(association).await;
    }
    house.put(Seeker { association: Some(parse("martat")), ..seeker("own") }).await;
    let martat = ctx_of(scope(Role::AssociationCoordinator, Some("martat"), None));
    let own = house.dispatch.create_gig(&martat, new("shopping", "own", 9, 13)).await.expect("own seeker");
    assert_eq!(own.association, Some(parse("martat")));
    let foreign = refusal(house.dispatch.create_gig(&martat, new("shopping", "s1", 9, 13)).await);
    assert_eq!(foreign.violations.as_slice()[0].field, "gig.seeker");
    let lions = scope(Role::AssociationCoordinator, Some("lions"), None);
    assert_eq!(reason(house.dispatch.get_gig(&lions, &network(), &own.id).await), Reason::ResourceNotFound);
    let page = house.dispatch.list_gigs(&lions, &network(), &GigFilter::default(), &PageRequest::first(10)).await;
    assert!(page.expect("gigs").items.is_empty());
}
