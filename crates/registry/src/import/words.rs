//! The words by which a list may name an entry of the catalogue: shared with the import of gigs.

pub(super) use domain::cell::entries::Words;
