//! Matching of volunteers to gigs: pure and synchronous. A [`snapshot::Snapshot`] goes in, an answer comes out.
//!
//! No I/O, no clock, no async, no serde, and no randomness but a passed seed. The common recipe:
//!
//! ```
//! use matching::{planner::{self, SolveOptions}, problem::Problem, snapshot::Snapshot, verify};
//! use std::time::Duration;
//!
//! let snapshot = Snapshot::default();
//! let problem = Problem::compile(&snapshot)?;
//! let plan = planner::solve(&problem, &SolveOptions::default(), &|| Duration::ZERO, &mut |_| {});
//! assert!(verify::check(&snapshot, &plan).is_empty());
//! # Ok::<(), matching::problem::CompileError>(())
//! ```
//!
//! Who reads what: hard rules live in [`eligibility`] and nowhere else, [`planner`] searches, and [`verify`] judges the result
//! without sharing any code with the two.

pub mod demand;
pub mod eligibility;
pub mod explain;
mod itinerary;
pub mod offer_policy;
pub mod openings;
pub mod plan;
pub mod planner;
pub mod problem;
pub mod quote;
pub mod roster;
pub mod score;
pub mod snapshot;
pub mod starts;
mod tour;
pub mod travel;
pub mod verify;
