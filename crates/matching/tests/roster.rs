//! The roster answers what a quote over a snapshot of everybody answers, term by term, in random towns.

#[path = "../benches/nation/mod.rs"]
#[allow(dead_code)]
mod nation;
#[path = "roads/mod.rs"]
mod roads;
mod sifted;
mod weeks;
mod whole;

use std::collections::HashMap;
use std::sync::Arc;

use matching::explain::{Explanation, Schedules, explain};
use matching::problem::Problem;
use matching::roster::{Answer, Ask, Cell, Held, Member, Pair, Promised, Roster};
use matching::score::Soft;
use matching::snapshot::{Demand, GigRow, HeldSkill, Point, Promise, Snapshot, Span, VolunteerRow};
use sifted::Sifted;
use weeks::{DAY, Dice, H, Shape};
use whole::whole;

const YEAR: i32 = 2026;
const NOW: i64 = 200 * DAY;
/// The weeks of the question begin here, and those of the made-up week at zero.
const SHIFT: i64 = 210 * DAY;

/// A town whose people also live elsewhere, wish and like things, hold odd windows and know each other.
fn town(seed: u64) -> (Snapshot, HashMap<String, Option<i64>>) {
    let mut dice = Dice::new(seed ^ 0x7041);
    let shape = Shape { volunteers: 40, gigs: 30, days: 6, escorts: 30, ..weeks::SMALL };
    let mut snapshot = weeks::with_promises(weeks::week(shape, seed), seed);
    let mut last_gigs = HashMap::new();
    for row in &mut snapshot.volunteers {
        if dice.chance(40) {
            let far = dice.roll(0, 3) as f64 / 4.0;
            row.home = row.home.map(|home| Point { lat: home.lat + far, lon: home.lon - 2.0 * far });
        }
        row.likes = dice.some(&["errand", "call"], 30);
        row.traits = dice.some(&["female", "patient", "knows:s0"], 40);
        row.familiar.retain(|_| dice.chance(50));
        let extra = dice.roll(0, 4);
        for n in 0..extra {
            let start = dice.roll(-4, 6) * DAY + dice.roll(28, 60) * 900 + if dice.chance(5) { 17 } else { 0 };
            row.windows.push(Span::new(start, start + dice.roll(1, 30) * 900 * (1 + n)));
        }
        if dice.chance(10) {
            row.windows.push(Span::new(-3 * DAY, 9 * DAY));
        }
        if dice.chance(20) {
            let (from, until) = (dice.roll(-40, 3) * DAY, dice.roll(2, 90) * DAY);
            row.skills.push(HeldSkill { skill: "car".into(), valid_from: Some(from), valid_until: Some(until) });
        }
        row.max_gigs_day = dice.roll(0, 3) as u32;
        let last = dice.chance(60).then(|| NOW - dice.roll(0, 400) * H * 10);
        last_gigs.insert(row.id.clone(), last);
    }
    for gig in &mut snapshot.gigs {
        gig.wishes = dice.some(&["female", "patient", "knows:s0", "tall"], 30);
        if dice.chance(30) {
            gig.windows.push(Span::new(gig.windows[0].start + 900, gig.windows[0].end + 1_800));
        }
    }
    want(&mut snapshot, &mut Dice::new(seed ^ 0xde3a));
    shift(&mut snapshot);
    (snapshot, last_gigs)
}

/// A plan wants some of them, for gigs of the week and for others.
fn want(snapshot: &mut Snapshot, dice: &mut Dice) {
    let gigs: Vec<String> = snapshot.gigs.iter().map(|gig| gig.id.clone()).collect();
    for row in &mut snapshot.volunteers {
        for _ in 0..dice.roll(0, 3) - 1 {
            let start = dice.roll(0, 6) * DAY + dice.roll(30, 60) * 900 + dice.roll(0, 1) * 7;
            let hours = Span::new(start - dice.roll(0, 3) * 600, start + dice.roll(2, 16) * 900);
            let gig = if dice.chance(30) { "another".to_owned() } else { dice.pick(&gigs).clone() };
            let worth_s = dice.roll(1, 2_000) as u32;
            row.demands.push(Arc::new(Demand { hours, gigs: vec![(gig, start)], worth_s }));
        }
    }
}

/// Moves everything to the weeks of the question.
fn shift(snapshot: &mut Snapshot) {
    let to = |span: &mut Span| *span = Span::new(span.start + SHIFT, span.end + SHIFT);
    snapshot.volunteers.iter_mut().for_each(|row| {
        row.windows.iter_mut().for_each(to);
        for held in &mut row.skills {
            held.valid_from = held.valid_from.map(|at| at + SHIFT);
            held.valid_until = held.valid_until.map(|at| at + SHIFT);
        }
        for demand in row.demands.iter_mut().map(Arc::make_mut) {
            to(&mut demand.hours);
            demand.gigs.iter_mut().for_each(|(_, start)| *start += SHIFT);
        }
    });
    snapshot.gigs.iter_mut().for_each(|row| {
        row.windows.iter_mut().for_each(to);
        row.agreed_start = row.agreed_start.map(|at| at + SHIFT);
    });
    snapshot.promises.iter_mut().for_each(|promise| promise.start += SHIFT);
    snapshot.day_starts = (-10..20).map(|day| SHIFT + day * DAY).collect();
    snapshot.week_starts = [-7, 0, 3, 7].map(|day| SHIFT + day * DAY).to_vec();
}

/// The weeks of the question: what lies outside is not seen.
fn within(dice: &mut Dice) -> Span {
    Span::new(SHIFT + dice.roll(-1, 0) * DAY, SHIFT + dice.roll(5, 7) * DAY)
}

fn member(snapshot: &Snapshot, row: &VolunteerRow, last_gig_end: Option<i64>) -> Member {
    let gig = |id: &str| Arc::new(snapshot.gigs.iter().find(|gig| gig.id == id).expect("a gig").clone());
    let own = snapshot.promises.iter().filter(|promise| promise.volunteer == row.id);
    Member {
        row: VolunteerRow {
            age_years: None,
            blocked_seekers: Vec::new(),
            declined_gigs: Vec::new(),
            familiar: Vec::new(),
            traits: row.traits.iter().filter(|word| !word.starts_with("knows:")).cloned().collect(),
            ..row.clone()
        },
        association: None,
        birth_year: row.age_years.map(|age| (YEAR - 1 - age as i32) as i16),
        last_gig_end,
        promises: own.map(|own| Promised { gig: gig(&own.gig), slot: own.slot, start: own.start }).collect(),
    }
}

/// What the question must say of the pairs.
fn pairs(snapshot: &Snapshot, gig: &GigRow, cells: &HashMap<String, Cell>) -> HashMap<String, Pair> {
    let mut pairs = HashMap::new();
    for row in &snapshot.volunteers {
        let declined = row.declined_gigs.contains(&gig.id);
        let pair = gig.seeker.as_ref().map_or_else(Pair::default, |seeker| Pair {
            blocked: row.blocked_seekers.contains(seeker),
            familiar_milli: row.familiar.iter().find(|known| known.seeker == *seeker).map_or(0, |k| k.strength_milli),
            traits: row.traits.iter().filter(|word| **word == format!("knows:{seeker}")).cloned().collect(),
            ..Pair::default()
        });
        let pair = Pair { declined, ..pair };
        if pair != Pair::default() {
            pairs.insert(row.id.clone(), Pair { cell: cells.get(&row.id).copied(), ..pair });
        }
    }
    pairs
}

/// The snapshot as it is told for a question: windows cut, other people's words for other seekers gone, only what touches the weeks.
fn told(
    snapshot: &Snapshot,
    gig: &GigRow,
    within: Span,
    last_gigs: &HashMap<String, Option<i64>>,
    from: i64,
) -> Snapshot {
    let mut told = snapshot.clone();
    for row in &mut told.volunteers {
        // Overlapping windows are one before they are cut.
        row.windows.sort_unstable();
        let mut joined: Vec<Span> = Vec::new();
        for span in &row.windows {
            match joined.last_mut() {
                Some(last) if span.start < last.end => last.end = last.end.max(span.end),
                _ => joined.push(*span),
            }
        }
        let cut = joined.iter().map(|span| Span::new(span.start.max(within.start), span.end.min(within.end)));
        row.windows = cut.filter(|span| span.start < span.end).collect();
        let seeker = gig.seeker.as_ref().map(|seeker| format!("knows:{seeker}"));
        row.traits.retain(|word| !word.starts_with("knows:") || Some(word) == seeker.as_ref());
        let last = last_gigs[&row.id].filter(|end| *end > from);
        row.gigs_so_far = u32::from(last.is_some());
        row.last_gig_days_ago = last.map(|end| u32::try_from((NOW - end).max(0) / DAY).expect("days"));
    }
    let length = |id: &str| snapshot.gigs.iter().find(|gig| gig.id == id).map_or(0, |gig| gig.duration_s);
    told.promises
        .retain(|one| one.gig == gig.id || (one.start < within.end && one.start + length(&one.gig) > within.start));
    told
}

fn held(promises: &[Promise], gig: &str, cells: &HashMap<String, Cell>) -> Vec<Held> {
    let own = promises.iter().filter(|promise| promise.gig == gig);
    own.map(|own| Held {
        volunteer: own.volunteer.clone(),
        slot: own.slot,
        start: own.start,
        state: own.state,
        cell: cells.get(&own.volunteer).copied(),
    })
    .collect()
}

fn empty() -> Roster {
    let days: Vec<i64> = (-7..=56).map(|day| SHIFT + day * DAY).collect();
    let weeks: Vec<i64> = [-7, 0, 3, 7, 14, 21].iter().map(|day| SHIFT + day * DAY).collect();
    Roster::new(horizon(), &days, &weeks)
}

fn horizon() -> Span {
    Span::new(SHIFT - 7 * DAY, SHIFT + 56 * DAY)
}

#[test]
fn the_answer_is_that_of_a_quote_over_everybody() {
    answers_as_a_quote_does(0..120, false);
}

#[test]
fn the_answer_is_the_same_on_roads_and_hangs_on_no_more_than_is_asked_for() {
    answers_as_a_quote_does(200..280, true);
}

fn answers_as_a_quote_does(seeds: std::ops::Range<u64>, on_roads: bool) {
    let cases = seeds.end - seeds.start;
    let (mut found, mut nobody, mut two, mut needed) = (0, 0, 0, 0);
    let mut sifted = Sifted::default();
    for seed in seeds {
        let (mut snapshot, last_gigs) = town(seed);
        snapshot.table = on_roads.then(|| roads::table(&snapshot, seed));
        let mut dice = Dice::new(seed);
        let mut roster = empty().with_bounds(on_roads.then(roads::bounds));
        let mut cells: HashMap<String, Cell> = HashMap::new();
        for row in &snapshot.volunteers {
            let before = VolunteerRow { home: None, kinds: Vec::new(), ..row.clone() };
            let first = if dice.chance(20) { before } else { row.clone() };
            cells.insert(row.id.clone(), roster.insert(member(&snapshot, &first, None)));
        }
        let stale = roster.clone();
        for row in &snapshot.volunteers {
            assert!(roster.remove(cells[&row.id], &row.id));
            let cell = roster.insert(member(&snapshot, row, last_gigs[&row.id]));
            cells.insert(row.id.clone(), cell);
        }
        if dice.chance(50) {
            roster.shrink();
        }
        assert_eq!((roster.count(None), stale.count(None)), (40, 40));
        for gig in &snapshot.gigs {
            let within = within(&mut dice);
            let remembered_from = NOW - 80 * DAY;
            let told = told(&snapshot, gig, within, &last_gigs, remembered_from);
            let problem = Problem::compile(&told).expect("sound");
            let (shown, starts, able) = whole(&problem, &gig.id);
            let mut ask = Ask {
                gig: gig.clone(),
                held: held(&told.promises, &gig.id, &cells),
                within,
                day_starts: told.day_starts.clone(),
                week_starts: told.week_starts.clone(),
                now: NOW,
                remembered_from,
                year: YEAR,
                pairs: pairs(&snapshot, gig, &cells),
                association: None,
                limit: 1_000,
                table: snapshot.table.clone(),
            };
            if let Some(table) = &snapshot.table {
                ask.table = Some(roads::only(table, &roster.ways(&ask)));
            }
            let answer = roster.quote(&ask).expect("sound").expect("within the horizon");
            assert_eq!(answer, Answer { shown: shown.clone(), starts, able }, "seed {seed}, gig {}", gig.id);
            let known = Problem::compile(&Snapshot { table: ask.table.clone(), ..told }).expect("sound");
            let everybody = roster.everybody(&ask).expect("sound").expect("within the horizon");
            assert_eq!(reason(&everybody, &gig.id), reason(&known, &gig.id), "seed {seed}, gig {}", gig.id);
            sifted.compare(&roster, &ask, &known);
            ask.limit = 3;
            let few = roster.quote(&ask).expect("sound").expect("within the horizon");
            assert_eq!((&few.shown[..], few.able), (&shown[..shown.len().min(3)], able));
            needed += shown.iter().flat_map(|one| &one.terms).filter(|term| term.soft == Soft::NeededElsewhere).count();
            found += able;
            nobody += usize::from(able == 0);
            two += usize::from(able > 0 && gig.slots.len() > 1);
        }
    }
    let (found, nobody, two) = (found / cases as usize, nobody * 120 / cases as usize, two * 120 / cases as usize);
    sifted.check(on_roads);
    assert!(needed > cases as usize * 5, "hardly anybody is needed elsewhere: {needed}");
    assert!(found > 41 && nobody > 100 && two > 100, "too easy: {found}, {nobody}, {two}");
}

#[test]
fn an_association_is_asked_its_own_people_and_more_words_than_bits_are_kept() {
    let (snapshot, _) = town(7);
    let mut roster = empty();
    let mut crowded = snapshot.clone();
    for (n, row) in crowded.volunteers.iter_mut().enumerate() {
        row.kinds.push(format!("a{n}"));
        row.kinds.push(format!("b{n}"));
        row.blocked_seekers.clear();
        row.declined_gigs.clear();
        row.familiar.clear();
        row.traits.clear();
    }
    for (n, row) in crowded.volunteers.iter().enumerate() {
        let association = (n % 2 == 0).then(|| "martat".to_owned());
        roster.insert(Member { association, ..member(&crowded, row, None) });
    }
    assert_eq!((roster.count(None), roster.count(Some("martat")), roster.count(Some("none"))), (40, 20, 0));
    let martat: Vec<VolunteerRow> = crowded.volunteers.iter().step_by(2).cloned().collect();
    let mut able_in_all = 0;
    for gig in &crowded.gigs {
        if crowded.promises.iter().any(|promise| promise.gig == gig.id) {
            continue;
        }
        let within = Span::new(SHIFT - DAY, SHIFT + 7 * DAY);
        let nobody = crowded.volunteers.iter().map(|row| (row.id.clone(), None)).collect();
        let mut told = told(&crowded, gig, within, &nobody, 0);
        told.volunteers.retain(|row| martat.iter().any(|one| one.id == row.id));
        told.promises.retain(|one| martat.iter().any(|row| row.id == one.volunteer));
        let known = Problem::compile(&told).expect("sound");
        let (shown, starts, able) = whole(&known, &gig.id);
        let ask = Ask {
            gig: gig.clone(),
            held: Vec::new(),
            within,
            day_starts: told.day_starts.clone(),
            week_starts: told.week_starts.clone(),
            now: NOW,
            remembered_from: 0,
            year: YEAR,
            pairs: HashMap::new(),
            association: Some("martat".into()),
            limit: 1_000,
            table: None,
        };
        let answer = roster.quote(&ask).expect("sound").expect("within the horizon");
        assert_eq!(answer, Answer { shown, starts, able }, "gig {}", gig.id);
        let everybody = roster.everybody(&ask).expect("sound").expect("within the horizon");
        assert_eq!(reason(&everybody, &gig.id), reason(&known, &gig.id), "gig {}", gig.id);
        Sifted::default().compare(&roster, &ask, &known);
        able_in_all += able;
        let strangers = Ask { association: Some("none".into()), ..ask.clone() };
        assert_eq!(roster.quote(&strangers).expect("sound"), Some(Answer::default()));
        assert_eq!(roster.everybody(&strangers).expect("sound").map(|problem| problem.volunteer_count()), Some(0));
        let later = Ask { within: Span::new(SHIFT, SHIFT + 60 * DAY), ..ask };
        assert_eq!(roster.quote(&later).expect("sound"), None, "beyond the horizon");
        assert_eq!(roster.everybody(&later).expect("sound"), None, "beyond the horizon");
    }
    assert!(able_in_all > 30, "too easy: {able_in_all}");
}

/// Why a gig is open beside what stands, whatever its number.
fn reason(problem: &Problem, gig: &str) -> Explanation {
    let gig = problem.find_gig(gig).expect("the gig");
    Explanation { gig: 0, ..explain(problem, gig, &Schedules::standing(problem)) }
}

#[test]
fn a_volunteer_takes_at_most_four_hundred_bytes() {
    let (roster, _, _) = nation::roster(1, 20_000);
    assert_eq!(roster.count(None), 20_000);
    let each = roster.bytes() / 20_000;
    assert!((200..=400).contains(&each), "{each} bytes");
}
