//! The one place where a call is admitted or not: method -> access rule -> role -> [`Scope`].

use domain::{Principal, PrincipalId, Reason, Refusal, Role, Scope};
use http::HeaderMap;
use proto::r#type::v1 as wire;

use super::CurrentKeys;

/// Services that anybody may call: they say nothing about people.
const OPEN_SERVICES: &[&str] =
    &["/grpc.health.v1.Health/", "/grpc.reflection.v1.ServerReflection/", "/grpc.reflection.v1alpha.ServerReflection/"];

/// Admits calls.
#[derive(Debug, Clone)]
pub(crate) struct Gatekeeper {
    keys: CurrentKeys,
    insecure: bool,
}

/// An admitted call.
#[derive(Debug, Clone)]
pub(crate) enum Admission {
    /// To a service that is open to all.
    Open,
    /// To a method of ours, for a known caller.
    Granted {
        /// The method's path as a static text, for the audit and as a metric label.
        method: &'static str,
        /// What the caller may reach.
        scope: Scope,
        /// Whether personal data travels.
        personal_data: bool,
    },
}

impl Gatekeeper {
    pub(crate) fn new(keys: CurrentKeys, insecure: bool) -> Self {
        Self { keys, insecure }
    }

    /// Admits a call by its path and headers.
    ///
    /// # Errors
    /// Unknown method, no or unknown key, or a role that the rule does not list: in this order.
    pub(crate) fn admit(&self, path: &str, headers: &HeaderMap) -> Result<Admission, Refusal> {
        if OPEN_SERVICES.iter().any(|service| path.starts_with(service)) {
            return Ok(Admission::Open);
        }
        let found = proto::ACCESS.binary_search_by(|(known, _)| (*known).cmp(path)).ok();
        let Some((method, rule)) = found.map(|at| &proto::ACCESS[at]) else {
            return Err(Refusal::new(Reason::MethodUnknown, "no such method"));
        };
        let principal = match bearer(headers)? {
            Some(token) => self
                .keys
                .get()
                .find(token)
                .cloned()
                .ok_or_else(|| Refusal::new(Reason::CredentialsMissing, "the key is not known"))?,
            None if self.insecure => stand_in(rule),
            None => return Err(Refusal::new(Reason::CredentialsMissing, "a bearer key is needed")),
        };
        if !rule.roles.iter().any(|role| role_of(*role) == Some(principal.role)) {
            return Err(Refusal::new(Reason::PermissionMissing, "the role may not call this method")
                .with("role", principal.role.code()));
        }
        Ok(Admission::Granted {
            method,
            scope: Scope::granted(principal, rule.purpose),
            personal_data: rule.personal_data,
        })
    }
}

/// The bearer token, if there is one.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let Some(value) = headers.get(http::header::AUTHORIZATION) else { return Ok(None) };
    let malformed = || Refusal::new(Reason::CredentialsMissing, "the authorization must be: Bearer kk_...");
    let text = value.to_str().map_err(|_| malformed())?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Err(malformed()),
    }
}

/// Who a caller without a key is on an insecure loopback server: the first role of the rule that knows people, bound to nothing.
fn stand_in(rule: &proto::Access) -> Principal {
    let preferred = [Role::CityCoordinator, Role::CallCentreAgent, Role::Ops, Role::AssociationCoordinator];
    let listed: Vec<Role> = rule.roles.iter().filter_map(|role| role_of(*role)).collect();
    let role = preferred.into_iter().find(|role| listed.contains(role)).or(listed.first().copied());
    Principal {
        id: PrincipalId::new("insecure").expect("a valid id"),
        role: role.unwrap_or(Role::Ops),
        network: None,
        association: None,
        volunteer: None,
    }
}

/// The domain's role for the wire's.
fn role_of(role: wire::Role) -> Option<Role> {
    match role {
        wire::Role::Unspecified => None,
        wire::Role::Volunteer => Some(Role::Volunteer),
        wire::Role::AssociationCoordinator => Some(Role::AssociationCoordinator),
        wire::Role::CallCentreAgent => Some(Role::CallCentreAgent),
        wire::Role::CityCoordinator => Some(Role::CityCoordinator),
        wire::Role::Ops => Some(Role::Ops),
        wire::Role::AssociationSite => Some(Role::AssociationSite),
    }
}

/// The methods that have no rule: the server does not start while there are any.
pub(crate) fn admits_every_method() -> Result<(), Vec<&'static str>> {
    let without: Vec<&'static str> = proto::METHODS
        .iter()
        .copied()
        .filter(|method| proto::access_rule(method).is_none_or(|rule| rule.roles.is_empty()))
        .collect();
    if without.is_empty() { Ok(()) } else { Err(without) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Keyring;

    fn gate(insecure: bool) -> Gatekeeper {
        Gatekeeper::new(CurrentKeys::new(Keyring::default()), insecure)
    }

    #[test]
    fn every_method_has_a_rule() {
        assert_eq!(admits_every_method(), Ok(()));
        assert_eq!(proto::METHODS.len(), proto::ACCESS.len());
    }

    #[test]
    fn without_a_key_every_method_is_closed_and_health_is_open() {
        for method in proto::METHODS {
            let refusal = gate(false).admit(method, &HeaderMap::new()).map(|_| ()).expect_err(method);
            assert_eq!(refusal.reason, Reason::CredentialsMissing, "{method}");
        }
        assert!(matches!(gate(false).admit("/grpc.health.v1.Health/Check", &HeaderMap::new()), Ok(Admission::Open)));
    }

    #[test]
    fn an_unknown_method_is_unknown_even_without_a_key() {
        for path in ["/", "/keikka.dispatch.v1.GigService/Nothing", "/grpc.health.v1.HealthX/Check", ""] {
            let refusal = gate(true).admit(path, &HeaderMap::new()).map(|_| ()).expect_err(path);
            assert_eq!(refusal.reason, Reason::MethodUnknown, "{path}");
        }
    }

    #[test]
    fn insecure_admits_callers_without_a_key_but_not_with_a_wrong_one() {
        let method = proto::METHODS[0];
        assert!(gate(true).admit(method, &HeaderMap::new()).is_ok());
        let mut headers = HeaderMap::new();
        headers.insert("authorization", "Bearer kk_x_y".parse().expect("value"));
        assert!(gate(true).admit(method, &headers).is_err());
    }
}
