//! What the areas of a network may still be asked: their gigs of the weeks around now, read once for all askings that are due.

use std::collections::{BTreeMap, HashMap};

use domain::{Gig, GigId, GigState, Name, NetworkId, Timestamp};
use jiff::SignedDuration;
use matching::offer_policy::area::Week;
use store::Filter;

use crate::offers::limits::days_before;
use crate::{Dispatch, Error};

/// An area: a town, or no place at all.
type Area = Option<Name>;

/// The areas of a network.
#[derive(Debug, Default)]
pub(super) struct Areas {
    of_gig: HashMap<GigId, Area>,
    of_area: BTreeMap<Area, Count>,
    of_network: Count,
}

/// Gigs counted.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    all: usize,
    /// Over, or no longer looked for.
    settled: u32,
    /// Of those, filled.
    filled: u32,
}

impl Count {
    fn add(&mut self, gig: &Gig) {
        let is_filled = matches!(gig.state, GigState::Filled | GigState::InProgress | GigState::Completed);
        self.all += 1;
        self.settled += u32::from(is_filled || gig.state == GigState::Unmet);
        self.filled += u32::from(is_filled);
    }

    /// The share that was filled; one where there is none.
    fn share(self) -> f64 {
        if self.settled == 0 { 1.0 } else { f64::from(self.filled) / f64::from(self.settled) }
    }
}

fn area(gig: &Gig) -> Area {
    gig.place.as_ref().and_then(|place| place.locality.clone())
}

impl Dispatch {
    /// Reads the gigs of a week back and a week ahead.
    pub(super) async fn areas(&self, network: &NetworkId, now: Timestamp) -> Result<Areas, Error> {
        let lately = Filter::any().between(days_before(now, 7), now + SignedDuration::from_hours(24 * 7));
        let gigs = self.db.read().await?.all::<Gig>(network, &lately).await?;
        Ok(Areas::of(&gigs))
    }
}

impl Areas {
    fn of(gigs: &[Gig]) -> Self {
        let mut areas = Self::default();
        for gig in gigs {
            areas.of_gig.insert(gig.id.clone(), area(gig));
            areas.of_area.entry(area(gig)).or_default().add(gig);
            areas.of_network.add(gig);
        }
        areas
    }

    /// What the area of a gig has been asked in a week, of all asks of that week.
    pub(super) fn week<'a>(&self, gig: &Gig, asks: impl Iterator<Item = &'a GigId>) -> Week {
        let here = area(gig);
        let count = self.of_area.get(&here).copied().unwrap_or_default();
        Week {
            gigs: count.all.max(1),
            asks: asks.filter(|id| self.of_gig.get(*id) == Some(&here)).count(),
            filled: count.share(),
            filled_in_network: self.of_network.share(),
        }
    }
}
