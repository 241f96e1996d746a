//! Gigs, assignments and their history, read within the caller's reach.

use domain::{
    Assignment, AssignmentId, Event, Gig, GigId, GigState, NetworkId, Role, Scope, TimeWindow, Timestamp, VolunteerId,
};
use store::{AssignmentFilter, Document, Filter, Page, PageRequest, Tx};

use crate::roster::gather::holders;
use crate::{Dispatch, Error, load};

/// Which gigs are wanted: every condition that is set must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GigFilter {
    /// Those of one association.
    pub association: Option<domain::AssociationId>,
    /// Those in one of these states; empty means any.
    pub states: Vec<GigState>,
    /// Those of one kind.
    pub kind: Option<domain::KindId>,
    /// Those for one seeker.
    pub seeker: Option<domain::SeekerId>,
    /// Those whose windows touch this period.
    pub from: Option<Timestamp>,
    /// The end of that period.
    pub to: Option<Timestamp>,
}

impl Dispatch {
    /// One gig. A volunteer sees those they have a slot in.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn get_gig(&self, scope: &Scope, network: &NetworkId, id: &GigId) -> Result<Gig, Error> {
        scope.admit(network)?;
        let mut tx = self.db.read().await?;
        visible(&mut tx, scope, network, id).await
    }

    /// One page of gigs, by id; for a caller bound to an association, of that one.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND` for a foreign network, or the store's.
    pub async fn list_gigs(
        &self,
        scope: &Scope,
        network: &NetworkId,
        filter: &GigFilter,
        page: &PageRequest,
    ) -> Result<Page<Gig>, Error> {
        scope.admit(network)?;
        let association = scope.association().cloned().or_else(|| filter.association.clone());
        if scope.role() == Role::Volunteer || (filter.association.is_some() && association != filter.association) {
            return Ok(Page { items: Vec::new(), next: None });
        }
        let wanted = Filter {
            association,
            states: filter.states.iter().map(|state| state.code().to_owned()).collect(),
            kind: filter.kind.clone(),
            seeker: filter.seeker.clone(),
            from: filter.from,
            to: filter.to,
        };
        let mut tx = self.db.read().await?;
        Ok(tx.list::<Gig>(network, &wanted, page).await?)
    }

    /// What happened to a gig, oldest first.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn gig_events(
        &self,
        scope: &Scope,
        network: &NetworkId,
        id: &GigId,
        page: &PageRequest,
    ) -> Result<Page<Event>, Error> {
        scope.admit(network)?;
        let mut tx = self.db.read().await?;
        let gig = visible(&mut tx, scope, network, id).await?;
        Ok(tx.events_of(network, Some(&gig.name()), page).await?)
    }

    /// One assignment.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn get_assignment(
        &self,
        scope: &Scope,
        network: &NetworkId,
        id: &AssignmentId,
    ) -> Result<Assignment, Error> {
        scope.admit(network)?;
        let mut tx = self.db.read().await?;
        let found = load::assignment(&mut tx, scope, network, id).await?;
        let gig = tx.get::<Gig>(network, &found.gig).await?;
        if gig.is_some_and(|gig| load::reaches_gig(scope, &gig)) {
            Ok(found)
        } else {
            Err(load::no_assignment(network, id).into())
        }
    }

    /// One page of assignments, by id. A volunteer sees their own; a caller bound to an association those of its gigs, so that
    /// a page may hold fewer rows than asked for.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND` for a foreign network, or the store's.
    pub async fn list_assignments(
        &self,
        scope: &Scope,
        network: &NetworkId,
        filter: &AssignmentFilter,
        page: &PageRequest,
    ) -> Result<Page<Assignment>, Error> {
        scope.admit(network)?;
        let mut filter = filter.clone();
        if scope.role() == Role::Volunteer {
            let own: Option<&VolunteerId> = scope.volunteer();
            if own.is_none() || filter.volunteer.as_ref().is_some_and(|asked| Some(asked) != own) {
                return Ok(Page { items: Vec::new(), next: None });
            }
            filter.volunteer = own.cloned();
        }
        let mut tx = self.db.read().await?;
        let mut found = tx.list_assignments(network, &filter, page).await?;
        if scope.association().is_some() && scope.role() != Role::Volunteer {
            let mut kept = Vec::with_capacity(found.items.len());
            for assignment in found.items {
                let gig = tx.get::<Gig>(network, &assignment.gig).await?;
                if gig.is_some_and(|gig| load::reaches_gig(scope, &gig)) {
                    kept.push(assignment);
                }
            }
            found.items = kept;
        }
        Ok(found)
    }
}

/// A gig that the caller may see whole.
async fn visible(tx: &mut Tx, scope: &Scope, network: &NetworkId, id: &GigId) -> Result<Gig, Error> {
    let gig = load::gig(tx, scope, network, id).await?;
    if scope.role() == Role::Volunteer {
        let held = holders(tx, network, id).await?;
        if !held.iter().any(|assignment| scope.volunteer() == Some(&assignment.volunteer)) {
            return Err(load::no_gig(network, id).into());
        }
    }
    Ok(gig)
}

/// A period from optional ends, for callers that speak in windows.
impl From<TimeWindow> for GigFilter {
    fn from(period: TimeWindow) -> Self {
        Self { from: Some(period.start()), to: Some(period.end()), ..Self::default() }
    }
}
