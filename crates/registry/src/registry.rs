//! The five verbs that all resources share, and the few that one resource has alone.

use domain::volunteer::Standing;
use domain::{
    EventKind, Name, Network, NetworkId, Reason, Refusal, Scope, Violations, Volunteer, VolunteerId, WriteContext,
};
use store::{Database, Document, Filter, Inserted, Page, PageRequest, Tx};

use crate::change;
use crate::{Error, References, Resource};

/// Use cases on people and organisations. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Registry {
    pub(crate) db: Database,
}

impl Registry {
    /// The use cases over a database.
    #[must_use]
    pub fn new(db: Database) -> Self {
        Self { db }
    }

    /// Creates a resource under the id it carries.
    ///
    /// # Errors
    /// A refusal that lists every wrong field, or says that the id ([`Reason::ResourceExists`]) or external id
    /// ([`Reason::ExternalIdExists`]) is taken or the network is missing.
    pub async fn create<R: Resource>(&self, ctx: &WriteContext, mut resource: R) -> Result<R, Error> {
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        ctx.scope.admit(resource.network())?;
        if R::COLLECTION != Network::COLLECTION {
            network_must_exist(&mut tx, resource.network()).await?;
        }
        resource.adopt(&ctx.scope);
        *resource.meta_mut() = domain::Meta::created(ctx.now);
        check(&mut tx, ctx, &resource, None).await?;
        insert(&mut tx, &resource).await?;
        resource.created(&mut tx, ctx).await?;
        change::record(&mut tx, ctx, EventKind::Created, &resource, "").await?;
        tx.finish(ctx, &resource.full_name(), &resource).await?;
        Ok(resource)
    }

    /// A resource by its id.
    ///
    /// # Errors
    /// [`Reason::ResourceNotFound`] if it is not there or not within the caller's reach: the answer is the same.
    pub async fn get<R: Resource>(&self, scope: &Scope, network: &NetworkId, id: &R::Id) -> Result<R, Error> {
        scope.admit(network)?;
        let mut tx = self.db.read().await?;
        reachable(tx.get::<R>(network, id).await?, scope, network, id)
    }

    /// One page of a network's resources within the caller's reach, by id. Networks: [`Registry::networks`].
    ///
    /// # Errors
    /// [`Reason::ResourceNotFound`] if the network is missing or another's.
    pub async fn list<R: Resource>(
        &self,
        scope: &Scope,
        network: &NetworkId,
        filter: &Filter,
        page: &PageRequest,
    ) -> Result<Page<R>, Error> {
        scope.admit(network)?;
        let mut tx = self.db.read().await?;
        network_must_exist(&mut tx, network).await?;
        let mut filter = filter.clone();
        R::narrow(&mut filter, scope);
        let mut found = tx.list::<R>(network, &filter, page).await?;
        found.items.retain(|resource| resource.reachable(scope));
        Ok(found)
    }

    /// One page of the networks within the caller's reach, by id.
    ///
    /// # Errors
    /// [`Error::Store`] if they cannot be read.
    pub async fn networks(&self, scope: &Scope, page: &PageRequest) -> Result<Page<Network>, Error> {
        let mut tx = self.db.read().await?;
        Ok(tx.list_networks(scope.network(), page).await?)
    }

    /// Replaces a resource, if it is still as the caller read it. What verbs of their own change stays as it is.
    ///
    /// # Errors
    /// As [`Registry::modify`].
    pub async fn update<R: Resource>(&self, ctx: &WriteContext, resource: R) -> Result<R, Error> {
        let (network, id) = (resource.network().clone(), resource.id().clone());
        self.modify(ctx, &network, &id, |stored: &mut R| {
            *stored = resource;
            Ok(())
        })
        .await
    }

    /// Changes a resource in place, if it is still as the caller read it: the form that an `update_mask` needs. A change
    /// that changes nothing keeps version and times and leaves no event.
    ///
    /// # Errors
    /// [`Reason::ResourceNotFound`]; [`Reason::EtagMismatch`] naming who changed it last and when; a refusal that lists every wrong
    /// field; [`Reason::ExternalIdExists`]; whatever the change itself refuses.
    pub async fn modify<R: Resource>(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        id: &R::Id,
        change: impl FnOnce(&mut R) -> Result<(), Refusal> + Send,
    ) -> Result<R, Error> {
        let changed = |resource: &mut R, stored: &R| {
            change(resource)?;
            resource.keep(stored);
            Ok(())
        };
        self.rewrite(ctx, network, id, (EventKind::Updated, ""), changed).await
    }

    /// Pauses, suspends or reinstates a volunteer.
    ///
    /// # Errors
    /// As [`Registry::modify`]; a reason is needed unless the volunteer becomes active.
    pub async fn set_standing(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        id: &VolunteerId,
        standing: Standing,
        reason: Option<Name>,
    ) -> Result<Volunteer, Error> {
        if standing != Standing::Active && reason.is_none() {
            return Err(Refusal::field("reason", "must say why, in task words").into());
        }
        let reason = reason.filter(|_| standing != Standing::Active);
        let told = reason.as_ref().map_or("", |reason| reason.as_str()).to_owned();
        self.rewrite(ctx, network, id, (EventKind::StandingChanged, &told), |volunteer: &mut Volunteer, _| {
            volunteer.standing = standing;
            volunteer.standing_reason = reason;
            Ok(())
        })
        .await
    }

    /// Deletes a resource that nobody uses, if it is still as the caller read it.
    ///
    /// # Errors
    /// [`Reason::ResourceNotFound`]; [`Reason::EtagMismatch`]; [`Reason::ResourceInUse`] with the count of its users.
    pub async fn delete<R: Resource>(&self, ctx: &WriteContext, network: &NetworkId, id: &R::Id) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        if let Some(()) = tx.replay(ctx).await? {
            return Ok(());
        }
        ctx.scope.admit(network)?;
        let stored: R = reachable(tx.get_locked::<R>(network, id).await?, &ctx.scope, network, id)?;
        tx.must_be_as_read(ctx, &stored).await?;
        stored.usage(&mut tx).await?.must_be_none(R::TABLE, stored.full_name())?;
        stored.deleted(&mut tx, ctx).await?;
        if !tx.delete::<R>(network, id, Some(stored.meta().version)).await? {
            return Err(tx.stale(ctx, &stored).await?.into());
        }
        change::record(&mut tx, ctx, EventKind::Deleted, &stored, "").await?;
        tx.finish(ctx, &stored.full_name(), &()).await?;
        Ok(())
    }

    async fn rewrite<R: Resource>(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        id: &R::Id,
        (kind, reason): (EventKind, &str),
        change: impl FnOnce(&mut R, &R) -> Result<(), Refusal> + Send,
    ) -> Result<R, Error> {
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        ctx.scope.admit(network)?;
        let stored: R = reachable(tx.get_locked::<R>(network, id).await?, &ctx.scope, network, id)?;
        tx.must_be_as_read(ctx, &stored).await?;
        let mut resource = stored.clone();
        change(&mut resource, &stored)?;
        *resource.meta_mut() = *stored.meta();
        if resource.network() != network || resource.id() != id {
            return Err(Refusal::field(format!("{}.name", R::TABLE), "must not change").into());
        }
        if resource != stored {
            resource.may_change(&stored, &ctx.scope)?;
            check(&mut tx, ctx, &resource, Some(&stored)).await?;
            external_id_must_be_free(&mut tx, &resource).await?;
            *resource.meta_mut() = stored.meta().changed(ctx.now);
            if !tx.update(&resource, stored.meta().version).await? {
                return Err(tx.stale(ctx, &stored).await?.into());
            }
            change::record(&mut tx, ctx, kind, &resource, reason).await?;
        }
        tx.finish(ctx, &resource.full_name(), &resource).await?;
        Ok(resource)
    }
}

/// Refuses with every wrong field.
async fn check<R: Resource>(tx: &mut Tx, ctx: &WriteContext, resource: &R, stored: Option<&R>) -> Result<(), Error> {
    let mut violations = Violations::new();
    if !resource.reachable(&ctx.scope) {
        violations.add(format!("{}.association", R::TABLE), "must be the caller's own association");
    }
    let mut references = References::new(resource.network().clone(), ctx.scope.clone(), ctx.now);
    resource.check(stored, tx, &mut references, &mut violations).await?;
    Ok(violations.into_result(Some(()))?)
}

pub(crate) async fn insert<R: Resource>(tx: &mut Tx, resource: &R) -> Result<(), Error> {
    match tx.insert(resource).await? {
        Inserted::Done => Ok(()),
        Inserted::IdTaken => {
            let detail = format!("a {} of this id exists", R::TABLE);
            Err(Refusal::new(Reason::ResourceExists, detail).with("name", resource.full_name()).into())
        }
        Inserted::ExternalIdTaken => Err(external_id_taken::<R>().into()),
    }
}

async fn external_id_must_be_free<R: Resource>(tx: &mut Tx, resource: &R) -> Result<(), Error> {
    let Some(external_id) = resource.keys().external_id else { return Ok(()) };
    match tx.by_external_id::<R>(resource.network(), external_id).await? {
        Some(other) if other.id() != resource.id() => Err(external_id_taken::<R>().into()),
        _ => Ok(()),
    }
}

fn external_id_taken<R: Resource>() -> Refusal {
    Refusal::new(Reason::ExternalIdExists, format!("a {} of this external id exists", R::TABLE))
        .with("field", format!("{}.external_id", R::TABLE))
}

pub(crate) async fn network_must_exist(tx: &mut Tx, network: &NetworkId) -> Result<(), Error> {
    match tx.get::<Network>(network, network).await? {
        Some(_) => Ok(()),
        None => Err(Refusal::not_found("network", format!("networks/{network}")).into()),
    }
}

fn reachable<R: Resource>(found: Option<R>, scope: &Scope, network: &NetworkId, id: &R::Id) -> Result<R, Error> {
    found.filter(|resource| resource.reachable(scope)).ok_or_else(|| {
        let name = if R::COLLECTION == Network::COLLECTION {
            format!("networks/{id}")
        } else {
            format!("networks/{network}/{}/{id}", R::COLLECTION)
        };
        Refusal::not_found(R::TABLE, name).into()
    })
}
