//! Who calls, in which role, for whom: the scope that every use case demands.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{AssociationId, NetworkId, PrincipalId, VolunteerId};
use crate::refusal::Refusal;

/// What a principal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A volunteer, for themselves.
    Volunteer,
    /// A coordinator of one association.
    AssociationCoordinator,
    /// An agent of the city's call centre.
    CallCentreAgent,
    /// A coordinator of the city's network.
    CityCoordinator,
    /// Operations: jobs and health, no personal data.
    Ops,
    /// An association's website.
    AssociationSite,
}

impl Role {
    /// The role as written in key files and logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Volunteer => "volunteer",
            Self::AssociationCoordinator => "association_coordinator",
            Self::CallCentreAgent => "call_centre_agent",
            Self::CityCoordinator => "city_coordinator",
            Self::Ops => "ops",
            Self::AssociationSite => "association_site",
        }
    }

    /// Whether the role may see who volunteers are.
    #[must_use]
    pub fn sees_volunteers(self) -> bool {
        matches!(self, Self::AssociationCoordinator | Self::CallCentreAgent | Self::CityCoordinator)
    }

    /// Whether the role weighs one gig against the whole week, and so may see that somebody is needed elsewhere, and how much. An
    /// association would read of it what others ask for, and what its own people's hours are worth to them.
    #[must_use]
    pub fn weighs_the_week(self) -> bool {
        matches!(self, Self::CallCentreAgent | Self::CityCoordinator)
    }
}

/// A known caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Who it is: the id of the key, never a name.
    pub id: PrincipalId,
    /// In which role.
    pub role: Role,
    /// The one network it belongs to; none means every network (the operator's own key).
    pub network: Option<NetworkId>,
    /// The one association it belongs to, if any.
    pub association: Option<AssociationId>,
    /// The volunteer it is, for [`Role::Volunteer`].
    pub volunteer: Option<VolunteerId>,
}

/// What a caller may reach in one call. Made by the authorisation layer from a principal and the rule of the RPC, and by nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    principal: Principal,
    purpose: &'static str,
}

impl Scope {
    /// A scope for a principal whose role the RPC's rule admits, for the purpose that the rule names.
    #[must_use]
    pub fn granted(principal: Principal, purpose: &'static str) -> Self {
        Self { principal, purpose }
    }

    /// Who calls.
    #[must_use]
    pub fn principal(&self) -> &PrincipalId {
        &self.principal.id
    }

    /// In which role.
    #[must_use]
    pub fn role(&self) -> Role {
        self.principal.role
    }

    /// For what: the purpose in the RPC's rule, kept in the audit.
    #[must_use]
    pub fn purpose(&self) -> &'static str {
        self.purpose
    }

    /// The association the caller is bound to, if any.
    #[must_use]
    pub fn association(&self) -> Option<&AssociationId> {
        self.principal.association.as_ref()
    }

    /// The volunteer the caller is, if any.
    #[must_use]
    pub fn volunteer(&self) -> Option<&VolunteerId> {
        self.principal.volunteer.as_ref()
    }

    /// The network the caller is bound to; none means every network.
    #[must_use]
    pub fn network(&self) -> Option<&NetworkId> {
        self.principal.network.as_ref()
    }

    /// Admits the caller to a network.
    ///
    /// # Errors
    /// The same "not found" as for a network that does not exist, if it is another's.
    pub fn admit(&self, network: &NetworkId) -> Result<(), Refusal> {
        match &self.principal.network {
            Some(own) if own != network => Err(Refusal::not_found("network", format!("networks/{network}"))),
            _ => Ok(()),
        }
    }

    /// The same caller, bound to an association: it never reaches more than before.
    #[must_use]
    pub fn within(&self, association: Option<&AssociationId>) -> Self {
        let mut scope = self.clone();
        if scope.principal.association.is_none() {
            scope.principal.association = association.cloned();
        }
        scope
    }

    /// Whether a resource of an association is within the caller's reach: a caller bound to an association reaches its own only.
    #[must_use]
    pub fn reaches(&self, association: Option<&AssociationId>) -> bool {
        self.principal.association.is_none() || self.principal.association.as_ref() == association
    }
}

/// The key under which a repeated write returns its first result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// The caller's `request_id`.
    pub id: String,
    /// SHA-256 of the canonical request body.
    pub body_hash: [u8; 32],
}

/// What every write carries: the scope, the time, and how to repeat it safely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteContext {
    /// What the caller may reach.
    pub scope: Scope,
    /// The time of the call.
    pub now: Timestamp,
    /// The method, `/keikka.dispatch.v1.GigService/CancelGig`: part of the repeat key and of the audit.
    pub method: &'static str,
    /// The caller's `request_id`, if given.
    pub request: Option<RequestKey>,
    /// Check everything, store nothing.
    pub validate_only: bool,
    /// The version of the named resource that the caller had read, if they said so: the write is refused if it is another's now.
    pub read_version: Option<i64>,
}

impl WriteContext {
    /// The same write, only if the named resource still is of this version.
    #[must_use]
    pub fn if_version(self, version: Option<i64>) -> Self {
        Self { read_version: version, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(network: Option<&str>, association: Option<&str>) -> Scope {
        Scope::granted(
            Principal {
                id: PrincipalId::new("p").expect("id"),
                role: Role::AssociationCoordinator,
                network: network.map(|n| NetworkId::new(n).expect("id")),
                association: association.map(|a| AssociationId::new(a).expect("id")),
                volunteer: None,
            },
            "test",
        )
    }

    #[test]
    fn a_foreign_network_looks_missing() {
        let foreign = scope(Some("kouvola"), None).admit(&NetworkId::new("espoo").expect("id"));
        assert_eq!(foreign, Err(Refusal::not_found("network", "networks/espoo")));
    }

    #[test]
    fn a_bound_scope_is_never_widened() {
        let (a, b) = (AssociationId::new("a").expect("id"), AssociationId::new("b").expect("id"));
        let bound = scope(None, None).within(Some(&a));
        assert!(bound.reaches(Some(&a)) && !bound.reaches(Some(&b)) && !bound.reaches(None));
        assert_eq!(bound.within(Some(&b)), bound);
        assert_eq!(bound.within(None), bound);
    }

    #[test]
    fn a_coordinator_reaches_the_own_association_only() {
        let own = AssociationId::new("a").expect("id");
        assert!(scope(None, Some("a")).reaches(Some(&own)) && scope(None, None).reaches(None));
        assert!(!scope(None, Some("b")).reaches(Some(&own)) && !scope(None, Some("b")).reaches(None));
    }
}
