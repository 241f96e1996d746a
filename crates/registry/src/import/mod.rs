//! Lists of volunteers and seekers as coordinators have them, from a sheet into the registry: all rows or none.
//!
//! The key of a row is its external id; without one, name and phone. Fields without a column stay as they are stored, an empty cell
//! clears. Languages that are not told are Finnish. Standing is never imported: it has a verb of its own.

mod people;
pub(crate) mod seekers;
pub(crate) mod volunteers;

use domain::sheet::Sheet;
use domain::{NetworkId, WriteContext};
use store::import::{ImportOutcome, Importer, run};
use store::{Document, Filter, Tx};

use crate::registry::network_must_exist;
use crate::{Error, Registry, Resource};
use people::People;

impl Registry {
    /// Imports volunteers. `progress` hears rows done and rows in all.
    ///
    /// # Errors
    /// [`Error`] if the network is not there or the store fails. Problems of the sheet are in the outcome; nothing is stored then.
    pub async fn import_volunteers(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        sheet: &Sheet,
        progress: impl FnMut(usize, usize) + Send,
    ) -> Result<ImportOutcome, Error> {
        self.import(ctx, network, sheet, volunteers::Rows::new, progress).await
    }

    /// Imports seekers. `progress` hears rows done and rows in all.
    ///
    /// # Errors
    /// As [`Registry::import_volunteers`].
    pub async fn import_seekers(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        sheet: &Sheet,
        progress: impl FnMut(usize, usize) + Send,
    ) -> Result<ImportOutcome, Error> {
        self.import(ctx, network, sheet, seekers::Rows::new, progress).await
    }

    async fn import<I>(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        sheet: &Sheet,
        rows: impl AsyncFnOnce(People, &mut Tx, &Sheet) -> Result<I, Error> + Send,
        progress: impl FnMut(usize, usize) + Send,
    ) -> Result<ImportOutcome, Error>
    where
        I: Importer<Error = Error>,
        I::Doc: Resource,
    {
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        ctx.scope.admit(network)?;
        network_must_exist(&mut tx, network).await?;
        let people = People::read(&mut tx, ctx, network).await?;
        let mut rows = rows(people, &mut tx, sheet).await?;
        let mut within = Filter::any();
        <I::Doc as Resource>::narrow(&mut within, &ctx.scope);
        let outcome = run(&mut tx, ctx, network, &within, sheet, &mut rows, progress).await?;
        if outcome.is_refused() {
            tx.rollback().await?;
        } else {
            tx.finish(ctx, &format!("networks/{network}/{}", <I::Doc as Document>::COLLECTION), &outcome).await?;
        }
        Ok(outcome)
    }
}
