//! Who knows how long ways take: the straight line, an OSRM service that is asked for tables, a file with times from cell to cell.
//!
//! `matching` is pure and takes a snapshot of times ([`matching::travel::Table`]); [`Roads`] makes one for the [blocks] of ways that an
//! answer may hang on. Only the middles of H3 cells leave the process: never where somebody lives. A way that OSRM does not find
//! (`null`) does not exist; a way that could not be asked for is measured as a straight line and the answer says so
//! ([`Known::estimated`]), or the call fails, as the operator wishes ([`Fallback`]).
//!
//! What this crate does not know: people, gigs, the database, the clock (time comes in with the call).
//!
//! **Most common change, another service of road times:** a file beside `osrm` that turns a block of cells into seconds, and a variant in
//! `roads`.
//!
//! [blocks]: matching::travel::Block

mod cache;
mod error;
mod http;
mod matrix;
mod mode;
mod osrm;
mod roads;

pub use error::Error;
pub use matrix::{Matrix, MatrixError, ROWS_MAX};
pub use mode::Mode;
pub use osrm::OsrmOptions;
pub use roads::{Fallback, Known, PlanQuestion, Roads, RoadsOptions};
