//! Times of roads for an answer: asked for before it is worked out, or only remembered where a transaction is open and nobody may be
//! waited for.

use std::sync::Arc;

use domain::plan::TravelSource;
use domain::{GigId, NetworkId, Reason, Refusal, Timestamp, VolunteerId};
use matching::snapshot::Snapshot;
use matching::travel::{Block, Bounds, Table, blocks_of_weeks};
use travel::{Known, Roads};

use crate::quote::look_ahead;
use crate::roster::{Frame, Roster};
use crate::{Dispatch, Error};

/// Times, and what they are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Times {
    pub(crate) table: Option<Arc<Table>>,
    pub(crate) source: TravelSource,
}

impl From<Known> for Times {
    fn from(known: Known) -> Self {
        let source = match &known.table {
            None => TravelSource::StraightLine,
            Some(_) if known.estimated + known.off_map > 0 => TravelSource::Estimated,
            Some(_) => TravelSource::Roads,
        };
        Self { table: known.table, source }
    }
}

/// Road times are not to be had, and straight lines are not wanted.
pub(crate) fn unavailable(error: &travel::Error) -> Refusal {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    tracing::error!(%error, cause, "no road times");
    Refusal::new(Reason::TravelUnavailable, "the service of road times does not answer")
}

/// What is remembered of the ways that the weeks in a snapshot hang on.
pub(crate) fn remembered(roads: &Roads, snapshot: &Snapshot, now: Timestamp) -> Option<Arc<Table>> {
    roads.remember(|bounds| blocks_of_weeks(snapshot, bounds), now)
}

impl Dispatch {
    /// The ways to be asked for, where there are roads.
    pub(crate) fn wanted(&self, blocks: impl FnOnce(&Bounds) -> Vec<Block>) -> Vec<Block> {
        self.roads.bounds().map_or_else(Vec::new, blocks)
    }

    /// The times of the ways that an answer hangs on.
    pub(crate) async fn times(&self, asked: Vec<Block>, now: Timestamp) -> Result<Times, Error> {
        Ok(self.roads.ask(&asked, now).await.map_err(|error| unavailable(&error))?.into())
    }

    /// Asks for the ways that a claim hangs on, so that they are remembered when it is checked inside its transaction. What cannot be
    /// had, or who is not there, is told there.
    pub(crate) async fn prepare_ways(&self, network: &NetworkId, claims: &[(&GigId, &VolunteerId)], now: Timestamp) {
        let Some(bounds) = self.roads.bounds() else { return };
        let Ok(live) = self.rosters.current(&self.db, network, now).await else { return };
        let mut blocks = Vec::new();
        for (gig, volunteer) in claims {
            let (Some(gig), Some(person)) = (live.gig(gig), live.volunteer(volunteer)) else { continue };
            let frame = Frame::new(look_ahead(gig, now), now);
            let mut material = live.open_gigs(Some(person), vec![domain::Gig::clone(gig)], &frame);
            material.by_hand = true;
            material.is_asked_anew = true;
            blocks.extend(blocks_of_weeks(&Roster::build(material, &frame, false).snapshot, bounds));
        }
        if let Err(error) = self.roads.ask(&blocks, now).await {
            tracing::warn!(%error, "a claim is checked with the road times that are remembered");
        }
    }
}
