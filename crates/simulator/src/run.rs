//! One policy in one world, event by event: gigs open, people are asked, answer, tire, leave.

mod person;
mod search;

use std::{cmp::Reverse, collections::BinaryHeap};

use matching::offer_policy::{Acceptance, Asked, Lesson, Outcome, Prior, area};

use crate::{
    log::Log,
    policy::{self, Policy, View},
    truth::Reply,
    world::{DAY_S, World},
};
use person::Person;
use search::{Ask, Search, State};

/// What happens next, in the order of equal moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Answer { gig: usize, volunteer: usize, yes: bool },
    Done { volunteer: usize },
    Open { gig: usize },
    Look { gig: usize },
    Night { day: usize },
}

/// Days over which an area's share of filled gigs is taken.
const FILLED_DAYS: i64 = 28;

/// A policy at work.
struct Run<'a> {
    world: &'a World,
    policy: Policy,
    now_s: i64,
    queue: BinaryHeap<Reverse<(i64, Event)>>,
    people: Vec<Person>,
    searches: Vec<Search>,
    /// How many gigs have opened.
    opened: usize,
    model: Acceptance,
    log: Log,
}

/// Runs a policy through a world.
#[must_use]
pub fn run(world: &World, policy: Policy) -> Log {
    let people = world.volunteers.iter().map(Person::new).collect();
    let mut run = Run {
        world,
        policy,
        now_s: 0,
        queue: BinaryHeap::new(),
        people,
        searches: vec![Search::default(); world.gigs.len()],
        opened: 0,
        model: Acceptance::new(Prior::default(), 0),
        log: Log::new(world),
    };
    for (gig, opens) in world.gigs.iter().enumerate() {
        run.at(opens.opens_s, Event::Open { gig });
    }
    for day in 0..world.setting.days {
        run.at((day as i64 + 1) * DAY_S, Event::Night { day });
    }
    while let Some(Reverse((time_s, event))) = run.queue.pop() {
        run.now_s = time_s;
        run.happen(event);
    }
    run.log.own_calibration = policy.ours().and_then(|_| run.model.calibration.error());
    run.log
}

impl Run<'_> {
    fn at(&mut self, time_s: i64, event: Event) {
        self.queue.push(Reverse((time_s, event)));
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Open { gig } => {
                self.opened += 1;
                self.searches[gig].state = State::Open;
                self.at(self.world.gigs[gig].deadline_s, Event::Look { gig });
                self.look(gig);
            }
            Event::Look { gig } => self.look(gig),
            Event::Answer { gig, volunteer, yes } => self.answer(gig, volunteer, yes),
            Event::Done { volunteer } => {
                let half_life_days = self.world.volunteers[volunteer].half_life_days;
                let person = &mut self.people[volunteer];
                person.tired.add(-self.world.setting.fatigue.2, half_life_days, self.now_s);
                person.fatigue.done(self.now_s);
                person.last_gig_s = Some(self.now_s);
            }
            Event::Night { day } => self.night(day),
        }
    }

    fn night(&mut self, day: usize) {
        for (volunteer, nature) in self.world.volunteers.iter().enumerate() {
            let person = &mut self.people[volunteer];
            let tired = person.tired.at(nature.half_life_days, self.now_s);
            if !person.has_left && self.world.leaves(volunteer, day, tired) {
                person.has_left = true;
                self.log.left(day);
            }
        }
    }

    fn look(&mut self, gig: usize) {
        if self.searches[gig].state != State::Open {
            return;
        }
        if self.now_s >= self.world.gigs[gig].deadline_s {
            self.close(gig, State::Unmet);
            return;
        }
        let (asks, next_s) = match self.policy.ours() {
            Some(_) => self.our_step(gig),
            None => self.their_step(gig),
        };
        for ask in asks {
            self.ask(gig, ask);
        }
        // Looks that come to nothing cost nothing: the policies decide by the clock, not by the look.
        if let Some(next_s) = next_s.filter(|next_s| *next_s < self.world.gigs[gig].deadline_s) {
            let search = &mut self.searches[gig];
            if search.next_look_s != Some(next_s) {
                search.next_look_s = Some(next_s);
                self.at(next_s, Event::Look { gig });
            }
        }
    }

    /// Whether somebody can be asked about a gig at all.
    fn can(&self, gig: usize, volunteer: usize) -> bool {
        let person = &self.people[volunteer];
        let joined = self.world.volunteers[volunteer].joins_day as i64 * DAY_S <= self.now_s;
        joined && !person.has_left && !person.busy.contains(&self.world.gigs[gig].part())
    }

    fn their_step(&mut self, gig: usize) -> (Vec<Ask>, Option<i64>) {
        let (search, asked_of) = (&self.searches[gig], &self.world.gigs[gig]);
        let view = View {
            now_s: self.now_s,
            opened_s: asked_of.opens_s,
            able: asked_of.able.iter().filter(|(volunteer, _)| self.can(gig, *volunteer)).count(),
            asked: search.asked.len(),
            last_asked_s: search.asked.last().map(|ask| ask.at_s),
            last_declined: search.asked.last().is_some_and(|ask| !ask.is_silent),
        };
        let (count, next_s) = policy::nearest(self.policy, &view);
        let waiting = asked_of.able.iter().filter(|(volunteer, _)| {
            self.can(gig, *volunteer) && search.asked.iter().all(|ask| ask.volunteer != *volunteer)
        });
        let asks = waiting.take(count).map(|(volunteer, travel_min)| Ask::plain(*volunteer, *travel_min, self.now_s));
        (asks.collect(), next_s)
    }

    fn our_step(&mut self, gig: usize) -> (Vec<Ask>, Option<i64>) {
        let Some(policy) = self.policy.ours() else { return (Vec::new(), None) };
        let asked_of = &self.world.gigs[gig];
        let mut held_back = false;
        let mut waiting = Vec::new();
        for &(volunteer, travel_min) in &asked_of.able {
            let known = self.searches[gig].asked.iter().any(|ask| ask.volunteer == volunteer);
            if known || !self.can(gig, volunteer) {
                continue;
            }
            // One open offer per volunteer and time.
            if self.people[volunteer].offers.contains(&asked_of.part()) {
                held_back = true;
                continue;
            }
            let features = self.people[volunteer].features(asked_of, travel_min, self.now_s);
            let yes = self.model.chance(&self.people[volunteer].intercept, &features, self.now_s);
            waiting.push(Ask { features, yes, ..Ask::plain(volunteer, travel_min, self.now_s) });
        }
        let candidates: Vec<_> =
            waiting.iter().map(|ask| self.people[ask.volunteer].candidate(ask, self.now_s)).collect();
        let asked: Vec<Asked> = self.searches[gig].asked.iter().map(Ask::seen).collect();
        let search = matching::offer_policy::Search {
            now_s: self.now_s,
            opened_s: asked_of.opens_s,
            deadline_s: asked_of.deadline_s,
            more_from_s: held_back.then_some(self.now_s + 600),
            asks_left: self.asks_left(gig),
            seed: gig as u64,
            ..Default::default()
        };
        let step = policy.step(&search, &asked, &candidates, &self.model.answers());
        let chosen =
            step.ask.iter().filter_map(|chosen| waiting.iter().find(|ask| ask.volunteer == chosen.volunteer).cloned());
        (chosen.collect(), step.look_again_s)
    }

    /// The budget of the gig's area, by what its last weeks were like.
    fn asks_left(&self, gig: usize) -> usize {
        let here = self.world.gigs[gig].area;
        let mut week = area::Week { gigs: 0, asks: 0, filled: 1.0, filled_in_network: 1.0 };
        let (mut closed, mut filled) = ([0_u32; 2], [0_u32; 2]);
        for other in (0..self.opened).rev() {
            let (of, search) = (&self.world.gigs[other], &self.searches[other]);
            let age_s = self.now_s - of.opens_s;
            if age_s > FILLED_DAYS * DAY_S + DAY_S {
                break;
            }
            if of.area == here && age_s <= 7 * DAY_S {
                week.gigs += 1;
                week.asks += search.asked.len();
            }
            if matches!(search.state, State::Filled | State::Unmet) {
                for scope in if of.area == here { 0..2 } else { 1..2 } {
                    closed[scope] += 1;
                    filled[scope] += u32::from(search.state == State::Filled);
                }
            }
        }
        let share = |scope: usize| (f64::from(filled[scope]) + 1.0) / (f64::from(closed[scope]) + 1.0);
        (week.filled, week.filled_in_network) = (share(0), share(1));
        area::Settings::default().asks_left(&week, self.searches[gig].asked.len())
    }

    fn ask(&mut self, gig: usize, ask: Ask) {
        let (volunteer, nature) = (ask.volunteer, &self.world.volunteers[ask.volunteer]);
        let asked_of = &self.world.gigs[gig];
        let person = &mut self.people[volunteer];
        let tired = person.tired.at(nature.half_life_days, self.now_s);
        let knows = person.helped.contains(&asked_of.seeker);
        let chance = self.world.chance(gig, volunteer, ask.travel_min, knows, tired);
        let reply = self.world.reply(gig, volunteer, chance, self.now_s);
        person.tired.add(self.world.setting.fatigue.0, nature.half_life_days, self.now_s);
        person.fatigue.asked(self.now_s);
        person.remember_ask(asked_of, self.now_s);
        person.offers.push(asked_of.part());
        let in_time = matches!(reply, Reply::Yes { at_s } if at_s < asked_of.deadline_s);
        if self.policy.ours().is_some() {
            let left_min = (asked_of.deadline_s - self.now_s) as f64 / 60.0;
            let predicted = self.model.answers().yes_within(ask.yes, 0.0, left_min);
            self.log.predictions.push((predicted, in_time));
        }
        match reply {
            Reply::Yes { at_s } if in_time => self.at(at_s, Event::Answer { gig, volunteer, yes: true }),
            Reply::No { at_s } if at_s < asked_of.deadline_s => {
                self.at(at_s, Event::Answer { gig, volunteer, yes: false });
            }
            _ => {}
        }
        self.log.asked(volunteer);
        self.searches[gig].asked.push(ask);
    }

    fn answer(&mut self, gig: usize, volunteer: usize, yes: bool) {
        let nature = &self.world.volunteers[volunteer];
        let asked_of = &self.world.gigs[gig];
        if self.people[volunteer].has_left {
            return;
        }
        match self.searches[gig].state {
            State::Filled if yes => {
                let person = &mut self.people[volunteer];
                person.tired.add(self.world.setting.fatigue.1, nature.half_life_days, self.now_s);
                person.fatigue.already_taken(self.now_s);
                self.log.taken += 1;
            }
            // Whoever took something else for that time meanwhile can only say no.
            State::Open if yes && self.can(gig, volunteer) => {
                self.end(gig, volunteer, Outcome::Yes);
                self.people[volunteer].take(asked_of);
                self.at(asked_of.start_s + 3_600, Event::Done { volunteer });
                let minutes = (self.now_s - asked_of.opens_s) as f64 / 60.0;
                self.log.filled(gig, minutes, volunteer, self.now_s);
                self.close(gig, State::Filled);
            }
            State::Open => {
                self.end(gig, volunteer, Outcome::No);
                self.look(gig);
            }
            _ => {}
        }
    }

    /// An ask has come to its end: the offer is closed, and learnt from.
    fn end(&mut self, gig: usize, volunteer: usize, outcome: Outcome) {
        let asked_of = &self.world.gigs[gig];
        let Some(ask) = self.searches[gig].asked.iter_mut().find(|ask| ask.volunteer == volunteer) else { return };
        ask.is_silent = false;
        let person = &mut self.people[volunteer];
        if let Some(at) = person.offers.iter().position(|part| *part == asked_of.part()) {
            person.offers.swap_remove(at);
        }
        if outcome == Outcome::Yes {
            person.kinds[asked_of.kind].1 += 1.0;
        }
        if self.policy.ours().is_some() {
            let lesson =
                Lesson { features: ask.features, predicted: ask.yes, asked_s: ask.at_s, ended_s: self.now_s, outcome };
            self.model.learn(&mut person.intercept, &lesson);
        }
    }

    fn close(&mut self, gig: usize, state: State) {
        self.searches[gig].state = state;
        let asked = self.searches[gig].asked.iter();
        let silent: Vec<usize> = asked.filter(|ask| ask.is_silent).map(|ask| ask.volunteer).collect();
        for volunteer in silent {
            self.end(gig, volunteer, Outcome::Silent);
        }
    }
}
