//! Asking by itself: a few at a time, within what everybody agreed to, until the gig is filled or nobody is left.

use domain::asking::{Asking, AskingPolicy, AskingState};
use domain::offer::{Decline, OfferState};
use domain::{EventKind, GigState, Offer, Reason, Timestamp, Volunteer};
use jiff::SignedDuration;
use store::{Filter, PageRequest};

use super::builders::*;
use crate::asking::NewAsking;
use crate::offers::NewOffer;

fn asking(gig: &str, policy: AskingPolicy) -> NewAsking {
    let start = Some(tuesday(10, 0));
    NewAsking { network: network(), gig: parse(gig), policy, start, deadline: None, replaces: false }
}

async fn begin(house: &House, gig: &str, policy: AskingPolicy) -> Asking {
    house.dispatch.start_asking(&ctx(), asking(gig, policy)).await.expect("asking").asking
}

async fn ask(house: &House, now: Timestamp) -> u32 {
    house.dispatch.ask_due(&ctx_at(now), &network()).await.expect("asked")
}

async fn offers(house: &House) -> Vec<Offer> {
    let page = PageRequest::first(1000);
    house.dispatch.list_offers(&city(), &network(), &Filter::any(), &page).await.expect("offers").items
}

async fn known(house: &House, gig: &str) -> Asking {
    house.dispatch.get_asking(&city(), &network(), &parse(gig)).await.expect("asking")
}

fn after(minutes: i64) -> Timestamp {
    monday() + SignedDuration::from_mins(minutes)
}

fn crowd(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("v{n:02}")).collect()
}

async fn town(count: usize) -> House {
    let ids = crowd(count);
    House::with(&ids.iter().map(String::as_str).collect::<Vec<_>>()).await
}

#[tokio::test]
async fn waves_of_two_go_out_one_after_the_other_and_end_with_a_yes() {
    let house = town(12).await;
    house.shopping("g1", "s1", 9, 13).await;
    begin(&house, "g1", AskingPolicy::WavesOfTwo).await;
    assert_eq!(ask(&house, monday()).await, 2);
    assert_eq!(ask(&house, after(1)).await, 0, "the first two have time to answer");
    assert_eq!(ask(&house, after(11)).await, 2);
    let made = offers(&house).await;
    let mut people: Vec<&str> = made.iter().map(|offer| offer.volunteer.as_str()).collect();
    people.sort_unstable();
    people.dedup();
    assert_eq!((people.len(), made.iter().map(|offer| offer.wave).max()), (4, Some(2)), "nobody is asked twice");
    assert!(made.iter().all(|offer| offer.expectation.is_some_and(|known| known.yes_ppm > 0)));
    house.dispatch.accept_offer(&ctx_at(after(12)), &network(), &made[2].id).await.expect("accepted");
    assert_eq!(house.read("g1").await.state, GigState::Filled);
    assert!(offers(&house).await.iter().all(|offer| !offer.state.is_open()));
    assert_eq!(known(&house, "g1").await.state, AskingState::Over, "before anybody has looked at it again");
    assert_eq!(ask(&house, after(40)).await, 0);
    assert_eq!(known(&house, "g1").await.state, AskingState::Over);
}

#[tokio::test]
async fn paced_asks_more_as_the_deadline_comes_near_and_tells_when_nobody_is_left() {
    let house = town(30).await;
    house.shopping("g1", "s1", 9, 13).await;
    let begun = begin(&house, "g1", AskingPolicy::Paced).await;
    let first = ask(&house, monday()).await;
    assert!((1..=4).contains(&first), "{first}");
    let mut now = monday();
    let mut asked = first;
    // The clock goes from look to look; nobody answers.
    while known(&house, "g1").await.state == AskingState::Running && now < begun.deadline {
        now = known(&house, "g1").await.next_time.max(now + SignedDuration::from_secs(1));
        asked += ask(&house, now).await;
    }
    assert!(asked > 10, "a silent evening is asked wider: {asked}");
    let mut told = 0;
    for _ in 0..50 {
        now = known(&house, "g1").await.next_time.max(now + SignedDuration::from_mins(1));
        asked += ask(&house, now).await;
        let ended = known(&house, "g1").await;
        told = house.events("g1").await.iter().filter(|kind| **kind == "asking_exhausted").count();
        if ended.state != AskingState::Running {
            break;
        }
    }
    assert_eq!((known(&house, "g1").await.state, told > 0), (AskingState::Exhausted, true));
    assert!(asked <= 30);
}

#[tokio::test]
async fn another_policy_leaves_the_deadline_that_was_named() {
    let house = town(12).await;
    house.shopping("g1", "s1", 9, 13).await;
    let soon = NewAsking { deadline: Some(after(30)), ..asking("g1", AskingPolicy::Paced) };
    assert_eq!(house.dispatch.start_asking(&ctx(), soon).await.expect("asking").asking.deadline, after(30));
    let other = begin(&house, "g1", AskingPolicy::WavesOfTwo).await;
    assert_eq!((other.policy, other.deadline), (AskingPolicy::WavesOfTwo, after(30)));
    let later = house.dispatch.start_asking(&ctx_at(after(31)), asking("g1", AskingPolicy::Paced)).await;
    assert!(later.expect("asking anew").asking.deadline > after(31), "what has passed is not kept");
}

#[tokio::test]
async fn a_no_frees_its_share_at_once() {
    let house = town(12).await;
    house.shopping("g1", "s1", 9, 13).await;
    begin(&house, "g1", AskingPolicy::Paced).await;
    ask(&house, monday()).await;
    for offer in offers(&house).await {
        house.dispatch.decline_offer(&ctx_at(after(1)), &network(), &offer.id, Decline::NotThisTime).await.expect("no");
    }
    assert_eq!(house.read("g1").await.state, GigState::Open);
    assert!(ask(&house, after(1)).await > 0, "others are asked in the same minute");
}

#[tokio::test]
async fn quiet_hours_limits_and_people_on_a_gig_are_respected() {
    let house = House::with(&["asleep", "spent", "busy", "paused", "willing"]).await;
    let person = async |id: &str, change: fn(&mut Volunteer)| {
        let mut tx = house.db.read().await.expect("read");
        let mut known = tx.get::<Volunteer>(&network(), &parse(id)).await.expect("read").expect("volunteer");
        drop(tx);
        change(&mut known);
        house.change(known).await;
    };
    let noon = domain::availability::DaySpan::new(
        domain::MinuteOfDay::new(15 * 60).expect("time"),
        domain::MinuteOfDay::new(16 * 60).expect("time"),
    );
    let noon = noon.expect("span");
    let mut asleep = {
        let mut tx = house.db.read().await.expect("read");
        tx.get::<Volunteer>(&network(), &parse("asleep")).await.expect("read").expect("volunteer")
    };
    asleep.contact.hours = Some(noon);
    house.change(asleep).await;
    person("spent", |volunteer| volunteer.contact.weekly_budget = 0).await;
    person("paused", |volunteer| volunteer.standing = domain::volunteer::Standing::Paused).await;
    // "busy" is with somebody right now.
    let here = domain::TimeWindow::new(monday(), monday() + SignedDuration::from_hours(2)).expect("window");
    let now_gig = crate::gigs::NewGig { id: Some(parse("now")), windows: vec![here], ..new("call", "s1", 9, 10) };
    house.gig(now_gig).await;
    house.assign("now", monday(), &[(0, "busy")]).await.expect("assigned");
    house.shopping("g1", "s1", 9, 13).await;
    begin(&house, "g1", AskingPolicy::WavesOfTwo).await;
    let mut now = monday();
    for _ in 0..8 {
        ask(&house, now).await;
        now = known(&house, "g1").await.next_time.max(now + SignedDuration::from_secs(1));
        if now >= monday() + SignedDuration::from_mins(50) {
            break;
        }
    }
    let asked: Vec<String> = offers(&house).await.iter().map(|offer| offer.volunteer.to_string()).collect();
    assert_eq!(asked, ["willing"], "nobody else may be asked in this hour");
}

#[tokio::test]
async fn a_stopped_asking_asks_nobody_and_a_foreign_one_is_not_there() {
    let house = town(6).await;
    house.shopping("g1", "s1", 9, 13).await;
    begin(&house, "g1", AskingPolicy::Paced).await;
    house.dispatch.stop_asking(&ctx(), &network(), &parse("g1")).await.expect("stopped");
    assert_eq!(ask(&house, monday()).await, 0);
    assert_eq!(reason(house.dispatch.get_asking(&city(), &network(), &parse("g9")).await), Reason::ResourceNotFound);
    let late = NewAsking { deadline: Some(tuesday(11, 0)), ..asking("g1", AskingPolicy::Paced) };
    assert_eq!(reason(house.dispatch.start_asking(&ctx(), late).await), Reason::FieldsInvalid);
    let closed = NewAsking { start: Some(tuesday(20, 0)), ..asking("g1", AskingPolicy::Paced) };
    assert_eq!(reason(house.dispatch.start_asking(&ctx(), closed).await), Reason::StartNotAllowed);
}

#[tokio::test]
async fn a_helper_who_drops_out_starts_the_asking_again() {
    let house = town(8).await;
    house.shopping("g1", "s1", 9, 13).await;
    begin(&house, "g1", AskingPolicy::WavesOfTwo).await;
    ask(&house, monday()).await;
    let yes = offers(&house).await[0].clone();
    let done = house.dispatch.accept_offer(&ctx_at(after(2)), &network(), &yes.id).await.expect("accepted");
    ask(&house, after(20)).await;
    assert_eq!(known(&house, "g1").await.state, AskingState::Over);
    house.dispatch.release(&ctx_at(after(30)), &network(), &done.assignments[0].id, None).await.expect("released");
    assert_eq!(known(&house, "g1").await.state, AskingState::Running);
    assert!(ask(&house, after(31)).await > 0);
    let again = offers(&house).await;
    let open = again.iter().filter(|offer| offer.state == OfferState::Pending);
    assert!(open.clone().count() > 0 && open.clone().all(|offer| offer.volunteer != yes.volunteer));
}

#[tokio::test]
async fn two_slots_are_asked_for_twice() {
    let house = town(12).await;
    house.gig(for_two("g1", 9, 13)).await;
    begin(&house, "g1", AskingPolicy::WavesOfTwo).await;
    assert_eq!(ask(&house, monday()).await, 4);
    let mut slots: Vec<u8> = offers(&house).await.iter().map(|offer| offer.slot).collect();
    slots.sort_unstable();
    assert_eq!(slots, [0, 0, 1, 1]);
}

#[tokio::test]
async fn whoever_looks_after_askings_hears_at_once_that_there_is_something_to_do() {
    let house = town(12).await;
    house.shopping("g1", "s1", 9, 13).await;
    let mut bell = house.dispatch.asking_bell();
    let rung = |bell: &mut tokio::sync::watch::Receiver<()>| {
        let is_rung = bell.has_changed().expect("a bell");
        bell.mark_unchanged();
        is_rung
    };
    let due = async |now| house.dispatch.has_due_asking(&city(), &network(), now).await.expect("counted");
    assert_eq!((rung(&mut bell), due(monday()).await), (false, false));
    begin(&house, "g1", AskingPolicy::Paced).await;
    assert_eq!((rung(&mut bell), due(monday()).await), (true, true));
    assert!(ask(&house, monday()).await > 0);
    assert_eq!((rung(&mut bell), due(monday()).await), (false, false));
    let no = offers(&house).await[0].clone();
    house.dispatch.decline_offer(&ctx_at(after(1)), &network(), &no.id, Decline::NotThisTime).await.expect("no");
    assert_eq!((rung(&mut bell), due(after(1)).await), (true, true), "its share is free");
}

#[tokio::test]
async fn whom_a_coordinator_lets_go_has_given_nothing_back() {
    let house = town(8).await;
    house.shopping("g1", "s1", 9, 13).await;
    begin(&house, "g1", AskingPolicy::WavesOfTwo).await;
    let done = house.assign("g1", tuesday(10, 0), &[(0, "v00")]).await.expect("assigned");
    ask(&house, after(1)).await;
    assert_eq!(known(&house, "g1").await.state, AskingState::Over);
    let id = &done.assignments[0].id;
    let released = house.dispatch.release(&ctx_at(after(30)), &network(), id, None).await.expect("released");
    assert!(!released.assignments[0].is_given_back);
    let page = PageRequest::first(10);
    let events = house.dispatch.gig_events(&city(), &network(), &parse("g1"), &page).await.expect("events").items;
    let told = events.iter().find(|event| event.kind == EventKind::GigReopened).expect("told");
    assert_eq!(told.data["given_back"], "false");
    assert_eq!(known(&house, "g1").await.state, AskingState::Running, "the asking goes on");
    while ask(&house, known(&house, "g1").await.next_time).await > 0 {}
    assert!(offers(&house).await.iter().all(|offer| offer.volunteer.as_str() != "v00"), "by itself nobody asks them");
    let by_hand = NewOffer {
        network: network(),
        id: None,
        gig: parse("g1"),
        slot: 0,
        volunteer: parse("v00"),
        start: Some(tuesday(10, 0)),
        expire_time: tuesday(9, 0),
    };
    house.dispatch.make_offer(&ctx_at(after(31)), by_hand).await.expect("a coordinator may");
}

#[tokio::test]
async fn an_asking_for_another_start_takes_the_questions_of_the_former_one_back() {
    let house = town(4).await;
    house.shopping("g1", "s1", 9, 13).await;
    begin(&house, "g1", AskingPolicy::WavesOfTwo).await;
    assert_eq!(ask(&house, monday()).await, 2);
    let asked = offers(&house).await;
    house.dispatch.offer_sent(&ctx(), &network(), &asked[0].id).await.expect("sent");
    let free = crowd(4).into_iter().find(|id| asked.iter().all(|one| one.volunteer.as_str() != id)).expect("somebody");
    let by_hand = NewOffer {
        network: network(),
        id: None,
        gig: parse("g1"),
        slot: 0,
        volunteer: parse(&free),
        start: Some(tuesday(10, 0)),
        expire_time: tuesday(9, 0),
    };
    let by_hand = house.dispatch.make_offer(&ctx(), by_hand).await.expect("made");
    begin(&house, "g1", AskingPolicy::Paced).await;
    assert!(offers(&house).await.iter().all(|offer| offer.state.is_open()), "the same start is no other question");

    let noon = NewAsking { start: Some(tuesday(12, 0)), ..asking("g1", AskingPolicy::WavesOfTwo) };
    let refused = refusal(house.dispatch.start_asking(&ctx_at(after(5)), noon.clone()).await);
    assert_eq!((refused.reason, &refused.metadata["start"]), (Reason::AskingRuns, &tuesday(10, 0).to_string()));
    assert_eq!(refused.metadata["open_offers"], asked.len().to_string(), "what a person offered is not counted");
    let unsaid = NewAsking { start: None, ..noon.clone() };
    let same = house.dispatch.start_asking(&ctx_at(after(5)), unsaid).await.expect("the start that is asked for");
    assert_eq!((same.asking.start, same.withdrawn), (tuesday(10, 0), 0));
    assert!(offers(&house).await.iter().all(|offer| offer.state.is_open()), "nothing was taken back");

    let noon = NewAsking { replaces: true, ..noon };
    let begun = house.dispatch.start_asking(&ctx_at(after(5)), noon).await.expect("another start");
    assert_eq!((begun.asking.start, begun.withdrawn as usize), (tuesday(12, 0), asked.len()));
    for offer in offers(&house).await {
        let is_open = offer.id == by_hand.id;
        assert_eq!(offer.state == OfferState::Withdrawn, !is_open, "what a person offered stays: {offer:?}");
    }
    let mut tx = house.db.read().await.expect("read");
    let ended = tx.last_event_of(&network(), &format!("offers/{}", asked[0].id)).await.expect("read").expect("told");
    assert_eq!(ended.kind, EventKind::OfferEnded);
    assert_eq!((ended.data["told"].as_str(), &ended.data["other_start"]), ("true", &tuesday(12, 0).to_string()));
    drop(tx);
    assert!(ask(&house, after(11)).await > 0);
    assert!(
        offers(&house)
            .await
            .iter()
            .all(|offer| !offer.state.is_open() || offer.wave == 0 || offer.start == tuesday(12, 0))
    );
}

#[tokio::test]
async fn nobody_found_is_told_with_the_hour_that_was_asked_for() {
    let house = House::new().await;
    house.shopping("g1", "s1", 9, 13).await;
    begin(&house, "g1", AskingPolicy::Paced).await;
    ask(&house, monday()).await;
    assert_eq!(known(&house, "g1").await.state, AskingState::Exhausted, "there is nobody to ask");
    house.dispatch.close_unmet(&ctx_at(tuesday(13, 0)), &network()).await.expect("swept");
    let page = PageRequest::first(10);
    let events = house.dispatch.gig_events(&city(), &network(), &parse("g1"), &page).await.expect("events").items;
    let of = |kind| events.iter().find(|event| event.kind == kind).expect("told");
    let (over, unmet) = (of(EventKind::AskingExhausted), of(EventKind::GigUnmet));
    let start = tuesday(10, 0).to_string();
    assert_eq!((over.data["state"].as_str(), &over.data["start"], &unmet.data["start"]), ("exhausted", &start, &start));
    assert!([over, unmet].iter().all(|event| event.kind.notifies()), "the outbox tells the association and the seeker");
}

#[tokio::test]
async fn a_repeat_is_answered_as_it_was_though_the_gig_is_filled_meanwhile() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let new = NewAsking { start: None, ..asking("g1", AskingPolicy::Paced) };
    let begun = house.dispatch.start_asking(&with_key("r1", 1), new.clone()).await.expect("begun");
    house.assign("g1", tuesday(9, 0), &[(0, "v1")]).await.expect("assigned");
    let again = house.dispatch.start_asking(&with_key("r1", 1), new.clone()).await.expect("answered");
    assert_eq!(again, begun);
    assert_eq!(reason(house.dispatch.start_asking(&with_key("r2", 1), new).await), Reason::GigStateIllegal);
}
