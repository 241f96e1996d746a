//! The hot paths as a program of their own, for tools that look at a whole process (a profiler, callgrind):
//!
//! ```text
//! hot_paths solve|verify|quote TIMES                 does it so often; 0 prepares only, so that a difference is the path itself
//! hot_paths latency quote|explain VOLUNTEERS TIMES   asks so often and prints p50, p90 and p99 in microseconds
//! hot_paths people|gigs VOLUNTEERS                   prints the town that `latency` asks about, as tab-separated values
//! ```
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

#[path = "../benches/town/mod.rs"]
mod town;

use std::{
    collections::HashMap,
    hint::black_box,
    process::ExitCode,
    time::{Duration, Instant},
};

use matching::{
    explain::{Schedules, explain},
    plan::Plan,
    planner::{self, SolveOptions},
    problem::Problem,
    roster::{Ask, Member, Roster},
    snapshot::{GigRow, Snapshot, Span},
    verify,
};
use town::{Size, week};

/// Gigs that quotes are asked for, before the calls are left out.
const GIGS: usize = 250;
const SEED: u64 = 1;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [path @ ("solve" | "verify" | "quote"), times] => repeat(path, count(times)),
        ["latency", what @ ("quote" | "explain"), volunteers, times] => latency(what, count(volunteers), count(times)),
        ["people", volunteers] => people(count(volunteers)),
        ["gigs", volunteers] => gigs(count(volunteers)),
        _ => return ExitCode::FAILURE,
    }
    ExitCode::SUCCESS
}

fn count(word: &str) -> usize {
    word.parse().expect("a whole number")
}

fn repeat(path: &str, times: usize) {
    match path {
        "solve" => {
            let problem = compiled(&week(Size::usual(120, 150), SEED));
            (0..times).for_each(|_| drop(black_box(plan(&problem, false))));
        }
        "verify" => {
            let snapshot = week(Size::usual(1_000, 1_200), SEED);
            let plan = plan(&compiled(&snapshot), true);
            (0..times).for_each(|_| drop(black_box(verify::check(&snapshot, &plan))));
        }
        _ => {
            let (roster, asks) = asked(town(5_000));
            asks.iter().cycle().take(times).for_each(|ask| drop(black_box(roster.quote(ask))));
        }
    }
}

/// A week whose gigs have a place.
fn town(volunteers: usize) -> Snapshot {
    let mut snapshot = week(Size::usual(volunteers, GIGS), SEED);
    snapshot.gigs.retain(|gig| gig.place.is_some());
    snapshot
}

fn compiled(snapshot: &Snapshot) -> Problem {
    Problem::compile(snapshot).expect("the town is sound")
}

/// The clock stands still, so the search ends by itself and does the same work every time.
fn plan(problem: &Problem, greedy_only: bool) -> Plan {
    let options = SolveOptions { greedy_only, ..SolveOptions::default() };
    planner::solve(problem, &options, &|| Duration::ZERO, &mut |_| {})
}

/// The volunteers of a week as a roster, and its gigs as questions.
fn asked(snapshot: Snapshot) -> (Roster, Vec<Ask>) {
    let week = Span::new(0, 7 * 24 * 3_600);
    let mut roster = Roster::new(week, &snapshot.day_starts, &snapshot.week_starts);
    for row in snapshot.volunteers {
        roster.insert(Member { row, ..Member::default() });
    }
    roster.shrink();
    let ask = |gig: GigRow| Ask {
        gig,
        held: Vec::new(),
        within: week,
        day_starts: snapshot.day_starts.clone(),
        week_starts: snapshot.week_starts.clone(),
        now: week.start,
        remembered_from: week.start,
        year: 2026,
        pairs: HashMap::new(),
        association: None,
        limit: 20,
        table: None,
    };
    (roster, snapshot.gigs.into_iter().map(ask).collect())
}

/// Quotes beside an empty calendar, explanations of what a quick plan leaves open.
fn latency(what: &str, volunteers: usize, times: usize) {
    let mut took_us: Vec<f64> = if what == "quote" {
        let (roster, asks) = asked(town(volunteers));
        asks.iter().cycle().take(times).map(|ask| timed(|| roster.quote(ask))).collect()
    } else {
        let problem = compiled(&week(Size::usual(volunteers, volunteers), SEED));
        let planned = Schedules::planned(&problem, &plan(&problem, true));
        let open: Vec<usize> = (0..problem.gig_count()).filter(|gig| !planned.covers(*gig)).collect();
        open.iter().cycle().take(times).map(|gig| timed(|| explain(&problem, *gig, &planned))).collect()
    };
    took_us.sort_by(f64::total_cmp);
    let at = |share: f64| took_us.get((took_us.len() as f64 * share) as usize).copied().unwrap_or_default();
    println!("{:.1} {:.1} {:.1}", at(0.5), at(0.9), at(0.99));
}

#[expect(clippy::disallowed_methods, reason = "this is the edge at which the stopwatch starts")]
fn timed<T>(work: impl Fn() -> T) -> f64 {
    let began = Instant::now();
    black_box(work());
    began.elapsed().as_secs_f64() * 1e6
}

/// Id, longitude, latitude, metres that are reached, kinds, skills, languages, windows in seconds.
fn people(volunteers: usize) {
    for row in town(volunteers).volunteers {
        let Some(home) = row.home else { continue };
        let reach_m = row.max_travel_s as f64 * f64::from(row.speed_dkmh) / 36.0 / 1.3;
        let skills = row.skills.into_iter().map(|held| held.skill).collect();
        let (kinds, skills, languages) = (set(row.kinds), set(skills), set(row.languages));
        println!(
            "{}\t{:.6}\t{:.6}\t{reach_m:.0}\t{kinds}\t{skills}\t{languages}\t{}",
            row.id,
            home.lon,
            home.lat,
            spans(&row.windows)
        );
    }
}

/// Number from 1, longitude, latitude, kind, skills, languages, the first time it can take.
fn gigs(volunteers: usize) {
    for (number, row) in (1..).zip(town(volunteers).gigs) {
        let (Some(place), Some(window)) = (row.place, row.windows.first()) else { continue };
        let skills = row.slots.into_iter().flat_map(|slot| slot.skills).collect();
        let time = Span::new(window.start, window.start + row.duration_s);
        println!(
            "{number}\t{:.6}\t{:.6}\t{}\t{}\t{}\t[{},{})",
            place.lon,
            place.lat,
            row.kind,
            set(skills),
            set(row.languages_any),
            time.start,
            time.end
        );
    }
}

fn set(names: Vec<String>) -> String {
    format!("{{{}}}", names.join(","))
}

fn spans(spans: &[Span]) -> String {
    set(spans.iter().map(|span| format!("[{},{})", span.start, span.end)).collect())
}
