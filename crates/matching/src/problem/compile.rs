//! From plain rows to a compiled problem; refuses rows that contradict themselves and names all of them.

use thiserror::Error;

use super::{
    BitRows, Edges, Everything, Gigs, MAX_SLOTS, MAX_STARTS, MAX_WEIGHT, Names, Need, Problem, Promised, Reach, Roads,
    Rows, START_GRID_S, Validity, Volunteers, Words,
};
use crate::{
    snapshot::{GigRow, Point, Snapshot, Span, VolunteerRow},
    travel::{Measure, Spot},
};

/// Most edges that are kept at once, where nobody says otherwise; a problem with more is planned in parts.
pub const MAX_WHOLE_EDGES: usize = 600_000;

/// Choices made when a snapshot is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompileOptions {
    /// Open promised slots again, except those under way. Keeping a promise then earns a bonus instead of being certain.
    pub allow_moving_promises: bool,
    /// What breaking a promise that the volunteer accepted costs, in seconds of travel; one that the seeker was told costs twice as
    /// much, one that is only held a sixth. Against it stands the weight of gigs, 20,000 seconds a unit.
    pub promise_cost_s: u32,
    /// Most edges that are kept at once; a problem with more is planned in parts.
    pub whole_edges_max: usize,
}

impl Default for CompileOptions {
    /// Promises stay as they are; if they may be moved, breaking one costs an hour.
    fn default() -> Self {
        Self { allow_moving_promises: false, promise_cost_s: 3600, whole_edges_max: MAX_WHOLE_EDGES }
    }
}

/// Why a snapshot cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the snapshot contradicts itself: {}", .problems.join("; "))]
pub struct CompileError {
    /// Every contradiction found, each naming its row and field.
    pub problems: Vec<String>,
}

impl Problem {
    /// Compiles a snapshot; promises are kept as they are.
    ///
    /// # Errors
    /// Names every row that is impossible in itself or points to a row that is not there.
    pub fn compile(snapshot: &Snapshot) -> Result<Self, CompileError> {
        Self::compile_with(snapshot, CompileOptions::default())
    }

    /// Compiles a snapshot without its edges: enough to ask the rules of one pair after another, for an answer or an explanation, and not
    /// to plan. It costs a part of what [`Problem::compile`] does.
    ///
    /// # Errors
    /// As [`Problem::compile`].
    pub fn compile_for_rules(snapshot: &Snapshot) -> Result<Self, CompileError> {
        Self::compile_rows(snapshot, CompileOptions::default())
    }

    /// Compiles a snapshot with choices.
    ///
    /// # Errors
    /// As [`Problem::compile`].
    pub fn compile_with(snapshot: &Snapshot, options: CompileOptions) -> Result<Self, CompileError> {
        let mut problem = Self::compile_rows(snapshot, options)?;
        let (edges, reached) = connect(&problem, options.whole_edges_max);
        if reached < problem.volunteer_count() {
            problem.divided = Some(edges.len() as u64 * problem.volunteer_count() as u64 / reached.max(1) as u64);
            problem.edges = Edges::none(&problem);
        } else {
            problem.edges = edges;
        }
        super::promised::reward_keeping(&mut problem);
        Ok(problem)
    }

    fn compile_rows(snapshot: &Snapshot, options: CompileOptions) -> Result<Self, CompileError> {
        let problems = contradictions(snapshot);
        if !problems.is_empty() {
            return Err(CompileError { problems });
        }
        let mut volunteers: Vec<&VolunteerRow> = snapshot.volunteers.iter().collect();
        volunteers.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        let mut gigs: Vec<&GigRow> = snapshot.gigs.iter().collect();
        gigs.sort_unstable_by(|a, b| a.id.cmp(&b.id));

        let words = Words {
            kinds: Names::new(gigs.iter().map(|gig| &gig.kind)),
            skills: Names::new(gigs.iter().flat_map(|gig| gig.slots.iter().flat_map(|slot| &slot.skills))),
            languages: Names::new(gigs.iter().flat_map(|gig| &gig.languages_any)),
            seekers: Names::new(gigs.iter().filter_map(|gig| gig.seeker.as_ref())),
            traits: Names::new(gigs.iter().flat_map(|gig| &gig.wishes)),
        };
        let mut problem = Problem {
            measure: Measure::new(snapshot.earth_radius_m, snapshot.detour_permille),
            day_starts: ascending(&snapshot.day_starts),
            week_starts: ascending(&snapshot.week_starts),
            volunteers: compile_volunteers(&volunteers, &gigs, &words),
            gigs: compile_gigs(&gigs, &words),
            words,
            windows: Default::default(),
            promised: Promised::default(),
            edges: Edges::default(),
            pair_bonuses: false,
            week_step_s: 0,
            divided: None,
            roads: None,
        };
        problem.roads = snapshot.table.as_ref().map(|table| Roads::new(table, &problem));
        let windows: Vec<Vec<Span>> = volunteers.iter().map(|row| joined(&row.windows)).collect();
        super::promised::settle(&mut problem, snapshot, options, &windows)?;
        compile_needs(&mut problem);
        Ok(problem)
    }
}

/// All edges of a problem, unless they are more than `most`.
fn connect(problem: &Problem, most: usize) -> (Edges, usize) {
    let reach = Reach::new(problem, |_| true);
    Edges::compile(problem, most, &mut |volunteer, near| reach.near(problem, volunteer, near), &Everything)
}

/// Sorted and without repeats.
fn ascending(instants: &[i64]) -> Vec<i64> {
    let mut sorted = instants.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted
}

/// Sorted spans, those that overlap joined; spans that only touch stay apart, as each is a round trip of its own.
pub(crate) fn joined(spans: &[Span]) -> Vec<Span> {
    let mut sorted: Vec<Span> = spans.iter().copied().filter(|span| span.start < span.end).collect();
    sorted.sort_unstable();
    let mut out: Vec<Span> = Vec::with_capacity(sorted.len());
    for span in sorted {
        match out.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

fn compile_volunteers(rows: &[&VolunteerRow], gigs: &[&GigRow], words: &Words) -> Volunteers {
    let mut out = Volunteers {
        kinds: BitRows::new(rows.len(), words.kinds.len()),
        likes: BitRows::new(rows.len(), words.kinds.len()),
        languages: BitRows::new(rows.len(), words.languages.len()),
        skills: BitRows::new(rows.len(), words.skills.len()),
        traits: BitRows::new(rows.len(), words.traits.len()),
        ..Volunteers::default()
    };
    for (at, row) in rows.iter().enumerate() {
        out.ids.push(row.id.clone());
        out.home.push(row.home.map(Spot::from));
        out.home_point.push(row.home);
        out.speed_dkmh.push(row.speed_dkmh);
        out.max_travel_s.push(row.max_travel_s);
        out.max_gigs_day.push(row.max_gigs_day);
        out.max_gigs_week.push(row.max_gigs_week);
        out.standing.push(row.standing);
        out.age_years.push(row.age_years);
        out.last_gig_days_ago.push(row.last_gig_days_ago);
        out.gigs_so_far.push(row.gigs_so_far);
        out.demands.push(row.demands.iter().cloned());
        row.kinds.iter().filter_map(|name| words.kinds.number(name)).for_each(|bit| out.kinds.set(at, bit));
        row.likes.iter().filter_map(|name| words.kinds.number(name)).for_each(|bit| out.likes.set(at, bit));
        row.languages.iter().filter_map(|name| words.languages.number(name)).for_each(|bit| out.languages.set(at, bit));
        row.traits.iter().filter_map(|name| words.traits.number(name)).for_each(|bit| out.traits.set(at, bit));
        let validity = validity(row, words);
        validity.iter().for_each(|held| out.skills.set(at, held.skill as usize));
        out.validity.push(validity);
        let mut blocked: Vec<u32> =
            row.blocked_seekers.iter().filter_map(|id| words.seekers.number(id)).map(|n| n as u32).collect();
        blocked.sort_unstable();
        out.blocked.push(blocked);
        let number = |id: &String| gigs.binary_search_by(|gig| gig.id.cmp(id)).ok();
        let mut declined: Vec<u32> = row.declined_gigs.iter().filter_map(number).map(|n| n as u32).collect();
        declined.sort_unstable();
        out.declined.push(declined);
        let mut familiar: Vec<(u32, u32)> = row
            .familiar
            .iter()
            .filter_map(|known| Some((words.seekers.number(&known.seeker)? as u32, known.strength_milli)))
            .collect();
        familiar.sort_unstable();
        out.familiar.push(familiar);
    }
    out
}

/// Validity periods of one volunteer's skills, by skill and time, joined where they touch.
fn validity(row: &VolunteerRow, words: &Words) -> Vec<Validity> {
    let mut periods: Vec<Validity> = row
        .skills
        .iter()
        .filter_map(|held| {
            Some(Validity {
                skill: words.skills.number(&held.skill)? as u32,
                from: held.valid_from.unwrap_or(i64::MIN),
                until: held.valid_until.unwrap_or(i64::MAX),
            })
        })
        .filter(|period| period.from < period.until)
        .collect();
    periods.sort_unstable_by_key(|period| (period.skill, period.from, period.until));
    let mut out: Vec<Validity> = Vec::with_capacity(periods.len());
    for period in periods {
        match out.last_mut() {
            Some(last) if last.skill == period.skill && period.from <= last.until => {
                last.until = last.until.max(period.until)
            }
            _ => out.push(period),
        }
    }
    out
}

fn compile_gigs(rows: &[&GigRow], words: &Words) -> Gigs {
    let slot_count = rows.iter().map(|row| row.slots.len()).sum();
    let mut out = Gigs {
        slot_skills: BitRows::new(slot_count, words.skills.len()),
        languages: BitRows::new(rows.len(), words.languages.len()),
        wishes: BitRows::new(rows.len(), words.traits.len()),
        ..Gigs::default()
    };
    for (at, row) in rows.iter().enumerate() {
        out.ids.push(row.id.clone());
        out.kind.push(words.kinds.number(&row.kind).expect("every gig's kind was numbered") as u32);
        out.seeker.push(row.seeker.as_ref().and_then(|id| words.seekers.number(id)).map(|n| n as u32));
        out.place.push(row.place.map(Spot::from));
        out.place_point.push(row.place);
        out.destination.push(row.place.and(row.destination).map(Spot::from));
        out.duration_s.push(row.duration_s);
        let mut windows: Vec<Span> =
            row.windows.iter().copied().filter(|span| span.end - span.start >= row.duration_s).collect();
        windows.sort_unstable();
        windows.dedup();
        out.windows.push(windows);
        let first_slot = out.slots.flat().len();
        for (slot, needed) in row.slots.iter().enumerate() {
            let bits = needed.skills.iter().filter_map(|name| words.skills.number(name));
            bits.for_each(|bit| out.slot_skills.set(first_slot + slot, bit));
        }
        out.slots.push(row.slots.iter().map(|_| ()));
        row.languages_any
            .iter()
            .filter_map(|name| words.languages.number(name))
            .for_each(|bit| out.languages.set(at, bit));
        row.wishes.iter().filter_map(|name| words.traits.number(name)).for_each(|bit| out.wishes.set(at, bit));
        out.weight.push(row.weight);
        out.fixed_start.push(row.agreed_start);
        out.min_age.push(row.min_age);
    }
    out
}

/// Groups the open slots of every gig, and lays the grid of starts where several helpers must meet.
fn compile_needs(problem: &mut Problem) {
    let (mut needs, mut starts) = (Rows::default(), Rows::default());
    for gig in 0..problem.gig_count() {
        let mut of_gig: Vec<Need> = Vec::new();
        let open = problem.open_slots(gig);
        for &slot in &open {
            match of_gig
                .iter_mut()
                .find(|need| problem.slot_skills(gig, need.slot.into()) == problem.slot_skills(gig, slot))
            {
                Some(need) => {
                    need.count += 1;
                    need.slots |= 1 << slot;
                }
                None => of_gig.push(Need { gig: gig as u32, slot: slot as u8, count: 1, slots: 1 << slot }),
            }
        }
        needs.push(of_gig);
        starts.push(if open.len() > 1 { grid(problem, gig) } else { Vec::new() });
    }
    problem.gigs.needs = needs;
    problem.gigs.starts = starts;
}

/// The starts tried for a gig whose helpers must meet: the agreed one, else every quarter of an hour from each window's start.
fn grid(problem: &Problem, gig: usize) -> Vec<i64> {
    if let Some(start) = problem.gigs.fixed_start[gig] {
        return vec![start];
    }
    let duration = problem.gigs.duration_s[gig];
    let slack: i64 = problem.gigs.windows.row(gig).iter().map(|span| span.end - span.start - duration).sum();
    let step = START_GRID_S.max((slack / MAX_STARTS as i64 + START_GRID_S - 1) / START_GRID_S * START_GRID_S);
    let mut starts: Vec<i64> = Vec::new();
    for span in problem.gigs.windows.row(gig) {
        starts.extend((0..).map(|k| span.start + k * step).take_while(|start| start + duration <= span.end));
    }
    // Where somebody could stay with what they have, that start is tried too.
    starts.extend(problem.promised.movable.iter().filter(|pin| pin.gig == gig).map(|pin| pin.start));
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// Everything about the rows that cannot be.
fn contradictions(snapshot: &Snapshot) -> Vec<String> {
    /// The widest span of instants that can still be added up.
    const FAR: i64 = 1 << 42;
    let mut out = Vec::new();
    let mut point = |whose: &str, id: &str, what: &str, point: Option<Point>| {
        if let Some(point) = point
            && !(point.lat.abs() <= 90.0 && point.lon.abs() <= 180.0)
        {
            out.push(format!("{whose} {id}: {what} is not on the earth: {}, {}", point.lat, point.lon));
        }
    };
    for row in &snapshot.volunteers {
        point("volunteer", &row.id, "home", row.home);
    }
    for row in &snapshot.gigs {
        point("gig", &row.id, "place", row.place);
        point("gig", &row.id, "destination", row.destination);
    }
    if !(snapshot.earth_radius_m.is_finite() && snapshot.earth_radius_m >= 1.0) {
        out.push("earth_radius_m is not a number of at least 1".to_owned());
    }
    for (kind, mut ids) in [
        ("volunteer", snapshot.volunteers.iter().map(|row| row.id.as_str()).collect::<Vec<_>>()),
        ("gig", snapshot.gigs.iter().map(|row| row.id.as_str()).collect()),
    ] {
        ids.sort_unstable();
        let mut repeated: Vec<&str> = ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        repeated.dedup();
        out.extend(repeated.iter().map(|id| format!("{kind} {id}: id occurs twice")));
    }
    for row in &snapshot.gigs {
        if row.duration_s < 1 || row.duration_s > FAR {
            out.push(format!("gig {}: duration_s is {} and not at least 1", row.id, row.duration_s));
        }
        if row.weight > MAX_WEIGHT {
            out.push(format!("gig {}: weight is {} and not at most {MAX_WEIGHT}", row.id, row.weight));
        }
        if row.slots.is_empty() || row.slots.len() > MAX_SLOTS {
            out.push(format!("gig {}: slots are {} and not 1 to {MAX_SLOTS}", row.id, row.slots.len()));
        }
        if row.windows.iter().any(|span| span.start.abs() > FAR || span.end.abs() > FAR) {
            out.push(format!("gig {}: windows lie further away than can be counted", row.id));
        }
    }
    for row in &snapshot.volunteers {
        if row.windows.iter().any(|span| span.start.abs() > FAR || span.end.abs() > FAR) {
            out.push(format!("volunteer {}: windows lie further away than can be counted", row.id));
        }
        if row.speed_dkmh > 20_000 {
            out.push(format!("volunteer {}: speed_dkmh is {} and not at most 20000", row.id, row.speed_dkmh));
        }
    }
    out
}
