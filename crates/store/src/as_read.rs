//! The write that goes through only if its caller had read what still is: one comparison for every resource, in the transaction
//! that holds the row's lock.

use domain::{Reason, Refusal, WriteContext};

use crate::{Document, ReplayError, Result, Tx};

impl Tx {
    /// Refuses a write to what is no longer of the version that the caller had read ([`WriteContext::read_version`]). The row must
    /// be locked, so that it stays so.
    ///
    /// # Errors
    /// [`Reason::EtagMismatch`] with the etag that is current, who changed it last and when; or the database's.
    pub async fn must_be_as_read<D: Document>(
        &mut self,
        ctx: &WriteContext,
        stored: &D,
    ) -> std::result::Result<(), ReplayError> {
        match ctx.read_version {
            Some(version) if version != stored.meta().version => Err(self.stale(ctx, stored).await?.into()),
            _ => Ok(()),
        }
    }

    /// The refusal of a change that came too late. Who was faster is told to those who may see people.
    ///
    /// # Errors
    /// The database's.
    pub async fn stale<D: Document>(&mut self, ctx: &WriteContext, stored: &D) -> Result<Refusal> {
        let last = self.last_event_of(stored.network(), &stored.name()).await?;
        let by = last
            .filter(|_| ctx.scope.role().sees_volunteers())
            .map_or_else(|| "somebody".to_owned(), |event| event.actor.to_string());
        let time = stored.meta().update_time;
        let detail = format!("the {} was changed by {by} at {time}; read it again and repeat", D::TABLE);
        Ok(Refusal::new(Reason::EtagMismatch, detail)
            .with("name", stored.full_name())
            .with("etag", stored.meta().etag())
            .with("changed_by", by)
            .with("change_time", time))
    }
}
