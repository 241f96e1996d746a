//! Months of gigs, with both changes of the clock in them: nobody is told anything in their quiet hours, nobody is asked more often than
//! they agreed to, and each reminder that is due comes once.

mod post;

use std::collections::{BTreeMap, BTreeSet};

use domain::{Gig, GigState, TimeWindow, Timestamp, Volunteer};
use jiff::{SignedDuration, Zoned};

use post::{Post, Storage, hours, size};

const VOLUNTEERS: usize = 6;

struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// A reading of the clock on the wall that shares nothing with the planner's.
fn wall(time: Timestamp) -> Zoned {
    time.in_tz("Europe/Helsinki").expect("zone")
}

fn minute_of_day(time: Timestamp) -> u16 {
    let wall = wall(time);
    u16::try_from(i32::from(wall.hour()) * 60 + i32::from(wall.minute())).expect("small")
}

fn own_hours(volunteer: &Volunteer) -> (u16, u16) {
    volunteer.contact.hours.map_or((9 * 60, 20 * 60), |span| (span.start.minutes(), span.end.minutes()))
}

/// What a filled gig must be reminded of: the template, and the span in which it must come.
fn due_reminders(
    volunteer: &Volunteer,
    filled: Timestamp,
    start: Timestamp,
) -> Vec<(&'static str, Timestamp, Timestamp)> {
    let (from, to) = own_hours(volunteer);
    let mut due = Vec::new();
    let day = wall(start).date().yesterday().expect("a day");
    let minute = 18 * 60_u16;
    let minute = minute.clamp(from, (to - 90).max(from));
    let evening = day.at(0, 0, 0, 0).checked_add(jiff::Span::new().minutes(i64::from(minute))).expect("time");
    let evening = evening.in_tz("Europe/Helsinki").expect("zone").timestamp();
    if evening > filled {
        let end = day.tomorrow().expect("a day").in_tz("Europe/Helsinki").expect("zone").timestamp();
        due.push(("reminder_evening", evening, end));
    }
    let mut soon = start - SignedDuration::from_hours(2);
    while !(from..to).contains(&minute_of_day(soon)) {
        soon += SignedDuration::from_mins(1);
        soon = Timestamp::from_second(soon.as_second() / 60 * 60).expect("instant");
    }
    if soon > filled && soon <= start - SignedDuration::from_mins(30) {
        due.push(("reminder_soon", soon, start));
    }
    due
}

async fn season(seed: u64, begin: &str, days: i64) {
    let storage = Storage::folder();
    let post = Post::open(&storage).await;
    let mut dice = Dice(seed);
    post.clock.set(begin.parse().expect("instant"));
    let mut volunteers = Vec::new();
    for number in 0..VOLUNTEERS {
        let mut volunteer = post.volunteer(number);
        volunteer.contact.weekly_budget = u8::try_from(dice.below(4)).expect("small");
        volunteer.contact.hours = match dice.below(4) {
            0 => None,
            1 => Some(hours(7 * 60, 21 * 60 + 30)),
            2 => Some(hours(12 * 60, 13 * 60 + 30)),
            _ => Some(hours(u16::try_from(dice.below(600)).expect("small"), 1_440)),
        };
        post.put(&volunteer).await;
        volunteers.push(volunteer);
    }
    let end = post.clock.time() + SignedDuration::from_hours(24 * days);
    let mut expected: BTreeMap<(String, &'static str), (String, Timestamp, Timestamp)> = BTreeMap::new();
    let mut promised: Vec<(usize, TimeWindow)> = Vec::new();
    let mut number = 0;
    let mut looks = Vec::new();
    let worker = post.worker();
    while post.clock.time() < end {
        let now = post.clock.time();
        if now < end - SignedDuration::from_hours(96) && dice.below(6) == 0 {
            number += 1;
            let whole_hour = now.as_second() / 3_600 * 3_600;
            let start =
                Timestamp::from_second(whole_hour + 3_600 * (1 + i64::try_from(dice.below(70)).expect("small")));
            let start = start.expect("instant");
            let window = TimeWindow::new(start, start + SignedDuration::from_hours(1)).expect("window");
            let gig = Gig { windows: vec![window], state: GigState::Offered, ..post.gig(&format!("g{number}")) };
            post.put(&gig).await;
            let who = usize::try_from(dice.below(VOLUNTEERS as u64)).expect("small");
            if dice.below(3) > 0 {
                post.offer(
                    &format!("o{number}"),
                    &gig,
                    &format!("v{who}"),
                    1 + i64::try_from(dice.below(30)).expect("small"),
                )
                .await;
            } else if !promised.iter().any(|(of, span)| *of == who && span.overlaps(&window)) {
                promised.push((who, window));
                post.fill(&gig, &format!("v{who}")).await;
                for (template, due, last) in due_reminders(&volunteers[who], now, start) {
                    expected.insert((format!("gigs/g{number}"), template), (format!("volunteers/v{who}"), due, last));
                }
            }
        }
        worker.tell_all().await.expect("told");
        worker.send_due().await.expect("sent");
        looks.push(now);
        // Steps of a quarter, and sometimes an outage or a clock that is set right.
        let step = if dice.below(40) == 0 { 100 } else { 15 };
        post.clock.advance(SignedDuration::from_mins(step));
    }

    let letters = post.sms.all();
    assert!(letters.len() > 20, "seed {seed}: only {} messages", letters.len());
    let number_of =
        |to: &str| (0..VOLUNTEERS).find(|n| volunteers[*n].phone.as_ref().is_some_and(|p| p.expose() == to));
    for letter in &letters {
        let who = number_of(&letter.to).expect("one of ours");
        let (from, to) = own_hours(&volunteers[who]);
        let minute = minute_of_day(letter.time);
        assert!((from..to).contains(&minute), "seed {seed}: v{who} is told at {}", wall(letter.time));
    }
    let mut asks: BTreeMap<(usize, i16, i8), u8> = BTreeMap::new();
    let messages = post.messages().await;
    for message in messages.iter().filter(|one| one.template == "offer") {
        let Some(sent) = message.sent_time else { continue };
        let who: usize = message.recipient.trim_start_matches("volunteers/v").parse().expect("a number");
        let week = wall(sent).date().iso_week_date();
        *asks.entry((who, week.year(), week.week())).or_default() += 1;
    }
    for ((who, year, week), count) in asks {
        let budget = volunteers[who].contact.weekly_budget;
        assert!(
            count <= budget,
            "seed {seed}: v{who} is asked {count} times in week {week} of {year}, budget {budget}"
        );
    }
    let mut told = BTreeSet::new();
    for message in messages.iter().filter(|one| one.template.starts_with("reminder")) {
        let key = (
            message.subject.clone(),
            if message.template == "reminder_soon" { "reminder_soon" } else { "reminder_evening" },
        );
        let found = expected.get(&key).unwrap_or_else(|| panic!("seed {seed}: {message:?} was not due"));
        assert_eq!(found.0, message.recipient, "seed {seed}");
        let who: usize = message.recipient.trim_start_matches("volunteers/v").parse().expect("a number");
        let (from, to) = own_hours(&volunteers[who]);
        let busy =
            |time: Timestamp| promised.iter().any(|(of, span)| *of == who && span.start() <= time && time < span.end());
        let may = |time: &Timestamp| {
            (found.1..found.2).contains(time) && (from..to).contains(&minute_of_day(*time)) && !busy(*time)
        };
        // The first look at which it may come; an outage may leave none.
        let wanted = looks.iter().copied().find(may);
        assert_eq!(message.sent_time, wanted, "seed {seed}: {message:?}, due {}", found.1);
        assert!(told.insert(key), "seed {seed}: twice: {message:?}");
    }
    assert!(messages.iter().filter(|one| one.template.starts_with("reminder") && one.sent_time.is_some()).count() > 20);
    let lost: Vec<_> = expected.keys().filter(|key| !told.contains(*key)).collect();
    assert!(lost.is_empty(), "seed {seed}: lost {lost:?}");
}

#[tokio::test]
async fn a_spring_of_gigs_keeps_to_everybodys_hours_and_budget() {
    for seed in 1..=size(1, 12) as u64 {
        season(seed * 7_919, "2027-03-12T06:00:00Z", 32).await;
    }
}

#[tokio::test]
async fn an_autumn_of_gigs_keeps_to_everybodys_hours_and_budget() {
    for seed in 1..=size(1, 12) as u64 {
        season(seed * 104_729, "2027-10-15T06:00:00Z", 32).await;
    }
}
