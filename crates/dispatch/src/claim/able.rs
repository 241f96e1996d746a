//! May this volunteer take this slot then? The hard rules of `matching`, asked of one volunteer's own week.

use domain::{Gig, Reason, Refusal, Timestamp, Volunteer, VolunteerId};
use matching::eligibility::{RuleSet, can_take};
use matching::problem::Problem;
use store::Tx;
use travel::Roads;

use crate::Error;
use crate::roster::{Frame, LeftOut, Roster, gather};
use crate::ways::remembered;

/// Who would take what, when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    /// The gig.
    pub(crate) gig: &'a Gig,
    /// The volunteer.
    pub(crate) volunteer: &'a Volunteer,
    /// The slot, from 0.
    pub(crate) slot: u8,
    /// The start, allowed by the gig.
    pub(crate) start: Timestamp,
    /// The time of the call.
    pub(crate) now: Timestamp,
    /// Who knows how long ways take.
    pub(crate) roads: &'a Roads,
    /// Whether a no that the volunteer gave before holds, be it to the gig, to its kind or to such a way.
    pub(crate) has_noes: bool,
}

/// Refuses what breaks a hard rule: the volunteer's time is taken, or they may not. The answer is the way from home, in seconds.
pub(crate) async fn able(tx: &mut Tx, question: &Question<'_>) -> Result<u32, Error> {
    let Question { gig, volunteer, slot, start, now, roads, has_noes } = *question;
    let Some(span) = gig.span(start) else {
        return Err(Refusal::field("start_time", "must lie between the years 2000 and 2100").into());
    };
    // Matching sees the gig at this start only; whether it lies in the past has been asked before.
    let frame = Frame::new(span, now.min(start));
    let mut material = gather::one_volunteer(tx, &gig.network, volunteer, vec![gig.clone()], &frame).await?;
    material.by_hand = true;
    material.is_asked_anew = !has_noes;
    if has_noes {
        material.rests = gather::rests(tx, &gig.network, &material.volunteers, now).await?;
    }
    let overlaps = |a: &&domain::Assignment| a.state.is_active() && a.gig != gig.id && a.span.overlaps(&span);
    if material.assignments.iter().any(|assignment| overlaps(&assignment)) {
        return Err(booked(&volunteer.id).into());
    }
    let mut roster = Roster::build(material, &frame, false);
    roster.snapshot.table = remembered(roads, &roster.snapshot, now);
    if let Some(why) = roster.why_left_out(&gig.id) {
        return Err(unmatchable(gig, why).into());
    }
    let problem = compile(&roster)?;
    let (Some(person), Some(task)) = (problem.find_volunteer(volunteer.id.as_str()), problem.find_gig(gig.id.as_str()))
    else {
        return Err(contradiction("the volunteer or the gig is missing from the snapshot").into());
    };
    let schedule = problem.standing_schedule(person);
    match can_take(&problem, person, schedule, task, usize::from(slot), start.as_second()) {
        Ok(_) => Ok(u32::try_from(problem.way_out_s(person, task).unwrap_or(0)).unwrap_or(u32::MAX)),
        Err(broken) => Err(not_able(&volunteer.id, broken).into()),
    }
}

/// Compiles a roster's snapshot for questions to the rules. A contradiction in it is our fault, not the caller's.
pub(crate) fn compile(roster: &Roster) -> Result<Problem, Refusal> {
    Problem::compile_for_rules(&roster.snapshot).map_err(|error| contradiction(&error.to_string()))
}

fn contradiction(detail: &str) -> Refusal {
    tracing::error!(detail, "stored rows contradict themselves");
    Refusal::new(Reason::Internal, "stored rows contradict themselves")
}

fn not_able(volunteer: &VolunteerId, broken: RuleSet) -> Refusal {
    let rules = broken.told();
    Refusal::new(Reason::VolunteerNotAble, format!("the volunteer cannot take the gig: {rules}"))
        .with("rules", rules)
        .with("volunteer", volunteer)
}

/// The volunteer's time is taken.
pub(crate) fn booked(volunteer: &VolunteerId) -> Refusal {
    Refusal::new(Reason::VolunteerBooked, "the volunteer is booked at that time").with("volunteer", volunteer)
}

/// Why a gig cannot be matched, as a refusal.
pub(crate) fn unmatchable(gig: &Gig, why: LeftOut) -> Refusal {
    let detail = match why {
        LeftOut::PlaceMissing => "the gig's kind happens at a place, and the gig has none",
        LeftOut::RowMissing => "the gig's kind or seeker is not in the registry any more",
        LeftOut::NoTimeLeft => "the gig would not lie wholly in one of its windows",
        LeftOut::Mediated => "a coordinator relays for this seeker: name the helpers by hand",
    };
    let reason = if why == LeftOut::NoTimeLeft { Reason::StartNotAllowed } else { Reason::GigStateIllegal };
    Refusal::new(reason, detail).with("gig", &gig.id)
}
