//! Why is a gig open, and what single change would fill it? The proof is `matching`'s; here it gets ids and words.

mod verdict;
mod words;

use std::sync::Arc;

use domain::explanation::{CascadeStep, Competition, NearestMiss, ReasonClass};
use domain::plan::TravelSource;
use domain::{
    Explanation, Gig, GigId, GigState, LocalizedText, NetworkId, Scope, Timestamp, Volunteer, VolunteerId, zone,
};
use jiff::Span as Length;
use matching::explain::{Class, Miss, Schedules, explain_beside};
use matching::problem::Problem;
use matching::roster::Ask;
use matching::snapshot::Span;

use crate::claim::compile;
use crate::quote::{QuotedVolunteer, beside_everybody, look_ahead, measured, question, quick, ranked, ways};
use crate::roster::live::Live;
use crate::roster::{Frame, LeftOut, Roster, instant};
use crate::think::{think, think_of_all};
use crate::ways::Times;
use crate::{Dispatch, Error, load};

pub use verdict::WhyNot;

use verdict::Said;

/// How many of those who could take the gig are shown.
const BEST: usize = 2;
/// Of those who only live too far away, the nearest so many are looked at first, then so many: more than nearest misses are told.
const FAR_MAX: [usize; 2] = [256, 16_384];

/// An explanation, and one volunteer's part in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// Why the gig is as it is.
    pub explanation: Explanation,
    /// The best two who could take it, as things stand.
    pub best: Vec<QuotedVolunteer>,
    /// What the rules say of the volunteer asked about.
    pub why_not: Option<WhyNot>,
    /// What ways were measured with, where any were.
    pub travel_source: Option<TravelSource>,
}

impl Explained {
    /// An explanation for which no way was measured.
    fn without_ways(explanation: Explanation) -> Self {
        Self { explanation, best: Vec::new(), why_not: None, travel_source: None }
    }
}

impl Dispatch {
    /// Explains a gig beside what stands, and, if asked, one volunteer.
    ///
    /// # Errors
    /// `GIG_STATE_ILLEGAL` for a gig that was cancelled or ended unmet, `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn explain(
        &self,
        scope: &Scope,
        network: &NetworkId,
        id: &GigId,
        volunteer: Option<&VolunteerId>,
        now: Timestamp,
    ) -> Result<Explained, Error> {
        scope.admit(network)?;
        let live = self.rosters.current(&self.db, network, now).await?;
        let gig = self.gig_of(&live, scope, network, id).await?;
        if matches!(gig.state, GigState::Cancelled | GigState::Unmet) {
            return Err(load::illegal(&gig).into());
        }
        if let Some(id) = volunteer {
            load::volunteer_in(&live, scope, network, id)?;
        }
        if !gig.state.wants_helpers() {
            return Ok(Explained::without_ways(filled(&gig)));
        }
        let (asked, scope) = (volunteer.cloned(), scope.clone());
        let times = self.times(self.wanted(|_| ways(&live, &scope, &gig, now)), now).await?;
        let (people, role) = (live.index().count(None), scope.role());
        let beside = Beside { live, scope, gig, now, times };
        let (first, id) = (beside.clone(), asked.clone());
        let mut found = match think(move || first.by_index(id.as_ref(), Asked::Few).transpose()).await? {
            Some(found) => found,
            None => think_of_all(people, move || beside.by_everybody(asked.as_ref())).await?,
        };
        let why_not = found.why_not.iter_mut().flat_map(|why_not| &mut why_not.candidate);
        found.best.iter_mut().chain(why_not).for_each(|candidate| candidate.seen_by(role));
        Ok(found)
    }
}

/// Volunteers by their id.
pub(crate) type People<'a> = &'a (dyn Fn(&VolunteerId) -> Option<&'a Volunteer> + Sync);

/// Of whom the rules are asked for an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Those of whom columns do not say enough: of a nation, few. The nearest misses may lie beyond them.
    Few,
    /// Everybody.
    All,
}

/// A gig that wants helpers, and whom and what it is looked at beside.
#[derive(Debug, Clone)]
pub(crate) struct Beside {
    /// Everybody.
    pub(crate) live: Arc<Live>,
    /// Whom the caller reaches.
    pub(crate) scope: Scope,
    /// The gig.
    pub(crate) gig: Arc<Gig>,
    /// The time of the call.
    pub(crate) now: Timestamp,
    /// How long ways take.
    pub(crate) times: Times,
}

impl Beside {
    /// The explanation by everybody: from the index where it can tell.
    fn by_everybody(&self, volunteer: Option<&VolunteerId>) -> Result<Explained, Error> {
        self.by_index(volunteer, Asked::All).unwrap_or_else(|| self.by_rows(volunteer))
    }

    /// The explanation by the rows that the index keeps; none where the question is out of its reach, or where those who are asked are too
    /// few to tell. It knows nothing of hours that were named or refused for one gig, nor of whom a coordinator let go from it.
    pub(crate) fn by_index(&self, volunteer: Option<&VolunteerId>, asked: Asked) -> Option<Result<Explained, Error>> {
        let Self { live, scope, gig, now, times } = self;
        let now = *now;
        // Whom a coordinator let go from the gig a person may pick and a plan may not: the index knows what a person may.
        let is_let_go = gig.noes.iter().any(|no| no.by_coordinator);
        if gig.has_own_hours() || is_let_go || live.is_mediated(gig) {
            return None;
        }
        let mut ask = question(live, scope, gig, now, 1, times).ok()?;
        if let Some(id) = volunteer {
            live.ask_of(&mut ask, id);
        }
        let (explanation, said) = told(live, &ask, gig, asked, volunteer)?;
        let quote = quick(live, scope, gig, now, BEST, times)?;
        let score = |id: &VolunteerId| {
            let frame = Frame::new(look_ahead(gig, now), now);
            // Whoever holds a slot stays: it is not free.
            let held = live.holders(&gig.id);
            let stays = |one: &Volunteer| one.id == *id || held.iter().any(|held| held.volunteer == one.id);
            let mut alone = Roster::build(live.one_gig(gig, &frame, stays), &frame, false);
            alone.snapshot.table = times.table.clone();
            let starts: Vec<i64> = quote.starts.iter().map(|at| at.start.as_second()).collect();
            verdict::score(&alone, id, gig, &starts)
        };
        let why_not = volunteer.map(|id| WhyNot::of(id, gig, said, score)).transpose();
        let explanation = waiting(explanation, gig);
        let (best, travel_source) = (quote.candidates, measured(gig, times.source));
        Some(why_not.map(|why_not| Explained { explanation, best, why_not, travel_source }))
    }

    /// The explanation by the rows of everybody.
    pub(crate) fn by_rows(&self, volunteer: Option<&VolunteerId>) -> Result<Explained, Error> {
        let Self { live, scope, gig, now, times } = self;
        let now = *now;
        let mut roster = beside_everybody(live, scope, gig, now, false);
        roster.snapshot.table = times.table.clone();
        if let Some(why) = roster.why_left_out(&gig.id) {
            return Ok(Explained::without_ways(left_out(gig, why)));
        }
        let problem = compile(&roster)?;
        let task = problem.find_gig(gig.id.as_str());
        let quote = task.map(|task| matching::quote::quote(&problem, task)).unwrap_or_default();
        let best = task.map_or_else(Vec::new, |task| ranked(&problem, task, &roster, &quote, BEST));
        let people: People<'_> = &|id| roster.person(id);
        let score = |id: &VolunteerId| {
            let starts: Vec<i64> = quote.starts.iter().map(|at| at.start).collect();
            verdict::score(&roster.only(id, &gig.id), id, gig, &starts)
        };
        let of_one = |id| WhyNot::of(id, gig, Said::of_problem(&problem, gig, id, people), score);
        let why_not = volunteer.map(of_one).transpose()?;
        let explanation = waiting(of_problem(&problem, gig, &Schedules::standing(&problem), people), gig);
        Ok(Explained { explanation, best, why_not, travel_source: measured(gig, times.source) })
    }
}

/// The explanation of a gig for which offers may be out.
fn waiting(mut explanation: Explanation, gig: &Gig) -> Explanation {
    if gig.state == GigState::Offered && explanation.class == ReasonClass::Assignable {
        explanation.class = ReasonClass::Waiting;
        explanation.text = words::class(ReasonClass::Waiting, &explanation, gig.slots.len());
    }
    explanation
}

/// Why a gig is as it is beside what stands, by the rows that the index keeps; none where it cannot tell by those who are asked.
pub(crate) fn reason(live: &Live, ask: &Ask, gig: &Gig, asked: Asked) -> Option<Explanation> {
    told(live, ask, gig, asked, None).map(|(explanation, _)| explanation)
}

/// The same with what the rules say of one volunteer, if one is asked about, who is named in the question.
fn told(
    live: &Live,
    ask: &Ask,
    gig: &Gig,
    asked: Asked,
    volunteer: Option<&VolunteerId>,
) -> Option<(Explanation, Option<Said>)> {
    let people: People<'_> = &|id| live.volunteer(id).map(AsRef::as_ref);
    let said = |problem: &Problem| volunteer.and_then(|id| Said::of_problem(problem, gig, id, people));
    if asked == Asked::All {
        let problem = live.index().everybody(ask).ok()??;
        return Some((of_problem(&problem, gig, &Schedules::standing(&problem), people), said(&problem)));
    }
    FAR_MAX.into_iter().find_map(|far_max| {
        let (problem, away) = live.index().sifted(ask, far_max).ok()??;
        let number = problem.find_gig(gig.id.as_str())?;
        let rests = |person, hours| rests(&problem, people, person, hours);
        let found = explain_beside(&problem, number, &Schedules::standing(&problem), &away, &rests)?;
        Some((in_words(&problem, gig, &found), said(&problem)))
    })
}

/// A gig that needs no explanation: it is filled, or was, and has begun or is done.
fn filled(gig: &Gig) -> Explanation {
    plain(gig, ReasonClass::Filled, words::begun(gig.state))
}

/// A gig that is not matched automatically.
pub(crate) fn left_out(gig: &Gig, why: LeftOut) -> Explanation {
    let class = if why == LeftOut::NoTimeLeft { ReasonClass::NobodyEligible } else { ReasonClass::DataMissing };
    plain(gig, class, Some(words::left_out(why)))
}

fn plain(gig: &Gig, class: ReasonClass, text: Option<LocalizedText>) -> Explanation {
    let mut explanation = Explanation {
        gig: gig.id.clone(),
        class,
        considered: 0,
        cascade: Vec::new(),
        nearest_misses: Vec::new(),
        competition: None,
        text: LocalizedText::default(),
    };
    explanation.text = text.unwrap_or_else(|| words::class(class, &explanation, gig.slots.len()));
    explanation
}

/// Explains a gig of a compiled roster beside some schedules.
pub(crate) fn of_problem(problem: &Problem, gig: &Gig, schedules: &Schedules, people: People<'_>) -> Explanation {
    all_of_problem(problem, &[gig], schedules, people).remove(0)
}

/// Explains gigs of a compiled roster beside some schedules, in their order.
pub(crate) fn all_of_problem(
    problem: &Problem,
    gigs: &[&Gig],
    schedules: &Schedules,
    people: People<'_>,
) -> Vec<Explanation> {
    let number = |gig: &&Gig| problem.find_gig(gig.id.as_str());
    let numbers: Vec<usize> = gigs.iter().filter_map(number).collect();
    let rests = |person, hours| rests(problem, people, person, hours);
    let mut found = matching::explain::explain_all(problem, &numbers, schedules, &rests).into_iter();
    let each = gigs.iter().map(|gig| match number(gig).and_then(|_| found.next()) {
        Some(found) => in_words(problem, gig, &found),
        None => left_out(gig, LeftOut::RowMissing),
    });
    each.collect()
}

fn in_words(problem: &Problem, gig: &Gig, found: &matching::explain::Explanation) -> Explanation {
    let volunteer = |number: usize| VolunteerId::new(problem.volunteer_id(number)).ok();
    let nearest_misses: Vec<NearestMiss> =
        found.misses.iter().filter_map(|miss| miss_in_words(problem, gig, miss)).collect();
    let competition = found.competition.as_ref().and_then(|competition| {
        Some(Competition {
            volunteer: volunteer(competition.volunteer)?,
            gigs: competition.gigs.iter().filter_map(|&gig| GigId::new(problem.gig_id(gig)).ok()).collect(),
            weight_lost: competition.weight_lost,
        })
    });
    let cascade = found
        .cascade
        .iter()
        .map(|step| CascadeStep {
            rule: step.rule.code().to_owned(),
            remaining: u32::try_from(step.remaining).unwrap_or(u32::MAX),
        })
        .collect();
    let class = match found.class {
        Class::Filled => ReasonClass::Filled,
        Class::NobodyEligible => ReasonClass::NobodyEligible,
        Class::TooFewCandidates => ReasonClass::TooFewCandidates,
        Class::CappedOut => ReasonClass::CappedOut,
        Class::Outbid => ReasonClass::Outbid,
        Class::Assignable => ReasonClass::Assignable,
    };
    let mut explanation = Explanation {
        gig: gig.id.clone(),
        class,
        considered: u32::try_from(found.considered).unwrap_or(u32::MAX),
        cascade,
        nearest_misses,
        competition,
        text: LocalizedText::default(),
    };
    explanation.text = words::class(class, &explanation, gig.slots.len());
    explanation
}

/// Who would do what otherwise.
fn miss_in_words(problem: &Problem, gig: &Gig, miss: &Miss) -> Option<NearestMiss> {
    Some(NearestMiss {
        volunteer: VolunteerId::new(problem.volunteer_id(miss.volunteer)).ok()?,
        rule: miss.change.rule().code().to_owned(),
        amount: miss.change.amount(),
        change: words::change(&miss.change, gig),
    })
}

/// Whether somebody is on a pause on a day of these hours: other hours alone would not do then.
fn rests(problem: &Problem, people: People<'_>, person: usize, hours: Span) -> bool {
    let id = VolunteerId::new(problem.volunteer_id(person)).ok();
    let Some(person) = id.and_then(|id| people(&id)) else { return false };
    let day = |second: i64| instant(second).to_zoned(zone()).date();
    let mut days = day(hours.start).series(Length::new().days(1)).take_while(|on| *on <= day(hours.end - 1));
    days.any(|on| person.availability.paused_on(on))
}
