//! The wire: messages, clients and servers generated from `/proto`, the field rules and access rules written there, and the
//! descriptors for reflection. Knows nothing of the domain; conversions are the server's.
//!
//! **Most common change, a new RPC:** `docs/adding-an-rpc.md`.

mod access;
mod codes;
mod descriptors;
mod sentence;
mod validate;

pub use access::{ACCESS, Access, METHODS, access_rule};
pub use codes::code_name;
pub use descriptors::FILE_DESCRIPTOR_SET;
pub use validate::{FieldViolation, Validate};

/// What the other packages share: places, times, texts, intake, import messages, access rules.
pub mod r#type {
    /// Package `keikka.type.v1`.
    #[allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
    pub mod v1 {
        tonic::include_proto!("keikka.r#type.v1");
    }
}

/// People and organisations.
pub mod registry {
    /// Package `keikka.registry.v1`.
    #[allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
    pub mod v1 {
        tonic::include_proto!("keikka.registry.v1");
    }
}

/// Gigs, offers, plans.
pub mod dispatch {
    /// Package `keikka.dispatch.v1`.
    #[allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
    pub mod v1 {
        tonic::include_proto!("keikka.dispatch.v1");
    }
}

/// Messages to people.
pub mod notification {
    /// Package `keikka.notification.v1`.
    #[allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
    pub mod v1 {
        tonic::include_proto!("keikka.notification.v1");
    }
}
