//! Writes and reads plans: which volunteers do which gig from when, and what the engine claims of it.

use std::{fs, path::Path};

use matching::{
    plan::{Assignment, Hours, Plan, SOLVER, Seat, Status},
    verify::Claims,
};

use super::Instance;
use super::schema::{AssignmentFile, CertificateFile, PlanFile, StageFile};
use crate::failure::Failure;

/// A plan as it is written.
#[derive(Debug)]
pub(crate) struct NeutralPlan {
    file: PlanFile,
}

impl NeutralPlan {
    /// The neutral form of a plan, with its certificate.
    pub(crate) fn new(instance: &Instance, plan: &Plan) -> Self {
        let assignments = plan.assignments.iter().map(|assignment| {
            let in_order = assignment.seats.iter().enumerate().all(|(at, seat)| seat.slot == at);
            AssignmentFile {
                gig: assignment.gig.clone(),
                volunteers: assignment.seats.iter().map(|seat| seat.volunteer.clone()).collect(),
                start: assignment.start,
                slots: (!in_order).then(|| assignment.seats.iter().map(|seat| seat.slot).collect()),
            }
        });
        let file = PlanFile {
            instance: instance.name().to_owned(),
            engine: concat!("keikka ", env!("CARGO_PKG_VERSION")).to_owned(),
            assignments: assignments.collect(),
            certificate: Some(certificate(plan)),
        };
        Self { file }
    }

    /// Reads a plan, whoever made it.
    ///
    /// # Errors
    /// Names the field that is missing, of the wrong type or there twice, and slots that are not one for each volunteer; says why a file cannot
    /// be read.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let problems = |file: &PlanFile| {
            let wrong = file
                .assignments
                .iter()
                .enumerate()
                .filter(|(_, row)| row.slots.as_ref().is_some_and(|slots| slots.len() != row.volunteers.len()));
            wrong
                .map(|(at, row)| format!("assignments[{at}].slots ({}): not one for each volunteer", row.gig))
                .collect()
        };
        Ok(Self { file: super::read_json(path, "plan", problems)? })
    }

    /// Writes the plan.
    ///
    /// # Errors
    /// Says why the file cannot be written.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Failure> {
        let failure = || Failure::failed(format!("cannot write plan {}", path.display()));
        let mut text = serde_json::to_string(&self.file).map_err(|error| failure().because(error))?;
        text.push('\n');
        fs::write(path, text).map_err(|error| failure().because(error))
    }

    /// Name of the instance it is for.
    pub(crate) fn instance(&self) -> &str {
        &self.file.instance
    }

    /// Who made it.
    pub(crate) fn engine(&self) -> &str {
        &self.file.engine
    }

    /// What it claims beside the figures of the plan.
    pub(crate) fn claims(&self, instance: &Instance) -> Option<Claims<'_>> {
        self.file.certificate.as_ref().map(|claims| Claims {
            status: &claims.status,
            gap: claims.gap,
            digest: &claims.digest,
            has_bonus: instance.has_soft_terms(),
        })
    }

    /// The plan with what it claims; nothing where it claims nothing. Gigs with too few people stay in it: version 1 counts them as not
    /// covered and still lets them take their volunteers' time.
    pub(crate) fn to_plan(&self) -> Plan {
        let assignments = self.file.assignments.iter().map(|row| Assignment {
            gig: row.gig.clone(),
            start: row.start,
            seats: row
                .volunteers
                .iter()
                .enumerate()
                .map(|(at, id)| Seat {
                    slot: row.slots.as_ref().map_or(at, |slots| slots[at]),
                    volunteer: id.clone(),
                    promised: None,
                })
                .collect(),
        });
        let claims = self.file.certificate.as_ref();
        Plan {
            assignments: assignments.collect(),
            status: Status::Greedy,
            weight: claims.map_or(0, |claims| claims.weight),
            bound_weight: claims.map_or(u64::MAX, |claims| claims.bound_weight),
            objective: claims.map_or(0, |claims| claims.objective),
            bound: claims.map_or(i64::MAX, |claims| claims.bound),
            travel_s: claims.map_or(0, |claims| claims.travel_s),
            bonus: claims.map_or(0, |claims| claims.bonus),
            gigs_filled: claims.map_or(0, |claims| claims.gigs),
            stages: Vec::new(),
            seed: claims.map_or(0, |claims| claims.seed),
            digest: 0,
            hours: Hours::default(),
        }
    }
}

fn certificate(plan: &Plan) -> CertificateFile {
    CertificateFile {
        status: plan.status.word().to_owned(),
        weight: plan.weight,
        bound_weight: plan.bound_weight,
        objective: plan.objective,
        bound: plan.bound,
        gap: plan.gap(),
        gigs: plan.gigs_filled,
        travel_s: plan.travel_s,
        bonus: plan.bonus,
        seed: plan.seed,
        solver: SOLVER.to_owned(),
        digest: plan.digest_word(),
        stages: plan
            .stages
            .iter()
            .map(|stage| StageFile {
                name: stage.name.to_owned(),
                objective: stage.objective,
                bound: stage.bound,
                elapsed_ms: stage.elapsed_ms,
            })
            .collect(),
    }
}
