//! Waves: two people for each open slot, ten minutes to answer, the next two; eight every five minutes when the deadline is near.
//!
//! With equal chances p and no answers after the gap, waves of k cost k / (1 - (1 - p)^k) asks for a yes: the wait for a wave with
//! success probability 1 - (1 - p)^k is geometric.

use super::{
    AnswerLaw, Asked, Candidate, Search, Step,
    escalation::{Cause, Escalation},
    outlook,
    ranking::{self, Queue},
};

/// The settings of waves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// People in a wave, for each open slot.
    pub size: usize,
    /// Minutes from one wave to the next.
    pub gap_min: f64,
    /// Minutes before the deadline from which waves are larger and closer.
    pub closing_min: f64,
    /// People in such a wave, for each open slot.
    pub closing_size: usize,
    /// Minutes between those.
    pub closing_gap_min: f64,
    /// A gig that opens with less than this many minutes to its deadline is urgent: it begins with the larger waves.
    pub urgent_min: f64,
    /// The chance of being filled below which the agent is told when nobody is left to ask.
    pub target: f64,
    /// Who comes first.
    pub ranking: ranking::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            size: 2,
            gap_min: 10.0,
            closing_min: 25.0,
            closing_size: 8,
            closing_gap_min: 5.0,
            urgent_min: 60.0,
            target: 0.97,
            ranking: ranking::Settings::default(),
        }
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
        return super::pace::too_late(search);
    }
    let urgent = (search.deadline_s - search.opened_s) as f64 / 60.0 <= settings.urgent_min;
    let closing = urgent || search.left_min() <= settings.closing_min;
    let (size, gap_min) =
        if closing { (settings.closing_size, settings.closing_gap_min) } else { (settings.size, settings.gap_min) };
    let gap_s = (gap_min * 60.0).round() as i64;
    let last_wave_s = asked.iter().map(|asked| asked.asked_s).max();
    let due_s = last_wave_s.map_or(search.now_s, |last_s| last_s + gap_s);
    let mut hopes = outlook::hopes(search, asked, answers);
    let mut queue = Queue::new(&settings.ranking, candidates, search.seed, asked.len());
    let mut step = Step::default();
    if due_s <= search.now_s {
        let wave = (size * search.open_slots).min(search.asks_left);
        step.ask.extend(std::iter::from_fn(|| queue.next()).take(wave));
        hopes.extend(step.ask.iter().map(|ask| answers.yes_within(ask.yes, 0.0, search.left_min())));
    }
    step.outlook = outlook::at_least(search.open_slots, &hopes);
    let spent = step.ask.len() >= search.asks_left;
    let over = queue.is_empty() || spent;
    if over && step.outlook < settings.target {
        let cause = if spent && !queue.is_empty() { Cause::BudgetSpent } else { Cause::NobodyLeft };
        let more_come = !spent && search.more_from_s.is_some_and(|from_s| from_s < search.deadline_s);
        step.escalation = (!more_come).then(|| Escalation::new(cause, &search.beyond));
    }
    let next_s = if due_s <= search.now_s { search.now_s + gap_s } else { due_s };
    // The larger waves begin when the deadline is near, not when the small gap is over.
    let closing_s = search.deadline_s - (settings.closing_min * 60.0).round() as i64;
    let next_s = if search.now_s < closing_s { next_s.min(closing_s) } else { next_s };
    step.look_again_s = super::pace::next_look(search, if over { None } else { Some(next_s) }, hopes.is_empty());
    step
}
