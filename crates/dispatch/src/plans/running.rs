//! The solves that run in this process: at most one per network, each with a flag to cancel it and its progress to watch.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{NetworkId, PlanId, Reason, Refusal};
use tokio::sync::watch;

/// How far a solve has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlanProgress {
    /// In thousandths of the budget; 1000 only when it has ended.
    pub permille: u16,
    /// The step that has just ended; empty before the first.
    pub stage: &'static str,
    /// Weight of the best plan so far.
    pub weight: u64,
}

/// The solves that run in this process.
#[derive(Debug, Default)]
pub(crate) struct Solves {
    running: Mutex<HashMap<NetworkId, Running>>,
}

#[derive(Debug)]
struct Running {
    plan: PlanId,
    cancel: Arc<AtomicBool>,
    progress: watch::Receiver<PlanProgress>,
}

/// The right to run the one solve of a network; given back when dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    solves: Arc<Solves>,
    network: NetworkId,
    /// Set when nobody wants the result any more.
    pub(super) cancel: Arc<AtomicBool>,
    /// Where progress is told.
    pub(super) progress: watch::Sender<PlanProgress>,
}

impl Solves {
    fn lock(&self) -> MutexGuard<'_, HashMap<NetworkId, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the turn of a network.
    pub(crate) fn take_turn(self: &Arc<Self>, network: &NetworkId, plan: &PlanId) -> Result<Turn, Refusal> {
        let mut running = self.lock();
        if let Some(other) = running.get(network) {
            return Err(busy(&other.plan));
        }
        let cancel = Arc::new(AtomicBool::new(false));
        let (progress, receiver) = watch::channel(PlanProgress::default());
        let entry = Running { plan: plan.clone(), cancel: Arc::clone(&cancel), progress: receiver };
        running.insert(network.clone(), entry);
        Ok(Turn { solves: Arc::clone(self), network: network.clone(), cancel, progress })
    }

    /// Whether this plan is being solved in this process.
    pub(super) fn is_running(&self, network: &NetworkId, plan: &PlanId) -> bool {
        self.lock().get(network).is_some_and(|running| running.plan == *plan)
    }

    /// The progress of a plan that is being solved in this process.
    pub(super) fn progress(&self, network: &NetworkId, plan: &PlanId) -> Option<watch::Receiver<PlanProgress>> {
        let running = self.lock();
        running.get(network).filter(|running| running.plan == *plan).map(|running| running.progress.clone())
    }

    /// Asks a solve to end early.
    pub(super) fn cancel(&self, network: &NetworkId, plan: &PlanId) {
        if let Some(running) = self.lock().get(network).filter(|running| running.plan == *plan) {
            running.cancel.store(true, Ordering::Relaxed);
        }
    }

    /// The progress of every solve of this process; each ends when its solve has ended and is stored.
    pub(super) fn watchers(&self) -> Vec<watch::Receiver<PlanProgress>> {
        self.lock().values().map(|running| running.progress.clone()).collect()
    }

    /// Asks every solve of this process to end early: the server is stopping.
    pub(crate) fn cancel_all(&self) {
        for running in self.lock().values() {
            running.cancel.store(true, Ordering::Relaxed);
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.solves.lock().remove(&self.network);
    }
}

/// Another plan of the network is being solved.
pub(super) fn busy(other: &PlanId) -> Refusal {
    Refusal::new(Reason::PlanBusy, "another plan of the network is being solved").with("plan", other)
}
