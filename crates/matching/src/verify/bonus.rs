//! What a plan is worth beside weight and travel, counted anew: familiar faces, liked kinds, met wishes and fair shares, in seconds of travel.
//!
//! `docs/neutral-format.md` says the same in words. Only what is new counts: what was promised before stands in any plan.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use super::{
    person::joined,
    rows::{Names, Row},
};
use crate::{
    plan::Assignment,
    snapshot::{GigRow, Snapshot, Span, VolunteerRow},
};

/// A point is worth a minute of travel; values are reckoned in thousandths of one.
const POINT_S: i64 = 60;
/// A face that the seeker knows, at full strength.
const KNOWN_POINTS: i64 = 20;
/// A kind that the volunteer likes best.
const LIKED_POINTS: i64 = 5;
/// A wish that the volunteer meets.
const WISH_POINTS: i64 = 8;
/// Whoever has had no gig for this many days, or none ever, is worth the most.
const IDLE_DAYS: i64 = 28;
/// What they are worth.
const IDLE_POINTS: i64 = 10;
/// What a gig costs for each that comes before it in somebody's week.
const WEEK_POINTS: i64 = 3;

/// The bonus of a plan, in seconds of travel: the least and the most that it may be said to be. They differ only where somebody is free across the
/// midnight at which a week begins: a planner may count what is done in such hours towards both weeks.
#[must_use]
pub fn bonus_s(snapshot: &Snapshot, assignments: &[Assignment]) -> RangeInclusive<i64> {
    let names = Names::of(snapshot);
    let mut pairs = 0;
    let mut weeks: BTreeMap<&str, (&VolunteerRow, Vec<Act>)> = BTreeMap::new();
    for row in names.rows(assignments).flatten().filter(Row::is_countable) {
        let is_whole = row.is_whole();
        for seat in &row.seats {
            let Some(volunteer) = seat.volunteer else { continue };
            let is_new = !seat.is_promised;
            if is_new && is_whole {
                pairs += pair_s(volunteer, row.gig);
            }
            let act = Act { start: row.assignment.start, is_new };
            weeks.entry(&volunteer.id).or_insert((volunteer, Vec::new())).1.push(act);
        }
    }
    let (mut least, mut most) = (pairs, pairs);
    for (volunteer, acts) in weeks.values() {
        // Hours that meet are one here: whoever is free in all of them may be counted in all their weeks.
        let hours = joined(&volunteer.windows, |one, next| next.start <= one.end);
        least -= week_cost_s(snapshot, acts, |act| weeks_free(snapshot, &hours, act));
        most -= week_cost_s(snapshot, acts, |act| weeks_of(snapshot, act.start, act.start));
    }
    least..=most
}

/// One gig of somebody's.
#[derive(Clone, Copy)]
struct Act {
    start: i64,
    is_new: bool,
}

/// What a volunteer and a gig are worth to each other.
fn pair_s(volunteer: &VolunteerRow, gig: &GigRow) -> i64 {
    let known = gig.seeker.as_ref().and_then(|seeker| volunteer.familiar.iter().find(|known| known.seeker == *seeker));
    let strength = known.map_or(0, |known| i64::from(known.strength_milli.min(1000)));
    let liked = i64::from(volunteer.likes.contains(&gig.kind));
    let wishes: BTreeSet<&String> = gig.wishes.iter().filter(|wish| volunteer.traits.contains(wish)).collect();
    let idle_days = match volunteer.last_gig_days_ago {
        Some(days) if volunteer.gigs_so_far > 0 => i64::from(days).min(IDLE_DAYS),
        _ => IDLE_DAYS,
    };
    let milli = KNOWN_POINTS * strength
        + LIKED_POINTS * 1000 * liked
        + WISH_POINTS * 1000 * wishes.len() as i64
        + IDLE_POINTS * 1000 * idle_days / IDLE_DAYS;
    milli * POINT_S / 1000
}

/// What the new gigs of somebody cost together, each counted in the weeks that are said of it.
fn week_cost_s(snapshot: &Snapshot, acts: &[Act], weeks: impl Fn(&Act) -> RangeInclusive<usize>) -> i64 {
    let mut standing: BTreeMap<usize, i64> = BTreeMap::new();
    for act in acts.iter().filter(|act| !act.is_new) {
        *standing.entry(week(snapshot, act.start)).or_default() += 1;
    }
    let mut cost_s = 0;
    for act in acts.iter().filter(|act| act.is_new) {
        for number in weeks(act) {
            let before = standing.entry(number).or_default();
            cost_s += WEEK_POINTS * POINT_S * *before;
            *before += 1;
        }
    }
    cost_s
}

/// The weeks in which the hours lie that a gig is done in.
fn weeks_free(snapshot: &Snapshot, hours: &[Span], act: &Act) -> RangeInclusive<usize> {
    let start = act.start;
    let around = hours.iter().find(|one| one.start <= start && start < one.end);
    around.map_or_else(|| weeks_of(snapshot, start, start), |one| weeks_of(snapshot, one.start, one.end - 1))
}

fn weeks_of(snapshot: &Snapshot, first: i64, last: i64) -> RangeInclusive<usize> {
    week(snapshot, first)..=week(snapshot, last)
}

/// The number of a week; what lies before the first that is named is one of its own.
fn week(snapshot: &Snapshot, at: i64) -> usize {
    snapshot.week_starts.iter().filter(|start| **start <= at).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Seat;
    use crate::snapshot::{Familiar, Promise, PromiseState, SlotRow};

    const H: i64 = 3_600;
    const DAY: i64 = 24 * H;

    fn call(id: &str) -> GigRow {
        GigRow {
            id: id.to_owned(),
            kind: "call".to_owned(),
            seeker: Some("s1".to_owned()),
            duration_s: H,
            slots: vec![SlotRow::default()],
            wishes: vec!["female".to_owned(), "sauna".to_owned(), "female".to_owned()],
            ..GigRow::default()
        }
    }

    fn done(gig: &str, start: i64) -> Assignment {
        let seat = Seat { slot: 0, volunteer: "v".to_owned(), promised: None };
        Assignment { gig: gig.to_owned(), start, seats: vec![seat] }
    }

    fn bonus(volunteer: VolunteerRow, promised: &[(&str, i64)], starts: &[(&str, i64)]) -> RangeInclusive<i64> {
        let windows = if volunteer.windows.is_empty() { vec![Span::new(0, 14 * DAY)] } else { volunteer.windows };
        let volunteer = VolunteerRow { id: "v".to_owned(), windows, ..volunteer };
        let promise = |(gig, start): &(&str, i64)| Promise {
            gig: (*gig).to_owned(),
            slot: 0,
            volunteer: "v".to_owned(),
            start: *start,
            state: PromiseState::Accepted,
        };
        let snapshot = Snapshot {
            volunteers: vec![volunteer],
            gigs: ["a", "b", "c", "d"].map(call).into(),
            promises: promised.iter().map(promise).collect(),
            week_starts: vec![0, 7 * DAY],
            ..Snapshot::default()
        };
        let all = promised.iter().chain(starts).map(|(gig, start)| done(gig, *start));
        bonus_s(&snapshot, &all.collect::<Vec<_>>())
    }

    #[test]
    fn every_term_counts_what_it_should() {
        let busy = || VolunteerRow { gigs_so_far: 3, last_gig_days_ago: Some(0), ..VolunteerRow::default() };
        let alone = |volunteer| *bonus(volunteer, &[], &[("a", H)]).end();
        assert_eq!(alone(busy()), 0);
        assert_eq!(alone(VolunteerRow { last_gig_days_ago: Some(14), ..busy() }), 5 * 60);
        assert_eq!(alone(VolunteerRow { gigs_so_far: 0, ..busy() }), 10 * 60);
        assert_eq!(alone(VolunteerRow { last_gig_days_ago: None, ..busy() }), 10 * 60);
        assert_eq!(alone(VolunteerRow { likes: vec!["call".into()], ..busy() }), 5 * 60);
        assert_eq!(alone(VolunteerRow { traits: vec!["female".into(), "tall".into()], ..busy() }), 8 * 60);
        let familiar = |strength_milli| vec![Familiar { seeker: "s1".into(), strength_milli }];
        assert_eq!(alone(VolunteerRow { familiar: familiar(250), ..busy() }), 5 * 60);
        // One before it in the same week costs three points, the third six; the next week begins anew. Who is free through
        // both weeks may be counted in both.
        let week = |promised: &[(&str, i64)], starts: &[(&str, i64)]| bonus(busy(), promised, starts);
        assert_eq!(*week(&[], &[("a", H), ("b", 3 * H), ("c", 5 * H)]).end(), -9 * 60);
        assert_eq!(*week(&[("a", H)], &[("b", 3 * H), ("c", 5 * H), ("d", 8 * DAY)]).end(), -9 * 60);
        assert_eq!(week(&[], &[("a", H), ("b", 8 * DAY)]), -6 * 60..=0);
        assert_eq!(week(&[("a", H)], &[]), 0..=0);
    }

    #[test]
    fn a_gig_that_is_not_covered_earns_nothing() {
        let volunteer = || VolunteerRow { id: "v".to_owned(), ..VolunteerRow::default() };
        let for_two = GigRow { slots: vec![SlotRow::default(), SlotRow::default()], ..call("a") };
        let snapshot = |gig| Snapshot { volunteers: vec![volunteer()], gigs: vec![gig], ..Snapshot::default() };
        assert_eq!(bonus_s(&snapshot(call("a")), &[done("a", H)]), 10 * 60..=10 * 60);
        assert_eq!(bonus_s(&snapshot(for_two), &[done("a", H)]), 0..=0);
    }

    /// A gig on the first day and one on the eighth, of somebody who is free in these hours.
    #[test]
    fn only_hours_through_midnight_may_count_in_both_weeks() {
        let of = |early: &[(i64, i64)], late: &[(i64, i64)], starts: [i64; 2]| {
            let windows = early.iter().chain(late).map(|(from, to)| Span::new(*from, *to)).collect();
            let busy = VolunteerRow { gigs_so_far: 3, last_gig_days_ago: Some(0), windows, ..VolunteerRow::default() };
            bonus(busy, &[], &[("a", starts[0]), ("b", starts[1])])
        };
        let (first, last) = ([(0, 3 * H)], [(8 * DAY, 9 * DAY)]);
        assert_eq!(of(&first, &last, [H, 8 * DAY]), 0..=0, "hours that are far from each other");
        assert_eq!(of(&[(0, 7 * DAY)], &last, [H, 8 * DAY]), 0..=0, "until midnight, and no longer");
        assert_eq!(of(&[(0, 7 * DAY + 1)], &last, [H, 8 * DAY]), -180..=0);
        assert_eq!(of(&[(0, 3 * H), (3 * H, 7 * DAY + H)], &last, [H, 8 * DAY]), -180..=0, "hours that meet are one");
        assert_eq!(of(&[(0, 3 * H), (3 * H + 1, 7 * DAY + H)], &last, [H, 8 * DAY]), 0..=0);
        // The other way round: what is done in the second week may be counted in the first.
        let late = [(7 * DAY, 8 * DAY), (6 * DAY, 7 * DAY)];
        assert_eq!(of(&first, &late, [H, 7 * DAY + H]), -180..=0);
        let apart = [(7 * DAY, 8 * DAY), (6 * DAY, 7 * DAY - 1)];
        assert_eq!(of(&first, &apart, [H, 7 * DAY + H]), 0..=0);
        assert_eq!(of(&[(0, 7 * DAY)], &last, [H, 7 * DAY]), 0..=0, "what begins when the hours end is not in them");
    }

    #[test]
    fn what_the_referee_refuses_to_count_earns_nothing() {
        let volunteer =
            VolunteerRow { id: "v".to_owned(), windows: vec![Span::new(0, DAY)], ..VolunteerRow::default() };
        let for_two = GigRow { slots: vec![SlotRow::default(), SlotRow::default()], ..call("b") };
        let snapshot = Snapshot { volunteers: vec![volunteer], gigs: vec![call("a"), for_two], ..Snapshot::default() };
        for start in [i64::MIN, i64::MAX] {
            assert_eq!(bonus_s(&snapshot, &[done("a", start)]), 0..=0, "{start}");
        }
        let twice = [done("a", H), done("a", H)];
        assert_eq!(bonus_s(&snapshot, &twice), 10 * 60..=10 * 60);
        let mut with_nobody = done("b", H);
        with_nobody.seats.push(Seat { slot: 1, volunteer: "nobody".to_owned(), promised: None });
        assert_eq!(bonus_s(&snapshot, &[with_nobody]), 0..=0);
    }
}
