//! How plans of many people are divided, and who takes part.

use std::time::Duration;

use dispatch::plans::Division;
use serde::Deserialize;

/// How plans are divided into tiles, and whether several processes plan them.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlannerSettings {
    /// A plan with more pairs of a volunteer's window and a gig than this is divided by place. Default: 600000.
    pub whole_pairs_max: usize,
    /// About how many volunteers live in a tile. Default: 1000.
    pub tile_volunteers: usize,
    /// Whether tiles go through the queue in the database, where every process with the role `workers` takes some. PostgreSQL only.
    /// Default: no.
    pub share_tiles: bool,
    /// Seconds for which a worker may be silent before its tile is given to another. Default: 15.
    pub lease_s: u64,
    /// Tiles that this process plans for others at once. Each takes one core. Default: 1.
    pub tiles_at_once: u32,
}

impl Default for PlannerSettings {
    fn default() -> Self {
        let division = Division::default();
        Self {
            whole_pairs_max: division.whole_pairs_max,
            tile_volunteers: division.tile_volunteers,
            share_tiles: division.is_shared,
            lease_s: division.lease.as_secs(),
            tiles_at_once: 1,
        }
    }
}

impl PlannerSettings {
    /// The same for the use cases; tiles are shared only over an engine that several processes can use.
    pub(crate) fn division(&self, engine: store::Engine) -> Division {
        Division {
            whole_pairs_max: self.whole_pairs_max,
            tile_volunteers: self.tile_volunteers.max(1),
            is_shared: self.share_tiles && engine == store::Engine::Postgres,
            lease: Duration::from_secs(self.lease_s.max(1)),
        }
    }
}
