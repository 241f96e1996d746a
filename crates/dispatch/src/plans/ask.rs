//! A plan is applied by asking: for each gig that it fills anew an asking begins at the planned start, and whom the plan chose is asked
//! first and alone for a while. So the best for all is tried before the best for one gig, and everybody may say no.

use domain::asking::{Asking, AskingPolicy, AskingState};
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

/// Who is planned is asked alone for a quarter of the time until the answer must be there, and for a day at most.
const ALONE_MAX: SignedDuration = SignedDuration::from_hours(24);

/// Asks the planned helpers of a gig that do not hold their slot yet; answers whom. A gig that is being asked for is left to its
/// asking. Whom their own limits protect, or who would hear of it too late, is not asked: then others are looked for at once.
pub(super) async fn planned(
    tx: &mut Tx,
    ctx: &WriteContext,
    network: &NetworkId,
    item: &PlanItem,
    roads: &Roads,
) -> Result<Vec<VolunteerId>, Error> {
    let known = tx.get_locked::<Asking>(network, &item.gig).await?;
    let wave = known.as_ref().map_or(0, |known| known.waves) + 1;
    let is_running = known.is_some_and(|asking| asking.state == AskingState::Running);
    let Some(start) = item.start.filter(|start| !is_running && *start > ctx.now) else { return Ok(Vec::new()) };
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
    let next_time = reached.filter(|_| asked.len() == wanted).map_or(ctx.now, |heard| alone_until(heard, until));
    let terms = Terms { policy: AskingPolicy::Paced, start, deadline: until, next_time, has_asked: !asked.is_empty() };
    begin(tx, ctx, &gig, terms).await?;
    load::store_gig(tx, &mut gig, ctx.now).await?;
    Ok(asked)
}

/// Until when nobody else is asked, where the message comes at `heard`. A no ends it at once.
fn alone_until(heard: Timestamp, deadline: Timestamp) -> Timestamp {
    let left = deadline.duration_since(heard).max(SignedDuration::ZERO);
    heard.checked_add(ALONE_MAX.min(left / 4)).unwrap_or(deadline).min(deadline)
}

#[cfg(test)]
mod tests {
    use super::alone_until;

    #[test]
    fn who_is_planned_has_a_quarter_of_the_time_alone() {
        let at = |text: &str| text.parse().expect("instant");
        assert_eq!(alone_until(at("2026-11-23T08:00:00Z"), at("2026-11-23T16:00:00Z")), at("2026-11-23T10:00:00Z"));
        assert_eq!(alone_until(at("2026-11-23T08:00:00Z"), at("2026-12-20T08:00:00Z")), at("2026-11-24T08:00:00Z"));
        assert_eq!(alone_until(at("2026-11-23T08:00:00Z"), at("2026-11-23T07:00:00Z")), at("2026-11-23T07:00:00Z"));
    }
}
