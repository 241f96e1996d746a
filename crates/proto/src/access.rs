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
