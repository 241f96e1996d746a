//! How offer policies do over a quarter of a year of synthetic days: broadcast and its like beside keikka's own, in the same worlds
//! with the same luck (common random numbers), over published seeds.
//!
//! The truth of a world ([`setting`], `truth`) is not the model of the policies: they learn it as they would from people. To compare
//! another policy, add it to [`policy`]; to change the world, change [`setting`], and say in the results that you did.
//!
//! ```
//! use simulator::{policy::Policy, run::run, setting::Setting, world::World};
//!
//! let world = World::new(Setting { days: 9, ..Setting::default() }, 1);
//! let (paced, broadcast) = (run(&world, Policy::Paced).measures(), run(&world, Policy::Broadcast).measures());
//! assert!(paced.asks_per_filled < broadcast.asks_per_filled);
//! ```

mod dice;
pub mod log;
pub mod policy;
pub mod report;
pub mod run;
pub mod setting;
pub mod statistics;
mod truth;
pub mod world;
