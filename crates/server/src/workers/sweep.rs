//! The sweep: offers that lapsed, volunteers to ask next, gigs whose last window closed, solves that nobody runs any more, repeat keys and change notes that
//! are old. Each step is safe to repeat and to stop anywhere.

use std::sync::Arc;
use std::time::Duration;

use domain::{NetworkId, Principal, PrincipalId, Role, Scope, WriteContext};
use jiff::SignedDuration;
use store::{PAGE_SIZE_MAX, PageRequest};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::services::Rooms;
use crate::status::{Failure, chain};

/// The method under which a sweep's writes stand in the audit.
const METHOD: &str = "sweep";

/// How long links and codes that have run out are remembered: who comes late hears that it is over, and not that it never was.
const LINKS_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

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
        let mut ticks = tokio::time::interval(sweeper.every.max(Duration::from_millis(50)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                () = sweeper.stop.cancelled() => return,
                _ = ticks.tick() => {}
            }
            let swept = sweeper.once().await;
            metrics::gauge!("keikka_storage_up").set(if swept.is_ok() { 1.0 } else { 0.0 });
            if let Err(failure) = swept {
                tracing::warn!(cause = chain(&failure), "a sweep ended early");
            }
        }
    })
}

impl Sweeper {
    /// One sweep over every network.
    pub(crate) async fn once(&self) -> Result<(), Failure> {
        let ctx = self.context();
        let mut failed = None;
        let mut page = PageRequest::first(PAGE_SIZE_MAX);
        loop {
            let found = self.rooms.registry.networks(&ctx.scope, &page).await?;
            for network in &found.items {
                if self.stop.is_cancelled() {
                    return Ok(());
                }
                // What is wrong in one network must not stop the others.
                if let Err(failure) = self.network(&ctx, &network.id).await {
                    tracing::warn!(network.id = %network.id, cause = chain(&failure), "a network was not swept to its end");
                    failed = Some(failure);
                }
            }
            page.after = found.next;
            if page.after.is_none() {
                break;
            }
        }
        let mut tx = self.rooms.db.write().await?;
        tx.purge_results(ctx.now).await?;
        tx.prune_changes().await?;
        tx.purge_reply_tokens(ctx.now.checked_sub(LINKS_KEPT).unwrap_or(ctx.now)).await?;
        tx.purge_jobs().await?;
        tx.commit().await?;
        failed.map_or(Ok(()), Err)
    }

    async fn network(&self, ctx: &WriteContext, network: &NetworkId) -> Result<(), Failure> {
        let dispatch = &self.rooms.dispatch;
        let lapsed = dispatch.expire_offers(ctx, network).await?;
        let asked = dispatch.ask_due(ctx, network).await?;
        if asked > 0 {
            metrics::counter!("keikka_offers_made_total").increment(u64::from(asked));
            tracing::info!(network.id = %network, asked, "asked");
        }
        let swept = dispatch.close_unmet(ctx, network).await?;
        let lost = dispatch.give_up_lost(ctx, network).await?;
        for (what, count) in [("offer", lapsed), ("unmet", swept.unmet), ("freed", swept.freed), ("plan", lost)] {
            if count > 0 {
                metrics::counter!("keikka_sweep_closed_total", "what" => what).increment(u64::from(count));
                tracing::info!(network.id = %network, what, count, "swept");
            }
        }
        Ok(())
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
