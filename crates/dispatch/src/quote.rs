//! The caller is on the line: who could come, when, and who suits best. Nothing is written.

use std::cmp::Reverse;
use std::sync::Arc;

use domain::plan::TravelSource;
use domain::{
    Explanation, Gig, GigId, GigState, NetworkId, Refusal, Role, Scope, TimeWindow, Timestamp, Volunteer, VolunteerId,
};
use jiff::SignedDuration;
use matching::explain::Schedules;
use matching::problem::Problem;
use matching::quote::FeasibleStart;
use matching::roster::{Ask, Shown};
use matching::score::{Soft, Term};
use matching::travel::Block;

pub use matching::offer_policy::Likelihood;

use crate::asking::deadline;
use crate::claim::compile;
use crate::explain::Asked;
use crate::gigs::{NewGig, prepared};
use crate::roster::live::Live;
use crate::roster::{Frame, LeftOut, Roster, instant};
use crate::think::{think, think_of_all};
use crate::ways::Times;
use crate::{Dispatch, Error, explain, load};

/// Volunteers of an answer when the caller says nothing.
pub const CANDIDATES_DEFAULT: usize = 10;
/// Most volunteers of an answer.
pub const CANDIDATES_MAX: usize = 100;
/// Most starts of an answer.
pub const STARTS_MAX: usize = 200;
/// How far into a gig's windows an answer looks, in days from their first start.
pub const LOOK_AHEAD_DAYS: i64 = 28;
/// Up to so many volunteers, a look at all of them is short.
const SHORT_LOOK: usize = 20_000;

/// The gig that is asked about.
#[derive(Debug, Clone, PartialEq)]
pub enum QuoteFor {
    /// One that is stored and wants helpers.
    Stored(GigId),
    /// One that is only being talked about; it is checked like a new gig and not stored.
    Inline(Box<NewGig>),
}

/// A term of a score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreTerm {
    /// The term's code: `TRAVEL`, `FAMILIAR`, `LIKES`, `FAIR_SHARE`, `WISHES`, `NEEDED_ELSEWHERE`.
    pub code: &'static str,
    /// Its value in thousandths of a point; a point is worth a minute of travel, more is better.
    pub milli: i64,
}

/// A volunteer who could come.
#[derive(Debug, Clone, PartialEq)]
pub struct QuotedVolunteer {
    /// Who. Only for callers who may see volunteers.
    pub volunteer: Arc<Volunteer>,
    /// The slot they suit best, from 0: the first of equals.
    pub slot: u8,
    /// All free slots that they suit, ascending.
    pub slots: Vec<u8>,
    /// The start at which they suit best.
    pub start: Timestamp,
    /// The way from home, in seconds; 0 for a call.
    pub travel_s: i64,
    /// Seconds of travel that the gig adds to what they do anyway.
    pub extra_travel_s: i64,
    /// The score, term by term.
    pub terms: Vec<ScoreTerm>,
    /// The sum of the terms.
    pub total_milli: i64,
}

impl QuotedVolunteer {
    /// As a role may see it: that somebody is needed elsewhere, and how much, is a price of the whole week, and left out for who does not
    /// weigh it. The order stays; the total is that of what is shown.
    pub(crate) fn seen_by(&mut self, role: Role) {
        if !role.weighs_the_week() {
            self.terms.retain(|term| term.code != Soft::NeededElsewhere.code());
            self.total_milli = self.terms.iter().map(|term| term.milli).sum();
        }
    }
}

/// A start that can be told to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotedStart {
    /// When.
    pub start: Timestamp,
    /// How many volunteers could take a slot then.
    pub able: u32,
    /// How likely asking them fills the gig; none where nobody is to be told.
    pub likelihood: Option<Likelihood>,
}

/// The answer to "who could come, and when?".
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// The gig as it was asked about, with what was left out filled in.
    pub gig: Arc<Gig>,
    /// Best first, everybody once.
    pub candidates: Vec<QuotedVolunteer>,
    /// Starts at which every free slot can be filled, ascending, at most [`STARTS_MAX`].
    pub starts: Vec<QuotedStart>,
    /// How many volunteers were looked at.
    pub considered: u32,
    /// How many of them could come.
    pub able: u32,
    /// Why the gig cannot be filled, where it cannot.
    pub explanation: Option<Explanation>,
    /// What ways were measured with; none where there are none: for a call.
    pub travel_source: Option<TravelSource>,
}

impl Quote {
    /// The start that is asked for where none is named: the agreed one, else of the likeliest to be filled the one that most could keep, the
    /// earliest of equals.
    #[must_use]
    pub fn first_choice(&self) -> Option<Timestamp> {
        let best = || self.starts.iter().max_by_key(|at| (at.likelihood, at.able, Reverse(at.start)));
        self.gig.start.or_else(|| Some(best()?.start))
    }
}

/// Why nobody is looked for.
fn wants_nobody(gig: &Gig, helpers: usize) -> Refusal {
    let refusal = load::illegal(gig);
    if gig.state != GigState::Filled {
        return refusal;
    }
    let people = if helpers == 1 { "volunteer" } else { "volunteers" };
    Refusal { detail: format!("the gig is filled, by {helpers} {people}: nobody is looked for"), ..refusal }
        .with("helpers", helpers)
}

impl Dispatch {
    /// Ranks the volunteers who could take a slot of a gig beside all that stands, and lists the starts that can be kept.
    ///
    /// # Errors
    /// `GIG_STATE_ILLEGAL` if it wants no helpers or lacks its place, what creating it would be refused for if it is inline,
    /// `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn quote(
        &self,
        scope: &Scope,
        network: &NetworkId,
        what: QuoteFor,
        limit: usize,
        now: Timestamp,
    ) -> Result<Quote, Error> {
        scope.admit(network)?;
        let live = self.rosters.current(&self.db, network, now).await?;
        let gig = match what {
            QuoteFor::Stored(id) => self.gig_of(&live, scope, network, &id).await?,
            QuoteFor::Inline(new) => {
                let mut tx = self.db.read().await?;
                let new = NewGig { network: network.clone(), ..*new };
                // Boxed, as is all that a short look does without: what is not waited for is carried about all the same.
                Arc::new(Box::pin(prepared(&mut tx, scope, new, now)).await?)
            }
        };
        if !gig.state.wants_helpers() {
            return Err(wants_nobody(&gig, live.holders(&gig.id).len()).into());
        }
        let free = gig.slots.len().saturating_sub(live.holders(&gig.id).len());
        let mut quote = self.look_up(live, scope, gig, limit, now).await?;
        self.weigh_starts(&mut quote, free, now);
        quote.candidates.iter_mut().for_each(|candidate| candidate.seen_by(scope.role()));
        Ok(quote)
    }

    /// Says of each start how likely it is that enough for the free slots say yes in time, of those who are able then.
    fn weigh_starts(&self, quote: &mut Quote, free: usize, now: Timestamp) {
        let Some(first) = quote.starts.first() else { return };
        let (yes, answers) = self.memories.glance(&quote.gig.network, first.start, now);
        for at in &mut quote.starts {
            let left = deadline(now, at.start).duration_since(now).as_secs_f64() / 60.0;
            let in_time = answers.yes_within(yes, 0.0, left.max(0.0));
            at.likelihood = Some(Likelihood::of(free, at.able as usize, in_time));
        }
    }

    async fn look_up(
        &self,
        live: Arc<Live>,
        scope: &Scope,
        gig: Arc<Gig>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Quote, Error> {
        let limit = if limit == 0 { CANDIDATES_DEFAULT } else { limit.min(CANDIDATES_MAX) };
        let scope = scope.clone();
        let times = self.times(self.wanted(|_| ways(&live, &scope, &gig, now)), now).await?;
        // Another thread costs more than a short look takes.
        let is_short = gig.place.is_some() || live.index().count(None) <= SHORT_LOOK;
        // The index knows nothing of hours that were named or refused for one gig.
        let found = if gig.has_own_hours() {
            None
        } else if is_short {
            quick(&live, &scope, &gig, now, limit, &times)
        } else {
            let (live, scope, gig, times) = (Arc::clone(&live), scope.clone(), Arc::clone(&gig), times.clone());
            think(move || Ok(quick(&live, &scope, &gig, now, limit, &times))).await?
        };
        let nobody = match found {
            Some(quote) if !quote.starts.is_empty() => return Ok(quote),
            other => other,
        };
        if nobody.is_some() {
            let (live, scope, gig, times) = (Arc::clone(&live), scope.clone(), Arc::clone(&gig), times.clone());
            let few = think(move || Ok(reason(&live, &scope, &gig, now, &times, Asked::Few))).await?;
            if let Some((quote, explanation)) = nobody.clone().zip(few) {
                return Ok(Quote { explanation: Some(explanation), ..quote });
            }
        }
        let people = live.index().count(None);
        think_of_all(people, move || {
            let explained = nobody.zip(reason(&live, &scope, &gig, now, &times, Asked::All));
            match explained {
                Some((quote, explanation)) => Ok(Quote { explanation: Some(explanation), ..quote }),
                None => whole(&live, &scope, gig, now, limit, times),
            }
        })
        .await
    }

    /// A gig as the live roster has it; one that is over is read from the store.
    pub(crate) async fn gig_of(
        &self,
        live: &Live,
        scope: &Scope,
        network: &NetworkId,
        id: &GigId,
    ) -> Result<Arc<Gig>, Error> {
        match live.gig(id) {
            Some(gig) if load::reaches_gig(scope, gig) => Ok(Arc::clone(gig)),
            Some(_) => Err(load::no_gig(network, id).into()),
            None => Ok(Arc::new(load::gig(&mut self.db.read().await?, scope, network, id).await?)),
        }
    }
}

/// A roster of one gig beside everybody the caller reaches. `by_hand`: a person picks, so that nobody is left out as mediated.
pub(crate) fn beside_everybody(live: &Live, scope: &Scope, gig: &Gig, now: Timestamp, by_hand: bool) -> Roster {
    let frame = Frame::new(look_ahead(gig, now), now);
    // Whoever holds a slot of the gig stays: that slot is not free.
    let held = live.holders(&gig.id);
    let holds = |id: &VolunteerId| held.iter().any(|one| one.volunteer == *id);
    let mut material = live.one_gig(gig, &frame, |one| scope.reaches(one.association.as_ref()) || holds(&one.id));
    material.by_hand = by_hand;
    Roster::build(material, &frame, false)
}

/// From the first possible start, at most [`LOOK_AHEAD_DAYS`].
pub(crate) fn look_ahead(gig: &Gig, now: Timestamp) -> TimeWindow {
    let first =
        gig.windows.iter().filter(|window| window.end() > now).map(TimeWindow::start).min().unwrap_or(now).max(now);
    let limit = first + SignedDuration::from_hours(24 * LOOK_AHEAD_DAYS);
    let last = gig.last_end().unwrap_or(limit).min(limit);
    let hour = SignedDuration::from_hours(1);
    TimeWindow::new(first, last.max(first + hour)).unwrap_or_else(|_| gig.windows[0])
}

/// The question of a gig as the index is asked it; why not, where the gig cannot be matched.
pub(crate) fn question(
    live: &Live,
    scope: &Scope,
    gig: &Gig,
    now: Timestamp,
    limit: usize,
    times: &Times,
) -> Result<Ask, LeftOut> {
    let frame = Frame::new(look_ahead(gig, now), now);
    let row = live.gig_row(gig, &frame)?;
    let association = scope.association().map(ToString::to_string);
    Ok(Ask { table: times.table.clone(), ..live.ask(gig, row, &frame, association, limit) })
}

/// The answer of the index, without the reason where nobody can come; none where the question is out of its reach.
pub(crate) fn quick(
    live: &Live,
    scope: &Scope,
    gig: &Arc<Gig>,
    now: Timestamp,
    limit: usize,
    times: &Times,
) -> Option<Quote> {
    let ask = question(live, scope, gig, now, limit, times).ok()?;
    let holders = live.holders(&gig.id);
    let beyond = holders.iter().filter(|held| {
        live.volunteer(&held.volunteer).is_some_and(|volunteer| !scope.reaches(volunteer.association.as_ref()))
    });
    let considered = live.index().count(ask.association.as_deref()) + beyond.count();
    // Rows that contradict themselves are told by the other way.
    let answer = live.index().quote(&ask).ok()??;
    let with_row = |shown: Shown| {
        Some(QuotedVolunteer {
            volunteer: Arc::clone(live.volunteer(&VolunteerId::new(&shown.id).ok()?)?),
            slot: slot(shown.slot),
            slots: shown.slots.into_iter().map(slot).collect(),
            start: instant(shown.start),
            travel_s: shown.way_out_s,
            extra_travel_s: shown.extra_travel_s,
            terms: terms(&shown.terms),
            total_milli: shown.total_milli,
        })
    };
    Some(Quote {
        gig: Arc::clone(gig),
        starts: quoted(&answer.starts),
        candidates: answer.shown.into_iter().filter_map(with_row).collect(),
        considered: count(considered),
        able: count(answer.able),
        explanation: None,
        travel_source: measured(gig, times.source),
    })
}

/// Why nobody can come, by the rows that the index keeps; none where the question is out of its reach, or those who are asked too few.
pub(crate) fn reason(
    live: &Live,
    scope: &Scope,
    gig: &Gig,
    now: Timestamp,
    times: &Times,
    asked: Asked,
) -> Option<Explanation> {
    explain::reason(live, &question(live, scope, gig, now, 1, times).ok()?, gig, asked)
}

/// The ways that an answer hangs on.
pub(crate) fn ways(live: &Live, scope: &Scope, gig: &Gig, now: Timestamp) -> Vec<Block> {
    let ask = question(live, scope, gig, now, 1, &Times::default());
    ask.map_or_else(|_| Vec::new(), |ask| live.index().ways(&ask))
}

/// The answer over everybody, with the reason if nobody can come.
pub(crate) fn whole(
    live: &Live,
    scope: &Scope,
    gig: Arc<Gig>,
    now: Timestamp,
    limit: usize,
    times: Times,
) -> Result<Quote, Error> {
    let mut roster = beside_everybody(live, scope, &gig, now, true);
    roster.snapshot.table = times.table;
    let travel_source = measured(&gig, times.source);
    Ok(Quote { travel_source, ..answer(gig, &roster, limit)? })
}

/// What the ways of a gig are measured with, if it has any.
pub(crate) fn measured(gig: &Gig, source: TravelSource) -> Option<TravelSource> {
    gig.place.is_some().then_some(source)
}

fn terms(terms: &[Term]) -> Vec<ScoreTerm> {
    terms.iter().map(|term| ScoreTerm { code: term.soft.code(), milli: term.milli }).collect()
}

fn quoted(starts: &[FeasibleStart]) -> Vec<QuotedStart> {
    let first = starts.iter().take(STARTS_MAX);
    first.map(|at| QuotedStart { start: instant(at.start), able: count(at.able), likelihood: None }).collect()
}

fn answer(gig: Arc<Gig>, roster: &Roster, limit: usize) -> Result<Quote, Error> {
    let considered = count(roster.volunteers.len());
    let nothing = |gig: Arc<Gig>, why| {
        let explanation = Some(explain::left_out(&gig, why));
        Quote { gig, candidates: Vec::new(), starts: Vec::new(), considered, able: 0, explanation, travel_source: None }
    };
    match roster.why_left_out(&gig.id) {
        None => {}
        Some(LeftOut::NoTimeLeft) => return Ok(nothing(gig, LeftOut::NoTimeLeft)),
        Some(why) => return Err(crate::claim::unmatchable(&gig, why).into()),
    }
    let problem = compile(roster)?;
    let Some(task) = problem.find_gig(gig.id.as_str()) else { return Ok(nothing(gig, LeftOut::RowMissing)) };
    let quote = matching::quote::quote(&problem, task);
    let candidates = ranked(&problem, task, roster, &quote, limit);
    let starts = quoted(&quote.starts);
    let standing = Schedules::standing(&problem);
    let explanation =
        starts.is_empty().then(|| explain::of_problem(&problem, &gig, &standing, &|id| roster.person(id)));
    Ok(Quote {
        gig,
        candidates,
        starts,
        considered,
        able: count(quote.candidates.len()),
        explanation,
        travel_source: None,
    })
}

/// The first candidates of an answer of the core, with their rows.
pub(crate) fn ranked(
    problem: &Problem,
    task: usize,
    roster: &Roster,
    quote: &matching::quote::Quote,
    limit: usize,
) -> Vec<QuotedVolunteer> {
    let with_row = |candidate: &matching::quote::Candidate| {
        let id = VolunteerId::new(problem.volunteer_id(candidate.volunteer)).ok()?;
        Some(QuotedVolunteer {
            volunteer: Arc::clone(roster.volunteers.get(&id)?),
            slot: slot(candidate.slot),
            slots: candidate.slots.iter().copied().map(slot).collect(),
            start: instant(candidate.start),
            travel_s: problem.way_out_s(candidate.volunteer, task).unwrap_or(0),
            extra_travel_s: candidate.insertion.extra_travel_s,
            terms: terms(&candidate.terms),
            total_milli: candidate.total_milli,
        })
    };
    quote.candidates.iter().filter_map(with_row).take(limit).collect()
}

/// The number of a slot as it is told.
fn slot(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// A number of people as it is told.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
