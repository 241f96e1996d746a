//! A plan is applied by asking: the best for all is offered first, and everybody may say no.

use domain::asking::{Asking, AskingState};
use domain::availability::DaySpan;
use domain::offer::Decline;
use domain::{ContactMode, MinuteOfDay, Seeker};
use domain::{Gig, GigState, Offer, Plan, Reason, Timestamp, Volunteer};
use jiff::SignedDuration;

use super::builders::*;
use super::plans::{moving_plan, new_plan, solved};
use crate::asking::NewAsking;
use crate::plans::{AppliedPlan, Applying};

async fn ask(house: &House, plan: &str) -> Result<AppliedPlan, crate::Error> {
    house.dispatch.apply_plan(&ctx(), &network(), &parse(plan), Applying::Ask).await
}

async fn offers(house: &House, gig: &str) -> Vec<Offer> {
    house.db.read().await.expect("read").offers_of_gig(&network(), &parse(gig), false).await.expect("offers")
}

async fn asking(house: &House, gig: &str) -> Asking {
    house.dispatch.get_asking(&city(), &network(), &parse(gig)).await.expect("asking")
}

fn who(offers: &[Offer]) -> Vec<String> {
    let mut who: Vec<String> = offers.iter().map(|offer| offer.volunteer.to_string()).collect();
    who.sort();
    who
}

/// The helpers and the start that a plan gives a gig.
fn given(plan: &Plan, gig: &str) -> (Vec<String>, Option<Timestamp>) {
    let outcome = plan.outcome.as_ref().expect("an outcome");
    let item = outcome.items.iter().find(|item| item.gig.as_str() == gig).expect("an item");
    (item.volunteers.iter().map(ToString::to_string).collect(), item.start)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_planned_is_asked_first_and_alone() {
    let house = House::with(&["v1", "v2", "v3"]).await;
    house.shopping("g1", "s1", 9, 10).await;
    house.gig(for_two("pair", 12, 13)).await;
    let plan = solved(&house, new_plan("p1")).await;
    let applied = ask(&house, "p1").await.expect("applied");
    assert_eq!((applied.filled, applied.asked, applied.begun, applied.moved), (2, 3, 2, 0));
    let until = [asking(&house, "g1").await.next_time, asking(&house, "pair").await.next_time];
    assert_eq!(applied.alone_until, until.into_iter().min().zip(until.into_iter().max()));
    for id in ["g1", "pair"] {
        let (gig, made): (Gig, _) = (house.read(id).await, offers(&house, id).await);
        let (mut planned, start) = given(&plan, id);
        planned.sort();
        assert_eq!((gig.state, who(&made)), (GigState::Offered, planned), "{id}");
        assert!(made.iter().all(|offer| Some(offer.start) == start && offer.wave == 1));
        assert!(house.assignments(id).await.is_empty(), "nothing is promised for anybody");
        let asking = asking(&house, id).await;
        assert_eq!((asking.state, Some(asking.start), asking.waves), (AskingState::Running, start, 1));
        let alone = asking.next_time.duration_since(monday());
        assert!(alone > SignedDuration::from_hours(1) && asking.next_time < asking.deadline, "{alone}");
    }
    // Nobody else is asked meanwhile; a no opens the question to others at once.
    assert_eq!(house.dispatch.ask_due(&ctx(), &network()).await.expect("looked"), 0);
    let first = offers(&house, "g1").await.remove(0);
    house.dispatch.decline_offer(&ctx(), &network(), &first.id, Decline::NotThisTime).await.expect("declined");
    assert!(house.dispatch.ask_due(&ctx(), &network()).await.expect("looked") > 0);
    let asked = offers(&house, "g1").await;
    assert!(asked.len() > 1 && asked.iter().filter(|offer| offer.volunteer == first.volunteer).count() == 1);
    let yes = asked.iter().find(|offer| offer.volunteer != first.volunteer).expect("somebody else");
    house.dispatch.accept_offer(&ctx(), &network(), &yes.id).await.expect("accepted");
    assert_eq!(house.read("g1").await.state, GigState::Filled);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_the_evening_others_are_asked_before_the_night() {
    let house = House::with(&["v1", "v2", "v3"]).await;
    // A yes to Tuesday at 9 is wanted by 7, before anybody may be asked in the morning.
    house.shopping("g1", "s1", 9, 10).await;
    solved(&house, new_plan("p1")).await;
    let evening = at("2026-11-23T17:30:00Z");
    let applied = house.dispatch.apply_plan(&ctx_at(evening), &network(), &parse("p1"), Applying::Ask).await;
    assert_eq!(applied.expect("applied").asked, 1);
    let next = asking(&house, "g1").await.next_time;
    assert!(next > evening && next < evening + SignedDuration::from_mins(15), "{next}: at 20 it is quiet");
    assert!(house.dispatch.ask_due(&ctx_at(next), &network()).await.expect("looked") > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_their_limits_protect_is_not_asked_and_others_are_sought_at_once() {
    let house = House::with(&["v1"]).await;
    let mut quiet: Volunteer = house.volunteer("v1").await;
    quiet.contact.weekly_budget = 0;
    house.change(quiet).await;
    house.shopping("g1", "s1", 9, 10).await;
    solved(&house, new_plan("p1")).await;
    assert_eq!(ask(&house, "p1").await.expect("applied").asked, 0);
    assert_eq!((asking(&house, "g1").await.next_time, offers(&house, "g1").await.len()), (monday(), 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_cannot_hear_of_it_in_time_is_not_asked() {
    let house = House::with(&["v1"]).await;
    let time = |hour: u16| MinuteOfDay::new(hour * 60).expect("time");
    let mut early: Volunteer = house.volunteer("v1").await;
    early.contact.hours = Some(DaySpan::new(time(8), time(9)).expect("span"));
    house.change(early).await;
    // A yes to Tuesday at 9 is wanted by 7, an hour before they may be asked.
    house.shopping("g1", "s1", 9, 10).await;
    solved(&house, new_plan("p1")).await;
    assert_eq!(ask(&house, "p1").await.expect("applied").asked, 0);
    assert_eq!((asking(&house, "g1").await.next_time, offers(&house, "g1").await.len()), (monday(), 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_asked_for_two_gigs_is_one_volunteer() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 10).await;
    house.shopping("g2", "s1", 12, 13).await;
    solved(&house, new_plan("p1")).await;
    let applied = ask(&house, "p1").await.expect("applied");
    assert_eq!((applied.filled, applied.asked), (2, 1));
    assert_eq!((offers(&house, "g1").await.len(), offers(&house, "g2").await.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn for_whom_a_coordinator_relays_since_is_neither_asked_nor_promised() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 10).await;
    solved(&house, new_plan("p1")).await;
    let mut tx = house.db.read().await.expect("read");
    let seeker = tx.get::<Seeker>(&network(), &parse("s1")).await.expect("read").expect("a seeker");
    drop(tx);
    house.change(Seeker { contact_mode: ContactMode::Mediated, ..seeker }).await;
    for how in [Applying::Ask, Applying::Promise] {
        let applied = house.dispatch.apply_plan(&ctx(), &network(), &parse("p1"), how).await;
        assert_eq!(reason(applied), Reason::PlanStale, "{how:?}");
    }
    assert_eq!((offers(&house, "g1").await.len(), house.assignments("g1").await.len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gig_that_is_asked_for_is_left_to_its_asking_and_a_plan_that_moves_is_refused() {
    let house = House::with(&["v1", "v2"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let new = NewAsking {
        network: network(),
        gig: parse("g1"),
        policy: Default::default(),
        start: Some(tuesday(10, 0)),
        deadline: None,
        replaces: false,
    };
    house.dispatch.start_asking(&ctx(), new).await.expect("begun");
    assert!(house.dispatch.ask_due(&ctx(), &network()).await.expect("looked") > 0);
    let running = asking(&house, "g1").await;
    house.shopping("g2", "s2", 9, 13).await;
    let plan = solved(&house, new_plan("p1")).await;
    let of = |gig: &str| {
        let items = &plan.outcome.as_ref().expect("an outcome").items;
        let item = items.iter().find(|item| item.gig.as_str() == gig).expect("an item");
        (item.is_asked_for, item.open_offers as usize)
    };
    assert_eq!((of("g1"), of("g2")), ((true, offers(&house, "g1").await.len()), (false, 0)));
    let applied = ask(&house, "p1").await.expect("applied");
    assert_eq!((applied.filled, applied.begun), (2, 1));
    assert_eq!(asking(&house, "g1").await, running);

    // Only one of the two can be had, and the weightier one came later: a plan with leave to move takes the promise away.
    let house = House::with(&["v1"]).await;
    house.shopping("light", "s1", 9, 10).await;
    house.assign("light", tuesday(9, 0), &[(0, "v1")]).await.expect("assigned");
    house.gig(crate::gigs::NewGig { id: Some(parse("heavy")), priority: Some(5), ..new_gig() }).await;
    let plan = solved(&house, moving_plan("p2")).await;
    assert_eq!(given(&plan, "heavy").0, ["v1"]);
    let refused = refusal(ask(&house, "p2").await);
    assert_eq!(refused.reason, Reason::FieldsInvalid);
    assert_eq!(house.read("light").await.state, GigState::Filled, "nothing was changed");
}

fn new_gig() -> crate::gigs::NewGig {
    new("shopping", "s1", 9, 10)
}
