//! Paced waves: a set amount of hope is kept outstanding, topped up as silence and refusals use it, and raised as the deadline nears.
//!
//! outstanding(t) = sum over the silent of -ln(1 - P(yes before the deadline | silent so far)). It is topped up, best score first, to
//! max(h, H/2 x 25 / minutes left) for each open slot, with H = -ln(1 - target), and to H itself in the last 25 minutes; urgent gigs
//! have a larger h and 45 minutes for 25. To keep the whole of H outstanding all the time would be to broadcast to as many as reach
//! the target. The rule resembles the best one found for alerting first responders, "alert 7 and replace each one who rejects" (van
//! den Berg, Henderson, Li, Dicker, Jagtenberg, *Simulation of phased alerting of community first responders*).

use super::{
    AnswerLaw, Asked, Candidate, Search, Step,
    escalation::{Cause, Escalation},
    outlook::{self, hope},
    ranking::{self, Queue},
};

/// The settings of the pace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The chance of being filled to aim at, between 0 and 1.
    pub target: f64,
    /// h: hope kept outstanding for each open slot while there is time.
    pub hope: f64,
    /// The same for urgent gigs.
    pub urgent_hope: f64,
    /// A gig that opens with less than this many minutes to its deadline is urgent.
    pub urgent_min: f64,
    /// Minutes before the deadline from which everything is outstanding that the target needs.
    pub closing_min: f64,
    /// The same for urgent gigs.
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
            hope: 0.15,
            urgent_hope: 0.5,
            urgent_min: 60.0,
            closing_min: 25.0,
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

    /// The hope to keep outstanding for all open slots of a search.
    #[must_use]
    pub fn goal(&self, search: &Search) -> f64 {
        let urgent = (search.deadline_s - search.opened_s) as f64 / 60.0 <= self.urgent_min;
        let (least, closing_min) =
            if urgent { (self.urgent_hope, self.urgent_closing_min) } else { (self.hope, self.closing_min) };
        let (whole, left_min) = (self.whole_hope(), search.left_min());
        let of_one =
            if left_min <= closing_min { whole } else { (0.5 * whole * closing_min / left_min).max(least).min(whole) };
        of_one * search.open_slots as f64
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
    let goal = settings.goal(search);
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
