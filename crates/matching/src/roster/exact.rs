//! The rules' own word: a small snapshot of those who are shown and of those whose calendar is not simple, judged as ever.

use std::collections::{BTreeMap, BTreeSet};

use super::ask::{Answer, Ask, Shown};
use super::block::{KINDS, LANGUAGES, LIKES, SKILLS, TRAITS};
use super::look::{Look, Somebody, Sure, cut, last_gig};
use super::row::{UNBORN, held};
use super::words::Words;
use super::{Roster, least_age};
use crate::{
    eligibility::check,
    openings,
    problem::{CompileError, Problem, joined},
    quote::{self, Candidate, Taken},
    snapshot::{Familiar, GigRow, HeldSkill, Promise, PromiseState, Snapshot, Standing, VolunteerRow},
};

/// A word of the gig, as the roster knows it.
struct Word<'a> {
    name: &'a str,
    number: Option<u32>,
    bit: u64,
}

/// The words of the gig.
struct Said<'a> {
    kind: [Word<'a>; 1],
    skills: Vec<Word<'a>>,
    languages: Vec<Word<'a>>,
    wishes: Vec<Word<'a>>,
}

impl<'a> Said<'a> {
    fn new(roster: &Roster, ask: &'a Ask) -> Self {
        let word = |words: &Words, name: &'a String| Word {
            name,
            number: words.number(name),
            bit: words.bit(name).unwrap_or(0),
        };
        let (gig, words) = (&ask.gig, &roster.words);
        let skills: BTreeSet<&String> = gig.slots.iter().flat_map(|slot| &slot.skills).collect();
        Self {
            kind: [word(&words.kinds, &gig.kind)],
            skills: skills.into_iter().map(|name| word(&words.skills, name)).collect(),
            languages: gig.languages_any.iter().map(|name| word(&words.languages, name)).collect(),
            wishes: gig.wishes.iter().map(|name| word(&words.traits, name)).collect(),
        }
    }
}

impl Roster {
    /// Who could take the open slots of a gig beside everything that stands, and when: the answer that
    /// [`quote`](crate::quote::quote) gives over a snapshot of everybody. None if the question looks beyond the horizon.
    ///
    /// # Errors
    /// As [`Problem::compile`] for a gig or promises that contradict themselves.
    pub fn quote(&self, ask: &Ask) -> Result<Option<Answer>, CompileError> {
        if !self.horizon.holds(ask.within) {
            return Ok(None);
        }
        let alone = self.alone(ask)?;
        let Some(mut look) = Look::new(self, ask, &alone) else { return Ok(Some(Answer::default())) };
        look.run();
        if look.sieve.needed.len() > 1 { self.meeting(ask, look) } else { self.single(ask, look) }.map(Some)
    }

    /// The answer for one slot.
    fn single(&self, ask: &Ask, mut look: Look<'_>) -> Result<Answer, CompileError> {
        let mut answer = Answer::default();
        let shown = best(&mut look.sure, ask.limit);
        let asked = told(&look, shown, &mut answer);
        answer.able = look.able;
        let everybody: Vec<Somebody<'_>> =
            asked.iter().map(|sure| sure.who).chain(look.unsure.iter().copied()).collect();
        if !everybody.is_empty() {
            let problem = Problem::compile_for_rules(&self.gathered(ask, &everybody))?;
            let task = problem.find_gig(&ask.gig.id).unwrap_or(0);
            add_sure(&look, &problem, task, &asked, &mut answer);
            answer.able += judge(&mut look, &problem, task, &mut answer);
        }
        answer.starts = look.tally.starts(&look.hours);
        sort(&mut answer.shown);
        answer.shown.truncate(ask.limit);
        Ok(answer)
    }

    /// The answer for several slots, which are filled at one start.
    fn meeting(&self, ask: &Ask, mut look: Look<'_>) -> Result<Answer, CompileError> {
        let problem = Problem::compile_for_rules(&self.gathered(ask, &look.unsure))?;
        let task = problem.find_gig(&ask.gig.id).unwrap_or(0);
        let slots = problem.open_slots(task);
        let grid = look.hours.grid.clone();
        let mut judged: Vec<(usize, Vec<usize>)> = Vec::new();
        for who in &look.unsure {
            let Some(number) = problem.find_volunteer(&who.row.id.to_string()) else { continue };
            let mut by_start: BTreeMap<i64, u8> = BTreeMap::new();
            let mut suits = Vec::new();
            for (bit, &slot) in slots.iter().enumerate() {
                if check(&problem, number, task, slot).is_empty() {
                    let starts: Vec<i64> =
                        quote::takes(&problem, number, task, slot, &grid).map(|taken| taken.start).collect();
                    starts.iter().for_each(|start| *by_start.entry(*start).or_default() |= 1 << bit);
                    suits.extend((!starts.is_empty()).then_some(slot));
                }
            }
            by_start.into_iter().for_each(|(start, suits)| look.several.add_start(&look.hours, start, suits));
            judged.push((number, suits));
        }
        let mut starts = look.several.feasible(&look.hours, slots.len());
        let mut answer = Answer { able: look.meet(&starts), ..Answer::default() };
        for (number, suits) in judged {
            let meets = suits.iter().filter_map(|&slot| quote::best_of(&problem, number, task, slot, &grid, &starts));
            let mut found: Vec<Candidate> = meets.collect();
            found.sort_by(|a, b| (b.total_milli, a.start, a.slot).cmp(&(a.total_milli, b.start, b.slot)));
            let best = quote::each_once(found);
            answer.able += best.len();
            answer.shown.extend(best.iter().map(|candidate| shown_of(&problem, task, candidate)));
        }
        let shown = best(&mut look.sure, ask.limit);
        let asked = told(&look, shown, &mut answer);
        let everybody: Vec<Somebody<'_>> = asked.iter().map(|sure| sure.who).collect();
        if !everybody.is_empty() {
            let problem = Problem::compile_for_rules(&self.gathered(ask, &everybody))?;
            let task = problem.find_gig(&ask.gig.id).unwrap_or(0);
            add_sure(&look, &problem, task, &asked, &mut answer);
        }
        if starts.iter().any(|at| grid.binary_search(&at.start).is_ok()) {
            starts.retain(|at| grid.binary_search(&at.start).is_ok());
        }
        answer.starts = starts;
        sort(&mut answer.shown);
        answer.shown.truncate(ask.limit);
        Ok(answer)
    }

    /// The asked gig alone, for the words of the rules.
    pub(super) fn alone(&self, ask: &Ask) -> Result<Problem, CompileError> {
        Problem::compile_for_rules(&self.snapshot(ask, Vec::new(), vec![self.asked(ask)]))
    }

    /// The asked gig: with the start that is agreed with whoever holds a slot of it.
    fn asked(&self, ask: &Ask) -> GigRow {
        let agreed_start = ask.held.first().map(|held| held.start).or(ask.gig.agreed_start);
        GigRow { agreed_start, ..ask.gig.clone() }
    }

    fn snapshot(&self, ask: &Ask, volunteers: Vec<VolunteerRow>, gigs: Vec<GigRow>) -> Snapshot {
        Snapshot {
            volunteers,
            gigs,
            promises: Vec::new(),
            day_starts: ask.day_starts.clone(),
            week_starts: ask.week_starts.clone(),
            detour_permille: self.detour_permille,
            earth_radius_m: self.earth_radius_m,
            table: ask.table.clone(),
        }
    }

    /// Some members beside what they have promised, and the gig.
    pub(super) fn gathered(&self, ask: &Ask, members: &[Somebody<'_>]) -> Snapshot {
        let said = Said::new(self, ask);
        let mut volunteers: Vec<VolunteerRow> = members.iter().map(|who| self.volunteer(ask, &said, *who)).collect();
        let mut gigs = vec![self.asked(ask)];
        let mut promises = Vec::new();
        let mut known: BTreeSet<&str> = [ask.gig.id.as_str()].into();
        for row in members.iter().map(|who| who.row) {
            let near = |start: i64, end: i64| end > ask.within.start && start < ask.within.end;
            for kept in row.promises().iter().filter(|kept| near(kept.start, kept.end()) && kept.gig.id != ask.gig.id) {
                if known.insert(&kept.gig.id) {
                    gigs.push(GigRow::clone(&kept.gig));
                }
                promises.push(Promise {
                    gig: kept.gig.id.clone(),
                    slot: kept.slot as usize,
                    volunteer: row.id.to_string(),
                    start: kept.start,
                    state: PromiseState::Started,
                });
            }
        }
        for held in &ask.held {
            // They are there for their slot only: nobody asks whether they could take another.
            if !volunteers.iter().any(|row| row.id == held.volunteer) {
                volunteers.push(VolunteerRow { id: held.volunteer.clone(), ..VolunteerRow::default() });
            }
            promises.push(Promise {
                gig: ask.gig.id.clone(),
                slot: held.slot,
                volunteer: held.volunteer.clone(),
                start: held.start,
                state: held.state,
            });
        }
        Snapshot { promises, ..self.snapshot(ask, volunteers, gigs) }
    }

    /// A member as a snapshot has them, in the words of the gig.
    fn volunteer(&self, ask: &Ask, said: &Said<'_>, who: Somebody<'_>) -> VolunteerRow {
        let (gig, block, row) = (&ask.gig, who.block, who.row);
        let has = |sort: usize, number: Option<u32>| {
            number.and_then(|number| block.word(sort, number)).is_some_and(|column| column.has(who.at))
        };
        let of = |sort: usize, words: &[Word<'_>]| -> Vec<String> {
            words.iter().filter(|word| has(sort, word.number)).map(|word| word.name.to_owned()).collect()
        };
        let mut out = match row.whole() {
            Some(whole) => {
                let windows = joined(&whole.windows).into_iter().filter_map(|span| cut(span, ask.within)).collect();
                VolunteerRow { windows, ..whole.clone() }
            }
            None => {
                let mut skills: Vec<HeldSkill> = Vec::new();
                for word in &said.skills {
                    if has(SKILLS, word.number) {
                        skills.push(HeldSkill::lasting(word.name));
                    }
                    let periods = row.limited().iter().filter(|period| period.bit & word.bit != 0);
                    skills.extend(periods.map(|period| held(word.name, period)));
                }
                let standing = if block.active.has(who.at) { Standing::Active } else { Standing::Paused };
                VolunteerRow {
                    id: row.id.to_string(),
                    home: row.home(),
                    speed_dkmh: row.speed_dkmh.into(),
                    max_travel_s: row.max_travel_s.into(),
                    skills,
                    languages: of(LANGUAGES, &said.languages),
                    kinds: of(KINDS, &said.kind),
                    likes: of(LIKES, &said.kind),
                    windows: block.windows(row, self.horizon.start).filter_map(|span| cut(span, ask.within)).collect(),
                    max_gigs_day: row.max_gigs_day.into(),
                    max_gigs_week: row.max_gigs_week.into(),
                    standing,
                    traits: of(TRAITS, &said.wishes),
                    demands: row.demands().to_vec(),
                    ..VolunteerRow::default()
                }
            }
        };
        let birth_year = block.birth_years[who.at];
        out.age_years = (birth_year != UNBORN).then(|| least_age(birth_year, ask.year));
        (out.gigs_so_far, out.last_gig_days_ago) = last_gig(ask, block.last_gig_ends[who.at]);
        let pair = if ask.pairs.is_empty() { None } else { ask.pairs.get(&out.id) };
        if pair.is_some_and(|pair| pair.declined) {
            out.declined_gigs = vec![gig.id.clone()];
        }
        if let (Some(pair), Some(seeker)) = (pair, &gig.seeker) {
            out.traits.extend(pair.traits.iter().cloned());
            out.familiar = vec![Familiar { seeker: seeker.clone(), strength_milli: pair.familiar_milli }];
            out.blocked_seekers = if pair.blocked { vec![seeker.clone()] } else { Vec::new() };
        }
        out
    }
}

/// Puts those who surely can into an answer by their rows; answers those of whom the rules must be asked.
fn told<'a>(look: &Look<'_>, shown: Vec<Sure<'a>>, answer: &mut Answer) -> Vec<Sure<'a>> {
    let rest = shown.into_iter().filter(|sure| {
        let shown = look.shown(sure);
        let is_asked = shown.is_none();
        answer.shown.extend(shown);
        is_asked
    });
    rest.collect()
}

/// Puts those who surely can into an answer, by the rules' own word.
fn add_sure(look: &Look<'_>, problem: &Problem, task: usize, shown: &[Sure<'_>], answer: &mut Answer) {
    for sure in shown {
        let slots = look.slots(sure);
        let number = problem.find_volunteer(&sure.who.row.id.to_string());
        let found = number
            .zip(slots.first())
            .and_then(|(who, slot)| quote::candidate(problem, who, task, *slot, sure.start))
            .map(|found| Candidate { slots, ..found });
        debug_assert!(found.as_ref().is_some_and(|found| found.total_milli == sure.total_milli), "{found:?} {sure:?}");
        answer.shown.extend(found.map(|found| shown_of(problem, task, &found)));
    }
}

/// The best of those who surely can, best first.
fn best<'a>(sure: &mut Vec<Sure<'a>>, limit: usize) -> Vec<Sure<'a>> {
    let order = |a: &Sure<'_>, b: &Sure<'_>| {
        (b.total_milli, a.start, &a.who.row.id).cmp(&(a.total_milli, b.start, &b.who.row.id))
    };
    if sure.len() > limit && limit > 0 {
        sure.select_nth_unstable_by(limit - 1, order);
    }
    sure.truncate(limit);
    sure.sort_unstable_by(order);
    std::mem::take(sure)
}

fn sort(shown: &mut [Shown]) {
    shown.sort_by(|a, b| (b.total_milli, a.start, &a.id).cmp(&(a.total_milli, b.start, &b.id)));
}

/// Asks the rules of those whose calendar is not simple; counts them in and answers how many of them can.
fn judge(look: &mut Look<'_>, problem: &Problem, task: usize, answer: &mut Answer) -> usize {
    let Some(slot) = problem.open_slots(task).first().copied() else { return 0 };
    let grid = openings::grid(problem, task);
    let mut able = 0;
    for unsure in &look.unsure {
        let Some(who) = problem.find_volunteer(&unsure.row.id.to_string()) else { continue };
        if !check(problem, who, task, slot).is_empty() {
            continue;
        }
        let found: Vec<Taken> = quote::takes(problem, who, task, slot, &grid).collect();
        let mut on_grid = false;
        for candidate in &found {
            if let Ok(at) = grid.binary_search(&candidate.start) {
                look.tally.add_range(at, at + 1);
                on_grid = true;
            }
        }
        if !on_grid {
            found.iter().for_each(|candidate| look.tally.add_moment(candidate.start));
        }
        let best = found.into_iter().max_by_key(|taken| quote::preference(&grid, taken));
        able += usize::from(best.is_some());
        answer.shown.extend(best.map(|best| shown_of(problem, task, &best.candidate(problem, who, task, slot))));
    }
    able
}

fn shown_of(problem: &Problem, task: usize, found: &Candidate) -> Shown {
    Shown {
        id: problem.volunteer_id(found.volunteer).to_owned(),
        slot: found.slot,
        slots: found.slots.clone(),
        start: found.start,
        way_out_s: problem.way_out_s(found.volunteer, task).unwrap_or(0),
        extra_travel_s: found.insertion.extra_travel_s,
        terms: found.terms.clone(),
        total_milli: found.total_milli,
    }
}
