//! What a resource refers to, looked up once per use case however many rows refer to it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Association, AssociationId, Kind, KindId, NetworkId, Scope, Seeker, SeekerId, Skill, SkillId, Timestamp,
    Violations, Volunteer, VolunteerId,
};
use store::{Document, Filter, Tx};

use crate::{Error, Resource};

/// The references of one use case. The catalogue and the associations of a network are few: they are read whole, once.
#[derive(Debug)]
pub struct References {
    network: NetworkId,
    scope: Scope,
    now: Timestamp,
    kinds: Option<BTreeMap<KindId, Kind>>,
    skills: Option<BTreeMap<SkillId, Skill>>,
    associations: Option<BTreeMap<AssociationId, Association>>,
    volunteers: BTreeMap<VolunteerId, bool>,
    seekers: BTreeMap<SeekerId, bool>,
}

impl References {
    /// The references of a use case in a network.
    #[must_use]
    pub fn new(network: NetworkId, scope: Scope, now: Timestamp) -> Self {
        Self {
            network,
            scope,
            now,
            kinds: None,
            skills: None,
            associations: None,
            volunteers: BTreeMap::new(),
            seekers: BTreeMap::new(),
        }
    }

    /// The time of the use case.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The kinds of the network.
    ///
    /// # Errors
    /// [`Error::Store`] if they cannot be read.
    pub async fn kinds(&mut self, tx: &mut Tx) -> Result<&BTreeMap<KindId, Kind>, Error> {
        if self.kinds.is_none() {
            self.kinds = Some(by_id(tx, &self.network).await?);
        }
        Ok(self.kinds.as_ref().expect("was read above"))
    }

    /// The skills of the network.
    ///
    /// # Errors
    /// [`Error::Store`] if they cannot be read.
    pub async fn skills(&mut self, tx: &mut Tx) -> Result<&BTreeMap<SkillId, Skill>, Error> {
        if self.skills.is_none() {
            self.skills = Some(by_id(tx, &self.network).await?);
        }
        Ok(self.skills.as_ref().expect("was read above"))
    }

    /// The associations of the network that the caller reaches.
    ///
    /// # Errors
    /// [`Error::Store`] if they cannot be read.
    pub async fn associations(&mut self, tx: &mut Tx) -> Result<&BTreeMap<AssociationId, Association>, Error> {
        if self.associations.is_none() {
            let mut all: BTreeMap<AssociationId, Association> = by_id(tx, &self.network).await?;
            all.retain(|_, association| association.reachable(&self.scope));
            self.associations = Some(all);
        }
        Ok(self.associations.as_ref().expect("was read above"))
    }

    /// Notes an association that does not exist or is not the caller's.
    pub(crate) async fn check_association(
        &mut self,
        tx: &mut Tx,
        field: &str,
        association: Option<&AssociationId>,
        violations: &mut Violations,
    ) -> Result<(), Error> {
        let Some(id) = association else { return Ok(()) };
        if !self.associations(tx).await?.contains_key(id) {
            violations.add(field, format!("association \"{id}\" does not exist"));
        }
        Ok(())
    }

    /// Notes every volunteer that does not exist or is out of the caller's reach.
    pub(crate) async fn check_volunteers(
        &mut self,
        tx: &mut Tx,
        field: &str,
        ids: &BTreeSet<VolunteerId>,
        violations: &mut Violations,
    ) -> Result<(), Error> {
        for id in ids {
            let Self { volunteers, network, scope, .. } = self;
            if !exists::<Volunteer>(volunteers, tx, network, scope, id).await? {
                violations.add(field, format!("volunteer \"{id}\" does not exist"));
            }
        }
        Ok(())
    }

    /// Notes every seeker that does not exist or is out of the caller's reach.
    pub(crate) async fn check_seekers(
        &mut self,
        tx: &mut Tx,
        field: &str,
        ids: &BTreeSet<SeekerId>,
        violations: &mut Violations,
    ) -> Result<(), Error> {
        for id in ids {
            let Self { seekers, network, scope, .. } = self;
            if !exists::<Seeker>(seekers, tx, network, scope, id).await? {
                violations.add(field, format!("seeker \"{id}\" does not exist"));
            }
        }
        Ok(())
    }
}

async fn by_id<D: Document>(tx: &mut Tx, network: &NetworkId) -> Result<BTreeMap<D::Id, D>, Error> {
    let all = tx.all::<D>(network, &Filter::any()).await?;
    Ok(all.into_iter().map(|document| (document.id().clone(), document)).collect())
}

async fn exists<R: Resource>(
    seen: &mut BTreeMap<R::Id, bool>,
    tx: &mut Tx,
    network: &NetworkId,
    scope: &Scope,
    id: &R::Id,
) -> Result<bool, Error> {
    if let Some(known) = seen.get(id) {
        return Ok(*known);
    }
    let found = tx.get::<R>(network, id).await?.is_some_and(|resource| resource.reachable(scope));
    seen.insert(id.clone(), found);
    Ok(found)
}
