//! Who has helped whom before: familiar faces that fade, and when somebody last had a gig.

use std::collections::BTreeMap;

use domain::{Assignment, AssignmentState, Gig, GigId, SeekerId, Timestamp, VolunteerId};

/// How far back a completed gig is remembered, in days.
pub(crate) const REMEMBERED_DAYS: i64 = 180;
/// After so many days a familiar face counts half.
const HALF_LIFE_DAYS: i64 = 60;
/// Seconds of a day.
const DAY_S: i64 = 86_400;

/// What one volunteer has done within [`REMEMBERED_DAYS`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Past {
    /// How well they know each seeker, 0 to 1000.
    pub(crate) familiar: BTreeMap<SeekerId, u32>,
    /// Days since their last gig.
    pub(crate) last_gig_days_ago: Option<u32>,
    /// Gigs done.
    pub(crate) gigs: u32,
}

/// What everybody has done within [`REMEMBERED_DAYS`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ties(BTreeMap<VolunteerId, Past>);

impl Ties {
    /// From completed assignments and the gigs they were for.
    pub(crate) fn from_past(done: &[Assignment], gigs: &BTreeMap<GigId, Gig>, now: Timestamp) -> Self {
        let mut ties = Self::default();
        for assignment in done.iter().filter(|assignment| assignment.state == AssignmentState::Completed) {
            let days = days_since(now, assignment.span.end());
            let past = ties.0.entry(assignment.volunteer.clone()).or_default();
            let ago = u32::try_from(days).unwrap_or(u32::MAX);
            past.last_gig_days_ago = Some(past.last_gig_days_ago.map_or(ago, |known| known.min(ago)));
            past.gigs += 1;
            if let Some(gig) = gigs.get(&assignment.gig) {
                let strength = past.familiar.entry(gig.seeker.clone()).or_default();
                *strength = (*strength).max(faded_after(days));
            }
        }
        ties
    }

    /// What one volunteer has done.
    pub(crate) fn of(&self, volunteer: &VolunteerId) -> Past {
        self.0.get(volunteer).cloned().unwrap_or_default()
    }
}

/// Whole days since an end.
fn days_since(now: Timestamp, end: Timestamp) -> i64 {
    (now.as_second() - end.as_second()).max(0) / DAY_S
}

/// How familiar a face is that was last seen at an instant, in thousandths.
pub(crate) fn faded(now: Timestamp, end: Timestamp) -> u32 {
    faded_after(days_since(now, end))
}

/// How familiar a face is after some days, in thousandths: halved every [`HALF_LIFE_DAYS`], straight lines in between.
fn faded_after(days: i64) -> u32 {
    let (halvings, rest) = (days / HALF_LIFE_DAYS, days % HALF_LIFE_DAYS);
    let strength = 1000i64.checked_shr(u32::try_from(halvings).unwrap_or(63).min(63)).unwrap_or(0);
    u32::try_from(strength - (strength - strength / 2) * rest / HALF_LIFE_DAYS).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::faded_after;

    #[test]
    fn a_familiar_face_fades_by_half_in_sixty_days() {
        assert_eq!([0, 30, 60, 120, 180, 3650].map(faded_after), [1000, 750, 500, 250, 125, 0]);
    }
}
