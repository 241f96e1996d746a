//! Months of gigs with a change of the clock in them, of people, gigs, moves and cancellations that a seed draws: nobody is told anything in
//! their quiet hours, nobody is asked more often than they agreed to, and each reminder that is due comes once.
//!
//! Two workers share the work, five minutes apart, and now and then the clock leaps by an hour or a day, forth or back. What must come is
//! worked out here anew, minute by minute, by a reading of the clock that shares nothing with the planner's.

mod post;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::event::EventKind;
use domain::text::ServiceLanguage;
use domain::{AssignmentState, Channel, Gig, GigState, PhoneNumber, TimeWindow, Timestamp, Volunteer};
use jiff::{SignedDuration, Zoned};
use notification::channel::Transport;
use notification::ports::OfferReceipts;
use notification::worker::{Clock, Worker};
use store::{Message, MessageState};

use post::{Letter, Post, PostBox, SetClock, Storage, hours, size};

const VOLUNTEERS: usize = 8;
const DAYS: i64 = 32;
/// How far the second worker's clock is ahead.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("small")
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

fn wall(time: Timestamp) -> Zoned {
    time.in_tz("Europe/Helsinki").expect("zone")
}

/// Somebody as drawn.
#[derive(Debug, Clone)]
struct Person {
    hours: (u16, u16),
    budget: u8,
    /// Whether a text message or a letter reaches them.
    is_reached: bool,
}

impl Person {
    fn awake(&self, time: Timestamp) -> bool {
        let wall = wall(time);
        let minute = u16::try_from(i32::from(wall.hour()) * 60 + i32::from(wall.minute())).expect("small");
        (self.hours.0..self.hours.1).contains(&minute)
    }

    /// The first moment from a time on at which they may be told something: the time, or the beginning of a minute.
    fn awake_from(&self, time: Timestamp) -> Timestamp {
        let mut next = time;
        while !self.awake(next) {
            next = Timestamp::from_second(next.as_second().div_euclid(60) * 60 + 60).expect("instant");
        }
        next
    }

    /// What they must be reminded of: the template, from when on, and until when.
    fn reminders(&self, made: Timestamp, start: Timestamp) -> Vec<(&'static str, Timestamp, Timestamp)> {
        let mut due = Vec::new();
        let (from, to) = self.hours;
        let day = wall(start).date().yesterday().expect("a day");
        let minute = (18 * 60).clamp(from, to.saturating_sub(90).max(from));
        let evening = day.at(0, 0, 0, 0).checked_add(jiff::Span::new().minutes(i64::from(minute))).expect("time");
        let evening = self.awake_from(evening.in_tz("Europe/Helsinki").expect("zone").timestamp());
        let midnight = day.tomorrow().expect("a day").in_tz("Europe/Helsinki").expect("zone").timestamp();
        if evening > made && evening < midnight {
            due.push(("reminder_evening", evening, midnight));
        }
        let soon = self.awake_from(start - SignedDuration::from_hours(2));
        if soon > made && soon <= start - SignedDuration::from_mins(30) {
            due.push(("reminder_soon", soon, start));
        }
        due
    }
}

/// A promise at one start, from the step at which it was made to the one at which it ended.
#[derive(Debug, Clone)]
struct Promise {
    gig: Gig,
    who: usize,
    span: TimeWindow,
    made: Timestamp,
    steps: (usize, usize),
}

impl Promise {
    fn stands(&self, step: usize) -> bool {
        (self.steps.0..self.steps.1).contains(&step)
    }
}

/// A look of a worker into the queue.
#[derive(Debug, Clone, Copy)]
struct Look {
    step: usize,
    time: Timestamp,
}

struct Season {
    seed: u64,
    post: Post,
    dice: Dice,
    people: Vec<Person>,
    promises: Vec<Promise>,
    ahead: Arc<SetClock>,
    boxes: Vec<Arc<PostBox>>,
    gigs: usize,
}

impl Season {
    async fn open(storage: &Storage, seed: u64, begin: &str) -> Self {
        let post = Post::open(storage).await;
        post.clock.set(begin.parse().expect("instant"));
        let mut season = Self {
            seed,
            ahead: SetClock::at(begin),
            boxes: vec![Arc::clone(&post.sms), Arc::clone(&post.mail)],
            dice: Dice(seed),
            people: Vec::new(),
            promises: Vec::new(),
            gigs: 0,
            post,
        };
        for number in 0..VOLUNTEERS {
            let (person, volunteer) = season.person(number);
            season.post.put(&volunteer).await;
            season.people.push(person);
        }
        season
    }

    fn person(&mut self, number: usize) -> (Person, Volunteer) {
        let dice = &mut self.dice;
        let mut volunteer = self.post.volunteer(number);
        let (sms, mail) = (Channel::Sms, Channel::Email);
        let orders = [vec![sms], vec![mail], vec![sms, mail], vec![mail, sms], vec![sms, mail], vec![Channel::Phone]];
        volunteer.contact.channels = dice.of(&orders).into();
        let is_mobile = dice.below(5) > 0;
        if !is_mobile {
            volunteer.phone = Some(PhoneNumber::new("05 741 1234").expect("number"));
        }
        volunteer.contact.language = dice.of(&[ServiceLanguage::Fi, ServiceLanguage::Sv, ServiceLanguage::En]);
        volunteer.contact.weekly_budget = u8::try_from(dice.below(5)).expect("small");
        let from = u16::try_from(dice.below(1_200)).expect("small");
        // Everybody's hours, long ones, short ones, those of the night in which the clock changes, and any.
        let spans =
            [None, Some((420, 1_290)), Some((720, 810)), Some((150, 300)), Some((190, 230)), Some((from, 1_440))];
        let span = dice.of(&spans);
        volunteer.contact.hours = span.map(|(from, to)| hours(from, to));
        let has = |channel| volunteer.contact.channels.contains(&channel);
        let is_reached = has(mail) || has(sms) && is_mobile;
        let budget = volunteer.contact.weekly_budget;
        (Person { hours: span.unwrap_or((540, 1_200)), budget, is_reached }, volunteer)
    }

    /// The second worker: another process over the same storage, whose clock is ahead.
    fn second(&mut self) -> Arc<Worker> {
        let (sms, mail) = (PostBox::by(&self.ahead), PostBox::by(&self.ahead));
        self.boxes.extend([Arc::clone(&sms), Arc::clone(&mail)]);
        let transports =
            BTreeMap::from([(Channel::Sms, sms as Arc<dyn Transport>), (Channel::Email, mail as Arc<dyn Transport>)]);
        let receipts = Arc::clone(&self.post.desk) as Arc<dyn OfferReceipts>;
        let clock = Arc::clone(&self.ahead) as Arc<dyn Clock>;
        Arc::new(Worker::new(self.post.notification.clone(), transports, receipts, clock, self.post.pace))
    }

    /// A start at a whole hour of the coming days at which somebody has nothing else.
    fn free_hour(&mut self, who: usize, step: usize) -> Option<TimeWindow> {
        let whole = self.post.clock.time().as_second() / 3_600 * 3_600;
        let hours = 1 + i64::try_from(self.dice.below(70)).expect("small");
        let start = Timestamp::from_second(whole + 3_600 * hours).expect("instant");
        let span = TimeWindow::new(start, start + SignedDuration::from_hours(1)).expect("window");
        let taken = self.promises.iter().any(|one| one.who == who && one.stands(step) && one.span.overlaps(&span));
        (!taken).then_some(span)
    }

    /// Something happens: a gig is offered or given to somebody, moved, given back or cancelled. Answers whether it did.
    async fn happen(&mut self, step: usize) -> bool {
        let now = self.post.clock.time();
        let who = self.dice.below(VOLUNTEERS);
        let what = self.dice.below(10);
        if what < 7 {
            let Some(window) = self.free_hour(who, step) else { return false };
            self.gigs += 1;
            let id = self.gigs;
            let gig = Gig { windows: vec![window], state: GigState::Offered, ..self.post.gig(&format!("g{id}")) };
            self.post.put(&gig).await;
            if what < 4 {
                let hours = 1 + i64::try_from(self.dice.below(30)).expect("small");
                self.post.offer(&format!("o{id}"), &gig, &format!("v{who}"), hours).await;
            } else {
                let gig = self.post.fill(&gig, &format!("v{who}")).await;
                self.promises.push(Promise { gig, who, span: window, made: now, steps: (step, usize::MAX) });
            }
            return true;
        }
        let ahead: Vec<usize> = (0..self.promises.len())
            .filter(|at| self.promises[*at].stands(step) && self.promises[*at].span.start() > now)
            .collect();
        if ahead.is_empty() {
            return false;
        }
        let at = self.dice.of(&ahead);
        let before = self.promises[at].clone();
        let volunteer = format!("v{}", before.who);
        let (subject, start) = (format!("gigs/{}", before.gig.id), before.span.start());
        let data = [("volunteer", volunteer.clone()), ("start", start.to_string())];
        let moved = if what == 7 { self.free_hour(before.who, step) } else { None };
        self.post.change(&before.gig, AssignmentState::Accepted, AssignmentState::Released).await;
        self.promises[at].steps.1 = step;
        if let Some(span) = moved {
            let gig = Gig { windows: vec![span], start: Some(span.start()), ..before.gig.clone() };
            let gig = self.post.promise(&gig, &volunteer, EventKind::GigMoved).await;
            self.promises.push(Promise { gig, who: before.who, span, made: now, steps: (step, usize::MAX) });
        } else if what == 9 {
            self.post.put(&Gig { state: GigState::Cancelled, ..before.gig }).await;
            self.post.event(EventKind::GigCancelled, &subject, &data).await;
        } else {
            self.post.put(&Gig { state: GigState::Open, start: None, ..before.gig }).await;
            self.post.event(EventKind::GigReopened, &subject, &data).await;
        }
        true
    }

    /// Whether anything is due on a channel that sends, by either clock.
    async fn is_due(&self) -> bool {
        let mut tx = self.post.db.read().await.expect("read");
        let counts = tx.message_counts().await.expect("counts");
        tx.rollback().await.expect("rollback");
        let waits = |state| matches!(state, MessageState::Pending);
        counts.iter().any(|one| {
            waits(one.state) && one.channel != Channel::Phone && one.oldest <= self.post.clock.time() + AHEAD
        })
    }

    /// What becomes of a reminder: when it is sent, if it is. The looks that could have found it, one after another.
    fn outcome(&self, promise: &Promise, due: Timestamp, end: Timestamp, looks: &[Look]) -> Option<Timestamp> {
        let person = &self.people[promise.who];
        let mut next = due;
        for look in looks.iter().filter(|look| look.step >= promise.steps.0) {
            if next > look.time {
                continue;
            }
            if look.time >= end || !promise.stands(look.step) {
                return None;
            }
            let on = |one: &&Promise| {
                let spans = one.span.start() <= look.time && look.time < one.span.end();
                one.who == promise.who && one.stands(look.step) && spans
            };
            let free = self.promises.iter().filter(on).map(|one| one.span.end()).max().unwrap_or(look.time);
            next = person.awake_from(free);
            if next <= look.time {
                return Some(look.time);
            }
            if next >= end {
                return None;
            }
        }
        None
    }

    fn check_letters(&self) -> usize {
        let letters: Vec<Letter> = self.boxes.iter().flat_map(|one| one.all()).collect();
        let mut references = BTreeSet::new();
        for letter in &letters {
            let number =
                letter.to.trim_start_matches("+35840").trim_start_matches('v').trim_end_matches("@example.org");
            let who: usize = number.parse().expect("one of ours");
            let person = &self.people[who % 2_000_000];
            assert!(person.awake(letter.time), "seed {}: v{who} is told at {}", self.seed, wall(letter.time));
            assert!(references.insert(&letter.reference), "seed {}: twice: {letter:?}", self.seed);
        }
        letters.len()
    }

    fn check_budgets(&self, messages: &[Message]) {
        let mut asks: BTreeMap<usize, Vec<Timestamp>> = BTreeMap::new();
        for message in messages.iter().filter(|one| one.template == "offer") {
            let who: usize = message.recipient.trim_start_matches("volunteers/v").parse().expect("a number");
            asks.entry(who).or_default().extend(message.sent_time);
        }
        for (who, times) in asks {
            let budget = usize::from(self.people[who].budget);
            for first in &times {
                let week = *first..*first + SignedDuration::from_hours(7 * 24);
                let count = times.iter().filter(|time| week.contains(time)).count();
                assert!(count <= budget, "seed {}: v{who} is asked {count} times from {first} on", self.seed);
            }
        }
    }

    /// Each reminder that was due was sent at the look at which it had to be, once; no other was. Answers how many were.
    fn check_reminders(&self, messages: &[Message], looks: &[Look], leaps: &[usize]) -> usize {
        let seed = self.seed;
        let mut told: BTreeMap<(String, String, Timestamp), &Message> = BTreeMap::new();
        for message in messages.iter().filter(|one| one.template.starts_with("reminder")) {
            let key = (message.subject.clone(), message.template.clone(), message.create_time);
            assert!(told.insert(key, message).is_none(), "seed {seed}: two of a kind: {message:?}");
        }
        let mut sent = 0;
        for promise in &self.promises {
            let person = &self.people[promise.who];
            for (template, due, end) in person.reminders(promise.made, promise.span.start()) {
                let key = (format!("gigs/{}", promise.gig.id), template.to_owned(), promise.made);
                let message = told.remove(&key);
                let message = message.unwrap_or_else(|| panic!("seed {seed}: lost: {template} of {promise:?}"));
                let wanted = if person.is_reached { self.outcome(promise, due, end, looks) } else { None };
                assert_eq!(message.sent_time, wanted, "seed {seed}: {person:?} {message:?}, due {due}");
                sent += usize::from(wanted.is_some());
                // Without a leap, what could be told was told.
                let lived = looks.iter().filter(|look| promise.stands(look.step)).collect::<Vec<_>>();
                let could = lived.iter().any(|look| {
                    let free = !self.promises.iter().any(|one| {
                        let touches = one.span.start() <= look.time && look.time < one.span.end();
                        one.who == promise.who && one.stands(look.step) && touches
                    });
                    (due..end).contains(&look.time) && person.awake(look.time) && free
                });
                let leapt = leaps.iter().any(|step| promise.stands(*step));
                let is_told = wanted.is_some();
                assert!(leapt || !person.is_reached || is_told == could, "seed {seed}: lost: {message:?}");
            }
        }
        assert!(told.is_empty(), "seed {seed}: not due: {:?}", told.values().next());
        sent
    }
}

async fn season(storage: Storage, seed: u64, begin: &str) {
    let mut season = Season::open(&storage, seed, begin).await;
    let workers = [season.post.worker(), season.second()];
    let (mut looks, mut leaps) = (Vec::new(), Vec::new());
    let steps = usize::try_from(DAYS * 96).expect("small");
    let first = season.post.clock.time();
    for step in 0..steps {
        let now = season.post.clock.time();
        season.ahead.set(now + AHEAD);
        if season.dice.below(5) == 0 && season.happen(step).await {
            workers[0].tell_all().await.expect("told");
        }
        // Both look; now and then the one that is ahead does so first.
        let first = usize::from(season.dice.below(3) == 0);
        let times = [now, now + AHEAD];
        looks.extend([first, 1 - first].map(|at| Look { step, time: times[at] }));
        if season.is_due().await {
            for at in [first, 1 - first] {
                workers[at].send_due().await.expect("sent");
            }
        }
        let seconds = i64::try_from(season.dice.below(120)).expect("small");
        season.post.clock.advance(SignedDuration::from_secs(14 * 60 + seconds));
        if season.dice.below(300) == 0 {
            let leap = season.dice.of(&[1, -1, 24, -24]);
            season.post.clock.advance(SignedDuration::from_hours(leap));
            leaps.push(step + 1);
        }
    }
    let offset = |time: Timestamp| wall(time).offset();
    assert_ne!(offset(first), offset(season.post.clock.time()), "seed {seed}: the clock changes in these weeks");
    let messages = season.post.messages().await;
    let letters = season.check_letters();
    season.check_budgets(&messages);
    let reminders = season.check_reminders(&messages, &looks, &leaps);
    assert!(letters > 50 && reminders > 20, "seed {seed}: {letters} letters, {reminders} reminders: nothing was tried");
    storage.remove().await;
}

/// Days some two weeks before the clocks of Finland change: 28 March 2027, and 31 October 2027 or 25 October 2026.
const SPRING: &str = "2027-03-12T06:00:00Z";
const AUTUMNS: [&str; 2] = ["2027-10-15T06:00:00Z", "2026-10-09T06:00:00Z"];

#[tokio::test]
async fn springs_keep_to_everybodys_hours_and_budget_on_sqlite() {
    for turn in 0..size(2, 20) {
        season(Storage::folder(), 7_919 * (turn as u64 + 1), SPRING).await;
    }
}

#[tokio::test]
async fn springs_keep_to_everybodys_hours_and_budget_on_postgres() {
    for turn in 0..size(1, 10) {
        season(Storage::throwaway().await, 31_676 + 7_919 * turn as u64, SPRING).await;
    }
}

#[tokio::test]
async fn autumns_keep_to_everybodys_hours_and_budget_on_sqlite() {
    for turn in 0..size(2, 20) {
        season(Storage::folder(), 104_729 * (turn as u64 + 1), AUTUMNS[turn % 2]).await;
    }
}

#[tokio::test]
async fn autumns_keep_to_everybodys_hours_and_budget_on_postgres() {
    for turn in 0..size(1, 10) {
        season(Storage::throwaway().await, 314_187 + 104_729 * turn as u64, AUTUMNS[turn % 2]).await;
    }
}
