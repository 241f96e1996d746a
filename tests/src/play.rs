//! A player at a desk who makes random moves: asks for help, helps, changes their mind. What is done depends on the dice and on what
//! the books said when the round began, so that a seed tells the whole play but for who is first.

use std::sync::Arc;

use proto::dispatch::v1 as dispatch;
use proto::dispatch::v1::assignment::State as Held;
use proto::dispatch::v1::gig::State;
use proto::dispatch::v1::offer::State as Asked;
use proto::dispatch::v1::plan_item::Change;
use proto::registry::v1 as registry;

use crate::calendar::Week;
use crate::desk::Desk;
use crate::referee::Books;
use crate::tally::Tally;
use crate::town::NETWORK;
use crate::town_desk::request_id;
use crate::weeks::Dice;
use crate::{strangers, town};

/// A town no longer grows at so many volunteers, nor at so many gigs that are not over: a longer play is then no slower a play.
const TOWN_VOLUNTEERS: usize = 120;
const TOWN_GIGS: usize = 150;

/// One player.
#[derive(Debug)]
pub struct Player {
    desk: Desk,
    dice: Dice,
    week: Week,
    books: Arc<Books>,
    /// What was done.
    pub tally: Tally,
}

/// Makes a call, and now and then the same call again: it must have the same answer and no second effect.
macro_rules! say {
    ($player:ident, $name:literal, $client:ident . $method:ident ( $request:expr )) => {{
        let request = $request;
        let answer = $player.desk.$client.clone().$method(request.clone()).await;
        let granted = $player.tally.note($name, answer);
        if let Some(first) = &granted
            && $player.dice.percent(20)
        {
            match $player.desk.$client.clone().$method(request).await.map(tonic::Response::into_inner) {
                Ok(again) if again == *first => {}
                other => $player.tally.faults.push(format!("{} again: {other:?} after {first:?}", $name)),
            }
        }
        granted
    }};
}

impl Player {
    /// A player with the books of the round.
    #[must_use]
    pub fn new(desk: Desk, dice: Dice, week: Week, books: Arc<Books>) -> Self {
        Self { desk, dice, week, books, tally: Tally::default() }
    }

    /// Makes moves until `moves` calls have been made.
    pub async fn play(mut self, moves: usize) -> Tally {
        while self.tally.total() < moves {
            self.make_a_move().await;
        }
        self.tally
    }

    async fn make_a_move(&mut self) {
        match self.dice.between(1, 100) {
            1..=4 => self.join().await,
            5..=9 => self.grow().await,
            10..=13 => self.stand().await,
            14..=30 => self.ask_for_help().await,
            31..=35 => self.change_gig().await,
            36..=52 => self.assign().await,
            53..=66 => self.claim().await,
            67..=74 => self.release().await,
            75..=77 => self.cancel().await,
            78..=83 => self.begin_or_finish().await,
            84..=90 => self.offer().await,
            91..=98 => self.answer_offer().await,
            _ => self.plan().await,
        }
    }

    fn a_gig(&mut self, wanted: impl Fn(&dispatch::Gig) -> bool) -> Option<dispatch::Gig> {
        let some: Vec<&dispatch::Gig> = self.books.gigs.values().filter(|gig| wanted(gig)).collect();
        (!some.is_empty()).then(|| self.dice.pick(&some).clone())
    }

    fn a_volunteer(&mut self) -> registry::Volunteer {
        let all: Vec<&registry::Volunteer> = self.books.volunteers.values().collect();
        self.dice.pick(&all).clone()
    }

    /// Somebody new, where the town is not full.
    async fn join(&mut self) {
        if self.books.volunteers.len() >= TOWN_VOLUNTEERS {
            return self.grow().await;
        }
        let request = registry::CreateVolunteerRequest {
            parent: NETWORK.to_owned(),
            volunteer: Some(strangers::volunteer(&mut self.dice)),
            request_id: request_id(),
            ..Default::default()
        };
        say!(self, "create_volunteer", volunteers.create_volunteer(request));
    }

    /// A volunteer comes to be able to do more, never less: what was promised stays possible, and can be checked for ever.
    async fn grow(&mut self) {
        let old = self.a_volunteer();
        let (volunteer, path) = strangers::more_able(old, &mut self.dice);
        let request = registry::UpdateVolunteerRequest {
            volunteer: Some(volunteer),
            update_mask: Some(prost_types::FieldMask { paths: vec![path.to_owned()] }),
            request_id: request_id(),
            ..Default::default()
        };
        say!(self, "update_volunteer", volunteers.update_volunteer(request));
    }

    /// A volunteer pauses, is suspended, or comes back. Promises stand.
    async fn stand(&mut self) {
        let name = self.a_volunteer().name;
        let (reason, request_id) = ("kokeilu".to_owned(), request_id());
        match self.dice.between(1, 4) {
            1 => {
                let request = registry::PauseVolunteerRequest { name, reason, request_id, ..Default::default() };
                say!(self, "pause_volunteer", volunteers.pause_volunteer(request));
            }
            2 => {
                let request = registry::SuspendVolunteerRequest { name, reason, request_id, ..Default::default() };
                say!(self, "suspend_volunteer", volunteers.suspend_volunteer(request));
            }
            _ => {
                let request = registry::ReinstateVolunteerRequest { name, request_id, ..Default::default() };
                say!(self, "reinstate", volunteers.reinstate_volunteer(request));
            }
        }
    }

    async fn ask_for_help(&mut self) {
        let is_over = |gig: &dispatch::Gig| matches!(gig.state(), State::Cancelled | State::Completed | State::Unmet);
        if self.books.gigs.values().filter(|gig| !is_over(gig)).count() >= TOWN_GIGS {
            return self.cancel().await;
        }
        let request = dispatch::CreateGigRequest {
            parent: NETWORK.to_owned(),
            gig: Some(strangers::gig(&mut self.dice, self.week)),
            request_id: request_id(),
            ..Default::default()
        };
        if say!(self, "create_gig", gigs.create_gig(request)).is_some() {
            self.tally.expect("created", 1);
        }
    }

    /// Another text, which may always change; or another time, which may not once somebody is promised.
    async fn change_gig(&mut self) {
        let Some(mut gig) = self.a_gig(|_| true) else { return };
        gig.notes = format!("muutos {}", self.dice.roll());
        gig.etag.clear();
        let mut paths = vec!["notes".to_owned()];
        if self.dice.percent(50) {
            gig.windows = strangers::gig(&mut self.dice, self.week).windows;
            paths.push("windows".to_owned());
        }
        let request = dispatch::UpdateGigRequest {
            gig: Some(gig),
            update_mask: Some(prost_types::FieldMask { paths }),
            request_id: request_id(),
            ..Default::default()
        };
        if say!(self, "update_gig", gigs.update_gig(request)).is_some() {
            self.tally.expect("updated", 1);
        }
    }

    /// The best of a quote for each free slot, or now and then just anybody.
    async fn assign(&mut self) {
        let Some(gig) = self.a_gig(|gig| matches!(gig.state(), State::Open | State::Offered)) else { return };
        let (start, seats) = if self.dice.percent(20) {
            (gig.windows[0].start_time, vec![(0, self.a_volunteer().name)])
        } else {
            let Some(quoted) = self.quoted(&gig).await else { return };
            quoted
        };
        let seat = |(slot, volunteer)| dispatch::SlotAssignment { slot, volunteer };
        let request = dispatch::AssignVolunteerRequest {
            name: gig.name,
            start_time: start,
            assignments: seats.into_iter().map(seat).collect(),
            request_id: request_id(),
            ..Default::default()
        };
        let seats = request.assignments.len();
        if let Some(done) = say!(self, "assign_volunteer", gigs.assign_volunteer(request)) {
            self.took(done.gig.is_some_and(|gig| gig.state() == State::Filled), seats);
        }
    }

    /// Start and seats by the best candidate of a quote and, for two slots, the best other at the same start.
    async fn quoted(&mut self, gig: &dispatch::Gig) -> Option<(Option<prost_types::Timestamp>, Vec<(i32, String)>)> {
        let request = dispatch::QuoteGigRequest {
            parent: NETWORK.to_owned(),
            name: gig.name.clone(),
            candidate_limit: 20,
            ..Default::default()
        };
        let answer = self.desk.matching.clone().quote_gig(request).await;
        let quote = self.tally.note("quote_gig", answer)?;
        let best = quote.candidates.first()?;
        let other = quote.candidates.iter().find(|candidate| {
            (candidate.slot, candidate.start_time) != (best.slot, None)
                && candidate.slot != best.slot
                && candidate.volunteer != best.volunteer
                && candidate.start_time == best.start_time
        });
        let both = [Some(best), other.filter(|_| self.dice.percent(70))];
        let seats = both.into_iter().flatten().map(|candidate| (candidate.slot, candidate.volunteer.clone()));
        Some((best.start_time, seats.collect()))
    }

    /// Notes the events of slots that were taken: one when the gig is filled, else one for each that is held.
    fn took(&mut self, filled: bool, seats: usize) {
        if filled {
            self.tally.expect("gig_filled", 1);
        } else {
            self.tally.expect("slot_held", seats);
        }
    }

    async fn claim(&mut self) {
        let volunteer = self.a_volunteer().name;
        let name = if self.dice.percent(60) {
            let board = self.desk.board_of(&volunteer).await;
            board.first().map(|entry| entry.gig.clone())
        } else {
            self.a_gig(|gig| gig.state() == State::Open).map(|gig| gig.name)
        };
        let Some(name) = name else { return };
        let request = dispatch::ClaimGigRequest { name, volunteer, request_id: request_id(), ..Default::default() };
        if let Some(done) = say!(self, "claim_gig", gigs.claim_gig(request)) {
            self.took(done.gig.is_some_and(|gig| gig.state() == State::Filled), 1);
        }
    }

    async fn release(&mut self) {
        let held = [Held::Held, Held::Accepted, Held::Started];
        let some: Vec<String> = self
            .books
            .assignments
            .iter()
            .filter(|assignment| held.contains(&assignment.state()))
            .map(|assignment| assignment.name.clone())
            .collect();
        if some.is_empty() {
            return;
        }
        let name = some[self.dice.between(0, some.len() as i64 - 1) as usize].clone();
        let request = dispatch::ReleaseAssignmentRequest {
            name,
            reason: "sairastui".to_owned(),
            request_id: request_id(),
            ..Default::default()
        };
        if say!(self, "release", gigs.release_assignment(request)).is_some() {
            self.tally.expect("gig_reopened", 1);
        }
    }

    async fn cancel(&mut self) {
        let Some(gig) = self.a_gig(|_| true) else { return };
        let request = dispatch::CancelGigRequest {
            name: gig.name,
            reason: "asia hoitui".to_owned(),
            request_id: request_id(),
            ..Default::default()
        };
        if say!(self, "cancel_gig", gigs.cancel_gig(request)).is_some() {
            self.tally.expect("gig_cancelled", 1);
        }
    }

    /// Mostly what is near; what lies days ahead is too early.
    async fn begin_or_finish(&mut self) {
        let (is_near, evening) = (self.dice.percent(75), self.week.at(0, 18 * 60).seconds);
        let near = |gig: &dispatch::Gig| gig.agreed_start_time.is_some_and(|start| start.seconds <= evening);
        let goes_on = |gig: &dispatch::Gig| matches!(gig.state(), State::Filled | State::InProgress);
        let Some(gig) = self.a_gig(|gig| goes_on(gig) && (!is_near || near(gig))) else { return };
        let (name, request_id) = (gig.name.clone(), request_id());
        if gig.state() == State::InProgress {
            let request = dispatch::CompleteGigRequest { name, request_id, ..Default::default() };
            if say!(self, "complete_gig", gigs.complete_gig(request)).is_some() {
                self.tally.expect("gig_completed", 1);
            }
        } else {
            let request = dispatch::StartGigRequest { name, request_id, ..Default::default() };
            if say!(self, "start_gig", gigs.start_gig(request)).is_some() {
                self.tally.expect("gig_started", 1);
            }
        }
    }

    async fn offer(&mut self) {
        let Some(gig) = self.a_gig(|gig| matches!(gig.state(), State::Open | State::Offered)) else { return };
        let Some((start_time, seats)) = self.quoted(&gig).await else { return };
        let (slot, volunteer) = seats[0].clone();
        let offer = dispatch::Offer { gig: gig.name, slot, volunteer, start_time, ..Default::default() };
        let request = dispatch::CreateOfferRequest {
            parent: NETWORK.to_owned(),
            offer: Some(offer),
            request_id: request_id(),
            ..Default::default()
        };
        let made = say!(self, "create_offer", offers.create_offer(request));
        // Some answer at once, before anything else happens to the gig.
        if let Some(offer) = made.and_then(|made| made.offer).filter(|_| self.dice.percent(50)) {
            self.answer(offer.name).await;
        }
    }

    async fn answer_offer(&mut self) {
        let some: Vec<String> =
            self.books.offers.iter().filter(|offer| offer.state() == Asked::Pending).map(|o| o.name.clone()).collect();
        if some.is_empty() {
            return;
        }
        let name = some[self.dice.between(0, some.len() as i64 - 1) as usize].clone();
        self.answer(name).await;
    }

    async fn answer(&mut self, name: String) {
        let request_id = request_id();
        match self.dice.between(1, 6) {
            1 => {
                let request = dispatch::WithdrawOfferRequest { name, request_id, ..Default::default() };
                say!(self, "withdraw_offer", offers.withdraw_offer(request));
            }
            2 | 3 => {
                let request = dispatch::DeclineOfferRequest { name, request_id, reason: 1, ..Default::default() };
                say!(self, "decline_offer", offers.decline_offer(request));
            }
            _ => {
                let request = dispatch::AcceptOfferRequest { name, request_id, ..Default::default() };
                if let Some(done) = say!(self, "accept_offer", offers.accept_offer(request)) {
                    self.took(done.assignment.is_some_and(|taken| taken.state() == Held::Accepted), 1);
                }
            }
        }
    }

    /// A rematch of one day or of the week, sometimes with leave to move promises; applied, or put away.
    pub async fn plan(&mut self) {
        let day = self.dice.between(0, 6);
        let period = if self.dice.percent(50) { self.week.window(day, 0, 23 * 60) } else { self.week.whole() };
        let answer = self.desk.try_plan(period, self.dice.percent(30), 1_000).await;
        let Some(plan) = self.tally.note("create_plan", answer).and_then(|created| created.plan) else { return };
        let watched = self.desk.watch(&plan.name).await.map(tonic::Response::new);
        let Some((plan, _)) = self.tally.note("watch_plan", watched) else { return };
        if self.dice.percent(25) {
            let answer = self.desk.discard(&plan.name).await;
            self.tally.note("discard_plan", answer);
            return;
        }
        let items = plan.outcome.map(|outcome| outcome.items).unwrap_or_default();
        let (mut leaving, mut moving) = (0, 0);
        for item in items.iter().filter(|item| matches!(item.change(), Change::Moved | Change::Dropped)) {
            // If the gig changes after this, the plan is stale.
            let gig = self.desk.gig(&item.gig).await;
            match item.change() {
                // Where nobody was promised yet, the move is how the gig is filled.
                Change::Moved => moving += usize::from(gig.state() == State::Filled),
                _ => leaving += left_behind(item, &gig),
            }
        }
        let answer = self.desk.apply(&plan.name, &request_id()).await;
        if let Some(applied) = self.tally.note("apply_plan", answer) {
            let taken = items.iter().filter(|item| matches!(item.change(), Change::New | Change::Moved)).count();
            if taken != applied.applied_count as usize {
                self.tally.faults.push(format!("apply_plan: {taken} shown and {} applied", applied.applied_count));
            }
            self.tally.expect("gig_filled", taken - moving);
            self.tally.expect("gig_moved", moving);
            self.tally.expect("gig_reopened", leaving);
        }
    }
}

/// How many helpers a plan takes from the slots of a gig that is dropped.
fn left_behind(item: &dispatch::PlanItem, gig: &dispatch::Gig) -> usize {
    let stays = |helper: &&dispatch::Assignment| {
        let planned = usize::try_from(helper.slot).ok().and_then(|slot| item.volunteers.get(slot));
        item.start_time == helper.start_time && planned == Some(&helper.volunteer)
    };
    gig.assignments.iter().filter(|helper| !stays(helper)).count()
}

/// The town in which a play takes place: its seekers, and the first volunteers.
pub async fn settle(ops: &Desk, desk: &Desk, dice: &mut Dice) {
    ops.found_network().await;
    for number in 0..strangers::SEEKERS {
        desk.add_seeker(&format!("s{number}"), town::seeker(&format!("Eino Esimerkki {number}"))).await;
    }
    for number in 0..strangers::VOLUNTEERS_AT_FIRST {
        desk.add_volunteer(&format!("v{number}"), strangers::volunteer(dice)).await;
    }
}
