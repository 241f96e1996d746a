//! A plan is applied by asking: for each gig that it fills anew an asking begins at the planned start, and whom the plan chose is asked
//! first and alone for a while. So the best for all is tried before the best for one gig, and everybody may say no.

use domain::asking::{Asking, AskingPolicy, AskingState};
use domain::message_hours::MessageHours;
use domain::plan::PlanItem;
use domain::{NetworkId, Timestamp, Volunteer, VolunteerId, WriteContext};
use jiff::SignedDuration;
use store::Tx;
use travel::Roads;

use crate::asking::{Terms, begin, deadline};
use crate::offers::make::{Ask, make};
use crate::offers::pending;
use crate::roster::gather::holders;
use crate::{Error, load};

/// Who is planned is asked alone for so much of the hours in which others may be asked at most: those of one day.
const ALONE_MAX: SignedDuration = SignedDuration::from_hours(11);

/// What became of one gig of a plan that is applied by asking.
#[derive(Debug, Default)]
pub(super) struct Planned {
    /// Who was asked.
    pub(super) asked: Vec<VolunteerId>,
    /// Whether an asking began.
    pub(super) has_begun: bool,
    /// Until when nobody else is asked; none where others are looked for at once.
    pub(super) alone_until: Option<Timestamp>,
}

/// Asks the planned helpers of a gig that do not hold their slot yet. A gig that is being asked for is left to its
/// asking. Whom their own limits protect, or who would hear of it too late, is not asked: then others are looked for at once.
pub(super) async fn planned(
    tx: &mut Tx,
    ctx: &WriteContext,
    network: &NetworkId,
    item: &PlanItem,
    roads: &Roads,
) -> Result<Planned, Error> {
    let known = tx.get_locked::<Asking>(network, &item.gig).await?;
    let wave = known.as_ref().map_or(0, |known| known.waves) + 1;
    let is_running = known.is_some_and(|asking| asking.state == AskingState::Running);
    let Some(start) = item.start.filter(|start| !is_running && *start > ctx.now) else { return Ok(Planned::default()) };
    let mut gig = load::gig_locked(tx, &ctx.scope, network, &item.gig).await?;
    let held = holders(tx, network, &item.gig).await?;
    pending::withdraw_other_starts(tx, ctx, &mut gig, start).await?;
    let until = deadline(ctx.now, start);
    let mut reached: Option<Timestamp> = None;
    let (mut asked, mut wanted) = (Vec::new(), 0);
    for (slot, volunteer) in (0_u8..).zip(&item.volunteers) {
        if held.iter().any(|holder| holder.slot == slot) {
            continue;
        }
        wanted += 1;
        let person = tx.get::<Volunteer>(network, volunteer).await?;
        let heard = person.map_or(ctx.now, |person| person.contact.next_message_time(ctx.now));
        if heard >= until {
            continue;
        }
        let offer = Ask {
            id: None,
            slot,
            volunteer: volunteer.clone(),
            start: Some(start),
            expire_time: until,
            wave,
            is_invited: false,
            expectation: None,
        };
        match make(tx, ctx, &mut gig, offer, roads).await {
            Ok(_) => {
                asked.push(volunteer.clone());
                reached = reached.max(Some(heard));
            }
            // Their own limits, or what has changed since the plan was made.
            Err(Error::Refused(refusal)) => {
                tracing::debug!(gig.id = %item.gig, reason = refusal.reason.code(), "a planned volunteer is not asked");
            }
            Err(error) => return Err(error),
        }
    }
    let alone = reached.filter(|_| asked.len() == wanted).map(|heard| alone_until(heard, until));
    let next_time = alone.unwrap_or(ctx.now);
    let terms = Terms { policy: AskingPolicy::Paced, start, deadline: until, next_time, has_asked: !asked.is_empty() };
    begin(tx, ctx, &gig, terms).await?;
    load::store_gig(tx, &mut gig, ctx.now).await?;
    Ok(Planned { asked, has_begun: true, alone_until: alone })
}

/// Until when nobody else is asked, where the message comes at `heard`: for a quarter of the hours in which others may be asked before the
/// answer must be there, so that a night is no part of it and time is left to ask them. A no ends it at once.
fn alone_until(heard: Timestamp, deadline: Timestamp) -> Timestamp {
    let hours = MessageHours::of(None);
    let left = hours.between(heard, deadline);
    if left.is_zero() { heard.min(deadline) } else { hours.after(heard, ALONE_MAX.min(left / 4)).min(deadline) }
}

#[cfg(test)]
mod tests {
    use super::alone_until;
    use domain::Timestamp;

    fn until(heard: &str, deadline: &str) -> String {
        let at = |text: &str| text.parse::<Timestamp>().expect("instant");
        alone_until(at(heard), at(deadline)).to_string()
    }

    #[test]
    fn who_is_planned_has_a_quarter_of_the_time_alone() {
        assert_eq!(until("2026-11-23T08:00:00Z", "2026-11-23T16:00:00Z"), "2026-11-23T10:00:00Z");
        assert_eq!(until("2026-11-23T08:00:00Z", "2026-12-20T08:00:00Z"), "2026-11-24T08:00:00Z", "a day at most");
        assert_eq!(until("2026-11-23T08:00:00Z", "2026-11-23T07:00:00Z"), "2026-11-23T07:00:00Z");
    }

    #[test]
    fn the_night_is_no_part_of_it_and_others_can_still_be_asked() {
        // At 19 o'clock, for a yes by 7 in the morning: one hour is left to ask anybody.
        assert_eq!(until("2026-11-23T17:00:00Z", "2026-11-24T05:00:00Z"), "2026-11-23T17:15:00Z");
        // By noon, four hours are left: of this evening's last and of the morning's three.
        assert_eq!(until("2026-11-23T17:30:00Z", "2026-11-24T10:30:00Z"), "2026-11-24T07:30:00Z");
        // Who has hours of their own hears it at 6, and nobody else may be asked before 7.
        assert_eq!(until("2026-11-24T04:00:00Z", "2026-11-24T05:00:00Z"), "2026-11-24T04:00:00Z");
    }
}
