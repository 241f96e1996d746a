//! Needed elsewhere: what a plan wants somebody for is weighed in quotes for as long as it is so, and seen by who weighs the week.

use domain::{Role, Scope, Volunteer};
use jiff::SignedDuration;
use store::Engine;

use super::builders::*;
use super::live::is_as_if_read_anew;
use super::plans::{new_plan, solved};
use crate::gigs::NewGig;
use crate::plans::Applying;
use crate::quote::{Quote, QuoteFor};

const NEEDED: &str = "NEEDED_ELSEWHERE";

/// A driver in the centre who speaks Arabic, one at Koria who does not, and an escort in Arabic on Tuesday at nine.
async fn house(engine: Engine) -> House {
    let house = House::over(engine).await;
    house.put(Volunteer { languages: languages(&["fi", "ar"]), ..volunteer("arabic") }).await;
    house.put(Volunteer { home: Some(koria()), ..volunteer("plain") }).await;
    house.gig(escort("escort", 9)).await;
    house
}

fn escort(id: &str, from: i64) -> NewGig {
    NewGig { id: Some(parse(id)), languages: languages(&["ar"]), ..new("shopping", "s1", from, from + 1) }
}

/// A bulb that is talked about on the phone, for an hour on Tuesday.
async fn bulb_at(house: &House, from: i64, scope: &Scope) -> Quote {
    let bulb = QuoteFor::Inline(Box::new(new("shopping", "s2", from, from + 1)));
    house.dispatch.quote(scope, &network(), bulb, 0, monday()).await.expect("quote")
}

fn order(quote: &Quote) -> Vec<&str> {
    quote.candidates.iter().map(|candidate| candidate.volunteer.id.as_str()).collect()
}

/// What being needed elsewhere costs somebody, if they are.
fn needed(quote: &Quote, id: &str) -> Option<i64> {
    let candidate = quote.candidates.iter().find(|candidate| candidate.volunteer.id.as_str() == id).expect("able");
    assert_eq!(candidate.terms.iter().map(|term| term.milli).sum::<i64>(), candidate.total_milli);
    candidate.terms.iter().find(|term| term.code == NEEDED).map(|term| term.milli)
}

/// Whether the plan's wish for the driver counts for a bulb in the hour of the escort.
async fn is_needed(house: &House) -> bool {
    let quote = bulb_at(house, 9, &city()).await;
    let is_needed = needed(&quote, "arabic").is_some();
    assert_eq!(order(&quote)[0] == "plain", is_needed);
    assert_eq!(needed(&quote, "plain"), None);
    is_as_if_read_anew(house, monday()).await;
    is_needed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_only_one_who_speaks_arabic_is_not_burnt_on_a_bulb() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let house = house(engine).await;
        assert!(!is_needed(&house).await, "no plan has said so yet");
        solved(&house, new_plan("p1")).await;
        assert!(is_needed(&house).await);
        let quote = bulb_at(&house, 9, &city()).await;
        let lost = needed(&quote, "arabic").expect("needed");
        let weight = i64::from(house.read("escort").await.weight());
        // 333 points for each unit of weight, and what the pair is worth, less the way.
        assert!(lost < -300_000 * weight && lost >= -344_000 * weight, "{lost} for {weight}");
        assert_eq!(needed(&bulb_at(&house, 12, &city()).await, "arabic"), None, "the hours are over");
        let own = QuoteFor::Stored(parse("escort"));
        let own = house.dispatch.quote(&city(), &network(), own, 0, monday()).await.expect("quote");
        assert_eq!(needed(&own, "arabic"), None, "it is the gig that they are wanted for");
        house.put(Volunteer { languages: languages(&["ar"]), ..volunteer("other") }).await;
        house.assign("escort", tuesday(9, 0), &[(0, "other")]).await.expect("assigned");
        assert!(!is_needed(&house).await, "somebody else has taken it");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_plan_wants_holds_until_it_is_discarded_or_the_driver_has_promised_something() {
    let house = house(Engine::Sqlite).await;
    solved(&house, new_plan("p1")).await;
    assert!(is_needed(&house).await, "a plan that is only looked at says what the week needs all the same");
    house.dispatch.discard_plan(&ctx(), &network(), &parse("p1")).await.expect("discarded");
    assert!(!is_needed(&house).await);
    solved(&house, new_plan("p2")).await;
    assert!(is_needed(&house).await);
    house.shopping("later", "s2", 14, 15).await;
    let done = house.assign("later", tuesday(14, 0), &[(0, "arabic")]).await.expect("assigned");
    assert!(!is_needed(&house).await, "the day is another one than the plan was made for");
    house.dispatch.release(&ctx(), &network(), &done.assignments[0].id, None).await.expect("released");
    assert!(is_needed(&house).await, "and now it is the same again");
    house.dispatch.apply_plan(&ctx(), &network(), &parse("p2"), Applying::Ask).await.expect("asked");
    assert!(is_needed(&house).await, "asked, and not promised yet");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_applied_plan_wants_nothing_more_and_a_newer_one_decides() {
    let house = house(Engine::Sqlite).await;
    solved(&house, new_plan("p1")).await;
    house.put(Volunteer { languages: languages(&["ar"]), ..volunteer("other") }).await;
    solved(&house, new_plan("p2")).await;
    let lost = needed(&bulb_at(&house, 9, &city()).await, "arabic").unwrap_or(0);
    assert!(lost > -60_000, "one of two is worth little, whatever the older plan said: {lost}");
    house.dispatch.discard_plan(&ctx(), &network(), &parse("p2")).await.expect("discarded");
    assert!(is_needed(&house).await, "without the newer one the older one decides");
    house.dispatch.apply_plan(&ctx(), &network(), &parse("p1"), Applying::Promise).await.expect("applied");
    let quote = bulb_at(&house, 12, &city()).await;
    assert!(quote.candidates.iter().all(|one| one.terms.iter().all(|term| term.code != NEEDED)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_plans_that_want_the_same_one_is_left_until_the_gig_is_filled() {
    let house = house(Engine::Sqlite).await;
    solved(&house, new_plan("p1")).await;
    solved(&house, new_plan("p2")).await;
    assert!(is_needed(&house).await);
    house.dispatch.discard_plan(&ctx(), &network(), &parse("p2")).await.expect("discarded");
    assert!(is_needed(&house).await);
    house.put(Volunteer { languages: languages(&["ar"]), ..volunteer("other") }).await;
    house.assign("escort", tuesday(9, 0), &[(0, "other")]).await.expect("assigned");
    assert!(!is_needed(&house).await, "who is left is told that the gig is filled");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plans_of_the_same_time_do_not_add_up_where_the_way_begins_before_it() {
    let house = House::with(&[]).await;
    house.put(Volunteer { languages: languages(&["fi", "ar"]), ..volunteer("arabic") }).await;
    house.gig(NewGig { place: Some(koria()), ..escort("escort", 9) }).await;
    let period = domain::TimeWindow::new(tuesday(9, 0), tuesday(18, 0)).expect("period");
    let mut lost = Vec::new();
    for id in ["p1", "p2", "p3"] {
        solved(&house, crate::plans::NewPlan { period, ..new_plan(id) }).await;
        lost.push(needed(&bulb_at(&house, 9, &city()).await, "arabic"));
    }
    assert!(lost[0].is_some() && lost.iter().all(|one| *one == lost[0]), "{lost:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_of_last_week_wants_nothing() {
    let house = house(Engine::Sqlite).await;
    house.gig(NewGig { windows: vec![window(9 + 7 * 24, 10 + 7 * 24)], ..escort("next", 9) }).await;
    let period = domain::TimeWindow::new(monday(), monday() + SignedDuration::from_hours(14 * 24)).expect("period");
    solved(&house, crate::plans::NewPlan { period, ..new_plan("p1") }).await;
    let after = async |days: i64| {
        let bulb = NewGig { windows: vec![window(9 + 7 * 24, 10 + 7 * 24)], ..new("shopping", "s2", 9, 10) };
        let now = monday() + SignedDuration::from_hours(24 * days);
        let bulb = QuoteFor::Inline(Box::new(bulb));
        needed(&house.dispatch.quote(&city(), &network(), bulb, 0, now).await.expect("quote"), "arabic").is_some()
    };
    assert_eq!((after(0).await, after(6).await, after(7).await), (true, true, false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_weigh_the_week_sees_the_order_and_no_price() {
    let house = house(Engine::Sqlite).await;
    solved(&house, new_plan("p1")).await;
    for role in [Role::CityCoordinator, Role::CallCentreAgent] {
        let quote = bulb_at(&house, 9, &scope(role, None, None)).await;
        assert!(needed(&quote, "arabic").is_some_and(|milli| milli < 0), "{role:?}");
    }
    let quote = bulb_at(&house, 9, &scope(Role::AssociationCoordinator, None, None)).await;
    assert_eq!((order(&quote), needed(&quote, "arabic")), (vec!["plain", "arabic"], None));
    assert!(quote.candidates[0].total_milli < quote.candidates[1].total_milli, "the total is that of what is shown");
    house.gig(NewGig { id: Some(parse("bulb")), ..new("shopping", "s2", 9, 10) }).await;
    for (role, sees) in [(Role::CityCoordinator, true), (Role::AssociationCoordinator, false)] {
        let scope = scope(role, None, None);
        let who = parse("arabic");
        let found = house.dispatch.explain(&scope, &network(), &parse("bulb"), Some(&who), monday()).await;
        let found = found.expect("explained");
        let verdict = found.why_not.and_then(|why_not| why_not.candidate).expect("able");
        let shown = found.best.iter().chain([&verdict]).filter(|one| one.volunteer.id == who);
        let terms: Vec<bool> =
            shown.map(|one| one.terms.iter().any(|term| term.code == NEEDED && term.milli < 0)).collect();
        assert_eq!(terms, [sees, sees], "{role:?}");
    }
}
