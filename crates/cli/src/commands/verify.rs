//! `keikka verify INSTANCE PLAN`: judges any plan for a neutral instance, whoever made it.

use std::{collections::BTreeSet, path::PathBuf};

use clap::Args;
use matching::{
    plan::{Assignment, Plan},
    snapshot::Snapshot,
    verify::{self, Breach, Claims, Judgement},
};
use serde::Serialize;

use crate::{
    exit::Exit,
    failure::Failure,
    neutral::{Instance, NeutralPlan},
    output,
};

/// Most breaches that are listed; the rest is counted.
const MAX_LISTED: usize = 100;

/// Check a plan for one week given as files and name every broken rule; no server is needed
#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    /// The instance, a `keikka-city/1` or `keikka-city/2` JSON file
    instance: PathBuf,
    /// The plan, as `keikka solve` or any other solver wrote it
    plan: PathBuf,
    /// Times from cell to cell instead of straight lines: CSV with `from_cell,to_cell,mode,seconds`; empty seconds mean no way
    #[arg(long, value_name = "FILE")]
    travel_matrix: Option<PathBuf>,
}

/// What is printed: one JSON object.
#[derive(Debug, Serialize)]
struct Verdict {
    instance: String,
    engine: String,
    certified: bool,
    feasible: bool,
    violations: usize,
    weight: u64,
    gigs: usize,
    of: usize,
    partial: usize,
    travel_s: i64,
    broken: Vec<Broken>,
}

#[derive(Debug, Serialize)]
struct Broken {
    rule: &'static str,
    what: String,
}

/// Runs the command: done if the plan is possible, failed if it is not.
pub(crate) fn run(arguments: &VerifyArguments) -> Result<Exit, Failure> {
    let (instance, snapshot) = Instance::read_with(&arguments.instance, arguments.travel_matrix.as_deref())?;
    let neutral = NeutralPlan::read(&arguments.plan)?;
    let plan = neutral.to_plan();
    let claims = neutral.claims(&instance);
    let Judgement { tally, breaches } = verify::judge(&snapshot, &plan);
    let mut breaches = told(&snapshot, &plan, breaches, claims.as_ref());
    if neutral.instance() != instance.name() {
        let what = format!("the plan is for {:?}, the instance is {:?}", neutral.instance(), instance.name());
        breaches.insert(0, Breach { code: "OTHER_INSTANCE", what });
    }
    let people = instance.people();
    let is_partial = |row: &&Assignment| people.get(row.gig.as_str()).is_some_and(|needed| row.seats.len() < *needed);
    let partial: BTreeSet<&str> = plan.assignments.iter().filter(is_partial).map(|row| row.gig.as_str()).collect();
    let verdict = Verdict {
        instance: instance.name().to_owned(),
        engine: neutral.engine().to_owned(),
        certified: claims.is_some(),
        feasible: breaches.is_empty(),
        violations: breaches.len(),
        weight: tally.weight,
        gigs: tally.gigs_filled,
        of: instance.gig_count(),
        partial: partial.len(),
        travel_s: tally.travel_s,
        broken: breaches
            .into_iter()
            .take(MAX_LISTED)
            .map(|breach| Broken { rule: breach.code, what: breach.what })
            .collect(),
    };
    let mut line = serde_json::to_string(&verdict).unwrap_or_default();
    line.push('\n');
    output::stdout(&line)?;
    Ok(if verdict.feasible { Exit::Done } else { Exit::Failed })
}

/// The breaches that matter in the neutral format: figures count only where a certificate claims them, and a gig with too few
/// people is merely not covered.
fn told(snapshot: &Snapshot, plan: &Plan, found: Vec<Breach>, claims: Option<&Claims<'_>>) -> Vec<Breach> {
    let is_ours = |breach: &Breach| match breach.code {
        "FIGURES_WRONG" | "BOUND_WRONG" => claims.is_some(),
        "HALF_FILLED" => false,
        _ => true,
    };
    let mut breaches: Vec<Breach> = found.into_iter().filter(is_ours).collect();
    if let Some(claims) = claims {
        breaches.extend(verify::check_claims(snapshot, plan, claims));
    }
    breaches
}
