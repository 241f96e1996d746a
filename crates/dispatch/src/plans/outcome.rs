//! What a solve found, in the words of the domain: each gig compared with what stands, coverage, and why the rest is open.

use std::collections::BTreeMap;

use domain::plan::{ChangeKind, Coverage, PlanDemand, PlanItem, PlanOutcome, PlanStage, SolveStatus, TravelSource};
use domain::{Assignment, Date, Explanation, Gig, GigId, KindId, TimeWindow, Timestamp, VolunteerId};
use matching::demand::{self, Demanded};
use matching::eligibility::Insertion;
use matching::explain::Schedules;
use matching::plan::{self, Status};
use matching::problem::{Problem, Stop};
use matching::score::{self, Soft};
use matching::snapshot::{Demand, Span};

use super::solve::POINT_S;
use crate::explain;
use crate::roster::frame::local_day;
use crate::roster::{Roster, instant};

/// Most pairs of volunteer and open gig that are looked at for reasons; gigs beyond it are explained when asked about.
const EXPLAINED_PAIRS_MAX: usize = 3_000_000;
/// At least so many open gigs are explained, whatever the number of volunteers.
const EXPLAINED_MIN: usize = 20;

/// The report on a plan that has passed the referee.
pub(super) fn outcome(problem: &Problem, roster: &Roster, found: &plan::Plan, solve_ms: u64) -> PlanOutcome {
    let mut items = Vec::new();
    let mut open: Vec<&Gig> = Vec::new();
    let mut by_kind: BTreeMap<KindId, Coverage> = BTreeMap::new();
    let mut by_priority: BTreeMap<u8, Coverage> = (1..=5).map(|p| (p, Coverage { covered: 0, of: 0 })).collect();
    let mut by_day: BTreeMap<Date, u32> = BTreeMap::new();
    for id in &roster.looked_at {
        let Some(gig) = roster.gigs.get(id) else { continue };
        let assignment = found.assignment(id.as_str());
        let planned = assignment.filter(|assignment| assignment.seats.len() == gig.slots.len());
        let covered = u32::from(planned.is_some());
        for group in [
            by_kind.entry(gig.kind.clone()).or_insert(Coverage { covered: 0, of: 0 }),
            by_priority.entry(gig.priority).or_insert(Coverage { covered: 0, of: 0 }),
        ] {
            group.of += 1;
            group.covered += covered;
        }
        match planned {
            Some(planned) => *by_day.entry(local_day(instant(planned.start))).or_default() += 1,
            None => open.push(gig),
        }
        items.extend(item(problem, roster, gig, assignment));
    }
    let gigs = by_priority.values().map(|coverage| coverage.covered).sum();
    let busiest = by_day.into_iter().max_by_key(|(day, count)| (*count, std::cmp::Reverse(*day)));
    PlanOutcome {
        status: status(found.status),
        weight: i64::try_from(found.weight).unwrap_or(i64::MAX),
        bound_weight: i64::try_from(found.bound_weight).unwrap_or(i64::MAX),
        gap: found.gap(),
        objective: found.objective,
        bound: found.bound,
        stages: found.stages.iter().map(stage).collect(),
        solver: plan::SOLVER.to_owned(),
        travel_s: found.travel_s,
        travel_source: TravelSource::default(),
        gigs,
        of: u32::try_from(roster.looked_at.len()).unwrap_or(u32::MAX),
        terms: terms(problem, found),
        digest: found.digest_word(),
        solve_ms,
        by_kind: by_kind.into_iter().collect(),
        by_priority: by_priority.into_iter().rev().collect(),
        busiest_day: busiest,
        items,
        open: reasons(problem, roster, found, open),
        demands: demands(problem, roster, found),
    }
}

/// What the plan wants of people, beside what they had promised.
fn demands(problem: &Problem, roster: &Roster, found: &plan::Plan) -> Vec<PlanDemand> {
    let mut own: BTreeMap<&VolunteerId, Vec<&Assignment>> = BTreeMap::new();
    for held in roster.held.values().flatten() {
        own.entry(&held.volunteer).or_default().push(held);
    }
    let one = |demanded: Demanded| {
        let volunteer = VolunteerId::new(demanded.volunteer).ok()?;
        let span = |span: Span| TimeWindow::new(instant(span.start), instant(span.end)).ok();
        let window = span(demanded.window)?;
        let held = own.get(&volunteer).into_iter().flatten().filter(|held| held.span.overlaps(&window));
        let mut promised: Vec<GigId> = held.map(|held| held.gig.clone()).collect();
        promised.sort_unstable();
        let Demand { hours, gigs, worth_s } = demanded.demand;
        let gigs = gigs.into_iter().filter_map(|(gig, start)| Some((GigId::new(gig).ok()?, instant(start))));
        Some(PlanDemand { window, hours: span(hours)?, gigs: gigs.collect(), promised, worth_s, volunteer })
    };
    demand::demands(problem, found).into_iter().filter_map(one).collect()
}

fn stage(stage: &plan::Stage) -> PlanStage {
    PlanStage {
        name: stage.name.to_owned(),
        objective: stage.objective,
        bound: stage.bound,
        elapsed_ms: stage.elapsed_ms,
    }
}

fn status(status: Status) -> SolveStatus {
    match status {
        Status::Optimal => SolveStatus::Optimal,
        Status::Gap => SolveStatus::Gap,
        Status::Budget => SolveStatus::Budget,
        Status::Greedy => SolveStatus::Greedy,
    }
}

/// One gig with somebody promised or held, or a planned one; none for a gig that was open and stays as it is.
fn item(problem: &Problem, roster: &Roster, gig: &Gig, found: Option<&plan::Assignment>) -> Option<PlanItem> {
    let held: &[Assignment] = roster.held.get(&gig.id).map_or(&[], Vec::as_slice);
    let planned = found.filter(|found| found.seats.len() == gig.slots.len());
    let change = change(gig, held, found, planned.is_some())?;
    let helpers: Vec<VolunteerId> = planned
        .map(|planned| planned.seats.iter().filter_map(|seat| VolunteerId::new(seat.volunteer.clone()).ok()).collect())
        .unwrap_or_default();
    let start = planned.map(|planned| instant(planned.start));
    let before = held.iter().filter(|_| change != ChangeKind::New);
    let versions = helpers.iter().map(|id| roster.volunteers.get(id).map_or(0, |volunteer| volunteer.meta.version));
    Some(PlanItem {
        gig: gig.id.clone(),
        gig_version: gig.meta.version,
        change,
        start,
        volunteer_versions: versions.collect(),
        why: why(problem, gig, change, &helpers, start),
        volunteers: helpers,
        previous_start: before.clone().map(|assignment| assignment.span.start()).next(),
        previous_volunteers: before.map(|assignment| assignment.volunteer.clone()).collect(),
        is_asked_for: false,
        open_offers: 0,
    })
}

/// What becomes of a gig. A helper who is held and whose place another takes is moved, one whose gig is not filled is dropped, as
/// with a promise; one who is joined by the other helper is kept within a new one.
fn change(gig: &Gig, held: &[Assignment], found: Option<&plan::Assignment>, whole: bool) -> Option<ChangeKind> {
    let stays = |assignment: &Assignment| {
        found.is_some_and(|found| {
            found.start == assignment.span.start().as_second()
                && found.seats.iter().any(|seat| {
                    seat.slot == usize::from(assignment.slot) && seat.volunteer == assignment.volunteer.as_str()
                })
        })
    };
    let all_stay = held.iter().all(stays);
    let promised = !gig.state.wants_helpers() && !held.is_empty();
    match (whole, all_stay) {
        (true, true) if promised => Some(ChangeKind::Kept),
        (true, true) => Some(ChangeKind::New),
        (true, false) => Some(ChangeKind::Moved),
        (false, true) if !promised => None,
        (false, _) => Some(ChangeKind::Dropped),
    }
}

/// Why, in one line for the operator.
fn why(problem: &Problem, gig: &Gig, change: ChangeKind, helpers: &[VolunteerId], start: Option<Timestamp>) -> String {
    match change {
        ChangeKind::Kept => "promised already".to_owned(),
        ChangeKind::Dropped => "its helpers are needed for gigs of more weight".to_owned(),
        ChangeKind::Moved => format!("moved so that more is covered; {}", ways(problem, gig, helpers, start)),
        ChangeKind::New => format!("priority {}; {}", gig.priority, ways(problem, gig, helpers, start)),
    }
}

/// How far each helper comes, and what speaks for them.
fn ways(problem: &Problem, gig: &Gig, helpers: &[VolunteerId], start: Option<Timestamp>) -> String {
    let Some(task) = problem.find_gig(gig.id.as_str()) else { return String::new() };
    let start = start.map_or(0, |start| start.as_second());
    let each = helpers.iter().filter_map(|id| {
        let person = problem.find_volunteer(id.as_str())?;
        let way = match problem.way_out_s(person, task).filter(|_| gig.place.is_some()) {
            Some(seconds) => format!("{} min from home", (seconds + 59) / 60),
            None => "no travel".to_owned(),
        };
        let speaks: Vec<&str> = score::terms(problem, person, &[], task, start, &NO_TRAVEL)
            .iter()
            .filter(|term| term.milli > 0)
            .filter_map(|term| match term.soft {
                Soft::Familiar => Some("familiar face"),
                Soft::Likes => Some("likes the kind"),
                Soft::Wishes => Some("meets a wish"),
                Soft::Travel | Soft::FairShare | Soft::NeededElsewhere => None,
            })
            .collect();
        Some(std::iter::once(way.as_str()).chain(speaks).collect::<Vec<_>>().join(", "))
    });
    each.collect::<Vec<_>>().join("; ")
}

/// An insertion that costs nothing, where travel is reported apart.
const NO_TRAVEL: Insertion = Insertion { window: 0, position: 0, travel_s: 0, extra_travel_s: 0 };

/// The points of a plan by term, travel apart.
fn terms(problem: &Problem, found: &plan::Plan) -> BTreeMap<String, i64> {
    /// The code of what keeping a promise that could be moved is worth.
    const KEEP: &str = "KEEP";
    let schedules = Schedules::planned(problem, found);
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for assignment in &found.assignments {
        let Some(task) = problem.find_gig(&assignment.gig) else { continue };
        for seat in assignment.seats.iter().filter(|seat| seat.promised.is_none()) {
            let Some(person) = problem.find_volunteer(&seat.volunteer) else { continue };
            // A gig of a week costs for those that are promised or come before it.
            let promised = problem.standing_schedule(person);
            let now = Stop { start: assignment.start, gig: task };
            let is_before = |stop: &Stop| stop.gig != task && (promised.contains(stop) || *stop < now);
            let others: Vec<Stop> = schedules.of(person).iter().copied().filter(is_before).collect();
            let kept = i64::from(problem.keep_bonus_s(person, task)) * 1000 / i64::from(POINT_S);
            if kept != 0 {
                *sums.entry(KEEP.to_owned()).or_default() += kept;
            }
            for term in score::terms(problem, person, &others, task, assignment.start, &NO_TRAVEL) {
                *sums.entry(term.soft.code().to_owned()).or_default() += term.milli;
            }
        }
    }
    sums
}

/// Why the open gigs are open, the weightiest first as far as the work is bounded; in the order of ids.
fn reasons(problem: &Problem, roster: &Roster, found: &plan::Plan, mut open: Vec<&Gig>) -> Vec<Explanation> {
    let schedules = Schedules::planned(problem, found);
    let most = (EXPLAINED_PAIRS_MAX / problem.volunteer_count().max(1)).max(EXPLAINED_MIN);
    open.sort_by(|a, b| (b.weight(), &a.id).cmp(&(a.weight(), &b.id)));
    open.truncate(most);
    let (left_out, matched): (Vec<&Gig>, Vec<&Gig>) =
        open.into_iter().partition(|gig| roster.why_left_out(&gig.id).is_some());
    let mut explained = explain::all_of_problem(problem, &matched, &schedules, &|id| roster.person(id));
    explained
        .extend(left_out.into_iter().filter_map(|gig| Some(explain::left_out(gig, roster.why_left_out(&gig.id)?))));
    explained.sort_by(|a, b| a.gig.cmp(&b.gig));
    explained
}
