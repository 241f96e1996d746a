//! The best plan of a tiny week by trying everything. It shares no code with the crate but the rows it reads.

use matching::snapshot::{GigRow, Point, Snapshot, Span, Standing, VolunteerRow};
use matching::travel::{Spot, Told};

/// A gig somebody does in one of their windows, perhaps at a set time.
#[derive(Clone, Copy)]
struct Task {
    gig: usize,
    window: usize,
    start: Option<i64>,
}

/// Tries everything.
pub(crate) struct Oracle<'a> {
    snapshot: &'a Snapshot,
    tasks: Vec<Vec<Task>>,
    best: i64,
    /// What every filled slot is worth, and what a gig costs for each one before it in somebody's week.
    seat_s: i64,
    step_s: i64,
}

impl<'a> Oracle<'a> {
    /// The greatest `weight x 20,000 - travel` of any plan, with starts of gigs for two on the quarter-hour grid.
    pub(crate) fn best(snapshot: &'a Snapshot) -> i64 {
        Self::best_shared(snapshot, 0, 0)
    }

    /// The same where every filled slot is worth so much, and each gig costs so much for every one before it in the same week of the
    /// same person; the week of the snapshot is one.
    pub(crate) fn best_shared(snapshot: &'a Snapshot, seat_s: i64, step_s: i64) -> i64 {
        let tasks = vec![Vec::new(); snapshot.volunteers.len()];
        let mut oracle = Self { snapshot, tasks, best: i64::MIN, seat_s, step_s };
        oracle.go(0, 0);
        oracle.best
    }

    /// The least travel of one person's round trip in one of their (joined) windows through gigs, each given with its slot and, where it
    /// is set, its start; nothing if it cannot be done.
    pub(crate) fn trip_s(
        snapshot: &'a Snapshot,
        person: usize,
        window: usize,
        through: &[(usize, usize, Option<i64>)],
    ) -> Option<i64> {
        let row = &snapshot.volunteers[person];
        for &(gig, slot, start) in through {
            let gig = &snapshot.gigs[gig];
            if !suits(snapshot, row, gig, slot) || !start.is_none_or(|start| skills_valid(row, gig, slot, start)) {
                return None;
            }
        }
        let tasks: Vec<Task> = through.iter().map(|&(gig, _, start)| Task { gig, window, start }).collect();
        let span = merged(&row.windows)[window];
        let oracle = Self { snapshot, tasks: Vec::new(), best: 0, seat_s: 0, step_s: 0 };
        oracle.round(row, span, &tasks, span.start, span.start, row.home, false)
    }

    fn go(&mut self, gig: usize, weight: i64) {
        let Some(row) = self.snapshot.gigs.get(gig) else {
            let travel: Option<i64> = (0..self.tasks.len()).map(|person| self.travel(person)).sum();
            let shares: i64 = self
                .tasks
                .iter()
                .map(|tasks| tasks.len() as i64)
                .map(|gigs| gigs * self.seat_s - self.step_s * gigs * (gigs - 1) / 2)
                .sum();
            self.best = self.best.max(travel.map_or(i64::MIN, |travel| weight * 20_000 - travel + shares));
            return;
        };
        self.go(gig + 1, weight);
        let gain = weight + i64::from(row.weight);
        if let [_] = row.slots[..] {
            for person in 0..self.tasks.len() {
                self.try_person(gig, 0, person, row.agreed_start, &mut |oracle| oracle.go(gig + 1, gain));
            }
            return;
        }
        for start in starts(row) {
            for first in 0..self.tasks.len() {
                self.try_person(gig, 0, first, Some(start), &mut |oracle| {
                    for second in (0..oracle.tasks.len()).filter(|&second| second != first) {
                        oracle.try_person(gig, 1, second, Some(start), &mut |oracle| oracle.go(gig + 1, gain));
                    }
                });
            }
        }
    }

    /// Adds the gig to each window of a person where it fits, and goes on.
    fn try_person(
        &mut self,
        gig: usize,
        slot: usize,
        person: usize,
        start: Option<i64>,
        then: &mut dyn FnMut(&mut Self),
    ) {
        let row = &self.snapshot.volunteers[person];
        let is_valid = start.is_none_or(|start| skills_valid(row, &self.snapshot.gigs[gig], slot, start));
        if !is_valid || !suits(self.snapshot, row, &self.snapshot.gigs[gig], slot) {
            return;
        }
        for window in 0..merged(&row.windows).len() {
            self.tasks[person].push(Task { gig, window, start });
            // On a table of times a further gig can make possible what is not without it.
            if self.snapshot.table.is_some() || self.travel(person).is_some() {
                then(self);
            }
            self.tasks[person].pop();
        }
    }

    /// Least travel of a person's week, `None` if it cannot be done.
    fn travel(&self, person: usize) -> Option<i64> {
        let row = &self.snapshot.volunteers[person];
        let tasks = &self.tasks[person];
        if tasks.len() > row.max_gigs_week as usize {
            return None;
        }
        let windows = merged(&row.windows);
        let mut total = 0;
        for (at, span) in windows.iter().enumerate() {
            let day = |span: &Span| span.start.div_euclid(86_400);
            let same_day = tasks.iter().filter(|task| day(&windows[task.window]) == day(span)).count();
            if same_day > row.max_gigs_day as usize {
                return None;
            }
            let mine: Vec<Task> = tasks.iter().copied().filter(|task| task.window == at).collect();
            total += self.round(row, *span, &mine, span.start, span.start, row.home, false)?;
        }
        Some(total)
    }

    /// Least travel to do `left` and be home in time, from here.
    #[expect(clippy::too_many_arguments, reason = "the state of a round trip, written out plainly")]
    fn round(
        &self,
        row: &VolunteerRow,
        span: Span,
        left: &[Task],
        clock: i64,
        last_stop: i64,
        here: Option<Point>,
        is_out: bool,
    ) -> Option<i64> {
        if left.is_empty() {
            let back = if is_out { self.way(row, here?, row.home?)? } else { 0 };
            return (last_stop + back <= span.end && clock <= span.end).then_some(back);
        }
        let mut best: Option<i64> = None;
        for (at, task) in left.iter().enumerate() {
            let gig = &self.snapshot.gigs[task.gig];
            let (way, earliest) = match gig.place {
                None => (0, clock),
                Some(place) => {
                    let Some(from) = here else { continue };
                    let Some(way) = self.way(row, from, place) else { continue };
                    (way, clock.max(last_stop + way))
                }
            };
            let spans = match task.start {
                Some(start) => vec![Span::new(start, start + gig.duration_s)],
                None => gig.windows.clone(),
            };
            let fits = spans
                .iter()
                .filter_map(|span| Some(span.start.max(earliest)).filter(|start| start + gig.duration_s <= span.end));
            let allowed = fits.filter(|&start| skills_valid(row, gig, 0, start) || gig.slots.len() > 1);
            let Some(start) = allowed.min().filter(|&start| start >= earliest) else { continue };
            let end = start + gig.duration_s;
            if start < span.start || end > span.end {
                continue;
            }
            let rest: Vec<Task> =
                left.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, task)| *task).collect();
            let next = match gig.place {
                None => self.round(row, span, &rest, end, last_stop + gig.duration_s, here, is_out),
                Some(place) => self.round(row, span, &rest, end, end, gig.destination.or(Some(place)), true),
            };
            best = best.into_iter().chain(next.map(|next| next + way)).min();
        }
        best
    }

    fn way(&self, row: &VolunteerRow, from: Point, to: Point) -> Option<i64> {
        way(self.snapshot, row.speed_dkmh, from, to)
    }
}

/// Seconds from one point to another, if there is a way.
fn way(snapshot: &Snapshot, speed: u32, from: Point, to: Point) -> Option<i64> {
    if let Some(table) = &snapshot.table {
        let cell = |point: Point| table.bounds().cell(Spot::from(point)).expect("on the earth");
        match table.between(speed, cell(from), cell(to)) {
            Told::Seconds(seconds) => return Some(seconds),
            Told::NoWay => return None,
            Told::Nothing => {}
        }
    }
    let (p1, p2) = (from.lat.to_radians(), to.lat.to_radians());
    let dl = (to.lon - from.lon).to_radians();
    let h = ((p2 - p1) / 2.0).sin().powi(2) + p1.cos() * p2.cos() * (dl / 2.0).sin().powi(2);
    let metres = (2.0 * snapshot.earth_radius_m * h.sqrt().asin() * 1.3).ceil() as i64;
    Some((metres * 36 + i64::from(speed) - 1) / i64::from(speed))
}

/// Starts tried for a gig of two.
pub(crate) fn starts(gig: &GigRow) -> Vec<i64> {
    if let Some(start) = gig.agreed_start {
        return vec![start];
    }
    let mut out: Vec<i64> =
        gig.windows.iter().flat_map(|span| (span.start..=span.end - gig.duration_s).step_by(900)).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// Windows with overlaps joined.
pub(crate) fn merged(windows: &[Span]) -> Vec<Span> {
    let mut sorted = windows.to_vec();
    sorted.sort_unstable();
    let mut out: Vec<Span> = Vec::new();
    for span in sorted {
        match out.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

fn skills_valid(row: &VolunteerRow, gig: &GigRow, slot: usize, start: i64) -> bool {
    let end = start + gig.duration_s;
    gig.slots[slot].skills.iter().all(|skill| {
        row.skills.iter().any(|held| {
            held.skill == *skill
                && held.valid_from.is_none_or(|from| from <= start)
                && held.valid_until.is_none_or(|until| end <= until)
        })
    })
}

/// The rules between one person and one gig that hold at any time (skills of gigs for two: at the set start).
fn suits(snapshot: &Snapshot, row: &VolunteerRow, gig: &GigRow, slot: usize) -> bool {
    let has_skills = gig.slots[slot].skills.iter().all(|skill| row.skills.iter().any(|held| held.skill == *skill));
    let near = match (gig.place, row.home) {
        (None, _) => true,
        (Some(place), Some(home)) => {
            way(snapshot, row.speed_dkmh, home, place).is_some_and(|way| way <= row.max_travel_s)
        }
        (Some(_), None) => false,
    };
    row.standing == Standing::Active
        && row.kinds.contains(&gig.kind)
        && has_skills
        && (gig.languages_any.is_empty() || gig.languages_any.iter().any(|tag| row.languages.contains(tag)))
        && !gig.seeker.as_ref().is_some_and(|seeker| row.blocked_seekers.contains(seeker))
        && !row.declined_gigs.contains(&gig.id)
        && gig.min_age.is_none_or(|least| row.age_years.is_some_and(|years| years >= least))
        && near
}
