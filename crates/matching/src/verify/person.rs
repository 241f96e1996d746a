//! The referee on one person: may they do this gig at all, and can they do everything that is asked of them?

use std::collections::BTreeMap;

use super::{
    Act, Breach,
    way::{taken_s, way_s},
};
use crate::snapshot::{GigRow, Point, Snapshot, Span, Standing, VolunteerRow};

/// The rules between one volunteer and one new gig.
pub(super) fn judge_pair(
    snapshot: &Snapshot,
    volunteer: &VolunteerRow,
    gig: &GigRow,
    slot: usize,
    start: i64,
    breaches: &mut Vec<Breach>,
) {
    let end = start + gig.duration_s;
    let mut bad =
        |code: &'static str| breaches.push(Breach::new(code, format!("gig {}: volunteer {}", gig.id, volunteer.id)));
    if volunteer.standing != Standing::Active {
        bad("NOT_ACTIVE");
    }
    if !volunteer.kinds.contains(&gig.kind) {
        bad("KIND_NOT_ACCEPTED");
    }
    let needed = gig.slots.get(slot).map(|row| row.skills.as_slice()).unwrap_or_default();
    if !needed.iter().all(|skill| is_valid(volunteer, skill, start, end)) {
        bad("SKILL_MISSING");
    }
    if !gig.languages_any.is_empty() && !gig.languages_any.iter().any(|tag| volunteer.languages.contains(tag)) {
        bad("NO_COMMON_LANGUAGE");
    }
    if gig.seeker.as_ref().is_some_and(|seeker| volunteer.blocked_seekers.contains(seeker)) {
        bad("BLOCKED");
    }
    if volunteer.declined_gigs.contains(&gig.id) {
        bad("DECLINED");
    }
    if gig.min_age.is_some_and(|least| volunteer.age_years.is_none_or(|years| years < least)) {
        bad("BELOW_MINIMUM_AGE");
    }
    if let Some(place) = gig.place {
        let is_near = volunteer
            .home
            .is_some_and(|home| way_s(snapshot, volunteer.speed_dkmh, home, place) <= volunteer.max_travel_s);
        if !is_near {
            bad("TOO_FAR");
        }
    }
}

/// Whether somebody holds a skill for the whole of a gig, be it over a renewal.
fn is_valid(volunteer: &VolunteerRow, skill: &str, start: i64, end: i64) -> bool {
    let mut covered = start;
    loop {
        let next = volunteer
            .skills
            .iter()
            .filter(|held| held.skill == skill && held.valid_from.is_none_or(|from| from <= covered))
            .map(|held| held.valid_until.unwrap_or(i64::MAX))
            .max();
        match next {
            Some(until) if until >= end => return true,
            Some(until) if until > covered => covered = until,
            _ => return false,
        }
    }
}

/// Caps and round trips of one volunteer; returns the seconds they travel.
pub(super) fn judge_week(
    snapshot: &Snapshot,
    volunteer: &VolunteerRow,
    acts: &[Act<'_>],
    breaches: &mut Vec<Breach>,
) -> i64 {
    judge_cap(volunteer, acts, &snapshot.day_starts, volunteer.max_gigs_day, "DAY_FULL", breaches);
    judge_cap(volunteer, acts, &snapshot.week_starts, volunteer.max_gigs_week, "WEEK_FULL", breaches);

    let (pieces, alone) = what_is_left(snapshot, volunteer, acts);
    let mut trips: Vec<Vec<Act<'_>>> = vec![Vec::new(); pieces.len()];
    for act in acts.iter().filter(|act| !alone.iter().any(|other| other.gig.id == act.gig.id)) {
        match pieces.iter().position(|piece| piece.start <= act.start && act.whole().end <= piece.end) {
            Some(at) => trips[at].push(*act),
            None => {
                breaches.push(Breach::new("NOT_AVAILABLE", format!("gig {}: volunteer {}", act.gig.id, volunteer.id)))
            }
        }
    }
    let mut travel_s: i64 = alone.iter().map(|act| own_trip(snapshot, volunteer, act).1).sum();
    for (piece, of_piece) in pieces.iter().zip(&trips) {
        match trip(snapshot, volunteer, *piece, of_piece) {
            Ok(way) => travel_s += way,
            Err(why) => breaches.push(Breach::new("NO_TIME_BETWEEN", format!("volunteer {}: {why}", volunteer.id))),
        }
    }
    travel_s
}

/// Hours in their order, those that are one joined.
pub(super) fn joined(windows: &[Span], are_one: impl Fn(&Span, &Span) -> bool) -> Vec<Span> {
    let mut sorted: Vec<Span> = windows.iter().copied().filter(|one| one.start < one.end).collect();
    sorted.sort_unstable();
    let mut hours: Vec<Span> = Vec::new();
    for span in sorted {
        match hours.last_mut() {
            Some(last) if are_one(last, &span) => last.end = last.end.max(span.end),
            _ => hours.push(span),
        }
    }
    hours
}

/// The windows without the time of promises that no window can hold any more, and those promises.
fn what_is_left<'a>(snapshot: &Snapshot, volunteer: &VolunteerRow, acts: &[Act<'a>]) -> (Vec<Span>, Vec<Act<'a>>) {
    let windows = joined(&volunteer.windows, |one, next| next.start < one.end);
    let mut promised: Vec<Act<'a>> = acts.iter().copied().filter(|act| act.is_promised).collect();
    let mut alone: Vec<Act<'a>> = Vec::new();
    loop {
        let mut pieces = windows.clone();
        for act in &alone {
            let away = own_trip(snapshot, volunteer, act).0;
            pieces = pieces
                .iter()
                .flat_map(|piece| match piece.start < away.end && away.start < piece.end {
                    true => vec![Span::new(piece.start, away.start), Span::new(away.end, piece.end)],
                    false => vec![*piece],
                })
                .filter(|piece| piece.start < piece.end)
                .collect();
        }
        let piece_of =
            |act: &Act<'_>| pieces.iter().position(|piece| piece.start <= act.start && act.whole().end <= piece.end);
        let mut together: BTreeMap<usize, Vec<Act<'a>>> = BTreeMap::new();
        let mut misfits: Vec<Act<'a>> = Vec::new();
        for act in promised {
            match piece_of(&act) {
                Some(at) => together.entry(at).or_default().push(act),
                None => misfits.push(act),
            }
        }
        let mut fits: Vec<Act<'a>> = Vec::new();
        for (at, acts) in together {
            // Nobody can say whether somebody without a known home is there in time, or home again.
            let is_known = volunteer.home.is_some() || acts.iter().all(|act| act.gig.place.is_none());
            let is_possible = is_known && trip(snapshot, volunteer, pieces[at], &acts).is_ok();
            (if is_possible { &mut fits } else { &mut misfits }).extend(acts);
        }
        if misfits.is_empty() {
            return (pieces, alone);
        }
        alone.extend(misfits);
        promised = fits;
    }
}

/// A promise as a round trip of its own: when it takes place and how long the way is.
fn own_trip(snapshot: &Snapshot, volunteer: &VolunteerRow, act: &Act<'_>) -> (Span, i64) {
    let out = taken_s(leg(snapshot, volunteer, volunteer.home, act.gig.place));
    let back = taken_s(leg(snapshot, volunteer, end_of(act.gig), volunteer.home));
    (Span::new(act.start - out, act.whole().end + back), out + back)
}

/// Counts starts per period; a cap that promises alone exceed binds only what is new.
fn judge_cap(
    volunteer: &VolunteerRow,
    acts: &[Act<'_>],
    starts: &[i64],
    most: u32,
    code: &'static str,
    breaches: &mut Vec<Breach>,
) {
    // Of each period: how many gigs, and whether any of them is new.
    let mut periods: BTreeMap<usize, (usize, bool)> = BTreeMap::new();
    for act in acts {
        let period = starts.iter().filter(|&&start| start <= act.start).count();
        let (count, has_new) = periods.entry(period).or_default();
        *count += 1;
        *has_new |= !act.is_promised;
    }
    for (count, _) in periods.into_values().filter(|(count, has_new)| *count > most as usize && *has_new) {
        let what = format!("volunteer {}: {count} gigs where {most} are the most", volunteer.id);
        breaches.push(Breach::new(code, what));
    }
}

/// The travel of one round trip, or why it cannot be done.
fn trip(snapshot: &Snapshot, volunteer: &VolunteerRow, span: Span, acts: &[Act<'_>]) -> Result<i64, String> {
    let (mut clock, mut idle, mut travel_s) = (span.start, 0, 0);
    let mut here = volunteer.home;
    for act in acts {
        if act.start < clock {
            return Err(format!("gig {} starts before the one before it ends", act.gig.id));
        }
        idle += act.start - clock;
        if act.gig.place.is_some() {
            let way = leg(snapshot, volunteer, here, act.gig.place);
            if idle < way {
                return Err(format!("gig {} is {} s too far away", act.gig.id, way - idle));
            }
            travel_s += way;
            idle = 0;
            here = end_of(act.gig);
        }
        clock = act.whole().end;
    }
    let back = leg(snapshot, volunteer, here, volunteer.home);
    if idle + span.end - clock < back {
        return Err(format!("not home by {}", span.end));
    }
    Ok(travel_s + back)
}

fn end_of(gig: &GigRow) -> Option<Point> {
    gig.place.and(gig.destination.or(gig.place))
}

fn leg(snapshot: &Snapshot, volunteer: &VolunteerRow, from: Option<Point>, to: Option<Point>) -> i64 {
    match (from, to) {
        (Some(from), Some(to)) => way_s(snapshot, volunteer.speed_dkmh, from, to),
        _ => 0,
    }
}
