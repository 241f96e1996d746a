//! Every nearest miss that an explanation names is true: with the one change that it names, and no other, the gig can be filled.
//! A random town with promises all over it, each open gig explained, each change made through the API, asked again, and undone.

use std::collections::{BTreeMap, BTreeSet};

use proto::dispatch::v1::explanation::Class;
use proto::dispatch::v1::gig::State;
use proto::dispatch::v1::{ExplainGigRequest, Gig, NearestMiss};
use proto::registry::v1::volunteer::State as Standing;
use proto::registry::v1::{
    AvailabilityException, HeldSkill, PauseVolunteerRequest, ReinstateVolunteerRequest, Volunteer,
};
use proto::r#type::v1::{Date, DaySpan, TimeOfDay};
use tests::calendar::{Week, local_day, seconds};
use tests::desk::Desk;
use tests::engines::for_each_engine;
use tests::play;
use tests::refused::granted;
use tests::size::Size;
use tests::test_server::Who;
use tests::town::skill;
use tests::weeks::Dice;
use tests::{strangers, town};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_change_that_an_explanation_names_fills_the_gig() {
    for_each_engine(|server| async move {
        let (ops, city) = (server.desk(Who::Ops), server.desk(Who::City));
        let (mut dice, week) = (Dice::new(7), Week::coming());
        play::settle(&ops, &city, &mut dice).await;
        fill_the_week(&city, &mut dice, week).await;
        let mut proven: BTreeMap<String, usize> = BTreeMap::new();
        for number in 0..Size::asked().pick(60, 400) {
            let gig = wanted(&mut dice, week, number);
            let gig = city.add_gig(&format!("open-{number}"), gig).await;
            for miss in misses(&city, &gig).await {
                prove(&city, &gig, &miss).await;
                *proven.entry(miss.rule).or_default() += 1;
            }
            granted(city.cancel(&gig.name, "").await);
        }
        println!("{proven:?}");
        let rules: BTreeSet<&str> = proven.keys().map(String::as_str).collect();
        for rule in
            ["TOO_FAR", "KIND_NOT_ACCEPTED", "SKILL_MISSING", "NO_COMMON_LANGUAGE", "NOT_AVAILABLE", "WEEK_FULL"]
        {
            assert!(rules.contains(rule), "no explanation named {rule}: {proven:?}");
        }
        server.stop().await;
    })
    .await;
}

/// Promises for the volunteers, and a pause for some of them.
async fn fill_the_week(city: &Desk, dice: &mut Dice, week: Week) {
    for number in 0..40 {
        city.add_gig(&format!("filled-{number}"), strangers::gig(dice, week)).await;
    }
    let (plan, _) = city.plan(week.days(9)).await;
    granted(city.apply(&plan.name, &tests::town_desk::request_id()).await);
    for name in ["v3", "v11"] {
        pause(city, town::volunteer_name(name)).await;
    }
}

async fn pause(city: &Desk, name: String) {
    let request = PauseVolunteerRequest { name, reason: "matkoilla".to_owned(), ..Default::default() };
    granted(city.volunteers.clone().pause_volunteer(request).await);
}

/// A request that is hard to meet: one more condition than most.
fn wanted(dice: &mut Dice, week: Week, number: usize) -> Gig {
    let mut gig = strangers::gig(dice, week);
    gig.windows.truncate(1);
    let needed = dice.pick(&["tools", "it", "first-aid"]);
    match number % 4 {
        0 if gig.slots.is_empty() => {
            gig.slots = vec![proto::dispatch::v1::Slot { skills: vec![skill(needed)], ..Default::default() }];
        }
        1 if gig.place.is_some() => gig.place = Some(town::place(dice.between(5_000, 9_000), 0)),
        2 => gig.languages = vec![dice.pick(&["en", "ru"]).to_owned()],
        _ => {}
    }
    gig
}

/// The nearest misses of a gig that cannot be filled as things stand.
async fn misses(city: &Desk, gig: &Gig) -> Vec<NearestMiss> {
    let told = city.explain(&gig.name).await;
    let text = told.text.as_ref().expect("a sentence");
    assert!([&text.fi, &text.sv, &text.en].iter().all(|words| !words.is_empty()), "{told:?}");
    assert!(told.cascade.is_sorted_by(|a, b| a.remaining >= b.remaining), "{:?}", told.cascade);
    match told.class() {
        Class::NobodyEligible | Class::TooFewCandidates | Class::CappedOut => told.nearest_misses,
        Class::Assignable | Class::Outbid => Vec::new(),
        other => panic!("{}: {other:?}", gig.name),
    }
}

/// Makes the change, asks again, and undoes it.
async fn prove(city: &Desk, gig: &Gig, miss: &NearestMiss) {
    let before = city.volunteer(&miss.volunteer).await;
    let request = ExplainGigRequest { name: gig.name.clone(), volunteer: miss.volunteer.clone() };
    let verdict = granted(city.matching.clone().explain_gig(request.clone()).await).verdict.expect("a verdict");
    assert!(!verdict.able && verdict.broken_rules.iter().any(|rule| rule.rule == miss.rule), "{miss:?}: {verdict:?}");
    if miss.rule == "NOT_ACTIVE" {
        assert_eq!(before.state(), Standing::Paused);
        let request = ReinstateVolunteerRequest { name: before.name.clone(), ..Default::default() };
        granted(city.volunteers.clone().reinstate_volunteer(request).await);
        assert_eq!(city.explain(&gig.name).await.class(), Class::Assignable, "{miss:?}");
        pause(city, before.name).await;
        return;
    }
    let (changed, path) = mended(before.clone(), gig, miss);
    granted(city.change_volunteer(Volunteer { etag: String::new(), ..changed }, &[path]).await);
    let after = city.explain(&gig.name).await;
    assert_eq!(after.class(), Class::Assignable, "{miss:?} of {before:?} for {gig:?}: {after:?}");
    let verdict = granted(city.matching.clone().explain_gig(request).await).verdict.expect("a verdict");
    if gig.slots.len() == 1 {
        assert!(verdict.able, "{miss:?}: {verdict:?}");
    }
    granted(city.change_volunteer(Volunteer { etag: String::new(), ..before }, &[path]).await);
    assert_eq!(city.gig(&gig.name).await.state(), State::Open);
}

/// The volunteer with the one change, and the field that changed.
fn mended(mut volunteer: Volunteer, gig: &Gig, miss: &NearestMiss) -> (Volunteer, &'static str) {
    let words = miss.change.as_ref().expect("the change in words").en.clone();
    let more = i32::try_from(miss.amount).expect("a small number");
    let path = match miss.rule.as_str() {
        "TOO_FAR" => {
            volunteer.travel_limit_minutes += (more + 59) / 60;
            "travel_limit_minutes"
        }
        "KIND_NOT_ACCEPTED" => {
            volunteer.accepted_kinds.push(gig.kind.clone());
            "accepted_kinds"
        }
        "SKILL_MISSING" => {
            let held = words.split([' ', ',']).nth(3).expect("holds the skill NAME");
            let valid_until = Some(Date { year: 2090, month: 1, day: 1 });
            volunteer.skills.push(HeldSkill { skill: skill(held), valid_until, ..HeldSkill::default() });
            "skills"
        }
        "NO_COMMON_LANGUAGE" => {
            volunteer.languages.push(gig.languages[0].clone());
            "languages"
        }
        "DAY_FULL" => {
            volunteer.max_gigs_per_day = volunteer.max_gigs_per_day.map(|cap| cap + more);
            // More a day than a week is no wish that anybody may have.
            assert!(volunteer.max_gigs_per_day <= volunteer.max_gigs_per_week, "{miss:?}");
            "max_gigs_per_day"
        }
        "WEEK_FULL" => {
            volunteer.max_gigs_per_week = volunteer.max_gigs_per_week.map(|cap| cap + more);
            "max_gigs_per_week"
        }
        "NOT_AVAILABLE" => {
            let day = local_day(seconds(gig.windows[0].start_time.as_ref()));
            let weekday = i32::from(day.weekday().to_monday_one_offset());
            let availability = volunteer.availability.get_or_insert_default();
            let usual = availability.weekly.iter().filter(|window| window.weekday == weekday);
            let usual: Vec<DaySpan> =
                usual.map(|window| DaySpan { start_time: window.start_time, end_time: window.end_time }).collect();
            let date = Some(Date { year: day.year().into(), month: day.month().into(), day: day.day().into() });
            availability.exceptions.push(AvailabilityException { date, windows: widened(usual, &words) });
            "availability"
        }
        other => panic!("no change is known for {other}: {miss:?}"),
    };
    (volunteer, path)
}

/// The hours of a day as the words of a change have them: `available 23.11. 09:00-11:30 instead of 23.11. 09:00-11:00`.
fn widened(mut usual: Vec<DaySpan>, words: &str) -> Vec<DaySpan> {
    let parts: Vec<&str> = words.split_whitespace().collect();
    let (new, old) = match parts[..] {
        ["available", _, new] => (new, None),
        ["available", _, new, "instead", "of", _, old] => (new, Some(old)),
        _ => panic!("hours cannot be read from: {words}"),
    };
    let time = |text: &str| {
        let (hours, minutes) = text.split_once(':').expect("HH:MM");
        Some(TimeOfDay { hours: hours.parse().expect("hours"), minutes: minutes.parse().expect("minutes") })
    };
    let span = |text: &str| {
        let (start, end) = text.split_once('-').expect("from and to");
        DaySpan { start_time: time(start), end_time: time(end) }
    };
    if let Some(old) = old.map(span) {
        let known = usual.len();
        usual.retain(|window| *window != old);
        assert_eq!(usual.len() + 1, known, "{words} and {usual:?}");
    }
    usual.push(span(new));
    usual
}
