//! Between the wire and the domain: requests become values of the domain, with every wrong field collected; values become answers
//! and never fail. One file per resource; the shared parts are named after what they convert.

pub(crate) mod access;
pub(crate) mod association;
pub(crate) mod availability;
pub(crate) mod board;
pub(crate) mod check;
pub(crate) mod choice;
pub(crate) mod event;
pub(crate) mod explanation;
pub(crate) mod filter;
pub(crate) mod gig;
pub(crate) mod intake;
pub(crate) mod kind;
pub(crate) mod language;
pub(crate) mod mask;
pub(crate) mod name;
pub(crate) mod network;
pub(crate) mod notification;
pub(crate) mod noun;
pub(crate) mod offer;
pub(crate) mod page;
pub(crate) mod person;
pub(crate) mod place;
pub(crate) mod plan;
pub(crate) mod request;
pub(crate) mod seeker;
pub(crate) mod skill;
pub(crate) mod template;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod volunteer;
pub(crate) mod window;

use std::sync::OnceLock;

use prost_reflect::DescriptorPool;

pub(crate) use access::View;
pub(crate) use check::Check;
pub(crate) use choice::Choice;
pub(crate) use name::Named;
pub(crate) use noun::{Noun, Target};

/// The descriptors of the API.
pub(crate) fn pool() -> &'static DescriptorPool {
    static POOL: OnceLock<DescriptorPool> = OnceLock::new();
    POOL.get_or_init(|| {
        DescriptorPool::decode(proto::FILE_DESCRIPTOR_SET).expect("the descriptor set is made by our own build")
    })
}

/// Every method of ours with whether the client streams and whether the server streams.
pub(crate) fn streaming_methods() -> Vec<(&'static str, bool, bool)> {
    pool()
        .services()
        .flat_map(|service| service.methods().collect::<Vec<_>>())
        .filter_map(|method| {
            let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
            let known = proto::METHODS.binary_search_by(|known| (*known).cmp(path.as_str())).ok()?;
            Some((proto::METHODS[known], method.is_client_streaming(), method.is_server_streaming()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn imports_stream_both_ways_and_a_watch_only_tells() {
        let streaming: Vec<_> = super::streaming_methods().into_iter().filter(|(_, up, down)| *up || *down).collect();
        assert!(streaming.contains(&("/keikka.dispatch.v1.GigService/ImportGigs", true, true)));
        assert!(streaming.contains(&("/keikka.dispatch.v1.MatchingService/WatchPlan", false, true)));
    }
}
