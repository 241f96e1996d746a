//! Tiles of a divided plan, shared between processes over one database: `ask` puts them in the queue, takes the answers out and does
//! what nobody else does; `worker` claims them one by one; `wire` is what stands in the rows; `digest` tells whether both sides
//! know the same people and gigs.
//!
//! The plan is the same with workers and without. A row holds ids, places in lists and instants: who a volunteer is, and where, every
//! worker reads from the tables themselves.

mod ask;
mod digest;
mod wire;
mod worker;

use std::time::Duration;

pub use worker::TileWorker;

pub(super) use ask::Asker;

/// When a plan is divided into tiles, and whether other processes are asked to take some.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Division {
    /// Most pairs of window and gig that are planned as one whole.
    pub whole_pairs_max: usize,
    /// About how many volunteers live in a tile.
    pub tile_volunteers: usize,
    /// Whether tiles are offered to other processes.
    pub is_shared: bool,
    /// How long a worker may be silent before its tile is given to another.
    pub lease: Duration,
}

impl Default for Division {
    /// As the planner has it, and nothing is shared. A lease of 15 s.
    fn default() -> Self {
        Self {
            whole_pairs_max: matching::problem::MAX_WHOLE_EDGES,
            tile_volunteers: matching::planner::TILE_VOLUNTEERS,
            is_shared: false,
            lease: Duration::from_secs(15),
        }
    }
}
