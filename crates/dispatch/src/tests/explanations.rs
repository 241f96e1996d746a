//! Why a gig is open: the class, the nearest miss, and words that give no block away.

use domain::explanation::ReasonClass;
use domain::gig::GigNo;
use domain::plan::TravelSource;
use domain::volunteer::Standing;
use domain::{ContactMode, Explanation, Gig, GigState, Reason, Seeker, Slot, Volunteer};

use super::builders::*;
use super::live::is_as_if_read_anew;
use crate::explain::Explained;
use crate::gigs::NewGig;
use crate::quote::QuoteFor;

async fn explain(house: &House, gig: &str, volunteer: Option<&str>) -> Explained {
    let who = volunteer.map(parse);
    house.dispatch.explain(&city(), &network(), &parse(gig), who.as_ref(), monday()).await.expect("explanation")
}

async fn of(house: &House, gig: &str) -> Explanation {
    explain(house, gig, None).await.explanation
}

#[tokio::test]
async fn an_open_gig_somebody_can_take_has_simply_not_been_assigned() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let open = explain(&house, "g1", None).await;
    assert_eq!(
        (open.explanation.class, open.travel_source),
        (ReasonClass::Assignable, Some(TravelSource::StraightLine))
    );
    house.assign("g1", tuesday(9, 0), &[(0, "v1")]).await.expect("assigned");
    let filled = explain(&house, "g1", None).await;
    assert_eq!((filled.explanation.class, filled.travel_source), (ReasonClass::Filled, None), "no way was measured");
}

#[tokio::test]
async fn the_best_two_are_two_people_where_two_slots_are_open() {
    let house = House::with(&["v1", "v2", "v3"]).await;
    house.gig(for_two("g1", 9, 13)).await;
    let best = explain(&house, "g1", None).await.best;
    let mut names: Vec<&str> = best.iter().map(|one| one.volunteer.id.as_str()).collect();
    names.dedup();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slot_that_is_held_is_nobody_elses() {
    let house = House::with(&["v1"]).await;
    house.put(Volunteer { skills: Box::default(), ..volunteer("v2") }).await;
    let driver = Slot { skills: [parse("driving")].into(), label: None };
    house.gig(NewGig { slots: vec![Slot::default(), driver], ..for_two("g1", 9, 13) }).await;
    house.assign("g1", tuesday(9, 0), &[(0, "v1")]).await.expect("assigned");
    let found = explain(&house, "g1", Some("v2")).await;
    assert_eq!(found.why_not.expect("asked about").rules, ["SKILL_MISSING"], "the slot that is free needs a driver");
    assert!(found.best.is_empty(), "{:?}", found.best);
    let first = &found.explanation.cascade[0];
    assert_eq!(
        (found.explanation.considered, first.remaining),
        (1, 1),
        "who holds a slot is not told as taking no gigs"
    );
    let refused = house.assign("g1", tuesday(9, 0), &[(1, "v2")]).await;
    assert_eq!(reason(refused), Reason::VolunteerNotAble);
    is_as_if_read_anew(&house, monday()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_a_coordinator_let_go_is_explained_alike_in_all_parts() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 16).await;
    let done = house.assign("g1", tuesday(10, 0), &[(0, "v1")]).await.expect("assigned");
    house.dispatch.release(&ctx(), &network(), &done.assignments[0].id, None).await.expect("let go");
    let found = explain(&house, "g1", Some("v1")).await;
    let why_not = found.why_not.expect("asked about");
    assert_eq!(why_not.rules, ["DECLINED"]);
    assert_eq!(found.explanation.class, ReasonClass::NobodyEligible, "no plan chooses them again");
    assert!(found.best.is_empty(), "{:?}", found.best);
}

#[tokio::test]
async fn the_nearest_miss_names_the_smallest_change() {
    let house = House::new().await;
    house.put(Seeker { home: Some(koria()), ..seeker("far") }).await;
    house.put(Volunteer { travel_limit_min: 10, ..volunteer("v1") }).await;
    house.shopping("g1", "far", 9, 13).await;
    let found = of(&house, "g1").await;
    assert_eq!((found.class, found.considered), (ReasonClass::NobodyEligible, 1));
    let miss = &found.nearest_misses[0];
    assert_eq!((miss.rule.as_str(), miss.amount), ("TOO_FAR", 247));
    assert_eq!(miss.change.en, "travel limit 15 min instead of 10");
    assert_eq!(found.cascade.last().map(|step| step.remaining), Some(0));
}

#[tokio::test]
async fn a_promised_volunteer_is_capped_out() {
    let house = House::with(&["v1"]).await;
    house.shopping("other", "s2", 9, 10).await;
    house.shopping("g1", "s1", 9, 10).await;
    house.assign("other", tuesday(9, 0), &[(0, "v1")]).await.expect("assigned");
    assert_eq!(of(&house, "g1").await.class, ReasonClass::CappedOut);
}

#[tokio::test]
async fn a_relayed_seeker_is_matched_by_hand() {
    let house = House::with(&["v1"]).await;
    house.put(Seeker { contact_mode: ContactMode::Mediated, ..seeker("relayed") }).await;
    house.shopping("g1", "relayed", 9, 13).await;
    let found = of(&house, "g1").await;
    assert_eq!(found.class, ReasonClass::DataMissing);
    assert!(found.text.en.contains("by hand"), "{}", found.text.en);
    house.assign("g1", tuesday(9, 0), &[(0, "v1")]).await.expect("by hand it goes");
}

#[tokio::test]
async fn one_volunteer_is_told_the_rules_but_never_a_block() {
    let house = House::with(&["v1"]).await;
    house.put(Volunteer { languages: languages(&["sv"]), ..volunteer("swede") }).await;
    house.put(Seeker { blocked: [parse("v1")].into(), ..seeker("wary") }).await;
    house.shopping("g1", "wary", 9, 13).await;
    let why = explain(&house, "g1", Some("swede")).await.why_not.expect("asked");
    assert_eq!(why.rules, ["NO_COMMON_LANGUAGE"]);
    let why = explain(&house, "g1", Some("v1")).await.why_not.expect("asked");
    assert_eq!((why.rules, why.text.en.as_str()), (vec!["DECLINED".to_owned()], "has said no to it, or was let go"));
    house.shopping("g2", "s1", 9, 13).await;
    assert!(explain(&house, "g2", Some("v1")).await.why_not.expect("asked").rules.is_empty());
}

#[tokio::test]
async fn other_hours_are_not_asked_of_somebody_on_a_pause() {
    let house = House::with(&[]).await;
    let day = tuesday(9, 0).to_zoned(domain::zone()).date();
    let pause = domain::availability::DateRange::new(day, day).expect("a range");
    let mut away = Volunteer { availability: every_day(17, 20), ..volunteer("v1") };
    away.availability.pauses = [pause].into();
    house.put(away).await;
    house.shopping("g1", "s1", 9, 13).await;
    assert_eq!(of(&house, "g1").await.nearest_misses, [], "they are on a pause that day");
    house.put(Volunteer { availability: every_day(17, 20), ..volunteer("v2") }).await;
    let misses = of(&house, "g1").await.nearest_misses;
    let who: Vec<&str> = misses.iter().map(|miss| miss.volunteer.as_str()).collect();
    assert_eq!(who, ["v2"]);
    is_as_if_read_anew(&house, monday()).await;
}

#[tokio::test]
async fn the_sixth_comes_forward_where_one_of_the_five_nearest_is_on_a_pause() {
    let house = House::with(&[]).await;
    let day = tuesday(9, 0).to_zoned(domain::zone()).date();
    for number in 1..=6_u16 {
        let mut late = Volunteer { availability: every_day(12 + number, 20), ..volunteer(&format!("v{number}")) };
        if number == 2 {
            late.availability.pauses = [domain::availability::DateRange::new(day, day).expect("a range")].into();
        }
        house.put(late).await;
    }
    house.shopping("g1", "s1", 9, 13).await;
    let misses = of(&house, "g1").await.nearest_misses;
    let who: Vec<&str> = misses.iter().map(|miss| miss.volunteer.as_str()).collect();
    assert_eq!(who, ["v1", "v3", "v4", "v5", "v6"]);
    is_as_if_read_anew(&house, monday()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_two_must_meet_one_volunteer_is_told_what_the_list_tells() {
    let house = House::with(&["v1"]).await;
    house.put(Volunteer { availability: every_day(13, 16), ..volunteer("late") }).await;
    house.gig(for_two("g1", 9, 13)).await;
    let found = explain(&house, "g1", Some("late")).await;
    assert_eq!(found.explanation.class, ReasonClass::TooFewCandidates);
    let (why, misses) = (found.why_not.expect("asked about"), found.explanation.nearest_misses);
    assert_eq!((why.rules, why.mend.as_ref()), (vec!["NOT_AVAILABLE".to_owned()], misses.first()));
    assert_eq!(misses[0].amount, 3600);
    // Whoever can take it has the score of the list, too.
    house.put(volunteer("v2")).await;
    let found = explain(&house, "g1", Some("v2")).await;
    let own = found.why_not.and_then(|why| why.candidate).expect("a score");
    assert_eq!(found.best.iter().find(|one| one.volunteer.id == own.volunteer.id), Some(&own));
    is_as_if_read_anew(&house, monday()).await;
}

/// What stands between the volunteer and the gig.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Between {
    SeekersBlock,
    VolunteersBlock,
    No,
}

/// All that an observer reads of a gig, its quote, and one volunteer.
async fn observed(volunteer: Volunteer, others: &[&str], between: Between) -> impl PartialEq + std::fmt::Debug {
    let house = House::with(others).await;
    let apart = between == Between::VolunteersBlock;
    let blocked_seekers = apart.then(|| parse("s1")).into_iter().collect();
    house.put(Volunteer { blocked_seekers, ..volunteer.clone() }).await;
    let gig = house.shopping("g1", "s1", 9, 13).await;
    match between {
        Between::SeekersBlock => {
            house.change(Seeker { blocked: [volunteer.id.clone()].into(), ..seeker("s1") }).await;
        }
        Between::No => {
            let no = GigNo { volunteer: volunteer.id.clone(), hour: None, by_coordinator: false };
            house.change(Gig { noes: vec![no], ..gig }).await;
        }
        Between::VolunteersBlock => {}
    }
    is_as_if_read_anew(&house, monday()).await;
    let quote = house.dispatch.quote(&city(), &network(), QuoteFor::Stored(parse("g1")), 0, monday()).await;
    let quote = quote.expect("quote");
    let told = explain(&house, "g1", Some(volunteer.id.as_str())).await;
    (told, quote.considered, quote.able, quote.candidates, quote.starts, quote.explanation)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_cannot_be_told_from_a_no() {
    let swede = Volunteer { languages: languages(&["sv"]), ..volunteer("v1") };
    let away = Volunteer { standing: Standing::Paused, ..volunteer("v1") };
    let late = Volunteer { availability: every_day(13, 16), ..volunteer("v1") };
    for volunteer in [volunteer("v1"), swede, away, late] {
        for others in [&[][..], &["v2"]] {
            let no = observed(volunteer.clone(), others, Between::No).await;
            for block in [Between::SeekersBlock, Between::VolunteersBlock] {
                assert_eq!(observed(volunteer.clone(), others, block).await, no, "{block:?} of {volunteer:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_gig_that_has_begun_or_is_done_is_told_as_such() {
    let house = House::with(&["v1"]).await;
    let gig = house.shopping("g1", "s1", 9, 13).await;
    for (state, words) in [
        (GigState::Filled, "The gig is filled."),
        (GigState::InProgress, "The gig is under way."),
        (GigState::Completed, "The gig is done."),
    ] {
        house.change(Gig { state, meta: house.read("g1").await.meta, ..gig.clone() }).await;
        let told = of(&house, "g1").await;
        assert_eq!((told.class, told.text.en.as_str()), (ReasonClass::Filled, words));
    }
}

#[tokio::test]
async fn a_missing_language_is_named_and_a_call_has_no_way() {
    let house = House::with(&["v1"]).await;
    let call = NewGig { languages: languages(&["sv-FI", "ru"]), ..new("call", "s1", 9, 13) };
    house.gig(NewGig { id: Some(parse("g1")), ..call }).await;
    let found = explain(&house, "g1", None).await;
    let change = &found.explanation.nearest_misses[0].change;
    assert_eq!(
        (change.fi.as_str(), change.en.as_str()),
        ("puhuu keikan kieltä: ru tai sv", "speaks a language of the gig: ru or sv")
    );
    assert_eq!(found.travel_source, None);
}
