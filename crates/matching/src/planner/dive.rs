//! A way to a good plan: take the plans that an answer is nearly sure of, ask again what goes with them, and so on.

use std::collections::BTreeMap;

use super::{
    clock::Clock,
    draft::Draft,
    lp::Answer,
    master::Master,
    parts::{Goal, Parts},
    tickets::NONE,
    trips::Trip,
};

/// Most times that plans are taken.
const MAX_STEPS: usize = 80;
/// Rounds of adding plans after each.
const ROUNDS: usize = 1;
/// A plan with at least this value is taken.
const SURE: f64 = 0.95;
/// Of those with at least this value one part in [`PART`] is taken, the surest.
const LEAST: f64 = 0.5;
/// See [`LEAST`].
const PART: usize = 4;
/// Values below this are zero.
const ZERO: f64 = 1e-6;

/// What has been taken on the way down.
struct Taken {
    /// Positions of the program that are fixed, either way.
    fixed: Vec<usize>,
    is_fixed: Vec<bool>,
    room: Vec<usize>,
    windows: Vec<bool>,
    /// The meeting of each gig that is taken; [`NONE`] for those with one helper.
    gigs: BTreeMap<u32, u32>,
}

/// Dives from an answer; the draft at the bottom, `None` if the program gave up on the way.
pub(super) fn dive(parts: &Parts<'_>, master: &mut Master<'_>, answer: &Answer, clock: &Clock<'_>) -> Option<Draft> {
    let mut taken = Taken {
        fixed: Vec::new(),
        is_fixed: Vec::new(),
        room: parts.caps.all.iter().map(|cap| cap.room as usize).collect(),
        windows: vec![false; parts.problem.windows.len()],
        gigs: BTreeMap::new(),
    };
    let draft = down(parts, master, answer.clone(), clock, &mut taken);
    taken.fixed.iter().for_each(|&position| master.unfix(position));
    draft
}

fn down(
    parts: &Parts<'_>,
    master: &mut Master<'_>,
    mut answer: Answer,
    clock: &Clock<'_>,
    taken: &mut Taken,
) -> Option<Draft> {
    for _ in 0..MAX_STEPS {
        if master.is_whole(&answer) {
            break;
        }
        let values = master.values(&answer);
        taken.is_fixed.resize(values.len(), false);
        let mut open: Vec<(f64, usize)> = values
            .iter()
            .enumerate()
            .filter(|&(position, &value)| value > ZERO && !taken.is_fixed[position])
            .map(|(position, &value)| (value, position))
            .collect();
        open.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let sure = open.iter().take_while(|(value, _)| *value >= SURE).count();
        let likely = open.iter().take_while(|(value, _)| *value >= LEAST).count();
        // The surest part of the rest too, one at least.
        let count = sure + ((likely - sure) / PART).max(1);
        for &(_, position) in open.iter().take(count) {
            taken.is_fixed[position] = true;
            taken.fixed.push(position);
            let fits = taken.take(parts, master.trip_at(position));
            master.fix(position, fits);
        }
        answer = master.solve_in(ROUNDS, Goal::Points, None, clock, &|_| false)?.answer;
    }
    Some(master.draft(&answer))
}

impl Taken {
    /// Takes a plan if it goes with all others.
    fn take(&mut self, parts: &Parts<'_>, trip: Trip<'_>) -> bool {
        let caps = &parts.caps.of_window[trip.window];
        let meeting = |ticket: u32| (parts.tickets.gig[ticket as usize], parts.tickets.meeting[ticket as usize]);
        let is_open =
            |(gig, meeting): (u32, u32)| self.gigs.get(&gig).is_none_or(|&known| known != NONE && known == meeting);
        let fits = !self.windows[trip.window]
            && caps.iter().all(|&cap| self.room[cap as usize] >= trip.tickets.len())
            && trip.tickets.iter().all(|&ticket| is_open(meeting(ticket)));
        if fits {
            self.windows[trip.window] = true;
            caps.iter().for_each(|&cap| self.room[cap as usize] -= trip.tickets.len());
            self.gigs.extend(trip.tickets.iter().map(|&ticket| meeting(ticket)));
        }
        fits
    }
}
