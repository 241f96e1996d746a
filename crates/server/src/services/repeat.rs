//! The etag of a request whose use case does not compare versions itself: compared before it, unless the write is a repeat, which gets
//! its first answer whatever has happened since. What a use case guards by its own rules (a slot is taken once) needs no more.

use domain::{Reason, Refusal, WriteContext};
use store::Document;

use super::Rooms;
use crate::convert::Named;
use crate::convert::request::version;
use crate::status::Failure;

/// Refuses a stale etag.
///
/// # Errors
/// [`Reason::EtagMismatch`] with the etag that is current.
pub(crate) async fn unchanged<D: Document>(
    rooms: &Rooms,
    ctx: &WriteContext,
    named: &Named<D::Id>,
    etag: &str,
) -> Result<(), Failure> {
    let Some(read) = version(etag) else { return Ok(()) };
    ctx.scope.admit(&named.network)?;
    let mut tx = rooms.db.read().await?;
    // What is missing or another's is the use case's to say.
    let Some(stored) = tx.get::<D>(&named.network, &named.id).await? else { return Ok(()) };
    let association = stored.keys().association.and_then(|id| id.parse().ok());
    if stored.meta().version == read || !ctx.scope.reaches(association.as_ref()) {
        return Ok(());
    }
    let done = tx.replay::<serde_json::Value>(ctx).await.map_err(|error| match error {
        store::ReplayError::Refused(refusal) => Failure::Refused(refusal),
        store::ReplayError::Store(error) => Failure::Store(error),
    })?;
    if done.is_some() {
        return Ok(());
    }
    let detail = format!("the {} was changed meanwhile; read it again and repeat", D::TABLE);
    Err(Refusal::new(Reason::EtagMismatch, detail)
        .with("name", stored.full_name())
        .with("etag", stored.meta().etag())
        .into())
}
