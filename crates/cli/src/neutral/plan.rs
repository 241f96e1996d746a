//! Writes and reads plans: which volunteers do which gig from when.

use std::{fs, path::Path};

use matching::plan::{Assignment, Plan, Seat, Status};
use serde::{Deserialize, Serialize};

use super::Instance;
use crate::failure::Failure;

/// A plan as it is written.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct NeutralPlan {
    /// Name of the instance it is for.
    pub(crate) instance: String,
    /// Who made it.
    pub(crate) engine: String,
    assignments: Vec<NeutralAssignment>,
}

#[derive(Debug, Serialize, Deserialize)]
struct NeutralAssignment {
    gig: String,
    volunteers: Vec<String>,
    start: i64,
}

impl NeutralPlan {
    /// The neutral form of a plan.
    pub(crate) fn new(instance: &Instance, plan: &Plan) -> Self {
        let assignments = plan.assignments.iter().map(|assignment| NeutralAssignment {
            gig: assignment.gig.clone(),
            volunteers: assignment.seats.iter().map(|seat| seat.volunteer.clone()).collect(),
            start: assignment.start,
        });
        Self {
            instance: instance.name.clone(),
            engine: concat!("keikka ", env!("CARGO_PKG_VERSION")).to_owned(),
            assignments: assignments.collect(),
        }
    }

    /// Reads a plan, whoever made it.
    ///
    /// # Errors
    /// Names the field that is missing or of the wrong type.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        super::read_json(path, "plan")
    }

    /// Writes the plan.
    ///
    /// # Errors
    /// Says why the file cannot be written.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Failure> {
        let failure = || Failure::failed(format!("cannot write plan {}", path.display()));
        let mut text = serde_json::to_string(self).map_err(|error| failure().because(error))?;
        text.push('\n');
        fs::write(path, text).map_err(|error| failure().because(error))
    }

    /// The plan with its own claims left out: whoever judges it counts for themselves. Gigs with too few people are given
    /// apart, as this format counts them as not covered and still lets them take their volunteers' time.
    pub(crate) fn to_plan(&self) -> Plan {
        let assignments = self.assignments.iter().map(|row| Assignment {
            gig: row.gig.clone(),
            start: row.start,
            seats: row
                .volunteers
                .iter()
                .enumerate()
                .map(|(slot, id)| Seat { slot, volunteer: id.clone(), promised: None })
                .collect(),
        });
        Plan {
            assignments: assignments.collect(),
            status: Status::Greedy,
            weight: 0,
            bound_weight: u64::MAX,
            objective: 0,
            bound: i64::MAX,
            travel_s: 0,
            bonus: 0,
            gigs_filled: 0,
            stages: Vec::new(),
            seed: 0,
            digest: 0,
        }
    }
}
