//! `google.rpc.ErrorInfo` with its metadata in the order of the keys: the same refusal is the same bytes, so that an answer about what is
//! missing cannot be told from one about what is another's.

use std::collections::BTreeMap;

use prost::Message;
use prost_types::Any;
use tonic::Status;
use tonic_types::pb;

use super::DOMAIN;

const TYPE: &str = "type.googleapis.com/google.rpc.ErrorInfo";

/// `google.rpc.ErrorInfo`; the generated one keeps its metadata in no order.
#[derive(Clone, PartialEq, Message)]
struct ErrorInfo {
    #[prost(string, tag = "1")]
    reason: String,
    #[prost(string, tag = "2")]
    domain: String,
    #[prost(btree_map = "string, string", tag = "3")]
    metadata: BTreeMap<String, String>,
}

/// The status with an `ErrorInfo` before its other details.
pub(super) fn with_info(status: &Status, reason: &str, metadata: BTreeMap<String, String>) -> Status {
    let info = ErrorInfo { reason: reason.to_owned(), domain: DOMAIN.to_owned(), metadata };
    let others = pb::Status::decode(status.details()).map(|wire| wire.details).unwrap_or_default();
    let first = Any { type_url: TYPE.to_owned(), value: info.encode_to_vec() };
    let wire = pb::Status {
        code: i32::from(status.code()),
        message: status.message().to_owned(),
        details: std::iter::once(first).chain(others).collect(),
    };
    Status::with_details(status.code(), status.message(), wire.encode_to_vec().into())
}

#[cfg(test)]
mod tests {
    use domain::Refusal;
    use domain::text::ServiceLanguage;
    use tonic_types::StatusExt;

    #[test]
    fn the_same_refusal_is_the_same_bytes_and_reads_back() {
        let refusal = || {
            (0..9)
                .fold(Refusal::not_found("gig", "networks/n/gigs/g"), |refusal, n| refusal.with(&format!("key{n}"), n))
        };
        let statuses = [(); 20].map(|()| super::super::refused(&refusal(), ServiceLanguage::Fi));
        assert!(statuses.iter().all(|status| status.details() == statuses[0].details()));
        let details = statuses[0].get_error_details();
        let info = details.error_info().expect("an ErrorInfo");
        assert_eq!((info.domain.as_str(), info.metadata.len()), (super::DOMAIN, 11));
        assert!(details.localized_message().is_some());
    }
}
