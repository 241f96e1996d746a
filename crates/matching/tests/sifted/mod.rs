//! Explanations that leave people out, beside explanations over everybody.

use matching::explain::{Change, Class, Explanation, Schedules, Step, explain, explain_beside};
use matching::problem::Problem;
use matching::roster::{Ask, Roster};

/// How many were left out, and how often nobody could tell without them.
#[derive(Debug, Default)]
pub(crate) struct Sifted {
    left_out: usize,
    asked: usize,
    told: usize,
    untold: usize,
    /// Told although somebody was left out who may only live too far away.
    told_without_far: usize,
}

/// A nearest miss by name: who, which slot, when, and the change.
type Named = (String, usize, i64, Change);

/// An explanation in names, whatever the numbers.
fn named(problem: &Problem, found: &Explanation) -> (Class, usize, Vec<Step>, Vec<Named>) {
    let misses = found
        .misses
        .iter()
        .map(|miss| (problem.volunteer_id(miss.volunteer).to_owned(), miss.slot, miss.start, miss.change.clone()));
    assert_eq!(found.competition, None, "nothing is planned");
    (found.class, found.considered, found.cascade.clone(), misses.collect())
}

impl Sifted {
    /// However few of those who live too far away are looked at, the explanation is the one over everybody, or none.
    pub(crate) fn compare(&mut self, roster: &Roster, ask: &Ask, known: &Problem) {
        let gig = |problem: &Problem| problem.find_gig(&ask.gig.id).expect("the gig");
        let whole = named(known, &explain(known, gig(known), &Schedules::standing(known)));
        for far_max in [0, 1, 4, 1_000] {
            let (problem, away) = roster.sifted(ask, far_max).expect("sound").expect("within the horizon");
            self.left_out += away.count();
            self.asked += problem.volunteer_count();
            let far = roster.sifted(ask, 1_000).expect("sound").expect("within the horizon").0.volunteer_count();
            let found = explain_beside(&problem, gig(&problem), &Schedules::standing(&problem), &away, &|_, _| false);
            match found {
                Some(found) => {
                    assert_eq!(named(&problem, &found), whole, "gig {}, {far_max} from afar", ask.gig.id);
                    self.told += 1;
                    self.told_without_far += usize::from(problem.volunteer_count() < far && !whole.3.is_empty());
                }
                None => {
                    assert!(problem.volunteer_count() < far, "everybody who counts is there");
                    self.untold += 1;
                }
            }
        }
    }

    /// Whether all of that happened.
    pub(crate) fn check(&self, on_roads: bool) {
        assert!(self.left_out > self.asked / 10 && self.told > 1_000, "{self:?}");
        assert!(on_roads || (self.untold > 100 && self.told_without_far > 100), "{self:?}");
    }
}
