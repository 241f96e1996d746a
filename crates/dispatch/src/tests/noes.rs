//! A no holds wherever gigs are given out, until the volunteer says yes.

use domain::gig::GigNo;
use domain::offer::Decline;
use domain::plan::{ChangeKind, PlanState};
use domain::{Offer, Reason, Role};
use store::PageRequest;

use super::builders::*;
use super::offers::offer;
use super::plans::{moving_plan, new_plan, solved};
use crate::board::BoardQuery;
use crate::explain::Explained;
use crate::gigs::NewGig;
use crate::plans::Applying;
use crate::quote::QuoteFor;

async fn offered(house: &House, gig: &str, volunteer: &str) -> Offer {
    house.dispatch.make_offer(&ctx(), offer(gig, 0, volunteer)).await.expect("made")
}

async fn says_no(house: &House, gig: &str, volunteer: &str, no: Decline) {
    let offer = offered(house, gig, volunteer).await;
    house.dispatch.decline_offer(&ctx(), &network(), &offer.id, no).await.expect("declined");
}

/// Takes a slot and gives it back.
async fn gives_back(house: &House, gig: &str, volunteer: &str) {
    let done = house.assign(gig, tuesday(10, 0), &[(0, volunteer)]).await.expect("assigned");
    let me = ctx_of(scope(Role::Volunteer, None, Some(volunteer)));
    house.dispatch.release(&me, &network(), &done.assignments[0].id, None).await.expect("released");
}

/// Who could come, with the first start that is told for them, by the answer of the index or of everybody's rows.
async fn quoted(house: &House, gig: &str) -> Vec<(String, domain::Timestamp)> {
    let what = QuoteFor::Stored(parse(gig));
    let quote = house.dispatch.quote(&city(), &network(), what, 10, monday()).await.expect("quote");
    quote.candidates.iter().map(|one| (one.volunteer.id.to_string(), one.start)).collect()
}

async fn names(house: &House, gig: &str) -> Vec<String> {
    let mut names: Vec<String> = quoted(house, gig).await.into_iter().map(|(id, _)| id).collect();
    names.sort();
    names
}

async fn board_of(house: &House, volunteer: &str) -> Vec<String> {
    let me = scope(Role::Volunteer, None, Some(volunteer));
    let page = PageRequest::default();
    let query = BoardQuery::default();
    let board = house.dispatch.board(&me, &network(), &query, &page, monday()).await.expect("board");
    board.items.iter().map(|entry| entry.gig.to_string()).collect()
}

async fn explained(house: &House, gig: &str, volunteer: &str) -> Explained {
    house.dispatch.explain(&city(), &network(), &parse(gig), Some(&parse(volunteer)), monday()).await.expect("told")
}

/// The helpers that a plan of the week gives a gig.
async fn planned(house: &House, plan: &str, gig: &str) -> Vec<String> {
    let plan = solved(house, new_plan(plan)).await;
    assert_eq!(plan.state, PlanState::Ready);
    let outcome = plan.outcome.expect("an outcome");
    let of_gig = outcome.items.iter().find(|item| item.gig.as_str() == gig);
    of_gig.map_or_else(Vec::new, |item| item.volunteers.iter().map(ToString::to_string).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_said_no_or_gave_it_back_is_planned_quoted_and_shown_no_more() {
    let house = House::with(&["v1", "v2", "v3"]).await;
    house.shopping("g1", "s1", 9, 16).await;
    house.shopping("g2", "s1", 9, 16).await;
    says_no(&house, "g1", "v1", Decline::NotThisTime).await;
    gives_back(&house, "g1", "v2").await;
    assert_eq!(names(&house, "g1").await, ["v3"]);
    assert_eq!(names(&house, "g2").await, ["v1", "v2", "v3"], "another gig is another question");
    assert_eq!((board_of(&house, "v1").await, board_of(&house, "v2").await), (vec!["g2".into()], vec!["g2".into()]));
    assert_eq!(planned(&house, "p1", "g1").await, ["v3"]);
    let told = explained(&house, "g1", "v1").await;
    let why = told.why_not.expect("a reason");
    assert_eq!((why.rules, why.text.en.as_str()), (vec!["DECLINED".into()], "has said no to it, or was let go"));
    assert!(why.mend.is_none(), "nobody is talked out of a no");
    let left = |rule: &str| told.explanation.cascade.iter().find(|step| step.rule == rule).map(|step| step.remaining);
    assert_eq!((left("BELOW_MINIMUM_AGE"), left("DECLINED")), (Some(3), Some(1)));

    says_no(&house, "g1", "v3", Decline::TooFar).await;
    assert_eq!(planned(&house, "p2", "g1").await, [""; 0], "rather open than somebody who said no");
    assert_eq!(names(&house, "g1").await, [""; 0]);
}

#[tokio::test]
async fn a_yes_forgets_the_no() {
    let house = House::with(&["v1", "v2"]).await;
    house.shopping("g1", "s1", 9, 16).await;
    says_no(&house, "g1", "v1", Decline::NotThisTime).await;
    gives_back(&house, "g1", "v2").await;
    assert_eq!(house.read("g1").await.noes.len(), 2);
    // They ring and have changed their mind.
    let done = house.assign("g1", tuesday(10, 0), &[(0, "v1")]).await.expect("assigned");
    let left: Vec<String> = done.gig.noes.iter().map(|no| no.volunteer.to_string()).collect();
    assert_eq!(left, ["v2"]);
    // A coordinator frees the slot: that is nobody's no.
    house.dispatch.cancel(&ctx(), &network(), &parse("g1"), None).await.expect("cancelled");
    house.shopping("g3", "s1", 9, 16).await;
    gives_back(&house, "g3", "v2").await;
    let me = ctx_of(scope(Role::Volunteer, None, Some("v2")));
    let taken = house.dispatch.claim_gig(&me, &network(), &parse("g3"), &parse("v2"), None, None).await;
    assert_eq!(taken.expect("their own yes").gig.noes, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_a_coordinator_let_go_is_planned_no_more_and_may_be_picked_by_hand() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 16).await;
    let done = house.assign("g1", tuesday(10, 0), &[(0, "v1")]).await.expect("assigned");
    house.dispatch.release(&ctx(), &network(), &done.assignments[0].id, None).await.expect("let go");
    assert_eq!(planned(&house, "p1", "g1").await, [""; 0], "the same decision is not taken back by a plan");
    house.shopping("g2", "s1", 9, 16).await;
    assert_eq!(planned(&house, "p2", "g1").await, [""; 0], "nor among others");
    assert_eq!(planned(&house, "p3", "g2").await, ["v1"], "another gig is another question");
    assert_eq!(names(&house, "g1").await, ["v1"], "a person may pick them");
    assert_eq!(
        offered(&house, "g1", "v1").await.volunteer.as_str(),
        "v1",
        "and ask them: they have said no such thing"
    );
    let again = house.assign("g1", tuesday(10, 0), &[(0, "v1")]).await.expect("assigned by hand");
    assert_eq!(again.gig.noes, []);
    // Who gives it back themselves has said no.
    let me = ctx_of(scope(Role::Volunteer, None, Some("v1")));
    house.dispatch.release(&me, &network(), &again.assignments[0].id, None).await.expect("given back");
    assert_eq!(names(&house, "g1").await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_no_after_the_plan_was_made_stops_the_plan() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 16).await;
    assert_eq!(planned(&house, "p1", "g1").await, ["v1"]);
    says_no(&house, "g1", "v1", Decline::NotThisTime).await;
    let applied = house.dispatch.apply_plan(&ctx(), &network(), &parse("p1"), Applying::Promise).await;
    assert_eq!(reason(applied), Reason::PlanStale);
    assert!(house.assignments("g1").await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_no_to_the_hour_leaves_the_other_hours() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 16).await;
    says_no(&house, "g1", "v1", Decline::OtherHour { start: None }).await;
    let no = GigNo { volunteer: parse("v1"), hour: Some(tuesday(10, 0)), by_coordinator: false };
    assert_eq!(house.read("g1").await.noes, [no]);
    let what = QuoteFor::Stored(parse("g1"));
    let quote = house.dispatch.quote(&city(), &network(), what, 10, monday()).await.expect("quote");
    let starts: Vec<domain::Timestamp> = quote.starts.iter().map(|at| at.start).collect();
    assert!(!starts.contains(&tuesday(10, 0)) && !starts.contains(&tuesday(9, 30)), "{starts:?}");
    assert!(starts.contains(&tuesday(9, 0)) && starts.contains(&tuesday(13, 0)), "{starts:?}");
    // Among others a plan is free to choose the hour, and could choose that one.
    house.shopping("g2", "s1", 9, 16).await;
    assert_eq!(planned(&house, "p1", "g1").await, [""; 0]);
    assert_eq!(planned(&house, "p2", "g2").await, ["v1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kind_and_a_way_that_rest_are_not_planned() {
    let house = House::with(&["v1", "v2"]).await;
    let far = |id: &str| NewGig { id: Some(parse(id)), place: Some(koria()), ..new("shopping", "s1", 9, 16) };
    house.gig(far("declined")).await;
    house.gig(far("far")).await;
    house.shopping("near", "s1", 9, 16).await;
    says_no(&house, "declined", "v1", Decline::TooFar).await;
    says_no(&house, "declined", "v2", Decline::NotThisKind { drop: false }).await;
    assert_eq!(planned(&house, "p1", "far").await, [""; 0], "the way is as long, and the kind the same");
    assert_eq!(planned(&house, "p2", "near").await, ["v1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_no_to_another_gig_breaks_no_promise() {
    for no in [Decline::NotThisKind { drop: false }, Decline::TooFar] {
        let house = House::with(&["v1"]).await;
        let far = |id: &str| NewGig { id: Some(parse(id)), place: Some(koria()), ..new("shopping", "s1", 9, 16) };
        house.gig(far("declined")).await;
        house.gig(far("promised")).await;
        says_no(&house, "declined", "v1", no).await;
        house.assign("promised", tuesday(10, 0), &[(0, "v1")]).await.expect("assigned");
        let plan = solved(&house, moving_plan("p1")).await;
        let items = plan.outcome.expect("an outcome").items;
        let changes: Vec<_> = items.iter().map(|item| (item.gig.as_str(), item.change)).collect();
        assert_eq!(changes, [("promised", ChangeKind::Kept)], "{no:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_no_to_the_kind_or_the_way_after_the_plan_was_made_stops_the_plan() {
    for no in [Decline::NotThisKind { drop: false }, Decline::TooFar] {
        let house = House::with(&["v1"]).await;
        let far = |id: &str| NewGig { id: Some(parse(id)), place: Some(koria()), ..new("shopping", "s1", 9, 16) };
        house.gig(far("planned")).await;
        assert_eq!(planned(&house, "p1", "planned").await, ["v1"]);
        house.gig(far("declined")).await;
        says_no(&house, "declined", "v1", no).await;
        let applied = house.dispatch.apply_plan(&ctx(), &network(), &parse("p1"), Applying::Promise).await;
        assert_eq!(reason(applied), Reason::PlanStale, "{no:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_was_called_too_far_keeps_nobody_from_the_ways_they_go() {
    let house = House::with(&["v1"]).await;
    house.gig(NewGig { id: Some(parse("call")), place: None, ..new("call", "s1", 9, 16) }).await;
    house.gig(NewGig { id: Some(parse("far")), place: Some(koria()), ..new("shopping", "s1", 9, 16) }).await;
    says_no(&house, "call", "v1", Decline::TooFar).await;
    assert_eq!(planned(&house, "p1", "far").await, ["v1"]);
    assert_eq!(offered(&house, "far", "v1").await.volunteer.as_str(), "v1");
}
