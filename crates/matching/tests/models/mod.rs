//! The same week as two other programs, by the oracle's rules: every round trip a column of its own, and gigs in pairs.

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, WithMipGap, constraint, highs, variable};
use matching::snapshot::Snapshot;

use crate::oracle::{Oracle, merged, starts};

/// Points of one unit of weight.
const POINTS: f64 = 20_000.0;
/// Most gigs of one round trip that are enumerated.
const TRIP_MAX: usize = 4;

/// A gig, its slot, and its start where that is set.
type Task = (usize, usize, Option<i64>);

/// What one person could do in one window: the tasks, none impossible by itself.
struct Shift {
    person: usize,
    window: usize,
    day: i64,
    tasks: Vec<Task>,
}

fn shifts(snapshot: &Snapshot) -> Vec<Shift> {
    let mut shifts = Vec::new();
    for (person, row) in snapshot.volunteers.iter().enumerate() {
        for (window, span) in merged(&row.windows).iter().enumerate() {
            let mut tasks: Vec<Task> = Vec::new();
            for (gig, wanted) in snapshot.gigs.iter().enumerate() {
                let at: Vec<Option<i64>> = match wanted.slots.len() {
                    1 => vec![wanted.agreed_start],
                    _ => starts(wanted).into_iter().map(Some).collect(),
                };
                for slot in 0..wanted.slots.len() {
                    tasks.extend(at.iter().map(|&start| (gig, slot, start)));
                }
            }
            tasks.retain(|&task| Oracle::trip_s(snapshot, person, window, &[task]).is_some());
            shifts.push(Shift { person, window, day: span.start.div_euclid(86_400), tasks });
        }
    }
    shifts
}

/// A program in the making: what it maximises, and what each gig, meeting and person takes.
struct Program<'a> {
    snapshot: &'a Snapshot,
    variables: ProblemVariables,
    objective: Expression,
    rows: Vec<(Expression, f64)>,
    /// By gig; for two helpers by slot and start instead.
    helpers: Vec<Expression>,
    meetings: Vec<Vec<(i64, Variable, [Expression; 2])>>,
    weeks: Vec<Expression>,
    days: Vec<Vec<(i64, Expression)>>,
}

impl<'a> Program<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        let (people, gigs) = (snapshot.volunteers.len(), snapshot.gigs.len());
        let mut program = Self {
            snapshot,
            variables: ProblemVariables::new(),
            objective: Expression::default(),
            rows: Vec::new(),
            helpers: vec![Expression::default(); gigs],
            meetings: (0..gigs).map(|_| Vec::new()).collect(),
            weeks: vec![Expression::default(); people],
            days: vec![Vec::new(); people],
        };
        for (gig, row) in snapshot.gigs.iter().enumerate().filter(|(_, row)| row.slots.len() > 1) {
            let mut once = Expression::default();
            for start in starts(row) {
                let takes_place = program.variables.add(variable().binary());
                once += takes_place;
                program.objective += f64::from(row.weight) * POINTS * takes_place;
                program.meetings[gig].push((start, takes_place, [Expression::default(), Expression::default()]));
            }
            program.rows.push((once, 1.0));
        }
        program
    }

    /// Counts a variable as one helper in a task, on a day of a person.
    fn helps(&mut self, x: Variable, person: usize, day: i64, (gig, slot, start): Task) {
        if self.meetings[gig].is_empty() {
            self.helpers[gig] += x;
        } else {
            let meeting = self.meetings[gig].iter_mut().find(|(at, ..)| Some(*at) == start).expect("one of its starts");
            meeting.2[slot] += x;
        }
        self.weeks[person] += x;
        match self.days[person].iter_mut().find(|(known, _)| *known == day) {
            Some((_, sum)) => *sum += x,
            None => self.days[person].push((day, x.into())),
        }
    }

    /// Points of a task by itself; of a gig for two its meeting has them.
    fn points(&self, (gig, ..): Task) -> f64 {
        if self.meetings[gig].is_empty() { f64::from(self.snapshot.gigs[gig].weight) * POINTS } else { 0.0 }
    }

    /// The most that the program can reach, in whole points.
    fn best(mut self) -> i64 {
        for (person, row) in self.snapshot.volunteers.iter().enumerate() {
            self.rows.push((std::mem::take(&mut self.weeks[person]), f64::from(row.max_gigs_week)));
            for (_, sum) in std::mem::take(&mut self.days[person]) {
                self.rows.push((sum, f64::from(row.max_gigs_day)));
            }
        }
        let objective = self.objective;
        self.rows.extend(self.helpers.into_iter().map(|sum| (sum, 1.0)));
        let mut model = self
            .variables
            .maximise(objective.clone())
            .using(highs)
            .set_threads(1)
            .set_option("mip_abs_gap", 0.4)
            .with_mip_gap(0.0)
            .expect("a gap of nothing is a gap");
        for (sum, most) in self.rows {
            model.add_constraint(constraint!(sum <= most));
        }
        for (_, takes_place, slots) in self.meetings.into_iter().flatten() {
            for sum in slots {
                model.add_constraint(constraint!(sum == takes_place));
            }
        }
        let value = model.solve().expect("doing nothing is a plan").eval(objective);
        assert!((value - value.round()).abs() < 0.05, "{value} is no whole number of points");
        value.round() as i64
    }
}

/// The most points of any plan, by a program with a column for every round trip of up to four gigs that anybody could make.
pub(crate) fn by_every_trip(snapshot: &Snapshot) -> (i64, usize) {
    let mut program = Program::new(snapshot);
    let mut trips = 0;
    for shift in shifts(snapshot) {
        let row = &snapshot.volunteers[shift.person];
        let most = TRIP_MAX.min(row.max_gigs_day.min(row.max_gigs_week) as usize);
        assert!(row.max_gigs_day.min(row.max_gigs_week) as usize <= TRIP_MAX, "a longer trip could be missed");
        let mut found: Vec<(Vec<Task>, i64)> = Vec::new();
        grow(snapshot, &shift, 0, most, &mut Vec::new(), &mut found);
        let mut once = Expression::default();
        for (tasks, travel_s) in found {
            let x = program.variables.add(variable().binary());
            once += x;
            let points: f64 = tasks.iter().map(|&task| program.points(task)).sum();
            program.objective += (points - travel_s as f64) * x;
            tasks.into_iter().for_each(|task| program.helps(x, shift.person, shift.day, task));
            trips += 1;
        }
        program.rows.push((once, 1.0));
    }
    (program.best(), trips)
}

/// Every set of tasks from `from` on that can be added to a trip: what is impossible stays so with more in it.
fn grow(
    snapshot: &Snapshot,
    shift: &Shift,
    from: usize,
    most: usize,
    trip: &mut Vec<Task>,
    found: &mut Vec<(Vec<Task>, i64)>,
) {
    if trip.len() == most {
        return;
    }
    for (at, &task) in shift.tasks.iter().enumerate().skip(from) {
        if trip.iter().any(|&(gig, ..)| gig == task.0) {
            continue;
        }
        trip.push(task);
        if let Some(travel_s) = Oracle::trip_s(snapshot, shift.person, shift.window, trip) {
            found.push((trip.clone(), travel_s));
            grow(snapshot, shift, at + 1, most, trip, found);
        }
        trip.pop();
    }
}

/// The most points of any plan of a week in which nobody does more than two gigs a day, by a program of pairs: a column for each person
/// and gig, a row where two exclude each other, and a column for what two cost together beyond what each costs alone.
pub(crate) fn by_pairs(snapshot: &Snapshot) -> i64 {
    let mut program = Program::new(snapshot);
    for shift in shifts(snapshot) {
        assert!(snapshot.volunteers[shift.person].max_gigs_day <= 2, "pairs say nothing about three");
        let trip_s = |tasks: &[Task]| Oracle::trip_s(snapshot, shift.person, shift.window, tasks);
        let alone: Vec<i64> = shift.tasks.iter().map(|&task| trip_s(&[task]).expect("possible by itself")).collect();
        let columns: Vec<Variable> = shift
            .tasks
            .iter()
            .zip(&alone)
            .map(|(&task, &travel_s)| {
                let x = program.variables.add(variable().binary());
                program.objective += (program.points(task) - travel_s as f64) * x;
                program.helps(x, shift.person, shift.day, task);
                x
            })
            .collect();
        for a in 0..columns.len() {
            for b in a + 1..columns.len() {
                let both =
                    if shift.tasks[a].0 == shift.tasks[b].0 { None } else { trip_s(&[shift.tasks[a], shift.tasks[b]]) };
                let Some(travel_s) = both else {
                    program.rows.push((columns[a] + columns[b], 1.0));
                    continue;
                };
                let saved = alone[a] + alone[b] - travel_s;
                if saved == 0 {
                    continue;
                }
                let together = program.variables.add(variable().binary());
                program.objective += saved as f64 * together;
                if saved > 0 {
                    program.rows.push((together - columns[a], 0.0));
                    program.rows.push((together - columns[b], 0.0));
                } else {
                    program.rows.push((columns[a] + columns[b] - together, 1.0));
                }
            }
        }
    }
    program.best()
}
