//! Plans: solved, judged, shown, applied whole or not at all.

use domain::asking::{AskingPolicy, AskingState};
use domain::offer::OfferState;
use domain::plan::{ChangeKind, PlanOutcome, PlanState, SolveStatus};
use domain::volunteer::Caps;
use domain::{ContactMode, GigState, Meta, Plan, PlanId, Reason, Seeker, TimeWindow, Volunteer, WriteContext};
use store::PageRequest;

use super::builders::*;
use crate::Dispatch;
use crate::asking::NewAsking;
use crate::gigs::NewGig;
use crate::offers::NewOffer;
use crate::plans::{Applying, NewPlan};

fn this_week() -> TimeWindow {
    TimeWindow::new(at("2026-11-22T22:00:00Z"), at("2026-11-29T22:00:00Z")).expect("week")
}

pub(super) fn new_plan(id: &str) -> NewPlan {
    NewPlan {
        network: network(),
        id: Some(parse(id)),
        period: this_week(),
        budget_ms: 5_000,
        seed: 1,
        allow_moving_promises: false,
        promise_cost: None,
    }
}

/// A plan that may break any promise, at no cost.
pub(super) fn moving_plan(id: &str) -> NewPlan {
    NewPlan { allow_moving_promises: true, promise_cost: Some(0), ..new_plan(id) }
}

/// Makes a plan and waits for its end.
pub(super) async fn solved(house: &House, new: NewPlan) -> Plan {
    let id = new.id.clone().expect("id");
    house.dispatch.create_plan(&ctx(), new).await.expect("created");
    ended(&house.dispatch, &id).await
}

async fn ended(dispatch: &Dispatch, id: &PlanId) -> Plan {
    let mut watch = dispatch.watch_plan(&city(), &network(), id).await.expect("watch");
    let mut last = None;
    while let Some(plan) = watch.next().await.expect("next") {
        last = Some(plan);
    }
    last.expect("a plan")
}

async fn apply(house: &House, id: &str) -> Result<crate::plans::AppliedPlan, crate::Error> {
    house.dispatch.apply_plan(&ctx(), &network(), &parse(id), Applying::Promise).await
}

fn outcome(plan: &Plan) -> &PlanOutcome {
    plan.outcome.as_ref().unwrap_or_else(|| panic!("no outcome: {plan:?}"))
}

fn changes(plan: &Plan) -> Vec<(&str, ChangeKind)> {
    outcome(plan).items.iter().map(|item| (item.gig.as_str(), item.change)).collect()
}

/// Three volunteers, six gigs of one and two helpers, one of them promised, one for a relayed seeker.
async fn busy_house() -> House {
    let house = House::with(&["v1", "v2", "v3"]).await;
    house.put(Seeker { contact_mode: ContactMode::Mediated, ..seeker("relayed") }).await;
    for id in ["a", "b", "c"] {
        house.shopping(id, "s1", 9, 16).await;
    }
    house.gig(for_two("pair", 9, 16)).await;
    house.shopping("kept", "s2", 9, 13).await;
    house.assign("kept", tuesday(9, 0), &[(0, "v1")]).await.expect("assigned");
    house.shopping("mediated", "relayed", 9, 13).await;
    house
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_is_shown_before_it_is_applied() {
    let house = busy_house().await;
    let plan = solved(&house, new_plan("p1")).await;
    assert_eq!((plan.state, plan.progress_permille), (PlanState::Ready, 1000));
    let found = outcome(&plan);
    assert_eq!((found.gigs, found.of), (5, 6));
    assert_eq!(found.status, SolveStatus::Optimal);
    assert_eq!((found.weight, found.bound_weight, found.gap), (10, 10, 0.0));
    assert_eq!(
        changes(&plan),
        [
            ("a", ChangeKind::New),
            ("b", ChangeKind::New),
            ("c", ChangeKind::New),
            ("kept", ChangeKind::Kept),
            ("pair", ChangeKind::New)
        ]
    );
    assert_eq!(found.open.iter().map(|open| open.gig.as_str()).collect::<Vec<_>>(), ["mediated"]);
    assert_eq!(found.busiest_day, Some((jiff::civil::date(2026, 11, 24), 5)));
    assert_eq!(found.by_kind.iter().map(|(_, coverage)| (coverage.covered, coverage.of)).collect::<Vec<_>>(), [(5, 6)]);
    assert_eq!(house.read("a").await.state, GigState::Open, "nothing is written by solving");

    let applied = apply(&house, "p1").await.expect("applied");
    assert_eq!((applied.plan.state, applied.filled, applied.moved, applied.dropped), (PlanState::Applied, 4, 0, 0));
    for item in &found.items {
        let (gig, assignments) = (house.read(item.gig.as_str()).await, house.assignments(item.gig.as_str()).await);
        assert_eq!((gig.state, gig.start), (GigState::Filled, item.start), "{}", gig.id);
        let helpers: Vec<_> = assignments.iter().map(|assignment| assignment.volunteer.clone()).collect();
        assert_eq!(helpers, item.volunteers, "{}", gig.id);
        invariants(&gig, &assignments);
    }
    assert_eq!(reason(apply(&house, "p1").await), Reason::PlanNotReady, "not twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn equal_input_gives_an_equal_plan() {
    let house = busy_house().await;
    let (a, b) = (solved(&house, new_plan("p1")).await, solved(&house, new_plan("p2")).await);
    assert_eq!((&outcome(&a).digest, &outcome(&a).items), (&outcome(&b).digest, &outcome(&b).items));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changed_since_makes_a_plan_stale_and_nothing_is_changed() {
    for what in ["gig", "volunteer", "booked", "kept"] {
        let house = busy_house().await;
        solved(&house, new_plan("p1")).await;
        match what {
            "gig" => {
                house.dispatch.cancel(&ctx(), &network(), &parse("c"), None).await.expect("cancelled");
            }
            "volunteer" => {
                for id in ["v1", "v2", "v3"] {
                    house.change(Volunteer { travel_limit_min: 31, ..volunteer(id) }).await;
                }
            }
            "booked" => {
                house.put(Seeker { ..seeker("s9") }).await;
                house.shopping("new", "s9", 9, 16).await;
                house.shopping("newer", "s9", 9, 16).await;
                for (who, start) in [("v2", 9), ("v2", 11)] {
                    let gig = if start == 9 { "new" } else { "newer" };
                    house.assign(gig, tuesday(start, 0), &[(0, who)]).await.expect("booked meanwhile");
                }
            }
            _ => {
                let id = house.assignments("kept").await[0].id.clone();
                house.dispatch.release(&ctx(), &network(), &id, None).await.expect("released");
            }
        }
        assert_eq!(reason(apply(&house, "p1").await), Reason::PlanStale, "{what}");
        for id in ["a", "b", "pair"] {
            assert_eq!(house.read(id).await.state, GigState::Open, "{what}: {id}");
            assert!(house.assignments(id).await.is_empty(), "{what}: {id}");
        }
        let plan = house.dispatch.get_plan(&city(), &network(), &parse("p1")).await.expect("plan");
        assert_eq!(plan.state, PlanState::Ready);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_began_meanwhile_does_not_make_a_plan_stale() {
    let house = busy_house().await;
    solved(&house, new_plan("p1")).await;
    house.dispatch.start(&ctx_at(tuesday(9, 0)), &network(), &parse("kept")).await.expect("begun");
    apply(&house, "p1").await.expect("the promise still stands");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_apply_has_one_effect() {
    let house = busy_house().await;
    solved(&house, new_plan("p1")).await;
    let dry = WriteContext { validate_only: true, ..ctx() };
    house.dispatch.apply_plan(&dry, &network(), &parse("p1"), Applying::Promise).await.expect("would do");
    assert_eq!(house.read("a").await.state, GigState::Open);
    let call = async || {
        house
            .dispatch
            .apply_plan(&with_key("k", 1), &network(), &parse("p1"), Applying::Promise)
            .await
            .expect("applied")
    };
    assert_eq!(call().await, call().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_held_helper_is_joined_by_the_plan() {
    let house = House::with(&["v1", "v2"]).await;
    house.gig(for_two("pair", 9, 16)).await;
    house.assign("pair", tuesday(11, 0), &[(1, "v2")]).await.expect("held");
    let plan = solved(&house, new_plan("p1")).await;
    let item = &outcome(&plan).items[0];
    assert_eq!(
        (item.change, item.start, &item.volunteers),
        (ChangeKind::New, Some(tuesday(11, 0)), &vec![parse("v1"), parse("v2")])
    );
    apply(&house, "p1").await.expect("applied");
    invariants(&house.read("pair").await, &house.assignments("pair").await);
    assert_eq!(house.read("pair").await.state, GigState::Filled);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn promises_move_only_with_leave() {
    let house = House::with(&["v1"]).await;
    house.put(Volunteer { availability: every_day(9, 10), ..volunteer("early") }).await;
    house.put(Volunteer { languages: languages(&["sv"]), ..volunteer("swede") }).await;
    // v1 is promised to a gig that "early" could do as well, and is the only one for the heavy gig at the same hour.
    house.shopping("light", "s1", 9, 10).await;
    house.assign("light", tuesday(9, 0), &[(0, "v1")]).await.expect("assigned");
    let heavy = NewGig {
        id: Some(parse("heavy")),
        priority: Some(5),
        duration_s: Some(2 * 3600),
        ..new("shopping", "s2", 9, 11)
    };
    house.gig(heavy).await;
    let strict = solved(&house, new_plan("strict")).await;
    assert_eq!(changes(&strict), [("light", ChangeKind::Kept)]);
    let free = solved(&house, NewPlan { allow_moving_promises: true, ..new_plan("free") }).await;
    assert_eq!(changes(&free), [("heavy", ChangeKind::New), ("light", ChangeKind::Moved)]);
    let applied = apply(&house, "free").await.expect("applied");
    assert_eq!((applied.filled, applied.moved), (1, 1));
    for (gig, who) in [("heavy", "v1"), ("light", "early")] {
        let (stored, assignments) = (house.read(gig).await, house.assignments(gig).await);
        invariants(&stored, &assignments);
        let active: Vec<_> = assignments.iter().filter(|a| a.state.is_active()).map(|a| a.volunteer.as_str()).collect();
        assert_eq!((stored.state, active), (GigState::Filled, vec![who]));
    }
    assert_eq!(house.read("light").await.reopened, 0, "moving is no cancellation");
    assert_eq!(house.events("light").await, ["created", "gig_filled", "gig_moved"], "one event, of both ends");
    let page = store::PageRequest::first(10);
    let events = house.dispatch.gig_events(&city(), &network(), &parse("light"), &page).await.expect("events").items;
    let told = |key: &str| events[2].data.get(key).cloned().unwrap_or_default();
    assert_eq!((told("volunteers").as_str(), told("previous_volunteers").as_str()), ("early", "v1"));
    assert_eq!((told("start"), told("previous_start")), (tuesday(9, 0).to_string(), tuesday(9, 0).to_string()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hold_is_given_up_only_with_leave() {
    let house = House::with(&["v1"]).await;
    house.gig(for_two("pair", 9, 11)).await;
    house.assign("pair", tuesday(9, 0), &[(0, "v1")]).await.expect("held");
    house.gig(NewGig { id: Some(parse("urgent")), priority: Some(5), ..new("shopping", "s2", 9, 10) }).await;
    assert!(changes(&solved(&house, new_plan("strict")).await).is_empty(), "v1 waits for the other helper");
    let free = solved(&house, NewPlan { allow_moving_promises: true, ..new_plan("free") }).await;
    assert_eq!(changes(&free), [("pair", ChangeKind::Dropped), ("urgent", ChangeKind::New)]);
    apply(&house, "free").await.expect("applied");
    for (id, state) in [("pair", GigState::Open), ("urgent", GigState::Filled)] {
        let gig = house.read(id).await;
        assert_eq!(gig.state, state);
        invariants(&gig, &house.assignments(id).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_plan_drops_is_asked_for_again() {
    let house = House::with(&["v1", "v2"]).await;
    house.shopping("light", "s1", 9, 10).await;
    let offer = |volunteer: &str| NewOffer {
        network: network(),
        id: None,
        gig: parse("light"),
        slot: 0,
        volunteer: parse(volunteer),
        start: Some(tuesday(9, 0)),
        expire_time: tuesday(8, 0),
    };
    let first = house.dispatch.make_offer(&ctx(), offer("v1")).await.expect("asked");
    let second = house.dispatch.make_offer(&ctx(), offer("v2")).await.expect("asked");
    let asking = NewAsking {
        network: network(),
        gig: parse("light"),
        policy: AskingPolicy::Paced,
        start: Some(tuesday(9, 0)),
        deadline: None,
        replaces: false,
    };
    house.dispatch.start_asking(&ctx(), asking).await.expect("asking");
    house.dispatch.accept_offer(&ctx(), &network(), &first.id).await.expect("accepted");
    house.dispatch.stand_by(&ctx(), &network(), &second.id).await.expect("stands by");
    house.dispatch.ask_due(&ctx(), &network()).await.expect("looked");
    let asking = async || house.dispatch.get_asking(&city(), &network(), &parse("light")).await.expect("asking").state;
    assert_eq!(asking().await, AskingState::Over);
    // v2 cannot be planned for it, but can say by themselves that they come after all.
    let away = house.volunteer("v2").await;
    house.change(Volunteer { caps: Caps { per_day: 0, ..away.caps }, ..away.clone() }).await;
    house.gig(NewGig { id: Some(parse("urgent")), priority: Some(5), ..new("shopping", "s2", 9, 10) }).await;
    let plan = solved(&house, NewPlan { allow_moving_promises: true, ..new_plan("free") }).await;
    assert_eq!(changes(&plan), [("light", ChangeKind::Dropped), ("urgent", ChangeKind::New)]);
    house.change(Volunteer { caps: Caps { per_day: 2, per_week: 4 }, ..house.volunteer("v2").await }).await;
    let mut bell = house.dispatch.asking_bell();
    bell.mark_unchanged();
    apply(&house, "free").await.expect("applied");
    assert_eq!(asking().await, AskingState::Running);
    assert!(bell.has_changed().expect("a bell"));
    let page = PageRequest::first(10);
    let open = store::Filter::any().state(OfferState::Pending.code());
    let open = house.dispatch.list_offers(&city(), &network(), &open, &page).await.expect("offers").items;
    let names: Vec<&str> = open.iter().map(|offer| offer.volunteer.as_str()).collect();
    assert_eq!(
        (names, house.read("light").await.state),
        (vec!["v2"], GigState::Offered),
        "who stood by is asked first"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_solve_at_a_time_and_a_discarded_one_is_never_ready() {
    let house = busy_house().await;
    let turn = house.dispatch.solves.take_turn(&network(), &parse("running")).expect("free");
    assert_eq!(reason(house.dispatch.create_plan(&ctx(), new_plan("p1")).await), Reason::PlanBusy);
    drop(turn);
    house.dispatch.create_plan(&ctx(), new_plan("p2")).await.expect("created");
    house.dispatch.discard_plan(&ctx(), &network(), &parse("p2")).await.expect("discarded");
    let plan = ended(&house.dispatch, &parse("p2")).await;
    assert_eq!((plan.state, plan.outcome), (PlanState::Discarded, None));
    assert_eq!(reason(apply(&house, "p2").await), Reason::PlanNotReady);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_lost_by_a_restart_has_failed() {
    let house = busy_house().await;
    let lost = Plan {
        network: network(),
        id: parse("lost"),
        period: this_week(),
        budget_ms: 1_000,
        seed: 0,
        allow_moving_promises: false,
        promise_cost: 60,
        state: PlanState::Solving,
        progress_permille: 0,
        outcome: None,
        failure: None,
        meta: Meta::created(monday()),
    };
    house.put(lost).await;
    assert_eq!(solved(&house, new_plan("p1")).await.state, PlanState::Ready);
    let lost = house.dispatch.get_plan(&city(), &network(), &parse("lost")).await.expect("plan");
    assert_eq!(
        (lost.state, lost.failure.map(|why| why.to_string())),
        (PlanState::Failed, Some("the solve was interrupted".to_owned()))
    );
}

#[tokio::test]
async fn asking_only_tells_what_would_be_solved() {
    let house = busy_house().await;
    let dry = WriteContext { validate_only: true, ..ctx() };
    let told = house.dispatch.create_plan(&dry, new_plan("p1")).await.expect("valid").input;
    assert_eq!((told.volunteers, told.gigs, told.promised, told.left_out), (3, 6, 1, 1));
    let page = house.dispatch.list_plans(&city(), &network(), &[], &PageRequest::default()).await.expect("plans");
    assert!(page.items.is_empty());
    let past = TimeWindow::new(at("2026-11-01T00:00:00Z"), at("2026-11-02T00:00:00Z")).expect("window");
    let wrong = NewPlan { period: past, budget_ms: 10_000_000, ..new_plan("p1") };
    assert_eq!(refusal(house.dispatch.create_plan(&ctx(), wrong).await).violations.as_slice().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plans_are_listed_newest_first() {
    let house = House::new().await;
    for (id, hours) in [("a", 0), ("b", 2), ("c", 1)] {
        let later = ctx_at(monday() + jiff::SignedDuration::from_hours(hours));
        house.dispatch.create_plan(&later, new_plan(id)).await.expect("created");
        ended(&house.dispatch, &parse(id)).await;
    }
    let page = PageRequest::first(2);
    let first = house.dispatch.list_plans(&city(), &network(), &[], &page).await.expect("plans");
    assert_eq!(first.items.iter().map(|plan| plan.id.as_str()).collect::<Vec<_>>(), ["b", "c"]);
    let rest = PageRequest { after: first.next, ..page };
    let rest = house.dispatch.list_plans(&city(), &network(), &[PlanState::Ready], &rest).await.expect("plans");
    assert_eq!(rest.items.iter().map(|plan| plan.id.as_str()).collect::<Vec<_>>(), ["a"]);
}
