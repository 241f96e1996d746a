//! What happens in a network, told as it happens: to a screen of the call centre, or to anybody who may know.
//!
//! Events are the stored ones, in the order of commits (`store::EventPlace`), so a watch that is gone on with at its last place neither
//! loses one nor tells one twice. All watches of a network share one look at the store (`tail`): what has just happened is kept in a short
//! list that they read from. Who is further behind reads pages of the store at their own pace, and nothing is kept for them meanwhile.

mod reach;
mod tail;
mod watch;

pub(crate) use tail::Tails;
pub use watch::{EventWatch, Told};

use std::collections::BTreeSet;
use std::time::Duration;

use domain::{Event, EventKind, Network, NetworkId, Reason, Refusal, Scope, Timestamp};
use store::EventPlace;

use crate::{Dispatch, Error};

/// Which events are wanted: every condition that is set must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventFilter {
    /// Those of these kinds; empty means any.
    pub kinds: Vec<EventKind>,
    /// Those that happened to one of these (`gigs/g1`), or that name it as their gig or volunteer; empty means any.
    pub subjects: BTreeSet<String>,
}

/// Where a watch begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin {
    /// With what happens from now on.
    Now,
    /// With the first event of that instant or later.
    At(Timestamp),
    /// Right after a place.
    After(EventPlace),
}

impl EventFilter {
    fn wants(&self, event: &Event) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&event.kind))
            && (self.subjects.is_empty() || self.subjects.iter().any(|subject| concerns(event, subject)))
    }
}

/// Whether an event happened to a resource (`gigs/g1`), or names it as its gig, its volunteer or what its message is about.
fn concerns(event: &Event, subject: &str) -> bool {
    let value = |key: &str| event.data.get(key).map_or("", String::as_str);
    event.subject == subject
        || value("about") == subject
        || match subject.split_once('/') {
            Some(("gigs", id)) => value("gig") == id,
            Some(("volunteers", id)) => value("volunteer") == id || value("volunteers").split(',').any(|one| one == id),
            _ => false,
        }
}

impl Dispatch {
    /// Watches what happens in a network. Silence is told of, too, after so long at the latest; so is the beginning.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND` for a network that is not there or is another's, `RESUME_TOKEN_EXPIRED` for a place that the history does not
    /// lead to, or the store's.
    pub async fn watch_events(
        &self,
        scope: &Scope,
        network: &NetworkId,
        filter: EventFilter,
        begin: Begin,
        silence: Duration,
    ) -> Result<EventWatch, Error> {
        scope.admit(network)?;
        let mut tx = self.db.read().await?;
        if tx.get::<Network>(network, network).await?.is_none() {
            return Err(Refusal::not_found("network", format!("networks/{network}")).into());
        }
        let place = match begin {
            Begin::Now => tx.last_event_place(network).await?,
            Begin::At(time) => tx.event_place_before(network, time).await?,
            Begin::After(place) if tx.has_event_place(network, &place).await? => place,
            Begin::After(_) => {
                let detail = "the history of events no longer leads to this token: begin at a time";
                return Err(Refusal::new(Reason::ResumeTokenExpired, detail).into());
            }
        };
        tx.rollback().await?;
        let tail = self.tails.follow(&self.db, network);
        Ok(EventWatch::new(self.db.clone(), scope.clone(), network.clone(), filter, place, tail, silence))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{EventId, PrincipalId};

    fn event(kind: EventKind, subject: &str, data: &[(&str, &str)]) -> Event {
        Event {
            network: NetworkId::new("kouvola").expect("id"),
            id: EventId::new("e-1").expect("id"),
            kind,
            subject: subject.to_owned(),
            actor: PrincipalId::new("p").expect("id"),
            reason: String::new(),
            time: Timestamp::UNIX_EPOCH,
            data: data.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        }
    }

    #[test]
    fn a_gig_is_followed_with_its_offers_and_messages() {
        let of = |subject: &str| EventFilter { subjects: [subject.to_owned()].into(), ..EventFilter::default() };
        let filled = event(EventKind::GigFilled, "gigs/g1", &[("volunteers", "v1,v2")]);
        let offered = event(EventKind::OfferMade, "offers/o1", &[("gig", "g1"), ("volunteer", "v3")]);
        let parked = event(EventKind::NotificationParked, "notifications/n1", &[("about", "gigs/g1")]);
        for one in [&filled, &offered, &parked] {
            assert!(of("gigs/g1").wants(one) && !of("gigs/g").wants(one), "{one:?}");
        }
        assert!(of("volunteers/v2").wants(&filled) && of("volunteers/v3").wants(&offered));
        assert!(!of("volunteers/v").wants(&filled));
        let kinds = EventFilter { kinds: vec![EventKind::OfferMade], ..EventFilter::default() };
        assert!(kinds.wants(&offered) && !kinds.wants(&filled) && EventFilter::default().wants(&parked));
    }
}
