//! The one claim rule: who wins a slot, and why the others do not.

use std::collections::BTreeSet;

use domain::volunteer::{Caps, Standing};
use domain::{AssignmentState, GigState, Kind, Reason, Role, Seeker, SortedSet, Volunteer};

use super::builders::*;
use crate::gigs::NewGig;

#[tokio::test]
async fn the_last_slot_makes_the_promise() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let done = house.assign("g1", tuesday(9, 0), &[(0, "v1")]).await.expect("assigned");
    assert_eq!((done.gig.state, done.gig.start), (GigState::Filled, Some(tuesday(9, 0))));
    assert_eq!(done.assignments[0].state, AssignmentState::Accepted);
    assert_eq!(house.events("g1").await, ["created", "gig_filled"]);
    invariants(&house.read("g1").await, &house.assignments("g1").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_at_once_have_one_winner() {
    let ids: Vec<String> = (0..50).map(|n| format!("v{n}")).collect();
    let house = House::with(&ids.iter().map(String::as_str).collect::<Vec<_>>()).await;
    house.shopping("g1", "s1", 9, 13).await;
    let tasks: Vec<_> = ids
        .iter()
        .map(|id| {
            let (dispatch, volunteer) = (house.dispatch.clone(), parse(id));
            tokio::spawn(async move {
                let me = ctx_of(scope(Role::Volunteer, None, Some(&format!("{volunteer}"))));
                dispatch.claim_gig(&me, &network(), &parse("g1"), &volunteer, 0, Some(tuesday(10, 0))).await
            })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        match task.await.expect("no panic") {
            Ok(_) => won += 1,
            lost => assert_eq!(reason(lost), Reason::SlotTaken),
        }
    }
    assert_eq!(won, 1);
    invariants(&house.read("g1").await, &house.assignments("g1").await);
}

#[tokio::test]
async fn the_first_of_two_is_held_and_fixes_the_start() {
    let house = House::with(&["v1", "v2", "v3"]).await;
    house.gig(for_two("g1", 9, 13)).await;
    let first = house.assign("g1", tuesday(10, 0), &[(0, "v1")]).await.expect("held");
    assert_eq!((first.gig.state, first.gig.start), (GigState::Open, Some(tuesday(10, 0))));
    assert_eq!(first.assignments[0].state, AssignmentState::Held);
    invariants(&house.read("g1").await, &house.assignments("g1").await);

    assert_eq!(reason(house.assign("g1", tuesday(11, 0), &[(1, "v2")]).await), Reason::StartNotAllowed);
    assert_eq!(reason(house.assign("g1", tuesday(10, 0), &[(0, "v2")]).await), Reason::SlotTaken);
    let twice = refusal(house.assign("g1", tuesday(10, 0), &[(1, "v1")]).await);
    assert!(twice.metadata["rules"].contains("ALREADY_IN_GIG"), "{twice:?}");

    let whole = house.assign("g1", tuesday(10, 0), &[(1, "v2")]).await.expect("filled");
    assert_eq!(whole.gig.state, GigState::Filled);
    assert!(whole.assignments.iter().all(|assignment| assignment.state == AssignmentState::Accepted));
    assert_eq!(house.events("g1").await, ["created", "slot_held", "gig_filled"]);
    assert_eq!(reason(house.assign("g1", tuesday(10, 0), &[(1, "v3")]).await), Reason::SlotTaken);
}

#[tokio::test]
async fn naming_two_is_all_or_nothing() {
    let house = House::with(&["v1"]).await;
    house.put(Volunteer { standing: Standing::Paused, ..volunteer("away") }).await;
    house.gig(for_two("g1", 9, 13)).await;
    let refused = refusal(house.assign("g1", tuesday(10, 0), &[(0, "v1"), (1, "away")]).await);
    assert_eq!((refused.reason, refused.metadata["rules"].as_str()), (Reason::VolunteerNotAble, "NOT_ACTIVE"));
    assert!(house.assignments("g1").await.is_empty());
    let same = house.assign("g1", tuesday(10, 0), &[(0, "v1"), (1, "v1")]).await;
    assert_eq!(reason(same), Reason::FieldsInvalid);
}

#[tokio::test]
async fn a_start_must_lie_in_a_window_and_not_in_the_past() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    assert!(house.assign("g1", tuesday(12, 0), &[(0, "v1")]).await.is_ok());
    house.shopping("g2", "s1", 9, 13).await;
    assert_eq!(reason(house.assign("g2", tuesday(12, 1), &[(0, "v1")]).await), Reason::StartNotAllowed);
    let late = house
        .dispatch
        .assign_volunteer(
            &ctx_at(tuesday(10, 0)),
            &network(),
            &parse("g2"),
            Some(tuesday(9, 0)),
            &[crate::Seat { slot: 0, volunteer: parse("v1") }],
            None,
        )
        .await;
    assert_eq!(reason(late), Reason::StartNotAllowed);
}

#[tokio::test]
async fn nobody_is_booked_twice() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    house.shopping("g2", "s2", 9, 13).await;
    house.assign("g1", tuesday(10, 0), &[(0, "v1")]).await.expect("assigned");
    assert_eq!(reason(house.assign("g2", tuesday(10, 30), &[(0, "v1")]).await), Reason::VolunteerBooked);
    house.assign("g2", tuesday(11, 0), &[(0, "v1")]).await.expect("back to back at one place");
}

#[tokio::test]
async fn there_must_be_time_for_the_way_between() {
    let house = House::with(&["v1"]).await;
    house.put(Seeker { home: Some(koria()), ..seeker("far") }).await;
    house.shopping("g1", "s1", 9, 13).await;
    house.shopping("g2", "far", 9, 14).await;
    house.assign("g1", tuesday(10, 0), &[(0, "v1")]).await.expect("assigned");
    let refused = refusal(house.assign("g2", tuesday(11, 10), &[(0, "v1")]).await);
    assert_eq!(refused.metadata["rules"], "NO_TIME_BETWEEN");
    house.assign("g2", tuesday(11, 15), &[(0, "v1")]).await.expect("15 minutes suffice for 847 seconds");
}

#[tokio::test]
async fn caps_count_held_accepted_and_done() {
    let house = House::new().await;
    house.put(Volunteer { caps: Caps { per_day: 1, per_week: 4 }, ..volunteer("daily") }).await;
    house.put(Volunteer { caps: Caps { per_day: 2, per_week: 1 }, ..volunteer("weekly") }).await;
    house.shopping("g1", "s1", 9, 11).await;
    house.shopping("g2", "s2", 12, 14).await;
    house.assign("g1", tuesday(9, 0), &[(0, "daily")]).await.expect("assigned");
    let then = ctx_at(tuesday(9, 0));
    house.dispatch.start(&then, &network(), &parse("g1")).await.expect("started");
    house.dispatch.complete(&then, &network(), &parse("g1")).await.expect("completed");
    assert_eq!(refusal(house.assign("g2", tuesday(12, 0), &[(0, "daily")]).await).metadata["rules"], "DAY_FULL");
    house.gig(for_two("g3", 9, 11)).await;
    house.assign("g3", tuesday(9, 0), &[(0, "weekly")]).await.expect("held");
    assert_eq!(refusal(house.assign("g2", tuesday(12, 0), &[(0, "weekly")]).await).metadata["rules"], "WEEK_FULL");
}

#[tokio::test]
async fn every_hard_rule_is_asked() {
    let house = House::new().await;
    house.put(Kind { min_age: Some(18), ..kind("bank", domain::kind::Category::Errand) }).await;
    house
        .put(Kind {
            required_skills: BTreeSet::from([parse("carrying")]),
            ..kind("moving", domain::kind::Category::Household)
        })
        .await;
    let both = |v: Volunteer| Volunteer { kinds: ["shopping", "bank", "moving"].map(parse).into(), ..v };
    house.put(both(volunteer("v1"))).await;
    house.put(both(Volunteer { birth_year: None, ..volunteer("ageless") })).await;
    house.put(both(Volunteer { kinds: SortedSet::new(), ..volunteer("x") })).await;
    house.put(Volunteer { kinds: SortedSet::from([parse("call")]), ..volunteer("caller") }).await;
    house.put(Volunteer { languages: languages(&["sv-FI"]), ..volunteer("swede") }).await;
    house.put(Volunteer { travel_limit_min: 5, ..volunteer("near") }).await;
    house.put(Volunteer { availability: every_day(17, 19), ..volunteer("evening") }).await;
    house.put(Seeker { home: Some(koria()), ..seeker("far") }).await;
    house.shopping("plain", "s1", 9, 13).await;
    house.shopping("away", "far", 9, 13).await;
    house.gig(NewGig { id: Some(parse("money")), ..new("bank", "s1", 9, 13) }).await;
    house.gig(NewGig { id: Some(parse("boxes")), ..new("moving", "s1", 9, 13) }).await;
    for (gig, who, rule) in [
        ("plain", "caller", "KIND_NOT_ACCEPTED"),
        ("plain", "swede", "NO_COMMON_LANGUAGE"),
        ("away", "near", "TOO_FAR"),
        ("plain", "evening", "NOT_AVAILABLE"),
        ("money", "ageless", "BELOW_MINIMUM_AGE"),
        ("boxes", "v1", "SKILL_MISSING"),
    ] {
        let refused = refusal(house.assign(gig, tuesday(10, 0), &[(0, who)]).await);
        assert_eq!((refused.reason, refused.metadata["rules"].as_str()), (Reason::VolunteerNotAble, rule), "{who}");
    }
    house.assign("money", tuesday(10, 0), &[(0, "v1")]).await.expect("born in 1960");
}

#[tokio::test]
async fn a_block_looks_like_a_no() {
    let house = House::new().await;
    house.put(Seeker { blocked: BTreeSet::from([parse("v1")]), ..seeker("wary") }).await;
    house.put(volunteer("v1")).await;
    house.put(Volunteer { blocked_seekers: [parse("s1")].into(), ..volunteer("v2") }).await;
    house.shopping("g1", "wary", 9, 13).await;
    house.shopping("g2", "s1", 9, 13).await;
    for (gig, who) in [("g1", "v1"), ("g2", "v2")] {
        assert_eq!(refusal(house.assign(gig, tuesday(10, 0), &[(0, who)]).await).metadata["rules"], "DECLINED");
        let me = ctx_of(scope(Role::Volunteer, None, Some(who)));
        let claimed = house.dispatch.claim_gig(&me, &network(), &parse(gig), &parse(who), None, None).await;
        assert_eq!(reason(claimed), Reason::ResourceNotFound, "never on the board of {who}");
    }
}

#[tokio::test]
async fn missing_and_foreign_answer_alike() {
    let house = House::with(&["v1"]).await;
    house.put(Volunteer { association: Some(parse("lions")), ..volunteer("lion") }).await;
    house.gig(NewGig { id: Some(parse("g1")), ..new("shopping", "s1", 9, 13) }).await;
    assert_eq!(reason(house.assign("none", tuesday(9, 0), &[(0, "v1")]).await), Reason::ResourceNotFound);
    assert_eq!(reason(house.assign("g1", tuesday(9, 0), &[(0, "nobody")]).await), Reason::ResourceNotFound);
    assert_eq!(reason(house.assign("g1", tuesday(9, 0), &[(7, "v1")]).await), Reason::FieldsInvalid);
    let other = ctx_of(scope(Role::Volunteer, None, Some("lion")));
    let foreign = house.dispatch.claim_gig(&other, &network(), &parse("g1"), &parse("v1"), None, None).await;
    assert_eq!(reason(foreign), Reason::ResourceNotFound, "nobody claims for another");
}

#[tokio::test]
async fn a_claim_finds_slot_and_start_itself() {
    let house = House::with(&["v1", "v2"]).await;
    house.gig(for_two("g1", 6, 13)).await;
    let claim = async |who: &str| {
        let me = ctx_of(scope(Role::Volunteer, None, Some(who)));
        house.dispatch.claim_gig(&me, &network(), &parse("g1"), &parse(who), None, None).await.expect("claimed")
    };
    let first = claim("v1").await;
    assert_eq!((first.gig.start, first.assignments[0].slot), (Some(tuesday(8, 0)), 0), "available from eight");
    assert_eq!(claim("v2").await.gig.state, GigState::Filled);
}

#[tokio::test]
async fn a_repeated_assignment_has_one_effect() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    let seats = [crate::Seat { slot: 0, volunteer: parse("v1") }];
    let call = async || {
        let ctx = with_key("a1", 1);
        house
            .dispatch
            .assign_volunteer(
                &ctx,
                &network(),
                &parse("g1"),
                Some(tuesday(9, 0)),
                &seats,
                Some(&name("soittaja toivoi tuttua")),
            )
            .await
            .expect("done")
    };
    assert_eq!(call().await, call().await);
    assert_eq!(house.assignments("g1").await.len(), 1);
}
