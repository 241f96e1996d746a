//! Paced waves: a set amount of hope is kept outstanding, topped up as silence and refusals use it, and raised as the deadline nears.
//!
//! outstanding(t) = sum over the silent of -ln(1 - P(yes before the deadline | silent so far)). It is topped up, best score first, for
//! each open slot to
//!
//!   goal(t) = min(R, max(h, 2 m (1 - exp(-R / 2)) / minutes left)),  R = max(H - hope used so far, H'),
//!
//! with H = -ln(1 - target), H' the same of the chance that a gig keeps which has had bad luck, and m the mean minutes of an answer
//! that comes in time. Why this much:
//!
//! - Asks of equal hope come to l = g / m yeses a minute when g is outstanding (Little, *A proof for the queuing formula L = lW*,
//!   Operations Research 1961). With L the integral of l, a gig is still open with the chance exp(-L), and what is outstanding when
//!   the first yes comes was asked for nothing: the integral of exp(-L) l g = m exp(-L) l^2. With u = exp(-L / 2) that is 4 m u'^2,
//!   and of all ways from 1 to exp(-R / 2) the straight line makes the integral of u'^2 least. So the square root of the chance
//!   of being still open falls evenly: l = -2 u' / u = 2 (1 - exp(-R / 2)) / minutes left, seen from any moment on.
//! - The target is the chance of a gig when it opens. Hope that declines and silence have used up was part of it: to aim at the whole
//!   of it again at every look, and at all of it at once in the last minutes, is to ask for a second and a third gig. What a gig is
//!   left with after bad luck is H'. Hope comes back only by a new beginning of the search.
//!
//! Urgent gigs have no time for answers to come one after the other: they begin with a larger h, H/2 x 45 / minutes left, and the whole
//! of H in the last 45 minutes, whatever was used. The rule resembles the best one found for alerting first responders, "alert 7 and
//! replace each one who rejects" (van den Berg, Henderson, Li, Dicker, Jagtenberg, *Simulation of phased alerting of community first
//! responders*).

use super::{
    AnswerLaw, Asked, Candidate, Search, Step,
    escalation::{Cause, Escalation},
    outlook::{self, hope},
    ranking::{self, Queue},
};

/// The settings of the pace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The chance of being filled to aim at when the search begins, between 0 and 1.
    pub target: f64,
    /// The chance to aim at from now on where the hope of the target has been used up, between 0 and 1.
    pub target_after_bad_luck: f64,
    /// h: hope kept outstanding for each open slot while there is time.
    pub hope: f64,
    /// The same for urgent gigs.
    pub urgent_hope: f64,
    /// A gig that opens with less than this many minutes to its deadline is urgent.
    pub urgent_min: f64,
    /// Minutes before the deadline from which everything is outstanding that the target of an urgent gig needs.
    pub urgent_closing_min: f64,
    /// Minutes between looks.
    pub look_min: f64,
    /// Most people asked in one look.
    pub asks_max: usize,
    /// Who comes first.
    pub ranking: ranking::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            target: 0.97,
            target_after_bad_luck: 0.6,
            hope: 0.15,
            urgent_hope: 0.5,
            urgent_min: 60.0,
            urgent_closing_min: 45.0,
            look_min: 5.0,
            asks_max: 40,
            ranking: ranking::Settings::default(),
        }
    }
}

impl Settings {
    /// H: the hope that reaches the target.
    #[must_use]
    pub fn whole_hope(&self) -> f64 {
        hope(self.target)
    }

    /// The hope to keep outstanding for all open slots of a search of which so much hope has been used.
    #[must_use]
    pub fn goal(&self, search: &Search, used: f64, answers: &AnswerLaw) -> f64 {
        let (slots, left_min) = (search.open_slots as f64, search.left_min());
        let in_all_min = (search.deadline_s - search.opened_s) as f64 / 60.0;
        let of_one = if in_all_min <= self.urgent_min {
            self.urgent_goal(left_min)
        } else {
            let rest = (self.whole_hope() - used / slots.max(1.0)).max(hope(self.target_after_bad_luck));
            let answer_min = answers.mean_within(in_all_min);
            let even = 2.0 * answer_min * (1.0 - (-rest / 2.0).exp()) / left_min;
            even.max(self.hope).min(rest)
        };
        of_one * slots
    }

    fn urgent_goal(&self, left_min: f64) -> f64 {
        let (whole, closing_min) = (self.whole_hope(), self.urgent_closing_min);
        if left_min <= closing_min {
            return whole;
        }
        (0.5 * whole * closing_min / left_min).max(self.urgent_hope).min(whole)
    }
}

pub(super) fn step(
    settings: &Settings,
    search: &Search,
    asked: &[Asked],
    candidates: &[Candidate],
    answers: &AnswerLaw,
) -> Step {
    if search.open_slots == 0 {
        return Step { outlook: 1.0, ..Step::default() };
    }
    if search.left_min() <= 0.0 {
        return too_late(search);
    }
    let goal = settings.goal(search, outlook::used(search, asked, answers), answers);
    let most = settings.asks_max.min(search.asks_left);
    let mut hopes = outlook::hopes(search, asked, answers);
    let mut outstanding: f64 = hopes.iter().map(|chance| hope(*chance)).sum();
    let mut queue = Queue::new(&settings.ranking, candidates, search.seed, asked.len());
    let mut step = Step::default();
    while outstanding < goal && step.ask.len() < most {
        let Some(ask) = queue.next() else { break };
        let chance = answers.yes_within(ask.yes, 0.0, search.left_min());
        outstanding += hope(chance);
        hopes.push(chance);
        step.ask.push(ask);
    }
    step.outlook = outlook::at_least(search.open_slots, &hopes);
    let spent = step.ask.len() >= search.asks_left;
    let over = queue.is_empty() || spent;
    if over && outstanding < goal.max(settings.whole_hope() * search.open_slots as f64) {
        let cause = if spent && !queue.is_empty() { Cause::BudgetSpent } else { Cause::NobodyLeft };
        let more_come = !spent && search.more_from_s.is_some_and(|from_s| from_s < search.deadline_s);
        step.escalation = (!more_come).then(|| Escalation::new(cause, &search.beyond));
    }
    let look_s = (settings.look_min * 60.0).round() as i64;
    let next_s = if over { None } else { Some(search.now_s + look_s) };
    step.look_again_s = next_look(search, next_s, hopes.is_empty());
    step
}

/// When to look again: by the rhythm, when more may be asked, or at the deadline while an answer may come.
pub(super) fn next_look(search: &Search, rhythm_s: Option<i64>, nobody_asked: bool) -> Option<i64> {
    let more_s = search.more_from_s.filter(|from_s| search.now_s < *from_s && *from_s < search.deadline_s);
    let last_s = (!nobody_asked).then_some(search.deadline_s);
    let next_s = [rhythm_s, more_s, last_s].into_iter().flatten().min();
    next_s.map(|next_s| next_s.min(search.deadline_s))
}

/// The deadline has passed.
pub(super) fn too_late(search: &Search) -> Step {
    let escalation = Some(Escalation::new(Cause::TooLate, &search.beyond));
    Step { escalation, ..Step::default() }
}
