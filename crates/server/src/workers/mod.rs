//! Work that time brings, or other processes: a sweep now and then over every network, and tiles of divided plans.

mod sweep;
mod tiles;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::services::Rooms;
use crate::settings::{Role, Settings};
use sweep::Sweeper;

/// Begins what the role `workers` stands for, if this process has it. What is returned completes when all of it has stopped: the
/// sweeper stops between two networks, who plans a tile gives it back.
pub(crate) fn begin(
    rooms: &Arc<Rooms>,
    clock: Clock,
    settings: &Settings,
    stop: &CancellationToken,
) -> impl Future<Output = ()> + use<> {
    let works = settings.server.roles.contains(&Role::Workers);
    let sweeper = works.then(|| {
        sweep::begin(Sweeper {
            rooms: Arc::clone(rooms),
            clock,
            every: Duration::from_secs(settings.server.sweep_interval_s.max(1)),
            stop: stop.clone(),
        })
    });
    let shares = settings.planner.division(rooms.db.engine()).is_shared;
    let at_once = settings.planner.tiles_at_once;
    let tiles = (works && shares).then(|| tiles::take(&rooms.dispatch, at_once, stop));
    async move {
        if let Some(sweeper) = sweeper {
            let _ = sweeper.await;
        }
        if let Some(tiles) = tiles {
            tiles.await;
        }
    }
}
