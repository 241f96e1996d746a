//! Gigs from a coordinators' list: all rows or none; the same file again changes nothing.

/// What an import did.
pub use store::import::ImportOutcome as Imported;
