//! The table of times as one problem asks it: volunteers by their mode's layer, homes and places by the number of their cell.

use std::sync::Arc;

use super::Problem;
use crate::travel::{Bounds, Spot, Table, Told};

/// Stands for a cell or a layer that the table does not have.
const NONE: u32 = u32::MAX;

/// The table, and where everybody and everything of a problem stands in it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Roads {
    table: Arc<Table>,
    /// By volunteer.
    layer: Vec<u32>,
    /// By volunteer.
    home: Vec<u32>,
    /// By gig: where it begins.
    place: Vec<u32>,
    /// By gig: where it ends.
    end: Vec<u32>,
}

impl Roads {
    /// The volunteers and gigs of a problem in a table.
    pub(super) fn new(table: &Arc<Table>, problem: &Problem) -> Self {
        let node = |spot: Option<Spot>| {
            spot.and_then(|spot| table.bounds().cell(spot)).and_then(|cell| table.node(cell)).unwrap_or(NONE)
        };
        let layer = |&speed_dkmh: &u32| table.layer(speed_dkmh).map_or(NONE, |layer| layer as u32);
        Self {
            layer: problem.volunteers.speed_dkmh.iter().map(layer).collect(),
            home: problem.volunteers.home.iter().map(|&home| node(home)).collect(),
            place: problem.gigs.place.iter().map(|&place| node(place)).collect(),
            end: (0..problem.gig_count()).map(|gig| node(problem.gig_end(gig))).collect(),
            table: Arc::clone(table),
        }
    }

    /// Some of the volunteers and gigs.
    pub(super) fn pick(&self, volunteers: &[u32], gigs: &[u32]) -> Self {
        let of = |all: &[u32], picked: &[u32]| picked.iter().map(|&at| all[at as usize]).collect();
        Self {
            table: Arc::clone(&self.table),
            layer: of(&self.layer, volunteers),
            home: of(&self.home, volunteers),
            place: of(&self.place, gigs),
            end: of(&self.end, gigs),
        }
    }

    /// How far the table is believed.
    pub(super) fn bounds(&self) -> &Bounds {
        self.table.bounds()
    }

    /// The way from home to where a gig begins.
    pub(super) fn out(&self, volunteer: usize, gig: usize) -> Told {
        self.told(volunteer, self.home[volunteer], self.place[gig])
    }

    /// The way from where a gig ends to home.
    pub(super) fn back(&self, volunteer: usize, gig: usize) -> Told {
        self.told(volunteer, self.end[gig], self.home[volunteer])
    }

    /// The way from where one gig ends to where another begins.
    pub(super) fn leg(&self, volunteer: usize, from: usize, to: usize) -> Told {
        self.told(volunteer, self.end[from], self.place[to])
    }

    fn told(&self, volunteer: usize, from: u32, to: u32) -> Told {
        let layer = self.layer[volunteer];
        if layer == NONE || from == NONE || to == NONE || from == to {
            return Told::Nothing;
        }
        self.table.told(layer as usize, from, to)
    }
}
