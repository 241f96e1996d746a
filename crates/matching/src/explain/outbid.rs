//! Someone could, but was needed elsewhere: where? The cheapest exchange that would cover the gig, named gig by gig.

use super::{Schedules, asked::Asked};
use crate::eligibility::RuleSet;

/// What covering the gig would cost: these gigs of this volunteer would fall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Competition {
    /// Number of the volunteer who could help.
    pub volunteer: usize,
    /// Numbers of the gigs that would fall, ascending; promises are never among them.
    pub gigs: Vec<usize>,
    /// Weight of those gigs less the weight of this one: what the exchange would lose; never below 0 beside a best plan.
    pub weight_lost: i64,
}

/// The exchange of one volunteer's planned gigs that loses least weight, then fewest gigs. With two helpers needed it names what
/// stands in the way of the one who could be freed most cheaply.
pub(super) fn cheapest(asked: &Asked<'_>, planned: &Schedules) -> Option<Competition> {
    asked
        .pairs()
        .filter(|(.., broken)| broken.is_empty())
        .filter_map(|(volunteer, slot, _)| exchange(asked, volunteer, slot, planned))
        .min_by_key(|cost| (cost.weight_lost, cost.gigs.len(), cost.volunteer, cost.gigs.clone()))
}

/// The smallest set of the volunteer's planned gigs whose fall makes room.
fn exchange(asked: &Asked<'_>, volunteer: usize, slot: usize, planned: &Schedules) -> Option<Competition> {
    let (problem, gig) = (asked.problem, asked.gig);
    let promised = problem.standing_schedule(volunteer);
    let movable: Vec<usize> =
        planned.of(volunteer).iter().filter(|stop| !promised.contains(stop)).map(|stop| stop.gig).collect();
    subsets(&movable)
        .into_iter()
        .filter(|fall| !fall.is_empty())
        .filter(|fall| {
            let left = planned.without(volunteer, fall);
            asked
                .starts(volunteer, &left)
                .into_iter()
                .any(|start| asked.can(volunteer, &left, slot, start, RuleSet::EMPTY).is_ok())
        })
        .map(|fall| {
            let lost: i64 = fall.iter().map(|&gig| i64::from(problem.weight(gig))).sum();
            Competition { volunteer, weight_lost: lost - i64::from(problem.weight(gig)), gigs: fall }
        })
        .min_by_key(|cost| (cost.weight_lost, cost.gigs.len(), cost.gigs.clone()))
}

/// Planned gigs of one volunteer beyond which only single ones and all together are tried.
const SUBSETS_OF_MAX: usize = 6;

fn subsets(gigs: &[usize]) -> Vec<Vec<usize>> {
    if gigs.len() > SUBSETS_OF_MAX {
        let mut few: Vec<Vec<usize>> = gigs.iter().map(|gig| vec![*gig]).collect();
        few.push(gigs.to_vec());
        return few;
    }
    (0..1_usize << gigs.len())
        .map(|mask| {
            let mut chosen: Vec<usize> =
                gigs.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, gig)| *gig).collect();
            chosen.sort_unstable();
            chosen
        })
        .collect()
}
