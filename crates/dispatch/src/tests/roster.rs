//! From rows to a snapshot: dates, weeks, blocks of both sides, who is left out.

use domain::skill::HeldSkill;
use domain::{ContactMode, Gig, Seeker, TimeWindow, Volunteer};
use jiff::civil::date;

use super::builders::*;
use crate::roster::{Frame, LeftOut, Roster, gather};

async fn period(house: &House, from: &str, to: &str) -> Roster {
    let frame = Frame::new(TimeWindow::new(at(from), at(to)).expect("period"), monday());
    let mut tx = house.db.read().await.expect("read");
    let material = gather::period(&mut tx, &network(), &frame).await.expect("rows");
    Roster::build(material, &frame, false)
}

async fn this_week(house: &House) -> Roster {
    period(house, "2026-11-22T22:00:00Z", "2026-11-29T22:00:00Z").await
}

#[tokio::test]
async fn rows_are_sorted_and_the_same_every_time() {
    let house = House::with(&["v2", "v1", "v10"]).await;
    for id in ["b", "a"] {
        house.shopping(id, "s1", 9, 13).await;
    }
    let (first, second) = (this_week(&house).await, this_week(&house).await);
    assert_eq!(first.snapshot, second.snapshot);
    let ids: Vec<&str> = first.snapshot.volunteers.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["v1", "v10", "v2"]);
}

#[tokio::test]
async fn both_sides_blocks_are_one() {
    let house = House::new().await;
    house.put(Volunteer { blocked_seekers: [parse("s1")].into(), ..volunteer("v1") }).await;
    house.put(Seeker { blocked: [parse("v1")].into(), ..seeker("wary") }).await;
    house.shopping("g1", "wary", 9, 13).await;
    assert_eq!(this_week(&house).await.snapshot.volunteers[0].blocked_seekers, ["s1", "wary"]);
}

#[tokio::test]
async fn a_skill_ends_with_its_last_day() {
    let house = House::new().await;
    let held = |until| HeldSkill { valid_until: Some(until), ..HeldSkill::lasting(parse("driving")) };
    house.put(Volunteer { skills: [held(date(2026, 11, 23))].into(), ..volunteer("monday") }).await;
    house.put(Volunteer { skills: [held(date(2026, 11, 24))].into(), ..volunteer("tuesday") }).await;
    let slot = domain::Slot { skills: [parse("driving")].into(), label: None };
    house.gig(crate::gigs::NewGig { id: Some(parse("g1")), slots: vec![slot], ..new("shopping", "s1", 9, 13) }).await;
    assert_eq!(refusal(house.assign("g1", tuesday(9, 0), &[(0, "monday")]).await).metadata["rules"], "SKILL_MISSING");
    house.assign("g1", tuesday(9, 0), &[(0, "tuesday")]).await.expect("valid through its last day");
}

#[tokio::test]
async fn promises_outside_the_period_count_but_are_not_looked_at() {
    let house = House::with(&["v1"]).await;
    house.shopping("g1", "s1", 9, 13).await;
    house.assign("g1", tuesday(9, 0), &[(0, "v1")]).await.expect("assigned");
    let roster = period(&house, "2026-11-24T22:00:00Z", "2026-11-29T22:00:00Z").await;
    assert!(roster.looked_at.is_empty());
    assert_eq!((roster.snapshot.promises.len(), roster.snapshot.gigs[0].weight), (1, 0));
}

#[tokio::test]
async fn who_is_left_out_has_a_reason() {
    let house = House::new().await;
    house.put(Seeker { contact_mode: ContactMode::Mediated, ..seeker("relayed") }).await;
    house.shopping("mediated", "relayed", 9, 13).await;
    let nowhere: Gig = house.shopping("nowhere", "s1", 9, 13).await;
    house.change(Gig { place: None, ..nowhere }).await;
    let today = crate::gigs::NewGig {
        id: Some(parse("late")),
        windows: vec![TimeWindow::new(at("2026-11-23T05:00:00Z"), at("2026-11-23T07:30:00Z")).expect("window")],
        ..new("shopping", "s1", 9, 13)
    };
    house.gig(today).await;
    let roster = this_week(&house).await;
    let why = |id: &str| roster.why_left_out(&parse(id));
    assert_eq!(why("mediated"), Some(LeftOut::Mediated));
    assert_eq!(why("nowhere"), Some(LeftOut::PlaceMissing));
    assert_eq!(why("late"), Some(LeftOut::NoTimeLeft));
    assert!(roster.snapshot.gigs.is_empty());
}

#[tokio::test]
async fn a_visit_makes_a_familiar_face() {
    let house = House::with(&["v1"]).await;
    let past = TimeWindow::new(at("2026-11-22T08:00:00Z"), at("2026-11-22T12:00:00Z")).expect("window");
    let yesterday = ctx_at(at("2026-11-22T08:00:00Z"));
    let asked = crate::gigs::NewGig { id: Some(parse("done")), windows: vec![past], ..new("shopping", "s1", 9, 13) };
    house.dispatch.create_gig(&yesterday, asked).await.expect("gig");
    let seats = [crate::Seat { slot: 0, volunteer: parse("v1") }];
    let start = Some(past.start());
    house
        .dispatch
        .assign_volunteer(&yesterday, &network(), &parse("done"), start, &seats, None)
        .await
        .expect("assigned");
    house.dispatch.start(&yesterday, &network(), &parse("done")).await.expect("begun");
    house.dispatch.complete(&yesterday, &network(), &parse("done")).await.expect("done");
    house.shopping("g1", "s1", 9, 13).await;
    let row = &this_week(&house).await.snapshot.volunteers[0];
    assert_eq!((row.gigs_so_far, row.last_gig_days_ago), (1, Some(0)));
    assert_eq!(
        row.familiar.iter().map(|known| (known.seeker.as_str(), known.strength_milli)).collect::<Vec<_>>(),
        [("s1", 1000)]
    );
}
