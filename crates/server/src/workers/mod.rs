//! Work that time brings: a sweep now and then over every network.

mod sweep;

pub(crate) use sweep::{Sweeper, begin};
