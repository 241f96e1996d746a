//! The rules' own word: a small snapshot of those who are shown and of those whose calendar is not simple, judged as ever.

use std::collections::BTreeSet;

use super::ask::{Answer, Ask, Shown};
use super::chunk::Chunk;
use super::look::{Look, Sure, cut, last_gig};
use super::row::{Row, UNBORN, held};
use super::{Roster, least_age};
use crate::{
    eligibility::check,
    openings,
    problem::{CompileError, CompileOptions, Problem, joined},
    quote::{self, Candidate, Taken},
    snapshot::{Familiar, GigRow, HeldSkill, Promise, PromiseState, Snapshot, VolunteerRow},
};

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
        let able = look.sure.len();
        let shown = best(&mut look.sure, ask.limit);
        let mut people: BTreeSet<&str> = BTreeSet::new();
        let mut everybody: Vec<(&Chunk, &Row)> = shown.iter().map(|sure| (sure.chunk, sure.row)).collect();
        everybody.extend(&look.unsure);
        // Whoever holds a slot of the gig is pinned there.
        let problem = compile(&self.gathered(ask, &everybody))?;
        let task = problem.find_gig(&ask.gig.id).unwrap_or(0);
        if look.unsure.is_empty() || open_slots(ask) == 1 {
            let mut answer = Answer::default();
            for sure in shown {
                let number = problem.find_volunteer(&sure.row.id);
                let slot = problem.open_slots(task).first().copied();
                let found =
                    number.zip(slot).and_then(|(who, slot)| quote::candidate(&problem, who, task, slot, sure.start));
                debug_assert!(found.as_ref().is_some_and(|found| found.total_milli == sure.total_milli), "{found:?}");
                answer.shown.extend(found.map(|found| shown_of(&problem, task, &found)));
            }
            answer.able = able + judge(&mut look, &problem, task, &mut answer);
            answer.starts = look.tally.starts(&look.hours);
            sort(&mut answer.shown);
            answer.shown.truncate(ask.limit);
            return Ok(Some(answer));
        }
        let whole = quote::quote(&problem, task);
        people.extend(whole.candidates.iter().map(|candidate| problem.volunteer_id(candidate.volunteer)));
        Ok(Some(Answer {
            able: people.len(),
            starts: whole.starts,
            shown: whole.candidates.iter().take(ask.limit).map(|found| shown_of(&problem, task, found)).collect(),
        }))
    }

    /// The asked gig alone, for the words of the rules.
    pub(super) fn alone(&self, ask: &Ask) -> Result<Problem, CompileError> {
        compile(&self.snapshot(ask, Vec::new(), vec![self.asked(ask)]))
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
    fn gathered(&self, ask: &Ask, members: &[(&Chunk, &Row)]) -> Snapshot {
        let mut volunteers: Vec<VolunteerRow> =
            members.iter().map(|(chunk, row)| self.volunteer(ask, chunk, row)).collect();
        let mut gigs = vec![self.asked(ask)];
        let mut promises = Vec::new();
        let mut known: BTreeSet<&str> = [ask.gig.id.as_str()].into();
        for (_, row) in members {
            let near = |start: i64, end: i64| end > ask.within.start && start < ask.within.end;
            for kept in row.promises().iter().filter(|kept| near(kept.start, kept.end) && kept.gig.id != ask.gig.id) {
                if known.insert(&kept.gig.id) {
                    gigs.push(GigRow::clone(&kept.gig));
                }
                promises.push(Promise {
                    gig: kept.gig.id.clone(),
                    slot: kept.slot,
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
    fn volunteer(&self, ask: &Ask, chunk: &Chunk, row: &Row) -> VolunteerRow {
        let gig = &ask.gig;
        let mut out = match row.whole() {
            Some(whole) => {
                let windows = joined(&whole.windows).into_iter().filter_map(|span| cut(span, ask.within)).collect();
                VolunteerRow { windows, ..whole.clone() }
            }
            None => {
                let has = |bits: u64, bit: Option<u64>| bit.is_some_and(|bit| bits & bit != 0);
                let kind = self.words.kinds.bit(&gig.kind);
                let of = |bits: u64| if has(bits, kind) { vec![gig.kind.clone()] } else { Vec::new() };
                let mut skills: Vec<HeldSkill> = Vec::new();
                for name in gig.slots.iter().flat_map(|slot| &slot.skills).collect::<BTreeSet<_>>() {
                    let bit = self.words.skills.bit(name);
                    if has(row.skills, bit) {
                        skills.push(HeldSkill::lasting(name.clone()));
                    }
                    let periods = row.limited().iter().filter(|period| has(period.bit, bit));
                    skills.extend(periods.map(|period| held(name, period)));
                }
                let languages = gig.languages_any.iter();
                let wishes = gig.wishes.iter();
                VolunteerRow {
                    id: row.id.to_string(),
                    home: row.has_home.then_some(row.point),
                    speed_dkmh: row.speed_dkmh.into(),
                    max_travel_s: row.max_travel_s.into(),
                    skills,
                    languages: languages
                        .filter(|name| has(row.languages, self.words.languages.bit(name)))
                        .cloned()
                        .collect(),
                    kinds: of(row.kinds),
                    likes: of(row.likes),
                    windows: chunk.windows(row, self.horizon.start).filter_map(|span| cut(span, ask.within)).collect(),
                    max_gigs_day: row.max_gigs_day.into(),
                    max_gigs_week: row.max_gigs_week.into(),
                    standing: if row.is_active { Default::default() } else { crate::snapshot::Standing::Paused },
                    traits: wishes.filter(|name| has(row.traits, self.words.traits.bit(name))).cloned().collect(),
                    ..VolunteerRow::default()
                }
            }
        };
        out.age_years = (row.birth_year != UNBORN).then(|| least_age(row.birth_year, ask.year));
        (out.gigs_so_far, out.last_gig_days_ago) = last_gig(ask, row.last_gig_end);
        if let (Some(pair), Some(seeker)) = (ask.pairs.get(&*row.id), &gig.seeker) {
            out.traits.extend(pair.traits.iter().cloned());
            out.familiar = vec![Familiar { seeker: seeker.clone(), strength_milli: pair.familiar_milli }];
            out.blocked_seekers = if pair.blocked { vec![seeker.clone()] } else { Vec::new() };
        }
        out
    }
}

fn compile(snapshot: &Snapshot) -> Result<Problem, CompileError> {
    Problem::compile_rows(snapshot, CompileOptions::default())
}

fn open_slots(ask: &Ask) -> usize {
    (0..ask.gig.slots.len()).filter(|slot| ask.held.iter().all(|held| held.slot != *slot)).count()
}

/// The best of those who surely can, best first.
fn best<'a>(sure: &mut Vec<Sure<'a>>, limit: usize) -> Vec<Sure<'a>> {
    let order =
        |a: &Sure<'_>, b: &Sure<'_>| (b.total_milli, a.start, &a.row.id).cmp(&(a.total_milli, b.start, &b.row.id));
    if sure.len() > limit && limit > 0 {
        sure.select_nth_unstable_by(limit - 1, order);
    }
    sure.truncate(limit);
    sure.sort_unstable_by(order);
    std::mem::take(sure)
}

fn sort(shown: &mut [Shown]) {
    shown.sort_by(|a, b| (b.total_milli, a.start, &a.id, a.slot).cmp(&(a.total_milli, b.start, &b.id, b.slot)));
}

/// Asks the rules of those whose calendar is not simple; counts them in and answers how many of them can.
fn judge(look: &mut Look<'_>, problem: &Problem, task: usize, answer: &mut Answer) -> usize {
    let Some(slot) = problem.open_slots(task).first().copied() else { return 0 };
    let grid = openings::grid(problem, task);
    let mut able = 0;
    for (_, row) in &look.unsure {
        let Some(who) = problem.find_volunteer(&row.id) else { continue };
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
        start: found.start,
        way_out_s: problem.way_out_s(found.volunteer, task).unwrap_or(0),
        extra_travel_s: found.insertion.extra_travel_s,
        terms: found.terms.clone(),
        total_milli: found.total_milli,
    }
}
