//! One look at the database for all who wait: a look serves every call that came before it began, so that each answer is as young as its
//! call and many callers cost hardly more than one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{NetworkId, Timestamp};
use matching::travel::Bounds;
use store::Database;
use tokio::sync::watch;

use super::Live;
use super::follow::brought_up_to_date;
use crate::Error;

/// Most networks whose rosters are kept; the one that was asked for longest ago goes.
const NETWORKS_MAX: usize = 256;

/// The live rosters of a server, by network.
#[derive(Debug, Default)]
pub(crate) struct Rosters {
    known: Mutex<Known>,
    /// How far anybody may get, where road times are the measure.
    bounds: Option<Bounds>,
}

#[derive(Debug, Default)]
struct Known {
    asked: u64,
    cells: HashMap<NetworkId, (u64, Arc<Cell>)>,
}

/// One network's roster.
#[derive(Debug)]
struct Cell {
    state: watch::Sender<State>,
}

/// Looks are numbered from 1.
#[derive(Debug, Default)]
struct State {
    /// The last look that began.
    begun: u64,
    /// The last look that ended.
    ended: u64,
    /// What the last one saw that saw anything.
    live: Option<Arc<Live>>,
    /// Why the last one saw nothing, if so.
    failure: Option<Failure>,
}

#[derive(Debug, Clone)]
enum Failure {
    Store(store::Error),
    Broken,
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Store(error) => error.into(),
            Failure::Broken => domain::Refusal::new(domain::Reason::Internal, "the roster could not be read").into(),
        }
    }
}

impl Rosters {
    /// Rosters for questions that bring road times within these bounds.
    pub(crate) fn measured(bounds: Option<Bounds>) -> Self {
        Self { bounds, ..Self::default() }
    }

    /// The roster of a network as the database has it now.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn current(&self, db: &Database, network: &NetworkId, now: Timestamp) -> Result<Arc<Live>, Error> {
        let cell = self.cell(network);
        let mut state = cell.state.subscribe();
        // The look that may be going on began before this call: it may have missed what was written since.
        let wanted = state.borrow().begun + 1;
        loop {
            if let Some(answer) = answer(&state.borrow_and_update(), wanted) {
                return answer;
            }
            if let Some(look) = Look::begin(&cell) {
                // In a task of its own, so that others are served even if this caller goes away.
                tokio::spawn(look.run(db.clone(), network.clone(), now, self.bounds.clone()));
            }
            if state.changed().await.is_err() {
                return Err(Failure::Broken.into());
            }
        }
    }

    fn cell(&self, network: &NetworkId) -> Arc<Cell> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.asked += 1;
        let asked = known.asked;
        if let Some((last, cell)) = known.cells.get_mut(network) {
            *last = asked;
            return Arc::clone(cell);
        }
        if known.cells.len() >= NETWORKS_MAX
            && let Some(oldest) = known.cells.iter().min_by_key(|(_, (last, _))| *last).map(|(id, _)| id.clone())
        {
            known.cells.remove(&oldest);
        }
        let cell = Arc::new(Cell { state: watch::Sender::new(State::default()) });
        known.cells.insert(network.clone(), (asked, Arc::clone(&cell)));
        cell
    }
}

/// What a call that wants at least that look is answered, if it has ended.
fn answer(state: &State, wanted: u64) -> Option<Result<Arc<Live>, Error>> {
    if state.ended < wanted {
        return None;
    }
    Some(match (&state.failure, &state.live) {
        (None, Some(live)) => Ok(Arc::clone(live)),
        (failure, _) => Err(failure.clone().unwrap_or(Failure::Broken).into()),
    })
}

/// A look that has begun. However it ends, those who wait are woken.
struct Look {
    cell: Arc<Cell>,
    number: u64,
    seen: Result<Arc<Live>, Failure>,
}

impl Look {
    /// Begins a look, unless one is going on.
    fn begin(cell: &Arc<Cell>) -> Option<Self> {
        let mut number = None;
        cell.state.send_if_modified(|state| {
            if state.begun == state.ended {
                state.begun += 1;
                number = Some(state.begun);
            }
            false
        });
        Some(Self { cell: Arc::clone(cell), number: number?, seen: Err(Failure::Broken) })
    }

    async fn run(mut self, db: Database, network: NetworkId, now: Timestamp, bounds: Option<Bounds>) {
        let before = self.cell.state.borrow().live.clone();
        self.seen = brought_up_to_date(&db, &network, before, now, bounds).await.map_err(Failure::Store);
    }
}

impl Drop for Look {
    fn drop(&mut self) {
        let seen = std::mem::replace(&mut self.seen, Err(Failure::Broken));
        self.cell.state.send_modify(|state| {
            state.ended = self.number;
            match seen {
                Ok(live) => (state.live, state.failure) = (Some(live), None),
                Err(failure) => state.failure = Some(failure),
            }
        });
    }
}
