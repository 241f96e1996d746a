//! Plans of windows of the whole, as the asking has found them, and the program they make.

use std::collections::BTreeMap;

use super::{
    balance::{Point, Program},
    book::{Book, Held},
    caps::Caps,
    tickets::NONE,
    tiling::Tiling,
    workers::Workers,
};
use crate::{plan::WEIGHT_POINTS, problem::Problem};

/// What is taken for more than this much is taken.
const MOST_OF_IT: f64 = 0.5;

/// About how many volunteers are neighbours.
const NEIGHBOURS: usize = 250;

/// A plan that loses so many points at the prices before does not compete, ...
const HOPELESS: f64 = 5_000.0;
/// ... unless it is taken for more than this much.
const SOME: f64 = 1e-6;

/// A part of a plan: the need (position in `Gigs::needs`) and the meeting (in `Gigs::starts`, or [`NONE`]).
pub(super) type Task = (u32, u32);

/// Rows of the program: gigs, then caps, windows, seats, and last the links of people to meetings.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) cap: usize,
    pub(super) window: usize,
    pub(super) seat: usize,
    pub(super) link: usize,
    /// First seat of each gig, counted from `seat`: needs times meetings.
    first_seat: Vec<u32>,
}

/// All plans that are known, by number.
#[derive(Debug)]
pub(super) struct Pool {
    pub(super) layout: Layout,
    window: Vec<u32>,
    /// Points without the weight of gigs whose helpers must meet.
    value: Vec<i64>,
    first_task: Vec<u32>,
    tasks: Vec<Task>,
    /// The plan before of the same window, and the last one of each window.
    before: Vec<u32>,
    last: Vec<u32>,
    /// Windows of neighbours side by side.
    by_place: Vec<u32>,
    /// Number of the link of a volunteer to a meeting.
    links: BTreeMap<(u32, u32), u32>,
    /// Gigs and meetings that can take place.
    pub(super) meetings: Vec<(u32, u32)>,
    point: Point,
}

impl Layout {
    fn new(whole: &Problem, caps: &Caps) -> Self {
        let mut first_seat = vec![0];
        for gig in 0..whole.gig_count() {
            let seats = whole.gigs.needs.row(gig).len() * whole.gigs.starts.row(gig).len();
            first_seat.push(first_seat[gig] + seats as u32);
        }
        let cap = whole.gig_count();
        let window = cap + caps.all.len();
        let seat = window + whole.windows.len();
        Self { cap, window, seat, link: seat + first_seat[whole.gig_count()] as usize, first_seat }
    }

    /// The seat of a need at a meeting, counted from the first of all.
    pub(super) fn seat(&self, whole: &Problem, gig: usize, need: usize, meeting: usize) -> usize {
        let (needs, starts) = (whole.gigs.needs.range(gig), whole.gigs.starts.range(gig));
        self.first_seat[gig] as usize + (need - needs.start) * starts.len() + meeting - starts.start
    }
}

impl Pool {
    /// No plans yet; `meetings` are those that can take place.
    pub(super) fn new(whole: &Problem, caps: &Caps, meetings: Vec<(u32, u32)>) -> Self {
        let layout = Layout::new(whole, caps);
        Self {
            point: Point { values: vec![0.0; meetings.len()], prices: vec![0.0; layout.link], pace: 5_000.0 },
            layout,
            window: Vec::new(),
            value: Vec::new(),
            first_task: vec![0],
            tasks: Vec::new(),
            before: Vec::new(),
            last: vec![NONE; whole.windows.len()],
            by_place: by_place(whole),
            links: BTreeMap::new(),
            meetings,
        }
    }

    /// Leaves out meetings; which.
    pub(super) fn bury(&mut self, is_dead: impl Fn(u32, u32) -> bool) -> Vec<(u32, u32)> {
        let (dead, alive) = self.meetings.iter().partition(|&&(gig, meeting)| is_dead(gig, meeting));
        let plans = self.point.values.split_off(self.meetings.len());
        self.meetings = alive;
        self.point.values = vec![0.0; self.meetings.len()];
        self.point.values.extend(plans);
        dead
    }

    /// The parts of a plan.
    fn tasks(&self, plan: usize) -> &[Task] {
        &self.tasks[self.first_task[plan] as usize..self.first_task[plan + 1] as usize]
    }

    /// Adds a plan if it is new, taken for so much of it at first.
    pub(super) fn add(&mut self, whole: &Problem, window: usize, tasks: &[Task], value: i64, share: f64) {
        let mut known = self.last[window];
        while known != NONE {
            if self.tasks(known as usize) == tasks {
                return;
            }
            known = self.before[known as usize];
        }
        self.before.push(self.last[window]);
        self.last[window] = self.window.len() as u32;
        self.window.push(window as u32);
        self.value.push(value);
        self.tasks.extend_from_slice(tasks);
        self.first_task.push(self.tasks.len() as u32);
        self.point.values.push(share);
        let volunteer = whole.windows.volunteer[window];
        for &(_, meeting) in tasks.iter().filter(|(_, meeting)| *meeting != NONE) {
            let next = self.links.len() as u32;
            if *self.links.entry((volunteer, meeting)).or_insert(next) == next {
                self.point.prices.push(0.0);
            }
        }
    }

    /// The known plans of a window: their parts, and their points without the weight of gigs whose helpers must meet.
    pub(super) fn of_window(&self, window: usize) -> impl Iterator<Item = (&[Task], i64)> {
        self.numbers(window).map(|plan| (self.tasks(plan), self.value[plan]))
    }

    /// The numbers of the known plans of a window, the last one first.
    fn numbers(&self, window: usize) -> impl Iterator<Item = usize> {
        let known = |plan: u32| (plan != NONE).then_some(plan as usize);
        std::iter::successors(known(self.last[window]), move |&plan| known(self.before[plan]))
    }

    /// Price of a row, in points.
    pub(super) fn price(&self, row: usize) -> f64 {
        self.point.prices[row]
    }

    /// Sets the price of a row, in points.
    pub(super) fn set_price(&mut self, row: usize, price: f64) {
        self.point.prices[row] = price;
    }

    /// Price of the link of a volunteer to a meeting, in points.
    pub(super) fn link(&self, volunteer: u32, meeting: u32) -> f64 {
        self.links.get(&(volunteer, meeting)).map_or(0.0, |&link| self.point.prices[self.layout.link + link as usize])
    }

    /// Prices of all links to meetings, by meeting.
    pub(super) fn links(&self) -> impl Iterator<Item = (u32, f64)> {
        self.links.iter().map(|(&(_, meeting), &link)| (meeting, self.point.prices[self.layout.link + link as usize]))
    }

    /// How much of each gig is taken by each volunteer.
    pub(super) fn shares(&self, whole: &Problem) -> Vec<(u32, u32, f64)> {
        let meetings = self.meetings.len();
        let mut shares: Vec<(u32, u32, f64)> = Vec::new();
        for plan in 0..self.window.len() {
            let share = self.point.values[meetings + plan];
            if share > 1e-3 {
                let volunteer = whole.windows.volunteer[self.window[plan] as usize];
                let gig = |task: &Task| whole.gigs.needs.flat()[task.0 as usize].gig;
                shares.extend(self.tasks(plan).iter().map(|task| (gig(task), volunteer, share)));
            }
        }
        shares.sort_by_key(|&(gig, volunteer, _)| (gig, volunteer));
        shares
    }

    /// The plans that are taken for the most part, as far as they go together: the helpers of every gig.
    pub(super) fn rounded(&self, whole: &Problem, caps: &Caps) -> Book {
        let mut book = Book::new(whole);
        let values = &self.point.values[self.meetings.len()..];
        let mut surest: Vec<usize> = (0..values.len()).filter(|&plan| values[plan] > MOST_OF_IT).collect();
        surest.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
        let mut room: Vec<usize> = caps.all.iter().map(|cap| cap.room as usize).collect();
        let mut is_used = vec![false; whole.windows.len()];
        for plan in surest {
            let (window, tasks) = (self.window[plan] as usize, self.tasks(plan));
            let own = &caps.of_window[window];
            let goes = |&(need, meeting): &Task| {
                let gig = whole.gigs.needs.flat()[need as usize].gig as usize;
                let meeting = (meeting != NONE).then_some(meeting);
                let seats = usize::from(whole.gigs.needs.flat()[need as usize].count);
                let held = &book.of_gig[gig];
                held.iter().filter(|held| held.need == need).count() < seats
                    && held.iter().all(|held| held.meeting == meeting)
            };
            if is_used[window] || own.iter().any(|&cap| room[cap as usize] < tasks.len()) || !tasks.iter().all(goes) {
                continue;
            }
            is_used[window] = true;
            own.iter().for_each(|&cap| room[cap as usize] -= tasks.len());
            for &(need, meeting) in tasks {
                let gig = whole.gigs.needs.flat()[need as usize].gig as usize;
                let meeting = (meeting != NONE).then_some(meeting);
                book.of_gig[gig].push(Held { window: window as u32, need, meeting });
            }
        }
        for (gig, held) in book.of_gig.iter_mut().enumerate() {
            let helpers: usize = whole.gigs.needs.row(gig).iter().map(|need| usize::from(need.count)).sum();
            if held.len() < helpers {
                held.clear();
            }
        }
        book
    }

    /// Moves prices and values towards each other for so many steps.
    pub(super) fn balance(&mut self, whole: &Problem, caps: &Caps, steps: usize, workers: &Workers) {
        let layout = &self.layout;
        let mut most = vec![1.0; layout.cap];
        most.extend(caps.all.iter().map(|cap| f64::from(cap.room)));
        most.resize(layout.seat, 1.0);
        most.resize(layout.link + self.links.len(), 0.0);
        let mut program = Program::new(most);
        let mut of_meeting: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (&(_, meeting), &link) in &self.links {
            of_meeting.entry(meeting).or_default().push((layout.link + link as usize) as u32);
        }
        for &(gig, meeting) in &self.meetings {
            let gig = gig as usize;
            let links = of_meeting.get(&meeting).map_or(&[][..], |links| links);
            let seats = whole.gigs.needs.range(gig).map(|need| {
                let seat = layout.seat + layout.seat(whole, gig, need, meeting as usize);
                (seat as u32, i64::from(whole.gigs.needs.flat()[need].count))
            });
            let entries = std::iter::once((gig as u32, 1)).chain(seats).chain(links.iter().map(|&link| (link, -1)));
            program.push((i64::from(whole.weight(gig)) * WEIGHT_POINTS) as f64, entries);
        }
        let (mut entries, mut kept): (Vec<(u32, i64)>, Vec<usize>) = (Vec::new(), Vec::new());
        for plan in self.by_place.iter().flat_map(|&window| self.numbers(window as usize)) {
            let (window, tasks) = (self.window[plan] as usize, self.tasks(plan));
            let volunteer = whole.windows.volunteer[window];
            let own = caps.of_window[window].iter().map(|&cap| (cap, &caps.all[cap as usize]));
            let shared = own.clone().filter(|(_, cap)| cap.windows.len() > 1);
            let is_one = shared.clone().any(|(_, cap)| cap.room == 1);
            let of_cap = shared.map(|(cap, _)| ((layout.cap + cap as usize) as u32, tasks.len() as i64));
            let of_window = (!is_one).then_some(((layout.window + window) as u32, 1));
            let of_tasks = tasks.iter().flat_map(|&(need, meeting)| {
                let gig = whole.gigs.needs.flat()[need as usize].gig as usize;
                let (own, link) = match meeting {
                    NONE => ((gig as u32, 1), None),
                    _ => {
                        let seat = layout.seat + layout.seat(whole, gig, need as usize, meeting as usize);
                        let link = layout.link + self.links[&(volunteer, meeting)] as usize;
                        ((seat as u32, -1), Some((link as u32, 1)))
                    }
                };
                std::iter::once(own).chain(link)
            });
            entries.clear();
            entries.extend(of_cap.chain(of_window).chain(of_tasks));
            let worth = self.value[plan] as f64;
            let cost: f64 = entries.iter().map(|&(row, by)| by as f64 * self.point.prices[row as usize]).sum();
            if cost - worth < HOPELESS || self.point.values[self.meetings.len() + plan] > SOME {
                program.push(worth, entries.iter().copied());
                kept.push(plan);
            }
        }
        let meetings = self.meetings.len();
        let mut point = std::mem::take(&mut self.point);
        let mut values: Vec<f64> = point.values[..meetings].to_vec();
        values.extend(kept.iter().map(|&plan| point.values[meetings + plan]));
        let all = std::mem::replace(&mut point.values, values).len();
        let is_everywhere = |row: u32| (row as usize) < whole.gig_count() && whole.is_call(row as usize);
        program.balance_by_place(meetings, &is_everywhere, &mut point, steps, workers);
        let values = std::mem::replace(&mut point.values, vec![0.0; all]);
        point.values[..meetings].copy_from_slice(&values[..meetings]);
        for (&plan, &value) in kept.iter().zip(&values[meetings..]) {
            point.values[meetings + plan] = value;
        }
        self.point = point;
    }
}

/// The windows of all volunteers, those of neighbours side by side.
fn by_place(whole: &Problem) -> Vec<u32> {
    let everybody: Vec<u32> = (0..whole.volunteer_count() as u32).collect();
    let groups = Tiling::new(whole, &everybody, everybody.len().div_ceil(NEIGHBOURS), 0).tiles;
    let windows = |&volunteer: &u32| whole.windows.of(volunteer as usize);
    groups.iter().flatten().flat_map(windows).map(|window| window as u32).collect()
}
