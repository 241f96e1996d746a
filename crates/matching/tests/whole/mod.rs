//! What a quote over everybody answers, as a roster puts it.

use matching::problem::Problem;
use matching::quote::{self, FeasibleStart};
use matching::roster::Shown;

/// Everybody who can take the open slots of a gig, the starts, and how many can.
pub(crate) fn whole(problem: &Problem, gig: &str) -> (Vec<Shown>, Vec<FeasibleStart>, usize) {
    let task = problem.find_gig(gig).expect("a gig");
    let quote = quote::quote(problem, task);
    let people = quote.candidates.len();
    let shown = quote.candidates.iter().map(|one| Shown {
        id: problem.volunteer_id(one.volunteer).to_owned(),
        slot: one.slot,
        slots: one.slots.clone(),
        start: one.start,
        way_out_s: problem.way_out_s(one.volunteer, task).expect("a way"),
        extra_travel_s: one.insertion.extra_travel_s,
        terms: one.terms.clone(),
        total_milli: one.total_milli,
    });
    (shown.collect(), quote.starts, people)
}
