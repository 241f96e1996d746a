//! Use cases on gigs: their life, quotes, offers, the board, claims, plans and explanations.
//!
//! [`Dispatch`] is cloned freely; each use case is a method in a file of its own and one transaction. What the hard rules
//! are is known to `matching` alone: [`roster`] turns stored rows into its snapshot, and every way to fill a slot goes
//! through the one function in `claim`. Time comes in with the call; nothing here reads a clock but the stopwatch of a solve.
//!
//! What this crate does not know: the wire, SQL, how messages are worded or delivered.
//!
//! **Most common change, a new action on gigs:** a transition in `domain::gig_life`, a file here with one method that locks the
//! gig, asks [`domain::GigState::after`], writes gig, assignments and event in one transaction, and ends in `tx.finish`.

mod assign;
mod cancel;
mod claim;
mod guard;
mod history;
mod load;
mod progress;
mod release;
mod roster;
mod sweep;
mod take;
mod think;
mod ways;

pub mod asking;
pub mod board;
pub mod events;
pub mod explain;
pub mod gigs;
pub mod invitation;
pub mod offers;
pub mod plans;
pub mod quote;

#[cfg(test)]
mod tests;

pub use assign::{Assigned, Seat};

use std::sync::Arc;

use domain::place::Address;
use domain::{Place, Precision, Refusal, Violation};
use travel::Roads;

/// What a use case may answer instead of a result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Refused by the rules of the domain.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<store::ReplayError> for Error {
    fn from(error: store::ReplayError) -> Self {
        match error {
            store::ReplayError::Refused(refusal) => Self::Refused(refusal),
            store::ReplayError::Store(error) => Self::Store(error),
        }
    }
}

/// From an address to a place, or the field of the address that is wrong and why. The registry has one.
pub type Locate = fn(&Address) -> Result<Place, Violation>;

/// The use cases on gigs over one database.
#[derive(Debug, Clone)]
pub struct Dispatch {
    db: store::Database,
    solves: Arc<plans::Solves>,
    locate: Locate,
    rosters: Arc<roster::live::Rosters>,
    division: plans::Division,
    memories: Arc<asking::Memories>,
    bell: Arc<asking::Bell>,
    tails: Arc<events::Tails>,
    roads: Roads,
}

/// Places by coordinates alone, where nothing better is given.
fn by_coordinates(address: &Address) -> Result<Place, Violation> {
    let refused = || Violation { field: String::new(), description: "needs coordinates".to_owned() };
    Ok(Place {
        coordinates: address.coordinates.ok_or_else(refused)?,
        precision: Precision::Exact,
        postal_code: address.postal_code.clone(),
        locality: address.locality.clone(),
        street: address.street.clone(),
    })
}

impl Dispatch {
    /// The use cases over a database that is open and migrated.
    #[must_use]
    pub fn new(db: store::Database) -> Self {
        Self {
            db,
            solves: Arc::default(),
            locate: by_coordinates,
            rosters: Arc::default(),
            division: plans::Division::default(),
            memories: Arc::default(),
            bell: Arc::default(),
            tails: Arc::default(),
            roads: Roads::straight(),
        }
    }

    /// The same, measured by somebody who knows the roads.
    #[must_use]
    pub fn with_roads(self, roads: Roads) -> Self {
        let rosters = Arc::new(roster::live::Rosters::measured(roads.bounds().cloned()));
        Self { roads, rosters, ..self }
    }

    /// The same, which can locate the addresses of imported gigs.
    #[must_use]
    pub fn with_geocoder(self, locate: Locate) -> Self {
        Self { locate, ..self }
    }

    /// The same, which divides plans like this.
    #[must_use]
    pub fn with_division(self, division: plans::Division) -> Self {
        Self { division, ..self }
    }
}
