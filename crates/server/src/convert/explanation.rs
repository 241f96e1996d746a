//! Why a gig is as it is.

use dispatch::explain::{Explained, WhyNot};
use dispatch::quote::{QuotedVolunteer, ScoreTerm};
use domain::explanation::NearestMiss;
use domain::{Explanation, NetworkId};
use proto::dispatch::v1 as wire;

use super::{Choice as _, name, text, time};

/// An explanation; `who` tells whether single volunteers are named.
pub(crate) fn of(explanation: &Explanation, network: &NetworkId, who: bool) -> wire::Explanation {
    let cascade = explanation.cascade.iter();
    let competition = explanation.competition.as_ref().filter(|_| who);
    wire::Explanation {
        gig: name::of(network, &explanation.gig),
        class: explanation.class.wire(),
        considered_count: count(explanation.considered),
        cascade: cascade
            .map(|step| wire::CascadeStep { rule: step.rule.clone(), remaining: count(step.remaining) })
            .collect(),
        nearest_misses: explanation.nearest_misses.iter().map(|miss| of_miss(miss, network, who)).collect(),
        competition: competition.map(|competition| wire::Competition {
            volunteer: name::of(network, &competition.volunteer),
            gigs: name::of_all(network, &competition.gigs),
            weight_lost: competition.weight_lost,
        }),
        chosen: None,
        runner_up: None,
        text: Some(text::wire(&explanation.text)),
    }
}

/// An explanation with the best two who could take the gig.
pub(crate) fn ranked(found: &Explained, network: &NetworkId, who: bool) -> wire::Explanation {
    let best = |at: usize| found.best.get(at).filter(|_| who).map(|quoted| candidate(quoted, who));
    wire::Explanation { chosen: best(0), runner_up: best(1), ..of(&found.explanation, network, who) }
}

fn of_miss(miss: &NearestMiss, network: &NetworkId, who: bool) -> wire::NearestMiss {
    wire::NearestMiss {
        volunteer: if who { name::of(network, &miss.volunteer) } else { String::new() },
        rule: miss.rule.clone(),
        amount: miss.amount,
        change: Some(text::wire(&miss.change)),
    }
}

/// A ranked volunteer.
pub(crate) fn candidate(quoted: &QuotedVolunteer, who: bool) -> wire::Candidate {
    wire::Candidate {
        volunteer: name::of(&quoted.volunteer.network, &quoted.volunteer.id),
        display_name: text::shown(Some(&quoted.volunteer.name), who),
        slot: i32::from(quoted.slot),
        start_time: Some(time::of(quoted.start)),
        terms: quoted.terms.iter().map(term).collect(),
        total: quoted.total_milli,
        travel_seconds: quoted.travel_s,
    }
}

fn term(term: &ScoreTerm) -> wire::ScoreTerm {
    wire::ScoreTerm { code: term.code.to_owned(), points: term.milli }
}

/// What the rules say of one volunteer.
pub(crate) fn verdict(why_not: &WhyNot, network: &NetworkId, who: bool) -> wire::Verdict {
    let volunteer = name::of(network, &why_not.volunteer);
    let broken = why_not.rules.iter().map(|rule| match why_not.mend.as_ref().filter(|miss| miss.rule == *rule) {
        Some(miss) => of_miss(miss, network, true),
        None => wire::NearestMiss { volunteer: volunteer.clone(), rule: rule.clone(), ..wire::NearestMiss::default() },
    });
    wire::Verdict {
        able: why_not.rules.is_empty(),
        broken_rules: broken.collect(),
        candidate: why_not.candidate.as_ref().map(|quoted| candidate(quoted, who)),
        text: Some(text::wire(&why_not.text)),
        volunteer,
    }
}

/// A number of people or gigs.
pub(crate) fn count(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
