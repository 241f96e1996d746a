//! Writes and reads plans: which volunteers do which gig from when, and what the engine claims of it.

use std::{fs, path::Path};

use matching::plan::{Assignment, Hours, Plan, SOLVER, Seat, Status};

use super::Instance;
use super::schema::{AssignmentFile, CertificateFile, PlanFile, StageFile};
use crate::failure::Failure;

/// What a certificate may call its plan.
const STATUSES: [Status; 4] = [Status::Optimal, Status::Gap, Status::Budget, Status::Greedy];
/// How far a claimed gap may be from the one that objective and bound make: engines round it.
const GAP_ROUNDING: f64 = 1e-6;

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
    /// Names the field that is missing or of the wrong type.
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

    /// Whether it claims figures of its own.
    pub(crate) fn is_certified(&self) -> bool {
        self.file.certificate.is_some()
    }

    /// The digest it claims.
    pub(crate) fn digest(&self) -> Option<&str> {
        self.file.certificate.as_ref().map(|claims| claims.digest.as_str())
    }

    /// What of its claims does not follow from its own objective and bound: the gap is their distance, and only a plan that reaches the
    /// bound is optimal. Whether the bound is one is the engine's word: no other plan of the instance may be above it.
    pub(crate) fn contradictions(&self) -> Vec<String> {
        let Some(claims) = &self.file.certificate else { return Vec::new() };
        let mut found = Vec::new();
        let (status, gap) = (claims.status.as_str(), self.to_plan().gap());
        if !STATUSES.iter().any(|known| known.word() == status) {
            let known = STATUSES.map(Status::word).join(", ");
            found.push(format!("status is {status:?} and none of {known}"));
        }
        if status == Status::Optimal.word() && claims.bound != claims.objective {
            found.push(format!("status is optimal, objective {} and bound {}", claims.objective, claims.bound));
        }
        if (claims.gap - gap).abs() > GAP_ROUNDING {
            found.push(format!("gap is {}, objective and bound make {gap}", claims.gap));
        }
        found
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
        digest: digest(plan),
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

/// The digest of a plan's assignments, as certificates write it.
pub(crate) fn digest(plan: &Plan) -> String {
    format!("{:016x}", plan.digest_of_assignments())
}
