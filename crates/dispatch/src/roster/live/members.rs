//! The rows of the live roster as the core's index has them: whoever is touched is taken out and in again.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::{AssignmentState, Days, Gig, GigState, SeekerId, TimeWindow, Timestamp, Volunteer, VolunteerId};
use jiff::SignedDuration;
use matching::roster::{Ask, Cell, Held, Member, Pair, Promised, Roster as Index};
use matching::snapshot::{GigRow, Span, VolunteerRow};
use matching::travel::Bounds;
use store::Document;

use super::super::build::{firmness, is_mediated};
use super::super::familiar::{Past, REMEMBERED_DAYS, faded};
use super::super::people::{self, knows_trait};
use super::super::{Frame, LeftOut, point, second_from, task};
use super::material::touches;
use super::shards::Shards;
use super::{FRESH_DAYS, Live};

/// How far ahead windows are laid out, in days: a gig that begins within four weeks, looked at for four weeks.
const AHEAD_DAYS: i64 = 56;

/// Everybody for the core, and what leads there.
#[derive(Debug, Clone)]
pub(super) struct Members {
    /// The core's index.
    pub(super) index: Index,
    /// The time that windows are laid out for.
    frame: Frame,
    days: Days,
    /// The midnights of that time at which local days begin, and those at which weeks do.
    day_starts: Vec<i64>,
    week_starts: Vec<i64>,
    /// Who keeps away from a seeker.
    blocked_by: Shards<SeekerId, Vec<VolunteerId>>,
}

impl Members {
    /// Nobody yet.
    pub(super) fn new(now: Timestamp, bounds: Option<Bounds>) -> Self {
        let until = now.saturating_add(SignedDuration::from_hours(24 * (AHEAD_DAYS + FRESH_DAYS))).unwrap_or(now);
        let hour = now.saturating_add(SignedDuration::from_hours(1)).unwrap_or(now);
        let period = TimeWindow::new(now, until.max(hour)).expect("a call lies within the calendar");
        let frame = Frame::new(period, now);
        let horizon = Span::new(second_from(frame.weeks.start()), frame.weeks.end().as_second());
        let (day_starts, week_starts) = (frame.day_starts(), frame.week_starts());
        let index = Index::new(horizon, &day_starts, &week_starts).with_bounds(bounds);
        let days = Days::new(frame.weeks, &frame.zone);
        Self { index, frame, days, day_starts, week_starts, blocked_by: Shards::default() }
    }

    /// The midnights of a frame: of those that are laid out here, if it lies among them.
    fn midnights(&self, frame: &Frame) -> (Vec<i64>, Vec<i64>) {
        let week = |time: Timestamp| self.week_starts.binary_search(&second_from(time)).ok();
        let around = week(frame.weeks.start()).zip(week(frame.weeks.end()));
        // From a week before to a week after, as in the frame itself.
        let known = around.and_then(|(first, last)| self.week_starts.get(first.checked_sub(1)?..last + 2));
        let Some(weeks @ [first, .., last]) = known else { return (frame.day_starts(), frame.week_starts()) };
        let day = |second: &i64| self.day_starts.partition_point(|start| start < second);
        (self.day_starts[day(first)..=day(last)].to_vec(), weeks.to_vec())
    }
}

impl Live {
    /// Takes everybody in: they come by id, each with the neighbourhood of their home.
    pub(super) fn take_all_in(&mut self, mut everybody: Vec<(Cell, Arc<Volunteer>)>) {
        let index = std::mem::replace(&mut self.members.index, Index::new(Span::new(0, 0), &[], &[]));
        let (volunteers, blocked_by) = std::thread::scope(|scope| {
            let by_id: Vec<Arc<Volunteer>> = everybody.iter().map(|(_, one)| Arc::clone(one)).collect();
            let named = scope.spawn(move || named(by_id));
            // Neighbours one after another: a look finds them beside each other.
            everybody.sort_by_key(|(cell, _)| *cell);
            let mut index = index;
            index.insert_all(&everybody, |(_, one)| self.member(one));
            index.shrink();
            self.members.index = index;
            named.join()
        })
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (self.volunteers, self.members.blocked_by) = (volunteers, blocked_by);
    }

    /// Takes somebody in as they are now.
    pub(super) fn take_in(&mut self, id: &VolunteerId) {
        let Some(volunteer) = self.volunteers.get(id).cloned() else { return };
        let member = self.member(&volunteer);
        self.members.index.insert(member);
        for seeker in &volunteer.blocked_seekers {
            self.members.blocked_by.push(seeker.clone(), volunteer.id.clone());
        }
    }

    /// Lets somebody go, as they were before.
    pub(super) fn let_go(&mut self, id: &VolunteerId) {
        if let Some(before) = self.volunteers.get(id).cloned() {
            self.members.index.remove(home_cell(&before), id.as_str());
            for seeker in &before.blocked_seekers {
                self.members.blocked_by.drop_from(seeker, |one| one == id);
            }
        }
    }

    /// Where the index keeps a volunteer.
    fn cell(&self, id: &VolunteerId) -> Option<Cell> {
        self.volunteers.get(id).map(|volunteer| home_cell(volunteer))
    }

    fn member(&self, volunteer: &Volunteer) -> Member {
        let frame = &self.members.frame;
        let row =
            people::row(volunteer, frame, &self.members.days, &BTreeSet::new(), &BTreeSet::new(), &Past::default());
        let row = VolunteerRow { demands: self.demands_on_one(&volunteer.id), ..row };
        let own = self.of_volunteer.list(&volunteer.id);
        let counts = own.iter().filter(|one| one.span.end() > frame.weeks.start());
        let promises = counts.filter_map(|one| {
            let gig = Arc::new(task::fixed_row(self.gig(&one.gig)?, false));
            Some(Promised { gig, slot: usize::from(one.slot), start: one.span.start().as_second() })
        });
        let completed = own.iter().filter(|one| one.state == AssignmentState::Completed);
        Member {
            row,
            association: volunteer.association.as_ref().map(ToString::to_string),
            birth_year: volunteer.birth_year,
            last_gig_end: completed.map(|one| one.span.end().as_second()).max(),
            promises: promises.collect(),
        }
    }

    /// The core's index.
    pub(crate) fn index(&self) -> &Index {
        &self.members.index
    }

    /// The row of a gig that a person asks about.
    pub(crate) fn gig_row(&self, gig: &Gig, frame: &Frame) -> Result<GigRow, LeftOut> {
        let (kind, seeker) = (self.kinds.get(&gig.kind), self.seekers.get(&gig.seeker));
        task::row(gig, kind.map(Arc::as_ref), seeker.map(Arc::as_ref), frame)
    }

    /// Whether a coordinator relays for the seeker of a gig.
    pub(crate) fn is_mediated(&self, gig: &Gig) -> bool {
        self.seekers.get(&gig.seeker).is_some_and(|seeker| is_mediated(seeker))
    }

    /// The question who could take the open slots of a gig.
    pub(crate) fn ask(&self, gig: &Gig, row: GigRow, frame: &Frame, association: Option<String>, limit: usize) -> Ask {
        let weeks = frame.weeks;
        let counts = self.of_gig.list(&gig.id).iter().filter(|one| {
            touches(one.span.start(), one.span.end(), weeks.start(), weeks.end())
                && self.volunteers.get(&one.volunteer).is_some()
        });
        let held = counts.map(|one| Held {
            volunteer: one.volunteer.to_string(),
            slot: usize::from(one.slot),
            start: one.span.start().as_second(),
            state: firmness(one),
            cell: self.cell(&one.volunteer),
        });
        let (day_starts, week_starts) = self.members.midnights(frame);
        Ask {
            gig: row,
            held: held.collect(),
            within: Span::new(second_from(weeks.start()), weeks.end().as_second()),
            day_starts,
            week_starts,
            now: frame.now.as_second(),
            remembered_from: remembered_from(frame.now).as_second(),
            year: i32::from(frame.now.to_zoned(frame.zone.clone()).year()),
            pairs: self.pairs(gig, frame.now),
            association,
            limit,
            table: None,
        }
    }

    /// Names one volunteer in a question, so that the rules are asked of them whatever the columns say.
    pub(crate) fn ask_of(&self, ask: &mut Ask, id: &VolunteerId) {
        ask.pairs.entry(id.to_string()).or_default().cell = self.cell(id);
    }

    /// What there is between a gig, or its seeker, and certain volunteers.
    fn pairs(&self, gig: &Gig, now: Timestamp) -> HashMap<String, Pair> {
        let id = &gig.seeker;
        let mut pairs: HashMap<String, Pair> = HashMap::new();
        for no in gig.noes.iter().filter(|no| !no.by_coordinator && no.forbids(gig.start, false)) {
            pairs.entry(no.volunteer.to_string()).or_default().declined = true;
        }
        let (from, known) = (remembered_from(now), vec![knows_trait(id)]);
        for gig in self.completed_of.list(id).iter().filter_map(|gig| self.gig(gig)) {
            let keys = gig.keys();
            if !keys.starts.zip(keys.ends).is_some_and(|(start, end)| touches(start, end, from, now)) {
                continue;
            }
            let completed = self.of_gig.list(&gig.id).iter().filter(|one| {
                one.state == AssignmentState::Completed && touches(one.span.start(), one.span.end(), from, now)
            });
            for one in completed {
                let strength = faded(now, one.span.end());
                let pair = pairs.entry(one.volunteer.to_string()).or_default();
                pair.familiar_milli = pair.familiar_milli.max(strength);
                pair.traits.clone_from(&known);
            }
        }
        let nobody = BTreeSet::new();
        let seeker = self.seekers.get(id);
        for volunteer in seeker.map_or(&nobody, |seeker| &seeker.familiar) {
            let pair = pairs.entry(volunteer.to_string()).or_default();
            pair.familiar_milli = 1000;
            pair.traits.clone_from(&known);
        }
        for volunteer in seeker.map_or(&nobody, |seeker| &seeker.blocked).iter().chain(self.members.blocked_by.list(id))
        {
            pairs.entry(volunteer.to_string()).or_default().blocked = true;
        }
        for (id, pair) in &mut pairs {
            pair.cell = VolunteerId::new(id.as_str()).ok().and_then(|id| self.cell(&id));
        }
        pairs
    }

    /// Notes whose completed gig this is, or was.
    pub(super) fn note_completed(&mut self, before: Option<&Gig>, after: Option<&Gig>) {
        let completed = |gig: &&Gig| gig.state == GigState::Completed;
        if let Some(gig) = before.filter(completed) {
            self.completed_of.drop_from(&gig.seeker, |one| *one == gig.id);
        }
        if let Some(gig) = after.filter(completed) {
            self.completed_of.push(gig.seeker.clone(), gig.id.clone());
        }
    }
}

/// The neighbourhood of a volunteer's home: the index keeps them there.
pub(super) fn home_cell(volunteer: &Volunteer) -> Cell {
    Cell::of(volunteer.home.as_ref().map(point))
}

/// Volunteers by id, and who keeps away from a seeker.
fn named(everybody: Vec<Arc<Volunteer>>) -> (Shards<VolunteerId, Arc<Volunteer>>, Shards<SeekerId, Vec<VolunteerId>>) {
    let mut blocked_by: Shards<SeekerId, Vec<VolunteerId>> = Shards::default();
    for volunteer in &everybody {
        for seeker in &volunteer.blocked_seekers {
            blocked_by.push(seeker.clone(), volunteer.id.clone());
        }
    }
    (Shards::of(everybody.into_iter().map(|one| (one.id.clone(), one))), blocked_by)
}

/// Before this nothing is remembered.
pub(super) fn remembered_from(now: Timestamp) -> Timestamp {
    now.saturating_sub(SignedDuration::from_hours(24 * REMEMBERED_DAYS)).unwrap_or(Timestamp::MIN)
}
