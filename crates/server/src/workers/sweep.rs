//! The sweep: offers that lapsed, volunteers to ask next, gigs whose last window closed, solves that nobody runs any more, repeat keys and change notes that
//! are old. Each step is safe to repeat and to stop anywhere.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use domain::{NetworkId, Principal, PrincipalId, Role, Scope, WriteContext};
use futures_util::FutureExt as _;
use jiff::SignedDuration;
use store::{PAGE_SIZE_MAX, PageRequest};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::services::Rooms;
use crate::status::{Failure, chain};

/// The method under which a sweep's writes stand in the audit.
const METHOD: &str = "sweep";

/// How often it is asked whether an asking is due: what another process begins rings no bell here.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How long links and codes that have run out are remembered: who comes late hears that it is over, and not that it never was.
const LINKS_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What is done in a network.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// All that time brings.
    Sweep,
    /// Only the askings that are due.
    Ask,
}

/// Sweeps on an interval until told to stop.
#[derive(Debug)]
pub(super) struct Sweeper {
    pub(super) rooms: Arc<Rooms>,
    pub(super) clock: Clock,
    pub(super) every: Duration,
    pub(super) stop: CancellationToken,
}

/// Runs the sweeper in a task of its own.
pub(super) fn begin(sweeper: Sweeper) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut leaps = sweeper.clock.leaps();
        let mut bell = sweeper.rooms.dispatch.asking_bell();
        let mut ticks = interval(sweeper.every.max(Duration::from_millis(50)));
        let mut looks = interval(LOOK_EVERY);
        loop {
            let step = tokio::select! {
                biased;
                () = sweeper.stop.cancelled() => return,
                _ = ticks.tick() => Step::Sweep,
                Ok(()) = leaps.changed() => Step::Sweep,
                Ok(()) = bell.changed() => Step::Ask,
                _ = looks.tick() => Step::Ask,
            };
            if matches!(step, Step::Ask) {
                if let Err(failure) = guarded(Box::pin(sweeper.ask())).await {
                    tracing::warn!(cause = chain(&failure), "askings were not looked at to the end");
                }
                continue;
            }
            let swept = guarded(Box::pin(sweeper.once())).await;
            metrics::gauge!("keikka_storage_up").set(if swept.is_ok() { 1.0 } else { 0.0 });
            if let Err(failure) = swept {
                tracing::warn!(cause = chain(&failure), "a sweep ended early");
            }
        }
    })
}

fn interval(every: Duration) -> tokio::time::Interval {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// Does a step of the sweep, which its caller has put on the heap: steps in steps are more than a stack holds. A panic in it ends the step, and not the sweeper.
async fn guarded<T>(step: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let done = AssertUnwindSafe(step).catch_unwind().await;
    done.unwrap_or(Err(Failure::Fault("a step of the sweep panicked")))
}

impl Sweeper {
    /// One sweep over every network.
    pub(crate) async fn once(&self) -> Result<(), Failure> {
        let ctx = self.context();
        let swept = self.each_network(&ctx, Step::Sweep).await;
        if self.stop.is_cancelled() {
            return Ok(());
        }
        let mut tx = self.rooms.db.write().await?;
        tx.purge_results(ctx.now).await?;
        tx.prune_changes().await?;
        tx.purge_reply_tokens(ctx.now.checked_sub(LINKS_KEPT).unwrap_or(ctx.now)).await?;
        tx.purge_jobs().await?;
        tx.commit().await?;
        swept
    }

    /// Looks at the askings that are due, and at nothing else.
    async fn ask(&self) -> Result<(), Failure> {
        self.each_network(&self.context(), Step::Ask).await
    }

    /// Does a step in every network. What is wrong in one must not stop the others.
    async fn each_network(&self, ctx: &WriteContext, step: Step) -> Result<(), Failure> {
        let mut failed = None;
        let mut page = PageRequest::first(PAGE_SIZE_MAX);
        loop {
            let found = self.rooms.registry.networks(&ctx.scope, &page).await?;
            for network in &found.items {
                if self.stop.is_cancelled() {
                    return Ok(());
                }
                if let Err(failure) = guarded(Box::pin(self.step(ctx, &network.id, step))).await {
                    tracing::warn!(network.id = %network.id, cause = chain(&failure), "a network was not swept to its end");
                    failed = Some(failure);
                }
            }
            page.after = found.next;
            if page.after.is_none() {
                return failed.map_or(Ok(()), Err);
            }
        }
    }

    async fn step(&self, ctx: &WriteContext, network: &NetworkId, step: Step) -> Result<(), Failure> {
        match step {
            Step::Sweep => self.network(ctx, network).await,
            Step::Ask if self.rooms.dispatch.has_due_asking(&ctx.scope, network, ctx.now).await? => {
                self.ask_in(ctx, network).await
            }
            Step::Ask => Ok(()),
        }
    }

    async fn ask_in(&self, ctx: &WriteContext, network: &NetworkId) -> Result<(), Failure> {
        let asked = self.rooms.dispatch.ask_due(ctx, network).await?;
        if asked > 0 {
            metrics::counter!("keikka_offers_made_total").increment(u64::from(asked));
            tracing::info!(network.id = %network, asked, "asked");
        }
        Ok(())
    }

    /// Each step by itself: what is wrong with one keeps none of the others.
    async fn network(&self, ctx: &WriteContext, network: &NetworkId) -> Result<(), Failure> {
        let dispatch = &self.rooms.dispatch;
        let lapsed = guarded(async { Ok(dispatch.expire_offers(ctx, network).await?) }).await;
        let asked = guarded(Box::pin(self.ask_in(ctx, network))).await;
        let swept = guarded(async { Ok(dispatch.close_unmet(ctx, network).await?) }).await;
        let lost = guarded(async { Ok(dispatch.give_up_lost(ctx, network).await?) }).await;
        let (unmet, freed) = swept.as_ref().map_or((0, 0), |swept| (swept.unmet, swept.freed));
        let count = |done: &Result<u32, Failure>| done.as_ref().copied().unwrap_or(0);
        for (what, count) in [("offer", count(&lapsed)), ("unmet", unmet), ("freed", freed), ("plan", count(&lost))] {
            if count > 0 {
                metrics::counter!("keikka_sweep_closed_total", "what" => what).increment(u64::from(count));
                tracing::info!(network.id = %network, what, count, "swept");
            }
        }
        lapsed.and(asked).and(swept.map(drop)).and(lost.map(drop))
    }

    fn context(&self) -> WriteContext {
        let principal = Principal {
            id: PrincipalId::new("sweeper").expect("a valid id"),
            role: Role::Ops,
            network: None,
            association: None,
            volunteer: None,
        };
        WriteContext {
            scope: Scope::granted(principal, "close what time has ended"),
            now: self.clock.now(),
            method: METHOD,
            request: None,
            validate_only: false,
            read_version: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::guarded;
    use crate::status::Failure;

    #[tokio::test]
    async fn a_step_that_panics_leaves_the_sweeper_alive() {
        let broken = guarded(async {
            tokio::task::yield_now().await;
            if true {
                panic!("one network is broken")
            }
            Ok(())
        });
        assert!(matches!(broken.await, Err(Failure::Fault(_))));
        assert!(matches!(guarded(async { Ok(7) }).await, Ok(7)));
    }
}
