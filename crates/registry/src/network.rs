//! Networks: a new one begins with a catalogue; it goes only when nobody is left in it.

use domain::{Association, Gig, Kind, Network, Plan, Seeker, Skill, Violations, Volunteer, WriteContext};
use store::{Document, Filter, Tx};

use crate::registry::insert;
use crate::{Error, References, Resource, Usage, catalogue};

impl Resource for Network {
    async fn check(
        &self,
        _stored: Option<&Self>,
        _tx: &mut Tx,
        _references: &mut References,
        _violations: &mut Violations,
    ) -> Result<(), Error> {
        Ok(())
    }

    async fn usage(&self, tx: &mut Tx) -> Result<Usage, Error> {
        let any = Filter::any();
        let usage = Usage::none().with_filtered::<Association>(tx, &self.id, &any).await?;
        let usage = usage.with_filtered::<Volunteer>(tx, &self.id, &any).await?;
        let usage = usage.with_filtered::<Seeker>(tx, &self.id, &any).await?;
        let usage = usage.with_filtered::<Gig>(tx, &self.id, &any).await?;
        usage.with_filtered::<Plan>(tx, &self.id, &any).await
    }

    /// The default catalogue, skills first: kinds need them.
    async fn created(&self, tx: &mut Tx, ctx: &WriteContext) -> Result<(), Error> {
        for skill in catalogue::skills(&self.id, ctx.now) {
            insert(tx, &skill).await?;
        }
        for kind in catalogue::kinds(&self.id, ctx.now) {
            insert(tx, &kind).await?;
        }
        Ok(())
    }

    /// The catalogue goes with its network.
    async fn deleted(&self, tx: &mut Tx, _ctx: &WriteContext) -> Result<(), Error> {
        delete_all::<Kind>(tx, self).await?;
        delete_all::<Skill>(tx, self).await
    }
}

async fn delete_all<D: Document>(tx: &mut Tx, network: &Network) -> Result<(), Error> {
    for document in tx.all::<D>(&network.id, &Filter::any()).await? {
        tx.delete::<D>(&network.id, document.id(), None).await?;
    }
    Ok(())
}
