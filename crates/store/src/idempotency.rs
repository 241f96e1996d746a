//! Writes that are safe to repeat: the first result is kept under (principal, method, request id), in the same transaction as the write.

use domain::{Reason, Refusal, RequestKey, Timestamp, WriteContext};
use jiff::SignedDuration;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Cause, Error, ReplayError, Result};
use crate::tx::{Tx, key_text, values};

/// How long a first result is kept, in hours. A repetition after that is a new write.
pub const REPLAY_HOURS: i64 = 72;

const TABLE: &str = "idempotency";
const FIND: &str = "select body_hash, result from idempotency \
    where principal = $1 and method = $2 and request_id = $3 and time > $4";
const KEEP: &str = "insert into idempotency (principal, method, request_id, body_hash, result, time) \
    values ($1, $2, $3, $4, $5, $6) \
    on conflict (principal, method, request_id) do update \
    set body_hash = excluded.body_hash, result = excluded.result, time = excluded.time \
    where idempotency.time <= $7";
const PURGE: &str = "delete from idempotency where time <= $1";

/// Results kept at or before this instant are forgotten.
fn cutoff(now: Timestamp) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(REPLAY_HOURS)).unwrap_or(Timestamp::MIN)
}

impl Tx {
    /// The result of the same write made before: same principal, method, request id and body. None if this is the first time, or
    /// if the caller gave no request id. A concurrent write with the same key is waited for. Call it first in a write.
    ///
    /// # Errors
    /// A [`Reason::RequestIdReused`] refusal if the body was another; [`Error::Corrupt`] if the result cannot be read; else any
    /// [`Error`] of the store.
    pub async fn replay<T: DeserializeOwned>(&mut self, ctx: &WriteContext) -> Result<Option<T>, ReplayError> {
        let Some(request) = &ctx.request else { return Ok(None) };
        key_text(TABLE, "request_id", &request.id)?;
        let principal = ctx.scope.principal().as_str();
        self.lock_name(&format!("{principal}\n{}\n{}", ctx.method, request.id)).await?;
        let key = values![principal, ctx.method, &request.id, cutoff(ctx.now)];
        let Some((hash, result)) = self.row::<(Vec<u8>, String)>(FIND, key).await? else { return Ok(None) };
        if hash != request.body_hash {
            return Err(reused(request).into());
        }
        let corrupt = |_| Error::Corrupt { table: TABLE, column: "result", id: request.id.clone() };
        Ok(Some(serde_json::from_str(&result).map_err(corrupt)?))
    }

    /// Ends a write: the audit row and, if the caller gave a request id, its result are stored with everything else in one commit.
    /// A write that is only to be validated is rolled back instead and leaves nothing. `resource` is the full name of what was
    /// written: `networks/kouvola/gigs/g1`.
    ///
    /// # Errors
    /// [`Error::Conflict`] if the same request id was used at the same time without [`Tx::replay`], else any [`Error`] of the store;
    /// nothing is stored then.
    pub async fn finish<T: Serialize>(mut self, ctx: &WriteContext, resource: &str, result: &T) -> Result<()> {
        if ctx.validate_only {
            return self.rollback().await;
        }
        self.audit(ctx, resource).await?;
        if let Some(request) = &ctx.request {
            self.keep(ctx, request, result).await?;
        }
        self.commit().await
    }

    async fn keep<T: Serialize>(&mut self, ctx: &WriteContext, request: &RequestKey, result: &T) -> Result<()> {
        key_text(TABLE, "request_id", &request.id)?;
        let result = serde_json::to_string(result).map_err(|error| Error::Driver(Cause::new(error)))?;
        let row = values![
            ctx.scope.principal().as_str(),
            ctx.method,
            &request.id,
            request.body_hash.as_slice(),
            &result,
            ctx.now,
            cutoff(ctx.now),
        ];
        if self.execute(KEEP, row).await? == 1 {
            Ok(())
        } else {
            Err(Error::Conflict(Cause::new("the request id was used at the same time")))
        }
    }

    /// Forgets results older than [`REPLAY_HOURS`]; answers how many. They hold what the first caller was answered, people's data
    /// included, so this is run at least daily.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn purge_results(&mut self, now: Timestamp) -> Result<u64> {
        self.execute(PURGE, values![cutoff(now)]).await
    }
}

fn reused(request: &RequestKey) -> Refusal {
    Refusal::new(Reason::RequestIdReused, "the request id was used before with another body")
        .with("request_id", &request.id)
}
