//! What is told of one volunteer and one gig: by the same proof as the list of nearest misses, with their score if they can take it.

use domain::explanation::NearestMiss;
use domain::{Gig, LocalizedText, VolunteerId};
use matching::eligibility::RuleSet;
use matching::explain::{Schedules, verdict};
use matching::problem::Problem;
use matching::quote::{Quote, meeting, quote};

use super::{People, miss_in_words, rests, words};
use crate::claim::compile;
use crate::quote::{QuotedVolunteer, ranked};
use crate::roster::Roster;
use crate::{Error, load};

/// What the rules say of one volunteer and one gig.
#[derive(Debug, Clone, PartialEq)]
pub struct WhyNot {
    /// Who was asked about.
    pub volunteer: VolunteerId,
    /// The codes of the rules that are in the way: the one that a single change would put right, else those that are broken where fewest are;
    /// empty if they can.
    pub rules: Vec<String>,
    /// The one change that would make them able, where one is enough.
    pub mend: Option<NearestMiss>,
    /// Their score, if they can.
    pub candidate: Option<QuotedVolunteer>,
    /// One sentence for people.
    pub text: LocalizedText,
}

impl WhyNot {
    /// What was said of a volunteer, with their score if they can.
    pub(super) fn of(
        id: &VolunteerId,
        gig: &Gig,
        said: Option<Said>,
        score: impl FnOnce(&VolunteerId) -> Result<Option<QuotedVolunteer>, Error>,
    ) -> Result<Self, Error> {
        let Some(Said { broken, mend }) = said else { return Err(load::no_volunteer(&gig.network, id).into()) };
        Ok(Self {
            volunteer: id.clone(),
            rules: broken.iter().map(|rule| rule.code().to_owned()).collect(),
            mend,
            candidate: if broken.is_empty() { score(id)? } else { None },
            text: words::rules(broken),
        })
    }
}

/// What the rules say of one volunteer beside everybody.
pub(super) struct Said {
    broken: RuleSet,
    mend: Option<NearestMiss>,
}

impl Said {
    /// By the rows of a problem; none if the volunteer or the gig is not in it.
    pub(super) fn of_problem(problem: &Problem, gig: &Gig, id: &VolunteerId, people: People<'_>) -> Option<Self> {
        let (person, task) = problem.find_volunteer(id.as_str()).zip(problem.find_gig(gig.id.as_str()))?;
        let rests = |person, hours| rests(problem, people, person, hours);
        let found = verdict(problem, person, task, &Schedules::standing(problem), &rests);
        let mend = found.miss.as_ref().and_then(|miss| miss_in_words(problem, gig, miss));
        Some(Self { broken: found.broken, mend })
    }
}

/// The score of somebody who can take the gig, as a quote has it: from a roster of them and of those who hold a slot, and, where helpers
/// must meet, the starts that all of them can keep.
pub(super) fn score(
    alone: &Roster,
    id: &VolunteerId,
    gig: &Gig,
    starts: &[i64],
) -> Result<Option<QuotedVolunteer>, Error> {
    let problem = compile(alone)?;
    let numbers = problem.find_volunteer(id.as_str()).zip(problem.find_gig(gig.id.as_str()));
    let Some((person, task)) = numbers else { return Err(load::no_volunteer(&gig.network, id).into()) };
    let found = if problem.open_slots(task).len() > 1 {
        Quote { candidates: meeting(&problem, person, task, starts).into_iter().collect(), ..Quote::default() }
    } else {
        quote(&problem, task)
    };
    Ok(ranked(&problem, task, alone, &found, 1).into_iter().next())
}
