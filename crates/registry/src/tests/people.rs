//! What must be true of volunteers and seekers, and what keeps them.

use domain::availability::{DateRange, DaySpan, WeeklyWindow};
use domain::place::Address;
use domain::skill::HeldSkill;
use domain::volunteer::{Caps, Standing};
use domain::{
    Assignment, AvailabilityException, KindId, MinuteOfDay, Name, Seeker, SeekerId, Sensitive, SkillId, Volunteer,
    VolunteerId,
};
use jiff::civil::date;

use super::builders::{House, code, ctx, fields, kouvola, seeker, volunteer};
use crate::geocode;

fn minute(minute: u16) -> MinuteOfDay {
    MinuteOfDay::new(minute).expect("minute")
}

fn held(skill: &str) -> HeldSkill {
    HeldSkill::lasting(SkillId::new(skill).expect("id"))
}

#[tokio::test]
async fn every_wrong_field_of_a_volunteer_is_named_at_once() {
    let house = House::new().await;
    let mut wrong = volunteer("v1");
    wrong.association = Some("nobody".parse().expect("id"));
    wrong.external_id = Some("131052-308T".to_owned());
    wrong.email = Some(Sensitive::new("aino".to_owned()));
    wrong.birth_year = Some(2040);
    wrong.travel_limit_min = 241;
    wrong.kinds = [KindId::new("flying").expect("id")].into();
    wrong.likes = [KindId::new("escort").expect("id")].into();
    wrong.skills = [held("juggling"), held("first-aid"), held("car"), held("car")].into();
    wrong.languages.clear();
    wrong.caps = Caps { per_day: 3, per_week: 2 };
    wrong.contact.weekly_budget = 51;
    wrong.blocked_seekers = [SeekerId::new("nobody").expect("id")].into();
    let refused = fields(house.registry.create(&ctx(), wrong).await);
    assert_eq!(
        refused,
        [
            "volunteer.external_id",
            "volunteer.email",
            "volunteer.birth_year",
            "volunteer.travel_limit_min",
            "volunteer.languages",
            "volunteer.caps.per_day",
            "volunteer.contact.weekly_budget",
            "volunteer.association",
            "volunteer.kinds",
            "volunteer.likes",
            "volunteer.skills[0].skill",
            "volunteer.skills[1].valid_until",
            "volunteer.skills[3].skill",
            "volunteer.blocked_seekers",
        ]
    );
}

#[tokio::test]
async fn every_wrong_part_of_an_availability_is_named_at_once() {
    let house = House::new().await;
    let span = DaySpan { start: minute(600), end: minute(540) };
    let window = WeeklyWindow {
        weekday: 8,
        span,
        every_n_weeks: 0,
        valid_from: Some(date(2026, 12, 1)),
        valid_until: Some(date(2026, 11, 1)),
    };
    let exception = AvailabilityException { day: date(2026, 12, 24), spans: vec![span] };
    let mut wrong = volunteer("v1");
    wrong.availability.weekly = [window].into();
    wrong.availability.exceptions = [exception.clone(), exception].into();
    wrong.availability.pauses = [DateRange { first: date(2026, 12, 2), last: date(2026, 12, 1) }].into();
    let at = |part: &str| format!("volunteer.availability.{part}");
    assert_eq!(
        fields(house.registry.create(&ctx(), wrong).await),
        [
            at("weekly[0].weekday"),
            at("weekly[0].every_n_weeks"),
            at("weekly[0].span"),
            at("weekly[0].valid_until"),
            at("exceptions[0].spans[0]"),
            at("exceptions[1].day"),
            at("exceptions[1].spans[0]"),
            at("pauses[0]"),
        ]
    );
}

#[tokio::test]
async fn an_expiring_skill_with_its_last_day_is_held() {
    let house = House::new().await;
    let aid = HeldSkill { valid_until: Some(date(2027, 12, 31)), ..held("first-aid") };
    let place = geocode::locate(&Address { postal_code: Some("45100".to_owned()), ..Address::default() });
    let able = Volunteer { skills: [aid, held("car")].into(), home: place.ok(), ..volunteer("v1") };
    assert_eq!(house.registry.create(&ctx(), able.clone()).await.expect("created").skills, able.skills);
}

#[tokio::test]
async fn familiar_and_blocked_volunteers_exist_and_are_not_the_same() {
    let house = House::new().await;
    house.registry.create(&ctx(), volunteer("v1")).await.expect("volunteer");
    let named = |ids: &[&str]| ids.iter().map(|id| VolunteerId::new(*id).expect("id")).collect();
    let wrong = Seeker { familiar: named(&["v1", "v2"]), blocked: named(&["v1"]), ..seeker("s1") };
    assert_eq!(fields(house.registry.create(&ctx(), wrong).await), ["seeker.familiar", "seeker.blocked"]);
    let right = Seeker { blocked: named(&["v1"]), ..seeker("s1") };
    house.registry.create(&ctx(), right).await.expect("seeker");
}

#[tokio::test]
async fn a_volunteer_whom_a_seeker_names_stays_and_so_does_a_seeker_whom_a_volunteer_blocks() {
    let house = House::new().await;
    house.registry.create(&ctx(), volunteer("v1")).await.expect("volunteer");
    let v1 = VolunteerId::new("v1").expect("id");
    let fond = Seeker { familiar: [v1.clone()].into(), ..seeker("s1") };
    house.registry.create(&ctx(), fond).await.expect("seeker");
    let refused = house.registry.delete::<Volunteer>(&ctx(), &kouvola(), &v1).await;
    let refusal = refused.as_ref().err().and_then(crate::Error::refusal).expect("refused");
    assert_eq!(refusal.metadata["seekers"], "1");
    assert_eq!(code(refused), "RESOURCE_IN_USE");
    let s1 = SeekerId::new("s1").expect("id");
    let blocking = Volunteer { blocked_seekers: [s1.clone()].into(), ..volunteer("v2") };
    house.registry.create(&ctx(), blocking).await.expect("volunteer");
    assert_eq!(code(house.registry.delete::<Seeker>(&ctx(), &kouvola(), &s1).await), "RESOURCE_IN_USE");
}

#[tokio::test]
async fn a_volunteer_with_a_promise_is_not_deleted() {
    let house = House::new().await;
    house.registry.create(&ctx(), volunteer("v1")).await.expect("volunteer");
    let v1 = VolunteerId::new("v1").expect("id");
    let mut tx = house.db.write().await.expect("tx");
    assert_eq!(tx.claim(&promise(&v1)).await.expect("claim"), store::Claimed::Done);
    tx.commit().await.expect("commit");
    assert_eq!(code(house.registry.delete::<Volunteer>(&ctx(), &kouvola(), &v1).await), "RESOURCE_IN_USE");
}

fn promise(volunteer: &VolunteerId) -> Assignment {
    let at = |text: &str| text.parse::<domain::Timestamp>().expect("instant");
    Assignment {
        network: kouvola(),
        id: "a1".parse().expect("id"),
        gig: "g1".parse().expect("id"),
        slot: 0,
        volunteer: volunteer.clone(),
        span: domain::TimeWindow::new(at("2026-11-24T08:00:00Z"), at("2026-11-24T09:00:00Z")).expect("span"),
        state: domain::AssignmentState::Accepted,
        source: domain::ClaimSource::Quote,
        told_time: None,
        release_reason: None,
        is_given_back: false,
        create_time: at("2026-11-23T08:00:00Z"),
        update_time: at("2026-11-23T08:00:00Z"),
    }
}

#[tokio::test]
async fn a_standing_has_a_verb_of_its_own_and_an_update_leaves_it() {
    let house = House::new().await;
    house.registry.create(&ctx(), volunteer("v1")).await.expect("volunteer");
    let v1 = VolunteerId::new("v1").expect("id");
    let set = async |standing, reason: Option<&str>| {
        let reason = reason.map(|reason| Name::new(reason).expect("reason"));
        house.registry.set_standing(&ctx(), &kouvola(), &v1, standing, reason).await
    };
    assert_eq!(fields(set(Standing::Paused, None).await), ["reason"]);
    let paused = set(Standing::Paused, Some("talvi poissa")).await.expect("paused");
    assert_eq!((paused.standing, paused.meta.version), (Standing::Paused, 2));
    let updated = Volunteer { travel_limit_min: 10, ..volunteer("v1") };
    let updated = house.registry.update(&ctx().if_version(Some(2)), updated).await.expect("updated");
    assert_eq!((updated.standing, updated.travel_limit_min), (Standing::Paused, 10));
    let active = set(Standing::Active, None).await.expect("active");
    assert_eq!((active.standing, active.standing_reason), (Standing::Active, None));
}
