//! A gig's life: given back, called off, begun, finished, unmet.

use domain::{AssignmentState, GigState, Reason, Role};

use super::builders::*;

#[tokio::test]
async fn a_filled_gig_runs_to_completion() {
    let house = House::with(&["v1"]).await;
    let gig = house.shopping("g1", "s1", 9, 13).await;
    assert_eq!(reason(house.dispatch.start(&ctx(), &network(), &gig.id).await), Reason::GigStateIllegal);
    house.assign("g1", tuesday(9, 0), &[(0, "v1")]).await.expect("assigned");
    assert_eq!(reason(house.dispatch.complete(&ctx(), &network(), &gig.id).await), Reason::GigStateIllegal);
    // A day before, nothing has begun; and nothing is done before it was to begin.
    let early = refusal(house.dispatch.start(&ctx(), &network(), &gig.id).await);
    assert_eq!((early.reason, &early.metadata["from"]), (Reason::TooEarly, &at("2026-11-23T19:00:00Z").to_string()));
    assert_eq!(house.read("g1").await.state, GigState::Filled);
    let morning = ctx_at(tuesday(8, 45));
    let begun = house.dispatch.start(&morning, &network(), &gig.id).await.expect("begun");
    assert_eq!((begun.gig.state, begun.assignments[0].state), (GigState::InProgress, AssignmentState::Started));
    invariants(&house.read("g1").await, &house.assignments("g1").await);
    assert_eq!(reason(house.dispatch.complete(&morning, &network(), &gig.id).await), Reason::TooEarly);
    let later = ctx_at(tuesday(9, 0));
    let done = house.dispatch.complete(&later, &network(), &gig.id).await.expect("done");
    assert_eq!((done.gig.state, done.assignments[0].state), (GigState::Completed, AssignmentState::Completed));
    assert_eq!(house.events("g1").await, ["created", "gig_filled", "gig_started", "gig_completed"]);
    let late = house.dispatch.cancel(&ctx(), &network(), &gig.id, None).await;
    assert_eq!(reason(late), Reason::GigStateIllegal);
}

#[tokio::test]
async fn a_released_gig_is_open_at_any_start_and_more_urgent() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let done = house.assign("g1", tuesday(9, 0), &[(0, "v1")]).await.expect("assigned");
    let id = done.assignments[0].id.clone();
    let released = house.dispatch.release(&ctx(), &network(), &id, Some(name("sairastui"))).await.expect("released");
    assert_eq!((released.gig.state, released.gig.start, released.gig.reopened), (GigState::Open, None, 1));
    let stored = &house.assignments("g1").await[0];
    assert_eq!((stored.state, stored.release_reason.clone()), (AssignmentState::Released, Some(name("sairastui"))));
    invariants(&house.read("g1").await, &house.assignments("g1").await);
    assert_eq!(
        reason(house.dispatch.release(&ctx(), &network(), &id, None).await),
        Reason::AssignmentStateIllegal,
        "not twice"
    );
    house.assign("g1", tuesday(11, 0), &[(0, "v1")]).await.expect("the same volunteer at another hour");
}

#[tokio::test]
async fn the_other_helper_falls_back_to_held_and_the_start_stays() {
    let house = House::with(&["v1", "v2", "v3"]).await;
    house.gig(for_two("g1", 9, 13)).await;
    let done = house.assign("g1", tuesday(10, 0), &[(0, "v1"), (1, "v2")]).await.expect("filled");
    let leaving = done.assignments.iter().find(|a| a.volunteer == parse("v1")).expect("v1").id.clone();
    let released = house.dispatch.release(&ctx(), &network(), &leaving, None).await.expect("released");
    assert_eq!((released.gig.state, released.gig.start), (GigState::Open, Some(tuesday(10, 0))));
    let staying = released.assignments.iter().find(|a| a.volunteer == parse("v2")).expect("v2");
    assert_eq!(staying.state, AssignmentState::Held);
    invariants(&house.read("g1").await, &house.assignments("g1").await);
    let refilled = house.assign("g1", tuesday(10, 0), &[(0, "v3")]).await.expect("refilled");
    assert_eq!((refilled.gig.state, refilled.gig.reopened), (GigState::Filled, 1));
}

#[tokio::test]
async fn a_volunteer_releases_their_own_promise_only() {
    let house = House::with(&["v1", "v2"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let id = house.assign("g1", tuesday(9, 0), &[(0, "v1")]).await.expect("assigned").assignments[0].id.clone();
    let other = ctx_of(scope(Role::Volunteer, None, Some("v2")));
    assert_eq!(reason(house.dispatch.release(&other, &network(), &id, None).await), Reason::ResourceNotFound);
    assert_eq!(
        reason(house.dispatch.start(&other, &network(), &parse("g1")).await),
        Reason::ResourceNotFound,
        "nor begins another's gig"
    );
    let own = ctx_of(scope(Role::Volunteer, None, Some("v1")));
    house.dispatch.release(&own, &network(), &id, None).await.expect("own");
}

#[tokio::test]
async fn what_has_begun_is_not_given_back() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let id = house.assign("g1", tuesday(9, 0), &[(0, "v1")]).await.expect("assigned").assignments[0].id.clone();
    house.dispatch.start(&ctx_at(tuesday(9, 0)), &network(), &parse("g1")).await.expect("begun");
    assert_eq!(reason(house.dispatch.release(&ctx(), &network(), &id, None).await), Reason::AssignmentStateIllegal);
}

#[tokio::test]
async fn a_cancelled_gig_frees_its_helpers() {
    let house = House::with(&["v1", "v2"]).await;
    let gig = house.gig(for_two("g1", 9, 13)).await;
    house.assign("g1", tuesday(10, 0), &[(0, "v1"), (1, "v2")]).await.expect("filled");
    let stale = house.dispatch.cancel(&ctx().if_version(Some(1)), &network(), &gig.id, None).await;
    assert_eq!(reason(stale), Reason::EtagMismatch);
    let done = house
        .dispatch
        .cancel(&ctx().if_version(Some(2)), &network(), &gig.id, Some(name("asia hoitui")))
        .await
        .expect("off");
    assert_eq!((done.gig.state, done.gig.cancel_reason.clone()), (GigState::Cancelled, Some(name("asia hoitui"))));
    assert!(done.assignments.iter().all(|assignment| assignment.state == AssignmentState::Released));
    invariants(&house.read("g1").await, &house.assignments("g1").await);
    house.shopping("g2", "s2", 9, 13).await;
    house.assign("g2", tuesday(10, 0), &[(0, "v1")]).await.expect("free again");
}

#[tokio::test]
async fn time_closes_what_nobody_took() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    house.gig(for_two("g2", 9, 18)).await;
    house.assign("g2", tuesday(9, 0), &[(0, "v1")]).await.expect("held");
    let early = house.dispatch.close_unmet(&ctx(), &network()).await.expect("swept");
    assert_eq!((early.unmet, early.freed), (0, 0));
    let noon = house.dispatch.close_unmet(&ctx_at(tuesday(13, 0)), &network()).await.expect("swept");
    assert_eq!((noon.unmet, noon.freed), (1, 1));
    assert_eq!(house.read("g1").await.state, GigState::Unmet);
    let waiting = house.read("g2").await;
    assert_eq!((waiting.state, waiting.start, waiting.reopened), (GigState::Open, None, 1));
    for id in ["g1", "g2"] {
        invariants(&house.read(id).await, &house.assignments(id).await);
    }
    let again = house.dispatch.close_unmet(&ctx_at(tuesday(13, 0)), &network()).await.expect("swept");
    assert_eq!((again.unmet, again.freed), (0, 0));
}
