//! Skills of the catalogue.

use domain::{Gig, Kind, Skill, Violations, Volunteer};
use store::Tx;

use crate::{Error, References, Resource, Usage, fields};

impl Resource for Skill {
    async fn check(
        &self,
        _stored: Option<&Self>,
        _tx: &mut Tx,
        _references: &mut References,
        violations: &mut Violations,
    ) -> Result<(), Error> {
        fields::localized("skill.title", &self.title, violations);
        Ok(())
    }

    async fn usage(&self, tx: &mut Tx) -> Result<Usage, Error> {
        let id = &self.id;
        let usage = Usage::none();
        let usage = usage.with_naming(tx, &self.network, |kind: &Kind| kind.required_skills.contains(id)).await?;
        let holds = |volunteer: &Volunteer| volunteer.skills.iter().any(|held| held.skill == *id);
        let usage = usage.with_naming(tx, &self.network, holds).await?;
        let needs = |gig: &Gig| gig.slots.iter().any(|slot| slot.skills.contains(id));
        usage.with_naming(tx, &self.network, needs).await
    }
}
