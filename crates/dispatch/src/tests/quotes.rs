//! Quotes: who could come, when, in which order; nothing is written.

use domain::kind::Category;
use domain::{Kind, Reason, Role, Seeker, Volunteer};

use super::builders::*;
use crate::asking::NewAsking;
use crate::gigs::NewGig;
use crate::quote::{Likelihood, Quote, QuoteFor};

async fn quote(house: &House, gig: &str) -> Quote {
    house.dispatch.quote(&city(), &network(), QuoteFor::Stored(parse(gig)), 0, monday()).await.expect("quote")
}

fn order(quote: &Quote) -> Vec<&str> {
    quote.candidates.iter().map(|candidate| candidate.volunteer.id.as_str()).collect()
}

#[tokio::test]
async fn near_familiar_and_willing_come_first() {
    let house = House::with(&["plain"]).await;
    house.put(Volunteer { home: Some(koria()), ..volunteer("far") }).await;
    house.put(Volunteer { likes: [parse("shopping")].into(), ..volunteer("likes") }).await;
    house.put(Volunteer { languages: languages(&["sv"]), ..volunteer("swede") }).await;
    house.put(volunteer("friend")).await;
    house.put(Seeker { familiar: [parse("friend")].into(), ..seeker("s3") }).await;
    house.shopping("g1", "s3", 9, 13).await;
    let found = quote(&house, "g1").await;
    assert_eq!(order(&found)[0], "friend");
    assert_eq!(order(&found)[3], "far");
    assert_eq!((found.considered, found.able, found.starts.len()), (5, 4, 13));
    assert!(found.starts.iter().all(|start| start.able == 4));
    let far = &found.candidates[3];
    assert_eq!((far.travel_s, far.extra_travel_s), (847, 1694));
    assert_eq!(far.terms.iter().map(|term| term.milli).sum::<i64>(), far.total_milli);
    assert_eq!(house.events("g1").await, ["created"], "nothing is written");
}

#[tokio::test]
async fn what_stands_closes_its_hours() {
    let house = House::with(&["v1"]).await;
    house.shopping("other", "s2", 9, 13).await;
    house.shopping("g1", "s1", 9, 13).await;
    house.assign("other", tuesday(10, 0), &[(0, "v1")]).await.expect("assigned");
    let starts: Vec<_> = quote(&house, "g1").await.starts.iter().map(|at| at.start).collect();
    let free = [(9, 0), (11, 0), (11, 15), (11, 30), (11, 45), (12, 0)];
    assert_eq!(starts, free.map(|(hour, minute)| tuesday(hour, minute)));
}

#[tokio::test]
async fn every_quoted_pair_can_be_assigned() {
    let house = House::with(&["v1"]).await;
    house.put(Volunteer { home: Some(koria()), ..volunteer("v2") }).await;
    house.shopping("other", "s2", 9, 13).await;
    house.assign("other", tuesday(10, 0), &[(0, "v1")]).await.expect("assigned");
    house.shopping("g1", "s1", 9, 13).await;
    for candidate in quote(&house, "g1").await.candidates {
        let who = candidate.volunteer.id.as_str();
        let done = house.assign("g1", candidate.start, &[(candidate.slot, who)]).await.expect("the quote was true");
        house.dispatch.release(&ctx(), &network(), &done.assignments[0].id, None).await.expect("released");
    }
}

#[tokio::test]
async fn a_gig_that_is_only_talked_about_is_checked_and_not_stored() {
    let house = House::with(&["v1"]).await;
    house.put(Kind { first_visit_two: true, ..kind("family", Category::Family) }).await;
    let asked = QuoteFor::Inline(Box::new(new("shopping", "s1", 9, 13)));
    let found = house.dispatch.quote(&city(), &network(), asked, 5, monday()).await.expect("quote");
    assert_eq!((order(&found), &found.gig.place), (vec!["v1"], &Some(centre())));
    let bad = QuoteFor::Inline(Box::new(NewGig { windows: Vec::new(), ..new("shopping", "s1", 9, 13) }));
    assert_eq!(reason(house.dispatch.quote(&city(), &network(), bad, 5, monday()).await), Reason::FieldsInvalid);
    let listed = house.dispatch.list_gigs(&city(), &network(), &Default::default(), &Default::default()).await;
    assert!(listed.expect("gigs").items.is_empty());
}

#[tokio::test]
async fn an_association_is_quoted_its_own_people() {
    let house = House::with(&["city"]).await;
    house.put(Volunteer { association: Some(parse("martat")), ..volunteer("martta") }).await;
    house.put(Seeker { association: Some(parse("martat")), ..seeker("own") }).await;
    let association = domain::Association {
        network: network(),
        id: parse("martat"),
        title: name("Martat"),
        website: None,
        phone: None,
        subnetworks: Vec::new(),
        external_id: None,
        meta: domain::Meta::created(monday()),
    };
    house.put(association).await;
    house.shopping("g1", "own", 9, 13).await;
    let martat = scope(Role::AssociationCoordinator, Some("martat"), None);
    let found =
        house.dispatch.quote(&martat, &network(), QuoteFor::Stored(parse("g1")), 0, monday()).await.expect("quote");
    assert_eq!((order(&found), found.considered), (vec!["martta"], 1));
}

#[tokio::test]
async fn a_filled_gig_has_no_quote() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    house.assign("g1", tuesday(9, 0), &[(0, "v1")]).await.expect("assigned");
    let refused = house.dispatch.quote(&city(), &network(), QuoteFor::Stored(parse("g1")), 0, monday()).await;
    let refused = refusal(refused);
    assert_eq!((refused.reason, refused.metadata["helpers"].as_str()), (Reason::GigStateIllegal, "1"));
    assert!(refused.detail.contains("filled, by 1 volunteer:"), "{}", refused.detail);
}

#[tokio::test]
async fn asking_without_a_start_takes_the_first_choice_of_the_quote() {
    let house = House::with(&["v1", "v2"]).await;
    house.put(Volunteer { availability: every_day(12, 14), ..volunteer("noon") }).await;
    house.shopping("g1", "s1", 9, 16).await;
    let found = quote(&house, "g1").await;
    let best = found.starts.iter().map(|at| (at.able, at.start)).find(|(able, _)| *able == 3).expect("all three");
    assert!(best.1 > tuesday(9, 0) && found.first_choice() == Some(best.1), "{found:?}");
    let new = NewAsking {
        network: network(),
        gig: parse("g1"),
        policy: Default::default(),
        start: None,
        deadline: None,
        replaces: false,
    };
    let begun = house.dispatch.start_asking(&ctx(), new).await.expect("begun");
    assert_eq!(begun.asking.start, best.1);
    house.gig(for_two("pair", 9, 16)).await;
    house.assign("pair", tuesday(15, 0), &[(0, "v1")]).await.expect("held");
    assert_eq!(
        quote(&house, "pair").await.first_choice(),
        Some(tuesday(15, 0)),
        "a start that is agreed on is the start"
    );
}

#[tokio::test]
async fn a_start_says_how_likely_asking_fills_it() {
    let many: Vec<String> = (1..=30).map(|number| format!("v{number}")).collect();
    let ids: Vec<&str> = many.iter().map(String::as_str).collect();
    let house = House::with(&ids).await;
    house.shopping("one", "s1", 9, 16).await;
    house.gig(for_two("two", 9, 16)).await;
    let classes = async |house: &House, gig: &str| {
        let what = QuoteFor::Stored(parse(gig));
        let quote = house.dispatch.quote(&city(), &network(), what, 10, monday()).await.expect("quote");
        quote.starts.iter().map(|at| (at.able, at.likelihood.expect("a class"))).collect::<Vec<_>>()
    };
    let (one, two) = (classes(&house, "one").await, classes(&house, "two").await);
    assert!(one.iter().all(|at| *at == (30, Likelihood::Likely)), "{one:?}");
    assert!(two.iter().all(|at| at.1 <= Likelihood::Likely) && two.len() > 4, "{two:?}");
    let few = House::with(&["v1", "v2"]).await;
    few.shopping("one", "s1", 9, 16).await;
    let found = classes(&few, "one").await;
    assert!(found.iter().all(|at| *at == (2, Likelihood::Unlikely)), "{found:?}");
}
