//! Who may call which RPC: the table made from the method options of `/proto`. Leaves enforcement to the server.

use crate::r#type::v1::{Reach, Role};

/// The access rule of one RPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// Roles that may call.
    pub roles: &'static [Role],
    /// The widest reach of the call; each role is narrowed further to what it is bound to.
    pub reach: Reach,
    /// Why the data is used, for the audit: "answer a caller".
    pub purpose: &'static str,
    /// Whether personal data travels in the request or the answer.
    pub personal_data: bool,
}

include!(concat!(env!("OUT_DIR"), "/access_table.rs"));

/// The rule of a method, by its path: `/keikka.dispatch.v1.GigService/GetGig`. None for a method that is not ours.
#[must_use]
pub fn access_rule(path: &str) -> Option<&'static Access> {
    ACCESS.binary_search_by(|(known, _)| (*known).cmp(path)).ok().map(|at| &ACCESS[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost_reflect::DescriptorPool;

    #[test]
    fn every_rpc_has_a_rule() {
        let pool = DescriptorPool::decode(crate::FILE_DESCRIPTOR_SET).expect("the descriptor set is complete");
        let mut paths: Vec<String> = pool
            .services()
            .flat_map(|service| {
                let name = service.full_name().to_owned();
                service.methods().map(|method| format!("/{name}/{}", method.name())).collect::<Vec<_>>()
            })
            .collect();
        paths.sort();
        assert_eq!(METHODS, paths);
        assert_eq!(ACCESS.iter().map(|(path, _)| *path).collect::<Vec<_>>(), METHODS);
        assert!(METHODS.iter().all(|path| access_rule(path).is_some()));
    }

    #[test]
    fn a_strange_method_has_none() {
        assert_eq!(access_rule("/keikka.dispatch.v1.GigService/DropEverything"), None);
        assert_eq!(access_rule(""), None);
    }

    #[test]
    fn operations_get_plans_and_no_personal_data() {
        let ops = |path: &str| access_rule(path).is_some_and(|rule| rule.roles.contains(&Role::Ops));
        assert!(ops("/keikka.dispatch.v1.MatchingService/CreatePlan"));
        assert!(ACCESS.iter().all(|(_, rule)| !rule.personal_data || !rule.roles.contains(&Role::Ops)));
    }

    #[test]
    fn the_call_centre_does_not_browse_volunteers() {
        for method in ["GetVolunteer", "ListVolunteers"] {
            let rule = access_rule(&format!("/keikka.registry.v1.VolunteerService/{method}")).expect("a rule");
            assert!(!rule.roles.contains(&Role::CallCentreAgent), "{method}");
        }
    }

    #[test]
    fn a_website_only_reads_what_is_public() {
        for (path, rule) in ACCESS.iter().filter(|(_, rule)| rule.roles.contains(&Role::AssociationSite)) {
            let verb = path.rsplit('/').next().unwrap_or_default();
            assert!(!rule.personal_data && (verb.starts_with("Get") || verb.starts_with("List")), "{path}");
        }
    }
}
