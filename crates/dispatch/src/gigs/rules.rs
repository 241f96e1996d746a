//! What must be true of a gig before it is stored: every wrong field is found at once.

use std::collections::BTreeSet;

use domain::gig::{PRIORITIES, SLOTS_MAX, WINDOWS_MAX};
use domain::kind::{Category, GIG_DURATION_MAX_S, GIG_DURATION_MIN_S};
use domain::{
    Association, Gig, GigState, Kind, NetworkId, Reason, Refusal, Scope, Seeker, SeekerId, Skill, SkillId, TimeWindow,
    Timestamp, Violations,
};
use jiff::SignedDuration;
use store::{Filter, Tx};

use super::HORIZON_DAYS;
use crate::Error;

/// How long ago a window may have begun: a gig for "today" is asked for during the day.
const BEGUN_HOURS: i64 = 24;

/// What the registry says about the references of a gig.
#[derive(Debug, Clone)]
pub(super) struct References {
    pub(super) kind: Option<Kind>,
    pub(super) seeker: Option<Seeker>,
    pub(super) skills: BTreeSet<SkillId>,
    pub(super) first_visit: bool,
}

impl References {
    /// Looks up what a gig refers to, within the caller's reach.
    pub(super) async fn find(
        tx: &mut Tx,
        scope: &Scope,
        network: &NetworkId,
        kind: &domain::KindId,
        seeker: &SeekerId,
    ) -> Result<Self, Error> {
        let found = tx.get::<Seeker>(network, seeker).await?;
        Ok(Self {
            kind: tx.get::<Kind>(network, kind).await?,
            seeker: found.filter(|seeker| scope.reaches(seeker.association.as_ref())),
            skills: skills(tx, network).await?,
            first_visit: first_visit(tx, network, seeker).await?,
        })
    }
}

/// The skills of the catalogue.
pub(super) async fn skills(tx: &mut Tx, network: &NetworkId) -> Result<BTreeSet<SkillId>, Error> {
    Ok(tx.all::<Skill>(network, &Filter::any()).await?.into_iter().map(|skill| skill.id).collect())
}

/// Whether nobody has been to this seeker yet.
async fn first_visit(tx: &mut Tx, network: &NetworkId, seeker: &SeekerId) -> Result<bool, Error> {
    let filter = Filter { seeker: Some(seeker.clone()), ..Filter::any() };
    Ok(tx.count::<Gig>(network, &filter.state(GigState::Completed.code())).await? == 0)
}

/// Notes what is wrong with the association of a gig.
pub(super) async fn association(
    tx: &mut Tx,
    scope: &Scope,
    gig: &Gig,
    violations: &mut Violations,
) -> Result<(), Error> {
    let Some(id) = &gig.association else { return Ok(()) };
    let exists = tx.get::<Association>(&gig.network, id).await?.is_some();
    if !exists || !scope.reaches(Some(id)) {
        violations.add("gig.association", "must be an association of the network within your reach");
    }
    Ok(())
}

/// Notes everything that is wrong with a gig. `known` are windows that were accepted before: they may have passed since.
pub(super) fn check(gig: &Gig, references: &References, known: &[TimeWindow], now: Timestamp) -> Violations {
    let mut violations = Violations::new();
    if references.seeker.is_none() {
        violations.add("gig.seeker", "must be a seeker of the network");
    }
    match &references.kind {
        None => violations.add("gig.kind", "must be a kind of the network's catalogue"),
        Some(kind) => check_by_kind(gig, kind, references, &mut violations),
    }
    // An unknown kind leaves a duration that was not told unknown as well.
    let told = gig.duration_s > 0 || references.kind.is_some();
    if told && !(GIG_DURATION_MIN_S..=GIG_DURATION_MAX_S).contains(&gig.duration_s) {
        let given_min = gig.duration_s.div_ceil(60);
        violations.add("gig.duration", format!("must be 5 minutes to 12 hours, not {given_min} minutes"));
    }
    if gig.slots.is_empty() || gig.slots.len() > SLOTS_MAX {
        violations.add("gig.slots", format!("must be 1 to {SLOTS_MAX}"));
    }
    for (at, slot) in gig.slots.iter().enumerate() {
        for skill in slot.skills.iter().filter(|skill| !references.skills.contains(*skill)) {
            violations
                .add(format!("gig.slots[{at}].skills"), format!("{skill} is no skill of the network's catalogue"));
        }
    }
    // Without a known seeker nobody can tell whether language and place are missing.
    if gig.languages.is_empty() && references.seeker.is_some() {
        violations.add("gig.languages", "must name at least one language: the seeker's record has none");
    }
    if !PRIORITIES.contains(&gig.priority) {
        violations.add("gig.priority", "must be 1 to 5");
    }
    check_windows(gig, known, now, &mut violations);
    violations
}

fn check_by_kind(gig: &Gig, kind: &Kind, references: &References, violations: &mut Violations) {
    let first_visit = references.first_visit;
    if kind.place_bound && gig.place.is_none() && references.seeker.is_some() {
        violations.add("gig.place", "must be given: this kind happens at a place and the seeker's home is not known");
    }
    if !kind.place_bound && gig.place.is_some() {
        violations.add("gig.place", "must be empty: this kind has no place");
    }
    if gig.destination.is_some() && (kind.category != Category::Escort || gig.place.is_none()) {
        violations.add("gig.destination", "must be empty: only an escort ends elsewhere than it begins");
    }
    if kind.first_visit_two && first_visit && gig.slots.len() == 1 {
        violations.add("gig.slots", "must be 2: the first visit to this seeker takes two helpers");
    }
}

fn check_windows(gig: &Gig, known: &[TimeWindow], now: Timestamp, violations: &mut Violations) {
    if gig.windows.is_empty() || gig.windows.len() > WINDOWS_MAX {
        violations.add("gig.windows", format!("must be 1 to {WINDOWS_MAX}"));
    }
    let duration = SignedDuration::from_secs(i64::from(gig.duration_s));
    let too_old = now - SignedDuration::from_hours(BEGUN_HOURS);
    let too_far = now + SignedDuration::from_hours(24 * HORIZON_DAYS);
    for (at, window) in gig.windows.iter().enumerate().take(WINDOWS_MAX + 1) {
        if window.duration() < duration {
            let (takes, has) = (duration.as_mins(), window.duration().as_mins());
            let must = format!("must be at least as long as the gig takes: {takes} minutes, not {has}");
            violations.add(format!("gig.windows[{at}]"), must);
        }
        if !known.contains(window) {
            if window.start() < too_old {
                violations.add(format!("gig.windows[{at}].start_time"), "must not lie more than a day in the past");
            }
            if window.end() <= now {
                violations.add(format!("gig.windows[{at}].end_time"), "must lie in the future");
            }
            if window.end() > too_far {
                violations.add(
                    format!("gig.windows[{at}].end_time"),
                    format!("must lie within {HORIZON_DAYS} days from now"),
                );
            }
        }
        if let Some(other) = gig.windows[..at].iter().position(|other| other.overlaps(window)) {
            violations.add(format!("gig.windows[{at}]"), format!("must not overlap windows[{other}]"));
        }
    }
}

/// Refuses work outside a volunteer's scope, by the words of the gig's texts; the refusal names where to turn.
pub(super) fn within_scope(gig: &Gig, kind: &Kind) -> Result<(), Refusal> {
    let texts = [&gig.note, &gig.intake.note];
    let hit = texts.into_iter().flatten().find_map(|note| kind.limit_hit(note.expose().as_str()));
    let Some(limit) = hit else { return Ok(()) };
    let (what, turn) = (&limit.description, &limit.refer_to);
    let english = domain::text::ServiceLanguage::En;
    let swedish = domain::text::ServiceLanguage::Sv;
    let detail =
        format!("the task is outside a volunteer's scope: {}; turn to: {}", what.get(english), turn.get(english));
    Err(Refusal::new(Reason::OutOfScope, detail)
        .with("limit", &what.fi)
        .with("refer_to", &turn.fi)
        .with("refer_to_sv", turn.get(swedish))
        .with("refer_to_en", turn.get(english)))
}
