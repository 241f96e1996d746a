//! Work that time brings, or other processes: a sweep now and then over every network, the delivery of messages, and tiles of divided
//! plans.

mod delivery;
mod sweep;
mod tiles;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::answers::Offers;
use crate::clock::Clock;
use crate::services::Rooms;
use crate::settings::{Role, Settings};
pub(crate) use delivery::Delivery;
pub use delivery::DeliveryError;
use sweep::Sweeper;

/// How long a delivery that was begun may take when the process stops; a lease that is left runs out.
const LETTER_TIME: Duration = Duration::from_secs(2);

/// Begins what the role `workers` stands for, if this process has it. What is returned completes when all of it has stopped: the
/// sweeper stops between two networks, what is being delivered is finished if it can be, who plans a tile gives it back.
pub(crate) fn begin(
    rooms: &Arc<Rooms>,
    clock: Clock,
    settings: &Settings,
    delivery: Option<Delivery>,
    stop: &CancellationToken,
) -> impl Future<Output = ()> + use<> {
    let works = settings.server.roles.contains(&Role::Workers);
    let deliverer = delivery.filter(|_| works).map(|delivery| {
        let receipts = Arc::new(Offers::new(rooms.dispatch.clone()));
        let worker = delivery.worker(rooms.notification.clone(), receipts, clock.clone());
        tokio::spawn(worker.run(stop.clone()))
    });
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
        if let Some(mut deliverer) = deliverer
            && tokio::time::timeout(LETTER_TIME, &mut deliverer).await.is_err()
        {
            deliverer.abort();
        }
        if let Some(tiles) = tiles {
            tiles.await;
        }
    }
}
